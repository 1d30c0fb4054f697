//! Who sees what: private channels, guests, outsiders, and what planted text may not do.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use twin::server::{Options, Shared};
use twin::story;
use twin::world::{Kind, World};

use crate::company::{Company, findings, now, record};
use crate::planted;

/// A program that lives in the steering group's channel alone.
const SECRET_PROGRAM: &str = r##"
[[program]]
key = "zq"
name = "Zanzibar Quartz"
aliases = ["quartz"]
channels = ["#dct-exec"]
roadmap_jql = "project = ROAD AND Program = DCT"
"##;

const PATIENCE: Duration = Duration::from_secs(120);

/// Words as they are compared: lower case, nothing but letters and digits.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// Every run of four words.
fn shingles(text: &str) -> BTreeSet<String> {
    words(text).windows(4).map(|four| four.join(" ")).collect()
}

/// What nobody outside these channels may read: their names, ids, and what is said only there.
#[derive(Debug)]
struct Secrets {
    names: Vec<String>,
    said: BTreeSet<String>,
}

impl Secrets {
    fn of(world: &World, hidden: &[&str]) -> Self {
        let (inside, outside): (Vec<_>, Vec<_>) =
            world.slack.channels.values().partition(|channel| hidden.contains(&channel.id.as_str()));
        let mut known = BTreeSet::new();
        for message in outside.iter().flat_map(|channel| channel.messages.values()) {
            known.extend(shingles(&message.text));
        }
        known.extend(shingles(&format!("{:?} {:?}", world.jira, world.confluence)));
        let messages = inside.iter().flat_map(|channel| channel.messages.values());
        let said: BTreeSet<String> = messages
            .flat_map(|message| shingles(&message.text))
            .filter(|four| !known.contains(four))
            .collect();
        assert!(said.len() > 30, "there is something to keep to oneself");
        let names = inside.iter().flat_map(|channel| [channel.id.clone(), channel.name.clone()]);
        Self { names: names.filter(|name| !name.is_empty()).collect(), said }
    }

    /// What of it a text gives away.
    fn in_text(&self, text: &str) -> Vec<String> {
        let here = shingles(text);
        let lower = text.to_lowercase();
        let names = self.names.iter().filter(|name| lower.contains(&name.to_lowercase()));
        self.said.intersection(&here).chain(names).cloned().collect()
    }

    fn absent_from(&self, text: &str, where_: &str) {
        let told = self.in_text(text);
        assert!(told.is_empty(), "{where_} tells {told:?}");
    }
}

/// Everything that anybody could read of what the bot has said in Slack.
fn said(shared: &Shared) -> String {
    let mut all = Vec::new();
    for call in shared.ledger.exchanges() {
        if call.vendor == "slack"
            && (call.operation.starts_with("chat.") || call.operation.contains("commands/"))
        {
            all.push(strings(&call.request));
        }
    }
    all.extend(shared.margin.ephemerals().iter().map(|line| format!("{} {:?}", line.text, line.blocks)));
    all.extend(shared.ledger.acknowledgements().iter().filter_map(|ack| ack.payload.as_ref()).map(strings));
    all.join("\n")
}

/// Every text in a JSON value, also in JSON within texts, as forms carry it.
fn strings(value: &Value) -> String {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Array(_) | Value::Object(_))) => strings(&inner),
            _ => text.clone(),
        },
        Value::Array(items) => items.iter().map(strings).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name} {}", strings(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        other => other.to_string(),
    }
}

fn hidden_from(company: &Company, reader: &str) -> Secrets {
    let world = company.twin.shared().world();
    let channels = world.slack.channels.values();
    // What others ask the bot is what everybody asks it.
    let closed =
        channels.filter(|channel| channel.is_private && !channel.is_im && !channel.members.contains(reader));
    Secrets::of(&world, &closed.map(|channel| channel.id.as_str()).collect::<Vec<_>>())
}

async fn every_format(company: &Company, request: &str, reader: &str, more: &[&str]) -> String {
    let mut all = String::new();
    for format in ["text", "markdown", "json"] {
        let output = company.run(&[&[request, "--as", reader, "--format", format], more].concat()).await;
        assert_ne!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let texts = serde_json::from_str::<Value>(&text).map_or(text.clone(), |json| strings(&json));
        all.push_str(&texts);
        all.push('\n');
    }
    all
}

/// Asks in Slack and waits until the bot has nothing more to say about it.
async fn ask(company: &Company, user: &str, channel: &str, text: &str) -> Vec<String> {
    let ts = company.twin.says(user, channel, text, None);
    answered(company, channel, &ts).await
}

async fn answered(company: &Company, channel: &str, ts: &str) -> Vec<String> {
    let look = |shared: &Shared| {
        let world = shared.world();
        let messages = world.slack.channels.get(channel)?.messages.values();
        let ours: Vec<_> =
            messages.filter(|m| m.bot_id.is_some() && m.thread_ts.as_deref() == Some(ts)).cloned().collect();
        let kind = |message: &twin::world::Message| {
            message.metadata.as_ref().map(|metadata| metadata["event_type"].clone()).unwrap_or_default()
        };
        let settled = ours.iter().all(|message| kind(message) != "caughtup_progress");
        let digest = ours.iter().any(|message| kind(message) == "caughtup_digest");
        let whole = !digest || ours.len() > 1;
        (!ours.is_empty() && settled && whole)
            .then(|| ours.iter().map(|m| format!("{} {:?}", m.text, m.blocks)).collect())
    };
    company.twin.wait_within(PATIENCE, "the bot's answer", look).await.unwrap()
}

#[tokio::test]
async fn a_reader_outside_a_private_channel_sees_nothing_of_it() {
    let company = Company::story().await;
    let cast = company.cast.clone();
    for (name, reader) in [("Grace", &cast.engineer), ("Dana", &cast.reader)] {
        let secrets = hidden_from(&company, reader);
        for request in ["get me caught up", "dct check since 14 days ago", "daily update"] {
            let all = every_format(&company, request, reader, &["--dry-run"]).await;
            secrets.absent_from(&all, &format!("{name}'s “{request}”"));
        }
    }
    // Marcus is in the steering group: the words are there to be found.
    let secrets = hidden_from(&company, &cast.engineer);
    let all = every_format(&company, "dct check since 14 days ago", &cast.lead, &["--dry-run"]).await;
    assert!(!secrets.in_text(&all).is_empty(), "the test can fail");
    // Nobody in particular reads public channels only.
    company.finish();
}

#[tokio::test]
async fn what_is_said_in_private_changes_nothing_for_those_outside() {
    let now = now();
    let mut told = Vec::new();
    for silent in [false, true] {
        let mut world = story::company(now);
        few_threads(&mut world);
        if silent {
            world.slack.channels.get_mut(&story::cast().exec).unwrap().messages.clear();
            world.slack.channels.get_mut(&story::cast().legal).unwrap().messages.clear();
        }
        let company = Company::of(world, Options { record: record(), ..Options::default() }).await;
        let digest = company.digest("get me caught up", &company.cast.engineer).await;
        let text = company.run(&["dct check", "--as", &company.cast.engineer, "--since", "5d"]).await;
        let text = String::from_utf8(text.stdout).unwrap();
        let read: Vec<String> =
            text.lines().filter(|line| line.starts_with("Read: ")).map(str::to_owned).collect();
        assert_eq!(read.len(), 1, "{text}");
        assert!(!read[0].contains("not opened"), "{read:?}");
        let evidence: BTreeSet<(String, String)> = digest["evidence"]
            .as_object()
            .unwrap()
            .values()
            .map(|one| (one["url"].to_string(), one["excerpt"].to_string()))
            .collect();
        told.push((findings(&digest), evidence, digest["gaps"].clone(), read, digest["headline"].clone()));
        company.finish();
    }
    let differ: Vec<_> = told[0].1.symmetric_difference(&told[1].1).collect();
    assert!(differ.is_empty(), "evidence: {differ:?}");
    assert_eq!(told[0], told[1]);
}

/// So few threads that all of them are opened, whichever come first: Slack allows 50 a minute.
fn few_threads(world: &mut World) {
    for channel in world.slack.channels.values_mut() {
        let mut parents: Vec<String> =
            channel.messages.values().filter_map(|message| message.thread_ts.clone()).collect();
        parents.sort();
        parents.dedup();
        let surplus = parents.len().saturating_sub(4);
        for gone in &parents[..surplus] {
            channel.messages.retain(|ts, message| ts != gone && message.thread_ts.as_ref() != Some(gone));
        }
    }
}

#[tokio::test]
async fn a_program_of_private_channels_is_unknown_to_those_outside() {
    let company = Company::story().await.with_tables(SECRET_PROGRAM);
    let reader = company.cast.reader.clone();
    let secret = |text: &str| {
        let words = words(text);
        words.iter().any(|word| word == "zanzibar" || word == "quartz" || word == "zq")
    };
    for request in ["help", "colourless green ideas", "get me caught up", "program check"] {
        let all = every_format(&company, request, &reader, &["--dry-run"]).await;
        assert!(!secret(&all), "{request}: {all}");
    }
    // What was said is repeated at most, as with a program that does not exist.
    for (one, other) in [
        ("quartz check", "banana check"),
        ("zanzibar quartz check", "uganda banana check"),
        ("full check on zq", "full check on qz"),
        ("get me caught up on quartz", "get me caught up on banana"),
        ("full status for project quartz", "full status for project banana"),
    ] {
        let known = company.run(&[one, "--as", &reader, "--dry-run"]).await;
        let unknown = company.run(&[other, "--as", &reader, "--dry-run"]).await;
        assert_eq!(known.status.code(), unknown.status.code(), "{one}");
        if known.status.code() == Some(4) {
            let as_other = String::from_utf8(known.stdout)
                .unwrap()
                .replace("zanzibar quartz", "uganda banana")
                .replace("quartz", "banana")
                .replace("zq", "qz");
            assert_eq!(as_other, String::from_utf8(unknown.stdout).unwrap(), "{one}");
        }
    }
    let named = company.run(&["program check", "--as", &reader, "--program", "zq"]).await;
    let text = String::from_utf8(named.stdout).unwrap();
    assert_eq!(named.status.code(), Some(4), "{text}");
    assert!(!text.to_lowercase().contains("zanzibar") && !text.to_lowercase().contains("quartz"), "{text}");
    let lead = company.cast.lead.clone();
    assert!(secret(&every_format(&company, "help", &lead, &[]).await), "who is in the channel knows it");
    let check = company.digest("quartz check", &lead).await;
    assert_eq!(check["request"]["programs"], serde_json::json!(["zq"]));
    company.finish();
}

#[tokio::test]
async fn a_program_of_private_channels_is_unknown_in_slack() {
    let company = Company::story().await.with_tables(SECRET_PROGRAM);
    let _bot = company.serve().await;
    let cast = company.cast.clone();
    let dm = cast.reader_dm.clone();
    for text in ["help", "colourless green ideas", "get me caught up"] {
        ask(&company, &cast.reader, &dm, text).await;
    }
    let mention = format!("<@{}> get me caught up", cast.bot);
    ask(&company, &cast.lead, &cast.digest_channel, &mention).await;
    // By now the bot knows her, and says at once what it has understood.
    company.twin.slash(&cast.reader, &cast.digest_channel, "get me caught up");
    company.wait_for_digests(&dm, 2).await;
    let all = said(company.twin.shared()).to_lowercase();
    assert!(all.contains("getting you caught up"), "the acknowledgement was looked at");
    assert!(!all.contains("zanzibar") && !all.contains("quartz"), "{all}");
    // The line is the same whether there is such a program or not.
    for text in ["quartz check", "banana check"] {
        company.twin.slash(&cast.reader, &cast.digest_channel, text);
    }
    let look = |shared: &Shared| {
        let lines: Vec<String> = shared.margin.ephemerals().iter().map(|line| line.text.clone()).collect();
        (lines.len() >= 3).then_some(lines)
    };
    let lines = company.twin.wait_within(PATIENCE, "the acknowledgements", look).await.unwrap();
    assert_eq!(lines[lines.len() - 1], lines[lines.len() - 2]);
    company.finish();
}

#[tokio::test]
async fn a_mention_is_answered_for_its_channel() {
    let company = Company::story().await;
    let _bot = company.serve().await;
    let cast = company.cast.clone();
    let request = format!("<@{}> get me caught up since 10 days ago", cast.bot);
    let (exec, legal, both) = {
        let world = company.twin.shared().world();
        let exec = Secrets::of(&world, &[&cast.exec]);
        let legal = Secrets::of(&world, &[&cast.legal]);
        (exec, legal, Secrets::of(&world, &[&cast.exec, &cast.legal]))
    };
    // Marcus is in every channel: what he may read is not what his channel may read.
    let public = ask(&company, &cast.lead, &cast.digest_channel, &request).await.join("\n");
    both.absent_from(&public, "the digest in a public channel");
    assert!(public.contains("Data Center Transition"), "{public}");
    for personal in ["Needs you", "needs you", "What needs you"] {
        assert!(!public.contains(personal), "what is personal never goes to a channel: {public}");
    }
    let board = ask(&company, &cast.lead, &cast.exec, &request).await.join("\n");
    legal.absent_from(&board, "the digest in another private channel");
    assert!(!exec.in_text(&board).is_empty(), "the channel's own talk is in its own digest");
    let lawyers = ask(&company, &cast.reader, &cast.legal, &request).await.join("\n");
    exec.absent_from(&lawyers, "the digest in another private channel");
    company.finish();
}

#[tokio::test]
async fn where_guests_listen_only_their_channel_is_read() {
    let company = Company::story().await;
    let _bot = company.serve().await;
    let cast = company.cast.clone();
    let facilities = cast.program_channels[4].clone();
    let request = format!("<@{}> dct check since 10 days ago", cast.bot);
    let told = ask(&company, &cast.reader, &facilities, &request).await.join("\n");
    let elsewhere = cast.program_channels.iter().filter(|id| **id != facilities);
    for other in elsewhere {
        assert!(!told.contains(&format!("archives/{other}")), "{told}");
    }
    let names = { story::channels::PROGRAM.iter().filter(|name| **name != "dct-facilities") };
    for name in names {
        assert!(!told.contains(name), "{name} is named: {told}");
    }
    company.finish();
}

#[tokio::test]
async fn in_a_shared_channel_the_answer_is_to_ask_elsewhere() {
    let company = Company::story().await;
    let _bot = company.serve().await;
    let cast = company.cast.clone();
    let vendors = cast.program_channels[6].clone();
    for text in ["dct check", "help", "colourless green ideas"] {
        let told = ask(&company, &cast.reader, &vendors, &format!("<@{}> {text}", cast.bot)).await.join("\n");
        assert!(told.contains("People of other organisations are in this channel"), "{told}");
        assert!(!told.contains("Data Center Transition"), "{told}");
    }
    assert!(company.digests(&vendors).is_empty());
    let posted = company.run(&["dct check", "--as", &cast.reader, "--post", "#dct-vendors"]).await;
    assert_eq!(posted.status.code(), Some(4));
    company.finish();
}

#[tokio::test]
async fn guests_outsiders_and_those_who_left_are_refused_everywhere() {
    let company = Company::story().await;
    let _bot = company.serve().await;
    let cast = company.cast.clone();
    let vendors = cast.program_channels[6].clone();
    let facilities = cast.program_channels[4].clone();
    for (user, channel, words) in [
        (&cast.guest, &facilities, "can't help guests"),
        (&cast.outsider, &vendors, "only answer people of the organisation"),
        (&cast.gone, &cast.digest_channel, "can't answer this account"),
    ] {
        let mention = ask(&company, user, channel, &format!("<@{}> dct check", cast.bot)).await.join("\n");
        assert!(mention.contains(words), "{mention}");
        if *user == cast.gone {
            // Who left cannot type a command, and no message reaches them.
            continue;
        }
        let dm = company.twin.dm(user);
        let direct = ask(&company, user, &dm, "get me caught up").await.join("\n");
        assert!(direct.contains(words), "{direct}");
        let before = company.twin.posts(&dm).len();
        company.twin.slash(user, channel, "dct check");
        let look = |shared: &Shared| {
            let world = shared.world();
            let posts = world.slack.channels[&dm].messages.values().filter(|m| m.bot_id.is_some());
            posts.skip(before).last().map(|message| message.text.clone())
        };
        let command = company.twin.wait_within(PATIENCE, "the refusal", look).await.unwrap();
        assert!(command.contains(words), "{command}");
    }
    let all = said(company.twin.shared());
    for name in ["Data Center", "dct-", "caught up since", "Getting you"] {
        assert!(!all.contains(name), "{name}: {all}");
    }
    assert_eq!(company.twin.shared().ledger.calls("jira", "").len(), 0, "no run was made");
    company.finish();
}

#[tokio::test]
async fn other_bots_are_not_answered() {
    let company = Company::story().await;
    let _bot = company.serve().await;
    let cast = company.cast.clone();
    let other = {
        let world = company.twin.shared().world();
        world.people.iter().find(|p| p.kind == Kind::Bot && p.id != cast.bot).unwrap().id.clone()
    };
    let ts = company.twin.says(&other, &cast.digest_channel, &format!("<@{}> dct check", cast.bot), None);
    ask(&company, &cast.reader, &cast.reader_dm, "dct check").await;
    let thread = company.twin.thread(&cast.digest_channel, &ts);
    assert_eq!(thread.len(), 1, "two bots could talk for ever");
    company.finish();
}

#[tokio::test]
async fn planted_text_makes_no_mention_no_link_and_no_markup() {
    let mut world = story::company(now());
    planted::nasty(&mut world);
    let company = Company::of(world, Options { record: record(), ..Options::default() }).await;
    let cast = company.cast.clone();
    let all = every_format(&company, "get me caught up since 10 days ago", &cast.lead, &["--dry-run"]).await;
    assert!(all.contains("[link]"), "the planted links were met");
    harmless(&all, "the command line");
    let markdown = company
        .run(&["get me caught up since 10 days ago", "--as", &cast.lead, "--format", "markdown"])
        .await;
    let markdown = String::from_utf8(markdown.stdout).unwrap();
    assert!(!markdown.contains("[x]("), "{markdown}");
    let bot = company.serve().await;
    ask(&company, &cast.lead, &company.twin.dm(&cast.lead), "get me caught up since 10 days ago").await;
    ask(&company, &cast.lead, &cast.digest_channel, &format!("<@{}> dct check since 10 days ago", cast.bot))
        .await;
    let all = said(company.twin.shared());
    assert!(all.contains("[link]"), "the planted links were met");
    harmless(&all, "Slack");
    for mention in ["<!channel", "<!here", "<!everyone", "<!subteam", "<@U", "<@W", "<#C"] {
        assert!(!all.contains(mention), "{mention}");
    }
    for call in company.twin.shared().ledger.calls("slack", "chat.postMessage") {
        for flag in ["unfurl_links", "unfurl_media"] {
            let value = call.request[flag].to_string().replace('"', "");
            assert!(value == "false" || value == "0", "{flag}: {}", call.request);
        }
    }
    drop(bot);
    company.finish();
}

fn harmless(text: &str, where_: &str) {
    // Confluence puts a page's title into its address, where it is encoded.
    for planted in ["://evil.example", "\u{202E}", "\u{2066}", "click>"] {
        let (before, after) = text.split_once(planted).unwrap_or_default();
        let around: String = before.chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
        assert!(
            !text.contains(planted),
            "{where_} has {planted:?} in: {around}{planted}{}",
            after.lines().next().unwrap_or_default()
        );
    }
}
