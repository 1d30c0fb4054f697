//! What must hold of any workspace.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::Insight;
use super::world::{World, issue, user};
use crate::domain::{Message, Rule, Source};

/// One thing that somebody may say or do; numbers choose among people, issues, times and messages.
#[derive(Debug, Clone)]
enum Event {
    Says { who: u8, what: u8, hours: u16 },
    Replies { to: u8, who: u8, what: u8, hours: u16 },
    Reacts { to: u8, who: u8, with: u8 },
}

const WORDS: [&str; 12] = [
    "DCT-1 is blocked on the vendor",
    "dct-2 looks fine",
    "fixed",
    "still blocked",
    "<@UMARCO> can you confirm?",
    "DCT-3 shipped",
    "any news on ROAD-1?",
    "waiting for DCT-2",
    "we decided to wait",
    "unblocked :tada:",
    "&gt; DCT-1 is blocked",
    "לא חסום 🚧 DCT-3",
];
const NAMES: [&str; 4] = ["priya", "marco", "lena", "sam"];

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (any::<u8>(), any::<u8>(), 0..400u16).prop_map(|(who, what, hours)| Event::Says { who, what, hours }),
        (any::<u8>(), any::<u8>(), any::<u8>(), 0..400u16)
            .prop_map(|(to, who, what, hours)| Event::Replies { to, who, what, hours }),
        (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(to, who, with)| Event::Reacts { to, who, with }),
    ]
}

fn pick(from: &[&'static str], number: u8) -> &'static str {
    from[usize::from(number) % from.len()]
}

fn message(world: &World, number: u8) -> Message {
    world.messages[usize::from(number) % world.messages.len()].clone()
}

fn world(events: &[Event], done: bool) -> World {
    let finish = |issue: crate::domain::Issue| if done { issue.done() } else { issue };
    let mut world = World::new()
        .initiative(finish(issue("ROAD-1").due(3).assigned("lena")))
        .with(finish(issue("DCT-1").below("ROAD-1").due(-2).assigned("marco")))
        .sprint(finish(issue("DCT-2").due(1).blocked_by("DCT-1")))
        .with(finish(issue("DCT-3").moved(1, 9, 20)));
    for event in events {
        match event {
            Event::Says { who, what, hours } => {
                world.says(pick(&NAMES, *who), pick(&WORDS, *what), i64::from(*hours));
            }
            Event::Replies { to, who, what, hours } if !world.messages.is_empty() => {
                let root = message(&world, *to).root();
                world.replies(root, pick(&NAMES, *who), pick(&WORDS, *what), i64::from(*hours));
            }
            Event::Reacts { to, who, with } if !world.messages.is_empty() => {
                let ts = message(&world, *to).ts;
                world.reacts(ts, pick(&NAMES, *who), pick(&["white_check_mark", "+1", "eyes"], *with));
            }
            _ => {}
        }
    }
    world
}

/// The same with pages, of which each says something that a rule looks at, and a sprint.
fn whole(events: &[Event]) -> World {
    world(events, false)
        .running(216, 40)
        .table(&["Work", "Status", "Due"], &[&["ROAD-1", "On track", "2026-11-30"], &["DCT-1", "Done", ""]])
        .table(
            &["Risk", "Level", "Review", "Issue"],
            &[&["Fee", "High", "2026-11-10", "DCT-1"], &["Key", "High", "", ""]],
        )
        .table(&["Risk", "Level", "Review", "Issue"], &[&["Tax", "High", "2026-11-09", "DCT-1"]])
        .versions(&["Date", "Decision"], &[(&[&["2026-11-17", "We wait"]], 30), (&[], 900)])
}

/// What an uninvolved channel talks of.
const CHATTER: [&str; 6] = [
    "good morning all",
    "the printer on floor 3 works again",
    "lunch at noon?",
    "thanks, fixed the typo :white_check_mark:",
    "UTF-8 and COVID-19 are no tickets",
    "shipped the newsletter, all done",
];

fn ids(world: &World) -> BTreeSet<String> {
    Insight::of(&world.facts()).findings.iter().map(crate::domain::Finding::id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn an_unrelated_message_takes_no_finding_away(events in prop::collection::vec(event(), 0..20), hours in 0..300i64) {
        let mut world = world(&events, false);
        let before = ids(&world);
        world.says("stranger", "good morning all, the printer on floor 3 works", hours);
        let after = ids(&world);
        prop_assert!(before.is_subset(&after), "{before:?} {after:?}");
    }

    #[test]
    fn no_rule_about_an_issue_fires_on_a_done_one(events in prop::collection::vec(event(), 0..20)) {
        let found = Insight::of(&world(&events, true).facts()).findings;
        prop_assert!(found.iter().all(|f| matches!(f.rule, Rule::UnansweredQuestion | Rule::UntrackedBlocker | Rule::UnrecordedDecision | Rule::StatusContradiction)), "{found:?}");
    }

    #[test]
    fn the_order_in_which_messages_come_does_not_matter(events in prop::collection::vec(event(), 0..20), turn in 0..20usize) {
        let world = world(&events, false);
        let mut turned = world.clone();
        let by = turn % turned.messages.len().max(1);
        turned.messages.rotate_left(by);
        turned.messages.reverse();
        prop_assert_eq!(Insight::of(&world.facts()).findings, Insight::of(&turned.facts()).findings);
    }

    #[test]
    fn the_order_of_everything_else_does_not_matter_either(events in prop::collection::vec(event(), 0..12), turn in 0..4usize) {
        let facts = whole(&events).facts();
        let mut turned = facts.clone();
        let by = turn % turned.pages.len();
        turned.pages.rotate_left(by);
        turned.pages.reverse();
        turned.initiatives.reverse();
        turned.messages.reverse();
        turned.sprints.iter_mut().for_each(|active| active.issues.reverse());
        turned.issues.values_mut().for_each(|issue| issue.links.reverse());
        let bytes = |facts: &super::Facts| serde_json::to_string(&Insight::of(facts).findings).unwrap();
        prop_assert_eq!(bytes(&facts), bytes(&turned));
    }

    #[test]
    fn an_unrelated_channel_changes_no_finding(events in prop::collection::vec(event(), 0..12), lines in prop::collection::vec((0..6usize, 0..4usize, 0..300i64), 1..20)) {
        let facts = whole(&events).facts();
        let mut chatter = World::new();
        for (line, who, hours) in lines {
            chatter.says(NAMES[who], CHATTER[line], hours);
        }
        let mut wider = facts.clone();
        let mut other = wider.channels.values().next().unwrap().clone();
        other.id = "C0OTHER".parse().unwrap();
        wider.messages.extend(chatter.messages.into_iter().map(|message| {
            std::sync::Arc::new(Message { channel: other.id.clone(), ..message })
        }));
        wider.channels.insert(other.id.clone(), other);
        prop_assert_eq!(Insight::of(&facts).findings, Insight::of(&wider).findings);
    }

    #[test]
    fn a_blocker_that_is_over_in_its_thread_is_as_if_it_had_never_been(events in prop::collection::vec(event(), 0..12), about in 0..2usize, end in 0..5usize) {
        let text = ["DCT-9 is blocked on the crane", "we are blocked on the crane"][about];
        let end = ["unblocked", "fixed, thanks", "this is resolved now", "no longer blocked", "✅"][end];
        let mut world = world(&events, false).with(issue("DCT-9").assigned("sam"));
        let before = ids(&world);
        // Somebody who says nothing else: what people say later of their own blockers leaves doubt about this one.
        let blocker = world.says("nadia", text, 40);
        prop_assert_eq!(ids(&world).len(), before.len() + 1);
        world.replies(blocker, "sam", end, 30);
        prop_assert_eq!(ids(&world), before);
    }

    #[test]
    fn every_finding_is_proved_told_and_sorted(events in prop::collection::vec(event(), 0..20)) {
        let world = world(&events, false);
        let found = Insight::of(&world.facts()).findings;
        let heads: BTreeSet<String> = found.iter().filter(|f| f.under.is_none()).map(|f| f.id()).collect();
        for finding in &found {
            let sources: BTreeSet<Source> = finding.evidence.iter().map(|e| e.source).collect();
            prop_assert!(!finding.evidence.is_empty() && !finding.why.is_empty() && !finding.action.is_empty());
            if finding.rule == Rule::StaleTicket {
                prop_assert!(sources.contains(&Source::Slack) && sources.contains(&Source::Jira));
            }
            prop_assert!(finding.under.as_ref().is_none_or(|head| heads.contains(head)), "folded under a folded one");
        }
        prop_assert!(found.windows(2).all(|two| two[0].severity >= two[1].severity));
        let distinct: BTreeSet<String> = found.iter().map(|f| f.id()).collect();
        prop_assert_eq!(distinct.len(), found.len(), "said twice");
    }
}

#[test]
fn the_longest_messages_are_read_too() {
    let mut world = World::new().with(issue("DCT-1"));
    for n in 0..300 {
        world.says(NAMES[n % 4], WORDS[n % 12], 10);
    }
    world.says("sam", &"🚧 blocked? <@UMARCO ~x ` ".repeat(1600), 10);
    world.says("sam", &"אבג blocked on ".repeat(2600), 10);
    assert!(!Insight::of(&world.facts()).signals.is_empty());
    assert_eq!(user("sam").as_str(), "USAM");
}
