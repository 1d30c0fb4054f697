//! The answer's way into Slack: in the place of the progress message, part by part, each once.

use jiff::SignedDuration;
use serde_json::Value;

use super::life::{Kept, Step};
use super::{Case, Halt};
use crate::bot::desk::{Place, SlackPost};
use crate::bot::posting::{Part, Spot, Trouble};
use crate::domain::{MessageTs, shorten};
use crate::team_lead::words;

/// Slack's limit for the text of an update is near 4,000 characters.
const PLAIN_TEXT: usize = 3_500;
/// Slack's limit for a message's blocks.
const MOST_BLOCKS: usize = 50;
/// How long a command may be answered where it was typed, a minute before Slack's half hour is over; and how often.
const RESPONDING: SignedDuration = SignedDuration::from_mins(29);
const RESPONSES: usize = 4;

impl Case<'_> {
    /// Posts what is kept where it belongs; where that is not possible, in the person's direct messages; where that
    /// is not possible, either, and they typed a command, there, for them alone.
    pub(super) async fn deliver(&mut self) -> Result<(), Halt> {
        loop {
            match self.deliver_there().await {
                Err(Halt::Slack(Trouble::Place(code))) if self.may_move() => {
                    tracing::warn!(run_id = %self.life.run_id, code, "an answer goes to the person's direct messages instead");
                    match self.threads.posting.direct(&self.received.user).await {
                        Ok(spot) => self.move_to(spot, &code).await?,
                        Err(Trouble::Place(code)) => return self.respond(&code).await,
                        Err(trouble) => return Err(trouble.into()),
                    }
                }
                Err(Halt::Slack(Trouble::Place(code))) => return self.respond(&code).await,
                other => return other,
            }
        }
    }

    /// Whether direct messages are another place than the one that does not take it.
    fn may_move(&self) -> bool {
        let there = matches!(self.received.place, Place::Command { .. }) && !self.wants_here();
        !self.life.fell_back && !there
    }

    async fn move_to(&mut self, spot: Spot, code: &str) -> Result<(), Halt> {
        if let (Some(old), Some(ts)) = (&self.life.to, self.life.step.main) {
            // What showed the progress there would show it for ever.
            let _gone_or_not = self.threads.posting.delete(old, ts).await;
        }
        self.life.elsewhere = match &self.received.place {
            Place::Mention { channel, .. } | Place::Command { channel, .. } => {
                Some(words::answered_elsewhere(channel.as_str(), code))
            }
            Place::DirectMessage { .. } | Place::Schedule { .. } => None,
        };
        self.life.to = Some(spot);
        self.life.step = Step::default();
        self.life.fell_back = true;
        self.save().await
    }

    /// Answers a command where it was typed. The address that came with it needs no token, and takes five messages
    /// within half an hour.
    async fn respond(&mut self, code: &str) -> Result<(), Halt> {
        let lost = || Halt::Lost(code.to_owned());
        let Place::Command { response_url, .. } = self.received.place.clone() else { return Err(lost()) };
        if self.threads.clock.now().duration_since(self.job.since) > RESPONDING {
            return Err(lost());
        }
        tracing::warn!(run_id = %self.life.run_id, code, "an answer goes where the command was typed instead");
        let why = words::for_you_alone(code);
        let posts = match self.life.answer.clone() {
            None => return Ok(()),
            Some(Kept::Reply(text)) => vec![reply(text)],
            Some(Kept::Digest { main, parts, .. }) => [vec![main], parts].concat(),
        };
        for (number, post) in posts.into_iter().take(RESPONSES).enumerate() {
            if number < self.life.step.parts {
                continue;
            }
            let post = if number == 0 { explained(&post, &why) } else { post };
            let blocks = post.plainer.as_ref().unwrap_or(&post.blocks);
            match self.threads.posting.respond_with(&response_url, &post.text, blocks).await {
                Ok(()) => {}
                Err(Trouble::Later(wait, why)) => return Err(Trouble::Later(wait, why).into()),
                // Once it may have been said it is not said again, and a reason is better than nothing.
                Err(trouble) if number == 0 && matches!(trouble, Trouble::Content(_) | Trouble::Place(_)) => {
                    let said = self.threads.posting.respond(&response_url, &post.text).await;
                    said.map_err(|_| lost())?;
                }
                Err(_) => return Err(lost()),
            }
            self.life.step.parts = number + 1;
            self.save().await?;
        }
        Ok(())
    }

    /// Tells whoever typed a command, once, that the bot's token is refused: nothing can be posted anywhere.
    pub(super) async fn excuse(&mut self, trouble: &Trouble) {
        let Place::Command { response_url, .. } = &self.received.place else { return };
        let in_time = self.threads.clock.now().duration_since(self.job.since) <= RESPONDING;
        if !matches!(trouble, Trouble::Token(_)) || self.life.excused || !in_time {
            return;
        }
        let why = self.threads.posting.token_refused().unwrap_or_default();
        let told = self.threads.posting.respond(response_url, &words::cannot_post(&why)).await;
        self.life.excused = told.is_ok();
    }

    pub(super) async fn deliver_there(&mut self) -> Result<(), Halt> {
        match self.life.answer.clone() {
            None => Ok(()),
            Some(Kept::Reply(text)) => self.post_main(&reply(text)).await.map(drop),
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
        let post = match &self.life.elsewhere {
            Some(why) => &explained(post, why),
            None => post,
        };
        let ts = match self.main_message().await? {
            Some(ts) => match self.update(ts, post).await {
                Err(Halt::Slack(Trouble::MessageGone(_)) | Halt::Lost(_)) => {
                    let new = self.post(0, post).await?;
                    let spot = self.spot().await?;
                    // It may be there still, and only not be changed any more.
                    let _gone_or_not = self.threads.posting.delete(&spot, ts).await;
                    new
                }
                updated => updated.map(|()| ts)?,
            },
            None => self.post(0, post).await?,
        };
        self.life.step.main = Some(ts);
        self.life.step.answered = true;
        // No detail is said before this is saved: none needs to be looked for, nor looked for again.
        self.look = false;
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
        self.post_at(spot, number, post).await?;
        // They are said in order: none after this one was said before.
        self.look = false;
        Ok(())
    }

    pub(super) async fn post_at(
        &mut self,
        spot: &Spot,
        number: usize,
        post: &SlackPost,
    ) -> Result<MessageTs, Halt> {
        self.say_again();
        let part = Part { run: &self.life.run_id, number };
        let posting = &self.threads.posting;
        match posting.post(spot, part, post).await {
            Err(Trouble::Content(code)) => {
                if let Some(plainer) = plainer(post) {
                    tracing::warn!(run_id = %self.life.run_id, number, code, "a message goes out without its chart");
                    return Box::pin(self.post_at(spot, number, &plainer)).await;
                }
                tracing::error!(run_id = %self.life.run_id, number, code, "a message goes out as plain text instead");
                let posted = posting.post(spot, part, &plain(post)).await;
                posted.map_err(|trouble| lost_if_refused(self.doubt(trouble)))
            }
            other => other.map_err(|trouble| self.doubt(trouble).into()),
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

/// A few sentences as a message.
pub(super) fn reply(text: String) -> SlackPost {
    let metadata = serde_json::json!({ "event_type": "caughtup_reply" });
    SlackPost { text, blocks: Value::Null, plainer: None, metadata }
}

/// The post with a line above it.
fn explained(post: &SlackPost, why: &str) -> SlackPost {
    let above = |blocks: &Value| match blocks.as_array() {
        Some(blocks) if blocks.len() < MOST_BLOCKS => {
            let line = serde_json::json!({ "type": "section", "text": { "type": "mrkdwn", "text": why } });
            let all: Vec<Value> = std::iter::once(line).chain(blocks.iter().cloned()).collect();
            Value::Array(all)
        }
        _ => blocks.clone(),
    };
    SlackPost {
        text: format!("{why}\n{}", post.text),
        blocks: above(&post.blocks),
        plainer: post.plainer.as_ref().map(above),
        metadata: post.metadata.clone(),
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
