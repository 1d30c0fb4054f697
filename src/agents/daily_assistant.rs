//! Placeholder.

use futures::future::BoxFuture;

use super::{Agent, Brief, Scope};
use crate::domain::{AgentName, Report};

/// Placeholder.
pub struct DailyAssistant;

impl Agent for DailyAssistant {
    fn name(&self) -> AgentName {
        AgentName::DailyAssistant
    }

    fn scope(&self) -> Scope {
        Scope::Once
    }

    fn describes(&self) -> &'static str {
        ""
    }

    fn work<'a>(&'a self, _brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async { unimplemented!() })
    }
}
