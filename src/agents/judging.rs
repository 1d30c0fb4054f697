//! The cheap half of the cascade: what the grammar is not certain of goes to the writing model, all of it at once.
//!
//! A judgement counts only with the words of the message that show it, and code looks whether they are there.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::domain::{AgentName, SignalKind, Tier};
use crate::insight::{Doubt, SignalId, Verdict, Verdicts};
use crate::llm::verify::quotes;
use crate::llm::{Asking, Field, Fields, Id, Job, LlmError, Quoted};

/// How long a digest waits for judgements: what stays uncertain is shown as such.
const PATIENCE: Duration = Duration::from_secs(8);
/// With less time than this left, nobody is asked.
const TOO_LATE: Duration = Duration::from_secs(2);
/// How much of a message is shown, in characters.
const SHOWN: usize = 400;

/// Judges for one run: agents that read the same channels ask for each message once.
pub struct Judge {
    asking: Asking,
    deadline: Instant,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    asked: HashSet<SignalId>,
    verdicts: Verdicts,
    /// The first failure: whoever asks after it would only wait for the next.
    failed: Option<LlmError>,
    dropped: u64,
}

/// What became of a run's judging.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Why it was not, or not wholly, done.
    pub failed: Option<LlmError>,
    /// Verdicts whose words were not in their message.
    pub dropped: u64,
    /// Verdicts that count.
    pub kept: u64,
}

impl Judge {
    /// For one run, whose agents have until `deadline`.
    pub fn new(asking: Asking, deadline: Instant) -> Self {
        Self { asking, deadline, known: Mutex::default() }
    }

    /// What was judged of these, now or before. Whatever fails, the rest stays as uncertain as it was.
    pub async fn judge(&self, agent: AgentName, declared: Option<Tier>, doubts: Vec<Doubt>) -> Verdicts {
        if doubts.is_empty() || self.asking.tier(agent, declared).is_none() {
            return Verdicts::new();
        }
        let wanted: Vec<SignalId> = doubts.iter().map(|doubt| doubt.id.clone()).collect();
        // Held while asking: whoever wants the same messages waits for the same answer.
        let mut known = self.known.lock().await;
        let new: Vec<Doubt> = doubts.into_iter().filter(|doubt| !known.asked.contains(&doubt.id)).collect();
        if !new.is_empty() && known.failed.is_none() {
            self.ask(agent, &new, &mut known).await;
            known.asked.extend(new.into_iter().map(|doubt| doubt.id));
        }
        let verdict = |id: SignalId| known.verdicts.get(&id).copied().map(|verdict| (id, verdict));
        wanted.into_iter().filter_map(verdict).collect()
    }

    /// What became of it, for the run's record.
    pub async fn judged(&self) -> Judged {
        let known = self.known.lock().await;
        let kept = u64::try_from(known.verdicts.len()).unwrap_or(u64::MAX);
        Judged { failed: known.failed.clone(), dropped: known.dropped, kept }
    }

    async fn ask(&self, agent: AgentName, doubts: &[Doubt], known: &mut Known) {
        let now = Instant::now();
        let deadline = self.deadline.min(now + PATIENCE);
        if deadline < now + TOO_LATE {
            known.failed = Some(LlmError::TimedOut);
            return;
        }
        match self.asking.ask(Job::JudgeSignals, Tier::Writing, agent, &data(doubts), deadline).await {
            Ok(answer) => match serde_json::from_value::<Answer>(answer) {
                Ok(answer) => {
                    let (verdicts, dropped) = believe(answer, doubts);
                    tracing::info!(
                        asked = doubts.len(),
                        kept = verdicts.len(),
                        dropped,
                        "uncertain messages were judged"
                    );
                    known.verdicts.extend(verdicts);
                    known.dropped += dropped;
                }
                Err(error) => known.failed = Some(LlmError::Garbled(error.to_string())),
            },
            Err(error) => known.failed = Some(error),
        }
        if let Some(error) = &known.failed {
            tracing::warn!("uncertain messages were not judged: {error}");
        }
    }
}

fn data(doubts: &[Doubt]) -> Fields {
    let message = |(number, doubt): (usize, &Doubt)| {
        vec![
            ("id", Field::Id(Id::new('m', number))),
            ("kind", Field::Word(asserted(doubt.id.2))),
            ("text", Field::Quoted(Quoted::of(&doubt.text, SHOWN))),
        ]
    };
    vec![("messages", Field::List((1..).zip(doubts).map(message).collect()))]
}

/// As the prompt calls it.
fn asserted(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Blocker => "open blocker",
        SignalKind::Unblocked => "unblocked",
        SignalKind::Decision => "decision",
        SignalKind::Question => "question",
        SignalKind::Answer => "answer",
        SignalKind::Completion => "completion",
        SignalKind::Slip => "slip",
        SignalKind::Escalation => "escalation",
    }
}

#[derive(Debug, Deserialize)]
struct Answer {
    verdicts: Vec<Given>,
}

#[derive(Debug, Deserialize)]
struct Given {
    id: String,
    answer: String,
    words: String,
}

/// The verdicts that count, and how many do not: of messages that were not asked about, given twice with
/// different answers, or shown by words that their message does not have.
fn believe(answer: Answer, doubts: &[Doubt]) -> (Verdicts, u64) {
    let by_id: HashMap<String, &Doubt> =
        (1..).zip(doubts).map(|(number, doubt)| (Id::new('m', number).to_string(), doubt)).collect();
    let mut verdicts = Verdicts::new();
    let mut contested = HashSet::new();
    let mut dropped = 0;
    for given in answer.verdicts {
        let verdict = match given.answer.as_str() {
            "yes" => Verdict::Yes,
            "no" => Verdict::No,
            _ => continue,
        };
        let shown = by_id.get(&given.id).filter(|doubt| quotes(&given.words, &doubt.text));
        let Some(doubt) = shown else {
            dropped += 1;
            continue;
        };
        if verdicts.insert(doubt.id.clone(), verdict).is_some_and(|before| before != verdict) {
            contested.insert(doubt.id.clone());
        }
    }
    for id in contested {
        verdicts.remove(&id);
        dropped += 2;
    }
    (verdicts, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(ts: &str, text: &str) -> Doubt {
        let id = ("C0123456789".parse().unwrap(), ts.parse().unwrap(), SignalKind::Blocker);
        Doubt { id, text: text.to_owned() }
    }

    fn given(id: &str, answer: &str, words: &str) -> Given {
        Given { id: id.to_owned(), answer: answer.to_owned(), words: words.to_owned() }
    }

    #[test]
    fn a_verdict_counts_with_the_words_that_show_it() {
        let doubts = [
            doubt("1763366400.000100", "I think we are blocked on the badge readers"),
            doubt("1763366500.000100", "maybe stuck"),
        ];
        let verdicts = vec![
            given("m1", "yes", "we are blocked"),
            given("m2", "no", "the vendor delivered"),
            given("m3", "yes", "we are blocked"),
            given("m2", "unsure", ""),
            given("m2", "certainly", "maybe stuck"),
        ];
        let (kept, dropped) = believe(Answer { verdicts }, &doubts);
        assert_eq!(kept, Verdicts::from([(doubts[0].id.clone(), Verdict::Yes)]));
        assert_eq!(dropped, 2);
    }

    #[test]
    fn two_answers_are_none() {
        let doubts = [doubt("1763366400.000100", "I think we are blocked")];
        let verdicts = vec![given("m1", "yes", "we are blocked"), given("m1", "no", "I think we")];
        let (kept, dropped) = believe(Answer { verdicts }, &doubts);
        assert_eq!((kept.len(), dropped), (0, 2));
    }
}
