//! The story being told: arcs and chatter write into it, and in the end it is a world.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::calendar::Calendar;
use super::cast::{APP_TOKEN, ATLASSIAN_EMAIL, ATLASSIAN_TOKEN, BOT_SCOPES, BOT_TOKEN, DOMAIN};
use super::ids::{bot_id, user_id};
use super::talk::{Post, Talk};
use super::tickets::Tickets;
use super::{arcs, fields, filler, joins, pages, people, rows, standup};
use crate::world::{JiraWorld, Link, SlackWorld, World, WorldClock};

/// What arcs write into.
pub struct Telling {
    /// The days.
    pub calendar: Calendar,
    /// What is said in Slack.
    pub talk: Talk,
    /// What is done in Jira.
    pub tickets: Tickets,
    links: Vec<Link>,
}

impl Telling {
    /// One issue blocks another.
    pub fn blocks(&mut self, blocker: &str, blocked: &str) {
        self.link("10000", blocker, blocked);
    }

    /// One issue has to do with another.
    pub fn relates(&mut self, one: &str, other: &str) {
        self.link("10003", one, other);
    }

    /// One issue was made as a copy of another.
    pub fn clones(&mut self, copy: &str, original: &str) {
        self.link("10001", copy, original);
    }

    fn link(&mut self, link_type: &str, from: &str, to: &str) {
        self.links.push(Link {
            id: (31_000 + self.links.len()).to_string(),
            link_type: link_type.to_owned(),
            outward_from: from.to_owned(),
            inward_to: to.to_owned(),
        });
    }
}

/// The world at `now`, and the messages that the truth names.
pub fn tell(now: Timestamp) -> (World, BTreeMap<&'static str, Post>) {
    let calendar = Calendar::new(now);
    let talk = Talk::new(&calendar);
    let mut telling = Telling { calendar, talk, tickets: Tickets::default(), links: Vec::new() };
    rows::issues(&telling.calendar, &mut telling.tickets);
    arcs::tell(&mut telling);
    standup::tell(&mut telling);
    joins::tell(&mut telling);
    filler::tell(&mut telling);

    let Telling { calendar, talk, tickets, links } = telling;
    let (channels, named) = talk.end();
    let sprints = fields::sprints(&calendar);
    let jira = JiraWorld {
        site: Some(super::cast::SITE.to_owned()),
        tokens: BTreeMap::from([(ATLASSIAN_EMAIL.to_owned(), ATLASSIAN_TOKEN.to_owned())]),
        projects: fields::projects(),
        issue_types: fields::issue_types(),
        statuses: fields::statuses(),
        fields: fields::fields(),
        link_types: fields::link_types(),
        links,
        issues: tickets.settle(&sprints),
        boards: fields::boards(),
        sprints,
        ..JiraWorld::default()
    };
    let slack = SlackWorld {
        team_id: "T07KESTREL".to_owned(),
        domain: DOMAIN.to_owned(),
        app_id: "A07FICTION".to_owned(),
        bot_user: user_id("caughtup"),
        bot_id: bot_id("caughtup"),
        bot_tokens: BTreeMap::from([(BOT_TOKEN.to_owned(), set(&BOT_SCOPES))]),
        app_tokens: BTreeMap::from([(APP_TOKEN.to_owned(), set(&["connections:write"]))]),
        channels,
    };
    let confluence = pages::site(&calendar, &named);
    let world = World {
        company: "Kestrel Freight".to_owned(),
        clock: WorldClock::starting_at(now),
        people: people::people(),
        slack,
        jira,
        confluence,
    };
    (world, named)
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
