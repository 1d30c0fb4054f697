//! The channels and who sits in them.

use std::collections::BTreeSet;

use super::calendar::Calendar;
use super::ids::{channel_id, user_id};
use super::people;
use crate::world::Channel;

/// The program's ten channels, by the names that scripts use.
pub const PROGRAM: [&str; 10] = [
    "dct-program",
    "dct-network",
    "dct-storage",
    "dct-cutover",
    "dct-facilities",
    "dct-apps",
    "dct-vendors",
    "dct-legal",
    "dct-exec",
    "dct-dba",
];

/// Name, purpose, members: `*` stands for every full member.
#[rustfmt::skip]
const PUBLIC: &[(&str, &str, &str)] = &[
    ("general", "Company news", "*"),
    ("random", "Everything else", "*"),
    ("deploys", "What goes live, by the bot that puts it there", "*"),
    ("team-standup", "Daily notes of the DCT team: done, next, anything in the way", "dana marcus priya lena tomasz aiko yusuf grace noam chloe diego wei olu ravi maja liam nadia tariq ada viktor zofia erik sanna arjun peter kwame luca carlos emily"),
    ("dct-program", "The Data Center Transition: SLO1 to FRA2", "*"),
    ("dct-network", "Fabric, firewalls, carriers", "dana marcus tomasz yusuf erik haruto aiko noam shira liam jonas ben sanna samito"),
    ("dct-storage", "Block, object, replication, backup", "dana marcus lena maja viktor aiko kenji nadia diego peter ben wei"),
    ("dct-cutover", "Rehearsals and the weekend itself", "dana marcus priya olu grace arjun aiko ben emily chloe diego yusuf lena zofia samito sam amara"),
    ("dct-facilities", "Power, cooling, racks, badges", "dana marcus layla jonas yara kenji fatima stavros gwen"),
    ("dct-apps", "Moving the applications in waves", "dana marcus chloe tariq carlos kwame ilse ines luca minh wei samito sofia grace arjun liam emily olu sanna shira"),
    ("dct-vendors", "Shared with Meridian Colo", "dana marcus fatima layla jonas yusuf ruth"),
    ("dct-dba", "Database people among themselves", "diego peter nadia marcus dana chloe"),
];

#[rustfmt::skip]
const PRIVATE: &[(&str, &str, &str)] = &[
    ("dct-legal", "Contracts and data protection. Privileged", "dana hannah fatima mei hugo marcus"),
    ("dct-exec", "Steering group", "sam anja ruben hugo marcus hannah"),
];

/// Channels that the bot was never invited to.
const WITHOUT_BOT: [&str; 2] = ["dct-dba", "random"];

/// The people of a channel by their handles.
pub fn handles(name: &str) -> impl Iterator<Item = &'static str> {
    let members = PUBLIC.iter().chain(PRIVATE).find(|row| row.0 == name).map_or("", |row| row.2);
    let everybody = people::members().filter(move |_| members == "*");
    everybody.chain(members.split_whitespace().filter(|handle| *handle != "*"))
}

/// Every channel, empty of messages.
pub fn channels(calendar: &Calendar) -> Vec<(&'static str, Channel)> {
    let public = PUBLIC.iter().map(|row| (row.0, channel(calendar, row, false)));
    let private = PRIVATE.iter().map(|row| (row.0, channel(calendar, row, true)));
    let direct = [
        ("dm-dana-caughtup", conversation("dm-dana-caughtup", &["dana", "caughtup"], calendar)),
        ("dm-marcus-caughtup", conversation("dm-marcus-caughtup", &["marcus", "caughtup"], calendar)),
        (
            "mpdm-dana-priya-caughtup",
            conversation("mpdm-dana-priya-caughtup", &["dana", "priya", "caughtup"], calendar),
        ),
    ];
    let mut all: Vec<_> = public.chain(private).chain(direct).collect();
    let old = ("dct-kickoff", "Closed after the kickoff; see dct-program", "dana marcus sam");
    let mut archived = channel(calendar, &old, false);
    archived.is_archived = true;
    all.push(("dct-kickoff", archived));
    all
}

fn channel(calendar: &Calendar, row: &(&'static str, &str, &str), is_private: bool) -> Channel {
    let (name, purpose, members) = *row;
    let mut inside: BTreeSet<String> = match members {
        "*" => people::members().map(user_id).collect(),
        some => some.split(' ').map(user_id).collect(),
    };
    if !WITHOUT_BOT.contains(&name) {
        inside.insert(user_id("caughtup"));
    }
    Channel {
        id: channel_id(name),
        name: name.to_owned(),
        // The cutover channel was renamed when the weekend became two.
        previous_names: if name == "dct-cutover" {
            vec!["dct-migration-weekend".to_owned()]
        } else {
            Vec::new()
        },
        is_private,
        is_ext_shared: name == "dct-vendors",
        is_general: name == "general",
        created: calendar.at(180, 9, 0).as_second(),
        creator: user_id(if name == "dct-exec" { "sam" } else { "dana" }),
        topic: if name == "dct-program" {
            "Cutover plan, dates and decisions. Details go to the other dct channels".to_owned()
        } else {
            String::new()
        },
        purpose: purpose.to_owned(),
        members: inside,
        ..Channel::default()
    }
}

fn conversation(name: &'static str, members: &[&str], calendar: &Calendar) -> Channel {
    let is_im = name.starts_with("dm-");
    Channel {
        id: channel_id(name),
        name: if is_im { String::new() } else { name.to_owned() },
        is_private: true,
        is_im,
        is_mpim: !is_im,
        created: calendar.at(60, 9, 0).as_second(),
        creator: user_id("dana"),
        members: members.iter().map(|handle| user_id(handle)).collect(),
        ..Channel::default()
    }
}
