//! Slack's official samples and envelopes recorded from Socket Mode.

use caughtup::sources::slack::{Each, Readable, WireChannel, WireMessage, WireUser};
use serde_json::Value;

use std::path::{Path, PathBuf};

use super::{files, samples};

/// What was met while walking through the samples, so that reading nothing cannot pass for success.
#[derive(Debug, Default)]
struct Met {
    messages: usize,
    users: usize,
    channels: usize,
}

/// Looks at every object in a payload and reads those that are messages, users or channels.
fn walk(value: &Value, met: &mut Met, path: &str) {
    match value {
        Value::Array(members) => members.iter().for_each(|member| walk(member, met, path)),
        Value::Object(fields) => {
            if is_message(value) {
                message(value, path);
                met.messages += 1;
            }
            if let Some(user) =
                fields.get("user").filter(|user| user.is_object() && said(user, "id").is_some())
            {
                assert!(WireUser::read(user).is_some(), "{path}: {user}");
                met.users += 1;
            }
            if let Some(channel) = fields.get("channel").filter(|channel| said(channel, "id").is_some()) {
                let read = WireChannel::read(channel).unwrap_or_else(|| panic!("{path}: {channel}"));
                assert_eq!(Some(read.id.as_str()), said(channel, "id"), "{path}");
                met.channels += 1;
            }
            fields.values().for_each(|field| walk(field, met, path));
        }
        _ => {}
    }
}

/// The folders below this one that hold files, as the samples are sorted by kind.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be listed");
    let paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    let mut found: Vec<PathBuf> =
        paths.iter().filter(|path| path.is_dir()).flat_map(|path| folders(path)).collect();
    if paths.iter().any(|path| path.is_file()) {
        found.push(folder.to_owned());
    }
    found
}

fn said<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

fn is_message(value: &Value) -> bool {
    let kind = said(value, "type");
    let of_message = matches!(kind, Some("message" | "app_mention"))
        || (kind.is_none() && value.get("ts").is_some() && value.get("text").is_some());
    of_message && value.get("ts").is_some_and(Value::is_string)
}

/// Nothing that we need of a message may be lost. The official samples have `""` for every text and
/// `0000000000.000000` or `""` for timestamps.
fn message(value: &Value, path: &str) {
    let Some(read) = WireMessage::read(value) else {
        assert!(
            said(value, "ts").is_none_or(|ts| ts.parse::<caughtup::domain::MessageTs>().is_err()),
            "{path}: a message with a timestamp was not read: {value}"
        );
        return;
    };
    let parsed = |name: &str| said(value, name).and_then(|ts| ts.parse().ok());
    assert_eq!(Some(read.ts), parsed("ts"), "{path}");
    assert_eq!(read.thread, parsed("thread_ts"), "{path}");
    assert_eq!(read.latest_reply, parsed("latest_reply"), "{path}");
    if let Some(text) = said(value, "text") {
        let kept: String = text.chars().take(4_000).collect();
        assert!(read.text.starts_with(&kept), "{path}");
    }
    if let Some(user) = said(value, "user").and_then(|user| user.parse().ok()) {
        assert_eq!(read.author.user, Some(user), "{path}");
    }
    if said(value, "bot_id").is_some() {
        assert!(read.author.bot.is_some(), "{path}: a bot is a bot");
    }
}

#[test]
fn the_official_samples_are_read() {
    let Some(folder) = samples("slack_official_samples") else { return };
    let mut met = Met::default();
    for path in folders(&folder).iter().flat_map(|folder| files(folder, "json")) {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let name = path.display().to_string();
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        walk(&value, &mut met, &name);
        lists(&value, &name);
    }
    println!("{met:?}");
    assert!(met.messages > 10 && met.users > 0 && met.channels > 3, "{met:?}");
}

/// The lists that the product pages through.
fn lists(value: &Value, path: &str) {
    if path.ends_with("/users.list.json") {
        let members: Each<WireUser> = serde_json::from_value(value["members"].clone()).expect("it is a list");
        assert_eq!(
            (members.items.len(), members.unreadable),
            (value["members"].as_array().unwrap().len(), 0)
        );
    }
    if path.ends_with("/conversations.list.json") {
        let channels: Each<WireChannel> =
            serde_json::from_value(value["channels"].clone()).expect("it is a list");
        assert!(channels.items.len() + channels.unreadable > 0);
    }
}

#[test]
fn recorded_envelopes_are_read() {
    let Some(folder) = samples("slack_socket_mode_envelopes") else { return };
    let mut met = Met::default();
    for path in files(&folder, "jsonl") {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let name = format!("{}:{}", path.display(), number + 1);
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}"));
            walk(&value, &mut met, &name);
        }
    }
    println!("{met:?}");
    assert!(met.messages > 0, "{met:?}");
}
