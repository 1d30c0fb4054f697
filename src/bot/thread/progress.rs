//! The message that shows who is working and who is done, until the answer takes its place.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::second_look::LOOKS_AFTER_SILENCE;
use super::{Case, Halt};
use crate::bot::desk::SlackPost;
use crate::bot::posting::{Part, Posting, Trouble};
use crate::team_lead::{Board, words};

/// Slack asks for no more than one change a second.
const PACE: Duration = Duration::from_secs(1);
/// How long a change waits for its turn under Slack's limits: what was never sent need not be looked for.
const TURN: Duration = Duration::from_millis(500);
/// The same of the first word, which somebody waits for.
const FIRST_TURN: Duration = Duration::from_secs(3);
/// Whatever takes less needs no first word: the answer is one.
pub(super) const FIRST_WORD: Duration = Duration::from_millis(1200);
/// Changes that are left to answers, which take the place of progress: who works is not shown any more when fewer are
/// free. Nor is it shown at all when fewer still are: an answer that has nothing to replace is posted at once.
pub(super) const FOR_ANSWERS: usize = 24;
const FOR_ANSWERS_UNDER_WAY: usize = 16;
/// After so many failures the thread is left alone until there is an answer.
const FAILURES: u32 = 3;

impl Case<'_> {
    /// Shows the board's changes until the work is done. Never fails: the answer matters, not the waiting.
    pub(super) async fn follow(&mut self, mut board: watch::Receiver<Board>, done: CancellationToken) {
        let mut failures = 0;
        while failures < FAILURES {
            // Whoever has heard nothing yet hears at once that it was begun, whatever the agents wait for.
            let unheard = self.life.step.main.is_none();
            tokio::select! {
                () = done.cancelled() => return,
                changed = board.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(FIRST_WORD), if unheard => {}
            }
            let kept_back = if unheard { FOR_ANSWERS_UNDER_WAY } else { FOR_ANSWERS };
            if self.threads.posting.free_changes() < kept_back {
                tokio::select! {
                    () = done.cancelled() => return,
                    () = tokio::time::sleep(PACE) => board.mark_changed(),
                }
                continue;
            }
            let posting = self.threads.posting.in_passing(if unheard { FIRST_TURN } else { TURN });
            let text = words::working(&board.borrow_and_update().clone());
            // The answer waits for a change that is under way: given up, it might still be made, beside the answer or
            // in its place.
            match self.show_progress(&posting, text).await {
                Ok(()) => {}
                Err(Halt::Store(error)) => {
                    if !error.is_told() {
                        tracing::warn!(%error, "progress could not be saved");
                    }
                    self.look = true;
                    return;
                }
                // It was never sent: its turn comes.
                Err(Halt::Slack(Trouble::Later(..))) if unheard => {}
                Err(_) => failures += 1,
            }
            tokio::select! {
                () = done.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
        }
    }

    /// Says that it was begun to whoever has heard nothing yet.
    pub(super) async fn greet(&mut self) {
        if self.life.step.main.is_some() || self.threads.posting.free_changes() < FOR_ANSWERS_UNDER_WAY {
            return;
        }
        let posting = self.threads.posting.in_passing(FIRST_TURN);
        if let Err(Halt::Slack(trouble)) = self.show_progress(&posting, words::working(&Board::new())).await {
            tracing::debug!(run_id = %self.life.run_id, %trouble, "a first word could not be said yet");
        }
    }

    /// Posts the progress message, or changes it, with this voice.
    pub(super) async fn show_progress(&mut self, posting: &Posting, text: String) -> Result<(), Halt> {
        let metadata = json!({ "event_type": "caughtup_progress" });
        let post = SlackPost { text, blocks: Value::Null, plainer: None, metadata };
        let main = self.main_message().await?;
        let spot = self.spot().await?;
        let part = Part { run: &self.life.run_id, number: 0 };
        if let Some(ts) = main {
            let updated = posting.update(&spot, ts, part, &post).await;
            if matches!(updated, Err(Trouble::Silent(_))) {
                // It may be made after the answer, and in its place.
                self.life.looks = LOOKS_AFTER_SILENCE;
            }
            return Ok(updated?);
        }
        self.say_again();
        let part = Part { run: &self.life.run_id, number: 0 };
        match posting.post(&spot, part, &post).await {
            Ok(ts) => {
                self.life.step.main = Some(ts);
                self.save().await
            }
            Err(trouble) => Err(self.doubt(trouble).into()),
        }
    }
}
