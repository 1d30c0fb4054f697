//! `stale-risk`: an open entry of a risk register is past its review date, or is high and its page row has
//! not changed for `quiet_days`.
//!
//! An entry that names an issue is about that issue; the others are about their page, which then lists all
//! of them. A page that could not be read takes nothing away from what the others say.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::domain::{
    Confidence, Finding, IssueKey, People, Prose, Rule, Severity, Standing, defang, shorten,
};
use crate::insight::cite;
use crate::insight::days::Reading;
use crate::insight::ground::{Ground, count, days};
use crate::insight::register::{self, Entry};

/// Late by more days than this, nobody goes by the register any more.
const LONG_DAYS: i32 = 14;
/// How many entries are told one by one.
const TOLD: usize = 3;
/// How many of the others are named.
const NAMED: usize = 3;
/// How much of a risk's own words is quoted.
const QUOTE: usize = 60;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let mut by_subject: BTreeMap<String, Vec<Stale<'_>>> = BTreeMap::new();
    for entry in register::entries(&ground.pages).filter(|entry| entry.is_open(ground.today)) {
        let key = entry.row.issues().next();
        let done = key.and_then(|key| ground.facts.issues.get(key)).is_some_and(|issue| issue.is_done());
        if let Some(stale) = stale(ground, entry).filter(|_| !done) {
            let subject = key.map_or_else(|| entry.page.id.to_string(), IssueKey::to_string);
            by_subject.entry(subject).or_default().push(stale);
        }
    }
    by_subject.into_iter().filter_map(|(subject, entries)| finding(ground, subject, entries)).collect()
}

/// An entry that nobody has looked after.
struct Stale<'a> {
    entry: Entry<'a>,
    overdue: Option<Reading>,
    /// It is high, and its row has been the same for so long.
    forgotten: Option<String>,
}

fn stale<'a>(ground: &Ground<'_>, entry: Entry<'a>) -> Option<Stale<'a>> {
    let overdue = entry.review(ground.today).filter(|review| match review {
        // A quarter is past when all of it is.
        Reading::Day(_) | Reading::Span { .. } => review.last() < ground.today,
        Reading::Either(early, _) => *early < ground.today,
    });
    let since = entry.unchanged_since();
    let unchanged = ground.facts.now.duration_since(since.at);
    let quiet = SignedDuration::from_hours(24 * i64::from(ground.facts.thresholds.quiet_days));
    let days = || days(unchanged.as_hours() / 24, since.exact);
    let forgotten = (entry.is_high() && unchanged >= quiet).then(days);
    (overdue.is_some() || forgotten.is_some()).then_some(Stale { entry, overdue, forgotten })
}

impl Stale<'_> {
    /// `12/05/2026` is past in one country and not in another.
    fn is_sure(&self, ground: &Ground<'_>) -> bool {
        self.forgotten.is_some() || self.overdue.is_some_and(|review| review.last() < ground.today)
    }

    fn severity(&self, ground: &Ground<'_>) -> Severity {
        let late = self.overdue.map_or(0, |review| -ground.days_until(review.last()));
        match (self.is_sure(ground), self.entry.is_high(), late) {
            (false, _, _) => Severity::Low,
            (true, true, 1..) => Severity::High,
            (true, true, _) => Severity::Medium,
            (true, false, late) if late > LONG_DAYS => Severity::Medium,
            _ => Severity::Low,
        }
    }

    fn told(&self, ground: &Ground<'_>, why: Prose) -> Prose {
        let mut why = why.quote(shorten(&defang(self.entry.name()), QUOTE)).say(" is open");
        if let Some(review) = self.overdue {
            let days = count(i64::from(-ground.days_until(review.last())), "day");
            why = match review {
                Reading::Day(day) => {
                    ground.day(why.say(", its review was due "), day).say(format!(", {days} ago"))
                }
                Reading::Span { .. } => {
                    let written = self.entry.review_as_written(ground.today).unwrap_or_default();
                    let why = why.say(", its review was due ").quote(shorten(&defang(written), QUOTE));
                    why.say(format!(", which ended {days} ago"))
                }
                Reading::Either(early, _) => ground.day(why.say(", its review may have been due "), early),
            };
        }
        match &self.forgotten {
            Some(days) => why.say(format!(", rated high, and its row unchanged for {days}")),
            None => why,
        }
    }
}

fn finding(ground: &Ground<'_>, subject: String, mut entries: Vec<Stale<'_>>) -> Option<Finding> {
    // What matters most is told first; among equals, in the page's own order.
    entries.sort_by_key(|stale| std::cmp::Reverse((stale.is_sure(ground), stale.severity(ground))));
    let first = entries.first()?;
    let (page, severity) = (first.entry.page, first.severity(ground));
    let confidence = if first.is_sure(ground) { Confidence::Firm } else { Confidence::Tentative };
    let issue = subject.parse().ok().and_then(|key: IssueKey| ground.facts.issues.get(&key));
    let title = match (issue, entries.len()) {
        (Some(issue), _) => issue.summary.clone(),
        (None, 1) => shorten(&defang(first.entry.name()), 80),
        (None, _) => shorten(&defang(&page.title), 80),
    };

    // The page is the title already where it is what the finding is about.
    let mut why = match (issue, entries.len()) {
        (None, 2..) => Prose::text(format!("{} entries of its register: ", entries.len())),
        _ => Prose::text("on the page ").page(&page.title, &page.url).say(", "),
    };
    for (number, stale) in entries.iter().take(TOLD).enumerate() {
        why = stale.told(ground, if number > 0 { why.say("; ") } else { why });
    }
    if entries.len() > TOLD {
        why = why.say("; and ");
        for (number, stale) in entries.iter().skip(TOLD).take(NAMED).enumerate() {
            why = if number > 0 { why.say(", ") } else { why };
            why = why.quote(shorten(&defang(stale.entry.name()), QUOTE));
        }
        let unnamed = entries.len().saturating_sub(TOLD + NAMED);
        why = if unnamed > 0 { why.say(format!(" and {unnamed} more")) } else { why };
    }
    let rows = entries.iter().map(|stale| {
        let entry = &stale.entry;
        cite::row(entry.page, entry.row, Some(entry.unchanged_since().at))
    });
    let mut evidence: Vec<_> = rows.collect();
    evidence.extend(issue.map(|issue| ground.jira_evidence(issue)));
    let action = action(ground, &entries);
    Some(ground.finding(Rule::StaleRisk, (subject, title), (severity, confidence), (why, action), evidence))
}

fn action(ground: &Ground<'_>, entries: &[Stale<'_>]) -> Prose {
    let step =
        if entries.len() == 1 { "review the risk, or close it" } else { "review these risks, or close them" };
    let mut owners: Vec<String> = Vec::new();
    for owner in entries.iter().filter_map(|stale| stale.entry.owner()) {
        let owner = known_as(&ground.facts.people, owner);
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    let editor = entries.first().and_then(|stale| stale.entry.page.current.by.as_deref());
    match (owners.split_first(), editor) {
        (Some((first, others)), _) => {
            let all = others
                .iter()
                .take(TOLD - 1)
                .fold(Prose::new().person(first), |all, other| all.say(" and ").person(other));
            all.say(format!(": {step}"))
        }
        (None, Some(editor)) => Prose::text("no owner is given: ask ")
            .person(known_as(&ground.facts.people, editor))
            .say(format!(", who edited the page last, who should {step}")),
        (None, None) => Prose::text(format!("no owner is given: find one to {step}")),
    }
}

/// The name by which Slack's readers know somebody whom a page names in full.
fn known_as(people: &People, written: &str) -> String {
    let wanted = written.trim().trim_start_matches('@').to_lowercase();
    let mut same = people.iter().filter(|person| {
        person.standing != Standing::Bot && person.full_name.trim().to_lowercase() == wanted
    });
    match (same.next(), same.next()) {
        (Some(person), None) => person.name.clone(),
        _ => shorten(&defang(written.trim().trim_start_matches('@')), 40),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    const COLUMNS: [&str; 5] = ["Risk", "Level", "Owner", "Review by", "Status"];

    fn found(world: &World) -> Vec<Finding> {
        world.find(Rule::StaleRisk)
    }

    /// A register with one entry, forty days old.
    fn entry(columns: &[&str], cells: &[&str]) -> World {
        World::new().table(columns, &[cells])
    }

    #[test]
    fn fires_on_an_open_entry_past_its_review() {
        let found =
            found(&entry(&COLUMNS, &["Spares run out", "Medium", "Lena Example", "2026-11-13", "Open"]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].subject.as_str(), found[0].title.as_str()), ("98304", "Spares run out"));
        assert_eq!((found[0].severity, found[0].confidence), (Severity::Low, Confidence::Firm));
        assert_eq!(
            World::told(&found[0].why),
            "on the page “Status”, “Spares run out” is open, its review was due Fri 2026-11-13, 5 days ago"
        );
        assert_eq!(World::told(&found[0].action), "Lena: review the risk, or close it");
    }

    #[test]
    fn how_long_a_row_is_unchanged_is_exact_where_its_change_was_read() {
        let now: &[&str] = &["Fee is higher", "High", "", "2026-12-13", "Open"];
        let then: &[&str] = &["Fee is higher", "Low", "", "2026-12-13", "Open"];
        for (before, told) in [(then, "unchanged for 10 days"), (now, "unchanged for more than 40 days")] {
            let found = found(&World::new().versions(&COLUMNS, &[(&[now], 24 * 10), (&[before], 24 * 40)]));
            let why = World::told(&found[0].why);
            assert!(why.ends_with(told), "{why}");
        }
    }

    #[test]
    fn fires_on_a_high_one_that_nobody_touches() {
        let found = found(&entry(&COLUMNS, &["Fee is higher", "High", "", "2026-12-13", "Open"]));
        assert_eq!(
            World::told(&found[0].why),
            "on the page “Status”, “Fee is higher” is open, rated high, and its row unchanged for more than 40 days"
        );
        assert_eq!(
            World::told(&found[0].action),
            "no owner is given: ask Sam, who edited the page last, who should review the risk, or close it"
        );
        assert_eq!(found[0].severity, Severity::Medium);
    }

    #[test]
    fn the_cases() {
        for (level, review, status, fires) in [
            ("Low", "2026-11-17", "Open", Some(Confidence::Firm)),
            ("Low", "2026-11-18", "Open", None),
            ("Low", "13 Nov", "", Some(Confidence::Firm)),
            ("Low", "13.11.2026", "Monitoring", Some(Confidence::Firm)),
            ("Low", "12/05/2026", "Open", Some(Confidence::Tentative)),
            ("Low", "10/11/2026", "Open", Some(Confidence::Firm)),
            ("Low", "monthly", "Open", None),
            ("Low", "", "Open", None),
            ("High", "", "Mitigating", Some(Confidence::Firm)),
            ("High", "2026-11-01", "Closed", None),
            ("High", "2026-11-01", "Mitigated", None),
            ("High", "2026-11-01", "Accepted", None),
            ("High", "2026-11-01", "Done ✅", None),
            ("High", "2026-11-01", "not closed", Some(Confidence::Firm)),
        ] {
            let found = found(&entry(&COLUMNS, &["A risk", level, "Sam", review, status]));
            assert_eq!(found.first().map(|f| f.confidence), fires, "{level} {review} {status}");
        }
    }

    #[test]
    fn what_is_a_register_and_what_is_not() {
        for (columns, cells, fires) in [
            (&["Risk", "Impact", "Likelihood"][..], &["A", "High", "Medium"][..], true),
            (&["Risk", "Impact", "Likelihood"], &["A", "High", "Low"], false),
            (&["Risk", "Impact", "Likelihood"], &["A", "5", "4"], true),
            (&["Risiko", "Auswirkung", "Nächste Prüfung"], &["A", "hoch", ""], true),
            (&["Risk", "Last reviewed", "Mitigation"], &["A", "2026-10-01", "none"], false),
            (&["Risk", "Mitigation due", "Level"], &["A", "2026-10-01", "Low"], false),
            (&["Initiative", "Status", "Risks", "Level"], &["A", "On track", "many", "High"], false),
            (&["Decision", "Impact", "Review"], &["A", "High", "2026-10-01"], false),
            (&["Work", "Severity", "Review"], &["A", "High", "2026-10-01"], false),
        ] {
            assert_eq!(!found(&entry(columns, cells)).is_empty(), fires, "{columns:?} {cells:?}");
        }
    }

    #[test]
    fn an_entry_with_an_issue_is_about_it_and_the_others_are_one_finding() {
        let columns = ["Risk", "Level", "Review", "Issue"];
        let rows: [&[&str]; 5] = [
            &["Fee", "High", "2026-12-24", "DCT-81"],
            &["Spares", "Low", "2026-11-10", ""],
            &["Carriers", "High", "2026-11-10", ""],
            &["People", "Low", "2026-11-11", ""],
            &["Keys", "Low", "2026-11-12", ""],
        ];
        let world = World::new().with(issue("DCT-81").titled("Exit fee")).table(&columns, &rows);
        let found = found(&world);
        let subjects: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.title.as_str())).collect();
        assert_eq!(subjects, [("98304", "Status"), ("DCT-81", "Exit fee")]);
        assert!(World::told(&found[0].why).starts_with("4 entries of its register: “Carriers” is open"));
        assert!(World::told(&found[0].why).ends_with("; and “Keys”"));
        assert_eq!((found[0].evidence.len(), found[1].evidence.len()), (4, 2));
        let done = World::new().with(issue("DCT-81").done()).table(&columns, &rows[..1]);
        assert!(self::found(&done).is_empty(), "what it is about is done");
    }

    #[test]
    fn a_row_that_changed_is_looked_after() {
        let changed = |hours: i64| {
            let world = World::new().versions(
                &["Risk", "Level"],
                &[(&[&["Fee", "High"]], hours), (&[&["Fee", "Medium"]], 24 * 40)],
            );
            !found(&world).is_empty()
        };
        assert!(changed(24 * 8));
        assert!(!changed(24 * 6));
        let other_row = World::new().versions(
            &["Risk", "Level"],
            &[(&[&["Fee", "High"], &["New", "Low"]], 24), (&[&["Fee", "High"]], 24 * 40)],
        );
        assert_eq!(found(&other_row).len(), 1, "another row changed");
    }
}
