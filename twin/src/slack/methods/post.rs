//! A message on its way into a channel: what it may hold, and where it lands.

use serde_json::Value;

use super::channels::direct;
use crate::slack::blocks;
use crate::slack::call::{Args, Call, Refusal, is_member, visible};
use crate::slack::escape;
use crate::slack::show::is_reply;
use crate::world::{Channel, Message, World};

/// Longer text is cut off here.
const TEXT_MOST: usize = 40_000;
/// What metadata may hold, as JSON.
const METADATA_MOST: usize = 16_384;

/// What somebody wants to say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// None when the argument was absent: an update then keeps what was there.
    pub text: Option<String>,
    pub blocks: Option<Value>,
    pub attachments: Option<Value>,
    pub metadata: Option<Value>,
}

impl Draft {
    /// Reads and checks it.
    pub fn read(args: &Args, seed: u64) -> Result<Self, Refusal> {
        let mut text = args.text("text");
        let mut blocks = args.json("blocks", "invalid_blocks_format")?;
        let attachments = args.json("attachments", "invalid_attachments")?;
        if let Some(markdown) = args.text("markdown_text") {
            // It replaces the other two, and has markdown blocks' limit.
            if text.is_some() || blocks.is_some() {
                return Err("markdown_text_conflict".into());
            }
            if markdown.chars().count() > 12_000 {
                return Err("msg_too_long".into());
            }
            text = Some(markdown);
        }
        if let Some(given) = &blocks {
            blocks::check(given).map_err(refused_blocks)?;
        }
        if let Some(given) = &attachments {
            check_attachments(given)?;
        }
        let empty =
            |value: &Option<Value>| value.as_ref().and_then(Value::as_array).is_none_or(Vec::is_empty);
        if text.as_ref().is_none_or(|text| text.trim().is_empty()) && empty(&blocks) && empty(&attachments) {
            return Err("no_text".into());
        }
        if empty(&blocks) {
            blocks = None;
        }
        let metadata = metadata(args)?;
        let cut = |text: String| text.chars().take(TEXT_MOST).collect::<String>();
        Ok(Self {
            text: text.map(|text| escape::kept(&cut(text))),
            blocks: blocks.map(|blocks| blocks::completed(blocks, seed)),
            attachments,
            metadata,
        })
    }
}

/// In Slack's words: too long is an error of its own.
pub(crate) fn refused_blocks(faults: blocks::Faults) -> Refusal {
    Refusal::because(faults.error, faults.messages)
}

fn check_attachments(given: &Value) -> Result<(), Refusal> {
    let Some(list) = given.as_array() else { return Err("invalid_attachments".into()) };
    if list.len() > 100 {
        return Err("too_many_attachments".into());
    }
    for attachment in list {
        let Some(attachment) = attachment.as_object() else { return Err("invalid_attachments".into()) };
        if let Some(inner) = attachment.get("blocks") {
            blocks::check(inner).map_err(refused_blocks)?;
        }
    }
    Ok(())
}

fn metadata(args: &Args) -> Result<Option<Value>, Refusal> {
    let Some(given) = args.json("metadata", "invalid_metadata_format")? else { return Ok(None) };
    let Some(object) = given.as_object() else { return Err("invalid_metadata_format".into()) };
    if object.is_empty() {
        return Ok(None);
    }
    let typed = object.get("event_type").and_then(Value::as_str).is_some_and(|kind| !kind.is_empty());
    let known = object.keys().all(|key| matches!(key.as_str(), "event_type" | "event_payload" | "entities"));
    if !known || !typed || !object.get("event_payload").is_some_and(Value::is_object) {
        return Err("invalid_metadata_format".into());
    }
    if given.to_string().len() > METADATA_MOST {
        return Err("metadata_too_large".into());
    }
    Ok(Some(given))
}

/// Where a post goes: a channel's id or name, or a person's id, which means their direct message.
pub(super) fn destination(call: &Call, world: &mut World) -> Result<String, Refusal> {
    let wanted = call.args.text("channel").ok_or("channel_not_found")?;
    if world.people.iter().any(|person| person.id == wanted) {
        return Ok(direct(world, &[wanted])?.0);
    }
    let plain = wanted.trim_start_matches('#');
    let by_name =
        world.slack.channels.values().find(|channel| !channel.name.is_empty() && channel.name == plain);
    let id = by_name.map_or(wanted.clone(), |channel| channel.id.clone());
    let channel = visible(world, &id)?;
    if channel.is_archived {
        return Err("is_archived".into());
    }
    if !is_member(world, channel) && !call.may("chat:write.public") {
        return Err("not_in_channel".into());
    }
    Ok(id)
}

/// The thread's root: a reply to a reply goes to the reply's parent.
pub(crate) fn root(channel: &Channel, thread_ts: &str) -> Result<String, Refusal> {
    let Some(message) = channel.messages.get(thread_ts) else { return Err("thread_not_found".into()) };
    if is_reply(message) {
        return Ok(message.thread_ts.clone().unwrap_or_default());
    }
    Ok(message.ts.clone())
}

/// The next free `ts` of a channel.
pub(crate) fn stamp(world: &World, channel: &Channel) -> String {
    let mut micros = world.clock.now().as_microsecond();
    loop {
        let ts = format!("{}.{:06}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        if !channel.messages.contains_key(&ts) {
            return ts;
        }
        micros += 1;
    }
}

/// Puts a message into its channel, and tells its parent.
pub(crate) fn store(world: &mut World, channel: &str, message: Message) {
    let Some(channel) = world.slack.channels.get_mut(channel) else { return };
    if let Some(root) = message.thread_ts.clone().filter(|root| *root != message.ts)
        && let Some(parent) = channel.messages.get_mut(&root)
    {
        parent.thread_ts = Some(root);
    }
    channel.messages.insert(message.ts.clone(), message);
}

/// A message by our bot.
pub(crate) fn by_bot(world: &World, ts: String, draft: Draft) -> Message {
    Message {
        ts,
        user: Some(world.slack.bot_user.clone()),
        bot_id: Some(world.slack.bot_id.clone()),
        text: draft.text.unwrap_or_default(),
        blocks: draft.blocks,
        attachments: draft.attachments,
        metadata: draft.metadata,
        ..Message::default()
    }
}
