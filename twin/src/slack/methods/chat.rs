//! Posting, changing and deleting.

use serde_json::json;

use super::post::{self, Draft};
use crate::slack::call::{Call, Outcome, Refusal, fields, is_member, visible};
use crate::slack::margin::{Ephemeral, Origin};
use crate::slack::show::{self, Threads, is_reply};
use crate::slack::sockets::events;
use crate::world::{Message, World};

pub(super) fn post_message(call: &Call) -> Outcome {
    let draft = Draft::read(&call.args, call.shared.margin.next())?;
    let mut world = call.shared.world();
    let id = post::destination(call, &mut world)?;
    let channel = visible(&world, &id)?;
    let thread_ts = match call.args.text("thread_ts") {
        None => None,
        Some(thread) => Some(post::root(channel, &thread)?),
    };
    let broadcast = thread_ts.is_some() && call.args.flag("reply_broadcast").unwrap_or(false);
    let ts = post::stamp(&world, channel);
    let message = Message {
        thread_ts,
        subtype: broadcast.then(|| "thread_broadcast".into()),
        ..post::by_bot(&world, ts.clone(), draft)
    };
    post::store(&mut world, &id, message);
    let answer = shown(&world, &id, &ts)?;
    drop(world);
    events::posted(&call.shared, &id, &ts);
    Ok(fields(json!({"channel": id, "ts": ts, "message": answer})))
}

fn shown(world: &World, id: &str, ts: &str) -> Result<serde_json::Value, Refusal> {
    let channel = visible(world, id)?;
    let message = channel.messages.get(ts).ok_or("message_not_found")?;
    let mut shown = show::message(world, channel, message, &Threads::of(channel), true);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("team".into(), json!(world.slack.team_id));
        for derived in
            ["reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked", "reactions"]
        {
            shown.remove(derived);
        }
    }
    Ok(shown)
}

pub(super) fn post_ephemeral(call: &Call) -> Outcome {
    let number = call.shared.margin.next();
    let draft = Draft::read(&call.args, number)?;
    let user = call.args.required("user")?;
    let mut world = call.shared.world();
    let id = post::destination(call, &mut world)?;
    let channel = visible(&world, &id)?;
    if !channel.members.contains(&user) {
        return Err("user_not_in_channel".into());
    }
    let ts = post::stamp(&world, channel);
    drop(world);
    call.shared.margin.entries().ephemerals.push(Ephemeral {
        channel: id,
        user,
        ts: ts.clone(),
        thread_ts: call.args.text("thread_ts"),
        text: draft.text.unwrap_or_default(),
        blocks: draft.blocks,
        origin: Origin::Posted,
    });
    Ok(fields(json!({"message_ts": ts})))
}

/// One of our own messages, by `channel` and `ts`.
fn own(call: &Call, world: &World, refusal: &str) -> Result<(String, Message), Refusal> {
    let id = call.args.text("channel").ok_or("channel_not_found")?;
    let ts = call.args.text("ts").ok_or("message_not_found")?;
    let channel = visible(world, &id)?;
    if channel.is_archived {
        return Err("is_archived".into());
    }
    let message = channel.messages.get(&ts).ok_or("message_not_found")?;
    if message.subtype.as_deref() == Some("tombstone") {
        return Err("message_not_found".into());
    }
    if message.bot_id.as_ref() != Some(&world.slack.bot_id) {
        return Err(refusal.into());
    }
    Ok((id, message.clone()))
}

/// An update's text may be a tenth of a post's: seen in practice, near 4,000 characters.
const UPDATE_MOST: usize = 4_000;

pub(super) fn update(call: &Call) -> Outcome {
    let draft = Draft::read(&call.args, call.shared.margin.next())?;
    if call.args.text("text").is_some_and(|text| text.chars().count() > UPDATE_MOST) {
        return Err("msg_too_long".into());
    }
    let mut world = call.shared.world();
    let (id, before) = own(call, &world, "cant_update_message")?;
    let channel = visible(&world, &id)?;
    let now = post::stamp(&world, channel);
    let mut after = before.clone();
    // Documented: blocks stay only if neither they nor text are given, and an update by blocks leaves no
    // mark of editing.
    if draft.blocks.is_none() && draft.text.is_some() {
        after.edited = Some((world.slack.bot_user.clone(), now));
    }
    if draft.blocks.is_some() || draft.text.is_some() {
        after.text = draft.text.unwrap_or_default();
        after.blocks = draft.blocks;
    }
    after.attachments = draft.attachments.or(after.attachments);
    after.metadata = draft.metadata.or(after.metadata);
    let ts = after.ts.clone();
    if let Some(channel) = world.slack.channels.get_mut(&id) {
        channel.messages.insert(ts.clone(), after.clone());
    }
    let answer = shown(&world, &id, &ts)?;
    drop(world);
    events::changed(&call.shared, &id, &before, &after);
    Ok(fields(json!({"channel": id, "ts": ts, "text": after.text, "message": answer})))
}

pub(super) fn delete(call: &Call) -> Outcome {
    let mut world = call.shared.world();
    let (id, message) = own(call, &world, "cant_delete_message")?;
    remove(&mut world, &id, &message.ts);
    drop(world);
    events::deleted(&call.shared, &id, &message);
    Ok(fields(json!({"channel": id, "ts": message.ts})))
}

/// Deletes a message: gone, or a tombstone if replies hang on it.
pub(crate) fn remove(world: &mut World, channel: &str, ts: &str) {
    let Some(channel) = world.slack.channels.get_mut(channel) else { return };
    let has_replies =
        channel.messages.values().any(|reply| is_reply(reply) && reply.thread_ts.as_deref() == Some(ts));
    let Some(message) = channel.messages.remove(ts) else { return };
    if has_replies {
        let tombstone = Message {
            ts: message.ts.clone(),
            thread_ts: Some(message.ts),
            user: Some("USLACKBOT".into()),
            text: "This message was deleted.".into(),
            subtype: Some("tombstone".into()),
            ..Message::default()
        };
        channel.messages.insert(tombstone.ts.clone(), tombstone);
        return;
    }
    // The last reply takes the thread with it.
    let Some(root) = message.thread_ts.filter(|root| *root != message.ts) else { return };
    let left =
        channel.messages.values().any(|reply| is_reply(reply) && reply.thread_ts.as_ref() == Some(&root));
    if !left && channel.messages.get(&root).is_some_and(|root| root.subtype.as_deref() == Some("tombstone")) {
        channel.messages.remove(&root);
    } else if !left && let Some(root) = channel.messages.get_mut(&root) {
        root.thread_ts = None;
    }
}

pub(super) fn permalink(call: &Call) -> Outcome {
    let id = call.args.required("channel")?;
    let ts = call.args.text("message_ts").ok_or("message_not_found")?;
    let world = call.shared.world();
    let channel = visible(&world, &id)?;
    let message = channel.messages.get(&ts).ok_or("message_not_found")?;
    Ok(fields(json!({"channel": id, "permalink": link(&world, &id, message)})))
}

/// A message's address.
pub(crate) fn link(world: &World, channel: &str, message: &Message) -> String {
    let digits = message.ts.replace('.', "");
    let mut link = format!("https://{}.slack.com/archives/{channel}/p{digits}", world.slack.domain);
    if let Some(root) = message.thread_ts.as_ref().filter(|root| **root != message.ts) {
        link.push_str(&format!("?thread_ts={root}&cid={channel}"));
    }
    link
}

pub(super) fn schedule(call: &Call) -> Outcome {
    Draft::read(&call.args, call.shared.margin.next())?;
    let at = call.args.number("post_at")?.ok_or("invalid_time")?;
    let mut world = call.shared.world();
    let id = post::destination(call, &mut world)?;
    let now = world.clock.now().as_second();
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    if at <= now {
        return Err("time_in_past".into());
    }
    if at > now + 120 * 86_400 {
        return Err("time_too_far".into());
    }
    let channel = visible(&world, &id)?;
    if !is_member(&world, channel) {
        return Err("not_in_channel".into());
    }
    drop(world);
    let number = call.shared.margin.next();
    Ok(fields(json!({"channel": id, "scheduled_message_id": format!("Q{number:010}"), "post_at": at})))
}
