//! Issues in the making.

use jiff::Timestamp;
use jiff::civil::Date;

use super::company::{Company, DAY, HOUR, SITE};
use crate::domain::{
    Comment, FieldChange, Issue, IssueKey, IssueLink, JiraUser, LinkDirection, Status, StatusCategory,
};

/// What an issue is to the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// One that the program's JQL returns.
    Initiative,
    /// A child of one.
    Below(IssueKey),
    /// Neither, nor in a sprint: read because somebody named it.
    Loose,
}

impl Company {
    /// An issue in progress, with an owner, which people and automation have touched lately.
    pub(super) fn issue(&mut self, place: Place) -> IssueKey {
        let (owner, reporter) = (self.member(&[]), self.member(&[]));
        let touched = self.dice.between(10, 60) * HOUR;
        self.untouched(place, owner, reporter, touched)
    }

    /// The same, last touched by a person so many minutes ago.
    pub(super) fn untouched(
        &mut self,
        place: Place,
        owner: usize,
        reporter: usize,
        touched: i64,
    ) -> IssueKey {
        let key = self.key();
        let title = self.titles.get(self.issues.len() % self.titles.len().max(1)).copied().unwrap_or("Work");
        let (kind, parent) = match &place {
            Place::Initiative => ("Initiative", None),
            Place::Below(parent) => ("Story", Some(parent.clone())),
            Place::Loose => (self.dice.pick(&["Task", "Story", "Bug"]), None),
        };
        let issue = Issue {
            id: (10_000 + self.issues.len()).to_string(),
            url: format!("{SITE}/browse/{key}"),
            summary: title.to_owned(),
            kind: kind.to_owned(),
            status: status("In Progress", StatusCategory::InProgress),
            assignee: self.jira(owner),
            reporter: self.jira(reporter),
            creator: self.jira(reporter),
            priority: Some(self.dice.pick(&["High", "Medium", "Medium", "Low"]).to_owned()),
            labels: Vec::new(),
            components: Vec::new(),
            parent,
            due: None,
            target: None,
            flagged: false,
            story_points: None,
            program: Some("DCT".to_owned()),
            pillar: None,
            quarter: None,
            created: self.ago(60 * DAY),
            updated: self.ago(HOUR),
            resolved: None,
            links: Vec::new(),
            sprints: Vec::new(),
            changes: Vec::new(),
            comments: Vec::new(),
            history_unread: false,
            key: key.clone(),
        };
        self.issues.insert(key.clone(), issue);
        if place == Place::Initiative {
            self.initiatives.push(key.clone());
        }
        if touched < 60 * DAY {
            self.changed(&key, owner, touched, "description", (None, None));
        }
        if self.dice.one_in(3) {
            let minutes = self.dice.between(1, 40) * HOUR;
            self.automated(&key, minutes);
        }
        key
    }

    /// An initiative that nothing is wrong with, far from its date.
    pub(super) fn umbrella(&mut self) -> IssueKey {
        let known: Vec<IssueKey> = self.initiatives.iter().take(3).cloned().collect();
        if known.len() == 3 {
            let at = self.dice.below(3);
            return known.get(at).cloned().unwrap_or_else(|| self.key());
        }
        let key = self.issue(Place::Initiative);
        let due = self.day(80);
        self.shape(&key, |issue| issue.target = Some(due));
        key
    }

    /// An initiative or a child of one.
    pub(super) fn covered(&mut self) -> IssueKey {
        let place = if self.dice.one_in(2) { Place::Initiative } else { Place::Below(self.umbrella()) };
        self.issue(place)
    }

    /// Changes an issue.
    pub(super) fn shape(&mut self, key: &IssueKey, change: impl FnOnce(&mut Issue)) {
        if let Some(issue) = self.issues.get_mut(key) {
            change(issue);
        }
    }

    /// Sets the date by which it should be done: in the target field, in the due field, or in both.
    pub(super) fn due(&mut self, key: &IssueKey, date: Date) {
        let fields = self.dice.below(3);
        self.shape(key, |issue| {
            issue.target = Some(date).filter(|_| fields != 0);
            issue.due = Some(date).filter(|_| fields != 1);
        });
    }

    /// Closes it, so many minutes ago.
    pub(super) fn closes(&mut self, key: &IssueKey, by: usize, minutes: i64) {
        let at = self.ago(minutes);
        self.changed(key, by, minutes, "status", (Some("In Progress".to_owned()), Some("Done".to_owned())));
        self.shape(key, |issue| {
            issue.status = status("Done", StatusCategory::Done);
            issue.resolved = Some(at);
        });
    }

    /// A person changes a field.
    pub(super) fn changed(
        &mut self,
        key: &IssueKey,
        by: usize,
        minutes: i64,
        field: &str,
        values: (Option<String>, Option<String>),
    ) {
        let by = self.jira(by);
        self.change(key, by, minutes, field, values);
    }

    /// A rule of Jira's automation, or an app, changes a label.
    pub(super) fn automated(&mut self, key: &IssueKey, minutes: i64) {
        let robot = JiraUser {
            account_id: "557058:automation".to_owned(),
            name: "Automation for Jira".to_owned(),
            email: None,
            human: false,
            active: true,
        };
        self.change(key, Some(robot), minutes, "labels", (None, Some("triaged".to_owned())));
    }

    pub(super) fn change(
        &mut self,
        key: &IssueKey,
        by: Option<JiraUser>,
        minutes: i64,
        field: &str,
        (from, to): (Option<String>, Option<String>),
    ) {
        let at = self.ago(minutes);
        let change = FieldChange {
            at,
            by,
            field: field.to_owned(),
            field_id: Some(field.to_owned()),
            from: from.clone(),
            to: to.clone(),
            from_id: from,
            to_id: to,
        };
        self.shape(key, |issue| {
            issue.changes.push(change);
            issue.changes.sort_by_key(|change| change.at);
            issue.updated = issue.updated.max(at);
        });
    }

    /// A person comments.
    pub(super) fn comments(&mut self, key: &IssueKey, by: usize, minutes: i64, text: String) {
        let (at, by) = (self.ago(minutes), self.jira(by));
        self.shape(key, |issue| {
            let id = (900 + issue.comments.len()).to_string();
            issue.comments.push(Comment { id, at, by, text });
            issue.comments.sort_by_key(|comment| comment.at);
        });
    }

    /// `key` is blocked by `other`.
    pub(super) fn blocks(&mut self, other: &IssueKey, key: &IssueKey) {
        let status_of =
            |company: &Self, key: &IssueKey| company.issues.get(key).map(|issue| issue.status.clone());
        let (theirs, ours) = (status_of(self, other), status_of(self, key));
        let link = |reads: &str, direction, other: &IssueKey, other_status| IssueLink {
            kind: "Blocks".to_owned(),
            reads: reads.to_owned(),
            reads_back: if reads == "blocks" { "is blocked by" } else { "blocks" }.to_owned(),
            direction,
            other: other.clone(),
            other_status,
        };
        self.shape(key, |issue| {
            issue.links.push(link("is blocked by", LinkDirection::Inward, other, theirs))
        });
        self.shape(other, |issue| issue.links.push(link("blocks", LinkDirection::Outward, key, ours)));
    }

    /// Moves the due date, in the history and now.
    pub(super) fn moved(&mut self, key: &IssueKey, (from, to): (Date, Date), minutes: i64) {
        let by = self.member(&[]);
        let values = (Some(from.to_string()), Some(to.to_string()));
        self.changed(key, by, minutes, "duedate", values);
        self.shape(key, |issue| {
            issue.due = Some(to);
            issue.target = None;
        });
    }
}

/// A status of this name.
pub(super) fn status(name: &str, category: StatusCategory) -> Status {
    Status { name: name.to_owned(), category }
}

/// When a person last did anything to an issue; automation is nobody.
pub(super) fn last_touch(issue: &Issue) -> Timestamp {
    let person = |by: &Option<JiraUser>| by.as_ref().is_some_and(|user| user.human);
    let changes = issue.changes.iter().filter(|change| person(&change.by)).map(|change| change.at);
    let comments = issue.comments.iter().filter(|comment| person(&comment.by)).map(|comment| comment.at);
    changes.chain(comments).fold(issue.created, Timestamp::max)
}
