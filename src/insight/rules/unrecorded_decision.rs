//! `unrecorded-decision`: a decision was taken in Slack and, 48 h later, no tracking page or linked issue records it.
//!
//! A record says the same in words of its own, or links to where it was said. On a page it is a line that was
//! not there before; in a linked issue, a person's comment or change. What stood there already is a record when it
//! has the very words, whenever they were written down: "dual power through December" does not record "dual power
//! through January". Talk about the subject is none either: outside a decision log, most of the decision's own words
//! must be there. What only may be its record leaves doubt, and is shown.

mod decision;
mod figures;
mod pages;
mod record;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::SignedDuration;

use self::decision::{Decision, Record};
use self::pages::Pages;
use self::record::{Words, are_much_alike};
use crate::domain::{Confidence, Finding, Issue, Prose, Rule, Severity, SignalKind, defang, shorten};
use crate::insight::cite;
use crate::insight::ground::{Ground, count};
use crate::insight::signals::FIRM;

/// The contract's patience.
const PATIENCE: SignedDuration = SignedDuration::from_hours(48);
/// Below this certainty the words may mean something else: an approval, a plan for lunch.
const CLEAR: u8 = 75;
/// Two decisions of so many same words are one that was announced twice.
const ANNOUNCED: usize = 4;
/// After so long, nobody will write it down by themselves.
const LONG: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How much of what may be its record is quoted.
const QUOTE: usize = 80;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    if ground.pages.is_empty() && ground.facts.blind.confluence {
        // Where it would be recorded, nobody could look.
        return Vec::new();
    }
    let taken = ground.signals.iter().filter(|signal| {
        signal.kind == SignalKind::Decision
            && signal.certainty_percent >= FIRM
            && ground.looked_back(signal.ts.timestamp())
    });
    let pages = Pages::of(&ground.pages, called(ground));
    let mut in_thread: HashMap<_, Vec<BTreeSet<String>>> = HashMap::new();
    let mut announced: HashSet<String> = HashSet::new();
    let mut by_word: HashMap<_, Vec<Words>> = HashMap::new();
    let mut found = Vec::new();
    for decision in taken.filter_map(|signal| Decision::of(ground, signal, &pages.people)) {
        // Said again, in its thread, by the same person or word for word in another channel, it is the same decision.
        let before = in_thread.entry((&decision.signal.channel, decision.signal.root)).or_default();
        let words = &decision.words.all;
        let mut announce =
            || announced.insert(words.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
        let again = before.iter().any(|before| are_much_alike(before, words))
            || (words.len() >= ANNOUNCED && !announce());
        before.push(words.clone());
        // What the same person said there of the same name, number or day.
        let own = |word: &String| (word.clone(), &decision.signal.channel, &decision.signal.by);
        let same = decision.words.telling().next().and_then(|word| by_word.get(&own(word)));
        let mut same = same.into_iter().flatten().rev().take(COMPARED);
        let again = again || same.any(|same: &Words| same.are_announced_by(&decision.words));
        if !again && decision.is_due(ground) {
            let record = decision.record(ground, &pages);
            if !matches!(record, Record::Found) {
                found.push(unrecorded(ground, &decision, &pages, &record));
            }
        }
        for word in decision.words.telling() {
            by_word.entry(own(word)).or_default().push(decision.words.clone());
        }
    }
    found
}

/// How many earlier decisions of one person about the same thing are looked at.
const COMPARED: usize = 20;

/// By which names people go.
fn called(ground: &Ground<'_>) -> BTreeSet<String> {
    let names = ground.facts.people.iter().flat_map(|person| person.full_name.split_whitespace());
    names.map(str::to_lowercase).collect()
}

fn unrecorded(
    ground: &Ground<'_>,
    decision: &Decision<'_>,
    pages: &Pages<'_>,
    record: &Record<'_>,
) -> Finding {
    let pages = &pages.pages;
    let (facts, signal) = (ground.facts, decision.signal);
    let linked: Vec<&Issue> = decision.linked.iter().filter_map(|key| facts.issues.get(*key)).collect();
    let age = facts.now.duration_since(decision.at());
    let of_initiative = linked.iter().any(|issue| ground.is_initiative(issue));
    let severity = if of_initiative || age >= LONG { Severity::Medium } else { Severity::Low };
    // A record that could not be read may be there; so may one in a reply, where it names a ticket.
    let blind = facts.blind.confluence
        || (facts.blind.jira && !decision.linked.is_empty())
        || linked.len() < decision.linked.len()
        || linked.iter().any(|issue| issue.history_unread)
        || ground.talk.unread_after(&signal.channel, signal.root, signal.ts);
    let nowhere = pages.is_empty() && linked.is_empty();
    let missing = matches!(record, Record::None);
    let firm = signal.certainty_percent >= CLEAR && !blind && !nowhere && missing;
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };

    let mut why = Prose::text("decided by ").person(facts.people.name(&signal.by));
    if let Some(channel) = facts.channels.get(&signal.channel) {
        why = why.say(" in ").channel(&channel.name);
    }
    why = ground
        .day(why.say(" on "), ground.day_of(decision.at()))
        .say(format!(", {}", ground.ago(decision.at())));
    // Nobody is told that something is not there which may well be.
    why = match record {
        Record::Line(page, line) => {
            let why = why.say("; the page ").page(&page.title, &page.url).say(" says ");
            why.quote(shorten(&defang(line), QUOTE)).say(", which may be it")
        }
        Record::Comment(issue) => why.say("; what people wrote in ").issue(issue).say(" since may be it"),
        Record::Found | Record::None => nowhere_said(ground, why, pages.len(), &linked),
    };
    let log = pages.iter().find(|page| page.log).map(|page| page.page);
    let step = if missing { ": write it into " } else { ": if it is not, write it into " };
    let action = Prose::new().person(facts.people.name(&signal.by)).say(step);
    let action = match (log, linked.first()) {
        (Some(page), _) => action.page(&page.title, &page.url),
        (None, Some(issue)) => action.issue(issue),
        (None, None) => action.say("a decision log, and name the issue that it is about"),
    };

    let mut finding =
        ground.about_message(signal, Rule::UnrecordedDecision, (severity, confidence), (why, action));
    finding.evidence.extend(log.map(cite::page));
    finding.evidence.extend(linked.into_iter().map(|issue| ground.jira_evidence(issue)));
    finding
}

/// Where it was looked for in vain.
fn nowhere_said(ground: &Ground<'_>, why: Prose, pages: usize, linked: &[&Issue]) -> Prose {
    let read = if ground.facts.blind.confluence { " that could be read" } else { "" };
    let mut why = why.say(match pages {
        0 => "; the program has no tracking page".to_owned(),
        1 => format!("; the tracking page{read} does not have it"),
        number => format!(
            "; none of the {}{read} has it",
            count(i64::try_from(number).unwrap_or(i64::MAX), "tracking page")
        ),
    });
    for (number, issue) in linked.iter().enumerate() {
        why = why.say(if number == 0 { ", nor does Jira say so in " } else { ", " }).issue(issue);
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue};

    const LOGGED: [&str; 2] = ["Date", "Decision"];
    const DUAL: &str = "Decision: we keep dual power in SLO1 through January";

    fn found(world: &World) -> Vec<Finding> {
        world.find(Rule::UnrecordedDecision)
    }

    /// A log whose second version came so many hours ago with this row.
    fn logged(row: &str, hours: i64) -> World {
        let old: &[&str] = &["2026-10-01", "Dual power in SLO1 through October"];
        World::new().versions(&LOGGED, &[(&[old, &["2026-11-14", row]], hours), (&[old], 24 * 40)])
    }

    fn decided_in(mut world: World, text: &str, hours: i64) -> World {
        world.says("sam", text, hours);
        world
    }

    #[test]
    fn fires_48_hours_after_a_decision_that_nobody_wrote_down() {
        for (hours, fires) in [(47, false), (48, true), (24 * 13, true), (24 * 15, false)] {
            let world = decided_in(logged("Waves by service", 24 * 20), DUAL, hours);
            assert_eq!(found(&world).len(), usize::from(fires), "{hours} hours ago");
        }
        let finding = &found(&decided_in(logged("Waves by service", 24 * 20), DUAL, 72))[0];
        assert_eq!((finding.severity, finding.confidence), (Severity::Low, Confidence::Firm));
        assert!(finding.subject.starts_with("https://acme.slack.com/archives/"));
        assert_eq!(
            World::told(&finding.why),
            "decided by Sam in dct-program on Sun 2026-11-15, 3 days ago; the tracking page does not have it"
        );
        assert_eq!(World::told(&finding.action), "Sam: write it into “Status”");
        assert_eq!(finding.evidence.len(), 2);
    }

    #[test]
    fn a_row_that_says_the_same_in_other_words_records_it() {
        for (row, written, recorded) in [
            ("Keep dual power through January", 60, true),
            ("SLO1 keeps its dual power until the end of January", 60, true),
            ("Keep dual power through January", 90, true),
            ("Keep dual power through January", 24 * 20, false),
            ("Waves by service, not by team", 60, false),
            ("Dual power stays until the end of January", 60, true),
            ("Power cords are ordered in January", 60, false),
        ] {
            let world = decided_in(logged(row, written), DUAL, 72);
            assert_eq!(found(&world).is_empty(), recorded, "{row} {written}");
        }
    }

    #[test]
    fn the_very_words_record_it_whenever_they_were_written() {
        let row = "We keep dual power in SLO1 through January";
        let world = decided_in(logged(row, 24 * 20), DUAL, 72);
        assert!(found(&world).is_empty());
        let other = decided_in(logged("We keep dual power in SLO1 through March", 24 * 20), DUAL, 72);
        assert_eq!(found(&other)[0].confidence, Confidence::Firm);
    }

    #[test]
    fn what_may_record_it_leaves_doubt_and_is_shown() {
        let world = decided_in(logged("SLO1: second feed stays", 60), DUAL, 72);
        let finding = &found(&world)[0];
        assert_eq!(finding.confidence, Confidence::Tentative);
        assert_eq!(
            World::told(&finding.why),
            "decided by Sam in dct-program on Sun 2026-11-15, 3 days ago; the page “Status” says \
             “2026-11-14 | SLO1: second feed stays”, which may be it"
        );
        assert_eq!(World::told(&finding.action), "Sam: if it is not, write it into “Status”");
    }

    #[test]
    fn a_reminder_of_a_decision_is_not_another() {
        let mut world = decided_in(logged("Other things", 24 * 20), DUAL, 96);
        world.says(
            "sam",
            "Reminder: we decided to keep dual power in SLO1 through January, please plan for it",
            72,
        );
        assert_eq!(found(&world).len(), 1);
    }

    #[test]
    fn a_link_to_where_it_was_said_records_it() {
        let mut world = logged("Power", 60);
        let ts = world.says("sam", DUAL, 72);
        let link = format!("https://acme.slack.com/archives/C0DCT/p{}?thread_ts=1", ts.digits());
        assert_eq!(found(&world).len(), 1);
        world.link(&link);
        assert!(found(&world).is_empty());
    }

    #[test]
    fn a_linked_issue_may_record_it() {
        let text = "DCT-75 decision: the rollback point is the last write in SLO1";
        let with =
            |issue: Issue| found(&decided_in(logged("Other things", 24 * 20).with(issue), text, 72)).len();
        let ticket = || issue("DCT-75").titled("Rollback point for the order database");
        assert_eq!(with(ticket()), 1);
        assert_eq!(with(ticket().says("marco", "Decided: rollback point is the last write in SLO1", 70)), 0);
        assert_eq!(with(ticket().says("marco", "so we roll back to the last write in SLO1", 70)), 0);
        assert_eq!(with(ticket().says("marco", "who owns the rollback point of the order database?", 70)), 1);
        assert_eq!(with(ticket().says("marco", "Decided: rollback point is the last write", 24 * 6)), 1);
        let moved = "we agreed to move DCT-75 to 30 Nov";
        let with = |issue: Issue| found(&decided_in(logged("Other", 24 * 20).with(issue), moved, 72)).len();
        assert_eq!((with(ticket().moved(2, 12, 70)), with(ticket().moved(2, 9, 70))), (0, 1));
    }

    #[test]
    fn a_ticket_named_in_its_thread_is_linked() {
        let mut world = logged("Other things", 24 * 20).with(issue("DCT-75").says(
            "marco",
            "Agreed: dual power through January",
            60,
        ));
        let root = world.says("sam", DUAL, 72);
        assert_eq!(found(&world).len(), 1);
        world.replies(root, "marco", "noted in DCT-75", 60);
        assert!(found(&world).is_empty());
    }

    #[test]
    fn once_for_each_decision_and_not_for_what_is_withdrawn() {
        let mut world = logged("Other things", 24 * 20);
        let root = world.says("sam", DUAL, 72);
        world.replies(root, "lena", "So we decided: dual power through January. Good.", 70);
        world.says("marco", DUAL, 60);
        assert_eq!(found(&world).len(), 1);
        world.replies(root, "sam", "Scratch that, finance says no", 50);
        assert_eq!(found(&world).len(), 1, "marco's announcement still stands");
        let mut bot = logged("Other things", 24 * 20);
        bot.bot_says(DUAL, 72);
        assert!(found(&bot).is_empty());
    }

    #[test]
    fn half_sight_and_weak_words_leave_doubt() {
        let confidence = |world: &World| found(world)[0].confidence;
        let mut blind = decided_in(logged("Other", 24 * 20), DUAL, 72);
        blind.blind.confluence = true;
        assert_eq!(confidence(&blind), Confidence::Tentative);
        let why = World::told(&found(&blind)[0].why);
        assert!(why.ends_with("; the tracking page that could be read does not have it"), "{why}");
        let mut unseen = decided_in(World::new(), DUAL, 72);
        unseen.blind.confluence = true;
        assert!(found(&unseen).is_empty(), "that no page could be read does not mean that there is none");
        let weak = decided_in(logged("Other", 24 * 20), "legal signed off on the landlord contract", 72);
        assert_eq!(confidence(&weak), Confidence::Tentative);
        let nowhere = decided_in(World::new(), DUAL, 72);
        assert_eq!(confidence(&nowhere), Confidence::Tentative);
        let mut unread = logged("Other", 24 * 20);
        let root = unread.says("sam", DUAL, 72);
        unread.replies(root, "marco", "hm", 60);
        unread.messages.pop();
        assert_eq!(confidence(&unread), Confidence::Tentative);
    }
}
