//! The sprint board as a page: numbers and burn-down first, then the table.

use super::Told;
use super::numbers::{burn_down, lines};
use super::section::{by_status, marks};
use crate::agents::listing::number;
use crate::domain::{Issue, PagePart, Prose, StatusCategory, Tone, defang};
use crate::insight::display_name;

/// A sprint's part of the page.
pub fn parts(told: &Told<'_>) -> Vec<PagePart> {
    let metrics = &told.metrics;
    let mut parts = vec![PagePart::Heading(defang(&told.work.sprint.name))];
    if let Some(goal) = &told.work.sprint.goal {
        parts.push(PagePart::Text(Prose::text("Goal: ").quote(goal.clone())));
    }
    let mut numbers = lines(told).into_iter().map(|line| line.text);
    parts.extend(numbers.next().map(PagePart::Text));
    parts.push(PagePart::Bullets(numbers.collect()));
    parts.extend(burn_down(told).map(PagePart::Chart));
    if told.work.issues.is_empty() {
        return parts;
    }
    let head = ["Key", "Title", "Status", "Assignee", "Points", "Flags"].map(str::to_owned).to_vec();
    let issues = by_status(&told.work.issues).into_iter().flat_map(|(_, issues)| issues);
    parts.push(PagePart::Table { head, rows: issues.map(|issue| row(issue, told)).collect() });
    for (title, issues) in [
        ("Added after the sprint began", &metrics.added),
        ("Removed after the sprint began", &metrics.removed),
    ] {
        if !issues.is_empty() {
            parts.push(PagePart::Heading(title.to_owned()));
            let mut issues = issues.clone();
            issues.sort_by(|a, b| a.key.cmp(&b.key));
            parts.push(PagePart::Bullets(issues.iter().map(|issue| Prose::new().issue(issue)).collect()));
        }
    }
    parts
}

fn row(issue: &Issue, told: &Told<'_>) -> Vec<Prose> {
    let owner = match &issue.assignee {
        Some(user) => Prose::new().person(display_name(&told.facts.people, user)),
        None => Prose::text("–"),
    };
    let marks = marks(issue, told).into_iter().enumerate().fold(Prose::new(), |text, (index, mark)| {
        let tone = if matches!(mark, "blocked" | "flagged") { Tone::Bad } else { Tone::Neutral };
        if index > 0 { text.say(" ") } else { text }.label(mark, tone)
    });
    vec![
        Prose::new().link(issue.key.to_string(), issue.url.clone()),
        Prose::text(defang(&issue.summary)),
        Prose::new().label(issue.status.name.clone(), tone(issue)),
        owner,
        Prose::text(issue.story_points.map_or_else(|| "–".to_owned(), number)),
        marks,
    ]
}

/// A status by what it means.
pub fn tone(issue: &Issue) -> Tone {
    match issue.status.category {
        _ if issue.is_blocked() => Tone::Bad,
        StatusCategory::ToDo => Tone::Neutral,
        StatusCategory::InProgress => Tone::Active,
        StatusCategory::Done => Tone::Good,
    }
}
