//! The answer's way into Slack: in the place of the progress message, part by part, each once.

use serde_json::Value;

use super::life::{Kept, Step};
use super::{Case, Halt};
use crate::bot::desk::{Place, SlackPost};
use crate::bot::posting::{Part, Spot, Trouble};
use crate::domain::{MessageTs, shorten};

/// Slack's limit for the text of an update is near 4,000 characters.
const PLAIN_TEXT: usize = 3_500;

impl Case<'_> {
    /// Posts what is kept where it belongs; where that is not possible, in the person's direct messages.
    pub(super) async fn deliver(&mut self) -> Result<(), Halt> {
        loop {
            match self.deliver_there().await {
                Err(Halt::Slack(Trouble::Place(code))) if !self.life.fell_back => {
                    tracing::warn!(run_id = %self.life.run_id, code, "an answer goes to the person's direct messages instead");
                    let direct = self.threads.posting.direct(&self.received.user).await;
                    self.life.to = Some(direct.map_err(lost_if_nowhere)?);
                    self.life.step = Step::default();
                    self.life.fell_back = true;
                    self.save().await?;
                }
                Err(Halt::Slack(Trouble::Place(code))) => return Err(Halt::Lost(code)),
                other => return other,
            }
        }
    }

    pub(super) async fn deliver_there(&mut self) -> Result<(), Halt> {
        match self.life.answer.clone() {
            None => Ok(()),
            Some(Kept::Reply(text)) => {
                let metadata = serde_json::json!({ "event_type": "caughtup_reply" });
                self.post_main(&SlackPost { text, blocks: Value::Null, plainer: None, metadata })
                    .await
                    .map(drop)
            }
            Some(Kept::Digest { main, parts, audience, record }) => {
                let first = self.post_main(&main).await?;
                let to = self.spot().await?;
                let thread = Spot { channel: to.channel, thread: Some(to.thread.unwrap_or(first)) };
                if let Some(root) = thread.thread {
                    self.threads.store.place_told(&self.life.run_id, &thread.channel, root).await?;
                }
                for (number, part) in (1..).zip(&parts) {
                    if number > self.life.step.parts {
                        self.post_part(&thread, number, part).await?;
                        self.life.step.parts = number;
                        self.save().await?;
                    }
                }
                self.threads.store.record_digest(&audience, &record).await?;
                metrics::counter!("caughtup_digests_total").increment(1);
                Ok(())
            }
        }
    }

    /// Puts the answer in the place of the progress message, or posts it where there is none.
    pub(super) async fn post_main(&mut self, post: &SlackPost) -> Result<MessageTs, Halt> {
        if let (true, Some(ts)) = (self.life.step.answered, self.life.step.main) {
            return Ok(ts);
        }
        let ts = match self.main_message().await? {
            Some(ts) => match self.update(ts, post).await {
                Err(Halt::Slack(Trouble::MessageGone(_))) => self.post(0, post).await?,
                updated => updated.map(|()| ts)?,
            },
            None => self.post(0, post).await?,
        };
        self.life.step.main = Some(ts);
        self.life.step.answered = true;
        self.save().await?;
        Ok(ts)
    }

    /// The run's message, if there is one already.
    pub(super) async fn main_message(&mut self) -> Result<Option<MessageTs>, Halt> {
        if self.life.step.main.is_some() || !self.look {
            return Ok(self.life.step.main);
        }
        let spot = self.spot().await?;
        let part = Part { run: &self.life.run_id, number: 0 };
        self.life.step.main = self.threads.posting.find(&spot, part, self.job.since).await?;
        Ok(self.life.step.main)
    }

    pub(super) async fn post(&mut self, number: usize, post: &SlackPost) -> Result<MessageTs, Halt> {
        let spot = self.spot().await?;
        self.post_at(&spot, number, post).await
    }

    async fn post_part(&mut self, spot: &Spot, number: usize, post: &SlackPost) -> Result<(), Halt> {
        if self.look {
            let part = Part { run: &self.life.run_id, number };
            if self.threads.posting.find(spot, part, self.job.since).await?.is_some() {
                return Ok(());
            }
        }
        self.post_at(spot, number, post).await.map(drop)
    }

    pub(super) async fn post_at(
        &self,
        spot: &Spot,
        number: usize,
        post: &SlackPost,
    ) -> Result<MessageTs, Halt> {
        let part = Part { run: &self.life.run_id, number };
        let posting = &self.threads.posting;
        match posting.post(spot, part, post).await {
            Err(Trouble::Content(code)) => {
                if let Some(plainer) = plainer(post) {
                    tracing::warn!(run_id = %self.life.run_id, number, code, "a message goes out without its chart");
                    return Box::pin(self.post_at(spot, number, &plainer)).await;
                }
                tracing::error!(run_id = %self.life.run_id, number, code, "a message goes out as plain text instead");
                posting.post(spot, part, &plain(post)).await.map_err(lost_if_refused)
            }
            other => Ok(other?),
        }
    }

    pub(super) async fn update(&mut self, ts: MessageTs, post: &SlackPost) -> Result<(), Halt> {
        let spot = self.spot().await?;
        let part = Part { run: &self.life.run_id, number: 0 };
        let posting = &self.threads.posting;
        match posting.update(&spot, ts, part, post).await {
            Err(Trouble::Content(code)) => {
                tracing::error!(run_id = %self.life.run_id, code, "the answer goes out as plain text instead");
                posting.update(&spot, ts, part, &plain(post)).await.map_err(lost_if_refused)
            }
            other => Ok(other?),
        }
    }

    /// Where it is said: the thread of what was said to the bot, or the person's direct messages.
    pub(super) async fn spot(&mut self) -> Result<Spot, Halt> {
        if let Some(spot) = &self.life.to {
            return Ok(spot.clone());
        }
        let spot = match &self.received.place {
            Place::DirectMessage { channel, ts, thread } | Place::Mention { channel, ts, thread } => {
                Spot { channel: channel.clone(), thread: Some(thread.unwrap_or(*ts)) }
            }
            Place::Command { .. } => self.threads.posting.direct(&self.received.user).await?,
            Place::Schedule { channel, .. } => Spot { channel: channel.clone(), thread: None },
        };
        self.life.to = Some(spot.clone());
        Ok(spot)
    }
}

/// The post with charts told in letters, if it has one.
fn plainer(post: &SlackPost) -> Option<SlackPost> {
    post.plainer.clone().map(|blocks| SlackPost { blocks, plainer: None, ..post.clone() })
}

fn plain(post: &SlackPost) -> SlackPost {
    // The metadata may be what was refused; the run and the part are added again.
    SlackPost {
        text: shorten(&post.text, PLAIN_TEXT),
        blocks: Value::Null,
        plainer: None,
        metadata: Value::Null,
    }
}

pub(super) fn lost_if_refused(trouble: Trouble) -> Halt {
    match trouble {
        Trouble::Content(code) => Halt::Lost(code),
        other => Halt::Slack(other),
    }
}

pub(super) fn lost_if_nowhere(trouble: Trouble) -> Halt {
    match trouble {
        Trouble::Place(code) => Halt::Lost(code),
        other => Halt::Slack(other),
    }
}
