//! A workspace that fits on a page: enough of everything for a client to be tried against.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Channel, ConfluenceWorld, JiraWorld, Kind, Message, Person, Reaction, SlackWorld, World, WorldClock,
};

/// The bot's token.
pub const BOT_TOKEN: &str = "xoxb-small-bot";
/// The app-level token.
pub const APP_TOKEN: &str = "xapp-1-A0SMALL-small";

/// Every scope that a bot reading and writing conversations may hold.
pub const BOT_SCOPES: [&str; 26] = [
    "app_mentions:read",
    "assistant:write",
    "bookmarks:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
];

/// Two public channels, a private one, one that the bot is not in, a direct message, and eight people.
pub fn world(now: Timestamp) -> World {
    let bot = "U0SMALLBOT".to_owned();
    let clock = WorldClock::starting_at(now);
    let slack = SlackWorld {
        team_id: "T0SMALL".into(),
        domain: "small-co".into(),
        app_id: "A0SMALL".into(),
        bot_user: bot.clone(),
        bot_id: "B0SMALLBOT".into(),
        bot_tokens: BTreeMap::from([(BOT_TOKEN.into(), BOT_SCOPES.map(str::to_owned).into())]),
        app_tokens: BTreeMap::from([(APP_TOKEN.into(), BTreeSet::from(["connections:write".into()]))]),
        channels: channels(now, &bot),
    };
    World {
        company: "Small Company".into(),
        clock,
        people: people(),
        slack,
        jira: JiraWorld::default(),
        confluence: ConfluenceWorld::default(),
    }
}

fn people() -> Vec<Person> {
    let person = |id: &str, handle: &str, name: &str, tz: &str, kind| Person {
        id: id.into(),
        account_id: (kind != Kind::Bot).then(|| format!("small-{handle}")),
        handle: handle.into(),
        real_name: name.into(),
        display_name: name.split(' ').next().unwrap_or_default().into(),
        email: (kind != Kind::Bot).then(|| format!("{handle}@small.example")),
        tz: tz.into(),
        title: String::new(),
        kind,
        atlassian_app: false,
    };
    vec![
        person("U0DANA", "dana", "Dana Okafor", "Europe/London", Kind::Member),
        person("U0LIEN", "lien", "Liên Phạm", "Asia/Ho_Chi_Minh", Kind::Member),
        person("U0OMAR", "omar", "عمر حداد", "Asia/Amman", Kind::Member),
        person("U0GUEST", "gus", "Gus Guest", "America/New_York", Kind::Guest),
        person("U0SOLO", "solo", "Sol Single", "America/New_York", Kind::SingleChannelGuest),
        person("U0STRANGE", "petra", "Petra Partner", "Europe/Berlin", Kind::Stranger),
        person("U0GONE", "greta", "Greta Gone", "Europe/Paris", Kind::Gone),
        person("U0SMALLBOT", "helper", "helper", "UTC", Kind::Bot),
    ]
}

fn channels(now: Timestamp, bot: &str) -> BTreeMap<String, Channel> {
    let with = |members: &[&str]| members.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    let created = now.as_second() - 90 * 86_400;
    let mut general = Channel {
        id: "C0GENERAL".into(),
        name: "general".into(),
        is_general: true,
        members: with(&["U0DANA", "U0LIEN", "U0OMAR", bot]),
        purpose: "Everything for everybody".into(),
        ..Channel::default()
    };
    let mut launch = Channel {
        id: "C0LAUNCH".into(),
        name: "launch".into(),
        previous_names: vec!["project-x".into()],
        topic: "Ship it :rocket:".into(),
        members: with(&["U0DANA", "U0LIEN", "U0GUEST", "U0STRANGE", bot]),
        is_ext_shared: true,
        ..Channel::default()
    };
    let mut secret = Channel {
        id: "C0SECRET".into(),
        name: "board-room".into(),
        is_private: true,
        members: with(&["U0DANA", bot]),
        ..Channel::default()
    };
    let elsewhere = Channel {
        id: "C0ELSEWHERE".into(),
        name: "elsewhere".into(),
        members: with(&["U0LIEN"]),
        ..Channel::default()
    };
    let hidden = Channel {
        id: "C0HIDDEN".into(),
        name: "hidden".into(),
        is_private: true,
        members: with(&["U0LIEN", "U0OMAR"]),
        ..Channel::default()
    };
    let mut old = Channel {
        id: "C0OLD".into(),
        name: "old-news".into(),
        is_archived: true,
        members: with(&["U0DANA", bot]),
        ..Channel::default()
    };
    let dm =
        Channel { id: "D0DANA".into(), is_im: true, members: with(&["U0DANA", bot]), ..Channel::default() };

    for day in 0..30 {
        say(&mut general, now, 30 - day, 0, "U0LIEN", &format!("Day {day}: all calm &amp; quiet"), None);
    }
    let root = say(&mut launch, now, 3, 5, "U0DANA", "Is <@U0LIEN> done with DEMO-1?", None);
    for minute in 0..7 {
        let text = format!("Reply {minute}: noch nicht, leider 😅");
        say(&mut launch, now, 3, 10 + minute, "U0LIEN", &text, Some(&root));
    }
    let gone = say(&mut launch, now, 2, 0, "U0GUEST", "to be deleted", None);
    say(&mut launch, now, 2, 1, "U0DANA", "a reply to something deleted", Some(&gone));
    if let Some(message) = launch.messages.get_mut(&gone) {
        message.subtype = Some("tombstone".into());
        message.user = Some("USLACKBOT".into());
        message.text = "This message was deleted.".into();
    }
    let edited = say(&mut launch, now, 1, 0, "U0DANA", "Shipped on Friday", None);
    if let Some(message) = launch.messages.get_mut(&edited) {
        message.edited = Some(("U0DANA".into(), stamp(now, 1, 2)));
        message.reactions = vec![Reaction { name: "tada".into(), users: vec!["U0LIEN".into(), bot.into()] }];
    }
    say(&mut secret, now, 1, 0, "U0DANA", "Nobody else may read this", None);
    say(&mut old, now, 80, 0, "U0DANA", "This channel closes today", None);

    let mut all = [general, launch, secret, elsewhere, hidden, old, dm];
    for channel in &mut all {
        channel.created = created;
        channel.creator = "U0DANA".into();
    }
    all.into_iter().map(|channel| (channel.id.clone(), channel)).collect()
}

fn say(
    channel: &mut Channel,
    now: Timestamp,
    days_ago: i64,
    minute: i64,
    user: &str,
    text: &str,
    thread: Option<&str>,
) -> String {
    let ts = stamp(now, days_ago, minute);
    if let Some(root) = thread.and_then(|thread| channel.messages.get_mut(thread)) {
        root.thread_ts = Some(root.ts.clone());
    }
    let message = Message {
        ts: ts.clone(),
        thread_ts: thread.map(str::to_owned),
        user: Some(user.into()),
        text: text.into(),
        client_msg_id: Some(json!(ts).to_string().replace(['"', '.'], "")),
        ..Message::default()
    };
    channel.messages.insert(ts.clone(), message);
    ts
}

fn stamp(now: Timestamp, days_ago: i64, minute: i64) -> String {
    let then = now - SignedDuration::from_hours(24 * days_ago) + SignedDuration::from_mins(minute);
    format!("{}.{:06}", then.as_second(), 100 + minute)
}
