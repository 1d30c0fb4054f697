//! The message that shows who is working and who is done, until the answer takes its place.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Case, Halt};
use crate::bot::desk::SlackPost;
use crate::bot::posting::{Part, Posting, Trouble};
use crate::team_lead::{Board, words};

/// Slack asks for no more than one change a second.
const PACE: Duration = Duration::from_secs(1);
/// How long the answer waits for a change that is under way.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a change waits for its turn under Slack's limits: what was never sent need not be looked for.
const TURN: Duration = Duration::from_millis(500);
/// Changes that are left to answers, which take the place of progress: who works is not shown any more when fewer are
/// free. Nor is it shown at all when fewer still are: an answer that has nothing to replace is posted at once.
const FOR_ANSWERS: usize = 24;
const FOR_ANSWERS_UNDER_WAY: usize = 16;
/// After so many failures the thread is left alone until there is an answer.
const FAILURES: u32 = 3;

impl Case<'_> {
    /// Shows the board's changes until the work is done. Never fails: the answer matters, not the waiting.
    pub(super) async fn follow(&mut self, mut board: watch::Receiver<Board>, done: CancellationToken) {
        let mut failures = 0;
        let posting = self.threads.posting.in_passing(TURN);
        while failures < FAILURES {
            tokio::select! {
                () = done.cancelled() => return,
                changed = board.changed() => if changed.is_err() { return },
            }
            let text = words::working(&board.borrow_and_update().clone());
            let kept_back = match self.life.step.main {
                Some(_) => FOR_ANSWERS,
                None => FOR_ANSWERS_UNDER_WAY,
            };
            if self.threads.posting.free_changes() < kept_back {
                tokio::select! {
                    () = done.cancelled() => return,
                    () = tokio::time::sleep(PACE) => board.mark_changed(),
                }
                continue;
            }
            let showing = tokio::select! {
                shown = self.show_progress(&posting, text) => Some(shown),
                () = async { done.cancelled().await; tokio::time::sleep(PATIENCE).await } => None,
            };
            match showing {
                Some(Ok(())) => {}
                Some(Err(Halt::Store(error))) => {
                    if !error.is_told() {
                        tracing::warn!(%error, "progress could not be saved");
                    }
                    self.look = true;
                    return;
                }
                Some(Err(_)) => failures += 1,
                // It may have gone out.
                None => self.look = true,
            }
            tokio::select! {
                () = done.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
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
            return Ok(posting.update(&spot, ts, part, &post).await?);
        }
        match posting.post(&spot, part, &post).await {
            Ok(ts) => {
                self.life.step.main = Some(ts);
                self.save().await
            }
            Err(trouble) => {
                if matches!(trouble, Trouble::Unclear(_)) {
                    self.look = true;
                }
                Err(trouble.into())
            }
        }
    }
}
