//! The world in Slack's JSON: messages, channels, people.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::call::{fields, is_member};
use super::rich_text;
use crate::world::{Channel, Kind, Message, Person, World};

/// Another organisation's team, which strangers belong to.
pub(super) const OTHER_TEAM: &str = "T0OTHERORG";

/// A channel's threads: replies by their parent's `ts`, oldest first.
pub(super) struct Threads<'w> {
    replies: HashMap<&'w str, Vec<&'w Message>>,
}

impl<'w> Threads<'w> {
    pub fn of(channel: &'w Channel) -> Self {
        let mut replies: HashMap<&str, Vec<&Message>> = HashMap::new();
        for message in channel.messages.values().filter(|message| is_reply(message)) {
            replies.entry(message.thread_ts.as_deref().unwrap_or_default()).or_default().push(message);
        }
        Self { replies }
    }

    pub fn replies(&self, root: &str) -> &[&'w Message] {
        self.replies.get(root).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Whether it stands below another message.
pub(super) fn is_reply(message: &Message) -> bool {
    message.thread_ts.as_ref().is_some_and(|root| *root != message.ts)
}

/// A message as history, replies and events show it. `metadata` only on request.
pub(super) fn message(
    world: &World,
    channel: &Channel,
    message: &Message,
    threads: &Threads<'_>,
    metadata: bool,
) -> Value {
    let mut shown = bare(world, message, metadata);
    let replies = threads.replies(&message.ts);
    if is_reply(message) {
        let root = message.thread_ts.as_deref().and_then(|root| channel.messages.get(root));
        if let Some(author) = root.and_then(|root| root.user.as_ref()) {
            shown.insert("parent_user_id".into(), json!(author));
        }
        if message.subtype.as_deref() == Some("thread_broadcast")
            && let Some(root) = root
        {
            let mut root_shown = bare(world, root, metadata);
            add_thread(&mut root_shown, &root.ts, threads.replies(&root.ts));
            shown.insert("root".into(), Value::Object(root_shown));
        }
    } else if !replies.is_empty() {
        add_thread(&mut shown, &message.ts, replies);
    }
    Value::Object(shown)
}

fn add_thread(shown: &mut Map<String, Value>, ts: &str, replies: &[&Message]) {
    let mut users: Vec<&str> = Vec::new();
    for author in replies.iter().filter_map(|reply| reply.user.as_deref()) {
        if !users.contains(&author) {
            users.push(author);
        }
    }
    shown.insert("thread_ts".into(), json!(ts));
    shown.insert("reply_count".into(), json!(replies.len()));
    shown.insert("reply_users_count".into(), json!(users.len()));
    shown.insert("latest_reply".into(), json!(replies.last().map(|reply| &reply.ts)));
    // Five at most, so a client cannot take this list for the whole cast of a thread.
    shown.insert("reply_users".into(), json!(users.iter().take(5).collect::<Vec<_>>()));
    shown.insert("is_locked".into(), json!(false));
}

fn bare(world: &World, message: &Message, metadata: bool) -> Map<String, Value> {
    let slack = &world.slack;
    let mut shown = fields(json!({"type": "message", "text": message.text, "ts": message.ts}));
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            shown.insert(name.into(), value);
        }
    };
    let tombstone = message.subtype.as_deref() == Some("tombstone");
    put("subtype", message.subtype.clone().map(Value::from));
    put("user", message.user.clone().map(Value::from));
    put("username", message.username.clone().map(Value::from));
    put(
        "thread_ts",
        message.thread_ts.clone().filter(|root| *root != message.ts || tombstone).map(Value::from),
    );
    put("hidden", tombstone.then_some(json!(true)));
    put("bot_id", message.bot_id.clone().map(Value::from));
    if let Some(bot_id) = &message.bot_id {
        let app = if *bot_id == slack.bot_id { slack.app_id.clone() } else { app_of(bot_id) };
        let name = message.username.clone().unwrap_or_else(|| name_of(world, message.user.as_deref()));
        put("app_id", Some(json!(app)));
        put("bot_profile", Some(bot_profile(world, bot_id, &app, &name)));
    }
    put("client_msg_id", message.client_msg_id.clone().map(Value::from));
    if message.user.is_some() && message.subtype.is_none() {
        put("team", Some(json!(slack.team_id)));
    }
    put("edited", message.edited.as_ref().map(|(user, ts)| json!({"user": user, "ts": ts})));
    let reactions = message.reactions.iter().filter(|reaction| !reaction.users.is_empty());
    let reactions: Vec<Value> = reactions
        .map(
            |reaction| json!({"name": reaction.name, "users": reaction.users, "count": reaction.users.len()}),
        )
        .collect();
    put("reactions", (!reactions.is_empty()).then(|| json!(reactions)));
    // The composer writes rich text; only what was posted by API comes without it.
    let composed = (message.client_msg_id.is_some() && !message.text.is_empty())
        .then(|| json!([rich_text::block(&message.text, &message.ts)]));
    put("blocks", message.blocks.clone().or(composed));
    put("attachments", message.attachments.clone());
    put("upload", message.files.as_ref().map(|_| json!(false)));
    put("files", message.files.clone());
    put("metadata", message.metadata.clone().filter(|_| metadata));
    shown
}

/// The app behind another bot: the world does not say, so it is made of the bot's id.
fn app_of(bot_id: &str) -> String {
    format!("A{}", bot_id.trim_start_matches('B'))
}

fn name_of(world: &World, user: Option<&str>) -> String {
    let person = world.people.iter().find(|person| Some(person.id.as_str()) == user);
    person.map(|person| person.real_name.clone()).unwrap_or_default()
}

fn bot_profile(world: &World, bot_id: &str, app: &str, name: &str) -> Value {
    json!({
        "id": bot_id, "deleted": false, "name": name, "updated": 1_700_000_000, "app_id": app,
        "team_id": world.slack.team_id,
        "icons": {
            "image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png",
            "image_48": "https://a.slack-edge.com/80588/img/plugins/app/bot_48.png",
            "image_72": "https://a.slack-edge.com/80588/img/plugins/app/service_72.png",
        },
    })
}

/// A channel; `num_members` only where Slack gives it.
pub(super) fn channel(world: &World, channel: &Channel, num_members: bool) -> Value {
    let team = &world.slack.team_id;
    if channel.is_im {
        let other = channel.members.iter().find(|id| **id != world.slack.bot_user);
        let gone = world.people.iter().any(|person| Some(&person.id) == other && person.kind == Kind::Gone);
        return json!({
            "id": channel.id, "created": channel.created, "is_im": true, "is_org_shared": false,
            "is_archived": false, "context_team_id": team, "updated": channel.created * 1000,
            "user": other, "is_user_deleted": gone, "priority": 0,
        });
    }
    let prose = |text: &str| {
        let (creator, last_set) =
            if text.is_empty() { ("", 0) } else { (channel.creator.as_str(), channel.created) };
        json!({"value": text, "creator": creator, "last_set": last_set})
    };
    let mut shown = fields(json!({
        "id": channel.id, "name": channel.name, "name_normalized": channel.name,
        "is_channel": !channel.is_private && !channel.is_mpim, "is_group": channel.is_private && !channel.is_mpim,
        "is_im": false, "is_mpim": channel.is_mpim, "is_private": channel.is_private || channel.is_mpim,
        "created": channel.created, "is_archived": channel.is_archived, "is_general": channel.is_general,
        "unlinked": 0, "is_shared": channel.is_ext_shared, "is_org_shared": false,
        "is_ext_shared": channel.is_ext_shared, "is_pending_ext_shared": false, "pending_shared": [],
        "pending_connected_team_ids": [], "context_team_id": team, "updated": channel.created * 1000,
        "creator": channel.creator, "is_member": is_member(world, channel),
        "shared_team_ids": if channel.is_ext_shared { vec![team.as_str(), OTHER_TEAM] } else { vec![team.as_str()] },
        "topic": prose(&channel.topic), "purpose": prose(&channel.purpose),
        "previous_names": channel.previous_names,
    }));
    if num_members {
        shown.insert("num_members".into(), json!(channel.members.len()));
    }
    Value::Object(shown)
}

/// Somebody; the e-mail address only with its scope.
pub(super) fn person(world: &World, person: &Person, email: bool) -> Value {
    let kind = person.kind;
    let bot = kind == Kind::Bot;
    let stranger = kind == Kind::Stranger;
    let team = if stranger { OTHER_TEAM } else { world.slack.team_id.as_str() };
    let (first, last) = person.real_name.split_once(' ').unwrap_or((&person.real_name, ""));
    let image = |size: u16| format!("https://secure.gravatar.com/avatar/{}.jpg?s={size}", person.id);
    let mut profile = fields(json!({
        "title": person.title, "phone": "", "skype": "", "real_name": person.real_name,
        "real_name_normalized": person.real_name, "display_name": person.display_name,
        "display_name_normalized": person.display_name, "status_text": "", "status_emoji": "",
        "status_emoji_display_info": [], "status_expiration": 0, "avatar_hash": "g0000000000",
        "image_24": image(24), "image_32": image(32), "image_48": image(48), "image_72": image(72),
        "image_192": image(192), "image_512": image(512), "status_text_canonical": "",
        "first_name": first, "last_name": last, "team": team,
    }));
    if let Some(address) = person.email.as_ref().filter(|_| email && !bot) {
        profile.insert("email".into(), json!(address));
    }
    if bot {
        profile.insert("bot_id".into(), json!(bot_id_of(world, person)));
        profile.insert("api_app_id".into(), json!(app_id_of(world, person)));
        profile.insert("always_active".into(), json!(true));
    }
    let mut shown = fields(json!({
        "id": person.id, "team_id": team, "name": person.handle, "deleted": kind == Kind::Gone,
        "updated": 1_700_000_000, "profile": profile, "is_bot": bot, "is_app_user": false,
    }));
    // Slack leaves these out on accounts that are gone.
    if kind != Kind::Gone {
        let restricted = matches!(kind, Kind::Guest | Kind::SingleChannelGuest);
        let (label, offset) = zone(world, &person.tz);
        shown.extend(fields(json!({
            "color": "4bbe2e", "real_name": person.real_name, "tz": person.tz, "tz_label": label,
            "tz_offset": offset, "is_admin": false, "is_owner": false, "is_primary_owner": false,
            "is_restricted": restricted, "is_ultra_restricted": kind == Kind::SingleChannelGuest,
            "is_email_confirmed": !bot, "who_can_share_contact_card": "EVERYONE",
        })));
    }
    if stranger {
        shown.insert("is_stranger".into(), json!(true));
    }
    Value::Object(shown)
}

/// The zone's name for people, and its offset now, in seconds.
fn zone(world: &World, tz: &str) -> (String, i32) {
    let zoned = world.clock.now().in_tz(tz);
    zoned.map_or_else(
        |_| ("Coordinated Universal Time".into(), 0),
        |now| (tz.replace('_', " "), now.offset().seconds()),
    )
}

pub(super) fn bot_id_of(world: &World, person: &Person) -> String {
    if person.id == world.slack.bot_user {
        return world.slack.bot_id.clone();
    }
    format!("B{}", person.id.trim_start_matches(['U', 'W']))
}

pub(super) fn app_id_of(world: &World, person: &Person) -> String {
    if person.id == world.slack.bot_user {
        world.slack.app_id.clone()
    } else {
        app_of(&bot_id_of(world, person))
    }
}
