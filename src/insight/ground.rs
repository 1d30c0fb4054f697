//! What every rule stands on: the issues in question, what people said and did about them, and how
//! findings name and prove it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::initiative::{Tree, waits};
use super::linking::Linking;
use super::people_of_jira::{display_name, slack_id};
use super::signals::{Language, Spoken};
use super::talk::{Talk, person};
use super::titles::Titles;
use super::tracking::Rows;
use super::{Facts, Links, MessageId, cite};
use crate::domain::{
    Change, Confidence, Evidence, Finding, Issue, IssueKey, Message, Prose, Rule, Severity, Signal,
    SignalKind, TrackedPage, UserId, defang, shorten,
};

/// The facts, joined, with the day that it is.
pub(super) struct Ground<'a> {
    pub(super) facts: &'a Facts,
    pub(super) talk: &'a Talk<'a>,
    pub(super) linking: &'a Linking<'a>,
    pub(super) signals: &'a [Signal],
    /// By which messages are read.
    pub(super) language: &'a Language,
    /// In which words signals were heard.
    spoken: &'a Spoken,
    /// Today in the facts' zone.
    pub(super) today: Date,
    tree: Tree<'a>,
    initiatives: BTreeSet<&'a IssueKey>,
    /// The tracking pages, in one order whatever order they were read in.
    pub(super) pages: Vec<&'a TrackedPage>,
    /// Their rows, by what they are about.
    pub(super) rows: Rows<'a>,
    about: BTreeMap<&'a IssueKey, Vec<&'a Signal>>,
    blockers: BTreeMap<&'a IssueKey, Vec<&'a Signal>>,
    /// Which issue may be meant by an open blocker that names none.
    meant: BTreeMap<MessageId, &'a IssueKey>,
    /// The same by the issue.
    nameless: BTreeMap<&'a IssueKey, Vec<&'a Signal>>,
    /// Per issue: the first messages of the threads about it whose replies were not all read.
    unread: BTreeMap<&'a IssueKey, Vec<&'a Message>>,
    /// What blocks what, as the links of either side say.
    waits: BTreeMap<&'a IssueKey, BTreeSet<&'a IssueKey>>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(
        facts: &'a Facts,
        talk: &'a Talk<'a>,
        linking: &'a Linking<'a>,
        signals: &'a [Signal],
        (language, spoken): (&'a Language, &'a Spoken),
    ) -> Self {
        let today = facts.now.to_zoned(facts.zone.clone()).date();
        let mut pages: Vec<&TrackedPage> = facts.pages.iter().collect();
        pages.sort_by_key(|page| &page.id);
        let ground = Self {
            facts,
            talk,
            linking,
            signals,
            language,
            spoken,
            today,
            tree: Tree::of(&facts.issues),
            initiatives: facts.initiatives.iter().collect(),
            rows: Rows::of(pages.clone(), &facts.issues),
            pages,
            about: BTreeMap::new(),
            blockers: BTreeMap::new(),
            meant: BTreeMap::new(),
            nameless: BTreeMap::new(),
            unread: unread(talk, &linking.links),
            waits: waits(&facts.issues),
        };
        let mut blockers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for signal in ground.standing(SignalKind::Blocker) {
            for key in &signal.about {
                blockers.entry(key).or_default().push(signal);
            }
        }
        let mut about: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for signal in signals {
            for key in &signal.about {
                about.entry(key).or_default().push(signal);
            }
        }
        let titles = Titles::of(facts);
        let nameless = ground.standing(SignalKind::Blocker).filter(|blocker| blocker.about.is_empty());
        let mut meant = BTreeMap::new();
        let mut by_issue: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for blocker in nameless {
            let id = (blocker.channel.clone(), blocker.ts);
            if let Some(key) = talk.get(&id).and_then(|message| titles.meant(message, &blocker.by)) {
                by_issue.entry(key).or_default().push(blocker);
                meant.insert(id, key);
            }
        }
        Self { meant, nameless: by_issue, blockers, about, ..ground }
    }

    /// The open signals of a kind within the lookback, oldest first.
    pub(super) fn standing(&self, kind: SignalKind) -> impl Iterator<Item = &'a Signal> {
        let from = self.lookback();
        self.signals.iter().filter(move |s| s.kind == kind && s.open && s.ts.timestamp() >= from)
    }

    /// What was asserted of an issue within the lookback, oldest first, whether it stands or not.
    pub(super) fn signals_about(&self, kind: SignalKind, key: &IssueKey) -> Vec<&'a Signal> {
        let about = self.about.get(key).into_iter().flatten().copied();
        about.filter(|s| s.kind == kind && self.looked_back(s.ts.timestamp())).collect()
    }

    /// The words with which somebody said that work is blocked.
    pub(super) fn phrase(&self, blocker: &Signal) -> String {
        let position = self.talk.position(&blocker.channel, blocker.ts);
        let phrase =
            position.and_then(|at| self.spoken.blocker_phrase(at, &blocker.about, &self.facts.people));
        phrase.unwrap_or_else(|| blocker.evidence.excerpt.clone())
    }

    /// The words of what somebody said was decided.
    pub(super) fn decided(&self, decision: &Signal) -> Option<&'a str> {
        self.spoken.decided(self.talk.position(&decision.channel, decision.ts)?, &decision.about)
    }

    /// Whether `at` lies within the days for which Slack is read for the rules.
    pub(super) fn looked_back(&self, at: Timestamp) -> bool {
        at >= self.lookback()
    }

    fn lookback(&self) -> Timestamp {
        self.before_now(SignedDuration::from_hours(24 * i64::from(self.facts.thresholds.lookback_days)))
    }

    /// The instant that lies `span` before now.
    pub(super) fn before_now(&self, span: SignedDuration) -> Timestamp {
        self.facts.now.checked_sub(span).unwrap_or(Timestamp::MIN)
    }

    /// The initiatives that are not done.
    pub(super) fn open_initiatives(&self) -> impl Iterator<Item = &'a Issue> {
        let issues = self.initiatives.iter().filter_map(|key| self.facts.issues.get(*key));
        issues.filter(|issue| !issue.is_done())
    }

    pub(super) fn is_initiative(&self, issue: &Issue) -> bool {
        self.initiatives.contains(&issue.key)
    }

    /// What stands directly below an issue.
    pub(super) fn children(&self, key: &IssueKey) -> &[&'a Issue] {
        self.tree.children(key)
    }

    /// Everything below an issue, however deep.
    pub(super) fn below(&self, key: &IssueKey) -> Vec<&'a Issue> {
        self.tree.below(key)
    }

    /// The open issues that rules about dates and owners cover: initiatives, what is below them, and the active sprints.
    pub(super) fn covered(&self) -> Vec<&'a Issue> {
        let mut keys: BTreeSet<&IssueKey> = self.facts.in_sprint.iter().collect();
        for initiative in &self.facts.initiatives {
            keys.insert(initiative);
            keys.extend(self.below(initiative).into_iter().map(|issue| &issue.key));
        }
        keys.into_iter()
            .filter_map(|key| self.facts.issues.get(key))
            .filter(|issue| !issue.is_done())
            .collect()
    }

    /// The issues that an issue is blocked by.
    pub(super) fn waits_for(&self, key: &IssueKey) -> impl Iterator<Item = &'a Issue> {
        let known =
            |other: &IssueKey| self.facts.issues.get(other).or_else(|| self.facts.blocking.get(other));
        self.waits.get(key).into_iter().flatten().filter_map(move |other| known(other))
    }

    /// The open blockers about an issue within the lookback, oldest first.
    pub(super) fn open_blockers(&self, key: &IssueKey) -> &[&'a Signal] {
        self.blockers.get(key).map_or(&[], Vec::as_slice)
    }

    /// The issue that may be meant by an open blocker that names none.
    pub(super) fn meant(&self, blocker: &Signal) -> Option<&'a Issue> {
        self.facts.issues.get(*self.meant.get(&(blocker.channel.clone(), blocker.ts))?)
    }

    /// The open blockers that name no issue and may mean this one, oldest first.
    pub(super) fn blockers_that_may_mean(&self, key: &IssueKey) -> &[&'a Signal] {
        self.nameless.get(key).map_or(&[], Vec::as_slice)
    }

    /// What people said about an issue, oldest first, with who said it.
    pub(super) fn said_about(&self, key: &IssueKey) -> Vec<(&'a Message, &'a UserId)> {
        let messages = self.messages_about(key);
        messages.filter_map(|message| Some((message, person(self.facts, message)?))).collect()
    }

    /// The messages about an issue, oldest first.
    pub(super) fn messages_about(&self, key: &IssueKey) -> impl Iterator<Item = &'a Message> {
        self.linking.links.by_issue.get(key).into_iter().flatten().filter_map(|id| self.talk.get(id))
    }

    /// The threads about an issue whose replies were not all read, by their first messages.
    ///
    /// Every reply in them is about the issue too: that there are some is known, what they say is not.
    pub(super) fn unread_threads_about(&self, key: &IssueKey) -> impl Iterator<Item = &'a Message> {
        self.unread.get(key).into_iter().flatten().copied()
    }

    /// Whether the end of a blocker may stand in a reply that was not read: in its own thread, or in one
    /// of its channel about the same issue. What ends it elsewhere does not count.
    pub(super) fn end_may_be_unread(&self, blocker: &Signal) -> bool {
        let later = |channel, root| self.talk.unread_after(channel, root, blocker.ts);
        let own = later(&blocker.channel, blocker.root);
        let of_issue = || blocker.about.iter().flat_map(|key| self.unread_threads_about(key));
        own || of_issue().any(|root| root.channel == blocker.channel && later(&root.channel, root.ts))
    }

    /// When the rows of the tracking pages that are about an issue last changed, as far as was read.
    pub(super) fn row_changed(&self, key: &IssueKey) -> Option<Timestamp> {
        self.rows.changed(key)
    }

    /// The date until which "soon" reaches.
    pub(super) fn soon(&self) -> Date {
        let days = jiff::Span::new().try_days(self.facts.thresholds.due_soon_days).unwrap_or_default();
        self.today.checked_add(days).unwrap_or(Date::MAX)
    }

    /// Days from today to a date: negative when it has passed.
    pub(super) fn days_until(&self, date: Date) -> i32 {
        self.today.until(date).map_or(0, |span| span.get_days())
    }

    /// How long ago, in words: hours within two days, then days.
    pub(super) fn ago(&self, at: Timestamp) -> String {
        let hours = self.facts.now.duration_since(at).as_hours().max(0);
        match hours {
            0 => "less than an hour ago".to_owned(),
            1..48 => format!("{} ago", count(hours, "hour")),
            _ => format!("{} ago", count(hours / 24, "day")),
        }
    }

    /// The day of an instant in the facts' zone.
    pub(super) fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.facts.zone.clone()).date()
    }

    /// A day, with its weekday when it is near enough to be known by that: "Tue 17 Nov".
    pub(super) fn day(&self, prose: Prose, day: Date) -> Prose {
        match self.days_until(day).abs() {
            0..=14 => prose.say(day.strftime("%a ").to_string()).day(day),
            _ => prose.day(day),
        }
    }

    /// "due Tue 17 Nov", "was due Mon 9 Nov".
    pub(super) fn due(&self, prose: Prose, date: Date) -> Prose {
        self.day(prose.say(if self.days_until(date) < 0 { "was due " } else { "due " }), date)
    }

    /// "Jira still says In Progress, last touched by a person 11 days ago".
    pub(super) fn jira_says(&self, issue: &Issue, still: &str) -> String {
        let (at, by) = cite::last_touch(issue);
        let flagged = if issue.flagged { ", flagged" } else { "" };
        let touched = match by {
            _ if issue.history_unread => String::new(),
            Some(_) => format!(", last touched by a person {}", self.ago(at)),
            None => format!(", untouched by a person since it was created {}", self.ago(at)),
        };
        format!("Jira {still}says {}{flagged}{touched}", defang(&issue.status.name))
    }

    /// A next step with its person; `instead` is whom to ask when nobody is assigned.
    pub(super) fn ask(&self, issue: &Issue, instead: Option<&UserId>, step: &str) -> Prose {
        let people = &self.facts.people;
        match &issue.assignee {
            Some(owner) if owner.active => {
                Prose::new().person(display_name(people, owner)).say(format!(": {step}"))
            }
            Some(owner) => Prose::text("reassign it (the account of ")
                .person(display_name(people, owner))
                .say(format!(" is closed), then {step}")),
            None => Prose::text("nobody is assigned: ").join(self.find_owner(issue, instead, step)),
        }
    }

    /// Whom to ask who should do a step that is nobody's.
    pub(super) fn find_owner(&self, issue: &Issue, instead: Option<&UserId>, step: &str) -> Prose {
        let people = &self.facts.people;
        let reporter = issue.reporter.as_ref().filter(|reporter| reporter.human && reporter.active);
        match (instead, reporter) {
            (Some(name), _) => {
                Prose::text("ask ").person(people.name(name)).say(format!(" who should {step}"))
            }
            (None, Some(reporter)) => {
                let name = display_name(people, reporter);
                let is_reader =
                    self.facts.reader.is_some() && slack_id(people, reporter) == self.facts.reader.as_ref();
                if is_reader {
                    return Prose::new()
                        .person(name)
                        .say(format!(", you reported it: say who should {step}"));
                }
                Prose::text("ask ").person(name).say(format!(", who reported it, who should {step}"))
            }
            (None, None) => Prose::text(format!("find an owner to {step}")),
        }
    }

    /// An issue as it stands in Jira.
    pub(super) fn jira_evidence(&self, issue: &Issue) -> Evidence {
        cite::issue(issue, self.facts)
    }

    /// The rows of tracking pages that are about an issue.
    pub(super) fn row_evidence(&self, key: &IssueKey) -> Vec<Evidence> {
        self.rows.first(key).into_iter().map(|(page, row, changed)| cite::row(page, row, changed)).collect()
    }

    /// A finding about an issue.
    pub(super) fn about(
        &self,
        issue: &Issue,
        rule: Rule,
        judged: (Severity, Confidence),
        told: (Prose, Prose),
        evidence: Vec<Evidence>,
    ) -> Finding {
        self.finding(rule, (issue.key.to_string(), issue.summary.clone()), judged, told, evidence)
    }

    /// A finding about a message.
    pub(super) fn about_message(
        &self,
        signal: &Signal,
        rule: Rule,
        judged: (Severity, Confidence),
        told: (Prose, Prose),
    ) -> Finding {
        let title = shorten(&signal.evidence.excerpt, 80);
        self.finding(rule, (signal.evidence.url.clone(), title), judged, told, vec![signal.evidence.clone()])
    }

    /// A finding about anything, by its subject and title.
    pub(super) fn finding(
        &self,
        rule: Rule,
        (subject, title): (String, String),
        (severity, confidence): (Severity, Confidence),
        (why, action): (Prose, Prose),
        evidence: Vec<Evidence>,
    ) -> Finding {
        Finding {
            rule,
            severity,
            confidence,
            change: Change::New,
            under: None,
            program: Some(self.facts.program.key.clone()),
            subject,
            title,
            why,
            action,
            evidence,
        }
    }
}

fn unread<'a>(talk: &Talk<'a>, links: &'a Links) -> BTreeMap<&'a IssueKey, Vec<&'a Message>> {
    let about = |ids: &'a Vec<MessageId>| {
        let roots = ids.iter().filter_map(|id| talk.get(id)).filter(|message| !message.is_reply());
        roots.filter(|root| talk.thread_cut_short(&root.channel, root.ts)).collect()
    };
    links.by_issue.iter().map(|(key, ids)| (key, about(ids))).collect()
}

/// `3 days`, `1 day`.
pub(super) fn count(number: i64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// `3 days`; `more than 3 days` where the reading stopped before the beginning.
pub(super) fn days(number: i64, exact: bool) -> String {
    let days = count(number, "day");
    if exact { days } else { format!("more than {days}") }
}

/// Whether its priority says that it cannot wait.
pub(super) fn urgent(issue: &Issue) -> bool {
    let urgent = ["highest", "high", "critical", "urgent", "blocker", "p0", "p1"];
    issue.priority.as_deref().is_some_and(|p| urgent.contains(&p.trim().to_lowercase().as_str()))
}

/// Whether its priority says that it can.
pub(super) fn minor(issue: &Issue) -> bool {
    let minor = ["lowest", "low", "minor", "trivial", "p4", "p5"];
    issue.priority.as_deref().is_some_and(|p| minor.contains(&p.trim().to_lowercase().as_str()))
}
