//! A small world for tests: `issue("DCT-42").due(-3).assigned("marco")`, `world.says("priya", "…", 72)`.
//!
//! It is Wednesday, 18 November 2026, noon UTC. Times are hours ago, dates are days from today.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::{ActiveSprint, Blind, Facts, Insight};
use crate::domain::{
    Author, Channel, ChannelId, Comment, FieldChange, Finding, Inline, Issue, IssueKey, IssueLink, JiraUser,
    LinkDirection, Message, MessageTs, PageSnapshot, PageTable, People, Person, Program, Prose, Reaction,
    Rule, Sprint, SprintState, Standing, Status, StatusCategory, TableRow, Thresholds, TrackedPage, UserId,
    Window, WindowOrigin,
};

pub(crate) const SITE: &str = "https://acme.atlassian.net";

pub(crate) fn now() -> Timestamp {
    "2026-11-18T12:00:00Z".parse().unwrap()
}

fn ago(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

fn day(from_today: i64) -> Date {
    now().to_zoned(TimeZone::UTC).date() + Span::new().days(from_today)
}

/// The Slack id of somebody known by this name.
pub(crate) fn user(name: &str) -> UserId {
    let capitals: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("U{}", capitals.to_uppercase()).parse().unwrap()
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn jira_user(name: &str) -> JiraUser {
    JiraUser {
        account_id: format!("acc-{name}"),
        name: format!("{} Example", capital(name)),
        email: Some(format!("{name}@acme.com")),
        human: true,
        active: true,
    }
}

/// An issue in progress that nobody has touched since it was created, 60 days ago.
pub(crate) fn issue(key: &str) -> Issue {
    let key: IssueKey = key.parse().unwrap();
    Issue {
        id: "1".to_owned(),
        url: format!("{SITE}/browse/{key}"),
        summary: format!("The work of {key}"),
        kind: "Story".to_owned(),
        status: Status { name: "In Progress".to_owned(), category: StatusCategory::InProgress },
        assignee: None,
        reporter: None,
        priority: None,
        labels: Vec::new(),
        components: Vec::new(),
        parent: None,
        due: None,
        target: None,
        flagged: false,
        story_points: None,
        program: None,
        pillar: None,
        quarter: None,
        created: ago(24 * 60),
        updated: ago(1),
        resolved: None,
        links: Vec::new(),
        sprints: Vec::new(),
        changes: Vec::new(),
        comments: Vec::new(),
        history_unread: false,
        key,
    }
}

fn change(at: Timestamp, by: JiraUser, field: &str, from: Option<Date>, to: Option<Date>) -> FieldChange {
    let iso = |date: Option<Date>| date.map(|date| date.to_string());
    FieldChange {
        at,
        by: Some(by),
        field: field.to_owned(),
        field_id: Some(field.to_owned()),
        from: iso(from),
        to: iso(to),
        from_id: iso(from),
        to_id: iso(to),
    }
}

/// How tests shape an issue.
impl Issue {
    pub(crate) fn due(mut self, from_today: i64) -> Self {
        self.due = Some(day(from_today));
        self
    }

    pub(crate) fn without_history(mut self) -> Self {
        self.changes.clear();
        self.history_unread = true;
        self
    }

    pub(crate) fn assigned(mut self, name: &str) -> Self {
        self.assignee = Some(jira_user(name));
        self
    }

    pub(crate) fn reported(mut self, name: &str) -> Self {
        self.reporter = Some(jira_user(name));
        self
    }

    pub(crate) fn below(mut self, parent: &str) -> Self {
        self.parent = Some(parent.parse().unwrap());
        self
    }

    pub(crate) fn priority(mut self, name: &str) -> Self {
        self.priority = Some(name.to_owned());
        self
    }

    pub(crate) fn flagged(mut self) -> Self {
        self.flagged = true;
        self
    }

    pub(crate) fn done(mut self) -> Self {
        self.status = Status { name: "Done".to_owned(), category: StatusCategory::Done };
        self
    }

    pub(crate) fn blocked_by(mut self, other: &str) -> Self {
        self.links.push(IssueLink {
            kind: "Blocks".to_owned(),
            reads: "is blocked by".to_owned(),
            direction: LinkDirection::Inward,
            other: other.parse().unwrap(),
            other_status: None,
        });
        self
    }

    pub(crate) fn points(mut self, points: f64) -> Self {
        self.story_points = Some(points);
        self
    }

    pub(crate) fn unstarted(mut self) -> Self {
        self.status = Status { name: "To Do".to_owned(), category: StatusCategory::ToDo };
        self
    }

    pub(crate) fn titled(mut self, summary: &str) -> Self {
        self.summary = summary.to_owned();
        self
    }

    /// Created so many hours ago.
    pub(crate) fn born(mut self, hours_ago: i64) -> Self {
        self.created = ago(hours_ago);
        self
    }

    /// Put into the running sprint by somebody.
    pub(crate) fn planned(self, name: &str, hours_ago: i64) -> Self {
        self.moved_sprint(name, hours_ago, ("204", "Sprint 4"), ("204, 205", "Sprint 4, Sprint 5"))
    }

    /// Taken out of the running sprint by somebody.
    pub(crate) fn unplanned(self, name: &str, hours_ago: i64) -> Self {
        self.moved_sprint(name, hours_ago, ("204, 205", "Sprint 4, Sprint 5"), ("204", "Sprint 4"))
    }

    fn moved_sprint(mut self, name: &str, hours_ago: i64, from: (&str, &str), to: (&str, &str)) -> Self {
        let own = |text: &str| Some(text.to_owned());
        self.changes.push(FieldChange {
            field_id: own("customfield_10020"),
            from: own(from.1),
            to: own(to.1),
            from_id: own(from.0),
            to_id: own(to.0),
            ..change(ago(hours_ago), jira_user(name), "Sprint", None, None)
        });
        self
    }

    pub(crate) fn touched(mut self, name: &str, hours_ago: i64) -> Self {
        self.changes.push(change(ago(hours_ago), jira_user(name), "description", None, None));
        self
    }

    pub(crate) fn commented(mut self, name: &str, hours_ago: i64) -> Self {
        let comment = Comment {
            id: "1".to_owned(),
            at: ago(hours_ago),
            by: Some(jira_user(name)),
            text: "hm".to_owned(),
        };
        self.comments.push(comment);
        self
    }

    pub(crate) fn says(mut self, name: &str, text: &str, hours_ago: i64) -> Self {
        self = self.commented(name, hours_ago);
        if let Some(comment) = self.comments.last_mut() {
            comment.text = text.to_owned();
        }
        self
    }

    pub(crate) fn automated(mut self, hours_ago: i64) -> Self {
        let robot = JiraUser { human: false, ..jira_user("automation") };
        self.changes.push(change(ago(hours_ago), robot, "labels", None, None));
        self
    }

    /// Moved from one day to another, as Jira's history has it; the due date is what it says now.
    pub(crate) fn moved(mut self, from: i64, to: i64, hours_ago: i64) -> Self {
        self.changes.push(change(
            ago(hours_ago),
            jira_user("lena"),
            "duedate",
            Some(day(from)),
            Some(day(to)),
        ));
        self.due(to)
    }
}

/// A program with one channel.
#[derive(Debug, Clone)]
pub(crate) struct World {
    issues: BTreeMap<IssueKey, Issue>,
    blocking: BTreeMap<IssueKey, Issue>,
    initiatives: Vec<IssueKey>,
    in_sprint: BTreeSet<IssueKey>,
    people: BTreeMap<UserId, Person>,
    pub(crate) messages: Vec<Message>,
    running: Option<Sprint>,
    pages: Vec<TrackedPage>,
    zone: TimeZone,
    pub(crate) blind: Blind,
    pub(crate) lexicon: Arc<crate::domain::Lexicon>,
    pub(crate) reader: Option<UserId>,
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self {
            issues: BTreeMap::new(),
            blocking: BTreeMap::new(),
            initiatives: Vec::new(),
            in_sprint: BTreeSet::new(),
            people: BTreeMap::new(),
            messages: Vec::new(),
            running: None,
            pages: Vec::new(),
            zone: TimeZone::UTC,
            blind: Blind::default(),
            lexicon: Arc::default(),
            reader: None,
        };
        world.people(&["priya", "marco", "lena", "sam"])
    }

    pub(crate) fn channel(&self) -> ChannelId {
        "C0DCT".parse().unwrap()
    }

    pub(crate) fn outside(mut self, issue: Issue) -> Self {
        self.blocking.insert(issue.key.clone(), issue);
        self
    }

    pub(crate) fn with(mut self, issue: Issue) -> Self {
        self.issues.insert(issue.key.clone(), issue);
        self
    }

    pub(crate) fn initiative(mut self, issue: Issue) -> Self {
        self.initiatives.push(issue.key.clone());
        self.with(issue)
    }

    pub(crate) fn sprint(mut self, issue: Issue) -> Self {
        self.in_sprint.insert(issue.key.clone());
        self.with(issue)
    }

    /// The issues that are in a sprint are in one that began so many hours ago and has so many left.
    pub(crate) fn running(mut self, began: i64, left: i64) -> Self {
        self.running = Some(Sprint {
            id: 205,
            name: "Sprint 5".to_owned(),
            state: SprintState::Active,
            start: Some(ago(began)),
            end: Some(ago(-left)),
            goal: None,
            board: None,
        });
        self
    }

    pub(crate) fn people(mut self, names: &[&str]) -> Self {
        names.iter().for_each(|name| self.knows(name));
        self
    }

    pub(crate) fn named(mut self, name: &str, full_name: &str) -> Self {
        self.people.get_mut(&user(name)).unwrap().full_name = full_name.to_owned();
        self
    }

    pub(crate) fn zone(mut self, name: &str) -> Self {
        self.zone = TimeZone::get(name).unwrap();
        self
    }

    /// A tracking page: rows of (issue, status, hours since the row changed), each change a version of its own.
    pub(crate) fn page(mut self, rows: &[(&str, &str, i64)]) -> Self {
        let snapshot = |version: usize, at: i64| {
            let rows = rows.iter().map(|(key, status, changed)| {
                let status = if *changed >= at { *status } else { "before" };
                TableRow {
                    cells: vec![(*key).to_owned(), status.to_owned()],
                    colours: vec![None, None],
                    issues: vec![key.parse().unwrap()],
                }
            });
            let table = PageTable { heading: None, columns: Vec::new(), rows: rows.collect() };
            let version = u32::try_from(version).unwrap();
            PageSnapshot {
                version,
                at: ago(at),
                by: Some("Sam".to_owned()),
                tables: vec![table],
                text: String::new(),
                links: BTreeSet::new(),
            }
        };
        let mut times: Vec<i64> = rows.iter().map(|(_, _, changed)| *changed).collect();
        times.push(24 * 40);
        times.sort_unstable();
        times.dedup();
        let versions = times.len();
        let mut snapshots = times.iter().enumerate().map(|(n, at)| snapshot(versions - n + 4, *at));
        let current = snapshots.next().unwrap();
        let earlier = snapshots.collect();
        self.pages.push(TrackedPage {
            id: (98304 + self.pages.len()).to_string().parse().unwrap(),
            title: "Status".to_owned(),
            url: format!("{SITE}/wiki/spaces/D/pages/98304"),
            current,
            earlier,
            earlier_unread: false,
        });
        self
    }

    /// A tracking page with one table, as old as the program.
    pub(crate) fn table(self, columns: &[&str], rows: &[&[&str]]) -> Self {
        self.versions(columns, &[(rows, 24 * 40)])
    }

    /// A tracking page with one table in several versions, newest first, with hours since each was published.
    pub(crate) fn versions(mut self, columns: &[&str], versions: &[(&[&[&str]], i64)]) -> Self {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        let mut snapshots = versions.iter().rev().zip(3..).map(|((rows, hours_ago), version)| {
            let rows = rows.iter().map(|cells| TableRow {
                cells: own(cells),
                colours: vec![None; cells.len()],
                issues: cells.iter().filter_map(|cell| cell.parse().ok()).collect(),
            });
            let table = PageTable { heading: None, columns: own(columns), rows: rows.collect() };
            PageSnapshot {
                version,
                at: ago(*hours_ago),
                by: Some("Sam".to_owned()),
                tables: vec![table],
                text: String::new(),
                links: BTreeSet::new(),
            }
        });
        let mut newest_first: Vec<PageSnapshot> = snapshots.by_ref().collect();
        newest_first.reverse();
        let earlier = newest_first.split_off(1);
        self.pages.push(TrackedPage {
            id: (98304 + self.pages.len()).to_string().parse().unwrap(),
            title: "Status".to_owned(),
            url: format!("{SITE}/wiki/spaces/D/pages/98304"),
            current: newest_first.remove(0),
            earlier,
            earlier_unread: false,
        });
        self
    }

    /// The last page links to an address.
    pub(crate) fn link(&mut self, address: &str) {
        self.pages.last_mut().unwrap().current.links.insert(address.to_owned());
    }

    fn knows(&mut self, name: &str) {
        let person = Person {
            id: user(name),
            name: capital(name),
            full_name: format!("{} Example", capital(name)),
            email: Some(format!("{name}@acme.com")),
            timezone: None,
            standing: Standing::Member,
        };
        self.people.entry(person.id.clone()).or_insert(person);
    }

    fn post(&mut self, author: Author, text: &str, hours_ago: i64, thread: Option<MessageTs>) -> MessageTs {
        let number = i64::try_from(self.messages.len()).unwrap();
        let ts = MessageTs::at(ago(hours_ago) + SignedDuration::from_micros(number));
        if let Some(root) = self.messages.iter_mut().find(|m| Some(m.ts) == thread) {
            root.reply_count += 1;
            root.latest_reply = Some(ts);
        }
        self.messages.push(Message {
            channel: self.channel(),
            ts,
            thread,
            author,
            text: text.to_owned(),
            edited: None,
            reactions: Vec::new(),
            reply_count: 0,
            latest_reply: None,
            permalink: format!("https://acme.slack.com/archives/C0DCT/p{}", ts.digits()),
        });
        ts
    }

    pub(crate) fn says(&mut self, name: &str, text: &str, hours_ago: i64) -> MessageTs {
        self.knows(name);
        self.post(Author::Person(user(name)), text, hours_ago, None)
    }

    pub(crate) fn replies(&mut self, root: MessageTs, name: &str, text: &str, hours_ago: i64) -> MessageTs {
        self.knows(name);
        self.post(Author::Person(user(name)), text, hours_ago, Some(root))
    }

    pub(crate) fn bot_says(&mut self, text: &str, hours_ago: i64) -> MessageTs {
        self.post(Author::Bot("Robot".to_owned()), text, hours_ago, None)
    }

    pub(crate) fn bot_replies(&mut self, root: MessageTs, text: &str, hours_ago: i64) -> MessageTs {
        self.post(Author::Bot("Robot".to_owned()), text, hours_ago, Some(root))
    }

    pub(crate) fn reacts(&mut self, ts: MessageTs, name: &str, emoji: &str) {
        let message = self.messages.iter_mut().find(|m| m.ts == ts).unwrap();
        message.reactions.push(Reaction { name: emoji.to_owned(), users: BTreeSet::from([user(name)]) });
    }

    pub(crate) fn facts(&self) -> Facts {
        let channel = Channel {
            id: self.channel(),
            name: "dct-program".to_owned(),
            private: false,
            archived: false,
            joined: true,
            shared: false,
        };
        Facts {
            now: now(),
            zone: self.zone.clone(),
            window: Window { since: ago(48), until: now(), origin: WindowOrigin::Asked },
            thresholds: Thresholds::default(),
            lexicon: self.lexicon.clone(),
            program: Program {
                key: "dct".parse().unwrap(),
                name: "Data Center Transition".to_owned(),
                aliases: Vec::new(),
                channels: Vec::new(),
                roadmap_jql: None,
                boards: Vec::new(),
                pages: Vec::new(),
                digest_channel: None,
            },
            reader: self.reader.clone(),
            site: SITE.to_owned(),
            people: Arc::new(People::new(self.people.values().cloned())),
            channels: BTreeMap::from([(channel.id.clone(), channel)]),
            messages: self.messages.iter().cloned().map(Arc::new).collect(),
            issues: self.issues.clone(),
            blocking: self.blocking.clone(),
            initiatives: self.initiatives.clone(),
            in_sprint: self.in_sprint.clone(),
            sprints: self.running.iter().map(|sprint| self.active(sprint)).collect(),
            pages: self.pages.clone(),
            blind: self.blind,
        }
    }

    fn active(&self, sprint: &Sprint) -> ActiveSprint {
        ActiveSprint { sprint: sprint.clone(), issues: self.in_sprint.iter().cloned().collect() }
    }

    /// What one rule finds.
    pub(crate) fn find(&self, rule: Rule) -> Vec<Finding> {
        Insight::of(&self.facts()).findings.into_iter().filter(|finding| finding.rule == rule).collect()
    }

    /// Prose, plain enough to compare.
    pub(crate) fn told(prose: &Prose) -> String {
        prose.0.iter().fold(String::new(), |mut told, inline| {
            match inline {
                Inline::Text(text) | Inline::Strong(text) | Inline::Person(text) | Inline::Channel(text) => {
                    told.push_str(text)
                }
                Inline::Quote(text) => told.push_str(&format!("“{text}”")),
                Inline::Issue { key, .. } => told.push_str(key),
                Inline::Link { title, .. } => told.push_str(title),
                Inline::When(at) => told.push_str(&at.to_string()),
                Inline::Day(day) => told.push_str(&day.to_string()),
                Inline::Label { text, .. } => told.push_str(text),
                Inline::Progress { done, total } => told.push_str(&format!("{done} of {total}")),
            }
            told
        })
    }
}
