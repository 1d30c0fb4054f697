//! What Slack tells of a channel unasked: an event, reduced to what it changes in what is kept of the channel.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{ChannelId, MessageTs, UserId};

use super::wire::{Readable, WireMessage, emoji, flag, parsed, text};

/// Something that happened in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Where; of some things Slack does not say where, and then it may be anywhere.
    pub channel: Option<ChannelId>,
    /// When, by Slack's clock: events come late, twice and in any order.
    pub(super) at: MessageTs,
    pub(super) what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum What {
    /// Somebody said something; as a reply perhaps, and perhaps to the channel as well.
    Said { message: Box<WireMessage>, broadcast: bool },
    /// A message reads differently now.
    Changed { message: Box<WireMessage>, broadcast: bool },
    /// A message is gone.
    Deleted { ts: MessageTs, root: Option<MessageTs> },
    /// Somebody reacted, or took it back.
    Reacted { ts: MessageTs, user: UserId, name: String, added: bool },
    /// The bot has left the channel, or it was closed or deleted, or its history was changed at large, as by an import or
    /// a policy of the workspace: what is kept of it is not kept up to date any more.
    Over,
}

impl Heard {
    /// Reads the `event` of an envelope; nothing where it changes nothing that is kept. Direct messages are not kept.
    pub fn read(event: &Value) -> Option<Self> {
        let what = match text(event, "type")? {
            "message" => message(event)?,
            "reaction_added" => reaction(event, true)?,
            "reaction_removed" => reaction(event, false)?,
            "channel_left"
            | "group_left"
            | "channel_archive"
            | "group_archive"
            | "channel_deleted"
            | "group_deleted"
            | "channel_history_changed"
            | "group_history_changed" => What::Over,
            _ => return None,
        };
        let place = if matches!(what, What::Reacted { .. }) { event.get("item")? } else { event };
        let channel: Option<ChannelId> = parsed(place, "channel");
        let must_say_where = !text(event, "type")?.ends_with("_history_changed");
        let direct = channel.as_ref().is_some_and(ChannelId::is_direct)
            || matches!(text(event, "channel_type"), Some("im" | "mpim"));
        if direct || (channel.is_none() && must_say_where) {
            return None;
        }
        let at = parsed(event, "event_ts").or_else(|| parsed(event, "ts"))?;
        Some(Self { channel, at, what })
    }
}

fn message(event: &Value) -> Option<What> {
    let broadcast = |message: &Value| text(message, "subtype") == Some("thread_broadcast");
    match text(event, "subtype") {
        Some("message_changed") => {
            let message = event.get("message")?;
            Some(What::Changed {
                broadcast: broadcast(message),
                message: Box::new(WireMessage::read(message)?),
            })
        }
        Some("message_deleted") => {
            let before = event.get("previous_message");
            let ts = parsed(event, "deleted_ts").or_else(|| parsed(before?, "ts"))?;
            let root = before.and_then(|before| parsed(before, "thread_ts")).filter(|root| *root != ts);
            Some(What::Deleted { ts, root })
        }
        // Told again by the reply itself.
        Some("message_replied" | "reply_broadcast") => None,
        _ if flag(event, "hidden") || flag(event, "is_ephemeral") => None,
        _ => Some(What::Said { broadcast: broadcast(event), message: Box::new(WireMessage::read(event)?) }),
    }
}

fn reaction(event: &Value, added: bool) -> Option<What> {
    let item = event.get("item")?;
    if text(item, "type") != Some("message") {
        return None;
    }
    let name = emoji(text(event, "reaction")?).to_owned();
    Some(What::Reacted { ts: parsed(item, "ts")?, user: parsed(event, "user")?, name, added })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn heard(event: Value) -> Option<Heard> {
        Heard::read(&event)
    }

    #[test]
    fn messages_edits_deletions_and_reactions_are_heard() {
        let said = heard(json!({
            "type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "text": "hello",
            "ts": "5.000100", "thread_ts": "2.000100", "event_ts": "5.000100", "subtype": "thread_broadcast",
        }))
        .unwrap();
        let What::Said { message, broadcast: true } = &said.what else { panic!("{said:?}") };
        assert_eq!((message.text.as_str(), message.thread), ("hello", "2.000100".parse().ok()));

        let changed = heard(json!({
            "type": "message", "subtype": "message_changed", "hidden": true, "channel": "C1", "ts": "9.000100",
            "event_ts": "9.000100", "message": {"type": "message", "user": "U1", "text": "now", "ts": "5.000100",
            "edited": {"user": "U1", "ts": "9.000000"}}, "previous_message": {"ts": "5.000100", "text": "hello"},
        }))
        .unwrap();
        assert_eq!(changed.at, "9.000100".parse().unwrap());
        let What::Changed { message, broadcast: false } = &changed.what else { panic!("{changed:?}") };
        assert_eq!((message.text.as_str(), message.edited), ("now", "9.000000".parse().ok()));

        let deleted = heard(json!({
            "type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "9.000100",
            "deleted_ts": "5.000100", "previous_message": {"ts": "5.000100", "thread_ts": "2.000100", "text": "secret"},
        }))
        .unwrap();
        let expected = What::Deleted { ts: "5.000100".parse().unwrap(), root: "2.000100".parse().ok() };
        assert_eq!(deleted.what, expected);

        let reacted = heard(json!({
            "type": "reaction_added", "user": "U2", "reaction": "+1::skin-tone-3", "item_user": "U1",
            "item": {"type": "message", "channel": "C1", "ts": "5.000100"}, "event_ts": "6.000100",
        }))
        .unwrap();
        let What::Reacted { name, added: true, .. } = &reacted.what else { panic!("{reacted:?}") };
        assert_eq!((name.as_str(), reacted.channel), ("+1", "C1".parse().ok()));
    }

    #[test]
    fn the_end_of_a_channel_is_heard_and_what_changes_nothing_is_not() {
        let over =
            heard(json!({"type": "group_left", "channel": "G1", "actor_id": "U1", "event_ts": "1.000000"}));
        assert_eq!(over.unwrap().what, What::Over);
        // As Slack documents it, it does not say where.
        let anywhere = json!({"type": "channel_history_changed", "latest": "1358877455.000010",
            "ts": "1361482916.000003", "event_ts": "1361482916.000004"});
        let anywhere = heard(anywhere).unwrap();
        assert_eq!((anywhere.channel, anywhere.what), (None, What::Over));
        for nothing in [
            json!({"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "x", "ts": "1.0"}),
            json!({"type": "message", "subtype": "message_replied", "channel": "C1", "ts": "1.0", "message": {}}),
            json!({"type": "message", "channel": "C1", "hidden": true, "text": "x", "ts": "1.0"}),
            json!({"type": "reaction_added", "user": "U1", "reaction": "x", "item": {"type": "file"}, "event_ts": "1.0"}),
            json!({"type": "team_join", "user": {}}),
            json!({"type": "message", "channel": 7}),
            json!([]),
        ] {
            assert_eq!(heard(nothing.clone()), None, "{nothing}");
        }
    }
}
