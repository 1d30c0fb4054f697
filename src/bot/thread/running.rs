//! The work itself: the desk answers while it is shown who is working, and the answer is kept before it is said.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use super::admission::Admitted;
use super::life::Kept;
use super::{Case, Halt, progress};
use crate::bot::desk::{Answer, Ask, Place, Progress};
use crate::store::{DigestRecord, audience_key};

impl Case<'_> {
    /// Has the desk work, and shows meanwhile who is working: once it is known that they are answered, which
    /// ends the work if they are not.
    pub(super) async fn run(&mut self, admitted: bool) -> Result<Result<Answer, Admitted>, Halt> {
        let (progress, board) = Progress::new();
        let done = tokio_util::sync::CancellationToken::new();
        let (answering, over) = (self.work(progress), done.clone());
        let work = async move {
            let _over = over.drop_guard();
            answering.await
        };
        let shown = async {
            if !admitted {
                let mut admitting = std::pin::pin!(self.admitting());
                let soon = tokio::time::timeout(progress::FIRST_WORD, &mut admitting).await;
                let admitted = match soon {
                    Ok(admitted) => admitted,
                    // Looking somebody up waits for its turn, too. Who was a full member a while ago is told that
                    // it was begun, which says nothing.
                    Err(_) => {
                        self.greet().await;
                        admitting.await
                    }
                };
                match admitted {
                    Ok(Admitted::Yes) => {}
                    Ok(refused) => return Err(Ok(refused)),
                    Err(halt) => {
                        // It was not the run that failed.
                        self.life.runs = self.life.runs.saturating_sub(1);
                        return Err(Err(halt));
                    }
                }
            }
            self.follow(board, done).await;
            Ok(())
        };
        match tokio::try_join!(work.map(Ok), shown) {
            Ok((answer, ())) => Ok(Ok(answer)),
            Err(Ok(refused)) => Ok(Err(refused)),
            Err(Err(halt)) => Err(halt),
        }
    }

    /// Has the desk work. A panic in there is a failed run.
    pub(super) fn work(&self, progress: Progress) -> impl Future<Output = Answer> + use<> {
        let ask = Ask {
            run_id: self.life.run_id.clone(),
            text: self.received.text.clone(),
            user: self.received.user.clone(),
            place: self.received.place.clone(),
        };
        let (desk, limit) = (self.threads.desk.clone(), self.threads.run_limit);
        async move {
            let answer = AssertUnwindSafe(desk.answer(ask, &progress)).catch_unwind();
            match tokio::time::timeout(limit, answer).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => Answer::Failed("the run panicked".to_owned()),
                Err(_) => Answer::Failed("the run took too long".to_owned()),
            }
        }
    }

    /// Keeps what a digest rests on, for questions about it. A digest of which that cannot be kept is posted all
    /// the same: questions about it will be read as new requests.
    pub(super) async fn remember(&self, answer: &Answer) {
        let Answer::Digest { digest, .. } = answer else { return };
        if let Err(error) = self.threads.store.keep_told(&self.received.user, digest).await {
            tracing::warn!(run_id = %self.life.run_id, %error, "what a digest rests on could not be kept");
        }
    }

    /// What is said of a run that failed: the truth about what it has written, too.
    pub(super) async fn failed(&self) -> String {
        self.threads.desk.failed(&self.received.text, &self.life.run_id).await
    }

    pub(super) async fn keep(&self, answer: Answer) -> Kept {
        let outcome = match &answer {
            Answer::Digest { .. } => "digest",
            Answer::Reply(_) => "reply",
            Answer::Failed(_) | Answer::Unkept(_) => "failed",
        };
        metrics::counter!("caughtup_runs_total", "outcome" => outcome).increment(1);
        match answer {
            Answer::Digest { main, parts, digest } => {
                for gap in &digest.gaps {
                    let source = gap.source.map_or("agent", |source| source.as_str());
                    metrics::counter!("caughtup_gaps_total", "source" => source).increment(1);
                }
                let audience = match &self.received.place {
                    Place::Schedule { channel, due } => due.schedule.readers(channel),
                    _ => audience_key(&digest.request.audience),
                };
                let record = Box::new(DigestRecord::of(&digest));
                Kept::Digest { main, parts, audience, record }
            }
            Answer::Reply(text) => Kept::Reply(text),
            Answer::Failed(why) | Answer::Unkept(why) => {
                tracing::error!(run_id = %self.life.run_id, why, "a run failed");
                Kept::Reply(self.failed().await)
            }
        }
    }
}
