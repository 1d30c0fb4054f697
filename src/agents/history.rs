//! What happened to issues in a window, told from their histories.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{FieldChange, Issue, StatusCategory, Window};

/// A deadline that was moved by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMove {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The old date.
    pub from: Option<Date>,
    /// The new date; `None` when it was taken away.
    pub to: Option<Date>,
    /// How many times it has been moved to a later day so far, this one included.
    pub times: usize,
}

/// When the issue was finished, if that was in the window and it still is.
pub fn finished_in(issue: &Issue, window: &Window) -> Option<Timestamp> {
    if issue.status.category != StatusCategory::Done {
        return None;
    }
    let moved = issue.changes.iter().rev().find(|change| change.field.eq_ignore_ascii_case("status"));
    let at = moved.map(|change| change.at).or(issue.resolved)?;
    window.contains(at).then_some(at)
}

/// The issue's status changes in the window, oldest first.
pub fn moves_in<'a>(issue: &'a Issue, window: &Window) -> Vec<&'a FieldChange> {
    let status =
        |change: &&FieldChange| change.field.eq_ignore_ascii_case("status") && window.contains(change.at);
    issue.changes.iter().filter(status).collect()
}

/// Who made a change, by name.
pub fn author(change: &FieldChange) -> String {
    change.by.as_ref().map_or_else(|| "Jira".to_owned(), |user| user.name.clone())
}

/// The last move of the issue's deadline in the window, by the field that the deadline is in.
///
/// `target` is the configured field, by name or id.
pub fn deadline_move(issue: &Issue, target: &str, window: &Window) -> Option<DateMove> {
    let about_deadline = |change: &&FieldChange| {
        let is_target =
            change.field.eq_ignore_ascii_case(target) || change.field_id.as_deref() == Some(target);
        let is_due =
            change.field.eq_ignore_ascii_case("duedate") || change.field.eq_ignore_ascii_case("due date");
        if issue.target.is_some() { is_target } else { is_due || is_target }
    };
    let all: Vec<&FieldChange> = issue.changes.iter().filter(about_deadline).collect();
    let later = |change: &&&FieldChange| {
        date(change, false).zip(date(change, true)).is_some_and(|(from, to)| to > from)
    };
    let last = all.iter().rev().find(|change| window.contains(change.at))?;
    Some(DateMove {
        at: last.at,
        by: author(last),
        from: date(last, false),
        to: date(last, true),
        times: all.iter().filter(|change| change.at <= last.at).filter(later).count(),
    })
}

/// The old or new date of a change. Jira gives dates in ISO form in the id, shown text as fallback.
fn date(change: &FieldChange, new: bool) -> Option<Date> {
    let (id, shown) = if new { (&change.to_id, &change.to) } else { (&change.from_id, &change.from) };
    let parse = |text: &Option<String>| {
        text.as_deref().and_then(|text| text.get(..10)).and_then(|day| day.parse().ok())
    };
    parse(id).or_else(|| parse(shown))
}

/// `third` for 3.
pub fn ordinal(n: usize) -> String {
    const WORDS: [&str; 8] = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh"];
    WORDS.get(n).filter(|word| !word.is_empty()).map_or_else(|| format!("{n}th"), |word| (*word).to_owned())
}
