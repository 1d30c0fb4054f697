//! What was read, as evidence that a line can rest on.

use jiff::Timestamp;
use jiff::civil::Date;

use super::mrkdwn::{self, Span};
use super::{EXCERPT, Facts, display_name};
use crate::domain::{
    Evidence, Issue, JiraUser, Message, Source, TableRow, TrackedPage, UserId, defang, shorten,
};

/// An issue as it stands in Jira, dated by the last thing that a person did to it; by the last thing that was
/// done to it, by whomever, where its history could not be read.
pub fn issue(issue: &Issue, facts: &Facts) -> Evidence {
    let (at, by) = last_touch(issue);
    let mut says = vec![issue.status.name.clone()];
    if issue.flagged {
        says.push("flagged".to_owned());
    }
    says.extend(issue.deadline().map(|date| format!("due {}", short(date, facts))));
    says.push(match &issue.assignee {
        Some(owner) => format!("assigned to {}", display_name(&facts.people, owner)),
        None => "nobody assigned".to_owned(),
    });
    let raised = issue.reporter.as_ref().filter(|_| !issue.history_unread);
    let author = by.or(raised).map(|user| display_name(&facts.people, user));
    Evidence {
        source: Source::Jira,
        url: issue.url.clone(),
        at,
        author: author.unwrap_or_else(|| Source::Jira.title().to_owned()),
        excerpt: shorten(&defang(&says.join(" · ")), EXCERPT),
    }
}

/// A message as it stands in Slack.
pub fn message(message: &Message, facts: &Facts) -> Evidence {
    let author = match &message.author {
        crate::domain::Author::Person(id) => facts.people.name(id),
        crate::domain::Author::Bot(name) => name.clone(),
    };
    Evidence {
        source: Source::Slack,
        url: message.permalink.clone(),
        at: message.ts.timestamp(),
        author,
        excerpt: excerpt(message, facts),
    }
}

/// A tracking page as it stands.
pub fn page(page: &TrackedPage) -> Evidence {
    Evidence {
        source: Source::Confluence,
        url: page.url.clone(),
        at: page.current.at,
        author: page.current.by.clone().unwrap_or_else(|| Source::Confluence.title().to_owned()),
        excerpt: shorten(&defang(&page.title), EXCERPT),
    }
}

/// A row of a tracking page, and when it last changed as far as that was read.
pub(super) fn row(page: &TrackedPage, row: &TableRow, changed: Option<Timestamp>) -> Evidence {
    Evidence {
        at: changed.unwrap_or(page.current.at),
        excerpt: shorten(&defang(&row.cells.join(" · ")), EXCERPT),
        ..self::page(page)
    }
}

/// A date as an excerpt shows it: `4 Dec`, with the year when it is another one.
pub(super) fn short(date: Date, facts: &Facts) -> String {
    let this_year = facts.now.to_zoned(facts.zone.clone()).year();
    let format = if date.year() == this_year { "%-d %b" } else { "%-d %b %Y" };
    date.strftime(format).to_string()
}

/// A message in one short line: names for ids, `[link]` for URLs.
pub fn excerpt(message: &Message, facts: &Facts) -> String {
    mrkdwn::excerpt(&message.text, &facts.people, &facts.channels)
}

/// Whether a message mentions somebody, outside code and quotation.
pub fn mentions(message: &Message, user: &UserId) -> bool {
    let lines = mrkdwn::parse(&message.text);
    lines
        .iter()
        .filter(|line| !line.quoted)
        .flat_map(|line| &line.spans)
        .any(|span| matches!(span, Span::User(id) if id == user))
}

/// When a person last touched an issue, and who; nobody when that was its creation, or is not known.
pub(super) fn last_touch(issue: &Issue) -> (Timestamp, Option<&JiraUser>) {
    if issue.history_unread {
        return (issue.updated, None);
    }
    let human = |by: &&JiraUser| by.human;
    let changes = issue.changes.iter().filter_map(|c| Some((c.at, c.by.as_ref().filter(human)?)));
    let comments = issue.comments.iter().filter_map(|c| Some((c.at, c.by.as_ref().filter(human)?)));
    let last = changes.chain(comments).max_by_key(|(at, _)| *at);
    last.map_or((issue.created, None), |(at, by)| (at, Some(by)))
}
