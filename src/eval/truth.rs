//! What the rules should find in a company, by the contract's words, from what was meant.
//!
//! A planted issue may be a case of rules that nobody thought of: what is late and has no owner is both. So
//! every label is computed, from the dates, the owners, the links and the meaning of each message, by a
//! reading of the contract that shares no line with the product's. Tests hold it to what was planted.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::company::{Company, Said, Says};
use super::paper::Health;
use super::people::BOT;
use super::work::last_touch;
use crate::domain::{Author, Issue, IssueKey, LinkDirection, Rule, Subject};

/// Something that a rule should find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) rule: Rule,
    /// What the finding is about; any of these.
    pub(super) subjects: BTreeSet<Subject>,
}

/// All that should be found, and what nobody can tell.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) labels: Vec<Label>,
    /// Findings that are neither right nor wrong.
    pub(super) open: BTreeSet<(Rule, Subject)>,
}

impl Truth {
    /// Reads the contract over a company.
    pub(super) fn of(company: &Company) -> Self {
        let reading = Reading::new(company);
        let mut truth = Self::default();
        for issue in company.issues.values() {
            for (rule, holds) in [
                (Rule::StaleTicket, reading.stale(issue)),
                (Rule::QuietInitiative, reading.quiet(issue)),
                (Rule::Overdue, reading.dated(issue) && reading.overdue(issue)),
                (Rule::StatusContradiction, reading.contradicted(issue)),
                (Rule::DateMismatch, reading.dated(issue) && reading.mismatched(issue)),
                (Rule::SlippedDate, reading.dated(issue) && reading.slipped(issue)),
                (Rule::BlockedDependency, reading.dated(issue) && reading.waits(issue)),
                (Rule::Ownerless, reading.dated(issue) && reading.ownerless(issue)),
            ] {
                if holds {
                    truth.label(rule, [issue.key.to_string()]);
                }
            }
        }
        for (id, at_risk) in &company.sprints {
            if *at_risk {
                truth.label(Rule::SprintRisk, [format!("sprint:{id}")]);
            }
        }
        for (said, about) in &reading.talk {
            truth.message(&reading, said, about);
        }
        let stale: BTreeSet<&Subject> = company
            .paper
            .risks
            .iter()
            .filter(|row| reading.stale_risk(row))
            .map(|row| &row.subject)
            .collect();
        stale.into_iter().for_each(|subject| truth.label(Rule::StaleRisk, [subject.clone()]));
        truth
    }

    /// Whether a finding about any of these is right.
    pub(super) fn holds(&self, rule: Rule, subjects: &BTreeSet<Subject>) -> bool {
        self.labels.iter().any(|label| label.rule == rule && !label.subjects.is_disjoint(subjects))
    }

    fn label(&mut self, rule: Rule, subjects: impl IntoIterator<Item = Subject>) {
        self.labels.push(Label { rule, subjects: subjects.into_iter().collect() });
    }

    fn message(&mut self, reading: &Reading<'_>, said: &Said, about: &BTreeSet<IssueKey>) {
        let message = &said.message;
        let link = message.permalink.clone();
        match said.says {
            Says::Blocker { open: true } if about.is_empty() => self.label(Rule::UntrackedBlocker, [link]),
            Says::Murky => {
                self.open.insert((Rule::UntrackedBlocker, link));
            }
            Says::Decision { recorded: false } if reading.older(message.ts.timestamp(), 48) => {
                let keys = about.iter().map(ToString::to_string);
                self.label(Rule::UnrecordedDecision, keys.chain([link]).collect::<Vec<_>>());
            }
            Says::Question { asked } if !reading.answered(said, asked) && reading.waited(said) => {
                self.label(Rule::UnansweredQuestion, [link]);
            }
            _ => {}
        }
    }
}

/// A company with what each message is about.
struct Reading<'a> {
    company: &'a Company,
    /// People's messages with the issues that they are about, their thread's included, oldest first.
    talk: Vec<(&'a Said, BTreeSet<IssueKey>)>,
}

const DUE_SOON_DAYS: i64 = 14;
const QUIET_HOURS: i64 = 7 * 24;
const STALE_HOURS: i64 = 24;

impl<'a> Reading<'a> {
    fn new(company: &'a Company) -> Self {
        let roots: std::collections::BTreeMap<_, _> =
            company.said.iter().map(|said| ((&said.message.channel, said.message.ts), &said.about)).collect();
        let about = |said: &'a Said| {
            let mut about = said.about.clone();
            let root = said.message.thread.and_then(|thread| roots.get(&(&said.message.channel, thread)));
            about.extend(root.into_iter().flat_map(|keys| keys.iter().cloned()));
            (said, about)
        };
        let person = |said: &&Said| matches!(&said.message.author, Author::Person(id) if id.as_str() != BOT);
        let mut talk: Vec<_> = company.said.iter().filter(person).map(about).collect();
        talk.sort_by_key(|(said, _)| said.message.ts);
        Self { company, talk }
    }

    fn about(&self, key: &IssueKey) -> impl Iterator<Item = &'a Said> + use<'_, 'a> {
        let key = key.clone();
        self.talk.iter().filter(move |(_, about)| about.contains(&key)).map(|(said, _)| *said)
    }

    fn older(&self, at: Timestamp, hours: i64) -> bool {
        at <= self.company.now - SignedDuration::from_hours(hours)
    }

    fn open_blockers(&self, key: &IssueKey) -> impl Iterator<Item = &'a Said> + use<'_, 'a> {
        self.about(key).filter(|said| said.says == Says::Blocker { open: true })
    }

    fn children(&self, key: &IssueKey) -> impl Iterator<Item = &'a Issue> {
        let key = key.clone();
        self.company.issues.values().filter(move |issue| issue.parent.as_ref() == Some(&key))
    }

    /// Whether rules about dates and owners cover it, which they do while it is open.
    fn dated(&self, issue: &Issue) -> bool {
        let initiative = |key: &IssueKey| self.company.initiatives.contains(key);
        let covered = initiative(&issue.key)
            || issue.parent.as_ref().is_some_and(initiative)
            || self.company.in_sprint.contains(&issue.key);
        covered && !issue.is_done()
    }

    fn days_left(&self, issue: &Issue) -> Option<i64> {
        let date = issue.target.or(issue.due)?;
        Some(i64::from(self.company.today().until(date).ok()?.get_days()))
    }

    fn stale(&self, issue: &Issue) -> bool {
        if issue.is_done() {
            return false;
        }
        let silent = |first: Timestamp| last_touch(issue) < first && self.older(first, STALE_HOURS);
        let blocker = self.open_blockers(&issue.key).next().map(|said| said.message.ts.timestamp());
        let talk: Vec<&Said> = self.about(&issue.key).collect();
        let people: BTreeSet<_> = talk.iter().filter_map(|said| said.message.author.person()).collect();
        let buzz = talk.first().filter(|_| talk.len() >= 5 && people.len() >= 3);
        blocker.is_some_and(silent) || buzz.is_some_and(|first| silent(first.message.ts.timestamp()))
    }

    fn quiet(&self, issue: &Issue) -> bool {
        let near = self.days_left(issue).is_some_and(|days| days <= DUE_SOON_DAYS);
        if issue.is_done() || !near || !self.company.initiatives.contains(&issue.key) {
            return false;
        }
        let family: Vec<&Issue> = self.children(&issue.key).chain([issue]).collect();
        family.iter().all(|issue| {
            let silent = |at: Timestamp| self.older(at, QUIET_HOURS);
            let edited = |said: &Said| said.message.edited.unwrap_or(said.message.ts).max(said.message.ts);
            let rows =
                self.company.paper.told.iter().filter(|told| told.key == issue.key).map(|told| told.changed);
            let risks = self
                .company
                .paper
                .risks
                .iter()
                .filter(|row| row.subject == issue.key.as_str())
                .map(|row| row.changed);
            silent(last_touch(issue))
                && self.about(&issue.key).all(|said| silent(edited(said).timestamp()))
                && rows.chain(risks).all(|minutes| minutes >= QUIET_HOURS * 60)
        })
    }

    fn overdue(&self, issue: &Issue) -> bool {
        self.days_left(issue).is_some_and(|days| days < 0)
    }

    fn contradicted(&self, issue: &Issue) -> bool {
        if issue.is_done() {
            let closed = issue.resolved.unwrap_or(issue.created);
            return self.open_blockers(&issue.key).any(|said| said.message.ts.timestamp() > closed);
        }
        let row = self.company.paper.told.iter().find(|told| told.key == issue.key);
        let trouble = || {
            issue.flagged
                || issue.status.name == "Blocked"
                || self.overdue(issue)
                || self.open_blockers(&issue.key).next().is_some()
        };
        let page = row.is_some_and(|told| match told.health {
            Health::Done => true,
            Health::Fine => trouble(),
            Health::Neutral | Health::Bad => false,
        });
        page || self.about(&issue.key).any(|said| said.says == Says::Completion)
    }

    fn mismatched(&self, issue: &Issue) -> bool {
        let date = issue.target.or(issue.due);
        let row = self.company.paper.told.iter().find(|told| told.key == issue.key);
        matches!((date, row.and_then(|told| told.date)), (Some(jira), Some(page)) if jira != page)
    }

    fn slipped(&self, issue: &Issue) -> bool {
        let since = self.company.now - SignedDuration::from_hours(72);
        let day = |text: &Option<String>| text.as_ref()?.parse::<jiff::civil::Date>().ok();
        let moves: Vec<_> = issue
            .changes
            .iter()
            .filter(|change| change.field == "duedate" && change.at >= since)
            .filter_map(|change| Some((day(&change.from)?, day(&change.to)?)))
            .collect();
        matches!((moves.first(), moves.last()), (Some((from, _)), Some((_, to))) if to > from)
    }

    fn waits(&self, issue: &Issue) -> bool {
        let inward = issue.links.iter().filter(|link| link.direction == LinkDirection::Inward);
        inward
            .filter(|link| link.kind == "Blocks")
            .filter_map(|link| self.company.issues.get(&link.other))
            .any(|other| {
                let later =
                    matches!((self.days_left(other), self.days_left(issue)), (Some(o), Some(i)) if o > i);
                !other.is_done() && (self.overdue(other) || later)
            })
    }

    fn ownerless(&self, issue: &Issue) -> bool {
        issue.assignee.is_none() && self.days_left(issue).is_some_and(|days| days <= DUE_SOON_DAYS)
    }

    fn stale_risk(&self, row: &super::paper::RiskRow) -> bool {
        let passed = row.review.is_some_and(|review| review < self.company.today());
        row.open && (passed || (row.high && row.changed >= QUIET_HOURS * 60))
    }

    fn waited(&self, question: &Said) -> bool {
        self.company.weekday_hours_since(question.message.ts.timestamp()) >= 24
    }

    fn answered(&self, question: &Said, asked: usize) -> bool {
        let message = &question.message;
        let Some(asker) = message.author.person() else { return true };
        let Some(asked) = self.company.members.get(asked).map(|person| &person.id) else { return true };
        let mention = format!("<@{asker}>");
        let later = self.talk.iter().map(|(said, _)| &said.message).filter(|later| {
            later.ts > message.ts && later.channel == message.channel && later.author.person() != Some(asker)
        });
        let nodded = message.reactions.iter().any(|reaction| {
            let yes =
                ["+1", "thumbsup", "white_check_mark", "heavy_check_mark"].contains(&reaction.name.as_str());
            yes && reaction.users.contains(asked)
        });
        nodded
            || later.into_iter().any(|later| {
                later.root() == message.root()
                    || (later.author.person() == Some(asked) && later.text.contains(&mention))
            })
    }
}
