//! A company in the making: who is there, what they wrote, and what each message means.
//!
//! Whoever plants a case says with every message what it asserts. The product sees the words only; the
//! truth is computed from what was meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::dice::Dice;
use super::language::{self, Bank, Gaps};
use super::paper::Paper;
use super::people::{self, SHARED_NAME, first_name};
use crate::domain::{
    Channel, Issue, IssueKey, JiraUser, Message, MessageTs, People, Person, Program, Rule, SprintId,
    SprintState, Subject, Thresholds, Window, WindowOrigin,
};
use crate::insight::{ActiveSprint, Blind, Facts};

/// One hour, in the minutes that times are told in here.
pub(super) const HOUR: i64 = 60;
/// One day.
pub(super) const DAY: i64 = 24 * HOUR;

/// What a message asserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing that a rule is about.
    Nothing,
    /// Work is stopped; whether it still is, at the end.
    Blocker { open: bool },
    /// A blocker of something that is not the program's: nobody can say whether it counts.
    Murky,
    /// The work that it is about is finished.
    Completion,
    /// Something was decided; whether a page or an issue records it.
    Decision { recorded: bool },
    /// Something is asked of somebody by name: the place of the asked in [`Company::members`].
    Question { asked: usize },
}

/// A message with what it means.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) message: Message,
    /// The issues that its own words are about.
    pub(super) about: BTreeSet<IssueKey>,
    pub(super) says: Says,
}

/// Where a message stands: what reactions, replies and labels refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) channel: usize,
    pub(super) ts: MessageTs,
    pub(super) permalink: String,
}

/// What was planted for a rule: a true case or a decoy.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) rule: Rule,
    /// What kind of case it is: "closed in its thread".
    pub(super) kind: &'static str,
    /// What a finding would be about; any of these.
    pub(super) subjects: BTreeSet<Subject>,
    /// Whether the rule should fire.
    pub(super) holds: bool,
    /// The words that it turns on.
    pub(super) phrase: String,
}

/// A workspace under construction.
#[derive(Debug)]
pub(super) struct Company {
    pub(super) dice: Dice,
    pub(super) held_out: bool,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) members: Vec<Person>,
    pub(super) strangers: Vec<Person>,
    pub(super) channels: Vec<Channel>,
    pub(super) said: Vec<Said>,
    pub(super) issues: BTreeMap<IssueKey, Issue>,
    pub(super) initiatives: Vec<IssueKey>,
    pub(super) in_sprint: BTreeSet<IssueKey>,
    pub(super) paper: Paper,
    /// The sprints, and whether each is at risk.
    pub(super) sprints: Vec<(SprintId, bool)>,
    pub(super) cases: Vec<Case>,
    /// Who asked whom in which channel: nobody else's mention may answer it by chance.
    pairs: BTreeSet<(usize, usize, usize)>,
    number: usize,
    pub(super) titles: Vec<&'static str>,
    /// Where each bank of phrases is: every phrase has its turn, here or in the workspaces of the next seeds.
    turns: BTreeMap<&'static str, usize>,
    first_turn: usize,
}

/// The Jira project of the program.
const PROJECT: &str = "DCT";
/// The address of the site.
pub(super) const SITE: &str = "https://acme.atlassian.net";

impl Company {
    /// A company with people and channels, in which nothing has happened yet.
    pub(super) fn new(seed: u64, channels: usize, held_out: bool) -> Self {
        let mut dice = Dice::new(seed.wrapping_add(if held_out { 1 << 32 } else { 0 }));
        let zone =
            dice.pick(&["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]);
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        // A Monday in every third workspace: only then does a weekend lie between a question and now.
        let monday = Date::constant(2026, 3, 2) + Span::new().weeks(dice.between(0, 36));
        let day = if seed.is_multiple_of(3) { monday } else { monday + Span::new().days(dice.between(1, 4)) };
        let noon = day.at(i8::try_from(dice.between(10, 17)).unwrap_or(12), 20, 0, 0);
        let now = zone.to_zoned(noon).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
        let mut titles = language::TITLES.to_vec();
        dice.shuffle(&mut titles);
        let (members, strangers) = people::people(&mut dice);
        let channel = |number: usize| {
            let names =
                ["program", "network", "storage", "cutover", "security", "facilities", "apps", "random"];
            let name = names.get(number % names.len()).copied().unwrap_or("talk");
            Some(Channel {
                id: format!("C0EVAL{number:02}").parse().ok()?,
                name: if number < names.len() {
                    format!("dct-{name}")
                } else {
                    format!("dct-{name}-{number}")
                },
                private: number % 5 == 4,
                archived: false,
                joined: true,
                shared: false,
            })
        };
        Self {
            dice,
            held_out,
            now,
            zone,
            members,
            strangers,
            channels: (0..channels).filter_map(channel).collect(),
            said: Vec::new(),
            issues: BTreeMap::new(),
            initiatives: Vec::new(),
            in_sprint: BTreeSet::new(),
            paper: Paper::default(),
            sprints: Vec::new(),
            cases: Vec::new(),
            pairs: BTreeSet::new(),
            number: 3,
            titles,
            turns: BTreeMap::new(),
            // About as many as a workspace uses of a bank.
            first_turn: usize::try_from(seed).unwrap_or(0).wrapping_mul(13),
        }
    }

    /// The day that it is in the company's zone.
    pub(super) fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// A day so many days from today.
    pub(super) fn day(&self, from_today: i64) -> Date {
        self.today() + Span::new().days(from_today)
    }

    /// An instant so many minutes ago.
    pub(super) fn ago(&self, minutes: i64) -> Timestamp {
        self.now - SignedDuration::from_mins(minutes)
    }

    /// The hours of weekdays that lie between an instant and now.
    pub(super) fn weekday_hours_since(&self, at: Timestamp) -> i64 {
        let mut hours = 0;
        let mut hour = at.to_zoned(self.zone.clone());
        while hour.timestamp() < self.now {
            if !matches!(hour.weekday(), Weekday::Saturday | Weekday::Sunday) {
                hours += 1;
            }
            hour = hour.saturating_add(1.hour());
        }
        hours
    }

    /// A key that nothing has yet. Some are the beginning of others.
    #[allow(clippy::expect_used, reason = "letters, a hyphen and a number are a key")]
    pub(super) fn key(&mut self) -> IssueKey {
        self.number += 1 + self.dice.below(3);
        format!("{PROJECT}-{}", self.number).parse().expect("a key")
    }

    /// A channel by chance.
    pub(super) fn channel(&mut self) -> usize {
        self.dice.below(self.channels.len())
    }

    /// A member by chance, but none of these.
    pub(super) fn member(&mut self, but: &[usize]) -> usize {
        let free: Vec<usize> = (0..self.members.len()).filter(|member| !but.contains(member)).collect();
        self.dice.pick(&free)
    }

    /// A pair of people of whom neither has asked the other anything in this channel.
    pub(super) fn pair(&mut self, channel: usize, unshared: bool) -> (usize, usize) {
        loop {
            let (asker, asked) = (self.member(&[]), self.member(&[]));
            let shared = unshared && self.members.get(asked).is_some_and(|m| first_name(m) == SHARED_NAME);
            let used =
                [(channel, asker, asked), (channel, asked, asker)].iter().any(|p| self.pairs.contains(p));
            if asker != asked && !shared && !used {
                self.pairs.insert((channel, asker, asked));
                return (asker, asked);
            }
        }
    }

    /// A mention as Slack sends it.
    pub(super) fn mention(&self, member: usize) -> String {
        self.members.get(member).map(|person| format!("<@{}>", person.id)).unwrap_or_default()
    }

    /// How colleagues call somebody.
    pub(super) fn first_name(&self, member: usize) -> String {
        self.members.get(member).map(|person| first_name(person).to_owned()).unwrap_or_default()
    }

    /// Somebody's Jira account.
    pub(super) fn jira(&self, member: usize) -> Option<JiraUser> {
        let person = self.members.get(member)?;
        Some(JiraUser {
            account_id: format!("5f0{member}"),
            name: person.full_name.clone(),
            // Most hide their address; the name is what joins them then.
            email: if member.is_multiple_of(3) { person.email.clone() } else { None },
            human: true,
            active: true,
        })
    }

    /// The next phrase of a bank.
    pub(super) fn phrase(&mut self, bank: &Bank) -> &'static str {
        let turn = self.turns.entry(bank.name()).or_insert(self.first_turn);
        *turn = turn.wrapping_add(1);
        bank.phrase(*turn, self.held_out)
    }

    /// Words from a bank, said of some work, as they come out of a keyboard.
    pub(super) fn words(&mut self, bank: &Bank, work: &str) -> String {
        let phrase = self.phrase(bank);
        let someone = self.member(&[]);
        let name = self.first_name(someone);
        let text = language::fill(phrase, Gaps { work, name: &name, ..Gaps::default() }, &mut self.dice);
        language::rough(&text, &mut self.dice)
    }

    /// The same in a channel, where `{m}` may mention somebody whom the author has not asked anything.
    pub(super) fn words_to(&mut self, bank: &Bank, gaps: Gaps<'_>) -> String {
        let phrase = self.phrase(bank);
        let text = language::fill(phrase, gaps, &mut self.dice);
        language::rough(&text, &mut self.dice)
    }

    /// A key as people write it.
    pub(super) fn written(&mut self, key: &IssueKey) -> String {
        match self.dice.below(10) {
            0 | 1 => key.as_str().to_lowercase(),
            2 => format!("<{SITE}/browse/{key}|{key}>"),
            3 => format!("<{SITE}/browse/{key}>"),
            _ => key.to_string(),
        }
    }

    /// Notes a case about one subject.
    pub(super) fn case(
        &mut self,
        rule: Rule,
        kind: &'static str,
        holds: bool,
        subject: impl ToString,
        phrase: impl Into<String>,
    ) {
        let subjects = BTreeSet::from([subject.to_string()]);
        self.cases.push(Case { rule, kind, subjects, holds, phrase: phrase.into() });
    }

    /// What the sources would have read.
    /// The active sprints, each with the issues that are in it now.
    fn sprints(&self) -> Vec<ActiveSprint> {
        let mut sprints: BTreeMap<SprintId, ActiveSprint> = BTreeMap::new();
        for issue in self.in_sprint.iter().filter_map(|key| self.issues.get(key)) {
            for sprint in issue.sprints.iter().filter(|sprint| sprint.state == SprintState::Active) {
                let active = sprints
                    .entry(sprint.id)
                    .or_insert_with(|| ActiveSprint { sprint: sprint.clone(), issues: Vec::new() });
                active.issues.push(issue.key.clone());
            }
        }
        sprints.into_values().collect()
    }

    pub(super) fn facts(&self) -> Facts {
        let mut messages: Vec<Arc<Message>> =
            self.said.iter().map(|said| Arc::new(said.message.clone())).collect();
        messages.sort_by_key(|message| (message.ts, message.channel.clone()));
        let thresholds = Thresholds::default();
        Facts {
            now: self.now,
            zone: self.zone.clone(),
            window: Window { since: self.ago(3 * DAY), until: self.now, origin: WindowOrigin::Asked },
            thresholds,
            lexicon: Arc::default(),
            program: Program {
                key: program_key(),
                name: "Data Center Transition".to_owned(),
                aliases: vec!["dc transition".to_owned()],
                channels: self.channels.iter().map(|channel| channel.id.to_string()).collect(),
                roadmap_jql: Some("project = DCT AND type = Initiative".to_owned()),
                boards: (1..=4).collect(),
                pages: self.paper.ids(),
                digest_channel: None,
            },
            reader: None,
            site: SITE.to_owned(),
            people: Arc::new(People::new(self.members.iter().chain(&self.strangers).cloned())),
            channels: self.channels.iter().map(|channel| (channel.id.clone(), channel.clone())).collect(),
            messages,
            issues: self.issues.clone(),
            blocking: BTreeMap::new(),
            initiatives: self.initiatives.clone(),
            in_sprint: self.in_sprint.clone(),
            sprints: self.sprints(),
            pages: self.paper.pages(self.now),
            blind: Blind::default(),
        }
    }
}

#[allow(clippy::expect_used, reason = "a constant, which every test of a workspace reads")]
fn program_key() -> crate::domain::ProgramKey {
    "dct".parse().expect("a constant key")
}
