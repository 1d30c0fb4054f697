//! What people do in the workspace, for tests and demos to make them do.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::call::{Refusal, is_member};
use super::margin::{Ephemeral, Origin, ResponseUrl};
use super::methods::{direct, give, link, post, remove};
use super::show::{self, Threads, is_reply};
use super::sockets::delivery::{self, Envelope};
use super::sockets::events;
use crate::server::{Shared, Twin};
use crate::world::{Channel, Message, World};

/// The command of the app under test, when a command line does not name one.
const COMMAND: &str = "/caughtup";

impl Twin {
    /// Somebody types a slash command: `text` alone, or `/command text`. Gives its envelope's id.
    pub fn slash(&self, user: &str, channel: &str, text: &str) -> String {
        slash(self.shared(), user, channel, text)
    }

    /// Somebody writes a message, or a reply when `thread` names a message. `channel` may be the bot's user
    /// id, which means the direct message between the two. Gives the message's `ts`.
    pub fn says(&self, user: &str, channel: &str, text: &str, thread: Option<&str>) -> String {
        says(self.shared(), user, channel, text, thread).1
    }

    /// The direct message between somebody and the bot, opened if need be.
    pub fn dm(&self, user: &str) -> String {
        let mut world = self.shared().world();
        direct(&mut world, &[user.to_owned()]).map(|(id, _)| id).unwrap_or_default()
    }

    /// The author edits a message.
    pub fn edit(&self, channel: &str, ts: &str, text: &str) {
        let mut world = self.shared().world();
        let Some(place) = world.slack.channels.get(channel) else { return };
        let now = post::stamp(&world, place);
        let place = world.slack.channels.get_mut(channel);
        let Some(message) = place.and_then(|place| place.messages.get_mut(ts)) else { return };
        let before = message.clone();
        message.text = text.to_owned();
        message.edited = Some((message.user.clone().unwrap_or_default(), now));
        let after = message.clone();
        drop(world);
        events::changed(self.shared(), channel, &before, &after);
        self.shared().changes.ring();
    }

    /// The author deletes a message.
    pub fn delete(&self, channel: &str, ts: &str) {
        let mut world = self.shared().world();
        let Some(place) = world.slack.channels.get(channel) else { return };
        let Some(before) = place.messages.get(ts).cloned() else { return };
        remove(&mut world, channel, ts);
        drop(world);
        events::deleted(self.shared(), channel, &before);
        self.shared().changes.ring();
    }

    /// Somebody reacts with an emoji, named without colons.
    pub fn react(&self, user: &str, channel: &str, ts: &str, emoji: &str) {
        let new = give(&mut self.shared().world(), channel, ts, user, emoji);
        if new {
            events::reaction(self.shared(), "reaction_added", channel, ts, user, emoji);
            self.shared().changes.ring();
        }
    }

    /// Somebody presses a button of a message, or of an ephemeral line, and so sends its `value`, or this
    /// one. Gives the envelope's id; none when there is no such button.
    pub fn press(
        &self,
        user: &str,
        (channel, ts): (&str, &str),
        action_id: &str,
        value: Option<&str>,
    ) -> Option<String> {
        press(self.shared(), user, channel, ts, action_id, value)
    }

    /// Somebody opens the app's home, at the tab `home` or `messages`.
    pub fn opens_home(&self, user: &str, tab: &str) {
        let channel = self.dm(user);
        events::home_opened(self.shared(), user, &channel, tab);
    }

    /// Everything the bot has in a channel, oldest first, replies included.
    pub fn posts(&self, channel: &str) -> Vec<Message> {
        let world = self.shared().world();
        let bot = &world.slack.bot_id;
        let place = world.slack.channels.get(channel);
        let messages = place.into_iter().flat_map(|place| place.messages.values());
        messages.filter(|message| message.bot_id.as_ref() == Some(bot)).cloned().collect()
    }

    /// A thread: its parent and every reply, oldest first.
    pub fn thread(&self, channel: &str, ts: &str) -> Vec<Message> {
        let world = self.shared().world();
        let place = world.slack.channels.get(channel);
        let messages = place.into_iter().flat_map(|place| place.messages.values());
        let ours = |message: &&Message| message.ts == ts || message.thread_ts.as_deref() == Some(ts);
        messages.filter(ours).cloned().collect()
    }

    /// A message's address.
    pub fn permalink(&self, channel: &str, ts: &str) -> Option<String> {
        let world = self.shared().world();
        let message = world.slack.channels.get(channel)?.messages.get(ts)?;
        Some(link(&world, channel, message))
    }

    /// Every line so far that only one person saw.
    pub fn ephemerals(&self) -> Vec<Ephemeral> {
        self.shared().margin.ephemerals()
    }

    /// How many websockets are open.
    pub fn connections(&self) -> usize {
        self.shared().sockets.connections()
    }

    /// Sends every envelope so many times.
    pub fn repeat_envelope(&self, times: u32) {
        self.shared().sockets.repeat_envelope(times);
    }

    /// Warns every websocket of its end, which comes ten seconds later.
    pub fn warn_disconnect(&self) {
        self.shared().sockets.warn_disconnect();
    }

    /// Asks for every websocket to be opened anew.
    pub fn refresh_connections(&self) {
        self.shared().sockets.refresh_connections();
    }

    /// Cuts every websocket without a word.
    pub fn drop_sockets(&self) {
        self.shared().sockets.drop_sockets();
        self.shared().changes.ring();
    }

    /// Switches Socket Mode off.
    pub fn link_disabled(&self) {
        self.shared().sockets.link_disabled();
    }

    /// Makes the websockets that are open now ghosts, or brings them back.
    pub fn deaf(&self, deaf: bool) {
        self.shared().sockets.deaf(deaf);
    }
}

pub(super) fn slash(shared: &Arc<Shared>, user: &str, channel: &str, line: &str) -> String {
    let (command, text) = match line.split_once(' ') {
        Some((command, text)) if command.starts_with('/') => (command, text),
        None if line.starts_with('/') => (line, ""),
        _ => (COMMAND, line),
    };
    let id = shared.sockets.fresh_id();
    let trigger = shared.sockets.trigger(user);
    let url = response_url(shared, "commands", channel, user, None);
    let world = shared.world();
    let place = world.slack.channels.get(channel);
    let channel_name = match place {
        Some(Channel { is_im: true, .. }) => "directmessage",
        Some(Channel { is_private: true, .. }) => "privategroup",
        Some(place) => &place.name,
        None => "",
    };
    let payload = json!({
        "token": "twin-verification-token", "team_id": world.slack.team_id, "team_domain": world.slack.domain,
        "channel_id": channel, "channel_name": channel_name, "user_id": user, "user_name": handle(&world, user),
        "command": command, "text": text, "api_app_id": world.slack.app_id, "is_enterprise_install": "false",
        "response_url": url, "trigger_id": trigger,
    });
    drop(world);
    let (user, channel, command) = (user.to_owned(), channel.to_owned(), command.to_owned());
    let done = move |shared: &Arc<Shared>, fate: Result<Option<Value>, ()>| match fate {
        Ok(Some(payload)) => answered(shared, &user, &channel, &payload),
        Ok(None) => {}
        Err(()) => {
            let text = format!("{command} failed with the error \"dispatch_failed\"");
            tell(shared, &user, &channel, text, None, Origin::Failure);
        }
    };
    let envelope = Envelope { id: id.clone(), kind: "slash_commands", payload, done: Some(Box::new(done)) };
    delivery::deliver(shared, envelope);
    id
}

/// What an acknowledgement's payload says, shown where the command was typed.
fn answered(shared: &Arc<Shared>, user: &str, channel: &str, payload: &Value) {
    let text = payload.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    let blocks = payload.get("blocks").cloned();
    if text.is_empty() && blocks.is_none() {
        return;
    }
    if payload.get("response_type").and_then(Value::as_str) == Some("in_channel") {
        let draft = post::Draft { text: Some(text), blocks, ..post::Draft::default() };
        post_as_bot(shared, channel, draft, None);
    } else {
        tell(shared, user, channel, text, blocks, Origin::Acknowledgement);
    }
}

/// Posts for the bot where it need not be a member, as answers to commands may.
pub(super) fn post_as_bot(shared: &Arc<Shared>, channel: &str, draft: post::Draft, thread: Option<String>) {
    let mut world = shared.world();
    let Some(place) = world.slack.channels.get(channel) else { return };
    let ts = post::stamp(&world, place);
    let message = Message { thread_ts: thread, ..post::by_bot(&world, ts.clone(), draft) };
    post::store(&mut world, channel, message);
    drop(world);
    events::posted(shared, channel, &ts);
    shared.changes.ring();
}

/// Shows somebody a line that nobody else sees. Gives its `ts`.
pub(super) fn tell(
    shared: &Arc<Shared>,
    user: &str,
    channel: &str,
    text: String,
    blocks: Option<Value>,
    origin: Origin,
) -> String {
    let ts = {
        let world = shared.world();
        let empty = Channel::default();
        post::stamp(&world, world.slack.channels.get(channel).unwrap_or(&empty))
    };
    let (user, channel) = (user.to_owned(), channel.to_owned());
    let line = Ephemeral { channel, user, ts: ts.clone(), thread_ts: None, text, blocks, origin };
    shared.margin.entries().ephemerals.push(line);
    shared.changes.ring();
    ts
}

pub(super) fn says(
    shared: &Arc<Shared>,
    user: &str,
    channel: &str,
    text: &str,
    thread: Option<&str>,
) -> (String, String) {
    let mut world = shared.world();
    let id = if channel == world.slack.bot_user {
        direct(&mut world, &[user.to_owned()]).map(|(id, _)| id).unwrap_or_default()
    } else {
        channel.to_owned()
    };
    let Some(place) = world.slack.channels.get(&id) else { return (id, String::new()) };
    let ts = post::stamp(&world, place);
    let thread_ts = thread.and_then(|thread| post::root(place, thread).ok());
    let message = Message {
        ts: ts.clone(),
        thread_ts,
        user: Some(user.to_owned()),
        text: text.to_owned(),
        client_msg_id: Some(shared.sockets.fresh_id()),
        ..Message::default()
    };
    post::store(&mut world, &id, message);
    drop(world);
    events::posted(shared, &id, &ts);
    shared.changes.ring();
    (id, ts)
}

pub(super) fn press(
    shared: &Arc<Shared>,
    user: &str,
    channel: &str,
    ts: &str,
    action_id: &str,
    value: Option<&str>,
) -> Option<String> {
    let line = shared.margin.ephemerals().into_iter().find(|line| line.channel == channel && line.ts == ts);
    let world = shared.world();
    let place = world.slack.channels.get(channel)?;
    let stored = place.messages.get(ts);
    let blocks = match (&line, stored) {
        (Some(line), _) => line.blocks.clone()?,
        (None, Some(message)) => message.blocks.clone()?,
        (None, None) => return None,
    };
    let (block_id, action) = find_action(&blocks, action_id)?;
    let mut action = taken(action, value)?;
    if let Some(action) = action.as_object_mut() {
        action.insert("block_id".into(), json!(block_id));
        action.insert("action_ts".into(), json!(post::stamp(&world, place)));
    }
    let message = match stored {
        Some(message) => show::message(&world, place, message, &Threads::of(place), true),
        None => json!({"type": "message", "subtype": "bot_message", "ts": ts, "blocks": blocks}),
    };
    let mut container = json!({
        "type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": line.is_some(),
    });
    if let (Some(container), Some(message)) = (container.as_object_mut(), stored.filter(|m| is_reply(m))) {
        container.insert("thread_ts".into(), json!(message.thread_ts));
    }
    let name = if place.is_im { "directmessage" } else { &place.name };
    let team = json!({"id": world.slack.team_id, "domain": world.slack.domain});
    let person = json!({
        "id": user, "username": handle(&world, user), "name": handle(&world, user), "team_id": world.slack.team_id,
    });
    let mut payload = json!({
        "type": "block_actions", "user": person, "api_app_id": world.slack.app_id,
        "token": "twin-verification-token", "container": container, "team": team, "enterprise": null,
        "is_enterprise_install": false, "channel": {"id": channel, "name": name}, "message": message,
        "state": {"values": {}}, "actions": [action],
    });
    drop(world);
    let url = response_url(shared, "actions", channel, user, line.is_none().then(|| ts.to_owned()));
    if let Some(line) = line
        && let Some(entry) = shared.margin.entries().urls.get_mut(&key_of(&url))
    {
        entry.last = Some(line.ts);
    }
    if let Some(payload) = payload.as_object_mut() {
        payload.insert("response_url".into(), json!(url));
        payload.insert("trigger_id".into(), json!(shared.sockets.trigger(user)));
    }
    let id = shared.sockets.fresh_id();
    delivery::deliver(shared, Envelope { id: id.clone(), kind: "interactive", payload, done: None });
    Some(id)
}

/// What is told of what was pressed: of a button all but its question, of a menu the choice and nothing of the
/// others. None when there is no such choice.
fn taken(mut element: Value, value: Option<&str>) -> Option<Value> {
    let kind = element.get("type").and_then(Value::as_str).unwrap_or_default();
    if matches!(kind, "overflow" | "static_select" | "radio_buttons") {
        let options = element.get("options").and_then(Value::as_array)?;
        let chosen = |option: &&Value| {
            value.is_none_or(|value| option.get("value").and_then(Value::as_str) == Some(value))
        };
        let chosen = options.iter().find(chosen)?;
        return Some(json!({"type": kind, "action_id": element.get("action_id"), "selected_option": chosen}));
    }
    let fields = element.as_object_mut()?;
    fields.remove("confirm");
    if let Some(value) = value {
        fields.insert("value".into(), json!(value));
    }
    Some(element)
}

fn find_action(blocks: &Value, action_id: &str) -> Option<(String, Value)> {
    for block in blocks.as_array()? {
        let accessory = block.get("accessory").into_iter();
        let elements = block.get("elements").and_then(Value::as_array).into_iter().flatten();
        let is_it = |element: &&Value| element.get("action_id").and_then(Value::as_str) == Some(action_id);
        if let Some(action) = accessory.chain(elements).find(is_it) {
            let block_id = block.get("block_id").and_then(Value::as_str).unwrap_or_default();
            return Some((block_id.to_owned(), action.clone()));
        }
    }
    None
}

/// A new response URL.
fn response_url(
    shared: &Arc<Shared>,
    path: &str,
    channel: &str,
    user: &str,
    message: Option<String>,
) -> String {
    let team = shared.world().slack.team_id.clone();
    let number = shared.margin.next();
    let key = format!("{team}/{number}/{}", shared.sockets.fresh_id().replace('-', ""));
    let entry = ResponseUrl {
        channel: channel.to_owned(),
        user: user.to_owned(),
        made: Instant::now(),
        uses: 0,
        message,
        last: None,
    };
    shared.margin.entries().urls.insert(key.clone(), entry);
    format!("http://{}/{path}/{key}", shared.slack)
}

fn key_of(url: &str) -> String {
    let mut parts: Vec<&str> = url.rsplit('/').take(3).collect();
    parts.reverse();
    parts.join("/")
}

pub(super) fn handle(world: &World, user: &str) -> String {
    let person = world.people.iter().find(|person| person.id == user);
    person.map(|person| person.handle.clone()).unwrap_or_default()
}

/// Whether the bot may hear a channel at all.
pub(super) fn hears(shared: &Arc<Shared>, channel: &str) -> Result<(), Refusal> {
    let world = shared.world();
    let place = world.slack.channels.get(channel).ok_or("channel_not_found")?;
    if is_member(&world, place) { Ok(()) } else { Err("not_in_channel".into()) }
}
