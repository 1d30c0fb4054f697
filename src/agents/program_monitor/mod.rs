//! The cross-functional program check: what Slack, Jira and Confluence say about one program, and
//! where they disagree.

mod detail;

use futures::future::BoxFuture;

use super::{Agent, Brief, Scope, news, reading};
use crate::domain::{AgentName, Report, Tier};

/// Reads up to 50 channels, the roadmap, the active sprints and the tracking pages of one program.
pub struct ProgramMonitor;

impl Agent for ProgramMonitor {
    fn name(&self) -> AgentName {
        AgentName::ProgramMonitor
    }

    fn scope(&self) -> Scope {
        Scope::PerProgram
    }

    fn tier(&self) -> Option<Tier> {
        Some(Tier::Reasoning)
    }

    fn describes(&self) -> &'static str {
        "checks a program across Slack, Jira and Confluence: risks, decisions, blockers, what shipped, what moved"
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let Some(program) = &brief.program else {
                anyhow::bail!("no program was given to {}", self.name())
            };
            let read = reading::program(brief, self.name(), program).await;
            let (facts, insight) = reading::insight(brief, self.name(), read.facts).await?;
            let mut summary = news::decided(&facts, &insight);
            summary.extend(news::shipped(&facts, |_| true));
            summary.extend(news::moved_dates(&facts, &brief.target_field, |_| true));
            summary.extend(news::grown_sprints(&facts, &read.sprints));
            let section = detail::section(&facts, &insight, &brief.target_field);
            let mut findings = insight.findings;
            for finding in &mut findings {
                finding.program = Some(program.key.clone());
            }
            Ok(Report { summary, findings, sections: vec![section], gaps: read.gaps, ..Report::default() })
        })
    }
}
