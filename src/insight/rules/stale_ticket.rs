//! `stale-ticket`: Slack talks of trouble with an issue and nobody tells Jira.
//!
//! Fires on an open issue about which Slack holds an open blocker (or which is buzzing), when no
//! person has changed or commented on it since the first of those messages, for at least `stale_hours`.
//! An issue whose history could not be read is not known to be untouched.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Confidence, Finding, Issue, Message, MessageTs, Prose, Rule, Severity, Signal, UserId};
use crate::insight::cite;
use crate::insight::ground::{Ground, count};
use crate::insight::signals::FIRM;

/// From so many messages on an issue is buzzing…
const BUZZ_MESSAGES: usize = 5;
/// …when so many people wrote them. Both numbers are the contract's.
const BUZZ_PEOPLE: usize = 3;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let open = ground.facts.issues.values().filter(|issue| !issue.is_done());
    let found = open.filter_map(|issue| {
        let named = blocked(ground, issue, ground.open_blockers(&issue.key), true);
        let meant = || blocked(ground, issue, ground.blockers_that_may_mean(&issue.key), false);
        named.or_else(|| buzzing(ground, issue)).or_else(meant)
    });
    found.collect()
}

/// A blocker that only says the issue's title in words may mean something else.
fn blocked(ground: &Ground<'_>, issue: &Issue, blockers: &[&Signal], named: bool) -> Option<Finding> {
    let first = blockers.first()?;
    if !untouched_since(ground, issue, first.ts.timestamp()) {
        return None;
    }
    // One blocker that was asserted clearly, and of which all that followed was read, is enough.
    let firm = |signal: &&&Signal| signal.certainty_percent >= FIRM && !ground.end_may_be_unread(signal);
    let firm = named && blockers.iter().any(|signal| firm(&signal)) && !blind(ground);
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };
    // When Jira says "blocked" too, the reader is not misled, only late.
    let severity = if firm && !issue.is_blocked() { Severity::High } else { Severity::Medium };

    let phrase = ground.phrase(first);
    let day = ground.day_of(first.ts.timestamp());
    // Only what asserts it says it; the other messages are about it.
    let again = blockers.iter().any(|blocker| (&blocker.channel, blocker.ts) != (&first.channel, first.ts));
    let (who, when) = match again {
        true => (Prose::text("Slack has said "), " since "),
        false => (Prose::new().person(ground.facts.people.name(&first.by)).say(" said "), " on "),
    };
    let why = ground.day(who.quote(phrase).say(when), day);
    let why = match volume(ground, issue, first.ts, " about it") {
        Some(volume) => why.say(format!(" ({volume})")),
        None => why,
    };
    let why = if named { why } else { why.say(", perhaps about this") };
    let why = why.say(format!("; {}", ground.jira_says(issue, "still ")));
    let step = if issue.is_blocked() {
        "say in Jira what it waits for and since when"
    } else {
        "update the ticket, or flag it as blocked"
    };
    let action = ground.ask(issue, Some(&first.by), step);

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
    let (first, _) = *talk.first()?;
    let (last, last_by) = *talk.last()?;
    if talk.len() < BUZZ_MESSAGES
        || people(&talk) < BUZZ_PEOPLE
        || !untouched_since(ground, issue, first.ts.timestamp())
    {
        return None;
    }
    // What was not read could only add to the talk.
    let confidence = if blind(ground) { Confidence::Tentative } else { Confidence::Firm };
    let volume = volume(ground, issue, first.ts, "")?;
    let why = ground
        .day(Prose::text(format!("{volume} in Slack since ")), ground.day_of(first.ts.timestamp()))
        .say(format!("; {}", ground.jira_says(issue, "still ")));
    let action = ground.ask(issue, Some(last_by), "bring the ticket up to date with the discussion");
    let evidence = vec![
        cite::message(first, ground.facts),
        cite::message(last, ground.facts),
        ground.jira_evidence(issue),
    ];
    Some(ground.about(issue, Rule::StaleTicket, (Severity::Medium, confidence), (why, action), evidence))
}

/// Whether no person has touched the issue since `first`, and that is long enough.
fn untouched_since(ground: &Ground<'_>, issue: &Issue, first: Timestamp) -> bool {
    let patience = SignedDuration::from_hours(i64::from(ground.facts.thresholds.stale_hours));
    // Of what was made after the first word about it, by whomever, nobody has left the word standing there.
    let untouched = issue.last_human_touch().is_some_and(|last| last.max(issue.created) < first);
    untouched && first <= ground.before_now(patience)
}

/// Whether the first word about it, or what was done in Jira, may only not have been read. What the
/// audience may not see changes nothing: a blocker ends in the channel where it was raised.
fn blind(ground: &Ground<'_>) -> bool {
    let blind = ground.facts.blind;
    blind.slack || blind.older || blind.jira
}

fn people(talk: &[(&Message, &UserId)]) -> usize {
    talk.iter().map(|(_, by)| by).collect::<BTreeSet<_>>().len()
}

/// "9 messages, 4 people": what was said about an issue since its first message; nothing for one alone.
fn volume(ground: &Ground<'_>, issue: &Issue, from: MessageTs, about: &str) -> Option<String> {
    let since = |message: &Message| message.ts >= from;
    let mut talk = ground.said_about(&issue.key);
    talk.retain(|(message, _)| since(message));
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let unread: u32 = ground.unread_threads_about(&issue.key).map(|root| root.reply_count).sum();
    if unread > 0 {
        // Who wrote the replies that were not read is not known.
        let roots = talk.iter().filter(|(message, _)| !message.is_reply()).count();
        let least = number(talk.len()).max(number(roots) + i64::from(unread));
        return Some(format!("{}{about}", count(least, "message")));
    }
    match (talk.len(), people(&talk)) {
        (0 | 1, _) => None,
        (messages, 1) => Some(format!("{}{about} by 1 person", count(number(messages), "message"))),
        (messages, people) => Some(format!("{}{about}, {people} people", count(number(messages), "message"))),
    }
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
            "Priya said “blocked on the vendor” on Sun 2026-11-15; Jira still says In Progress, last touched by a person 11 days ago"
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
        let mut unknown = World::new().with(issue("DCT-42").assigned("marco").without_history());
        unknown.says("priya", "DCT-42 is blocked on the vendor", 72);
        assert!(found(&unknown).is_empty(), "not to know is not to know that nobody touched it");
    }

    #[test]
    fn a_title_said_in_words_is_worth_a_look_under_the_blocker_that_nobody_tracks() {
        let mut world =
            World::new().with(issue("DCT-42").titled("Firewall rules for rack B").assigned("marco"));
        world.says("priya", "the firewall rules for rack B are blocked on the vendor", 72);
        let stale = &found(&world)[0];
        assert_eq!(stale.confidence, Confidence::Tentative);
        assert!(World::told(&stale.why).contains(", perhaps about this; Jira still says"));
        let untracked = &world.find(Rule::UntrackedBlocker)[0];
        assert_eq!((stale.under.as_ref(), untracked.confidence), (Some(&untracked.id()), Confidence::Firm));
        assert_eq!(
            World::told(&untracked.action),
            "Priya: say in the thread whether this is DCT-42, or raise an issue"
        );
    }

    #[test]
    fn only_replies_that_could_end_it_leave_doubt() {
        let confidence = |world: &World| found(world)[0].confidence;
        let unread_reply = |root_says: &str, asked: i64, replied: i64| {
            let mut world = world();
            world.says("priya", "DCT-42 is blocked on the vendor", 72);
            let root = world.says("sam", root_says, asked);
            world.replies(root, "marco", "hm", replied);
            world.messages.pop();
            world.blind.threads = true;
            world.blind.rights = true;
            confidence(&world)
        };
        assert_eq!(unread_reply("lunch?", 71, 50), Confidence::Firm, "another thread");
        assert_eq!(unread_reply("about DCT-42", 71, 50), Confidence::Tentative, "a thread about it");
        assert_eq!(unread_reply("about DCT-42", 90, 80), Confidence::Firm, "one that ended before");
        let mut own = world();
        let root = own.says("priya", "DCT-42 is blocked on the vendor", 72);
        own.replies(root, "sam", "hm", 50);
        own.messages.pop();
        assert_eq!(confidence(&own), Confidence::Tentative, "its own");
        own.says("priya", "DCT-42 still blocked on the vendor", 30);
        assert_eq!(confidence(&own), Confidence::Firm, "said again after the last reply");
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
    fn only_who_asserts_it_is_said_to_have_said_it() {
        let why = |replies: &[(&str, &str)]| {
            let mut world = world();
            let root = world.says("priya", "DCT-42 is blocked on the vendor", 72);
            for (who, text) in replies {
                world.replies(root, who, text, 60);
            }
            World::told(&found(&world)[0].why)
        };
        let about = why(&[("sam", "+1"), ("lena", "any news?")]);
        assert!(
            about.starts_with(
                "Priya said “blocked on the vendor” on Sun 2026-11-15 (3 messages about it, 3 people); "
            ),
            "{about}"
        );
        let again = why(&[("sam", "yes, still blocked on the vendor")]);
        assert!(
            again.starts_with(
                "Slack has said “blocked on the vendor” since Sun 2026-11-15 (2 messages about it, 2 people); "
            ),
            "{again}"
        );
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
