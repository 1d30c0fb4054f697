//! What happens in the workspace, as the Events API tells it.
//!
//! None of these may be called with the world locked.

use std::sync::Arc;

use serde_json::{Value, json};

use super::delivery::{self, Envelope};
use crate::server::Shared;
use crate::slack::call::{is_member, scope_family};
use crate::slack::methods::post;
use crate::slack::show::{self, Threads};
use crate::world::{Channel, Message, World};

/// A message was posted, by whomever: apps hear their own messages too.
pub(crate) fn posted(shared: &Arc<Shared>, channel: &str, ts: &str) -> Vec<String> {
    let mut told = Vec::new();
    let world = shared.world();
    let Some(place) = world.slack.channels.get(channel) else { return told };
    let Some(message) = place.messages.get(ts) else { return told };
    if !is_member(&world, place) {
        return told;
    }
    let mut event = shown(&world, place, message);
    let mention = format!("<@{}>", world.slack.bot_user);
    let labelled = format!("<@{}|", world.slack.bot_user);
    let by_us = message.bot_id.as_ref() == Some(&world.slack.bot_id);
    let mentioned = !by_us && (message.text.contains(&mention) || message.text.contains(&labelled));
    let mut events = vec![(message_event(place), add(&mut event, place, ts).clone())];
    // In direct messages a mention is a message like any other.
    if mentioned && !place.is_im {
        if let Some(event) = event.as_object_mut() {
            event.insert("type".into(), json!("app_mention"));
            event.remove("channel_type");
            event.remove("parent_user_id");
        }
        events.push(("app_mention", event));
    }
    let ext_shared = place.is_ext_shared;
    drop(world);
    for (name, event) in events {
        told.extend(emit(shared, name, event, ext_shared));
    }
    told
}

/// A message was edited.
pub(crate) fn changed(shared: &Arc<Shared>, channel: &str, before: &Message, after: &Message) {
    about(shared, channel, |world, place| {
        json!({
            "type": "message", "subtype": "message_changed", "hidden": true,
            "message": shown(world, place, after), "previous_message": shown(world, place, before),
        })
    });
}

/// A message was deleted; one with replies was replaced by a tombstone, which Slack calls a change.
pub(crate) fn deleted(shared: &Arc<Shared>, channel: &str, before: &Message) {
    about(shared, channel, |world, place| match place.messages.get(&before.ts) {
        Some(tombstone) => json!({
            "type": "message", "subtype": "message_changed", "hidden": true,
            "message": shown(world, place, tombstone), "previous_message": shown(world, place, before),
        }),
        None => json!({
            "type": "message", "subtype": "message_deleted", "hidden": true, "deleted_ts": before.ts,
            "previous_message": shown(world, place, before),
        }),
    });
}

fn about(shared: &Arc<Shared>, channel: &str, event: impl FnOnce(&World, &Channel) -> Value) {
    let world = shared.world();
    let Some(place) = world.slack.channels.get(channel).filter(|place| is_member(&world, place)) else {
        return;
    };
    let mut event = event(&world, place);
    let ts = post::stamp(&world, place);
    add(&mut event, place, &ts);
    if let Some(event) = event.as_object_mut() {
        event.insert("ts".into(), json!(ts));
    }
    let (name, ext_shared) = (message_event(place), place.is_ext_shared);
    drop(world);
    emit(shared, name, event, ext_shared);
}

/// A reaction was added or removed.
pub(crate) fn reaction(
    shared: &Arc<Shared>,
    name: &'static str,
    channel: &str,
    ts: &str,
    user: &str,
    emoji: &str,
) {
    let world = shared.world();
    let Some(place) = world.slack.channels.get(channel).filter(|place| is_member(&world, place)) else {
        return;
    };
    let author = place.messages.get(ts).and_then(|message| message.user.clone());
    let mut event = json!({
        "type": name, "user": user, "reaction": emoji, "event_ts": post::stamp(&world, place),
        "item": {"type": "message", "channel": channel, "ts": ts},
    });
    if let (Some(event), Some(author)) = (event.as_object_mut(), author) {
        event.insert("item_user".into(), json!(author));
    }
    let ext_shared = place.is_ext_shared;
    drop(world);
    emit(shared, name, event, ext_shared);
}

/// Somebody, perhaps the bot, joined a channel.
pub(crate) fn joined(shared: &Arc<Shared>, channel: &str, user: &str) {
    let world = shared.world();
    let Some(place) = world.slack.channels.get(channel).filter(|place| is_member(&world, place)) else {
        return;
    };
    let letter = if place.is_private { "G" } else { "C" };
    let event = json!({
        "type": "member_joined_channel", "user": user, "channel": channel, "channel_type": letter,
        "team": world.slack.team_id, "event_ts": post::stamp(&world, place),
    });
    let ext_shared = place.is_ext_shared;
    drop(world);
    emit(shared, "member_joined_channel", event, ext_shared);
}

/// The bot is no longer in a channel: somebody took it out, or it was closed or deleted. Of a channel that it has left
/// an app hears nothing more. `by` is who did it.
pub(crate) fn over(shared: &Arc<Shared>, name: &'static str, channel: &str, by: &str) {
    let (event, ext_shared) = {
        let world = shared.world();
        let place = world.slack.channels.get(channel);
        let ts = place.map_or_else(String::new, |place| post::stamp(&world, place));
        let mut event = json!({"type": name, "channel": channel, "event_ts": ts});
        if let Some(event) = event.as_object_mut() {
            match name {
                "channel_archive" | "group_archive" => {
                    event.insert("user".into(), json!(by));
                    event.insert("is_moved".into(), json!(0));
                }
                _ => drop(event.insert("actor_id".into(), json!(by))),
            }
        }
        (event, place.is_some_and(|place| place.is_ext_shared))
    };
    emit(shared, name, event, ext_shared);
}

/// A channel's history was changed at large. The event, as Slack documents it, does not say in which channel.
pub(crate) fn history_changed(shared: &Arc<Shared>, channel: &str, latest: &str) {
    let (name, event, ext_shared) = {
        let world = shared.world();
        let Some(place) = world.slack.channels.get(channel).filter(|place| is_member(&world, place)) else {
            return;
        };
        let name = if place.is_private { "group_history_changed" } else { "channel_history_changed" };
        let ts = post::stamp(&world, place);
        (name, json!({"type": name, "latest": latest, "ts": ts, "event_ts": ts}), place.is_ext_shared)
    };
    emit(shared, name, event, ext_shared);
}

/// Somebody opened the app's home, at `home` or `messages`.
pub(crate) fn home_opened(shared: &Arc<Shared>, user: &str, channel: &str, tab: &str) {
    let ts = {
        let world = shared.world();
        format!("{}.000000", world.clock.now().as_second())
    };
    let event =
        json!({"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": ts});
    emit(shared, "app_home_opened", event, false);
}

fn shown(world: &World, place: &Channel, message: &Message) -> Value {
    show::message(world, place, message, &Threads::of(place), true)
}

/// What every event about a message carries beside the message.
fn add<'e>(event: &'e mut Value, place: &Channel, ts: &str) -> &'e Value {
    if let Some(event) = event.as_object_mut() {
        let kind = match scope_family(place) {
            "groups" => "group",
            "channels" => "channel",
            other => other,
        };
        event.insert("channel".into(), json!(place.id));
        event.insert("event_ts".into(), json!(ts));
        event.insert("channel_type".into(), json!(kind));
    }
    event
}

fn message_event(place: &Channel) -> &'static str {
    match scope_family(place) {
        "im" => "message.im",
        "mpim" => "message.mpim",
        "groups" => "message.groups",
        _ => "message.channels",
    }
}

/// The scope without which Slack does not send an event.
fn scope(event: &str) -> Option<&'static str> {
    Some(match event {
        "message.im" => "im:history",
        "message.mpim" => "mpim:history",
        "message.groups" | "group_history_changed" => "groups:history",
        "message.channels" | "channel_history_changed" => "channels:history",
        "app_mention" => "app_mentions:read",
        "reaction_added" | "reaction_removed" => "reactions:read",
        "member_joined_channel" | "channel_left" | "channel_archive" | "channel_deleted" => "channels:read",
        "group_left" | "group_archive" | "group_deleted" => "groups:read",
        _ => return None,
    })
}

/// Wraps an event and sends it. Gives the envelope's id, if the app subscribed to the event and may have it.
fn emit(shared: &Arc<Shared>, name: &'static str, event: Value, ext_shared: bool) -> Option<String> {
    if !shared.sockets.subscribed(name) {
        return None;
    }
    let world = shared.world();
    let slack = &world.slack;
    let granted = |wanted: &str| slack.bot_tokens.values().any(|scopes| scopes.contains(wanted));
    if scope(name).is_some_and(|scope| !granted(scope)) {
        return None;
    }
    let id = shared.sockets.fresh_id();
    let event_id = format!("Ev{}", id.replace('-', "").to_uppercase());
    let channel = event.get("channel").and_then(Value::as_str).unwrap_or_default();
    let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
    let context = format!("4-{kind}-{}-{}-{channel}", slack.team_id, slack.app_id);
    let payload = json!({
        "token": "twin-verification-token", "team_id": slack.team_id, "context_team_id": slack.team_id,
        "context_enterprise_id": null, "api_app_id": slack.app_id, "event": event, "type": "event_callback",
        "event_id": event_id, "event_time": world.clock.now().as_second(), "event_context": context,
        "is_ext_shared_channel": ext_shared,
        "authorizations": [{
            "enterprise_id": null, "team_id": slack.team_id, "user_id": slack.bot_user, "is_bot": true,
            "is_enterprise_install": false,
        }],
    });
    drop(world);
    delivery::deliver(shared, Envelope { id: id.clone(), kind: "events_api", payload, done: None });
    Some(id)
}
