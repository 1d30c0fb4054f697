//! `untracked-blocker`: an open blocker in Slack that no issue is linked to.
//!
//! Weak words do not count here: somebody who is "waiting for" something names no issue because
//! there is none to name.

use std::collections::BTreeSet;

use crate::domain::{Confidence, Finding, Prose, Rule, Severity, Signal, SignalKind};
use crate::insight::ground::Ground;
use crate::insight::linking::keys_in;
use crate::insight::signals::FIRM;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    // A thread is about one thing: its first blocker stands for those after it.
    let mut threads = BTreeSet::new();
    // Who calls for help from above says how much it matters.
    let escalations = ground.signals.iter().filter(|signal| signal.kind == SignalKind::Escalation);
    let loud: BTreeSet<_> = escalations.map(|signal| (&signal.channel, signal.root)).collect();
    ground
        .standing(SignalKind::Blocker)
        .filter(|blocker| blocker.about.is_empty() && blocker.certainty_percent >= FIRM)
        .filter(|blocker| !tracked_in_thread(ground, blocker) && !perhaps_tracked(ground, blocker))
        .filter(|blocker| threads.insert((blocker.channel.clone(), blocker.root)))
        .map(|blocker| untracked(ground, blocker, loud.contains(&(&blocker.channel, blocker.root))))
        .collect()
}

/// Whether a reply gave the thread an issue: "raised DCT-77 for it".
fn tracked_in_thread(ground: &Ground<'_>, blocker: &Signal) -> bool {
    let thread = ground.talk.thread(&blocker.channel, blocker.root);
    thread.iter().any(|message| !ground.linking.about(message).is_empty())
}

/// Whether the thread may name an issue that nobody could look up. Which projects there are is known from the issues
/// that were read, so without Jira whatever looks like a key may be one.
fn perhaps_tracked(ground: &Ground<'_>, blocker: &Signal) -> bool {
    let thread = ground.talk.thread(&blocker.channel, blocker.root);
    ground.facts.blind.jira && thread.iter().any(|message| !keys_in(&message.text).is_empty())
}

fn untracked(ground: &Ground<'_>, blocker: &Signal, loud: bool) -> Finding {
    let facts = ground.facts;
    let unsure = ground.end_may_be_unread(blocker);
    let confidence = if unsure { Confidence::Tentative } else { Confidence::Firm };
    let severity = if loud && !unsure { Severity::High } else { Severity::Medium };
    // Its own words are its title already.
    let mut why = Prose::text("said by ").person(facts.people.name(&blocker.by));
    if let Some(channel) = facts.channels.get(&blocker.channel) {
        why = why.say(" in ").channel(&channel.name);
    }
    let why = ground.day(why.say(" on "), ground.day_of(blocker.ts.timestamp()));
    let why = why.say(if unsure {
        "; no Jira issue is named in what could be read of the thread"
    } else {
        "; no Jira issue is named, and nobody has said that it is over"
    });
    let action = Prose::new().person(facts.people.name(&blocker.by));
    let action = match ground.meant(blocker) {
        Some(issue) => {
            action.say(": say in the thread whether this is ").issue(issue).say(", or raise an issue")
        }
        None => action.say(": name the issue in the thread, or raise one"),
    };
    ground.about_message(blocker, Rule::UntrackedBlocker, (severity, confidence), (why, action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    fn world() -> World {
        World::new().with(issue("DCT-42"))
    }

    #[test]
    fn fires_once_per_thread() {
        let mut world = world();
        let root = world.says("priya", "we are blocked on the badge readers", 30);
        world.replies(root, "sam", "same, still blocked on them", 20);
        let found = world.find(Rule::UntrackedBlocker);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject, world.messages[0].permalink);
        assert_eq!(
            World::told(&found[0].why),
            "said by Priya in dct-program on Tue 2026-11-17; no Jira issue is named, and nobody has said that it is over"
        );
        assert_eq!(World::told(&found[0].action), "Priya: name the issue in the thread, or raise one");
    }

    #[test]
    fn says_nothing_of_what_looks_like_a_key_when_jira_could_not_be_read() {
        let fires = |blind: bool, text: &str, reply: &str| {
            let mut world = World::new();
            world.blind.jira = blind;
            let root = world.says("priya", text, 30);
            world.replies(root, "sam", reply, 20);
            !world.find(Rule::UntrackedBlocker).is_empty()
        };
        let (keyless, named) =
            ("we are blocked on the badge readers", "I'm stuck on nord-70. Need a badge reader");
        assert!(fires(true, keyless, "oh no"), "no issue is named, whatever Jira has");
        assert!(!fires(true, named, "oh no"));
        assert!(!fires(true, keyless, "that is <https://acme.atlassian.net/browse/NORD-70>"));
        assert!(fires(false, named, "oh no"), "Jira has no such project");
    }

    #[test]
    fn weighs_more_when_somebody_calls_for_help_from_above() {
        let severity = |reply: &str| {
            let mut world = world();
            let root = world.says("priya", "we are blocked on the badge readers", 30);
            world.replies(root, "sam", reply, 20);
            world.find(Rule::UntrackedBlocker)[0].severity
        };
        assert_eq!(severity("escalating this to the CTO"), Severity::High);
        assert_eq!(severity("no need to escalate"), Severity::Medium);
    }

    #[test]
    fn does_not_fire_on_what_is_tracked_weak_or_over() {
        let mut tracked = world();
        tracked.says("priya", "DCT-42 is blocked on the badge readers", 30);
        let root = tracked.says("priya", "we are blocked on the network", 30);
        tracked.replies(root, "sam", "raised as DCT-42", 29);
        tracked.says("lena", "waiting for the caterer", 30);
        let over = tracked.says("lena", "blocked on the proxy", 30);
        tracked.reacts(over, "sam", "white_check_mark");
        assert!(tracked.find(Rule::UntrackedBlocker).is_empty());
    }
}
