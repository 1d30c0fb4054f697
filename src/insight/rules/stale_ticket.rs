//! `stale-ticket`: Slack talks of trouble with an issue and nobody tells Jira.
//!
//! Fires on an open issue about which Slack holds an open blocker (or which is buzzing), when no
//! person has changed or commented on it since the first of those messages, for at least `stale_hours`.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Confidence, Finding, Issue, Message, Prose, Rule, Severity, UserId};
use crate::insight::ground::{Ground, count};
use crate::insight::signals::{FIRM, blocker_phrase};

/// From so many messages on an issue is buzzing…
const BUZZ_MESSAGES: usize = 5;
/// …when so many people wrote them. Both numbers are the contract's.
const BUZZ_PEOPLE: usize = 3;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let open = ground.facts.issues.values().filter(|issue| !issue.is_done());
    open.filter_map(|issue| blocked(ground, issue).or_else(|| buzzing(ground, issue))).collect()
}

fn blocked(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let blockers = ground.open_blockers(&issue.key);
    let first = blockers.first()?;
    if !untouched_since(ground, issue, first.ts.timestamp()) {
        return None;
    }
    let surest = blockers.iter().max_by_key(|signal| signal.certainty_percent)?;
    let talk: Vec<_> = ground.said_about(&issue.key).into_iter().filter(|(m, _)| m.ts >= first.ts).collect();
    // An end of the blocker may stand in replies, or channels, that were not read.
    let unread = blockers.iter().all(|signal| ground.talk.thread_cut_short(&signal.channel, signal.root));
    let firm = surest.certainty_percent >= FIRM && !unread && !blind(ground);
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };
    // When Jira says "blocked" too, the reader is not misled, only late.
    let severity = if firm && !issue.is_blocked() { Severity::High } else { Severity::Medium };

    let message = ground.talk.get(&(first.channel.clone(), first.ts));
    let phrase = message.and_then(|message| blocker_phrase(message, &ground.facts.people));
    let why = Prose::text("Slack has said ")
        .quote(phrase.unwrap_or_else(|| first.evidence.excerpt.clone()))
        .say(" since ")
        .day(first.ts.timestamp().to_zoned(ground.facts.zone.clone()).date())
        .say(format!(" ({}); {}", volume(&talk), ground.jira_says(issue, "still ")));
    let step = if issue.is_blocked() {
        "say in Jira what it waits for and since when"
    } else {
        "update the ticket, or flag it as blocked"
    };
    let action = ground.ask(issue, Some(ground.facts.people.name(&first.by)), step);

    let mut evidence = vec![first.evidence.clone()];
    evidence.extend(blockers.iter().skip(1).last().map(|latest| latest.evidence.clone()));
    evidence.push(ground.jira_evidence(issue));
    Some(ground.about(issue, Rule::StaleTicket, (severity, confidence), (why, action), evidence))
}

fn buzzing(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let talk: Vec<_> = ground
        .said_about(&issue.key)
        .into_iter()
        .filter(|(m, _)| ground.looked_back(m.ts.timestamp()))
        .collect();
    let (first, first_by) = *talk.first()?;
    let (last, last_by) = *talk.last()?;
    if talk.len() < BUZZ_MESSAGES
        || people(&talk) < BUZZ_PEOPLE
        || !untouched_since(ground, issue, first.ts.timestamp())
    {
        return None;
    }
    let confidence = if blind(ground) { Confidence::Tentative } else { Confidence::Firm };
    let why = Prose::text(format!("{} in Slack since ", volume(&talk)))
        .day(first.ts.timestamp().to_zoned(ground.facts.zone.clone()).date())
        .say(format!("; {}", ground.jira_says(issue, "still ")));
    let action = ground.ask(
        issue,
        Some(ground.facts.people.name(last_by)),
        "bring the ticket up to date with the discussion",
    );
    let evidence = vec![
        ground.slack_evidence(first, first_by),
        ground.slack_evidence(last, last_by),
        ground.jira_evidence(issue),
    ];
    Some(ground.about(issue, Rule::StaleTicket, (Severity::Medium, confidence), (why, action), evidence))
}

/// Whether no person has touched the issue since `first`, and that is long enough.
fn untouched_since(ground: &Ground<'_>, issue: &Issue, first: Timestamp) -> bool {
    let patience = SignedDuration::from_hours(i64::from(ground.facts.thresholds.stale_hours));
    issue.last_human_touch() < first && first <= ground.before_now(patience)
}

/// Whether the silence on Jira's side, or the end of a blocker, may only not have been read.
fn blind(ground: &Ground<'_>) -> bool {
    let blind = ground.facts.blind;
    blind.slack || blind.jira || blind.rights
}

fn people(talk: &[(&Message, &UserId)]) -> usize {
    talk.iter().map(|(_, by)| by).collect::<BTreeSet<_>>().len()
}

/// "9 messages, 4 people".
fn volume(talk: &[(&Message, &UserId)]) -> String {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let people = match people(talk) {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    format!("{}, {people}", count(number(talk.len()), "message"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Source;
    use crate::insight::world::{World, issue};

    fn world() -> World {
        World::new().with(issue("DCT-42").assigned("marco").touched("marco", 24 * 11))
    }

    fn found(world: &World) -> Vec<Finding> {
        world.find(Rule::StaleTicket)
    }

    #[test]
    fn fires_on_an_open_blocker_that_jira_does_not_know_of() {
        let mut world = world();
        world.says("priya", "DCT-42 is blocked on the vendor", 72);
        let found = found(&world);
        assert_eq!(found.len(), 1);
        let finding = &found[0];
        assert_eq!((finding.severity, finding.confidence), (Severity::High, Confidence::Firm));
        assert_eq!(finding.subject, "DCT-42");
        assert_eq!(
            finding.evidence.iter().map(|e| e.source).collect::<Vec<_>>(),
            [Source::Slack, Source::Jira]
        );
        assert_eq!(
            World::told(&finding.why),
            "Slack has said “blocked on the vendor” since 2026-11-15 (1 message, 1 person); Jira still says In Progress, last touched by a person 11 days ago"
        );
        assert_eq!(World::told(&finding.action), "Marco: update the ticket, or flag it as blocked");
    }

    #[test]
    fn a_weak_word_is_tentative_and_so_is_half_sight() {
        let mut weak = world();
        weak.says("priya", "DCT-42: still waiting on the vendor", 72);
        assert_eq!(found(&weak)[0].confidence, Confidence::Tentative);
        let mut blind = world();
        blind.says("priya", "DCT-42 is blocked on the vendor", 72);
        blind.blind.jira = true;
        assert_eq!(found(&blind)[0].confidence, Confidence::Tentative);
    }

    #[test]
    fn does_not_fire_when_a_person_touched_it_since_or_it_is_young_or_done() {
        let mut touched = World::new().with(issue("DCT-42").touched("marco", 48));
        touched.says("priya", "DCT-42 is blocked on the vendor", 72);
        assert!(found(&touched).is_empty());
        let mut commented = World::new().with(issue("DCT-42").commented("marco", 10));
        commented.says("priya", "DCT-42 is blocked on the vendor", 72);
        assert!(found(&commented).is_empty());
        let mut young = world();
        young.says("priya", "DCT-42 is blocked on the vendor", 23);
        assert!(found(&young).is_empty());
        let mut done = World::new().with(issue("DCT-42").done());
        done.says("priya", "DCT-42 is blocked on the vendor", 72);
        assert!(found(&done).is_empty());
    }

    #[test]
    fn automation_is_no_activity() {
        let mut world = World::new().with(issue("DCT-42").automated(2));
        world.says("priya", "DCT-42 is blocked on the vendor", 72);
        assert_eq!(found(&world).len(), 1);
    }

    #[test]
    fn buzzing_takes_five_messages_by_three_people() {
        for (messages, people, fires) in [(5, 3, true), (4, 3, false), (5, 2, false)] {
            let mut world = world();
            let root = world.says("p0", "about DCT-42", 90);
            for n in 1..messages {
                world.replies(root, &format!("p{}", n % people), "hm", 80);
            }
            let found = found(&world);
            assert_eq!(found.len(), usize::from(fires), "{messages} by {people}");
            assert!(found.iter().all(|f| f.severity == Severity::Medium));
        }
        let mut with_bots = world();
        let root = with_bots.says("p0", "about DCT-42", 90);
        for who in ["p1", "p2", "p1"] {
            with_bots.replies(root, who, "hm", 80);
        }
        with_bots.bot_replies(root, "hm", 79);
        assert!(found(&with_bots).is_empty());
    }

    #[test]
    fn what_is_older_than_the_lookback_does_not_count() {
        let mut world = World::new().with(issue("DCT-42"));
        world.says("priya", "DCT-42 is blocked on the vendor", 24 * 15);
        assert!(found(&world).is_empty());
    }
}
