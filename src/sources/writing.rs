//! The way out for what is written: Confluence pages, Jira comments, messages in Slack.
//!
//! Apart from [`Sources`], so that no agent has it. Writing has time of its own: a call that changes
//! something and gets no answer has to be looked up, whatever the run's deadline says.

use std::sync::Arc;

use serde_json::Value;
use tokio::time::Instant;

use crate::domain::Clock;

use super::slack::SlackClient;
use super::{Call, Door, SourceError, Sources, Upstream};

/// The way out for what is written.
pub struct Writing {
    door: Door,
    pub(super) upstream: Arc<Upstream>,
}

impl Sources {
    /// The way out for what this run writes, open until `end`. Its calls are counted as the run's.
    pub fn writing(&self, end: Instant) -> Writing {
        Writing { door: self.door.until(end), upstream: Arc::clone(&self.upstream) }
    }
}

impl Upstream {
    /// The way out for what is written outside of any run, as when a button is pressed.
    pub fn writing(self: &Arc<Self>) -> Writing {
        Writing { door: self.door.clone(), upstream: Arc::clone(self) }
    }
}

impl Writing {
    /// Slack, for posts.
    pub fn slack(&self) -> SlackClient {
        self.upstream.slack.through(&self.door)
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.upstream.clock
    }

    pub(super) async fn send(&self, call: Call) -> Result<Value, SourceError> {
        Box::pin(self.door.send(call)).await
    }
}
