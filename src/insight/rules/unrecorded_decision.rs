//! `unrecorded-decision`: a decision was taken in Slack and, 48 h later, no tracking page or linked issue records it.
//!
//! A record says the same in words of its own, or links to where it was said. On a page it is a line that was
//! not there before; in a linked issue, a person's comment or change. What stood there already is no record:
//! "dual power through December" does not record "dual power through January". Talk about the subject is none
//! either: outside a decision log, most of the decision's own words must be there.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use crate::domain::{
    Confidence, Finding, Issue, IssueKey, Message, PageSnapshot, Prose, Rule, Severity, Signal, SignalKind,
    TrackedPage,
};
use crate::insight::cite;
use crate::insight::days::dates;
use crate::insight::ground::{Ground, count};
use crate::insight::signals::FIRM;
use crate::insight::tracking::pattern;
use crate::insight::words::in_order;

/// The contract's patience.
const PATIENCE: SignedDuration = SignedDuration::from_hours(48);
/// What was decided in a meeting may be written down before it is announced.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// Below this certainty the words may mean something else: an approval, a plan for lunch.
const CLEAR: u8 = 75;
/// Two decisions of so many same words are one that was announced twice.
const ANNOUNCED: usize = 4;
/// After so long, nobody will write it down by themselves.
const LONG: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A text's words that say something.
#[derive(Debug, Default)]
struct Words {
    all: BTreeSet<String>,
    /// As they come.
    row: Vec<String>,
}

impl Words {
    fn of(text: &str) -> Self {
        let row: Vec<String> = in_order(&ISO.replace_all(text, " ")).collect();
        Self { all: row.iter().cloned().collect(), row }
    }

    fn without(&self, others: &Self) -> Self {
        Self { all: self.all.difference(&others.all).cloned().collect(), row: self.row.clone() }
    }

    /// Which of them stand side by side.
    fn pairs(&self) -> BTreeSet<(&String, &String)> {
        self.row
            .iter()
            .zip(self.row.iter().skip(1))
            .map(|(one, other)| (one.min(other), one.max(other)))
            .collect()
    }

    /// Whether a text says what these words of a decision do: in a decision log a few of them say it, as long
    /// as they are not strewn about; elsewhere it takes most.
    fn are_said_by(&self, text: &Self, log: bool) -> bool {
        let shared = shared(&self.all, &text.all);
        let least = self.all.len().min(text.all.len());
        let side_by_side = || self.pairs().intersection(&text.pairs()).next().is_some();
        let together = || shared >= 3 || self.all.len() == 1 || side_by_side();
        match log {
            true => shared > 0 && shared * 3 > least && together(),
            false => (shared >= 3 && shared * 2 >= least) || (shared >= 2 && shared == self.all.len()),
        }
    }
}

fn shared(words: &BTreeSet<String>, others: &BTreeSet<String>) -> usize {
    words.intersection(others).count()
}

fn are_much_alike(words: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    shared(words, others) * 2 >= words.len().min(others.len())
}

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
    let pages: Vec<Page<'_>> = ground.pages.iter().copied().map(Page::of).collect();
    let mut in_thread: HashMap<_, Vec<BTreeSet<String>>> = HashMap::new();
    let mut announced: HashSet<String> = HashSet::new();
    let mut found = Vec::new();
    for decision in taken.filter_map(|signal| Decision::of(ground, signal)) {
        // Said again, in its thread or word for word in another channel, it is the same decision.
        let before = in_thread.entry((&decision.signal.channel, decision.signal.root)).or_default();
        let words = &decision.words.all;
        let mut announce =
            || announced.insert(words.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
        let again = before.iter().any(|before| are_much_alike(before, words))
            || (words.len() >= ANNOUNCED && !announce());
        if !again && decision.is_due(ground) && !decision.is_recorded(ground, &pages) {
            found.push(unrecorded(ground, &decision, &pages));
        }
        before.push(decision.words.all);
    }
    found
}

/// A decision, and by what one would know its record.
struct Decision<'a> {
    signal: &'a Signal,
    words: Words,
    text: String,
    /// The issues that its thread names.
    linked: BTreeSet<&'a IssueKey>,
    /// How addresses of its thread end.
    addresses: Vec<String>,
}

impl<'a> Decision<'a> {
    fn of(ground: &Ground<'a>, signal: &'a Signal) -> Option<Self> {
        let thread = ground.talk.thread(&signal.channel, signal.root);
        let mut text = ground.decided(signal)?.to_owned();
        let mut words = Words::of(&text);
        if words.all.len() < 2
            && let Some(root) = thread.first()
        {
            // "Agreed, let's go with that": what was decided stands where it was asked.
            text = root.text.clone();
            words = Words::of(&text);
        }
        let linked = thread.iter().flat_map(|message| ground.linking.about(message)).collect();
        let address = |ts: crate::domain::MessageTs| format!("/archives/{}/p{}", signal.channel, ts.digits());
        let addresses = vec![address(signal.ts), address(signal.root)];
        let decision = Self { signal, words, text, linked, addresses };
        (!decision.words.all.is_empty() && !decision.is_withdrawn(ground, thread)).then_some(decision)
    }

    /// Whether somebody takes it back in its thread, or who announced it does in the channel.
    fn is_withdrawn(&self, ground: &Ground<'_>, thread: &[&Message]) -> bool {
        let signal = self.signal;
        let own = ground.talk.soon_after_by((&signal.channel, &signal.by), signal.ts, PATIENCE);
        let later = thread.iter().copied().filter(|message| message.ts > self.signal.ts);
        later.chain(own).any(|message| WITHDRAWN.is_match(&message.text))
    }

    fn at(&self) -> Timestamp {
        self.signal.ts.timestamp()
    }

    /// Anything from then on may be its record.
    fn since(&self) -> Timestamp {
        self.at().checked_sub(AHEAD).unwrap_or(Timestamp::MIN)
    }

    fn is_due(&self, ground: &Ground<'_>) -> bool {
        ground.facts.now.duration_since(self.at()) >= PATIENCE
    }

    fn is_recorded(&self, ground: &Ground<'_>, pages: &[Page<'_>]) -> bool {
        let issues = self.linked.iter().filter_map(|key| ground.facts.issues.get(*key));
        pages.iter().any(|page| self.is_on(page)) || issues.into_iter().any(|issue| self.is_in(issue))
    }

    fn is_on(&self, page: &Page<'_>) -> bool {
        let links = &page.page.current.links;
        if links.iter().any(|link| self.is_address(link)) {
            return true;
        }
        let before = page.lines_before(self.since());
        page.lines.iter().filter(|line| !before.contains(line.text.as_str())).any(|line| {
            let names = line.log && self.linked.iter().any(|key| line.text.contains(key.as_str()));
            let shares = shared(&self.words.all, &line.words.all) > 0;
            (names && shares) || self.is_address(&line.text) || self.words.are_said_by(&line.words, line.log)
        })
    }

    fn is_in(&self, issue: &Issue) -> bool {
        let people_since = |at: Timestamp, human: bool| human && at >= self.since();
        let title = LazyCell::new(|| Words::of(&issue.summary));
        // What every text about the issue shares with every other is its title.
        let own = LazyCell::new(|| self.words.without(&title));
        let told = |text: &str| {
            let words = Words::of(text);
            let decides = DECIDES.is_match(text);
            self.is_address(text)
                || if decides { self.words.are_said_by(&words, true) } else { own.are_said_by(&words, false) }
        };
        let comments = issue.comments.iter().any(|comment| {
            people_since(comment.at, comment.by.as_ref().is_some_and(|by| by.human)) && told(&comment.text)
        });
        let changes = || {
            issue
                .changes
                .iter()
                .filter(|change| people_since(change.at, change.by.as_ref().is_some_and(|by| by.human)))
        };
        let near = self.at().to_zoned(jiff::tz::TimeZone::UTC).date();
        let days = LazyCell::new(|| dates(&self.text, near));
        let moved = || {
            let to = |change: &crate::domain::FieldChange| change.to_id.as_deref()?.get(..10)?.parse().ok();
            changes().filter_map(to).any(|day| days.contains(&day))
        };
        let born = || issue.created >= self.since() && self.words.are_said_by(&title, false);
        comments || changes().filter_map(|change| change.to.as_deref()).any(told) || moved() || born()
    }

    fn is_address(&self, text: &str) -> bool {
        self.addresses.iter().any(|address| text.contains(address))
    }
}

/// A tracking page's lines, read once.
struct Page<'a> {
    page: &'a TrackedPage,
    /// Whether decisions are kept there.
    log: bool,
    lines: Vec<Line>,
}

struct Line {
    text: String,
    words: Words,
    log: bool,
}

impl<'a> Page<'a> {
    fn of(page: &'a TrackedPage) -> Self {
        let lines: Vec<Line> = lines(&page.current, LOG.is_match(&page.title))
            .map(|(text, log)| Line { words: Words::of(&text), text, log })
            .collect();
        Self { page, log: lines.iter().any(|line| line.log) || LOG.is_match(&page.title), lines }
    }

    /// What it said at an instant, as far back as it was read.
    fn lines_before(&self, at: Timestamp) -> HashSet<String> {
        let mut versions = std::iter::once(&self.page.current).chain(&self.page.earlier);
        let then = versions.find(|version| version.at <= at);
        then.into_iter().flat_map(|version| lines(version, false)).map(|(text, _)| text).collect()
    }
}

/// A version's rows and paragraphs, and whether each is of a decision log.
fn lines(version: &PageSnapshot, log: bool) -> impl Iterator<Item = (String, bool)> {
    let rows = version.tables.iter().flat_map(move |table| {
        let heading = table.heading.as_deref().unwrap_or_default();
        let log = log || LOG.is_match(heading) || table.columns.iter().any(|column| LOG.is_match(column));
        table.rows.iter().map(move |row| (row.cells.join(" | "), log))
    });
    rows.chain(version.text.lines().map(move |line| (line.to_owned(), log)))
}

fn unrecorded(ground: &Ground<'_>, decision: &Decision<'_>, pages: &[Page<'_>]) -> Finding {
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
    let firm = signal.certainty_percent >= CLEAR && !blind && !nowhere;
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };

    let mut why = Prose::text("decided by ").person(facts.people.name(&signal.by));
    if let Some(channel) = facts.channels.get(&signal.channel) {
        why = why.say(" in ").channel(&channel.name);
    }
    why = ground
        .day(why.say(" on "), ground.day_of(decision.at()))
        .say(format!(", {}", ground.ago(decision.at())));
    let read = if facts.blind.confluence { " that could be read" } else { "" };
    why = why.say(match pages.len() {
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
    let log = pages.iter().find(|page| page.log).map(|page| page.page);
    let action = Prose::new().person(facts.people.name(&signal.by)).say(": write it into ");
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

static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b20\d\d-\d\d-\d\d\b"));
static LOG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:decisions?|decided|adrs?|entscheidung\w*|beschl[uü]ss\w*|decision|decisión|decisiones|décisions?|decisão|decisões)\b",
    )
});
static DECIDES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:decisions?|decided|agreed|approved|final call|entschieden|beschlossen|entscheidung|decidi\w*|décid\w*|decisión|decisão)\b",
    )
});
static WITHDRAWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:scratch that|scrap that|never ?mind|nvm|forget (?:it|that))\b|\b(?:changed (?:our|my|their) minds?|",
        r"(?:reverse|reverted|reversed|withdr[ae]wn?|overturned|taking back) (?:that|this|the) decision|not (?:yet )?decided|decision is off|",
        r"undecided|veto(?:ed)?|overruled|overturned|back to square one|back to the drawing board|re-?open(?:ed|ing)? (?:that|this|the) (?:decision|question|discussion|choice|topic)|undo that|off the table)\b"
    ))
});

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
            ("Dual power stays until February", 60, true),
            ("Power cords are ordered in January", 60, false),
        ] {
            let world = decided_in(logged(row, written), DUAL, 72);
            assert_eq!(found(&world).is_empty(), recorded, "{row} {written}");
        }
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
