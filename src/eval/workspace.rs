//! A labelled workspace: cases and decoys among the ordinary noise of a company.

use super::cases;
use super::company::{Company, DAY, HOUR, Says, Spot};
use super::language::{self, ABOUT_WORK, ABROAD, Gaps, LOGGED, MACHINES, SMALL_TALK};
use super::paper::{Health, Told};
use super::work::Place;
use crate::domain::IssueKey;

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 4 channels of 60 messages.
    Small,
    /// 8 channels of 150 messages, 15 initiatives, some eighty issues below them or in sprints.
    Medium,
    /// 24 channels of 300 messages, and three times the cases.
    Large,
}

impl Size {
    /// Channels, messages in all, initiatives, and how often each case is planted.
    fn numbers(self) -> (usize, usize, usize, usize) {
        match self {
            Self::Small => (4, 240, 8, 1),
            Self::Medium => (8, 1_200, 15, 1),
            Self::Large => (24, 7_200, 45, 3),
        }
    }
}

/// The company of a seed.
pub(super) fn workspace(seed: u64, size: Size, held_out: bool) -> Company {
    let (channels, messages, initiatives, times) = size.numbers();
    let mut company = Company::new(seed, channels, held_out);
    cases::plant(&mut company, times);
    let ordinary = ordinary_work(&mut company, initiatives);
    paperwork(&mut company, &ordinary);
    chatter(&mut company, &ordinary, messages);
    company
}

/// Issues that nothing is wrong with.
fn ordinary_work(company: &mut Company, initiatives: usize) -> Vec<IssueKey> {
    let mut ordinary = Vec::new();
    for number in 0..initiatives {
        let key = company.issue(Place::Initiative);
        let due = company.day(40 + i64::try_from(number).unwrap_or(0) * 3);
        company.due(&key, due);
        if number % 3 == 0 {
            let child = company.issue(Place::Below(key.clone()));
            let by = company.member(&[]);
            company.comments(&child, by, 4 * HOUR, "see the notes".to_owned());
            ordinary.push(child);
        }
        ordinary.push(key);
    }
    ordinary
}

/// Rows and lines that nothing is wrong with.
fn paperwork(company: &mut Company, ordinary: &[IssueKey]) {
    const WORDS: &[(&str, Option<&str>)] = &[
        ("In progress", Some("blue")),
        ("Planned", Some("grey")),
        ("Not started", None),
        ("at risk", Some("yellow")),
    ];
    for key in ordinary.iter().take(8) {
        let date = company.issues.get(key).and_then(|issue| issue.target.or(issue.due));
        let text = date.map(|date| date.to_string()).unwrap_or_default();
        let words = company.dice.pick(WORDS);
        let changed = company.dice.between(1, 30) * DAY;
        company.paper.tell(Told { key: key.clone(), health: Health::Neutral, date, changed }, words, &text);
    }
    for line in LOGGED {
        let day = company.day(-60);
        company.paper.log(day, line, 39 * DAY);
    }
}

/// What people and machines write all day, in threads as well.
fn chatter(company: &mut Company, ordinary: &[IssueKey], messages: usize) {
    let mut roots: Vec<(Spot, i64)> = Vec::new();
    while company.said.len() < messages {
        let channel = company.channel();
        let by = company.member(&[]);
        let minutes = company.dice.between(20, 13 * DAY);
        match company.dice.below(20) {
            0 | 1 => {
                let text = language::fill(company.dice.pick(MACHINES), Gaps::default(), &mut company.dice);
                company.bot_says(channel, minutes, text, None);
            }
            2 | 3 => {
                let text = company.words(&ABROAD, "");
                company.says(channel, by, minutes, text, Says::Nothing);
            }
            11 => {
                let text = company.words(&SMALL_TALK, "");
                company.stranger_says(channel, minutes, text);
            }
            4..=6 if !ordinary.is_empty() => {
                let about = company.dice.below(ordinary.len());
                let Some(key) = ordinary.get(about) else { continue };
                let written = company.written(key);
                let text = company.words(&ABOUT_WORK, &written);
                let spot = company.says(channel, by, minutes, text, Says::Nothing);
                company.about(&spot, key);
            }
            7..=10 if !roots.is_empty() => {
                let at = company.dice.below(roots.len());
                let Some((root, begun)) = roots.get(at).cloned() else { continue };
                let text = company.words(&SMALL_TALK, "");
                let later = company.dice.between(1, begun - 1);
                company.replies(&root, by, later, text, Says::Nothing);
            }
            _ => {
                let text = company.words(&SMALL_TALK, "");
                let spot = company.says(channel, by, minutes, text, Says::Nothing);
                if company.dice.one_in(4) {
                    let emoji = company.dice.pick(&["+1", "joy", "white_check_mark", "eyes", "tada"]);
                    company.reacts(&spot, by, emoji);
                }
                roots.push((spot, minutes));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::eval::truth::Truth;

    /// The labels are what was planted: every case is true, or not, by the contract as well.
    #[test]
    fn what_was_planted_holds_by_the_contract() {
        for seed in 1..=24 {
            for held_out in [false, true] {
                let company = workspace(seed, Size::Small, held_out);
                let truth = Truth::of(&company);
                for case in &company.cases {
                    let holds = truth.holds(case.rule, &case.subjects);
                    assert_eq!(holds, case.holds, "seed {seed}, {held_out}: {case:?}");
                }
            }
        }
    }

    #[test]
    fn a_seed_is_one_workspace_and_another_seed_another() {
        let facts = |seed| format!("{:?}", workspace(seed, Size::Small, false).facts().messages);
        assert_eq!(facts(3), facts(3));
        assert_ne!(facts(3), facts(4));
    }

    #[test]
    fn there_are_as_many_decoys_as_true_cases_and_the_size_is_as_said() {
        for seed in [1, 2, 3] {
            let company = workspace(seed, Size::Medium, false);
            let mut number: BTreeMap<_, (usize, usize)> = BTreeMap::new();
            for case in &company.cases {
                let (holds, decoys) = number.entry(case.rule).or_default();
                *(if case.holds { holds } else { decoys }) += 1;
            }
            assert_eq!(number.len(), 13, "{number:?}");
            assert!(number.values().all(|(holds, decoys)| *holds > 0 && decoys >= holds), "{number:?}");
            let facts = company.facts();
            assert_eq!((facts.channels.len(), facts.messages.len()), (8, 1_200));
            assert!(facts.issues.len() >= 60 && facts.initiatives.len() >= 15);
            assert!(facts.pages.len() >= 3);
        }
    }

    #[test]
    fn everything_was_said_before_now_and_each_message_has_its_own_time() {
        let facts = workspace(5, Size::Medium, false).facts();
        let begin = facts.now - jiff::SignedDuration::from_hours(14 * 24);
        assert!(facts.messages.iter().all(|m| m.ts.timestamp() <= facts.now && m.ts.timestamp() >= begin));
        let unique: std::collections::BTreeSet<_> =
            facts.messages.iter().map(|m| (&m.channel, m.ts)).collect();
        assert_eq!(unique.len(), facts.messages.len());
        let replies = facts.messages.iter().filter(|m| m.is_reply());
        assert!(replies.clone().count() > 50);
        assert!(replies.into_iter().all(|m| m.root() < m.ts), "a reply is older than its thread");
    }
}
