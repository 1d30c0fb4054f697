//! A board's active sprints with their issues.

use serde_json::Value;

use super::client::send;
use super::issue::{self, ReadIssue};
use super::paging::{After, after};
use super::reader::{Jira, fields, following};
use crate::domain::{BoardId, Source, Sprint, SprintState};
use crate::sources::timeline::{both, concurrently};
use crate::sources::{ErrorKind, SourceError, Sources, SprintWork};

/// Reads them. A board without sprints, as Kanban boards are, has none.
pub(in crate::sources) async fn active_sprints(
    sources: &Sources,
    board: BoardId,
) -> Result<Vec<SprintWork>, SourceError> {
    let (fields, sprints) = both(fields(&sources.opening), active(sources, board)).await;
    let sprints = sprints?;
    if sprints.is_empty() {
        return Ok(Vec::new());
    }
    let jira = Jira { sources, fields: fields? };
    let work = sprints.into_iter().map(|sprint| {
        let jira = &jira;
        async move {
            let read = issues(jira, &sprint).await?;
            Ok(SprintWork { issues: jira.complete(read).await?, sprint })
        }
    });
    concurrently(work).await.into_iter().collect()
}

async fn active(sources: &Sources, board: BoardId) -> Result<Vec<Sprint>, SourceError> {
    let mut sprints: Vec<Sprint> = Vec::new();
    let mut starts = vec![0_u64];
    while let Some(start) = starts.pop() {
        let path = format!("/rest/agile/1.0/board/{board}/sprint");
        let call = sources.upstream.jira.get("GET /rest/agile/1.0/board/{boardId}/sprint", &path)?;
        let call =
            call.query("state", "active").query("maxResults", "50").query("startAt", start.to_string());
        let page: Value = match send(sources, call).await {
            Ok(page) => page,
            // A board without sprints refuses the question, in the site's own language.
            Err(SourceError { kind: ErrorKind::Refused(_), .. }) => return Ok(Vec::new()),
            Err(SourceError { kind: ErrorKind::NotFound, .. }) => return Err(no_board(board)),
            Err(error) => return Err(error),
        };
        let Some(values) = page.get("values").and_then(Value::as_array) else {
            return Err(SourceError::protocol(Source::Jira));
        };
        sprints.extend(values.iter().filter_map(|value| issue::sprint(value, Some(board))));
        starts.extend(following(&page, start, values.len()));
    }
    // A site that does not know the parameter gives them all.
    sprints.retain(|sprint| sprint.state == SprintState::Active);
    sprints.dedup_by_key(|sprint| sprint.id);
    Ok(sprints)
}

fn no_board(board: BoardId) -> SourceError {
    let detail = format!("Jira board {board} does not exist, or the bot's account may not see it");
    SourceError::new(Source::Jira, ErrorKind::NotFound, detail)
}

/// A sprint's issues in the board's order. The first page says how many there are; the others do not
/// wait for one another.
async fn issues(jira: &Jira<'_>, sprint: &Sprint) -> Result<Vec<ReadIssue>, SourceError> {
    let first = page(jira, sprint, 0).await?;
    let mut pages = vec![jira.read(first.get("issues"))?];
    let given = first.get("issues").and_then(Value::as_array).map_or(0, Vec::len);
    match after(&first, 0, given) {
        After::Done => {}
        After::From(starts) => {
            for more in concurrently(starts.into_iter().map(|start| page(jira, sprint, start))).await {
                pages.push(jira.read(more?.get("issues"))?);
            }
        }
        After::Then(start) => {
            let mut next = Some(start);
            while let Some(start) = next {
                let more = page(jira, sprint, start).await?;
                pages.push(jira.read(more.get("issues"))?);
                let given = more.get("issues").and_then(Value::as_array).map_or(0, Vec::len);
                next = following(&more, start, given);
            }
        }
    }
    let mut known = std::collections::BTreeSet::new();
    Ok(pages.into_iter().flatten().filter(|read| known.insert(read.issue.id.clone())).collect())
}

async fn page(jira: &Jira<'_>, sprint: &Sprint, start: u64) -> Result<Value, SourceError> {
    let path = format!("/rest/agile/1.0/sprint/{}/issue", sprint.id);
    let call = jira.sources.upstream.jira.get("GET /rest/agile/1.0/sprint/{sprintId}/issue", &path)?;
    // "flagged" is the Agile API's own field, beside the site's custom one.
    let fields = format!("{},flagged", jira.fields.to_ask().join(","));
    let call = call.query("fields", fields).query("maxResults", "100").query("startAt", start.to_string());
    send(jira.sources, call).await
}
