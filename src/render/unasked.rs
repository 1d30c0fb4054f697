//! Digests that nobody asked for: one line when nothing changed, and a word when one is late.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::Digest;
use crate::render::slack::{SlackMessage, digest_metadata, escape};
use crate::render::time::Telling;

/// A digest in which nothing changed since the last one, as one line. What it knows is in its metadata.
pub fn unchanged_slack(digest: &Digest) -> SlackMessage {
    let line = escape(&unchanged(digest));
    let blocks = json!([{ "type": "section", "text": { "type": "mrkdwn", "text": line, "verbatim": true } }]);
    SlackMessage { text: line, blocks, plainer: None, metadata: digest_metadata(digest) }
}

/// "Nothing changed since yesterday 08:30: 12 channels, 96 issues and 5 pages read; 7 known risks stand."
fn unchanged(digest: &Digest) -> String {
    let telling = Telling::new(&digest.request.timezone, digest.request.at);
    let coverage = &digest.coverage;
    let counts =
        [(coverage.channels, "channel"), (coverage.issues, "issue"), (coverage.pages, "page")].map(count);
    let read: Vec<String> = counts.into_iter().flatten().collect();
    let read = match read.as_slice() {
        [] => "nothing was there to read".to_owned(),
        [one] => format!("{one} read"),
        [rest @ .., last] => format!("{} and {last} read", rest.join(", ")),
    };
    let risks = match digest.risks().count() {
        0 => String::new(),
        1 => "; 1 known risk stands".to_owned(),
        risks => format!("; {risks} known risks stand"),
    };
    let unread = if digest.gaps.is_empty() { "" } else { "; what could not be read then cannot be read now" };
    let since = telling.instant(digest.request.window.since);
    format!("Nothing changed since {since}: {read}{risks}{unread}.")
}

fn count((n, noun): (u64, &str)) -> Option<String> {
    match n {
        0 => None,
        1 => Some(format!("1 {noun}")),
        n => Some(format!("{n} {noun}s")),
    }
}

/// The message with a word that it is late.
pub fn late(mut message: SlackMessage, slot: Timestamp, zone: &str, now: Timestamp) -> SlackMessage {
    let due = Telling::new(zone, now).instant(slot);
    let word = format!("Late: this was due {due}, when I was not running.");
    message.text = format!("{word} {}", message.text);
    let word = json!({ "type": "mrkdwn", "text": format!("_{word}_"), "verbatim": true });
    for blocks in [Some(&mut message.blocks), message.plainer.as_mut()].into_iter().flatten() {
        if let Value::Array(blocks) = blocks {
            blocks.insert(0, json!({ "type": "context", "elements": [word] }));
        }
    }
    message
}
