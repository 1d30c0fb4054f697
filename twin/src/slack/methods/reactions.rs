//! Emoji under messages.

use serde_json::json;

use crate::slack::call::{Call, Outcome, Refusal, fields, is_member, visible};
use crate::slack::show::{self, Threads};
use crate::slack::sockets;
use crate::world::{Reaction, World};

/// Which message: `channel` and `timestamp`.
fn target(call: &Call, world: &World) -> Result<(String, String), Refusal> {
    let channel = call.args.text("channel").ok_or("no_item_specified")?;
    let ts = call.args.text("timestamp").ok_or("no_item_specified")?;
    let found = visible(world, &channel)?;
    if !is_member(world, found) && (found.is_private || found.is_im) {
        return Err("not_in_channel".into());
    }
    if !found.messages.contains_key(&ts) {
        return Err("message_not_found".into());
    }
    Ok((channel, ts))
}

fn name(call: &Call) -> Result<String, Refusal> {
    let name = call.args.text("name").ok_or("no_reaction")?;
    let name = name.trim_matches(':').to_owned();
    let known = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'' | ':');
    if name.is_empty() || !name.chars().all(known) || !name.is_ascii() {
        return Err("invalid_name".into());
    }
    Ok(name)
}

pub(super) fn add(call: &Call) -> Outcome {
    let name = name(call)?;
    let mut world = call.shared.world();
    let (channel, ts) = target(call, &world)?;
    let bot = world.slack.bot_user.clone();
    if world.slack.channels.get(&channel).is_some_and(|channel| channel.is_archived) {
        return Err("is_archived".into());
    }
    if !give(&mut world, &channel, &ts, &bot, &name) {
        return Err("already_reacted".into());
    }
    drop(world);
    sockets::events::reaction(&call.shared, "reaction_added", &channel, &ts, &bot, &name);
    Ok(fields(json!({})))
}

/// Adds somebody's reaction; false when it was there already.
pub(crate) fn give(world: &mut World, channel: &str, ts: &str, user: &str, name: &str) -> bool {
    let message = world.slack.channels.get_mut(channel).and_then(|channel| channel.messages.get_mut(ts));
    let Some(message) = message else { return false };
    match message.reactions.iter_mut().find(|reaction| reaction.name == name) {
        Some(reaction) if reaction.users.iter().any(|known| known == user) => false,
        Some(reaction) => {
            reaction.users.push(user.to_owned());
            true
        }
        None => {
            message.reactions.push(Reaction { name: name.to_owned(), users: vec![user.to_owned()] });
            true
        }
    }
}

/// Takes somebody's reaction back; false when there is none.
pub(crate) fn take(world: &mut World, channel: &str, ts: &str, user: &str, name: &str) -> bool {
    let message = world.slack.channels.get_mut(channel).and_then(|channel| channel.messages.get_mut(ts));
    let Some(message) = message else { return false };
    let Some(reaction) = message.reactions.iter_mut().find(|reaction| reaction.name == name) else {
        return false;
    };
    let Some(place) = reaction.users.iter().position(|known| known == user) else { return false };
    reaction.users.remove(place);
    message.reactions.retain(|reaction| !reaction.users.is_empty());
    true
}

pub(super) fn remove(call: &Call) -> Outcome {
    let name = name(call)?;
    let mut world = call.shared.world();
    let (channel, ts) = target(call, &world)?;
    let bot = world.slack.bot_user.clone();
    if !take(&mut world, &channel, &ts, &bot, &name) {
        return Err("no_reaction".into());
    }
    drop(world);
    sockets::events::reaction(&call.shared, "reaction_removed", &channel, &ts, &bot, &name);
    Ok(fields(json!({})))
}

pub(super) fn get(call: &Call) -> Outcome {
    let world = call.shared.world();
    let (channel_id, ts) = target(call, &world)?;
    let channel = visible(&world, &channel_id)?;
    let message = channel.messages.get(&ts).ok_or("message_not_found")?;
    let shown = show::message(&world, channel, message, &Threads::of(channel), false);
    Ok(fields(json!({"type": "message", "channel": channel_id, "message": shown})))
}
