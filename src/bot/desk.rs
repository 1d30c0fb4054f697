//! The seam between Slack and whoever does the work: words in, an answer out.

use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use super::forms::Wish;
use crate::domain::{AgentName, ChannelId, Digest, Due, MessageTs, RunId, UserId};
use crate::team_lead::{AgentState, Board, Watch, words};

/// Where somebody said something to the bot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// In their direct messages with the bot.
    DirectMessage {
        /// The conversation.
        channel: ChannelId,
        /// Their message.
        ts: MessageTs,
        /// The thread that it is a reply in.
        thread: Option<MessageTs>,
    },
    /// In a channel, mentioning the bot.
    Mention {
        /// The channel.
        channel: ChannelId,
        /// Their message.
        ts: MessageTs,
        /// The thread that it is a reply in.
        thread: Option<MessageTs>,
    },
    /// As a slash command, anywhere.
    Command {
        /// Where it was typed.
        channel: ChannelId,
        /// Where to answer so that only they see it: five times within half an hour.
        response_url: String,
        /// What makes it unique.
        trigger_id: String,
    },
    /// Nowhere: it is made unasked, for the members of a channel.
    Schedule {
        /// The channel.
        channel: ChannelId,
        /// What is due.
        due: Box<Due>,
    },
}

impl Place {
    /// The thread that it is a reply in.
    pub fn thread(&self) -> Option<(&ChannelId, MessageTs)> {
        match self {
            Self::DirectMessage { channel, thread, .. } | Self::Mention { channel, thread, .. } => {
                Some((channel, (*thread)?))
            }
            Self::Command { .. } | Self::Schedule { .. } => None,
        }
    }
}

/// A request as it came in from Slack.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The run that will answer it, the same after a restart: metadata must carry it.
    pub run_id: RunId,
    /// What was said, without the bot's mention.
    pub text: String,
    /// By whom: a full member, or a guest where guests are allowed; the bot itself for what is made unasked.
    pub user: UserId,
    /// Where.
    pub place: Place,
}

/// One message, ready for Slack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlackPost {
    /// The fallback for notifications and for clients without blocks.
    pub text: String,
    /// Block Kit.
    pub blocks: Value,
    /// The same without what not every workspace can show, for when Slack refuses the blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plainer: Option<Value>,
    /// `{event_type, event_payload}`; run and part are added where they are missing.
    pub metadata: Value,
}

/// What comes of a request.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "there is one a run, and it is not copied")]
pub enum Answer {
    /// A digest: one message and its details, replies in its thread.
    Digest {
        /// The digest itself.
        main: SlackPost,
        /// Each agent's detail.
        parts: Vec<SlackPost>,
        /// What they were made from.
        digest: Box<Digest>,
    },
    /// A sentence or a few: what was not understood, what can be asked, what is refused. Mrkdwn, safe.
    Reply(String),
    /// The run failed; why, for the log.
    Failed(String),
    /// What things are kept in failed in the run's course; why, for the log. That is no fault of the run's: it is
    /// begun again.
    Unkept(String),
}

/// A button that somebody pressed who may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// What does it, the same after a restart.
    pub run_id: RunId,
    /// Who.
    pub user: UserId,
    /// In which conversation.
    pub channel: ChannelId,
    /// Which button: `undo:sprint-board`.
    pub action: String,
    /// What it carries.
    pub value: String,
}

/// What is said about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Pressed {
    /// To them alone.
    Alone(String),
    /// In the thread.
    Here(Box<SlackPost>),
}

/// What comes of a wish for a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// The form, as Slack's view.
    View(Value),
    /// Why there is none.
    None(String),
}

type FormFn = dyn Fn(Wish) -> BoxFuture<'static, Form> + Send + Sync;
type FailedFn = dyn Fn(String, RunId) -> BoxFuture<'static, String> + Send + Sync;
type PressFn = dyn Fn(Press) -> BoxFuture<'static, Pressed> + Send + Sync;
type AnswerFn = dyn Fn(Ask, Progress) -> BoxFuture<'static, Answer> + Send + Sync;

/// Who answers. Copies are the same desk.
#[derive(Clone)]
pub struct Desk {
    answer: Arc<AnswerFn>,
    understood: Arc<dyn Fn(&str) -> String + Send + Sync>,
    here: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    press: Option<Arc<PressFn>>,
    form: Option<Arc<FormFn>>,
    failed: Option<Arc<FailedFn>>,
}

impl Desk {
    /// A desk of three functions: what answers; the line that says what was understood and what is
    /// starting; whether the words ask for the answer where they are said ("… here").
    pub fn new<F>(
        answer: impl Fn(Ask, Progress) -> F + Send + Sync + 'static,
        understood: impl Fn(&str) -> String + Send + Sync + 'static,
        here: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let answer = move |ask, progress| -> BoxFuture<'static, Answer> { Box::pin(answer(ask, progress)) };
        Self {
            answer: Arc::new(answer),
            understood: Arc::new(understood),
            here: Arc::new(here),
            press: None,
            form: None,
            failed: None,
        }
    }

    /// The same desk, with buttons that do something.
    #[must_use]
    pub fn with_buttons<F>(self, press: impl Fn(Press) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Pressed> + Send + 'static,
    {
        let press = move |pressed| -> BoxFuture<'static, Pressed> { Box::pin(press(pressed)) };
        Self { press: Some(Arc::new(press)), ..self }
    }

    /// The same desk, with forms.
    #[must_use]
    pub fn with_forms<F>(self, form: impl Fn(Wish) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Form> + Send + 'static,
    {
        let form = move |wish| -> BoxFuture<'static, Form> { Box::pin(form(wish)) };
        Self { form: Some(Arc::new(form)), ..self }
    }

    /// The same desk, which can tell what a run that failed has done before.
    #[must_use]
    pub fn with_failures<F>(self, failed: impl Fn(String, RunId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = String> + Send + 'static,
    {
        let failed = move |text, run_id| -> BoxFuture<'static, String> { Box::pin(failed(text, run_id)) };
        Self { failed: Some(Arc::new(failed)), ..self }
    }

    /// What is said of a run that failed.
    pub async fn failed(&self, text: &str, run_id: &RunId) -> String {
        match &self.failed {
            Some(failed) => failed(text.to_owned(), run_id.clone()).await,
            None => words::run_failed(run_id, None),
        }
    }

    /// The form that somebody wishes for.
    pub async fn form(&self, wish: Wish) -> Form {
        match &self.form {
            Some(form) => form(wish).await,
            None => Form::None(words::button_unknown().to_owned()),
        }
    }

    /// Does what a button says.
    pub async fn press(&self, pressed: Press) -> Pressed {
        match &self.press {
            Some(press) => press(pressed).await,
            None => Pressed::Alone(words::button_unknown().to_owned()),
        }
    }

    /// Answers a request.
    pub async fn answer(&self, ask: Ask, progress: &Progress) -> Answer {
        (self.answer)(ask, progress.clone()).await
    }

    /// What was understood and what is starting, for whoever typed it.
    pub fn understood_line(&self, text: &str) -> String {
        (self.understood)(text)
    }

    /// Whether the answer is wanted in the channel.
    pub fn wants_here(&self, text: &str) -> bool {
        (self.here)(text)
    }
}

/// Where the one who answers says how far each agent is. Never waits.
#[derive(Debug, Clone)]
pub struct Progress {
    board: Arc<watch::Sender<Board>>,
}

impl Progress {
    /// A board that nobody has written on yet, and who watches it.
    pub fn new() -> (Self, watch::Receiver<Board>) {
        let (sender, receiver) = watch::channel(Board::new());
        (Self { board: Arc::new(sender) }, receiver)
    }
}

/// The thread shows who is working and who is done.
impl Watch for Progress {
    fn changed(&self, agent: AgentName, state: AgentState) {
        self.board.send_if_modified(|board| board.insert(agent, state) != Some(state));
    }
}
