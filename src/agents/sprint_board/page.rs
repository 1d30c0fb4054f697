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

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::super::{OnBoard, ReadSprint, draft};
    use super::*;
    use crate::domain::{Sprint, SprintState};
    use crate::insight::Facts;
    use crate::insight::world::{World, issue, now};
    use crate::sources::SprintWork;

    fn read() -> ReadSprint {
        let sprint = Sprint {
            id: 205,
            name: "Sprint 32 https://evil.example".to_owned(),
            state: SprintState::Active,
            start: Some(now() - SignedDuration::from_hours(24 * 5)),
            end: Some(now() + SignedDuration::from_hours(24 * 5)),
            goal: Some("Ready".to_owned()),
            board: Some(12),
        };
        let estimated = |issue: Issue, points: f64| Issue { story_points: Some(points), ..issue };
        let issues = vec![
            estimated(issue("DCT-1").assigned("marco"), 3.0),
            estimated(issue("DCT-2").assigned("lena").done(), 5.0),
            issue("DCT-3").flagged(),
        ];
        let work = SprintWork { sprint, issues };
        ReadSprint { on: OnBoard { board: 12, work }, gone: Vec::new() }
    }

    fn page(read: &ReadSprint, facts: &Facts) -> crate::domain::PageDraft {
        draft(&[Told::of(read, facts, "Story Points")])
    }

    #[test]
    fn has_progress_numbers_a_burn_down_and_a_table_whose_rows_fit_its_head() {
        let (read, facts) = (read(), World::new().facts());
        let page = page(&read, &facts);
        assert_eq!(page.from, "Jira board 12");
        assert!(matches!(&page.parts[0], PagePart::Heading(name) if !name.contains("://")));
        let progress = crate::domain::Inline::Progress { done: 5, total: 8 };
        assert!(
            page.parts.iter().any(|part| matches!(part, PagePart::Text(text) if text.0.contains(&progress)))
        );
        let mut tables = page.parts.iter().filter_map(|part| match part {
            PagePart::Table { head, rows } => Some((head, rows)),
            _ => None,
        });
        let (head, rows) = tables.next().unwrap();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.len() == head.len()));
        let charts = page.parts.iter().filter_map(|part| match part {
            PagePart::Chart(chart) => Some(chart),
            _ => None,
        });
        for chart in charts {
            assert!(chart.series.iter().all(|series| series.values.len() == chart.categories.len()));
        }
    }

    /// A page that says something else every minute would be written every minute.
    #[test]
    fn is_the_same_a_minute_later() {
        let (read, facts) = (read(), World::new().facts());
        let later = Facts { now: facts.now + SignedDuration::from_mins(1), ..facts.clone() };
        assert_eq!(page(&read, &facts), page(&read, &later));
    }
}
