//! Requests in plain words, with what they ask for.
//!
//! The labels are the contract's: what a workflow asks, what is negated is not done, and what nobody asked
//! to be written is not written, whatever else is understood.

mod phrases;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use jiff::civil::Date;

use super::dice::Dice;
use crate::domain::{AgentName, Asked, Program, ProgramKey, Understood};
use crate::team_lead::understand::{Vocabulary, understand};
use crate::workflows;
use phrases::{
    CHECKS, COMPOUND, HARMLESS, HELP, POLITE_AFTER, POLITE_BEFORE, POLITE_BEFORE_VERBS, PROGRAMS, PUBLISH,
    UNCLEAR, UNWRITTEN, VERBS, WINDOWS, asks,
};

/// What a request should come to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Want {
    /// These agents, for these programs, from this day, writing or not.
    Asked {
        target: String,
        agents: BTreeSet<AgentName>,
        program: Option<&'static str>,
        since: Option<Date>,
        writes: bool,
    },
    Help,
    /// Not understood; explaining what can be asked is as good.
    Unclear,
    /// Anything, as long as nothing is written.
    Harmless,
}

/// A labelled request.
#[derive(Debug, Clone)]
struct Labelled {
    text: String,
    want: Want,
}

/// How well requests are understood.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    /// How many were read.
    pub total: usize,
    /// How many were understood as meant.
    pub right: usize,
    /// What was meant, and what was understood instead, with how often.
    pub confused: BTreeMap<(String, String), usize>,
    /// Those that were not understood as meant.
    pub misses: Vec<RequestMiss>,
    /// Those that would have written what nobody asked for.
    pub wrote: Vec<RequestMiss>,
}

/// A request that was not understood as meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestMiss {
    /// The words.
    pub text: String,
    /// What they ask for.
    pub expected: String,
    /// What was understood.
    pub got: String,
}

impl Requests {
    /// The share that was understood as meant.
    pub fn accuracy(&self) -> f64 {
        super::scores::ratio(self.right, self.total)
    }
}

/// Reads every labelled request.
pub(super) fn score(held_out: bool) -> Requests {
    let vocabulary = Vocabulary::of(&programs(), &[]);
    let now = noon();
    let mut scores = Requests::default();
    for Labelled { text, want } in labelled(held_out) {
        let got = understand(&text, &vocabulary, &now);
        scores.total += 1;
        let miss = RequestMiss { text, expected: want.to_string(), got: told(&got) };
        if wrote_unasked(&want, &got) {
            scores.wrote.push(miss.clone());
        }
        if fits(&want, &got) {
            scores.right += 1;
        } else {
            let pair = (want.name(), name_of(&got));
            *scores.confused.entry(pair).or_default() += 1;
            scores.misses.push(miss);
        }
    }
    scores
}

/// Wednesday, 18 November 2026.
#[allow(clippy::expect_used, reason = "a constant, which a test reads")]
fn noon() -> Zoned {
    "2026-11-18T12:00:00[UTC]".parse().expect("a constant time")
}

fn programs() -> Vec<Program> {
    let known = [
        ("dct", "Data Center Transition", &["data center", "dc transition"][..]),
        ("atlas", "Atlas Identity", &["identity rollout"]),
        ("ptx", "Payments Exit", &[]),
    ];
    let program = |(key, name, aliases): (&str, &str, &[&str])| {
        let key: ProgramKey = key.parse().ok()?;
        Some(Program {
            key,
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            channels: Vec::new(),
            roadmap_jql: None,
            boards: Vec::new(),
            pages: Vec::new(),
            digest_channel: None,
        })
    };
    known.into_iter().filter_map(program).collect()
}

/// Every labelled request.
fn labelled(held_out: bool) -> Vec<Labelled> {
    let mut dice = Dice::new(if held_out { 2 } else { 1 });
    let mut all = Vec::new();
    for asks in asks() {
        let lines = if held_out { asks.held } else { asks.seen };
        for line in lines {
            all.push(asked(line, asks.target, asks.writes));
            all.push(politely(line, &asked(line, asks.target, asks.writes).want, &mut dice));
            all.extend(narrowed(line, asks.target, asks.writes, &mut dice));
        }
    }
    for (line, target) in PUBLISH.part(held_out) {
        all.push(asked(line, target, true));
    }
    for (line, target) in COMPOUND.part(held_out) {
        all.push(asked(line, target, false));
        all.push(politely(line, &asked(line, target, false).want, &mut dice));
    }
    for (line, target) in UNWRITTEN.part(held_out) {
        all.push(asked(line, target, false));
    }
    for (line, program) in CHECKS.part(held_out) {
        let mut check = asked(line, "program-monitor", false);
        check.want.name_program(program);
        all.push(check);
    }
    for (lines, want) in [(HARMLESS, Want::Harmless), (UNCLEAR, Want::Unclear), (HELP, Want::Help)] {
        let lines = lines.part(held_out).iter();
        all.extend(lines.map(|line| Labelled { text: (*line).to_owned(), want: want.clone() }));
    }
    all
}

fn asked(line: &str, target: &str, writes: bool) -> Labelled {
    let want =
        Want::Asked { target: target.to_owned(), agents: agents(target), program: None, since: None, writes };
    Labelled { text: line.to_owned(), want }
}

/// `full-status - roadmap`, `sprint-board + roadmap`: whom they ask.
fn agents(target: &str) -> BTreeSet<AgentName> {
    let mut asked = BTreeSet::new();
    let mut takes_away = false;
    for word in target.split(' ') {
        let whom: Vec<AgentName> = match (word, workflows::named(word)) {
            ("+" | "-", _) => {
                takes_away = word == "-";
                continue;
            }
            (_, Some(workflow)) => workflow.agents.to_vec(),
            (_, None) => word.parse().into_iter().collect(),
        };
        for agent in whom {
            if takes_away {
                asked.remove(&agent)
            } else {
                asked.insert(agent)
            };
        }
    }
    asked
}

fn politely(line: &str, want: &Want, dice: &mut Dice) -> Labelled {
    let line = line.trim_end_matches('?');
    let told = line.split(' ').next().is_some_and(|word| VERBS.contains(&word));
    let asked = told && dice.one_in(2);
    let before = dice.pick(if asked { POLITE_BEFORE_VERBS } else { POLITE_BEFORE });
    let after = dice.pick(POLITE_AFTER);
    let text = match dice.below(3) {
        0 => format!("{before}{line}"),
        1 => format!("{line}{after}"),
        _ => format!("{before}{line}{after}"),
    };
    Labelled { text, want: want.clone() }
}

/// The same for a window or a program, where the words leave room for one.
fn narrowed(line: &str, target: &str, writes: bool, dice: &mut Dice) -> Option<Labelled> {
    const OF_PROGRAMS: &[&str] = &["caught-up", "morning-routine", "full-status", "program-monitor"];
    const TIMED: &[&str] = &[
        "away",
        "today",
        "yesterday",
        "overnight",
        "day",
        "days",
        "eod",
        "week",
        "eow",
        "quarter",
        "holiday",
        "leave",
    ];
    if writes
        || line.split([' ', '-', '?', '\'', ',']).any(|word| TIMED.contains(&word.to_lowercase().as_str()))
    {
        return None;
    }
    let mut narrowed = asked(line, target, writes);
    let line = line.trim_end_matches('?');
    let Want::Asked { program, since, .. } = &mut narrowed.want else { return None };
    let plural = line.contains("programs");
    if OF_PROGRAMS.contains(&target) && !plural && dice.one_in(2) {
        let (words, key) = dice.pick(PROGRAMS);
        *program = Some(key);
        narrowed.text = format!("{line}{words}");
    } else {
        let (words, day) = dice.pick(WINDOWS);
        *since = day.parse().ok();
        narrowed.text = format!("{line}{words}");
    }
    Some(narrowed)
}

impl Want {
    fn name_program(&mut self, key: &'static str) {
        if let Self::Asked { program, .. } = self {
            *program = Some(key);
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Asked { target, .. } => target.clone(),
            Self::Help => "help".to_owned(),
            Self::Unclear => "unclear".to_owned(),
            Self::Harmless => "harmless".to_owned(),
        }
    }
}

impl std::fmt::Display for Want {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())?;
        if let Self::Asked { program, since, writes, .. } = self {
            program.iter().try_for_each(|key| write!(f, " for {key}"))?;
            since.iter().try_for_each(|day| write!(f, " since {day}"))?;
            f.write_str(if *writes { ", writing" } else { "" })?;
        }
        Ok(())
    }
}

fn fits(want: &Want, got: &Understood) -> bool {
    match (want, got) {
        (Want::Help, Understood::Help) | (Want::Unclear, Understood::Unclear(_) | Understood::Help) => true,
        (Want::Harmless, got) => !writes(got),
        (Want::Asked { target, agents, program, since, writes: writing }, Understood::Asked(asked)) => {
            let simple = !target.contains(' ');
            let programs: Vec<&str> = asked.programs.iter().map(ProgramKey::as_str).collect();
            (!simple || asked.name == *target)
                && asked.agents.iter().copied().collect::<BTreeSet<_>>() == *agents
                && programs == program.iter().copied().collect::<Vec<_>>()
                && since.is_none_or(|day| day_of(asked) == Some(day))
                && writes(got) == *writing
        }
        _ => false,
    }
}

fn day_of(asked: &Asked) -> Option<Date> {
    Some(asked.since?.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Whether somebody would write: the agents that are told to, and the workflows and the agent that always do.
fn writes(got: &Understood) -> bool {
    let Understood::Asked(asked) = got else { return false };
    let workflow = || asked.name.split(" + ").filter_map(workflows::named).any(|workflow| workflow.writes);
    asked.publish
        && (!asked.writes.is_empty() || workflow() || asked.agents.contains(&AgentName::StandupNote))
}

fn wrote_unasked(want: &Want, got: &Understood) -> bool {
    let may = matches!(want, Want::Asked { writes: true, .. });
    !may && writes(got)
}

fn name_of(got: &Understood) -> String {
    match got {
        Understood::Asked(asked) => asked.name.clone(),
        Understood::Help => "help".to_owned(),
        Understood::Cost => "cost".to_owned(),
        Understood::Unclear(_) => "unclear".to_owned(),
    }
}

fn told(got: &Understood) -> String {
    let Understood::Asked(asked) = got else { return name_of(got) };
    let programs: String = asked.programs.iter().map(|key| format!(" for {key}")).collect();
    let since = day_of(asked).map(|day| format!(" since {day}")).unwrap_or_default();
    let agents: Vec<&str> = asked.agents.iter().map(|agent| agent.as_str()).collect();
    let writing = if writes(got) { ", writing" } else { "" };
    format!("{}{programs}{since}{writing} ({})", asked.name, agents.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_many_requests_and_each_is_one() {
        let all = labelled(false);
        let texts: BTreeSet<&str> = all.iter().map(|request| request.text.as_str()).collect();
        assert!(texts.len() >= 400, "{}", texts.len());
        let held: BTreeSet<String> = labelled(true).into_iter().map(|request| request.text).collect();
        assert!(held.len() >= 100, "{}", held.len());
        assert!(held.iter().all(|text| !texts.contains(text.as_str())));
    }

    #[test]
    fn every_target_is_known() {
        for request in labelled(false).iter().chain(&labelled(true)) {
            if let Want::Asked { agents, target, .. } = &request.want {
                assert!(!agents.is_empty(), "{target}");
            }
        }
        assert_eq!(agents("full-status - roadmap"), agents("program-monitor + sprint-board"));
        assert_eq!((programs().len(), noon().weekday()), (3, jiff::civil::Weekday::Wednesday));
    }

    #[test]
    fn a_write_that_nobody_asked_for_is_told_apart() {
        let asked = |writes: Vec<AgentName>| {
            Understood::Asked(Asked {
                name: "roadmap".to_owned(),
                agents: vec![AgentName::Roadmap],
                programs: Vec::new(),
                since: None,
                until: None,
                publish: true,
                writes,
                overwrite: false,
                here: false,
            })
        };
        let reads = asked_for("roadmap", false);
        let wants_write = asked_for("roadmap", true);
        assert!(fits(&reads, &asked(Vec::new())) && !wrote_unasked(&reads, &asked(Vec::new())));
        let writing = asked(vec![AgentName::Roadmap]);
        assert!(!fits(&reads, &writing) && wrote_unasked(&reads, &writing));
        assert!(fits(&wants_write, &writing) && !wrote_unasked(&wants_write, &writing));
        assert!(wrote_unasked(&Want::Harmless, &writing) && !fits(&Want::Harmless, &writing));
        assert!(fits(&Want::Unclear, &Understood::Help) && !fits(&Want::Help, &Understood::Unclear(None)));
    }

    fn asked_for(target: &str, writes: bool) -> Want {
        asked("x", target, writes).want
    }
}
