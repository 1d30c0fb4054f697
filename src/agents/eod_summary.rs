//! What happened today, or this week: decided, shipped, opened, still open, waiting on whom, and what
//! comes first tomorrow.
//!
//! The day is the reader's, not the time since their last digest: whoever looked at four still wants the
//! whole day at six. What was decided and what shipped stand in the digest itself; the section has the
//! rest.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::initiatives::of_program;
use super::listing::{count, list};
use super::{Agent, Brief, Scope, news, reading};
use crate::domain::{
    AgentName, Audience, Evidence, Issue, Line, Prose, Report, Section, Signal, SignalKind, SummaryLine,
    Tier, Topic, Window, WindowOrigin, day_begins, is_workday, workday_after, workday_before,
};
use crate::insight::{Blind, Facts, Insight, cite, display_name, slack_id, waits};

/// How many lines each list has: the evening is short.
const SHOWN: usize = 8;

/// Reads what the program check reads, and tells of one day or week.
pub struct EodSummary;

impl Agent for EodSummary {
    fn name(&self) -> AgentName {
        AgentName::EodSummary
    }

    fn scope(&self) -> Scope {
        Scope::PerProgram
    }

    fn describes(&self) -> &'static str {
        "sums up the day or week: decided, shipped, opened, still open, waiting on whom, what comes first tomorrow"
    }

    fn tier(&self) -> Option<Tier> {
        Some(Tier::Writing)
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let Some(program) = &brief.program else {
                anyhow::bail!("no program was given to {}", self.name())
            };
            let period = Period::of(brief);
            let mut read = reading::program(brief, self.name(), program).await;
            read.facts.window = period.window;
            // In a channel nothing is "yours".
            read.facts.reader =
                read.facts.reader.filter(|_| matches!(brief.request.audience, Audience::Reader(_)));
            let (facts, insight) = reading::insight(brief, self.name(), read.facts).await?;
            let mut summary = news::decided(&facts, &insight);
            summary.extend(news::shipped(&facts, |_| true));
            let sections = vec![section(&facts, &insight, &period, &summary, brief)];
            Ok(Report { summary, sections, gaps: read.gaps, ..Report::default() })
        })
    }
}

/// The time that is summed up.
struct Period {
    window: Window,
    /// "today", "this week".
    called: String,
}

impl Period {
    /// What was asked for, else the week at its end, else today. On a day off, the last working day is
    /// part of it; on a Monday, the week that ends is the one before.
    fn of(brief: &Brief) -> Self {
        let asked = brief.request.window;
        if asked.origin == WindowOrigin::Asked {
            let day = crate::sources::day(asked.since, &brief.zone);
            return Self { window: asked, called: format!("since {}", day.strftime("%a %-d %b")) };
        }
        let today = crate::sources::day(brief.request.at, &brief.zone);
        let (first, called) = match brief.request.asked.name.split(" + ").any(|name| name == "end-of-week") {
            true => (monday_of_ending_week(today), "this week".to_owned()),
            false if is_workday(today) => (today, "today".to_owned()),
            false => {
                let last = workday_before(today);
                (last, format!("since {}", last.strftime("%A")))
            }
        };
        let since = day_begins(first, &brief.zone);
        let called = match called.as_str() {
            "this week" => format!("since Monday {}", first.strftime("%-d %b")),
            _ => called,
        };
        let window = Window { since, until: brief.request.at, origin: WindowOrigin::Asked };
        Self { window, called }
    }
}

fn monday_of_ending_week(today: Date) -> Date {
    let back = match today.weekday() {
        Weekday::Monday => 7,
        other => other.to_monday_zero_offset(),
    };
    today.checked_sub(i32::from(back).days()).unwrap_or(today)
}

fn section(
    facts: &Facts,
    insight: &Insight,
    period: &Period,
    summary: &[SummaryLine],
    brief: &Brief,
) -> Section {
    let (opened, blockers) = (opened(facts), blockers(facts, insight));
    let (waiting, first) = (waiting(facts, insight), first_thing(facts));
    let mut counts = Vec::new();
    for (number, word) in [(opened.len(), "opened"), (blockers.len(), "still open")] {
        if number > 0 {
            counts.push(format!("{number} {word}"));
        }
    }
    match waiting.len() {
        0 => {}
        1 => counts.push("others wait for 1 person".to_owned()),
        people => counts.push(format!("others wait for {people} people")),
    }
    let told = |topic: Topic| summary.iter().filter(move |line| line.topic == topic);
    // What shipped is one line, with an evidence for each issue.
    let shipped = told(Topic::Shipped).map(|line| line.line.evidence.len()).sum::<usize>();
    let news = [(told(Topic::Decided).count(), "decided"), (shipped, "shipped")];
    let mut came_to: Vec<String> = news
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    came_to.extend(counts.iter().cloned());
    let fact = match came_to.is_empty() {
        // Quiet is not said of what could not be read.
        true if facts.blind != Blind::default() => {
            format!("{}: nothing was decided, shipped or opened in what could be read.", period.called)
        }
        true => format!("{}: nothing was decided, shipped or opened, and no blocker is open.", period.called),
        false => format!("{}: {}.", period.called, came_to.join(", ")),
    };
    let fact = of_program(&fact, facts, brief);
    let mut blocks = Vec::new();
    list(&mut blocks, "Opened", opened, SHOWN);
    list(&mut blocks, "Still open", blockers, SHOWN);
    list(&mut blocks, "Waiting on", waiting, SHOWN);
    let tomorrow = workday_after(crate::sources::day(facts.now, &facts.zone));
    list(&mut blocks, &format!("First thing on {}", tomorrow.strftime("%A")), first, SHOWN);
    let mut title = format!("{} · {}", facts.program.name, period.called);
    if !counts.is_empty() {
        title.push_str(&format!(" · {}", counts.join(", ")));
    }
    Section { agent: AgentName::EodSummary, program: Some(facts.program.key.clone()), title, fact, blocks }
}

/// Issues that were raised in the period, newest first.
fn opened(facts: &Facts) -> Vec<Line> {
    let mut new: Vec<&Issue> =
        facts.issues.values().filter(|issue| facts.window.contains(issue.created)).collect();
    new.sort_by_key(|issue| std::cmp::Reverse(issue.created));
    let line = |issue: &&Issue| {
        let mut text = Prose::new().issue(issue);
        if let Some(user) = &issue.reporter {
            text = text.say(" (").person(display_name(&facts.people, user)).say(")");
        }
        Line { text, evidence: vec![cite::issue(issue, facts)] }
    };
    new.iter().map(line).collect()
}

/// What stands in the way: blockers that nobody has taken back, and what Jira calls blocked beside them.
fn blockers(facts: &Facts, insight: &Insight) -> Vec<Line> {
    let open = insight
        .signals
        .iter()
        .rev()
        .filter(|signal| signal.kind == SignalKind::Blocker && signal.open && signal.is_firm());
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut lines = Vec::new();
    for signal in open {
        let issue = signal.about.first().and_then(|key| facts.issues.get(key));
        // Several people say the same of one issue: the last one speaks for all.
        if !told.insert(issue.map_or(signal.evidence.url.as_str(), |issue| issue.key.as_str())) {
            continue;
        }
        let mut text = match issue {
            Some(issue) => Prose::new().issue(issue).say(": "),
            None => Prose::new(),
        };
        text = text.quote(signal.evidence.excerpt.clone()).say(" (").person(signal.evidence.author.clone());
        text = text.say(", ").when(signal.evidence.at).say(")");
        lines.push(Line { text, evidence: vec![signal.evidence.clone()] });
    }
    let blocked = facts.issues.values().filter(|issue| issue.is_blocked() && !issue.is_done());
    lines.extend(blocked.filter(|issue| !told.contains(issue.key.as_str())).map(|issue| {
        let text = owner(Prose::new().issue(issue).say(": Jira calls it blocked ("), issue, facts).say(")");
        Line { text, evidence: vec![cite::issue(issue, facts)] }
    }));
    lines
}

fn owner(text: Prose, issue: &Issue, facts: &Facts) -> Prose {
    match &issue.assignee {
        Some(user) => text.person(display_name(&facts.people, user)),
        None => text.say("nobody assigned"),
    }
}

/// Whom others wait for: questions that were put to them, late work that other work waits for.
fn waiting(facts: &Facts, insight: &Insight) -> Vec<Line> {
    let mut by_person: BTreeMap<String, Vec<(Prose, Vec<Evidence>)>> = BTreeMap::new();
    let from = facts.now.checked_sub(back(facts)).unwrap_or(facts.now);
    let questions = insight
        .signals
        .iter()
        .filter(|signal| signal.kind == SignalKind::Question && signal.open && signal.evidence.at >= from);
    for signal in questions {
        for id in &signal.asked {
            let thing = (question(signal), vec![signal.evidence.clone()]);
            by_person.entry(facts.people.name(id)).or_default().push(thing);
        }
    }
    let today = crate::sources::day(facts.now, &facts.zone);
    for (waiting, others) in waits(&facts.issues) {
        let Some(issue) = facts.issues.get(waiting).filter(|issue| !issue.is_done()) else { continue };
        for other in others.iter().filter_map(|key| facts.issues.get(*key)) {
            let late = !other.is_done() && other.deadline().is_some_and(|day| day < today);
            let Some(user) = other.assignee.as_ref().filter(|_| late) else { continue };
            let text = Prose::new().issue(issue).say(" waits for ").issue(other);
            let evidence = vec![cite::issue(other, facts), cite::issue(issue, facts)];
            by_person.entry(display_name(&facts.people, user)).or_default().push((text, evidence));
        }
    }
    let line = |(name, things): (String, Vec<(Prose, Vec<Evidence>)>)| {
        let mut text = Prose::new().person(name).say(": ");
        let mut all = Vec::new();
        for (index, (thing, evidence)) in things.into_iter().enumerate() {
            text = if index > 0 { text.say("; ") } else { text }.join(thing);
            all.extend(evidence);
        }
        Line { text, evidence: all }
    };
    by_person.into_iter().map(line).collect()
}

fn back(facts: &Facts) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(24 * i64::from(facts.thresholds.lookback_days))
}

fn question(signal: &Signal) -> Prose {
    let text = Prose::new().quote(signal.evidence.excerpt.clone()).say(" (");
    text.person(signal.evidence.author.clone()).say(", ").when(signal.evidence.at).say(")")
}

/// What is due by the next working day, the reader's own first, then what is late, the latest last.
fn first_thing(facts: &Facts) -> Vec<Line> {
    let today = crate::sources::day(facts.now, &facts.zone);
    let tomorrow = workday_after(today);
    let covered = |issue: &&Issue| {
        facts.initiatives.contains(&issue.key)
            || facts.in_sprint.contains(&issue.key)
            || issue.parent.is_some()
    };
    let own = |issue: &Issue| {
        let account = issue.assignee.as_ref();
        facts.reader.is_some()
            && account.and_then(|user| slack_id(&facts.people, user)) == facts.reader.as_ref()
    };
    let mut due: Vec<(Date, &Issue)> = facts
        .issues
        .values()
        .filter(|issue| !issue.is_done())
        .filter(covered)
        .filter_map(|issue| Some((issue.deadline().filter(|day| *day <= tomorrow)?, issue)))
        .collect();
    due.sort_by_key(|(day, issue)| (!own(issue), *day < today, std::cmp::Reverse(*day)));
    let line = |(day, issue): &(Date, &Issue)| {
        let late = (today - *day).get_days();
        let text = Prose::new().issue(issue);
        let text = match late {
            0 => text.say(" was due today ("),
            1.. => text.say(format!(" is {} late (", count(usize::try_from(late).unwrap_or(0), "day"))),
            _ => text.say(" is due ").day(*day).say(" ("),
        };
        let text = if own(issue) { text.say("yours") } else { owner(text, issue, facts) };
        Line { text: text.say(")"), evidence: vec![cite::issue(issue, facts)] }
    };
    due.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_week_that_ends() {
        for (today, monday) in [
            (date(2026, 11, 20), date(2026, 11, 16)),
            (date(2026, 11, 22), date(2026, 11, 16)),
            (date(2026, 11, 23), date(2026, 11, 16)),
            (date(2026, 11, 24), date(2026, 11, 23)),
        ] {
            assert_eq!(monday_of_ending_week(today), monday, "{today}");
        }
    }
}
