//! Reading: a channel's messages newest first, a thread's replies oldest first.

use serde_json::{Value, json};

use crate::slack::call::{Call, Outcome, Refusal, fields, is_member};
use crate::slack::show::{Threads, is_reply};
use crate::slack::{cursor, show};
use crate::world::Message;

/// What lies between `oldest` and `latest`; the ends belong to it only if `inclusive`.
struct Span {
    oldest: Option<String>,
    latest: Option<String>,
    inclusive: bool,
}

impl Span {
    fn of(call: &Call) -> Result<Self, Refusal> {
        let moment = |name: &str, wrong: &'static str| match call.args.text(name) {
            None => Ok(None),
            Some(text) if text == "now" => Ok(None),
            Some(text) => padded(&text).map(Some).ok_or(Refusal::from(wrong)),
        };
        Ok(Self {
            oldest: moment("oldest", "invalid_ts_oldest")?,
            latest: moment("latest", "invalid_ts_latest")?,
            inclusive: call.args.flag("inclusive").unwrap_or(false),
        })
    }

    fn holds(&self, ts: &str) -> bool {
        let at_end = |end: &Option<String>| end.as_deref() == Some(ts);
        if at_end(&self.oldest) || at_end(&self.latest) {
            return self.inclusive;
        }
        self.oldest.as_deref().is_none_or(|oldest| ts > oldest)
            && self.latest.as_deref().is_none_or(|latest| ts < latest)
    }
}

/// `1700000000`, `1700000000.5` and `0` as a full `ts`, which compares as text.
fn padded(text: &str) -> Option<String> {
    let (seconds, micros) = text.split_once('.').unwrap_or((text, ""));
    let seconds: u64 = seconds.parse().ok()?;
    if !micros.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros: String = micros.chars().chain("000000".chars()).take(6).collect();
    Some(format!("{seconds:010}.{micros}"))
}

fn limit(call: &Call, most: usize) -> Result<usize, Refusal> {
    let most = if call.shared.options.unlisted { 15 } else { most };
    Ok(match call.args.number("limit")? {
        None | Some(0) => 100,
        Some(limit) => limit.min(most),
    })
}

pub(super) fn history(call: &Call) -> Outcome {
    let world = call.shared.world();
    let channel = call.channel(&world, "history")?;
    if !is_member(&world, channel) {
        return Err("not_in_channel".into());
    }
    let span = Span::of(call)?;
    let limit = limit(call, 999)?;
    let before = match call.args.text("cursor") {
        None => None,
        Some(text) => Some(cursor::read(&text, "next_ts").ok_or("invalid_cursor")?),
    };
    let top =
        |message: &&Message| !is_reply(message) || message.subtype.as_deref() == Some("thread_broadcast");
    let mut found = channel.messages.values().rev().filter(top).filter(|message| span.holds(&message.ts));
    let mut messages: Vec<&Message> = Vec::new();
    let mut more = false;
    for message in found.by_ref() {
        // The cursor names the last message of the page before.
        if before.as_ref().is_some_and(|before| message.ts >= *before) {
            continue;
        }
        if messages.len() == limit {
            more = true;
            break;
        }
        messages.push(message);
    }
    let next = if more { messages.last().map(|last| cursor::write("next_ts", &last.ts)) } else { None };
    let threads = Threads::of(channel);
    let metadata = call.args.flag("include_all_metadata").unwrap_or(false);
    let shown: Vec<Value> =
        messages.iter().map(|message| show::message(&world, channel, message, &threads, metadata)).collect();
    let mut answer = fields(json!({
        "messages": shown, "has_more": more, "pin_count": 0, "channel_actions_count": 0,
    }));
    for (name, value) in [("oldest", &span.oldest), ("latest", &span.latest)] {
        if let Some(value) = value {
            answer.insert(name.into(), json!(value));
        }
    }
    if let Some(next) = next {
        answer.insert("response_metadata".into(), json!({"next_cursor": next}));
    }
    Ok(answer)
}

pub(super) fn replies(call: &Call) -> Outcome {
    let world = call.shared.world();
    let channel = call.channel(&world, "history")?;
    if !is_member(&world, channel) {
        return Err("not_in_channel".into());
    }
    let ts = call.args.required("ts")?;
    let asked = channel.messages.get(&ts).ok_or("thread_not_found")?;
    let threads = Threads::of(channel);
    let metadata = call.args.flag("include_all_metadata").unwrap_or(false);
    // Asked for a reply, Slack gives that reply alone.
    let (root, replies) =
        if is_reply(asked) { (asked, &[] as &[&Message]) } else { (asked, threads.replies(&ts)) };
    let span = Span::of(call)?;
    let limit = limit(call, 1000)?;
    let after = match call.args.text("cursor") {
        None => None,
        Some(text) => Some(cursor::read(&text, "next_ts").ok_or("invalid_cursor")?),
    };
    let mut left = replies
        .iter()
        .filter(|reply| span.holds(&reply.ts))
        .filter(|reply| after.as_ref().is_none_or(|after| reply.ts > *after));
    // The parent comes first on every page, whatever the span, and does not count.
    let page: Vec<&Message> = left.by_ref().take(limit).copied().collect();
    let more = left.next().is_some();
    let next = if more { page.last().map(|last| cursor::write("next_ts", &last.ts)) } else { None };
    let shown: Vec<Value> = std::iter::once(root)
        .chain(page)
        .map(|message| show::message(&world, channel, message, &threads, metadata))
        .collect();
    let mut answer = fields(json!({"messages": shown, "has_more": more}));
    if let Some(next) = next {
        answer.insert("response_metadata".into(), json!({"next_cursor": next}));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn moments_compare_as_text() {
        assert_eq!(padded("1700000000").as_deref(), Some("1700000000.000000"));
        assert_eq!(padded("1700000000.5").as_deref(), Some("1700000000.500000"));
        assert_eq!(padded("0").as_deref(), Some("0000000000.000000"));
        assert_eq!(padded("yesterday"), None);
        assert_eq!(padded("1.x"), None);
    }
}
