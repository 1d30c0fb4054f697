//! What became of questions: which are answered, and by what.

use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use super::openness::{DONE, reacted};
use super::sentence::{Sentence, sentences};
use super::{FIRM, Language, pattern};
use crate::domain::{ChannelId, Message, MessageTs, Signal, SignalKind, UserId};
use crate::insight::quick::QuickMap;
use crate::insight::talk::{Talk, person};
use crate::insight::{Facts, cite};

/// Reactions that say "yes".
const YES: [&str; 2] = ["+1", "thumbsup"];

/// Closes the questions that something later has settled, and adds the answers.
pub(super) fn find(
    facts: &Facts,
    talk: &Talk<'_>,
    mentions: &Mentions<'_>,
    language: &Language,
    signals: &mut Vec<Signal>,
) {
    let mut answers = Vec::new();
    for question in signals.iter_mut().filter(|signal| signal.kind == SignalKind::Question) {
        question.open = match settled(facts, talk, mentions, language, question) {
            Some(Settled::By(reply)) => {
                answers.extend(answer(facts, reply, question));
                false
            }
            Some(Settled::Otherwise) => false,
            Some(Settled::PutOff) => {
                // Some count it as an answer, so nobody is told off for it.
                question.certainty_percent = question.certainty_percent.min(FIRM - 1);
                true
            }
            None => true,
        };
    }
    signals.extend(answers);
}

/// A reply, as the answer to a question.
fn answer(facts: &Facts, reply: &Message, question: &Signal) -> Option<Signal> {
    Some(Signal {
        kind: SignalKind::Answer,
        ts: reply.ts,
        by: person(facts, reply)?.clone(),
        asked: vec![question.by.clone()],
        open: false,
        evidence: cite::message(reply, facts),
        ..question.clone()
    })
}

/// Who mentioned whom, where and when.
#[derive(Debug, Default)]
pub(super) struct Mentions<'a>(QuickMap<(&'a ChannelId, &'a UserId), Vec<(UserId, MessageTs)>>);

impl<'a> Mentions<'a> {
    /// Takes note of whom a message mentions.
    pub(super) fn add(&mut self, message: &'a Message, by: &'a UserId, said: &[Sentence]) {
        let mut named = said.iter().flat_map(Sentence::mentions).peekable();
        if named.peek().is_some() {
            let own = self.0.entry((&message.channel, by)).or_default();
            own.extend(named.map(|named| (named, message.ts)));
        }
    }

    /// Whether somebody mentioned another in a channel after some time.
    fn after(&self, channel: &ChannelId, by: &UserId, named: &UserId, ts: MessageTs) -> bool {
        let own = self.0.get(&(channel, by)).into_iter().flatten();
        own.rev().take_while(|(_, at)| *at > ts).any(|(other, _)| other == named)
    }
}

/// How soon somebody who answers in the channel does.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(1);

/// How a question came to rest.
enum Settled<'a> {
    /// Somebody replied.
    By(&'a Message),
    /// It was nodded at, taken back, or spoken of elsewhere in the channel.
    Otherwise,
    /// Somebody said "let me look" and nothing since, or spoke next and may have answered.
    PutOff,
}

fn settled<'a>(
    facts: &Facts,
    talk: &Talk<'a>,
    mentions: &Mentions<'_>,
    language: &Language,
    question: &Signal,
) -> Option<Settled<'a>> {
    let thread = talk.thread(&question.channel, question.root);
    let later = || thread.iter().skip_while(|message| message.ts <= question.ts);
    let by_another = |message: &&&Message| person(facts, message).is_some_and(|by| *by != question.by);
    let mut put_off = false;
    for reply in later().filter(by_another) {
        if !puts_off(language, reply) {
            return Some(Settled::By(reply));
        }
        put_off = true;
    }
    let withdrawn = later()
        .any(|message| person(facts, message) == Some(&question.by) && WITHDRAWN.is_match(&message.text));
    let nodded = talk.get(&(question.channel.clone(), question.ts)).is_some_and(|message| {
        question.asked.iter().any(|asked| {
            reacted(facts, message, &YES, Some(asked)) || reacted(facts, message, &DONE, Some(asked))
        })
    });
    let came_back = || {
        let mut asked = question.asked.iter();
        asked.any(|asked| mentions.after(&question.channel, asked, &question.by, question.ts))
    };
    // Whoever is asked in the channel may answer there, as the next who speaks.
    let next = || {
        let mut after = talk.soon_after(&question.channel, question.ts, AT_ONCE);
        let next = after.find_map(|message| person(facts, message).filter(|by| **by != question.by));
        question.root == question.ts && next.is_some_and(|by| question.asked.contains(by))
    };
    match withdrawn || nodded || came_back() {
        true => Some(Settled::Otherwise),
        false => (put_off || next()).then_some(Settled::PutOff),
    }
}

/// Whether a reply says nothing but that its author will see: "good question, let me check".
fn puts_off(language: &Language, reply: &Message) -> bool {
    let said = sentences(&reply.text);
    let puts_off =
        |sentence: &Sentence| !language.fits("put-off", &language.tag(&sentence.tokens)).is_empty();
    said.iter().all(|sentence| sentence.tokens.len() <= 2 || puts_off(sentence)) && said.iter().any(puts_off)
}

static WITHDRAWN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:never ?mind|nvm|found it|got it now|scratch that)\b"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::Insight;
    use crate::insight::world::{World, user};

    fn open(world: &World, kind: SignalKind) -> usize {
        Insight::of(&world.facts()).signals.iter().filter(|s| s.kind == kind && s.open).count()
    }

    #[test]
    fn a_question_that_was_put_off_is_open_and_in_doubt() {
        for (reply, certainty) in [
            ("let me check with the night shift", Some(59)),
            ("good question, will look", Some(59)),
            ("checking :eyes:", Some(59)),
            ("let me check: yes, 42", None),
            ("will do it on Friday", None),
            ("no idea, ask Sam", None),
        ] {
            let mut world = World::new().people(&["priya", "marco"]);
            let root = world.says("priya", &format!("<@{}> when is the cutover?", user("marco")), 72);
            world.replies(root, "marco", reply, 70);
            let signals = Insight::of(&world.facts()).signals;
            let open = signals.iter().find(|signal| signal.kind == SignalKind::Question && signal.open);
            assert_eq!(open.map(|signal| signal.certainty_percent), certainty, "{reply}");
        }
    }

    #[test]
    fn whoever_speaks_next_may_have_answered() {
        let certainty = |who: &str, minutes: i64| {
            let mut world = World::new().people(&["priya", "marco"]);
            let ts = world.says("priya", &format!("<@{}> 20 or 30 seconds?", user("marco")), 72);
            world.says(who, "30", 72);
            let next = world.messages.last_mut().unwrap();
            next.ts = MessageTs::at(ts.timestamp() + SignedDuration::from_mins(minutes));
            let signals = Insight::of(&world.facts()).signals;
            let open = signals.iter().find(|signal| signal.kind == SignalKind::Question && signal.open);
            open.map(|signal| signal.certainty_percent)
        };
        assert_eq!(certainty("marco", 20), Some(FIRM - 1));
        assert_eq!((certainty("sam", 20), certainty("marco", 90)), (Some(90), Some(90)));
    }

    #[test]
    fn questions_and_their_answers() {
        let ask = || {
            let mut world = World::new().people(&["priya", "marco", "sam"]);
            let ts = world.says("priya", &format!("<@{}> may we move to 5 Dec?", user("marco")), 72);
            (world, ts)
        };
        let (world, _) = ask();
        assert_eq!(open(&world, SignalKind::Question), 1);
        let (mut world, ts) = ask();
        world.replies(ts, "sam", "yes", 70);
        assert_eq!(open(&world, SignalKind::Question), 0);
        let signals = Insight::of(&world.facts()).signals;
        let answer = signals.iter().find(|signal| signal.kind == SignalKind::Answer).unwrap();
        assert_eq!((&answer.by, &answer.asked), (&user("sam"), &vec![user("priya")]));
        assert_eq!(answer.evidence.excerpt, "yes");
        let (mut world, ts) = ask();
        world.replies(ts, "priya", "ping", 70);
        world.bot_replies(ts, "noted", 70);
        world.reacts(ts, "sam", "+1");
        world.says("marco", "lunch?", 60);
        assert_eq!(open(&world, SignalKind::Question), 1);
        let (mut world, ts) = ask();
        world.reacts(ts, "marco", "+1");
        assert_eq!(open(&world, SignalKind::Question), 0);
        let (mut world, _) = ask();
        world.says("marco", &format!("<@{}> yes, go", user("priya")), 60);
        assert_eq!(open(&world, SignalKind::Question), 0);
    }
}
