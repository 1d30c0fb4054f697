//! A program in detail: the reply in the digest's thread. Nothing in here is said in the digest.

use std::collections::{BTreeMap, BTreeSet};

use crate::agents::history::{author, deadline_move, finished_in, moves_in};
use crate::agents::listing::{LINES, list};
use crate::domain::{
    AgentName, ChannelId, Issue, Line, Message, Prose, Section, Signal, SignalKind, TrackedPage,
};
use crate::insight::{Facts, Insight, Rows, cite};

/// Below this certainty a blocker was judged to be none.
const DOUBTED: u8 = 40;

/// The section.
pub fn section(facts: &Facts, insight: &Insight, target: &str) -> Section {
    let flagged: BTreeSet<&str> = insight.findings.iter().map(|finding| finding.subject.as_str()).collect();
    let mut blocks = Vec::new();
    list(&mut blocks, "Open blockers", blockers(facts, insight, &flagged), LINES);
    list(&mut blocks, "Coming up", coming_up(facts, &flagged), LINES);
    list(&mut blocks, "Moved in Jira", moved(facts, target), LINES);
    list(&mut blocks, "Changed in Confluence", pages(facts), LINES);
    list(&mut blocks, "Talked about", channels(facts), LINES);
    Section {
        agent: AgentName::ProgramMonitor,
        program: Some(facts.program.key.clone()),
        title: format!("{} in detail", facts.program.name),
        // What there is to do is counted by the digest itself.
        fact: String::new(),
        blocks,
    }
}

/// Blockers that are open and not said by a finding, newest first; behind them what may be one, while it is news.
fn blockers(facts: &Facts, insight: &Insight, flagged: &BTreeSet<&str>) -> Vec<Line> {
    let open = insight.signals.iter().rev().filter(|signal| {
        signal.kind == SignalKind::Blocker
            && signal.open
            && !signal.about.iter().any(|key| flagged.contains(key.as_str()))
            && !flagged.contains(signal.evidence.url.as_str())
            && (signal.is_firm() || signal.evidence.at >= facts.window.since)
    });
    let mut open: Vec<_> = open.collect();
    // What somebody judged to be none stays in sight, behind the others.
    open.sort_by_key(|signal| (!signal.is_firm(), signal.certainty_percent < DOUBTED));
    let line = |signal: &Signal| {
        let mut text = Prose::new();
        if !signal.is_firm() {
            text = text.say("worth a look · ");
        }
        text = text.quote(signal.evidence.excerpt.clone()).say(" (").person(signal.evidence.author.clone());
        text = text.say(", ").when(signal.evidence.at).say(")");
        if let Some(issue) = signal.about.first().and_then(|key| facts.issues.get(key)) {
            text = text.say(" on ").issue(issue);
        }
        Line { text, evidence: vec![signal.evidence.clone()] }
    };
    open.into_iter().map(line).collect()
}

/// Initiatives with a near date that no finding speaks of.
fn coming_up(facts: &Facts, flagged: &BTreeSet<&str>) -> Vec<Line> {
    let today = facts.now.to_zoned(facts.zone.clone()).date();
    let horizon = i32::try_from(facts.thresholds.due_soon_days).unwrap_or(14);
    let mut near: Vec<(&Issue, jiff::civil::Date)> = facts
        .initiatives
        .iter()
        .filter_map(|key| facts.issues.get(key))
        .filter(|issue| !issue.is_done() && !flagged.contains(issue.key.as_str()))
        .filter_map(|issue| Some((issue, issue.deadline()?)))
        .filter(|(_, day)| (0..=horizon).contains(&(*day - today).get_days()))
        .collect();
    near.sort_by_key(|(issue, day)| (*day, issue.key.clone()));
    let line = |(issue, day): &(&Issue, jiff::civil::Date)| {
        let children: Vec<&Issue> =
            facts.issues.values().filter(|child| child.parent.as_ref() == Some(&issue.key)).collect();
        let done = children.iter().filter(|child| child.is_done()).count();
        let mut text =
            Prose::new().issue(issue).say(" is due ").day(*day).say(format!(", {}", issue.status.name));
        if !children.is_empty() {
            text = text.say(format!(", {done} of {} below it done", children.len()));
        }
        Line { text, evidence: vec![cite::issue(issue, facts)] }
    };
    near.iter().map(line).collect()
}

/// What people moved in Jira in the window and the digest does not say: not what was finished, not dates.
fn moved(facts: &Facts, target: &str) -> Vec<Line> {
    let mut moved: Vec<(jiff::Timestamp, Line)> = Vec::new();
    for issue in facts.issues.values() {
        if finished_in(issue, &facts.window).is_some()
            || deadline_move(issue, target, &facts.window).is_some()
        {
            continue;
        }
        let steps = moves_in(issue, &facts.window);
        let people: Vec<_> = steps.iter().filter(|c| c.by.as_ref().is_some_and(|user| user.human)).collect();
        let (Some(first), Some(last)) = (people.first(), people.last()) else { continue };
        let from = first.from.clone().unwrap_or_default();
        let to = last.to.clone().unwrap_or_default();
        if from == to {
            continue;
        }
        let text = Prose::new().issue(issue).say(format!(": {from} → {to} (")).person(author(last)).say(")");
        moved.push((last.at, Line { text, evidence: vec![cite::issue(issue, facts)] }));
    }
    moved.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    moved.into_iter().map(|(_, line)| line).collect()
}

/// Pages whose rows changed in the window.
fn pages(facts: &Facts) -> Vec<Line> {
    let rows = Rows::of(facts.pages.iter().collect(), &facts.issues);
    let line = |page: &TrackedPage| {
        if !facts.window.contains(page.current.at) {
            return None;
        }
        let changed = rows.changed_on(page, |at| facts.window.contains(at));
        let by = page.current.by.clone().unwrap_or_else(|| "somebody".to_owned());
        let mut text =
            Prose::new().link(page.title.clone(), page.url.clone()).say(" changed ").when(page.current.at);
        text = text.say(" (").person(by).say(")");
        if !changed.is_empty() {
            let keys: Vec<&str> = changed.iter().take(6).map(|key| key.as_str()).collect();
            text = text.say(format!(": rows of {}", keys.join(", ")));
        }
        Some(Line { text, evidence: vec![cite::page(page)] })
    };
    facts.pages.iter().filter_map(line).collect()
}

/// The channels with the most to say in the window, each with its longest thread.
fn channels(facts: &Facts) -> Vec<Line> {
    let mut by_channel: BTreeMap<&ChannelId, Vec<&Message>> = BTreeMap::new();
    for message in facts.messages.iter().filter(|message| facts.window.contains(message.ts.timestamp())) {
        by_channel.entry(&message.channel).or_default().push(message);
    }
    let mut busy: Vec<(&ChannelId, Vec<&Message>)> = by_channel.into_iter().collect();
    busy.sort_by_key(|(id, messages)| (std::cmp::Reverse(messages.len()), (*id).clone()));
    busy.iter().filter_map(|(id, messages)| channel_line(facts, id, messages)).collect()
}

fn channel_line(facts: &Facts, id: &ChannelId, messages: &[&Message]) -> Option<Line> {
    let channel = facts.channels.get(id)?;
    let people: BTreeSet<_> = messages.iter().filter_map(|message| message.author.person()).collect();
    if people.is_empty() {
        return None;
    }
    let mut threads: BTreeMap<_, usize> = BTreeMap::new();
    for message in messages {
        *threads.entry(message.root()).or_default() += 1;
    }
    let (root, replies) = threads.into_iter().max_by_key(|(root, count)| (*count, *root))?;
    let longest =
        facts.messages.iter().map(AsRef::as_ref).find(|m: &&Message| m.channel == *id && m.ts == root);
    let plural = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut text = Prose::new().channel(channel.name.clone()).say(format!(
        ": {} by {}",
        plural(messages.len(), "message", "messages"),
        plural(people.len(), "person", "people")
    ));
    let shown = longest.or_else(|| messages.last().copied())?;
    if replies > 2 {
        text = text
            .say(", longest thread ")
            .quote(cite::excerpt(shown, facts))
            .say(format!(" ({replies} messages)"));
    }
    Some(Line { text, evidence: vec![cite::message(shown, facts)] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::World;

    #[test]
    fn what_is_doubtful_is_marked_and_stands_behind_what_is_not_while_it_is_news() {
        let mut world = World::new().people(&["priya", "marco"]);
        world.says("marco", "still waiting for the vendor in row 5", 100);
        world.says("priya", "we're blocked on the VLAN in hall 2", 100);
        world.says("marco", "still waiting for the vendor in row 4", 2);
        let facts = world.facts();
        let insight = Insight { findings: Vec::new(), ..Insight::of(&facts) };
        let told: Vec<_> =
            blockers(&facts, &insight, &BTreeSet::new()).iter().map(|line| World::told(&line.text)).collect();
        let [firm, doubtful] = told.as_slice() else { panic!("{told:?}") };
        assert!(firm.contains("hall 2"), "{firm}");
        assert!(doubtful.starts_with("worth a look · “still waiting for the vendor in row 4"), "{doubtful}");
    }
}
