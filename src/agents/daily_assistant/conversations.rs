//! What was said to the reader, and in their threads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::needs_you;
use crate::domain::{
    ChannelId, Confidence, Finding, Line, Message, MessageTs, Person, Prose, Rule, Signal, SignalKind,
    SummaryLine, UserId,
};
use crate::insight::{Facts, Insight, cite, waiting_time};

/// How far back an unanswered question is still worth asking about.
const QUESTION_DAYS: i64 = 7;

/// What Slack has for the reader.
#[derive(Debug, Default)]
pub struct News {
    /// What they have to answer.
    pub summary: Vec<SummaryLine>,
    /// Their threads with something new.
    pub threads: Vec<Line>,
}

type ThreadId = (ChannelId, MessageTs);

/// Questions and mentions first, then threads that went on without them.
pub fn news(facts: &Facts, insight: &Insight, reader: &Person) -> News {
    let threads = by_thread(facts);
    let mut news = News::default();
    let mut said: BTreeSet<ThreadId> = BTreeSet::new();
    for signal in questions(facts, insight, reader) {
        let thread = (signal.channel.clone(), signal.root);
        if said.insert(thread.clone()) {
            news.summary.push(question(facts, signal, threads.get(&thread).map_or(&[], Vec::as_slice)));
        }
    }
    for message in mentions(facts, reader, &threads) {
        let thread = (message.channel.clone(), message.root());
        if said.insert(thread) {
            news.summary.push(mention(facts, message));
        }
    }
    for ((channel, root), messages) in &threads {
        if !said.contains(&(channel.clone(), *root)) {
            news.threads.extend(thread_line(facts, messages, &reader.id));
        }
    }
    news
}

/// Whether a finding about a question is about one put to this reader.
pub fn put_to(finding: &Finding, signals: &[Signal], reader: &Person) -> bool {
    signals.iter().any(|signal| {
        signal.kind == SignalKind::Question
            && signal.evidence.url == finding.subject
            && signal.asked.contains(&reader.id)
    })
}

fn by_thread(facts: &Facts) -> BTreeMap<ThreadId, Vec<&Message>> {
    let mut threads: BTreeMap<ThreadId, Vec<&Message>> = BTreeMap::new();
    for message in &facts.messages {
        threads.entry((message.channel.clone(), message.root())).or_default().push(message);
    }
    threads
}

/// Open questions put to the reader by name, oldest first: they have waited longest. One that a firm finding
/// tells needs the reader however old it is.
fn questions<'a>(facts: &Facts, insight: &'a Insight, reader: &Person) -> Vec<&'a Signal> {
    let since = back(facts, QUESTION_DAYS);
    let found: BTreeSet<&str> = insight
        .findings
        .iter()
        .filter(|finding| finding.rule == Rule::UnansweredQuestion && finding.confidence == Confidence::Firm)
        .map(|finding| finding.subject.as_str())
        .collect();
    let open = insight.signals.iter().filter(|signal| {
        signal.kind == SignalKind::Question
            && signal.open
            && signal.by != reader.id
            && signal.asked.contains(&reader.id)
            && (signal.evidence.at >= since || found.contains(signal.evidence.url.as_str()))
    });
    open.collect()
}

fn back(facts: &Facts, days: i64) -> jiff::Timestamp {
    let earlier = facts.now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(facts.now);
    earlier.min(facts.window.since)
}

fn question(facts: &Facts, signal: &Signal, thread: &[&Message]) -> SummaryLine {
    let age = facts.now.duration_since(signal.evidence.at);
    let others: BTreeSet<&UserId> =
        thread.iter().filter_map(|m| m.author.person()).filter(|id| **id != signal.by).collect();
    let mut text = Prose::new().person(signal.evidence.author.clone()).say(" asked you ");
    text = text
        .quote(signal.evidence.excerpt.clone())
        .say(format!("; no answer for {}", waiting_time(facts, signal.evidence.at)));
    if !others.is_empty() {
        let people = if others.len() == 1 { "person".to_owned() } else { "people".to_owned() };
        text = text.say(format!(", {} more {people} in the thread", others.len()));
    }
    text = in_channel(text, facts, &signal.channel);
    let line = Line { text, evidence: vec![signal.evidence.clone()] };
    // The longer it has waited, the more it costs; a question outweighs any issue that is not overdue.
    let hours = i32::try_from(age.as_hours().clamp(0, 500)).unwrap_or(500);
    needs_you(1000 + hours, signal.evidence.url.clone(), line)
}

/// Messages in the window that mention the reader and that they have not reacted to in any way since.
fn mentions<'a>(
    facts: &'a Facts,
    reader: &Person,
    threads: &BTreeMap<ThreadId, Vec<&Message>>,
) -> Vec<&'a Message> {
    let all = facts.messages.iter().map(|message| &**message);
    let new = all.filter(|message| facts.window.contains(message.ts.timestamp()));
    new.filter(|message| message.author.person().is_some_and(|by| *by != reader.id))
        .filter(|message| cite::mentions(message, &reader.id))
        .filter(|message| {
            let reacted = message.reactions.iter().any(|reaction| reaction.users.contains(&reader.id));
            let thread = threads.get(&(message.channel.clone(), message.root()));
            let replied = thread.is_some_and(|thread| {
                thread.iter().any(|later| later.ts > message.ts && later.author.person() == Some(&reader.id))
            });
            !reacted && !replied
        })
        .collect()
}

fn mention(facts: &Facts, message: &Message) -> SummaryLine {
    let evidence = cite::message(message, facts);
    let text =
        Prose::new().person(evidence.author.clone()).say(" mentioned you: ").quote(evidence.excerpt.clone());
    let text = in_channel(text, facts, &message.channel);
    needs_you(100, evidence.url.clone(), Line { text, evidence: vec![evidence] })
}

/// A thread that the reader takes part in, with replies by others in the window after their last one.
fn thread_line(facts: &Facts, messages: &[&Message], reader: &UserId) -> Option<Line> {
    let own = messages.iter().rev().find(|message| message.author.person() == Some(reader))?;
    let fresh: Vec<&&Message> = messages
        .iter()
        .filter(|message| message.ts > own.ts && facts.window.contains(message.ts.timestamp()))
        .filter(|message| message.author.person().is_some_and(|by| by != reader))
        .collect();
    let last = fresh.last()?;
    let evidence = cite::message(last, facts);
    let noun = if fresh.len() == 1 { "reply" } else { "replies" };
    let mut text = Prose::new().say(format!("{} new {noun}", fresh.len()));
    if let Some(root) = messages.first().filter(|first| first.ts != last.ts) {
        text = text.say(" under ").quote(cite::excerpt(root, facts));
    }
    text = text.say("; last, ").person(evidence.author.clone()).say(": ").quote(evidence.excerpt.clone());
    Some(Line { text: in_channel(text, facts, &last.channel), evidence: vec![evidence] })
}

fn in_channel(text: Prose, facts: &Facts, channel: &ChannelId) -> Prose {
    match facts.channels.get(channel) {
        Some(channel) => text.say(" · ").channel(channel.name.clone()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, user};

    #[test]
    fn an_old_question_that_a_firm_finding_tells_needs_whom_it_was_put_to() {
        let mut world = World::new();
        world.says("priya", &format!("<@{}> may cutover move to 5 Dec?", user("marco")), 24 * 9);
        let facts = world.facts();
        let reader = facts.people.get(&user("marco")).unwrap().clone();
        let insight = Insight::of(&facts);
        let found: Vec<_> = insight.findings.iter().map(|found| (found.rule, found.confidence)).collect();
        assert_eq!(found, [(Rule::UnansweredQuestion, Confidence::Firm)]);
        let needs = news(&facts, &insight, &reader).summary;
        assert_eq!(needs.len(), 1);
        // The same measure above and below.
        for told in [&needs[0].line.text, &insight.findings[0].why] {
            assert!(World::told(told).contains("; no answer for 7 weekdays"), "{}", World::told(told));
        }
    }
}
