//! Registries are complete, and what they name is documented.

use std::collections::BTreeSet;

use caughtup::agents::{REGISTRY, named};
use caughtup::bot::scopes::{COMMAND, EVENTS, METHODS};
use caughtup::domain::AgentName;
use regex::Regex;

use super::sources::{File, files, product, read};

/// Files of `src/agents` that several agents share.
const SHARED_BY_AGENTS: &[&str] = &[
    "mod",
    "history",
    "initiatives",
    "judging",
    "listing",
    "news",
    "reading",
    "sprints",
    "standup",
    "unread",
];

/// What stands in a folder, files and folders alike, without endings.
fn entries(folder: &str) -> BTreeSet<String> {
    let inside = |file: File| {
        let rest = file.path.strip_prefix(folder)?.trim_start_matches('/').to_owned();
        Some(rest.split(['/', '.']).next()?.to_owned())
    };
    files(folder, &[".rs"]).into_iter().filter_map(inside).collect()
}

#[test]
fn every_agent_is_registered_once() {
    let names: Vec<String> = REGISTRY.iter().map(|agent| agent.name().to_string()).collect();
    let unique: BTreeSet<String> = names.iter().cloned().collect();
    assert_eq!(unique.len(), names.len(), "an agent is registered twice: {names:?}");
    let known: BTreeSet<String> = AgentName::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(known.len(), AgentName::ALL.len(), "two agents share a name");
    assert_eq!(unique, known, "the registry and AgentName::ALL differ");
    for name in AgentName::ALL {
        assert_eq!(named(name).name(), name);
    }
    let mut written = entries("src/agents");
    written.retain(|name| !SHARED_BY_AGENTS.contains(&name.as_str()));
    let written: BTreeSet<String> = written.iter().map(|name| name.replace('_', "-")).collect();
    assert_eq!(written, unique, "the files of src/agents and its registry differ");
}

#[test]
fn agents_stand_in_the_order_in_which_they_are_shown() {
    let place = |name: AgentName| AgentName::ALL.iter().position(|each| *each == name).unwrap();
    let places: Vec<usize> = REGISTRY.iter().map(|agent| place(agent.name())).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn every_working_agent_and_rule_is_documented() {
    let readme = super::sources::top().join("README.md");
    let mut documents = read("ARCHITECTURE.md");
    documents.push_str(&std::fs::read_to_string(readme).unwrap_or_default());
    for agent in REGISTRY {
        assert!(documents.contains(&format!("`{}`", agent.name())), "{} is not documented", agent.name());
    }
    let mut rules = entries("src/insight/rules");
    rules.remove("mod");
    for rule in rules {
        let name = rule.replace('_', "-");
        assert!(documents.contains(&format!("`{name}`")), "{name} is not documented");
    }
}

/// `"chat.postMessage"` and its like, wherever the product says them.
fn methods_in(files: impl IntoIterator<Item = File>) -> BTreeSet<String> {
    let families = "admin|apps|assistant|auth|bookmarks|bots|calls|canvases|chat|conversations|dialog|dnd|emoji\
                    |files|functions|migration|oauth|openid|pins|reactions|reminders|search|slackLists|stars\
                    |team|tooling|usergroups|users|views|workflows";
    let method = Regex::new(&format!(r#"["/]((?:{families})\.[a-zA-Z.]+)""#)).unwrap();
    let in_file = |file: File| -> Vec<String> {
        method.captures_iter(&file.code()).map(|found| found[1].to_owned()).collect()
    };
    files.into_iter().flat_map(in_file).collect()
}

#[test]
fn the_manifest_asks_for_what_is_called_and_nothing_else() {
    // Called with the app-level token, which is made by hand: no scope of the manifest stands for it.
    const WITH_THE_APP_TOKEN: &str = "apps.connections.open";
    // The list itself, and the table of Slack's rate tiers.
    const TABLES: &[&str] = &["src/bot/scopes.rs", "src/sources/limits.rs"];
    let (tables, callers): (Vec<File>, Vec<File>) =
        product().into_iter().partition(|file| TABLES.contains(&file.path.as_str()));
    let mut called = methods_in(callers);
    called.remove(WITH_THE_APP_TOKEN);
    let listed: BTreeSet<String> = METHODS.iter().map(|(method, _)| (*method).to_owned()).collect();
    assert_eq!(called, listed, "what is called, and what bot/scopes.rs lists");
    assert_eq!(listed.len(), METHODS.len(), "a method is listed twice");
    let limited = methods_in(tables.into_iter().filter(|file| file.path.ends_with("limits.rs")));
    assert!(!limited.is_empty());
    let stray: Vec<_> = limited.iter().filter(|m| *m != WITH_THE_APP_TOKEN && !listed.contains(*m)).collect();
    assert!(stray.is_empty(), "limits of methods that nobody calls: {stray:?}");
}

/// The demo and the tests must not get by with a right that a real workspace would not have given.
#[test]
fn the_story_grants_what_the_manifest_asks_for() {
    let granted: BTreeSet<&str> = twin::story::cast::BOT_SCOPES.into_iter().collect();
    let methods = METHODS.iter().flat_map(|(_, scopes)| scopes.iter().copied());
    let events = EVENTS.iter().map(|(_, scope)| *scope);
    assert_eq!(granted, methods.chain(events).chain([COMMAND.1]).collect());
}

#[test]
fn every_event_that_is_handled_is_subscribed_to() {
    let envelope = File { path: "src/bot/envelope.rs".to_owned(), text: read("src/bot/envelope.rs") };
    let code = envelope.code();
    let arm = Regex::new(r#""(\w+)" => (?:direct_message|mention)\("#).unwrap();
    let mut handled: BTreeSet<&str> =
        arm.captures_iter(&code).map(|found| found.get(1).unwrap().as_str()).collect();
    let heard =
        File { path: "src/sources/slack/heard.rs".to_owned(), text: read("src/sources/slack/heard.rs") };
    let heard = heard.code();
    let arms = heard.split("let what = match").nth(1).and_then(|rest| rest.split("_ => return None").next());
    let named = Regex::new(r#""(\w+)""#).unwrap();
    let arms = arms.expect("the events that tell of channels").split_once('{').unwrap().1;
    handled.extend(named.captures_iter(arms).map(|found| found.get(1).unwrap().as_str()));
    let subscribed: BTreeSet<&str> =
        EVENTS.iter().map(|(event, _)| event.split('.').next().unwrap()).collect();
    assert_eq!(handled, subscribed, "what is handled, and what bot/scopes.rs lists");
}
