//! Configurations as people write them, whole and broken.

use std::collections::BTreeMap;

use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::*;
use crate::domain::WordClass;

fn load(text: &str, env: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
    let env: BTreeMap<String, String> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Config::parse(text, Path::new("caughtup.toml"), &|name| env.get(name).cloned())
}

fn problems(text: &str, env: &[(&str, &str)]) -> String {
    load(text, env).expect_err("this configuration is broken").to_string()
}

const SITE: &str = "[atlassian]\nsite = \"https://acme.atlassian.net\"\n";

#[test]
fn the_example_is_valid_and_says_what_the_contract_says() {
    let config = load(include_str!("../../caughtup.example.toml"), &[]).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(config.timezone.iana_name(), Some("Europe/London"));
    assert_eq!(config.programs[0].pages[1].as_str(), "131072");
    assert_eq!(config.schedules[0].workflow, "full-status");
    assert_eq!(config.publish.len(), 2);
    assert_eq!(config.limits.source_timeout, Duration::from_secs(10));
    assert_eq!(config.atlassian.confluence_url.as_str(), "https://acme.atlassian.net/wiki");
}

#[test]
fn the_examples_model_is_valid_too() {
    let text: String = include_str!("../../caughtup.example.toml")
        .lines()
        .skip_while(|line| !line.starts_with("# [llm]"))
        .take_while(|line| !line.is_empty())
        .map(|line| format!("{}\n", line.trim_start_matches(['#', ' '])))
        .collect();
    let config = load(&format!("{SITE}{text}"), &[("ANTHROPIC_API_KEY", "sk-ant-1")])
        .unwrap_or_else(|p| panic!("{p}"));
    let llm = config.llm.unwrap();
    assert_eq!((llm.provider.as_str(), llm.prices[0].output), ("anthropic", 20.0));
    assert!(llm.api_key.is_some());
}

#[test]
fn a_roadmap_is_narrowed_by_labels_components_and_a_query() {
    let text = format!(
        "{SITE}[publish.tech-roadmap]\npage = \"1\"\nlabels = [\"tech\"]\ncomponents = [\"Network\"]\njql = \"priority = High\"\n"
    );
    let only = load(&text, &[]).unwrap().publish.remove(0).only;
    assert_eq!((only.labels, only.components), (vec!["tech".to_owned()], vec!["Network".to_owned()]));
    assert_eq!(only.jql.as_deref(), Some("priority = High"));
    let everything = format!("{SITE}[publish.roadmap]\npage = \"1\"\n");
    assert!(load(&everything, &[]).unwrap().publish.remove(0).only.is_empty());
}

#[test]
fn a_provider_is_one_that_the_client_knows_and_its_key_comes_from_its_own_variable() {
    let llm = |provider: &str| format!("{SITE}[llm]\nprovider = \"{provider}\"\nreasoning_model = \"m\"\n");
    for (written, name, variable) in [
        ("anthropic", "anthropic", "ANTHROPIC_API_KEY"),
        ("OpenAI", "openai", "OPENAI_API_KEY"),
        ("google", "gemini", "GEMINI_API_KEY"),
        ("bedrock", "bedrock_api", "BEDROCK_API_KEY"),
        ("open-router", "open_router", "OPEN_ROUTER_API_KEY"),
    ] {
        let found = load(&llm(written), &[(variable, "k")]).unwrap_or_else(|p| panic!("{p}")).llm.unwrap();
        assert_eq!((found.provider.as_str(), found.key_name.as_str()), (name, variable), "{written}");
        assert!(found.api_key.is_some() && found.writing_model == "m");
    }
    let said = problems(&llm("antropic"), &[]);
    assert!(said.contains("did you mean `anthropic`?") && !said.contains("is missing"), "{said}");
    let ollama = load(&llm("ollama"), &[]).unwrap().llm.unwrap();
    assert!(ollama.api_key.is_none());
}

#[test]
fn which_model_an_agent_gets_is_checked_like_everything_else() {
    let with = |lines: &str| {
        format!("{SITE}[llm]\nprovider = \"anthropic\"\nreasoning_model = \"m\"\n[llm.agents]\n{lines}\n")
    };
    let config = load(&with("program-monitor = \"writing\"\nroadmap = \"none\""), &[]).unwrap();
    let agents = config.llm.unwrap().agents;
    assert_eq!(agents.get(&AgentName::ProgramMonitor), Some(&Some(Tier::Writing)));
    assert_eq!((agents.get(&AgentName::Roadmap), agents.len()), (Some(&None), 2));
    let said = problems(&with("program-monitr = \"writing\"\nroadmap = \"big\""), &[]);
    assert!(said.contains("did you mean `program-monitor`?"), "{said}");
    assert!(
        said.contains("llm.agents.roadmap") && said.contains("\"reasoning\", \"writing\" or \"none\""),
        "{said}"
    );
}

#[test]
fn words_of_ones_own_are_read_by_class() {
    let text =
        format!("{SITE}[lexicon]\nblocker = [\"on the naughty step\"]\nparty = [\"the mothership\"]\n");
    let lexicon = load(&text, &[]).unwrap().lexicon;
    let words: Vec<_> = lexicon.iter().filter(|(_, words)| !words.is_empty()).collect();
    assert_eq!(words.len(), 2);
    assert_eq!(words[0], (WordClass::Blocker, &["on the naughty step".to_owned()][..]));
    let called = format!("{SITE}[[lexicon.issue]]\nkey = \"DCT-42\"\ncalled = [\"the badge printers\"]\n");
    let lexicon = load(&called, &[]).unwrap().lexicon;
    let called: Vec<_> = lexicon.called().map(|(key, phrase)| (key.to_string(), phrase)).collect();
    assert_eq!(called, [("DCT-42".to_owned(), "the badge printers")]);
    for (wrong, told) in
        [("key = \"42\"\ncalled = [\"x\"]", "is not an issue's key"), ("key = \"DCT-42\"", "called")]
    {
        let problems = load(&format!("{SITE}[[lexicon.issue]]\n{wrong}\n"), &[]).unwrap_err().to_string();
        assert!(problems.contains(told), "{problems}");
    }
    let wrong = format!("{SITE}[lexicon]\nblockers = [\"x\"]\njoke = [\"!\"]\n");
    let problems = load(&wrong, &[]).unwrap_err().to_string();
    let line = |word: &str| wrong.lines().position(|line| line.starts_with(word)).unwrap() + 1;
    assert!(problems.contains(&format!(":{}", line("blockers"))), "{problems}");
    assert!(problems.contains("blockers") && problems.contains("holds no word"), "{problems}");
}

#[test]
fn a_site_alone_is_enough() {
    let config = load(SITE, &[]).unwrap();
    assert_eq!(config.rules, Thresholds::default());
    assert_eq!(config.slack.connections, 2);
    assert_eq!(config.slack.api_url.as_str(), "https://slack.com/api");
    assert_eq!(config.atlassian.jira_url.as_str(), "https://acme.atlassian.net/");
    assert!(matches!(config.store, StoreUrl::Sqlite(path) if path == Path::new("caughtup.db")));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = r##"timezone = "Europe/Lodnon"
colour = "blue"

[store]
url = "postgres://db"

[slack]
connections = 12
token = "xoxb-1234-abcdef"

[atlassian]
site = "acme.atlassian.net"
jira_url = "https://dana:hunter2@jira.example"

[jira.fields]
target_dat = "Due"
pillar = 7

[llm]
provider = "anthropic"
max_usd_per_run = "a lot"

[access]
allow_guests = "no"
publishers = ["dana"]

[[program]]
key = "DCT"
name = "Data Center"
channels = ["dct-program", "#Dct Ops"]
boards = ["12", 0]
pages = ["98304", 131072, "https://acme.atlassian.net/wiki/pages/1"]

[[program]]
key = "apollo"
aliases = ["data center", ""]
channel = ["#apollo"]

[[program]]
key = "apollo"
boards = [3]

[team]
standup_channel = "#standup"

[publish.sprintboard]
page = "1"

[publish.roadmap]
space = "ENG"

[publish.sprint-board]
page = "2"
labels = ["tech"]

[[workflow]]
name = "full status"
agents = ["daily-asistant"]

[[workflow]]
name = "kickoff"
triggers = ["full status"]
agents = []

[[schedule]]
name = "morning"
workflow = "ful-status"
program = "apolo"
cron = "0 8 * *"
timezone = "Mars/Olympus"
channel = "general"

[rules]
quiet_days = -1
stale_hours = 1.5

[limits]
source_timeout = 10
run_deadline = "an hour"

[http]
listen = "8080"
"##;
    insta::assert_snapshot!(problems(
        text,
        &[
            ("SLACK_BOT_TOKEN", "xapp-1-SECRETA"),
            ("SLACK_APP_TOKEN", "xoxb-1-SECRETB"),
            ("ATLASSIAN_EMAIL", "dana"),
            ("ATLASSIAN_API_TOKEN", "SECRETC"),
            ("ATLASSIAN_API_TOKEN_FILE", "/run/secrets/token"),
            ("REDIS_URL_FILE", "/nonexistent/redis"),
            ("SLACK_API_URL", "https://u:SECRETD@slack.example"),
        ]
    ));
}

#[test]
fn lines_that_cannot_be_parsed_are_reported_with_the_rest() {
    let text =
        "timezone = Europe/London\n[atlassian\nsite = \"https://a.example\"\n[rules]\nquiet_days = 0\nx = \n";
    insta::assert_snapshot!(problems(text, &[]));
}

#[test]
fn no_secret_is_ever_repeated() {
    let secret = "xoxb-12-SECRET";
    for text in [
        format!("token = \"{secret}\""),
        format!("token = {secret}"),
        format!("{secret} = 1"),
        format!("\"{secret}\" = 1"),
        format!("timezone = \"{secret}\""),
        format!("[atlassian]\nsite = \"https://{secret}\"\n"),
        format!("[slack]\nbot = [\"{secret}\"]"),
        format!("# SLACK_BOT_TOKEN={secret}"),
        format!("[store]\nurl = \"redis://:{secret}@host\""),
        "[store]\nurl = \"redis://:SECRET@host\"".to_owned(),
        "[atlassian]\napi_token = \"SECRET\"".to_owned(),
        "[access]\npublishers = [\"sk-ant-SECRET\"]".to_owned(),
    ] {
        let said = problems(&text, &[]);
        assert!(!said.contains("SECRET"), "{text} is repeated in {said}");
        let parsed = toml::de::DeTable::parse(&text).is_ok();
        assert!(!parsed || said.contains("secret stands in the file"), "{text}: {said}");
    }
}

#[test]
fn debug_output_holds_no_secret() {
    let env = [
        ("SLACK_BOT_TOKEN", "xoxb-SECRET"),
        ("SLACK_APP_TOKEN", "xapp-SECRET"),
        ("ATLASSIAN_API_TOKEN", "SECRET"),
        ("REDIS_URL", "redis://:SECRET@host"),
    ];
    assert!(!format!("{:?}", load(SITE, &env).unwrap()).contains("SECRET"));
}

#[test]
fn secrets_come_from_files_too_without_their_last_newline() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "xoxb-from-file\n").unwrap();
    let config =
        load(SITE, &[("SLACK_BOT_TOKEN_FILE", file.to_str().unwrap()), ("SLACK_BOT_TOKEN", "")]).unwrap();
    assert_eq!(config.require_slack_bot().unwrap().expose_secret(), "xoxb-from-file");
    let said = problems(SITE, &[("SLACK_BOT_TOKEN_FILE", "/nonexistent/token")]);
    assert!(said.contains("SLACK_BOT_TOKEN_FILE") && said.contains("/nonexistent/token"), "{said}");
}

#[test]
fn the_environment_redirects_slack_and_wins_over_the_store() {
    let env = [("SLACK_API_URL", "http://127.0.0.1:9/api/"), ("REDIS_URL", "redis://host:1")];
    let config = load(&format!("{SITE}[store]\nurl = \"memory:\"\n"), &env).unwrap();
    assert_eq!(config.slack.api_url.as_str(), "http://127.0.0.1:9/api");
    assert!(matches!(config.store, StoreUrl::Redis(_)));
}

#[test]
fn confluence_is_below_wiki_wherever_it_is() {
    for (line, expected) in [
        ("", "https://acme.atlassian.net/wiki"),
        ("confluence_url = \"http://127.0.0.1:9\"", "http://127.0.0.1:9/wiki"),
        ("confluence_url = \"http://127.0.0.1:9/wiki/\"", "http://127.0.0.1:9/wiki"),
        (
            "confluence_url = \"https://api.atlassian.com/ex/confluence/1-2\"",
            "https://api.atlassian.com/ex/confluence/1-2/wiki",
        ),
    ] {
        let config = load(&format!("{SITE}{line}\n"), &[]).unwrap();
        assert_eq!(config.atlassian.confluence_url.as_str(), expected);
    }
}

#[test]
fn a_command_says_what_it_needs_with_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("caughtup.toml");
    std::fs::write(&file, "timezone = \"Nowhere\"\n").unwrap();
    let needs = [Need::SlackBot, Need::SlackApp, Need::Atlassian];
    let found = Config::load_for(&needs, &file, &|_| None).unwrap_err().problems;
    let keys: Vec<_> = found.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "timezone",
            "atlassian.site",
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN",
            "ATLASSIAN_EMAIL",
            "ATLASSIAN_API_TOKEN"
        ]
    );
    let config = load(SITE, &[]).unwrap();
    assert!(config.require_slack_app().unwrap_err().to_string().contains("SLACK_APP_TOKEN"));
    assert_eq!(config.require_atlassian().unwrap_err().problems.len(), 2);
}

#[test]
fn a_missing_file_says_how_to_begin() {
    let said = Config::load(Path::new("/nonexistent/caughtup.toml"), &|_| None).unwrap_err().to_string();
    assert!(said.contains("/nonexistent/caughtup.toml") && said.contains("caughtup.example.toml"), "{said}");
}

proptest! {
    #[test]
    fn nothing_that_is_written_panics(text in "(?s).{0,200}") {
        let _ = load(&text, &[]).map_err(|problems| problems.to_string());
    }

    #[test]
    fn no_value_of_any_key_panics(line in 0usize..200, value in "\"[^\"\\\\\n]{0,30}\"|-?[0-9]{1,25}|[0-9]\\.[0-9]|true|\\[[\"a-z0-9,]{0,9}\\]|\\{\\}") {
        let lines: Vec<&str> = include_str!("../../caughtup.example.toml").lines().collect();
        let changed = lines.iter().enumerate().map(|(at, text)| match text.split_once(" = ") {
            Some((key, _)) if at == line % lines.len() => format!("{key} = {value}\n"),
            _ => format!("{text}\n"),
        });
        let _ = load(&changed.collect::<String>(), &[]).map_err(|problems| problems.to_string());
    }
}
