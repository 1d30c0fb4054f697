//! The file's tables, one function each.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::problems::{Problems, Wrong, shown};
use super::reading::{At, Section};
use super::secrets::{Env, secret, slack_token};
use super::values;
use super::{
    Access, Atlassian, Config, Http, JiraFields, Limits, Llm, Only, Price, PublishTarget, Scans, Slack,
    StoreUrl, Team, asking, programs, prompts,
};
use crate::domain::{AgentName, Lexicon, Thresholds, Tier, WordClass};

/// The whole configuration. `None` where something without a default is missing; the problems say what.
pub(super) fn read(root: Section<'_>, env: Env<'_>, problems: &Problems) -> Option<Config> {
    let timezone = root.read("timezone", values::zone).map_or(jiff::tz::TimeZone::UTC, |at| at.value);
    let (store, scans) = store(root.section("store"), env, problems);
    let slack = slack(root.section("slack"), env, problems);
    let jira = root.section("jira");
    let fields = fields(jira.section("fields"));
    jira.close();
    let atlassian = atlassian(root.section("atlassian"), env, problems);
    let llm = llm(root.section("llm"), env, problems);
    let access = access(root.section("access"));
    let programs = programs::read(root.sections("program"));
    let team = team(root.section("team"));
    let publish = publish(root.section("publish"));
    let workflows = asking::workflows(root.sections("workflow"));
    let schedules = asking::schedules(root.sections("schedule"), &timezone, &workflows, &programs);
    let rules = rules(root.section("rules"));
    let lexicon = lexicon(root.section("lexicon"));
    let limits = limits(root.section("limits"));
    let http = http(root.section("http"));
    root.close();
    Some(Config {
        timezone,
        store,
        scans,
        slack: slack?,
        atlassian: atlassian?,
        fields,
        llm,
        access,
        programs,
        team,
        publish,
        workflows,
        schedules,
        rules,
        lexicon: Arc::new(lexicon),
        limits,
        http,
    })
}

fn store(section: Section<'_>, env: Env<'_>, problems: &Problems) -> (StoreUrl, Scans) {
    let from_file = section.read("url", values::store).map(|at| at.value);
    let days = section.number("scan_days", 1..=365).map_or(30, |at| at.value);
    let bytes = section.number("scan_bytes", 1_048_576..=1_099_511_627_776).map(|at| at.value);
    section.close();
    let scans =
        Scans { age: Duration::from_secs(days * 24 * 3600), bytes: bytes.unwrap_or(512 * 1024 * 1024) };
    let from_env = secret("REDIS_URL", env, problems).and_then(|url| {
        values::redis(url.trim()).map_err(|wrong| problems.elsewhere("REDIS_URL", wrong)).ok()
    });
    (from_env.or(from_file).unwrap_or_else(|| StoreUrl::Sqlite("caughtup.db".into())), scans)
}

fn slack(section: Section<'_>, env: Env<'_>, problems: &Problems) -> Option<Slack> {
    let connections = section.number("connections", 1..=10).map_or(2, |at| at.value);
    section.close();
    let bot_token = slack_token("SLACK_BOT_TOKEN", "xoxb-", env, problems);
    let app_token = slack_token("SLACK_APP_TOKEN", "xapp-", env, problems);
    let text = env("SLACK_API_URL").filter(|url| !url.trim().is_empty());
    let api_url = values::address(text.as_deref().unwrap_or("https://slack.com/api").trim());
    let api_url = api_url.map_err(|wrong| {
        let fix = "unset it, or write an address such as https://slack.com/api";
        problems.elsewhere("SLACK_API_URL", Wrong::new(wrong.what, fix));
    });
    Some(Slack { connections: u8::try_from(connections).ok()?, api_url: api_url.ok()?, bot_token, app_token })
}

fn atlassian(section: Section<'_>, env: Env<'_>, problems: &Problems) -> Option<Atlassian> {
    let site_at = section.text("site");
    let site = site_at.as_ref().and_then(|at| match site(&at.value) {
        Ok(site) => Some(site),
        Err(wrong) => {
            section.wrong_at(at, wrong);
            None
        }
    });
    let jira_url = section.read("jira_url", values::address).map(|at| at.value);
    let confluence_url = section.read("confluence_url", values::address).map(|at| with_wiki(at.value));
    if site_at.is_none() {
        section.missing(
            "site",
            "add `site = \"https://acme.atlassian.net\"` below [atlassian], with your own address",
        );
    }
    section.close();

    let email = secret("ATLASSIAN_EMAIL", env, problems).map(|email| email.trim().to_owned());
    if email.as_ref().is_some_and(|email| !email.contains('@')) {
        let fix = "set the e-mail address of the Atlassian account whose token it is";
        problems.elsewhere("ATLASSIAN_EMAIL", Wrong::new("is not an e-mail address", fix));
    }
    let token = secret("ATLASSIAN_API_TOKEN", env, problems).map(|token| token.trim().to_owned());

    let site = site?;
    Some(Atlassian {
        jira_url: jira_url.unwrap_or_else(|| site.clone()),
        confluence_url: confluence_url.unwrap_or_else(|| with_wiki(site.clone())),
        site,
        email,
        token: token.map(Into::into),
    })
}

fn site(text: &str) -> Result<Url, Wrong> {
    let url = values::address(text)?;
    if url.host_str() == Some("api.atlassian.com") {
        let what = "is the API gateway, which people cannot browse";
        let fix = "write https://<your site>.atlassian.net here, and the gateway's addresses as jira_url and confluence_url";
        return Err(Wrong::new(what, fix));
    }
    let cloud = url.host_str().is_some_and(|host| host.ends_with(".atlassian.net"));
    if url.path().ends_with("/wiki") || (cloud && url.path() != "/") {
        let mut bare = url.clone();
        bare.set_path("");
        let fix = format!("write {}", shown(bare.as_str().trim_end_matches('/')));
        return Err(Wrong::new("goes on after the site's address", fix));
    }
    Ok(url)
}

/// Confluence's API is below `/wiki`, on a site and behind the gateway alike.
fn with_wiki(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/');
    if !path.ends_with("/wiki") {
        let path = format!("{path}/wiki");
        url.set_path(&path);
    }
    url
}

fn fields(section: Section<'_>) -> JiraFields {
    let field = |key, default: &str| section.text(key).map_or_else(|| default.to_owned(), |at| at.value);
    let fields = JiraFields {
        target_date: field("target_date", "Target end"),
        pillar: field("pillar", "Pillar"),
        program: field("program", "Program"),
        quarter: field("quarter", "Quarter"),
        story_points: field("story_points", "Story Points"),
    };
    section.close();
    fields
}

fn llm(section: Section<'_>, env: Env<'_>, problems: &Problems) -> Option<Llm> {
    let provider_there = section.text("provider").is_some();
    let provider = section.read("provider", values::provider);
    let base_url = section.read("base_url", values::address).map(|at| at.value);
    let reasoning = section.text("reasoning_model");
    let writing = section.text("writing_model");
    let max_usd_per_run = section.amount("max_usd_per_run").map_or(1.0, |at| at.value);
    let max_usd_per_day = section.amount("max_usd_per_day").map_or(20.0, |at| at.value);
    let own_prompts = section.text("prompts");
    let prompts = match &own_prompts {
        Some(folder) => prompts::read(std::path::Path::new(&folder.value), problems),
        None => prompts::PromptTexts::shipped(),
    };
    let prices = section.sections("price").into_iter().filter_map(price).collect();
    let agents = tiers(section.section("agents"));
    if section.is_there() {
        if !provider_there {
            section.missing(
                "provider",
                "add `provider = \"anthropic\"`, or remove [llm] to work without a model",
            );
        }
        if reasoning.is_none() {
            section.missing("reasoning_model", "name a model, or remove [llm] to work without one");
        }
    }
    section.close();
    let provider = provider?.value;
    // One that wants no key, such as a server of one's own, may be given one all the same.
    let own = format!("{}_API_KEY", provider.as_lower_str().to_uppercase());
    let key_name = provider.default_key_env_name().unwrap_or(&own).to_owned();
    let api_key = secret(&key_name, env, problems);
    let reasoning_model = reasoning?.value;
    Some(Llm {
        provider: provider.as_lower_str().to_owned(),
        key_name,
        base_url,
        writing_model: writing.map_or_else(|| reasoning_model.clone(), |at| at.value),
        reasoning_model,
        api_key: api_key.map(Into::into),
        max_usd_per_run,
        max_usd_per_day,
        prices,
        prompts,
        agents,
    })
}

fn tiers(section: Section<'_>) -> BTreeMap<AgentName, Option<Tier>> {
    let tier = |agent: AgentName| Some((agent, section.read(agent.as_str(), values::tier)?.value));
    let tiers = AgentName::ALL.into_iter().filter_map(tier).collect();
    section.close();
    tiers
}

fn price(section: Section<'_>) -> Option<Price> {
    let model = section.text("model");
    let [input, output, cache_read, cache_write] =
        ["input", "output", "cache_read", "cache_write"].map(|key| section.amount(key).map(|at| at.value));
    for (key, missing) in
        [("model", model.is_none()), ("input", input.is_none()), ("output", output.is_none())]
    {
        if missing {
            section.missing(key, "a price names its model, and input and output in USD per million tokens");
        }
    }
    section.close();
    let input = input?;
    Some(Price {
        model: model?.value,
        input,
        output: output?,
        cache_read: cache_read.unwrap_or(input),
        cache_write: cache_write.unwrap_or(input),
    })
}

fn access(section: Section<'_>) -> Access {
    let access = Access {
        allow_guests: section.flag("allow_guests").unwrap_or(false),
        publishers: section.reads("publishers", values::person).into_iter().map(|at| at.value).collect(),
    };
    section.close();
    access
}

fn team(section: Section<'_>) -> Option<Team> {
    let board = section.number("board", 1..=9_007_199_254_740_991);
    let standup_channel = section.read("standup_channel", values::channel).map(|at| at.value);
    if section.is_there() && board.is_none() {
        section.missing("board", "add the number after boards/ in the address of the team's board");
    }
    section.close();
    Some(Team { board: board?.value, standup_channel })
}

/// The agents that keep a Confluence page.
const PUBLISHERS: [AgentName; 3] = [AgentName::SprintBoard, AgentName::Roadmap, AgentName::TechRoadmap];

fn publish(section: Section<'_>) -> Vec<PublishTarget> {
    let targets = section.named_sections().into_iter().filter_map(|(name, target)| {
        let agent = name.value.parse::<AgentName>().ok().filter(|agent| PUBLISHERS.contains(agent));
        if agent.is_none() {
            let near = super::problems::nearest(&name.value, PUBLISHERS.map(AgentName::as_str)).unwrap_or("");
            let what = format!("{} publishes no page", shown(&name.value));
            section.wrong_at(&name, Wrong::new(what, format!("did you mean [publish.{near}]?")));
        }
        publish_target(target, agent)
    });
    targets.collect()
}

fn publish_target(section: Section<'_>, agent: Option<AgentName>) -> Option<PublishTarget> {
    let page = section.digits("page").and_then(|at| at.value.parse().ok());
    let [space, title, parent] = ["space", "title", "parent"].map(|key| section.text(key).map(|at| at.value));
    let only = only(&section, agent);
    match (&page, &space, &title) {
        (Some(_), None, None) if parent.is_none() => {}
        (Some(_), _, _) => {
            let fix =
                "keep `page` for a page that exists, or `space`, `title` and `parent` for one to create";
            section.wrong(Wrong::new("names a page by its id and by its place", fix));
        }
        (None, Some(_), Some(_)) => {}
        (None, _, _) => {
            let fix = "add `page = \"163840\"`, or `space = \"ENG\"` and `title = \"…\"`";
            section.wrong(Wrong::new("does not say which page", fix));
        }
    }
    section.close();
    Some(PublishTarget { agent: agent?, page, space, title, parent, only })
}

/// What narrows a roadmap; a sprint board shows its sprint, whole.
fn only(section: &Section<'_>, agent: Option<AgentName>) -> Only {
    let labels = section.texts("labels");
    let components = section.texts("components");
    let jql = section.text("jql");
    if agent == Some(AgentName::SprintBoard) {
        for at in labels.first().into_iter().chain(components.first()).chain(jql.as_ref()) {
            let fix = "remove it; [publish.roadmap] and [publish.tech-roadmap] can be narrowed so";
            section.wrong_at(at, Wrong::new("narrows nothing: a sprint board shows its whole sprint", fix));
        }
    }
    let texts = |list: Vec<At<String>>| list.into_iter().map(|at| at.value).collect();
    Only { labels: texts(labels), components: texts(components), jql: jql.map(|at| at.value) }
}

fn rules(section: Section<'_>) -> Thresholds {
    let default = Thresholds::default();
    let number = |key, range, default: u32| {
        section.number(key, range).and_then(|at| u32::try_from(at.value).ok()).unwrap_or(default)
    };
    let rules = Thresholds {
        quiet_days: number("quiet_days", 1..=365, default.quiet_days),
        due_soon_days: number("due_soon_days", 0..=365, default.due_soon_days),
        stale_hours: number("stale_hours", 1..=8760, default.stale_hours),
        lookback_days: number("lookback_days", 1..=365, default.lookback_days),
    };
    section.close();
    rules
}

fn lexicon(section: Section<'_>) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for class in WordClass::ALL {
        let phrases = section.texts(class.name());
        for phrase in phrases.iter().filter(|phrase| !phrase.value.chars().any(char::is_alphanumeric)) {
            let fix = "write what people write, in words: `blocker = [\"on the naughty step\"]`";
            section.wrong_at(phrase, Wrong::new("holds no word", fix));
        }
        lexicon.add(class, phrases.into_iter().map(|phrase| phrase.value));
    }
    for issue in section.sections("issue") {
        if issue.text("key").is_none() {
            issue.missing("key", "add `key = \"DCT-42\"`: the issue that is called so");
        }
        let key = issue.read("key", values::issue_key);
        let called = issue.texts("called");
        if called.is_empty() {
            issue.missing("called", "add `called = [\"the badge printers\"]`: what people say and mean it");
        }
        for phrase in called.iter().filter(|phrase| !phrase.value.chars().any(char::is_alphanumeric)) {
            issue.wrong_at(phrase, Wrong::new("holds no word", "write what people call the issue, in words"));
        }
        if let Some(key) = key {
            lexicon.call(key.value, called.into_iter().map(|phrase| phrase.value));
        }
        issue.close();
    }
    section.close();
    lexicon
}

fn limits(section: Section<'_>) -> Limits {
    let span = |key, default| section.read(key, values::duration).map_or(default, |at| at.value);
    let count = |key, default| {
        let number = section.number(key, 1..=1_000_000).map(|at| usize::try_from(at.value));
        number.and_then(Result::ok).unwrap_or(default)
    };
    let limits = Limits {
        source_timeout: span("source_timeout", Duration::from_secs(10)),
        run_deadline: span("run_deadline", Duration::from_secs(60)),
        max_waiting: count("max_waiting", 1_000),
        max_waiting_per_person: count("max_waiting_per_person", 50),
    };
    section.close();
    limits
}

fn http(section: Section<'_>) -> Http {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let http = Http { listen: section.read("listen", values::listen).map_or(default, |at| at.value) };
    section.close();
    http
}
