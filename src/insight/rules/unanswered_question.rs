//! `unanswered-question`: somebody was asked by name and nobody has answered for 24 hours of weekdays.

use jiff::SignedDuration;

use crate::domain::{Confidence, Finding, Prose, Rule, Severity, Signal, SignalKind};
use crate::insight::ground::{Ground, count};
use crate::insight::signals::FIRM;
use crate::insight::weekdays::{waiting_time, weekday_time};

/// The contract's patience; Saturdays and Sundays do not use it up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// Waiting for longer than this holds somebody up.
const LONG: SignedDuration = SignedDuration::from_hours(5 * 24);

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.standing(SignalKind::Question).filter_map(|question| unanswered(ground, question)).collect()
}

fn unanswered(ground: &Ground<'_>, question: &Signal) -> Option<Finding> {
    let facts = ground.facts;
    let waited = weekday_time(question.ts.timestamp(), facts.now, &facts.zone);
    // Replies that were not read are most likely the answer.
    if waited < PATIENCE || ground.talk.unread_after(&question.channel, question.root, question.ts) {
        return None;
    }
    let asked = question.asked.first()?;
    // Whoever read the question has read all that came after it in its channel, and no other place can answer it.
    let firm = question.certainty_percent >= FIRM;
    let confidence = if firm { Confidence::Firm } else { Confidence::Tentative };
    let readers = facts.reader.as_ref().is_some_and(|reader| question.asked.contains(reader));
    // Two other people's question is theirs to settle, until it has waited for days.
    let severity = if readers || waited >= LONG { Severity::Medium } else { Severity::Low };

    let asker = facts.people.name(&question.by);
    let mut why = Prose::new().person(&asker).say(" asked ").person(facts.people.name(asked));
    if question.asked.len() > 1 {
        let others = i64::try_from(question.asked.len() - 1).unwrap_or(0);
        why = why.say(format!(" and {}", count(others, "other")));
    }
    if let Some(channel) = facts.channels.get(&question.channel) {
        why = why.say(" in ").channel(&channel.name);
    }
    let why = ground.day(why.say(" on "), ground.day_of(question.ts.timestamp()));
    let why = why.say(format!("; no answer for {}", waiting_time(facts, question.ts.timestamp())));
    let action = Prose::new().person(facts.people.name(asked)).say(": answer ").person(asker);
    Some(ground.about_message(question, Rule::UnansweredQuestion, (severity, confidence), (why, action)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, user};

    fn asked(hours_ago: i64) -> World {
        let mut world = World::new();
        world.says("priya", &format!("<@{}> may cutover move to 5 Dec?", user("marco")), hours_ago);
        world
    }

    #[test]
    fn fires_after_a_day_of_silence() {
        assert!(asked(23).find(Rule::UnansweredQuestion).is_empty());
        let found = asked(25).find(Rule::UnansweredQuestion);
        assert_eq!(found.len(), 1);
        assert!(found[0].subject.starts_with("https://acme.slack.com/archives/"));
        assert_eq!(
            World::told(&found[0].why),
            "Priya asked Marco in dct-program on Tue 2026-11-17; no answer for 25 hours"
        );
        assert_eq!(World::told(&found[0].action), "Marco: answer Priya");
    }

    #[test]
    fn weighs_more_for_whom_it_was_put_to() {
        let mut world = asked(25);
        assert_eq!(world.find(Rule::UnansweredQuestion)[0].severity, Severity::Low);
        world.reader = Some(user("marco"));
        assert_eq!(world.find(Rule::UnansweredQuestion)[0].severity, Severity::Medium);
    }

    #[test]
    fn an_answer_that_was_not_read_is_not_silence() {
        let mut world = asked(40);
        world.messages[0].reply_count = 2;
        assert!(world.find(Rule::UnansweredQuestion).is_empty());
        world.messages[0].latest_reply = Some(world.messages[0].ts);
        assert_eq!(world.find(Rule::UnansweredQuestion).len(), 1, "what was not read came before it");
    }
}
