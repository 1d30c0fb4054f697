//! Slack: both tokens, their scopes, every channel and every person that is named.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::SecretString;

use super::Line;
use crate::bot::{self, scopes};
use crate::config::Config;
use crate::domain::{People, Person, Standing};
use crate::sources::slack::{SlackClient, WireChannel, Workspace};
use crate::sources::{SourceError, Upstream, both};

pub(super) async fn check(config: &Config, upstream: &Upstream) -> Vec<Line> {
    let slack = &upstream.slack;
    let (mut lines, app) = both(bot(config, slack), app_token(config)).await;
    lines.insert(lines.len().min(2), app);
    lines
}

/// What a named channel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Posted,
}

async fn bot(config: &Config, slack: &SlackClient) -> Vec<Line> {
    let what = "Slack bot token";
    if config.slack.bot_token.is_none() {
        let fix = "install the app (OAuth & Permissions) and set it to the token that begins with xoxb-";
        let mut lines = vec![Line::wrong(what, "SLACK_BOT_TOKEN is not set", fix)];
        lines.extend(unknown(config, "there is no bot token"));
        return lines;
    }
    let workspace = match slack.auth_test().await {
        Ok(workspace) => workspace,
        Err(error) => {
            let fix = "set SLACK_BOT_TOKEN to the token that begins with xoxb- of the installed app, or see whether Slack can be reached from here";
            let mut lines = vec![Line::failed(what, &error, fix)];
            lines.extend(unknown(config, "the bot token does not work"));
            return lines;
        }
    };
    let mut lines = vec![
        Line::good(
            what,
            format!("signed in to {} as {}", workspace.url.host_str().unwrap_or("Slack"), workspace.user),
        ),
        granted(&workspace),
    ];
    let lists = both(both(slack.joined_channels(), slack.all_channels()), slack.users());
    let ((joined, all), people) = lists.await;
    lines.extend(channels(config, joined, all));
    lines.extend(publishers(config, people.as_ref()));
    lines
}

fn granted(workspace: &Workspace) -> Line {
    let what = "Slack scopes";
    let Some(granted) = &workspace.scopes else {
        return Line::note(what, "Slack does not say which were granted");
    };
    let of_methods = scopes::METHODS.iter().flat_map(|(_, scopes)| scopes.iter().copied());
    let of_events = scopes::EVENTS.iter().map(|(_, scope)| *scope);
    let needed: BTreeSet<&str> = of_methods.chain(of_events).chain([scopes::COMMAND.1]).collect();
    let missing: Vec<&str> =
        needed.iter().copied().filter(|scope| !granted.iter().any(|one| one == scope)).collect();
    if missing.is_empty() {
        return Line::good(what, format!("all {} are granted", needed.len()));
    }
    Line::wrong(
        what,
        format!("missing: {}", missing.join(", ")),
        "add them under OAuth & Permissions (`caughtup manifest` prints the whole app) and install the app again",
    )
}

async fn app_token(config: &Config) -> Line {
    let what = "Slack app token";
    let Some(token) = &config.slack.app_token else {
        let fix =
            "make one with the scope connections:write under Basic Information, App-Level Tokens, and set it";
        return Line::wrong(what, "SLACK_APP_TOKEN is not set", fix);
    };
    match connect(config, token).await {
        Ok(()) => Line::good(what, "Socket Mode can be connected"),
        Err(why) => Line::wrong(
            what,
            why,
            "set SLACK_APP_TOKEN to the token that begins with xapp-, with the scope connections:write, and switch Socket Mode on",
        ),
    }
}

/// Asks for a connection's address, which expires unused.
async fn connect(config: &Config, token: &SecretString) -> Result<(), String> {
    bot::may_connect(&config.slack.api_url, token).await.map_err(|error| format!("{error:#}"))
}

/// Every channel that is named, by the name that is written, with what it is for.
fn named(config: &Config) -> BTreeMap<String, Use> {
    let mut named = BTreeMap::new();
    for name in config.programs.iter().flat_map(|program| &program.channels) {
        named.insert(name.clone(), Use::Read);
    }
    let standup = config.team.iter().filter_map(|team| team.standup_channel.clone());
    let digests = config.programs.iter().filter_map(|program| program.digest_channel.clone());
    let posted =
        standup.chain(digests).chain(config.schedules.iter().map(|schedule| schedule.channel.clone()));
    named.extend(posted.map(|name| (name, Use::Posted)));
    named
}

fn unknown(config: &Config, why: &str) -> Vec<Line> {
    let channels = named(config).into_keys().map(|name| Line::unknown(channel_title(&name), why));
    let people = config.access.publishers.iter().map(|who| Line::unknown(format!("publisher {who}"), why));
    channels.chain(people).collect()
}

fn channel_title(name: &str) -> String {
    format!(
        "channel {}",
        if name.starts_with(['#', 'C', 'G']) { name.to_owned() } else { format!("#{name}") }
    )
}

fn channels(
    config: &Config,
    joined: Result<Vec<WireChannel>, SourceError>,
    all: Result<Vec<WireChannel>, SourceError>,
) -> Vec<Line> {
    let (joined, all) = match (joined, all) {
        (Ok(joined), Ok(all)) => (joined, all),
        (Err(error), _) | (_, Err(error)) => {
            let mut lines = vec![Line::failed("channels", &error, "see Slack scopes above, and try again")];
            lines.extend(
                named(config)
                    .into_keys()
                    .map(|name| Line::unknown(channel_title(&name), "no list of channels")),
            );
            return lines;
        }
    };
    named(config).into_iter().map(|(name, used)| channel(&name, used, &joined, &all)).collect()
}

fn channel(name: &str, used: Use, joined: &[WireChannel], all: &[WireChannel]) -> Line {
    let what = channel_title(name);
    let wanted = name.trim_start_matches('#').to_lowercase();
    let is = |channel: &&WireChannel| channel.id.as_str() == name || channel.name.to_lowercase() == wanted;
    let was = |channel: &&WireChannel| channel.previous_names.iter().any(|old| old.to_lowercase() == wanted);
    let found = |list: &'_ [WireChannel]| list.iter().find(is).or_else(|| list.iter().find(was)).cloned();
    let (channel, is_in) = match (found(joined), found(all)) {
        (Some(channel), _) => (channel, true),
        (None, Some(channel)) => (channel, false),
        (None, None) => {
            return Line::wrong(
                what,
                "the bot sees no such channel",
                "check its name; if it is private, type `/invite` and the bot's name in it",
            );
        }
    };
    if channel.archived {
        return Line::wrong(what, "is archived", "take it out of the configuration, or restore it in Slack");
    }
    if !is_in {
        return Line::wrong(what, "the bot is not in it", "type `/invite` and the bot's name in it");
    }
    match (used, channel.shared) {
        (Use::Posted, true) => Line::wrong(
            what,
            "people of other organisations are in it, so nothing is posted there",
            "name a channel of your own workspace",
        ),
        (Use::Read, true) => {
            Line::note(what, "is read; people of other organisations are in it, so nothing is posted there")
        }
        (_, false) if channel.name.to_lowercase() != wanted && channel.id.as_str() != name => {
            Line::note(what, format!("is called #{} now", channel.name))
        }
        (_, false) => {
            Line::good(what, if channel.private { "the bot is in it (private)" } else { "the bot is in it" })
        }
    }
}

fn publishers(config: &Config, people: Result<&People, &SourceError>) -> Vec<Line> {
    let whos = &config.access.publishers;
    let people = match people {
        Ok(people) => people,
        Err(error) => {
            return whos
                .iter()
                .map(|who| Line::failed(format!("publisher {who}"), error, "try again"))
                .collect();
        }
    };
    let by_id = |who: &str| who.parse().ok().and_then(|id| people.get(&id));
    whos.iter().map(|who| publisher(who, by_id(who).or_else(|| people.by_email(who)))).collect()
}

fn publisher(who: &str, person: Option<&Person>) -> Line {
    let what = format!("publisher {who}");
    let fix = "correct or remove it under `access.publishers`";
    match person.map(|person| (person.standing, &person.name)) {
        None => Line::wrong(what, "nobody in the workspace has this id or e-mail address", fix),
        Some((Standing::Member, name)) => Line::good(what, format!("is {name}")),
        Some((Standing::Guest, name)) => Line::note(what, format!("is {name}, a guest")),
        Some((Standing::Outsider, name)) => {
            Line::wrong(what, format!("{name} is of another organisation"), fix)
        }
        Some((Standing::Gone, name)) => Line::wrong(what, format!("{name}'s account is deactivated"), fix),
        Some((Standing::Bot, name)) => Line::wrong(what, format!("{name} is a bot"), fix),
    }
}
