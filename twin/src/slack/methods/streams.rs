//! Messages that grow while they are read.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::post::{self, Draft};
use crate::slack::blocks;
use crate::slack::call::{Call, Outcome, Refusal, fields, visible};
use crate::slack::escape;
use crate::slack::margin::Stream;
use crate::slack::sockets::events;
use crate::world::Message;

/// A stream ends by itself about five minutes after its start, whoever still writes to it.
const LIFE: Duration = Duration::from_secs(300);

/// Text and cards that a call brings.
struct Piece {
    markdown: String,
    tasks: Vec<Value>,
}

fn piece(call: &Call) -> Result<Piece, Refusal> {
    let mut markdown = call.args.text("markdown_text").unwrap_or_default();
    let chunks = call.args.json("chunks", "invalid_chunks")?.unwrap_or_else(|| json!([]));
    let Some(chunks) = chunks.as_array() else { return Err("invalid_chunks".into()) };
    if !markdown.is_empty() && !chunks.is_empty() {
        return Err("cannot_provide_both_markdown_text_and_chunks".into());
    }
    let mut tasks = Vec::new();
    for chunk in chunks {
        let text = |name: &str| chunk.get(name).and_then(Value::as_str);
        match text("type") {
            Some("markdown_text") => markdown.push_str(text("text").ok_or("invalid_chunks")?),
            Some("task_update") => {
                text("id").ok_or("invalid_chunks")?;
                text("title").ok_or("invalid_chunks")?;
                let status = text("status").ok_or("invalid_chunks")?;
                if !["pending", "in_progress", "complete", "error"].contains(&status) {
                    return Err("invalid_chunks".into());
                }
                tasks.push(chunk.clone());
            }
            Some("plan_update") => {
                text("title").ok_or("invalid_chunks")?;
                tasks.push(chunk.clone());
            }
            Some("blocks") => {
                blocks::check(chunk.get("blocks").ok_or("invalid_chunks")?).map_err(post::refused_blocks)?;
            }
            _ => return Err("invalid_chunks".into()),
        }
    }
    if markdown.chars().count() > 12_000 {
        return Err("msg_too_long".into());
    }
    Ok(Piece { markdown, tasks })
}

pub(super) fn start(call: &Call) -> Outcome {
    let piece = piece(call)?;
    let mut world = call.shared.world();
    let id = post::destination(call, &mut world)?;
    let channel = visible(&world, &id)?;
    let thread = match call.args.text("thread_ts") {
        Some(thread) => Some(post::root(channel, &thread)?),
        // Only in channels may a stream stand by itself.
        None if channel.is_im => return Err("invalid_thread_ts".into()),
        None => None,
    };
    if !channel.is_im {
        if call.args.text("recipient_user_id").is_none() {
            return Err("missing_recipient_user_id".into());
        }
        if call.args.text("recipient_team_id").is_none() {
            return Err("missing_recipient_team_id".into());
        }
    }
    if call
        .args
        .text("task_display_mode")
        .is_some_and(|mode| !["timeline", "plan", "dense"].contains(&mode.as_str()))
    {
        return Err("invalid_arguments".into());
    }
    let ts = post::stamp(&world, channel);
    let draft = Draft { text: Some(escape::kept(&piece.markdown)), ..Draft::default() };
    let message = Message { thread_ts: thread, ..post::by_bot(&world, ts.clone(), draft) };
    post::store(&mut world, &id, message);
    drop(world);
    let stream = Stream { started: Instant::now(), raw: piece.markdown, tasks: piece.tasks };
    call.shared.margin.entries().streams.insert((id.clone(), ts.clone()), stream);
    events::posted(&call.shared, &id, &ts);
    Ok(fields(json!({"channel": id, "ts": ts})))
}

pub(super) fn append(call: &Call) -> Outcome {
    let piece = piece(call)?;
    let (id, ts, _) = grow(call, piece)?;
    Ok(fields(json!({"channel": id, "ts": ts})))
}

pub(super) fn stop(call: &Call) -> Outcome {
    let piece = piece(call)?;
    let closing = call.args.json("blocks", "invalid_blocks_format")?;
    if let Some(closing) = &closing {
        blocks::check(closing).map_err(post::refused_blocks)?;
    }
    let metadata = call.args.json("metadata", "invalid_metadata_format")?;
    let (id, ts, before) = grow(call, piece)?;
    call.shared.margin.entries().streams.remove(&(id.clone(), ts.clone()));
    let mut world = call.shared.world();
    let seed = call.shared.margin.next();
    let message = world.slack.channels.get_mut(&id).and_then(|channel| channel.messages.get_mut(&ts));
    let message = message.ok_or("message_not_found")?;
    message.blocks = closing.map(|closing| blocks::completed(closing, seed)).or(message.blocks.take());
    message.metadata = metadata.or(message.metadata.take());
    let after = message.clone();
    drop(world);
    events::changed(&call.shared, &id, &before, &after);
    let message = json!({"type": "message", "text": after.text, "ts": ts, "thread_ts": after.thread_ts});
    Ok(fields(json!({"channel": id, "ts": ts, "message": message})))
}

/// Adds to a stream that still runs. Gives the message as it was before.
fn grow(call: &Call, piece: Piece) -> Result<(String, String, Message), Refusal> {
    let id = call.args.required("channel")?;
    let ts = call.args.required("ts")?;
    let mut world = call.shared.world();
    let channel = visible(&world, &id)?;
    let before = channel.messages.get(&ts).ok_or("message_not_found")?.clone();
    if before.bot_id.as_ref() != Some(&world.slack.bot_id) {
        return Err("message_not_owned_by_app".into());
    }
    let mut margin = call.shared.margin.entries();
    let key = (id.clone(), ts.clone());
    let stream = margin.streams.get_mut(&key).ok_or("message_not_in_streaming_state")?;
    if stream.started.elapsed() >= LIFE {
        margin.streams.remove(&key);
        return Err("message_not_in_streaming_state".into());
    }
    stream.raw.push_str(&piece.markdown);
    stream.tasks.extend(piece.tasks);
    let text = escape::kept(&stream.raw);
    drop(margin);
    if let Some(message) = world.slack.channels.get_mut(&id).and_then(|channel| channel.messages.get_mut(&ts))
    {
        message.text = text;
    }
    Ok((id, ts, before))
}
