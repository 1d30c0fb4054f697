//! Placeholder.

use futures::future::BoxFuture;

use super::{Agent, Brief, Scope};
use crate::domain::{AgentName, Report};

/// Placeholder.
pub struct ProgramMonitor;

impl Agent for ProgramMonitor {
    fn name(&self) -> AgentName {
        AgentName::ProgramMonitor
    }

    fn scope(&self) -> Scope {
        Scope::PerProgram
    }

    fn describes(&self) -> &'static str {
        ""
    }

    fn work<'a>(&'a self, _brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async { unimplemented!() })
    }
}
