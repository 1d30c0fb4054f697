//! What a message asserts.

use serde::{Deserialize, Serialize};

use super::{ChannelId, Evidence, IssueKey, MessageTs, UserId};

/// What kind of thing a message asserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignalKind {
    /// Work is stopped by something.
    Blocker,
    /// A blocker is over.
    Unblocked,
    /// Something was decided.
    Decision,
    /// Somebody was asked something.
    Question,
    /// A question was answered.
    Answer,
    /// Work is finished or shipped.
    Completion,
    /// A date moves later.
    Slip,
    /// Help is called for from above.
    Escalation,
}

/// One assertion, found in one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What is asserted.
    pub kind: SignalKind,
    /// Where.
    pub channel: ChannelId,
    /// In which message.
    pub ts: MessageTs,
    /// In which thread: the message itself when it is not a reply.
    pub root: MessageTs,
    /// By whom.
    pub by: UserId,
    /// The issues that the message is about.
    pub about: Vec<IssueKey>,
    /// For a question: whom it was put to by name; for an answer: who had asked.
    pub asked: Vec<UserId>,
    /// For a blocker or a question: whether nothing has closed it yet.
    pub open: bool,
    /// How sure the reading is, out of 100; below [`Signal::FIRM`] a finding that rests on it is tentative.
    pub certainty_percent: u8,
    /// The message, as evidence.
    pub evidence: Evidence,
}

impl Signal {
    /// From this certainty on, what is said is taken as said.
    pub const FIRM: u8 = 60;

    /// Whether it is more than worth a look.
    pub fn is_firm(&self) -> bool {
        self.certainty_percent >= Self::FIRM
    }
}
