//! What Slack holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{TOLD, thursday};
use crate::story::calendar::{is_weekend, zone};
use crate::story::{cast, company};
use crate::world::{Kind, Message, Person, World};

fn at(ts: &str) -> Timestamp {
    let (seconds, micros) = ts.split_once('.').unwrap();
    Timestamp::new(seconds.parse().unwrap(), micros.parse::<i32>().unwrap() * 1_000).unwrap()
}

fn program(world: &World) -> Vec<&Message> {
    let channels = cast().program_channels;
    channels.iter().flat_map(|id| world.slack.channels[id].messages.values()).collect()
}

#[test]
fn has_the_promised_size_even_early_in_the_day() {
    for (now, world, _) in TOLD.iter() {
        let messages = program(world);
        assert_eq!(cast().program_channels.len(), 10);
        assert!((1_480..=1_520).contains(&messages.len()), "{now}: {}", messages.len());
        let mut replies: BTreeMap<&str, usize> = BTreeMap::new();
        for message in &messages {
            if let Some(parent) = message.thread_ts.as_deref().filter(|parent| *parent != message.ts) {
                *replies.entry(parent).or_default() += 1;
            }
        }
        let threads = replies.len();
        assert!((180..=260).contains(&threads), "{now}: {threads} threads");
        let average = replies.values().sum::<usize>() as f64 / threads as f64;
        assert!((3.5..=6.0).contains(&average), "{now}: {average} replies a thread");
    }
}

#[test]
fn nothing_is_in_the_future_and_something_is_fresh() {
    for (now, world, _) in TOLD.iter() {
        let all: Vec<_> =
            world.slack.channels.values().flat_map(|channel| channel.messages.values()).collect();
        let newest = all.iter().map(|message| at(&message.ts)).max().unwrap();
        let edits = all.iter().filter_map(|message| message.edited.as_ref()).map(|(_, ts)| at(ts));
        assert!(newest <= *now && edits.max().unwrap() <= *now, "{now}: {newest}");
        assert!(now.duration_since(newest) <= SignedDuration::from_hours(1), "{now}: {newest}");
    }
}

#[test]
fn replies_have_parents_and_everybody_exists() {
    let mut strangers = BTreeSet::new();
    for (_, world, _) in TOLD.iter().step_by(6) {
        let people: BTreeMap<_, _> = world.people.iter().map(|person| (person.id.as_str(), person)).collect();
        for channel in world.slack.channels.values() {
            for member in &channel.members {
                assert!(people.contains_key(member.as_str()), "{member} in {}", channel.name);
            }
            for (ts, message) in &channel.messages {
                assert_eq!(ts, &message.ts);
                if let Some(parent) = &message.thread_ts {
                    let parent = channel.messages.get(parent).unwrap_or_else(|| panic!("{:?}", message.text));
                    assert_eq!(parent.thread_ts.as_deref(), Some(parent.ts.as_str()));
                    assert!(parent.ts <= message.ts, "{:?} precedes its parent", message.text);
                }
                let reacted = message.reactions.iter().flat_map(|reaction| &reaction.users);
                for user in message.user.iter().filter(|user| *user != "USLACKBOT").chain(reacted) {
                    let person =
                        people.get(user.as_str()).unwrap_or_else(|| panic!("{user}: {:?}", message.text));
                    let outside = matches!(person.kind, Kind::Gone | Kind::Bot);
                    if !outside && !channel.members.contains(user) {
                        strangers.insert(format!("{} in {}", person.handle, channel.name));
                    }
                }
                for mention in message.text.split("<@").skip(1) {
                    let id = mention.split('>').next().unwrap();
                    assert!(people.contains_key(id), "{:?}", message.text);
                }
            }
        }
    }
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn people_sleep_at_night_and_rest_on_weekends() {
    for (now, world, _) in TOLD.iter() {
        let people: BTreeMap<_, _> = world.people.iter().map(|person| (person.id.as_str(), person)).collect();
        for (name, message) in world
            .slack
            .channels
            .values()
            .flat_map(|channel| channel.messages.values().map(move |message| (&channel.name, message)))
        {
            let Some(person) = message.user.as_deref().and_then(|user| people.get(user)) else { continue };
            if person.kind != Kind::Bot {
                assert!(
                    is_awake(person, at(&message.ts)),
                    "{now}: {} in {name} at {}: {}",
                    person.handle,
                    at(&message.ts).to_zoned(zone(&person.tz)),
                    message.text
                );
            }
        }
    }
}

/// Seven to nine in the evening, Monday to Friday, where they are.
fn is_awake(person: &Person, at: Timestamp) -> bool {
    let local = at.to_zoned(zone(&person.tz));
    !is_weekend(local.date()) && (7..21).contains(&local.hour())
}

#[test]
fn holds_what_a_workspace_holds() {
    let world = company(thursday());
    let all: Vec<_> = world.slack.channels.values().flat_map(|channel| channel.messages.values()).collect();
    assert!(all.iter().any(|message| message.text.chars().count() == 40_000));
    assert!(all.iter().any(|message| message.text.is_empty() && message.blocks.is_some()));
    assert!(all.iter().any(|message| message.files.is_some()));
    for subtype in
        ["channel_join", "channel_topic", "tombstone", "thread_broadcast", "bot_message", "me_message"]
    {
        assert!(all.iter().any(|message| message.subtype.as_deref() == Some(subtype)), "{subtype}");
    }
    assert!(all.iter().filter(|message| message.edited.is_some()).count() > 10);
    assert!(all.iter().filter(|message| !message.reactions.is_empty()).count() > 100);
    let cast = cast();
    let inside = |channel: &str, user: &str| world.slack.channels[channel].members.contains(user);
    assert!(inside(&cast.legal, &cast.reader) && !inside(&cast.exec, &cast.reader));
    assert!(inside(&cast.exec, &cast.bot) && !inside(&cast.without_bot, &cast.bot));
    assert!(inside(&cast.exec, &cast.lead) && inside(&cast.legal, &cast.lead));
    assert!(!inside(&cast.exec, &cast.engineer) && !inside(&cast.legal, &cast.engineer));
}

#[test]
fn chatter_is_not_said_over_and_over() {
    let world = company(thursday());
    let messages = program(&world);
    let long: Vec<_> = messages
        .iter()
        .filter(|message| message.text.chars().count() > 60 && message.bot_id.is_none())
        .collect();
    let different: BTreeSet<_> = long.iter().map(|message| &message.text).collect();
    assert!(different.len() * 10 >= long.len() * 6, "{} of {}", different.len(), long.len());
    let bare = ['[', '{'];
    assert!(!messages.iter().any(|message| message.text.starts_with(bare)));
}
