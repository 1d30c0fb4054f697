//! A board's active sprints with their issues.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::client::send;
use super::issue::{self, ReadIssue};
use super::paging::{After, after};
use super::reader::{Jira, fields, following};
use crate::domain::{BoardId, Issue, Source, Sprint, SprintState};
use crate::sources::timeline::{both, concurrently};
use crate::sources::{ErrorKind, SourceError, Sources, SprintWork};

/// Reads them. A board without sprints, as Kanban boards are, has none.
pub(in crate::sources) async fn active_sprints(
    sources: &Sources,
    board: BoardId,
) -> Result<Vec<SprintWork>, SourceError> {
    let (fields, sprints) =
        both(fields(&sources.opening), of_state(sources, board, SprintState::Active)).await;
    let sprints = sprints?;
    sources.run.cover_board(board);
    if sprints.is_empty() {
        return Ok(Vec::new());
    }
    let jira = Jira { sources, fields: fields? };
    let work = sprints.into_iter().map(|sprint| {
        let jira = &jira;
        async move {
            let read = issues(jira, &Listing::of_sprint(&sprint)).await?;
            Ok(SprintWork { issues: jira.complete(read).await?, sprint })
        }
    });
    concurrently(work).await.into_iter().collect()
}

/// The sprint that comes next on a board: the first one of those that are planned, if any is.
pub(in crate::sources) async fn next_sprint(
    sources: &Sources,
    board: BoardId,
) -> Result<Option<Sprint>, SourceError> {
    let planned = of_state(sources, board, SprintState::Future).await?;
    // One with a date comes before those that are only names; else the board's own order.
    Ok(planned.into_iter().min_by_key(|sprint| sprint.start.unwrap_or(Timestamp::MAX)))
}

/// Issues of a board that were touched since a sprint began and are not in it: those that were taken out
/// of it are among them, as their histories tell. No field and no query of Jira's names them.
pub(in crate::sources) async fn taken_out(
    sources: &Sources,
    board: BoardId,
    sprint: &Sprint,
) -> Result<Vec<Issue>, SourceError> {
    let Some(start) = sprint.start else { return Ok(Vec::new()) };
    let jira = Jira::begin(sources).await?;
    // A day of JQL is one of the account's zone, which may be behind ours.
    let day = start.to_zoned(TimeZone::UTC).date().yesterday().unwrap_or_default();
    let jql = format!("updated >= \"{day}\" AND (sprint is EMPTY OR sprint != {})", sprint.id);
    let path = format!("/rest/agile/1.0/board/{board}/issue");
    let listing = Listing { name: "GET /rest/agile/1.0/board/{boardId}/issue", path, jql: Some(jql) };
    let read = issues(&jira, &listing).await?;
    let touched = jira.complete(read).await?;
    let id = sprint.id.to_string();
    let names =
        |ids: &Option<String>| ids.as_deref().is_some_and(|ids| ids.split(',').any(|one| one.trim() == id));
    let left = |issue: &Issue| {
        issue.changes.iter().any(|change| {
            change.field.eq_ignore_ascii_case("sprint") && change.at > start && names(&change.from_id)
        })
    };
    Ok(touched.into_iter().filter(left).collect())
}

async fn of_state(sources: &Sources, board: BoardId, state: SprintState) -> Result<Vec<Sprint>, SourceError> {
    let word = match state {
        SprintState::Future => "future",
        SprintState::Active => "active",
        SprintState::Closed => "closed",
    };
    let mut sprints: Vec<Sprint> = Vec::new();
    let mut starts = vec![0_u64];
    while let Some(start) = starts.pop() {
        let path = format!("/rest/agile/1.0/board/{board}/sprint");
        let call = sources.upstream.jira.get("GET /rest/agile/1.0/board/{boardId}/sprint", &path)?;
        let call = call.query("state", word).query("maxResults", "50").query("startAt", start.to_string());
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
    sprints.retain(|sprint| sprint.state == state);
    sprints.dedup_by_key(|sprint| sprint.id);
    Ok(sprints)
}

fn no_board(board: BoardId) -> SourceError {
    let detail = format!("Jira board {board} does not exist, or the bot's account may not see it");
    SourceError::new(Source::Jira, ErrorKind::NotFound, detail)
}

/// A list of issues that the Agile API gives by pages.
struct Listing {
    name: &'static str,
    path: String,
    /// What narrows it further.
    jql: Option<String>,
}

impl Listing {
    fn of_sprint(sprint: &Sprint) -> Self {
        let path = format!("/rest/agile/1.0/sprint/{}/issue", sprint.id);
        Self { name: "GET /rest/agile/1.0/sprint/{sprintId}/issue", path, jql: None }
    }
}

/// A list's issues in the board's order. The first page says how many there are; the others do not
/// wait for one another.
async fn issues(jira: &Jira<'_>, listing: &Listing) -> Result<Vec<ReadIssue>, SourceError> {
    let first = page(jira, listing, 0).await?;
    let mut pages = vec![jira.read(first.get("issues"))?];
    let given = first.get("issues").and_then(Value::as_array).map_or(0, Vec::len);
    match after(&first, 0, given) {
        After::Done => {}
        After::From(starts) => {
            for more in concurrently(starts.into_iter().map(|start| page(jira, listing, start))).await {
                pages.push(jira.read(more?.get("issues"))?);
            }
        }
        After::Then(start) => {
            let mut next = Some(start);
            while let Some(start) = next {
                let more = page(jira, listing, start).await?;
                pages.push(jira.read(more.get("issues"))?);
                let given = more.get("issues").and_then(Value::as_array).map_or(0, Vec::len);
                next = following(&more, start, given);
            }
        }
    }
    let mut known = std::collections::BTreeSet::new();
    Ok(pages.into_iter().flatten().filter(|read| known.insert(read.issue.id.clone())).collect())
}

async fn page(jira: &Jira<'_>, listing: &Listing, start: u64) -> Result<Value, SourceError> {
    let call = jira.sources.upstream.jira.get(listing.name, &listing.path)?;
    // "flagged" is the Agile API's own field, beside the site's custom one.
    let fields = format!("{},flagged", jira.fields.to_ask().join(","));
    let mut call =
        call.query("fields", fields).query("maxResults", "100").query("startAt", start.to_string());
    if let Some(jql) = &listing.jql {
        call = call.query("jql", jql.clone());
    }
    send(jira.sources, call).await
}
