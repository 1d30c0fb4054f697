//! Buttons: a press becomes a durable job, the job does what the button says and answers.
//!
//! A press has a job of its own, told apart from the next by its time, so that each is answered and a
//! redelivered one is not done again. What a button does is safe to do twice; its answer is looked for before
//! it is posted a second time.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::desk::{Press, Pressed, SlackPost};
use super::posting::{Part, Spot, Trouble};
use super::thread::{Outcome, Threads};
use crate::domain::{ChannelId, MessageTs, RunId, Standing, UserId};
use crate::store::{Job, NewJob, StoreError};
use crate::team_lead::words;

/// The kind of jobs that are presses.
pub const CLICK: &str = "click";

/// An answer that Slack does not take is tried again so often.
const ATTEMPTS: i64 = 8;

/// A button of ours that somebody pressed, as it is kept in its job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Click {
    /// Who.
    pub user: UserId,
    /// In which conversation.
    pub channel: ChannelId,
    /// On which message.
    pub message: MessageTs,
    /// The thread that it is in.
    pub thread: Option<MessageTs>,
    /// Which button.
    pub action: String,
    /// What it carries.
    pub value: String,
    /// When, as Slack tells one press from another.
    pub at: String,
    /// Where to answer so that only they see it.
    pub response_url: String,
}

impl Click {
    /// Reads a `block_actions` payload; anything else, and buttons of nobody's, is none.
    pub fn read(payload: &Value) -> Option<Self> {
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str);
        let action = text("/actions/0/action_id")?;
        let ours =
            action.split_once(':').is_some_and(|(what, _)| ["undo", "overwrite", "back"].contains(&what));
        if text("/type") != Some("block_actions") || !ours {
            return None;
        }
        let thread = text("/container/thread_ts").or_else(|| text("/message/thread_ts"));
        Some(Self {
            user: text("/user/id")?.parse().ok()?,
            channel: text("/container/channel_id").or_else(|| text("/channel/id"))?.parse().ok()?,
            message: text("/container/message_ts")?.parse().ok()?,
            thread: thread.and_then(|ts| ts.parse().ok()),
            action: action.to_owned(),
            value: text("/actions/0/value").unwrap_or_default().to_owned(),
            at: text("/actions/0/action_ts").unwrap_or_default().to_owned(),
            response_url: text("/response_url").unwrap_or_default().to_owned(),
        })
    }

    /// The job that this press is.
    pub fn job(&self) -> NewJob {
        let Self { user, channel, message, action, at, .. } = self;
        let payload = serde_json::to_value(self).unwrap_or_default();
        NewJob {
            key: format!("click:{channel}:{message}:{action}:{user}:{at}"),
            kind: CLICK.to_owned(),
            person: Some(user.clone()),
            payload,
        }
    }
}

/// How far a press came.
#[derive(Debug, Serialize, Deserialize)]
struct Life {
    /// The same in every attempt: what is posted is found by it.
    run_id: RunId,
    answer: Option<Pressed>,
}

impl Threads {
    /// Does what a button says, and answers.
    ///
    /// # Errors
    /// When the store fails, or the job was lost to another worker.
    pub(super) async fn live_click(&self, job: &mut Job, click: Click) -> Result<Outcome, StoreError> {
        let look = !job.state.is_null();
        let mut life = serde_json::from_value(job.state.clone())
            .unwrap_or_else(|_| Life { run_id: RunId::new(self.clock.now()), answer: None });
        let answer = match life.answer.take() {
            Some(answer) => answer,
            None => {
                self.store.save_state(job, serde_json::to_value(&life)?).await?;
                let answer = match job.refused {
                    Some(why) => Pressed::Alone(words::no_room(why).to_owned()),
                    None => match self.pressed(&click, &life.run_id).await {
                        Ok(answer) => answer,
                        Err(trouble) => return Ok(self.again(job, &trouble)),
                    },
                };
                life.answer = Some(answer.clone());
                self.store.save_state(job, serde_json::to_value(&life)?).await?;
                answer
            }
        };
        Ok(match self.answer(job, &click, &life.run_id, &answer, look).await {
            Ok(()) => Outcome::Done,
            Err(trouble) => self.again(job, &trouble),
        })
    }

    async fn pressed(&self, click: &Click, run_id: &RunId) -> Result<Pressed, Trouble> {
        let person = self.posting.person(&click.user).await?;
        match person.map(|person| person.standing) {
            Some(Standing::Member) => {}
            Some(Standing::Guest) if self.allow_guests => {}
            _ => return Ok(Pressed::Alone(words::account_refused().to_owned())),
        }
        let press = Press {
            run_id: run_id.clone(),
            user: click.user.clone(),
            channel: click.channel.clone(),
            action: click.action.clone(),
            value: click.value.clone(),
        };
        let failed = || Ok(Pressed::Alone(words::button_failed(run_id)));
        let work = AssertUnwindSafe(self.desk.press(press)).catch_unwind();
        match tokio::time::timeout(self.run_limit, work).await {
            Ok(Ok(pressed)) => Ok(pressed),
            Ok(Err(_)) | Err(_) => failed(),
        }
    }

    async fn answer(
        &self,
        job: &Job,
        click: &Click,
        run_id: &RunId,
        answer: &Pressed,
        look: bool,
    ) -> Result<(), Trouble> {
        let post = match answer {
            Pressed::Alone(text) => return self.alone(click, run_id, text).await,
            Pressed::Here(post) => post,
        };
        let spot =
            Spot { channel: click.channel.clone(), thread: Some(click.thread.unwrap_or(click.message)) };
        let part = Part { run: run_id, number: 0 };
        if (look || job.attempt > 1) && self.posting.find(&spot, part, job.since).await?.is_some() {
            return Ok(());
        }
        self.posting.post(&spot, part, post).await.map(drop)
    }

    /// Answers so that nobody else sees it. Whoever took more than half an hour over a form reads it in their
    /// direct messages: by then nothing can be said to them alone where they were.
    async fn alone(&self, click: &Click, run_id: &RunId, text: &str) -> Result<(), Trouble> {
        match self.posting.respond(&click.response_url, text).await {
            Err(trouble @ (Trouble::Unclear(_) | Trouble::Silent(_))) => Err(trouble),
            Err(_) => {
                let spot = self.posting.direct(&click.user).await?;
                let metadata = serde_json::json!({ "event_type": "caughtup_reply" });
                let post = SlackPost { text: text.to_owned(), blocks: Value::Null, plainer: None, metadata };
                self.posting.post(&spot, Part { run: run_id, number: 0 }, &post).await.map(drop)
            }
            Ok(()) => Ok(()),
        }
    }

    fn again(&self, job: &Job, trouble: &Trouble) -> Outcome {
        let passes = matches!(
            trouble,
            Trouble::Unclear(_) | Trouble::Silent(_) | Trouble::Later(..) | Trouble::Token(_)
        );
        if !passes || job.attempt >= ATTEMPTS {
            return Outcome::Lost(trouble.to_string());
        }
        let now = self.clock.now();
        let wait = SignedDuration::from_secs(job.attempt.clamp(1, 10) * 2);
        Outcome::Later(now.checked_add(wait).unwrap_or(now), trouble.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn payload() -> Value {
        json!({
            "type": "block_actions", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"},
            "container": {"type": "message", "message_ts": "2.000001", "channel_id": "C1", "thread_ts": "1.000001"},
            "channel": {"id": "C1", "name": "x"}, "response_url": "https://hooks.slack.com/actions/T1/1/x",
            "actions": [{"type": "button", "action_id": "undo:roadmap", "block_id": "b", "value": "{}", "action_ts": "3.1"}],
        })
    }

    #[test]
    fn a_press_is_a_job_and_the_next_press_another() {
        let click = Click::read(&payload()).unwrap();
        assert_eq!(click.job().key, "click:C1:2.000001:undo:roadmap:U1:3.1");
        assert_eq!(click.thread, Some("1.000001".parse().unwrap()));
        let mut later = payload();
        later["actions"][0]["action_ts"] = json!("4.1");
        assert_ne!(Click::read(&later).unwrap().job().key, click.job().key);
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for (pointer, other) in [
            ("/type", json!("view_submission")),
            ("/actions/0/action_id", json!("other-app")),
            ("/actions/0/action_id", json!("fire:everybody")),
            ("/actions", json!([])),
            ("/user/id", json!("nobody")),
            ("/container/message_ts", json!(null)),
        ] {
            let mut payload = payload();
            *payload.pointer_mut(pointer).unwrap() = other;
            assert_eq!(Click::read(&payload), None, "{pointer}");
        }
    }
}
