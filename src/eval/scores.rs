//! How often the rules are right.

use std::collections::{BTreeMap, BTreeSet};

use super::company::{Company, Said, Says};
use super::truth::Truth;
use crate::domain::{Confidence, Finding, Rule};
use crate::insight::Insight;

/// How well one rule does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleScore {
    /// Found, and so it is.
    pub hits: usize,
    /// Found, and it is not so.
    pub false_alarms: usize,
    /// Not found, or not for certain.
    pub missed: usize,
    /// Decoys that were planted for it.
    pub decoys: usize,
}

impl RuleScore {
    /// The share of findings that are right; one when there are none.
    pub fn precision(&self) -> f64 {
        ratio(self.hits, self.hits + self.false_alarms)
    }

    /// The share of what is so that was found; one when there is nothing.
    pub fn recall(&self) -> f64 {
        ratio(self.hits, self.support())
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.hits, 2 * self.hits + self.false_alarms + self.missed)
    }

    /// How many there are to be found.
    pub fn support(&self) -> usize {
        self.hits + self.missed
    }
}

/// The share; one of nothing.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 { 1.0 } else { number(part) / number(whole) }
}

/// What a rule got wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// It is so, and nothing was found.
    Missed,
    /// It is so, and was found tentatively only.
    Tentative,
    /// It is not so, and was found for certain.
    FalseAlarm,
}

impl Wrong {
    /// As tables and data name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Tentative => "tentative",
            Self::FalseAlarm => "false-alarm",
        }
    }
}

/// One thing that a rule got wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The rule.
    pub rule: Rule,
    /// What went wrong.
    pub wrong: Wrong,
    /// In which workspace.
    pub seed: u64,
    /// What it is about.
    pub subject: String,
    /// What kind of case was planted; empty when none was.
    pub kind: String,
    /// The words that it turns on; what the finding says, when nothing was planted.
    pub text: String,
}

/// The rules' scores over some workspaces.
#[derive(Debug, Clone, Default)]
pub struct RuleScores {
    /// Each rule's.
    pub by_rule: BTreeMap<Rule, RuleScore>,
    /// What went wrong, in the order of rules and seeds.
    pub misses: Vec<Miss>,
}

impl RuleScores {
    /// Joins one workspace and counts.
    pub(super) fn add(&mut self, seed: u64, company: &Company) {
        let truth = Truth::of(company);
        let findings = Insight::of(&company.facts()).findings;
        let (firm, tentative): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().partition(|finding| finding.confidence == Confidence::Firm);
        for case in company.cases.iter().filter(|case| !case.holds) {
            self.by_rule.entry(case.rule).or_default().decoys += 1;
        }
        for label in &truth.labels {
            let about =
                |finding: &&&Finding| finding.rule == label.rule && label.subjects.contains(&finding.subject);
            let score = self.by_rule.entry(label.rule).or_default();
            if firm.iter().any(|finding| about(&finding)) {
                score.hits += 1;
                continue;
            }
            score.missed += 1;
            let wrong = if tentative.iter().any(|finding| about(&finding)) {
                Wrong::Tentative
            } else {
                Wrong::Missed
            };
            self.misses.push(miss(company, seed, label.rule, wrong, &label.subjects, None));
        }
        for finding in firm {
            let subjects = BTreeSet::from([finding.subject.clone()]);
            let nobody_knows = truth.open.contains(&(finding.rule, finding.subject.clone()));
            if !nobody_knows && !truth.holds(finding.rule, &subjects) {
                self.by_rule.entry(finding.rule).or_default().false_alarms += 1;
                self.misses.push(miss(
                    company,
                    seed,
                    finding.rule,
                    Wrong::FalseAlarm,
                    &subjects,
                    Some(finding),
                ));
            }
        }
    }
}

fn miss(
    company: &Company,
    seed: u64,
    rule: Rule,
    wrong: Wrong,
    subjects: &BTreeSet<String>,
    finding: Option<&Finding>,
) -> Miss {
    let case = company.cases.iter().find(|case| case.rule == rule && !case.subjects.is_disjoint(subjects));
    let meant = |said: &&Said| {
        let message = &said.message;
        if said.says == Says::Nothing || subjects.contains(&message.permalink) {
            return subjects.contains(&message.permalink);
        }
        let root =
            |root: &&Said| root.message.ts == message.root() && root.message.channel == message.channel;
        let root = company.said.iter().find(root);
        let mut about = said.about.iter().chain(root.into_iter().flat_map(|root| &root.about));
        about.any(|key| subjects.contains(key.as_str()))
    };
    let said = || company.said.iter().find(meant);
    let evidence = || finding.and_then(|finding| finding.evidence.first());
    let text = case.map(|case| case.phrase.clone()).filter(|phrase| !phrase.is_empty());
    let text = text.or_else(|| said().map(|said| said.message.text.clone()));
    let text = text.or_else(|| evidence().map(|evidence| evidence.excerpt.clone())).unwrap_or_default();
    Miss {
        rule,
        wrong,
        seed,
        subject: subjects.first().cloned().unwrap_or_default(),
        kind: case.map(|case| case.kind.to_owned()).unwrap_or_default(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_right_at_their_ends() {
        let score = RuleScore { hits: 3, false_alarms: 1, missed: 3, decoys: 0 };
        assert_eq!((score.precision(), score.recall(), score.f1(), score.support()), (0.75, 0.5, 0.6, 6));
        let nothing = RuleScore::default();
        assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (1.0, 1.0, 1.0));
        let blind = RuleScore { missed: 4, ..RuleScore::default() };
        assert_eq!((blind.recall(), blind.f1()), (0.0, 0.0));
    }
}
