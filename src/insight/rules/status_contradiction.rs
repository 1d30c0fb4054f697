//! `status-contradiction`: two sources disagree on where an issue stands.
//!
//! A tracking page calls it fine or done while Jira or Slack says otherwise; Slack calls it done while
//! Jira is open; Jira is done while Slack holds a later open blocker. Words that may mean something else
//! contradict nobody.

use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use crate::domain::{
    Confidence, Finding, Issue, Message, PageId, Prose, Rule, Severity, Signal, SignalKind, shorten,
};
use crate::insight::cite;
use crate::insight::ground::Ground;
use crate::insight::rules::lateness;
use crate::insight::signals::{FIRM, confirms, mixes_up, pattern, says_done, says_partly, takes_back};
use crate::insight::tracking::{Stands, Told};

/// How long a quotation is.
const QUOTE: usize = 60;

/// How soon people notice that they spoke too soon.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// How long somebody may still say of it by name that it is not done.
const LONG: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How soon they go on to say that it is a part only.
const AT_ONCE: SignedDuration = SignedDuration::from_mins(20);

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let issues = ground.facts.issues.values();
    issues
        .filter_map(|issue| {
            if issue.is_done() {
                return blocked_after_all(ground, issue);
            }
            page_disagrees(ground, issue).or_else(|| done_in_slack(ground, issue))
        })
        .collect()
}

/// The page says fine or done; Jira or Slack does not.
fn page_disagrees(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let told: Vec<(&Told<'_>, Stands, &str)> = ground
        .rows
        .about(&issue.key)
        .filter_map(|told| told.stands().map(|(stands, word)| (told, stands, word)))
        .collect();
    // A page that says both contradicts itself first.
    let troubled = |page: &PageId| {
        told.iter().any(|(told, stands, _)| told.page.id == *page && *stands == Stands::Troubled)
    };
    let (told, stands, word) = told.iter().copied().find(|(told, ..)| !troubled(&told.page.id))?;
    let blocker = clear_blocker(ground, issue);
    let late = issue.deadline().filter(|date| *date < ground.today);
    let mut evidence = ground.row_evidence(&issue.key);
    evidence.retain(|row| row.url == told.page.url);
    let why = Prose::text("the page ").page(&told.page.title, &told.page.url).say(" says ");
    let why = why.quote(shorten(&crate::domain::defang(word), QUOTE)).say("; ");
    let (why, sure) = match (blocker, late) {
        _ if issue.is_blocked() => (why.say(ground.jira_says(issue, "")), true),
        (Some(blocker), _) => {
            evidence.push(blocker.evidence.clone());
            (said(ground, why, blocker), !ground.end_may_be_unread(blocker))
        }
        (None, Some(late)) => (why.say("in Jira it ").join(lateness(ground, late)), true),
        (None, None) if stands == Stands::Done => (why.say(ground.jira_says(issue, "still ")), true),
        (None, None) => return None,
    };
    evidence.push(ground.jira_evidence(issue));
    let severity = if ground.is_initiative(issue) { Severity::High } else { Severity::Medium };
    let action = ground.ask(issue, None, "say which is right, and correct the other");
    Some(finding(ground, issue, (severity, sure), (why, action), evidence))
}

/// Slack says that it is done; Jira is open.
fn done_in_slack(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let done = ground.signals_about(SignalKind::Completion, &issue.key);
    let told = |signal: &&&Signal| {
        let message = ground.talk.get(&(signal.channel.clone(), signal.ts));
        let nothing_else = signal.about.len() == 1;
        signal.certainty_percent >= FIRM
            && message.is_some_and(|message| {
                says_done(ground.language, message, issue, nothing_else) || confirms(message)
            })
    };
    let done = done.iter().rev().find(told)?;
    // What was said later, or in the same breath, counts more.
    let blockers = ground.signals_about(SignalKind::Blocker, &issue.key);
    if blockers.iter().any(|blocker| blocker.ts >= done.ts) || is_taken_back(ground, issue, done) {
        return None;
    }
    let message: &Message = ground.talk.get(&(done.channel.clone(), done.ts))?;
    // "Resolved, the vendor delivered" speaks of what was in the way, where something was.
    if !blockers.is_empty() && RESOLVED.is_match(&message.text) && !FINISHED.is_match(&message.text) {
        return None;
    }
    let who = Prose::new().person(ground.facts.people.name(&done.by)).say(" said ");
    let why = ground.day(
        who.quote(shorten(&cite::excerpt(message, ground.facts), QUOTE)).say(" on "),
        ground.day_of(done.ts.timestamp()),
    );
    let why = why.say(format!("; {}", ground.jira_says(issue, "still ")));
    let action = ground.ask(issue, Some(&done.by), "close it in Jira, or say what is left");
    let evidence = vec![done.evidence.clone(), ground.jira_evidence(issue)];
    Some(finding(ground, issue, (Severity::Medium, true), (why, action), evidence))
}

static RESOLVED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:resolved|solved|sorted|fixed|cleared|unblocked)\b"));
static FINISHED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:done|finished|completed?|shipped|live|released|deployed|closed|launched|merged|prod|production)\b",
    )
});

/// Whether it is not done after all, as somebody says in its thread or of the issue by name, or its author does in
/// the channel soon after.
fn is_taken_back(ground: &Ground<'_>, issue: &Issue, done: &Signal) -> bool {
    let since = |message: &Message| message.ts.timestamp().duration_since(done.ts.timestamp());
    let own = |message: &&Message| message.author.person() == Some(&done.by);
    let thread = ground.talk.thread(&done.channel, done.root).iter().copied();
    let replies: Vec<&Message> = thread.filter(|message| message.ts > done.ts).collect();
    let soon = ground.talk.soon_after_by((&done.channel, &done.by), done.ts, SOON);
    let soon: Vec<&Message> = soon.collect();
    // "Wrong ticket, I meant DCT-43" names the other one.
    if soon.iter().any(|message| mixes_up(ground.language, message)) {
        return true;
    }
    let names = |message: &&Message| ground.linking.about(message).contains(&issue.key);
    let soon = soon.into_iter().filter(|message| ground.linking.about(message).is_empty() || names(message));
    // "DCT-42 shipped!", "… to the test servers".
    let mut goes_on = replies.iter().copied().filter(own).chain(soon.clone());
    if goes_on.any(|message| since(message) <= AT_ONCE && says_partly(ground.language, message)) {
        return true;
    }
    let in_channel = |message: &&Message| message.channel == done.channel && !message.is_reply();
    let after = |message: &&Message| message.ts > done.ts && since(message) <= LONG;
    let of_it = ground.messages_about(&issue.key).filter(in_channel).filter(after);
    let mut later = replies.iter().copied().chain(soon).chain(of_it);
    later.any(|message| takes_back(ground.language, message))
}

/// Jira says that it is done; Slack holds a later open blocker.
fn blocked_after_all(ground: &Ground<'_>, issue: &Issue) -> Option<Finding> {
    let closed = issue.changes.iter().filter(|change| change.field == "status").map(|change| change.at).max();
    // Without its history, and without a date of its resolution, nobody knows whether the blocker came later.
    let closed = issue.resolved.or(closed).or((!issue.history_unread).then_some(issue.created))?;
    let blocker = clear_blocker(ground, issue).filter(|blocker| blocker.ts.timestamp() > closed)?;
    let why = Prose::text(format!("Jira says {} since ", crate::domain::defang(&issue.status.name)));
    let why = ground.day(why, ground.day_of(closed)).say("; ");
    let why = said(ground, why, blocker);
    let action = ground.ask(issue, Some(&blocker.by), "reopen it, or say in the thread that it is over");
    let evidence = vec![blocker.evidence.clone(), ground.jira_evidence(issue)];
    let sure = !ground.end_may_be_unread(blocker);
    Some(finding(ground, issue, (Severity::High, sure), (why, action), evidence))
}

/// The last open blocker that was asserted in clear words.
fn clear_blocker<'a>(ground: &Ground<'a>, issue: &Issue) -> Option<&'a Signal> {
    let blockers = ground.open_blockers(&issue.key).iter();
    blockers.rev().find(|blocker| blocker.certainty_percent >= FIRM).copied()
}

fn said(ground: &Ground<'_>, why: Prose, blocker: &Signal) -> Prose {
    let who = why.person(ground.facts.people.name(&blocker.by)).say(" said ");
    ground.day(who.quote(ground.phrase(blocker)).say(" on "), ground.day_of(blocker.ts.timestamp()))
}

fn finding(
    ground: &Ground<'_>,
    issue: &Issue,
    (severity, sure): (Severity, bool),
    told: (Prose, Prose),
    evidence: Vec<crate::domain::Evidence>,
) -> Finding {
    let (severity, confidence) = match sure {
        true => (severity, Confidence::Firm),
        false => (severity.min(Severity::Medium), Confidence::Tentative),
    };
    ground.about(issue, Rule::StatusContradiction, (severity, confidence), told, evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    fn world(issue: Issue, status: &str) -> World {
        World::new().initiative(issue).table(&["Initiative", "Status"], &[&["ROAD-1", status]])
    }

    fn fires(world: &World) -> bool {
        !world.find(Rule::StatusContradiction).is_empty()
    }

    #[test]
    fn what_was_in_the_way_is_resolved_and_the_work_is_not() {
        let told = |after: &str| {
            let mut world = World::new().with(issue("DCT-42"));
            world.says("priya", "DCT-42 is blocked on the vendor", 72);
            world.says("priya", after, 50);
            fires(&world)
        };
        assert!(!told("DCT-42: resolved, the vendor delivered"));
        assert!(told("DCT-42: resolved and shipped"));
        assert!(told("DCT-42 is done"));
    }

    #[test]
    fn done_is_taken_back_in_its_thread() {
        let told = |after: &str| {
            let mut world = World::new().with(issue("DCT-42"));
            let root = world.says("priya", "DCT-42 is done", 72);
            world.replies(root, "priya", after, 70);
            fires(&world)
        };
        for after in [
            "scratch that, not done",
            "false alarm, my mistake",
            "sorry, not finished after all",
            "oh, missed that one",
            "I still see the old readers on floor 2",
        ] {
            assert!(!told(after), "{after}");
        }
        assert!(told("thanks all"));
    }

    #[test]
    fn a_page_against_jira() {
        for (status, issue, expected) in [
            ("On track", issue("ROAD-1").flagged(), true),
            ("On track", issue("ROAD-1").due(-1), true),
            ("On track", issue("ROAD-1").due(1), false),
            ("At risk", issue("ROAD-1").flagged(), false),
            ("Late", issue("ROAD-1").due(-1), false),
            ("Done", issue("ROAD-1"), true),
            ("Done", issue("ROAD-1").done(), false),
            ("Not started", issue("ROAD-1").due(-1), false),
        ] {
            assert_eq!(fires(&world(issue.clone(), status)), expected, "{status} {:?}", issue.due);
        }
    }

    #[test]
    fn a_page_against_slack() {
        let mut blocked = world(issue("ROAD-1"), "On track");
        let ts = blocked.says("priya", "ROAD-1 is blocked on the vendor", 30);
        let found = blocked.find(Rule::StatusContradiction);
        assert_eq!(
            World::told(&found[0].why),
            "the page “Status” says “On track”; Priya said “blocked on the vendor” on Tue 2026-11-17"
        );
        assert_eq!(found[0].evidence.len(), 3);
        blocked.replies(ts, "sam", "fixed", 20);
        assert!(!fires(&blocked), "it is over");
        let mut weak = world(issue("ROAD-1"), "On track");
        weak.says("priya", "ROAD-1: waiting for the vendor", 30);
        assert!(!fires(&weak), "a weak word contradicts nobody");
    }

    #[test]
    fn slack_against_jira() {
        let says = |text: &str, issue: Issue| {
            let mut world = World::new().with(issue).with(crate::insight::world::issue("DCT-2"));
            world.says("priya", text, 30);
            fires(&world)
        };
        assert!(says("DCT-1 is shipped", issue("DCT-1")));
        assert!(!says("DCT-1 is shipped", issue("DCT-1").done()));
        assert!(!says("DCT-1 will be shipped", issue("DCT-1")));
        assert!(!says("DCT-1 needs a look. Lunch is done", issue("DCT-1")));
        assert!(!says("shipped", issue("DCT-1")));
        assert!(says("DCT-1 is done, handing over to the operators", issue("DCT-1")));
        assert!(says("DCT-1 is shipped. Next: DCT-2", issue("DCT-1")));
        assert!(!says("DCT-1 training is done. next: the shadow run", issue("DCT-1")));
        assert!(!says("DCT-1 is shipped to three cars. The other 900 follow after Easter", issue("DCT-1")));
        let mut later = World::new().with(issue("DCT-1"));
        later.says("priya", "DCT-1 is shipped", 30);
        later.says("sam", "DCT-1 is blocked again", 20);
        assert!(!fires(&later));
    }

    #[test]
    fn what_is_taken_back_contradicts_nobody() {
        let then = |words: &str, in_thread: bool| {
            let mut world = World::new().with(issue("DCT-1"));
            let ts = world.says("priya", "DCT-1 is shipped", 30);
            match in_thread {
                true => world.replies(ts, "priya", words, 20),
                false => world.says("priya", words, 20),
            };
            fires(&world)
        };
        for words in ["ok, not done, back in progress", "scratch that, wrong ticket", "I've reopened it"] {
            assert!(!then(words, true) && !then(words, false), "{words}");
        }
        for words in ["nice one", "is it not done?", "the other one is not done, I'll do it next"] {
            assert!(then(words, true), "{words}");
        }
        let mut other = World::new().with(issue("DCT-1"));
        other.says("priya", "DCT-1 is shipped", 30);
        other.says("marco", "I've reopened it", 20);
        assert!(fires(&other), "of what does Marco speak?");
    }

    #[test]
    fn done_in_jira_and_blocked_later_in_slack() {
        let closed = |hours: i64| {
            let mut done = issue("DCT-1").touched("marco", hours).done();
            done.changes[0].field = "status".to_owned();
            let mut world = World::new().with(done);
            world.says("priya", "DCT-1 is blocked again by the proxy", 30);
            world
        };
        let found = closed(50).find(Rule::StatusContradiction);
        assert_eq!(
            World::told(&found[0].why),
            "Jira says Done since Mon 2026-11-16; Priya said “blocked again by the proxy” on Tue 2026-11-17"
        );
        assert!(!fires(&closed(20)), "it was closed afterwards");
        let mut unknown = World::new().with(issue("DCT-1").done().without_history());
        unknown.says("priya", "DCT-1 is blocked again by the proxy", 30);
        assert!(!fires(&unknown), "nobody knows when it was closed");
    }
}
