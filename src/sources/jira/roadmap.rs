//! A program's initiatives and everything below them.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::issue::ReadIssue;
use super::jql;
use super::reader::Jira;
use crate::domain::{Issue, IssueKey, Program};
use crate::sources::timeline::both;
use crate::sources::{ErrorKind, Roadmap, SourceError, Sources};

/// Levels below the initiatives: epics, stories, sub-tasks, and two that a site may have in between.
const MAX_DEPTH: usize = 5;

/// More issues than a program is steered by; beyond them memory and the vendor's patience count.
const MAX_ISSUES: usize = 5_000;

/// Reads it. A program without a `roadmap_jql` has none.
pub(in crate::sources) async fn roadmap(
    sources: &Sources,
    program: &Program,
) -> Result<Roadmap, SourceError> {
    let Some(jql) = program.roadmap_jql.as_deref().filter(|jql| !jql.trim().is_empty()) else {
        return Ok(Roadmap::default());
    };
    let jira = Jira::begin(sources).await?;
    let top = jira.search(jql).await.map_err(|error| blame_the_query(error, program))?;
    let initiatives: Vec<IssueKey> = top.iter().map(|read| read.issue.key.clone()).collect();
    let seen = initiatives.iter().cloned().collect();
    let issues = with_everything_below(&jira, top, seen, 0).await?;
    Ok(Roadmap { initiatives, issues: issues.into_iter().map(|issue| (issue.key.clone(), issue)).collect() })
}

/// The initiatives of a program that another query returns as well.
pub(in crate::sources) async fn narrowed(
    sources: &Sources,
    program: &Program,
    jql: &str,
) -> Result<BTreeSet<IssueKey>, SourceError> {
    let Some(roadmap) = program.roadmap_jql.as_deref().filter(|jql| !jql.trim().is_empty()) else {
        return Ok(BTreeSet::new());
    };
    let jira = Jira::begin(sources).await?;
    let found = jira.search(&jql::both(roadmap, jql)).await.map_err(|error| match &error.kind {
        ErrorKind::Refused(said) => {
            let detail = format!("Jira refused the jql of [publish.tech-roadmap]: {said}");
            SourceError::new(error.origin, error.kind.clone(), detail)
        }
        _ => error,
    })?;
    Ok(found.into_iter().map(|read| read.issue.key).collect())
}

/// Completes one level while the next ones are searched: neither needs the other.
fn with_everything_below<'a>(
    jira: &'a Jira<'a>,
    level: Vec<ReadIssue>,
    mut seen: BTreeSet<IssueKey>,
    depth: usize,
) -> BoxFuture<'a, Result<Vec<Issue>, SourceError>> {
    async move {
        let parents: Vec<IssueKey> =
            level.iter().filter(|read| read.may_have_children).map(|read| read.issue.key.clone()).collect();
        let below = async {
            if parents.is_empty() || depth == MAX_DEPTH {
                return Ok(Vec::new());
            }
            let mut children = jira.children(&parents).await?;
            // Links between levels can run in a circle.
            children.retain(|child| seen.insert(child.issue.key.clone()));
            if seen.len() > MAX_ISSUES {
                jira.sources.run.leave_out(format!(
                    "the roadmap has more than {MAX_ISSUES} issues: the lowest levels were not read"
                ));
                return Ok(Vec::new());
            }
            if children.is_empty() {
                return Ok(Vec::new());
            }
            with_everything_below(jira, children, seen, depth + 1).await
        };
        let (level, below) = both(jira.complete(level), below).await;
        let mut issues = level?;
        issues.extend(below?);
        Ok(issues)
    }
    .boxed()
}

/// A query that Jira refuses is the configuration's fault: the remedy names the place.
fn blame_the_query(error: SourceError, program: &Program) -> SourceError {
    match &error.kind {
        ErrorKind::Refused(said) => {
            let detail = format!("Jira refused the roadmap_jql of program {}: {said}", program.key);
            SourceError::new(error.origin, error.kind.clone(), detail)
        }
        _ => error,
    }
}
