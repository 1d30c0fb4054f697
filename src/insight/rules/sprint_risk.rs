//! `sprint-risk`: the active sprint will not finish at its pace so far; or scope grew by more than 20 %
//! after its start; or in its last two days work has not been started.
//!
//! Work is measured in points where it is estimated, else in issues, and time in weekdays. What an issue
//! is a part of is counted, not the part: sub-tasks split work, they do not add any. Whether an issue was
//! there at the start, its history says: what was created long before may have been added yesterday. What
//! left the sprint makes room for what joined. A sprint that is all done is no risk, however it grew.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    Confidence, Evidence, FieldChange, Finding, Issue, IssueKey, Prose, Rule, Severity, Sprint,
    StatusCategory, defang, workdays_between,
};
use crate::insight::ground::{Ground, count};
use crate::insight::weekdays::weekday_time;
use crate::insight::{ActiveSprint, display_name};

/// The contract's measure of growth.
const GROWN: f64 = 0.2;
/// Before this part of its time has passed, a sprint has no pace that says anything.
const PACE_FROM: f64 = 1.0 / 3.0;
/// A sprint that would finish this part of its work is so close to finishing that one issue decides it.
const CLOSE: f64 = 0.85;
/// Below this part, what is planned is not what will be.
const FAR: f64 = 0.6;
/// The contract's "last two days".
const LAST: SignedDuration = SignedDuration::from_hours(48);
/// From so many parts estimated on, points say how much work there is.
const ESTIMATED: f64 = 0.8;
/// How many issues are shown for each reason.
const SHOWN: usize = 3;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    // A sprint may be shown on several boards.
    let mut seen = BTreeSet::new();
    let sprints = ground.facts.sprints.iter().filter(|active| seen.insert(active.sprint.id));
    sprints.filter_map(|active| at_risk(ground, active)).collect()
}

fn at_risk(ground: &Ground<'_>, active: &ActiveSprint) -> Option<Finding> {
    let sprint = &active.sprint;
    let scope = Scope::of(ground, active);
    if scope.items.iter().all(|item| item.done) {
        return None;
    }
    let mut reasons: Vec<Reason<'_>> = match overrun(ground, &scope) {
        Some(overrun) => vec![overrun],
        None => [behind(ground, &scope), not_started(ground, &scope)].into_iter().flatten().collect(),
    };
    reasons.extend(grown(&scope));
    let firm = reasons.iter().any(|reason| reason.firm) && !ground.facts.blind.jira;
    let grave = reasons.iter().any(|reason| reason.severity == Severity::High) || reasons.len() > 1;
    let severity = match (firm, grave) {
        (true, true) => Severity::High,
        (true, false) => reasons.iter().map(|reason| reason.severity).max()?,
        (false, _) => Severity::Low,
    };
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };

    let mut why = Prose::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    for reason in reasons {
        why = if why.is_empty() { why } else { why.say("; ") }.join(reason.told);
        for shown in reason.shown.into_iter().take(SHOWN).map(|item| item.evidence(ground, sprint)) {
            if !evidence.iter().any(|known| known.url == shown.url) {
                evidence.push(shown);
            }
        }
    }
    if evidence.is_empty() {
        return None;
    }
    let action = action(ground, &scope);
    let subject = (format!("sprint:{}", sprint.id), defang(&sprint.name));
    Some(ground.finding(Rule::SprintRisk, subject, (severity, confidence), (why, action), evidence))
}

/// One of the ways in which a sprint is at risk.
struct Reason<'a> {
    told: Prose,
    severity: Severity,
    firm: bool,
    /// What it rests on, the weightiest first.
    shown: Vec<&'a Item<'a>>,
}

/// It should have ended, and work is open.
fn overrun<'a>(ground: &Ground<'_>, scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    let end = scope.sprint.end.filter(|end| *end <= ground.facts.now)?;
    let open = scope.heaviest(|item| !item.done);
    let told = ground.day(Prose::text("was to end "), ground.day_of(end));
    let told = told.say(format!(", {}; {} still open", ground.ago(end), scope.share(&open)));
    Some(Reason { told, severity: Severity::High, firm: true, shown: open })
}

/// At its pace so far it will not finish.
fn behind<'a>(ground: &Ground<'_>, scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    let (start, end) = (scope.sprint.start?, scope.sprint.end?);
    // In the sprint board's working days, so that the two never say different things of one sprint.
    let time = |to| workdays_between(start, to, &ground.facts.zone);
    let (passed, whole) = (time(ground.facts.now), time(end));
    if whole <= 0.0 || passed < whole * PACE_FROM {
        return None;
    }
    let done = scope.weight(scope.unit, |item| item.done);
    let total = scope.weight(scope.unit, |_| true);
    let will_be = done * whole / passed;
    if will_be >= total {
        return None;
    }
    let told = Prose::text(format!(
        "{} of {} done after {} of {} working days; at that pace {} will be done on ",
        number(done),
        scope.unit.amount(total),
        number(passed),
        number(whole),
        number(will_be.round()),
    ));
    let told = ground.day(told, ground.day_of(end));
    let severity = if will_be < total * FAR { Severity::High } else { Severity::Medium };
    Some(Reason { told, severity, firm: will_be <= total * CLOSE, shown: scope.heaviest(|item| !item.done) })
}

/// It ends soon, and there is work that nobody has begun.
fn not_started<'a>(ground: &Ground<'_>, scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    let end = scope.sprint.end?;
    let left = end.duration_since(ground.facts.now);
    if weekday_time(ground.facts.now, end, &ground.facts.zone) > LAST {
        return None;
    }
    let waiting = scope.heaviest(|item| item.issue.status.category == StatusCategory::ToDo);
    if waiting.is_empty() {
        return None;
    }
    let told = ground
        .day(Prose::text(format!("{} not started, and it ends ", scope.share(&waiting))), ground.day_of(end));
    // Over a weekend two working days are four: the letter of the rule says two.
    Some(Reason { told, severity: Severity::Medium, firm: left <= LAST, shown: waiting })
}

/// More was added than a fifth of what was planned.
fn grown<'a>(scope: &'a Scope<'_>) -> Option<Reason<'a>> {
    // What was in it at the start is in the histories.
    if scope.items.iter().any(|item| item.issue.history_unread) {
        return None;
    }
    let added = scope.heaviest(|item| item.late);
    // Work is often squeezed in before anybody has estimated it; then only counting is fair.
    let estimated = added.iter().all(|item| item.points > 0.0);
    let unit = if estimated { scope.unit } else { Unit::Issues };
    let planned =
        scope.weight(unit, |item| !item.late) + scope.gone.iter().map(|gone| unit.of(gone)).sum::<f64>();
    let now = scope.weight(unit, |_| true);
    let growth = now - planned;
    if planned <= 0.0 || growth <= planned * GROWN {
        return None;
    }
    let issues = count(i64::try_from(added.len()).unwrap_or(i64::MAX), "issue");
    let told = Prose::text(format!(
        "{issues} joined after it began: from {} to {}, {} % more",
        number(planned),
        unit.amount(now),
        number((100.0 * growth / planned).round()),
    ));
    let severity = if growth > planned * 2.0 * GROWN { Severity::Medium } else { Severity::Low };
    Some(Reason { told, severity, firm: true, shown: added })
}

/// Whoever filled the sprint is asked to empty it; else who has most of what is open.
fn action(ground: &Ground<'_>, scope: &Scope<'_>) -> Prose {
    let over = scope.sprint.end.is_some_and(|end| end <= ground.facts.now);
    let step = if over {
        "close the sprint, and say what moves on"
    } else {
        "agree what leaves the sprint, or what will not be done"
    };
    let people = &ground.facts.people;
    let planners = scope.items.iter().filter_map(|item| item.joined?.by.as_ref()).filter(|by| by.human);
    if let Some(planner) = most(planners.map(|by| (display_name(people, by), 1.0))) {
        return Prose::new().person(planner).say(format!(", who put most of its issues in: {step}"));
    }
    let open = scope.items.iter().filter(|item| !item.done);
    let owners = open.filter_map(|item| Some((item.issue.assignee.as_ref()?, scope.unit.of(item))));
    match most(owners.map(|(owner, weight)| (display_name(people, owner), weight))) {
        Some(owner) => Prose::new().person(owner).say(format!(", who has most of what is open: {step}")),
        None => Prose::text(format!("nobody is known who plans it: {step}")),
    }
}

/// The name with the most behind it; the first in the alphabet among equals.
fn most(weighed: impl Iterator<Item = (String, f64)>) -> Option<String> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (name, weight) in weighed {
        *sums.entry(name).or_default() += weight;
    }
    sums.into_iter().rev().max_by(|one, other| one.1.total_cmp(&other.1)).map(|(name, _)| name)
}

/// What work is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Points,
    Issues,
}

impl Unit {
    fn of(self, item: &Item<'_>) -> f64 {
        match self {
            Self::Points => item.points,
            Self::Issues => 1.0,
        }
    }

    fn amount(self, much: f64) -> String {
        let noun = match self {
            Self::Points => "point",
            Self::Issues => "issue",
        };
        let plural = if much == 1.0 { "" } else { "s" };
        format!("{} {noun}{plural}", number(much))
    }
}

/// One issue of a sprint.
struct Item<'a> {
    issue: &'a Issue,
    points: f64,
    done: bool,
    /// Whether it was not there when the sprint began.
    late: bool,
    /// The change that put it there, unless it was created there.
    joined: Option<&'a FieldChange>,
}

impl Item<'_> {
    fn evidence(&self, ground: &Ground<'_>, sprint: &Sprint) -> Evidence {
        let stands = ground.jira_evidence(self.issue);
        let Some(joined) = self.joined.filter(|_| self.late) else { return stands };
        let by = joined.by.as_ref().map(|by| display_name(&ground.facts.people, by));
        Evidence {
            at: joined.at,
            author: by.unwrap_or_else(|| stands.author.clone()),
            excerpt: format!("added to {} · {}", defang(&sprint.name), stands.excerpt),
            ..stands
        }
    }
}

/// What is to be done in a sprint.
struct Scope<'a> {
    sprint: &'a Sprint,
    items: Vec<Item<'a>>,
    /// What was there at its start and was taken out since, as far as that was read.
    gone: Vec<Item<'a>>,
    unit: Unit,
}

impl<'a> Scope<'a> {
    fn of(ground: &Ground<'a>, active: &'a ActiveSprint) -> Self {
        let sprint = &active.sprint;
        let keys: BTreeSet<&IssueKey> = active.issues.iter().collect();
        let issues: Vec<&Issue> = keys.iter().filter_map(|key| ground.facts.issues.get(*key)).collect();
        let parents: BTreeSet<&IssueKey> = issues.iter().filter_map(|issue| issue.parent.as_ref()).collect();
        let is_whole = |issue: &Issue| {
            let above = issue.parent.as_ref().filter(|parent| keys.contains(parent));
            let above = above.and_then(|parent| ground.facts.issues.get(parent));
            // An epic in a sprint is a title over its stories, which are the work.
            let is_title = is_epic(issue) && parents.contains(&issue.key);
            !is_title && above.is_none_or(is_epic)
        };
        // What was finished before it began is none of its work.
        let before = |issue: &Issue| {
            issue.is_done() && issue.resolved.zip(sprint.start).is_some_and(|(done, start)| done < start)
        };
        let whole = issues.iter().copied().filter(|issue| is_whole(issue) && !before(issue));
        let items: Vec<Item<'_>> = whole.map(|issue| item(issue, sprint)).collect();
        let left = |issue: &&Issue| !keys.contains(&issue.key) && was_taken_out(issue, sprint);
        let gone = ground.facts.issues.values().filter(left).map(|issue| item(issue, sprint));
        let gone = gone.filter(|item| !item.late).collect();
        let estimated = items.iter().filter(|item| item.points > 0.0).count() as f64;
        let unit = match estimated >= ESTIMATED * items.len() as f64 {
            true => Unit::Points,
            false => Unit::Issues,
        };
        Self { sprint, items, gone, unit }
    }

    fn weight(&self, unit: Unit, of: impl Fn(&Item<'_>) -> bool) -> f64 {
        // The sum of nothing is "-0".
        0.0 + self.items.iter().filter(|item| of(item)).map(|item| unit.of(item)).sum::<f64>()
    }

    /// The issues of which something holds, those with the most points first, then by key.
    fn heaviest(&self, of: impl Fn(&Item<'_>) -> bool) -> Vec<&Item<'a>> {
        let mut found: Vec<_> = self.items.iter().filter(|item| of(item)).collect();
        found.sort_by(|one, other| {
            other.points.total_cmp(&one.points).then_with(|| one.issue.key.cmp(&other.issue.key))
        });
        found
    }

    /// "5 of 20 issues".
    fn share(&self, part: &[&Item<'_>]) -> String {
        let whole = Unit::Issues.amount(self.items.len() as f64);
        format!("{} of {whole}", part.len())
    }
}

fn item<'a>(issue: &'a Issue, sprint: &Sprint) -> Item<'a> {
    let moves: Vec<&FieldChange> = sprint_changes(issue).collect();
    let in_to = |change: &FieldChange| names(sprint, &change.to_id, &change.to);
    let in_from = |change: &FieldChange| names(sprint, &change.from_id, &change.from);
    let there_at = |start: Timestamp| {
        let since = moves.iter().rev().find(|change| change.at <= start).map(|change| in_to(change));
        let before = || moves.first().is_none_or(|change| in_from(change));
        issue.created <= start && since.unwrap_or_else(before)
    };
    Item {
        issue,
        points: issue.story_points.filter(|points| points.is_finite() && *points > 0.0).unwrap_or(0.0),
        done: issue.is_done(),
        late: sprint.start.is_some_and(|start| !there_at(start)),
        joined: moves.iter().rev().find(|change| in_to(change) && !in_from(change)).copied(),
    }
}

fn was_taken_out(issue: &Issue, sprint: &Sprint) -> bool {
    let taken = |change: &FieldChange| {
        names(sprint, &change.from_id, &change.from) && !names(sprint, &change.to_id, &change.to)
    };
    sprint_changes(issue).any(taken)
}

fn sprint_changes(issue: &Issue) -> impl Iterator<Item = &FieldChange> {
    issue.changes.iter().filter(|change| change.field.eq_ignore_ascii_case("sprint"))
}

/// Whether a value of the sprint field holds a sprint: ids where the changelog gives them, else names.
fn names(sprint: &Sprint, ids: &Option<String>, shown: &Option<String>) -> bool {
    let (list, wanted) = match ids {
        Some(ids) => (ids.as_str(), sprint.id.to_string()),
        None => (shown.as_deref().unwrap_or_default(), sprint.name.trim().to_owned()),
    };
    list.split(',').any(|one| one.trim() == wanted)
}

fn is_epic(issue: &Issue) -> bool {
    matches!(issue.kind.to_lowercase().as_str(), "epic" | "initiative" | "theme" | "feature")
}

/// `13`, `2.5`.
fn number(much: f64) -> String {
    if much.fract() == 0.0 { format!("{much:.0}") } else { format!("{much:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    /// Seven of ten working days have passed: it is Wednesday noon, and the sprint ends on Monday noon.
    const BEGAN: i64 = 216;
    const LEFT: i64 = 120;

    fn found(world: &World) -> Vec<Finding> {
        world.find(Rule::SprintRisk)
    }

    /// A sprint of ten issues of three points each, so many of them done.
    fn world(done: usize) -> World {
        let planned = |n: usize| issue(&format!("DCT-{n}")).points(3.0).planned("zofia", BEGAN + 2);
        (1..=10).fold(World::new(), |world, n| {
            world.sprint(if n <= done { planned(n).done() } else { planned(n) })
        })
    }

    #[test]
    fn fires_when_the_pace_so_far_is_too_slow() {
        let found = found(&world(3).running(BEGAN, LEFT));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].subject.as_str(), found[0].title.as_str()), ("sprint:205", "Sprint 5"));
        assert_eq!((found[0].severity, found[0].confidence), (Severity::High, Confidence::Firm));
        assert_eq!(
            World::told(&found[0].why),
            "9 of 30 points done after 7 of 10 working days; at that pace 13 will be done on Mon 2026-11-23"
        );
        assert_eq!(
            World::told(&found[0].action),
            "Zofia Example, who put most of its issues in: agree what leaves the sprint, or what will not be done"
        );
        assert_eq!(found[0].evidence.len(), 3);
    }

    #[test]
    fn pace_is_judged_neither_early_nor_by_one_issue() {
        for (done, began, left, firm) in [
            (7, BEGAN, LEFT, None),
            (6, BEGAN, LEFT, Some(false)),
            (5, BEGAN, LEFT, Some(true)),
            (10, BEGAN, LEFT, None),
            // Two and a half of ten working days: nothing is done yet in the best of sprints.
            (0, 60, 276, None),
            // Thursday noon to Thursday noon: four of ten days, for a weekend is no time lost.
            (4, 144, 192, None),
            (3, 144, 192, Some(true)),
        ] {
            let found = found(&world(done).running(began, left));
            let sure = found.first().map(|finding| finding.confidence == Confidence::Firm);
            assert_eq!(sure, firm, "{done} done, began {began} hours ago");
        }
    }

    #[test]
    fn nothing_done_is_none() {
        let found =
            found(&world(0).sprint(issue("DCT-90").points(1.0).planned("zofia", 400)).running(BEGAN, LEFT));
        let why = World::told(&found[0].why);
        assert!(why.starts_with("0 of ") && why.contains(" pace 0 will"), "{why}");
    }

    #[test]
    fn issues_are_counted_where_few_are_estimated() {
        let world = (1..=4).fold(World::new(), |world, n| {
            let issue = issue(&format!("DCT-{n}")).planned("zofia", BEGAN + 2);
            world.sprint(if n == 1 { issue.done().points(8.0) } else { issue })
        });
        let found = found(&world.running(BEGAN, LEFT));
        assert!(World::told(&found[0].why).starts_with("1 of 4 issues done after 7 of 10 working days"));
    }

    #[test]
    fn fires_when_scope_grew_by_more_than_a_fifth() {
        for (added, points, why) in [
            (2, 3.0, None),
            (3, 3.0, Some("3 issues joined after it began: from 30 to 39 points, 30 % more")),
            (2, 5.0, Some("2 issues joined after it began: from 30 to 40 points, 33 % more")),
            (3, 0.0, Some("3 issues joined after it began: from 10 to 13 issues, 30 % more")),
        ] {
            let late = |n| issue(&format!("DCT-{n}")).points(points).planned("sam", 40).done();
            let world = (20..20 + added).fold(world(8), |world, n| world.sprint(late(n)));
            let found = found(&world.running(BEGAN, LEFT));
            assert_eq!(found.first().map(|f| World::told(&f.why)).as_deref(), why, "{added} of {points}");
            if let Some(found) = found.first() {
                assert_eq!(found.evidence[0].author, "Sam");
                assert!(found.evidence[0].excerpt.starts_with("added to Sprint 5 · Done"));
            }
        }
    }

    #[test]
    fn what_joined_is_told_by_history_not_by_age() {
        let grown = |world: World| !found(&world.running(BEGAN, LEFT)).is_empty();
        let three = |shape: fn(Issue) -> Issue| {
            (20..23)
                .fold(world(8), |world, n| world.sprint(shape(issue(&format!("DCT-{n}")).points(3.0).done())))
        };
        assert!(grown(three(|issue| issue.planned("sam", 40))), "old issues, added lately");
        assert!(grown(three(|issue| issue.born(40))), "created in the sprint after it began");
        assert!(!grown(three(|issue| issue)), "created in the sprint before it began");
        assert!(!grown(three(|issue| issue.planned("sam", BEGAN + 1))), "added before it began");
        assert!(
            !grown(three(|issue| issue.planned("sam", 400).unplanned("sam", 60).planned("sam", 40))),
            "came back"
        );
        assert!(!grown(three(|issue| issue.born(40).below("DCT-1"))), "sub-tasks add no work");
        let swapped = (30..33).fold(three(|issue| issue.planned("sam", 40)), |world, n| {
            world.with(issue(&format!("DCT-{n}")).points(3.0).planned("sam", 400).unplanned("sam", 41))
        });
        assert!(!grown(swapped), "as much went as came");
    }

    #[test]
    fn fires_when_work_is_not_begun_in_the_last_two_days() {
        for (left, firm) in [(24, Some(true)), (48, Some(true)), (49, None), (120, None)] {
            let world = world(10).sprint(issue("DCT-90").points(1.0).planned("sam", 400).unstarted());
            let found = found(&world.running(800, left));
            let sure = found.first().map(|finding| finding.confidence == Confidence::Firm);
            assert_eq!(sure, firm, "{left} hours left");
        }
        let world = world(10).sprint(issue("DCT-90").points(1.0).planned("sam", 400));
        assert!(found(&world.running(800, 24)).is_empty(), "it was begun");
    }

    #[test]
    fn a_sprint_past_its_end_is_at_risk_while_work_is_open() {
        let found_past = found(&world(9).running(400, -26));
        assert_eq!(
            World::told(&found_past[0].why),
            "was to end Tue 2026-11-17, 26 hours ago; 1 of 10 issues still open"
        );
        assert_eq!(
            World::told(&found_past[0].action),
            "Zofia Example, who put most of its issues in: close the sprint, and say what moves on"
        );
        assert!(found(&world(10).running(400, -26)).is_empty(), "everything is done");
        assert!(found(&World::new().running(400, -26)).is_empty(), "nothing is in it");
        assert!(found(&world(0)).is_empty(), "no sprint");
    }

    #[test]
    fn growth_is_not_told_without_histories() {
        let late = || issue("DCT-9").born(40);
        let world = |late: Issue| {
            (1..4).fold(World::new().sprint(late), |world, number| {
                world.sprint(issue(&format!("DCT-{number}")).touched("marco", 1))
            })
        };
        let grown = |world: World| {
            found(&world.running(BEGAN, LEFT))
                .iter()
                .any(|one| World::told(&one.why).contains("joined after"))
        };
        assert!(grown(world(late())));
        assert!(!grown(world(late().without_history())));
    }

    #[test]
    fn half_sight_leaves_doubt() {
        let mut world = world(3).running(BEGAN, LEFT);
        world.blind.jira = true;
        assert_eq!(found(&world)[0].confidence, Confidence::Tentative);
    }
}
