//! Jira as one run reads it: searches to their last page, issues with histories and comments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::send;
use super::fields::Fields;
use super::history::Histories;
use super::issue::{self, ReadIssue, Reading};
use super::paging::{After, Next, Tokens, after};
use crate::domain::{Comment, Issue, IssueKey, Source};
use crate::sources::timeline::{both, concurrently};
use crate::sources::{ErrorKind, Opening, Shared, SourceError, Sources};

/// Issues per page of a search. More per page are allowed only when few fields are asked for.
const PER_PAGE: usize = 100;

/// Issues per call of `issue/bulkfetch`: the vendor's limit.
const PER_BULK_FETCH: usize = 100;

/// Issues per call of `changelog/bulkfetch`. A thousand are allowed; smaller calls run side by side
/// where one large one would have to be paged through.
const PER_CHANGELOG: usize = 100;

/// Jira, for one run.
pub struct Jira<'a> {
    pub sources: &'a Sources,
    pub fields: Arc<Fields>,
}

impl<'a> Jira<'a> {
    /// Begins to read: finds out which fields the site has, unless that is known.
    pub async fn begin(sources: &'a Sources) -> Result<Self, SourceError> {
        Ok(Self { sources, fields: fields(&sources.opening).await? })
    }

    fn reading(&self) -> Reading<'_> {
        let client = &self.sources.upstream.jira;
        Reading { fields: &self.fields, site: &client.site, zone: &client.zone }
    }

    /// Every issue that a query returns, in its order, without histories.
    pub async fn search(&self, jql: &str) -> Result<Vec<ReadIssue>, SourceError> {
        let mut found: Vec<ReadIssue> = Vec::new();
        let mut known = BTreeSet::new();
        let mut tokens = Tokens::default();
        let mut body = json!({"jql": jql, "fields": self.fields.to_ask(), "maxResults": PER_PAGE});
        loop {
            let call = self.sources.upstream.jira.ask(
                "POST /rest/api/3/search/jql",
                "/rest/api/3/search/jql",
                body.clone(),
            )?;
            let page: Value = send(self.sources, call).await?;
            // The index moves while it is paged through: an issue can be on two pages.
            found.extend(
                self.read(page.get("issues"))?.into_iter().filter(|read| known.insert(read.issue.id.clone())),
            );
            match tokens.after(&page) {
                Next::Done => return Ok(found),
                Next::Token(token) => {
                    if let Some(body) = body.as_object_mut() {
                        body.insert("nextPageToken".to_owned(), Value::String(token));
                    }
                }
                Next::Lost => {
                    self.sources.run.leave_out(
                        "Jira broke off a search before its last page: some issues may be missing",
                    );
                    return Ok(found);
                }
            }
        }
    }

    /// The issues directly below any of these.
    pub async fn children(&self, parents: &[IssueKey]) -> Result<Vec<ReadIssue>, SourceError> {
        /// Parents per query: small, so that queries run side by side where one would be paged through.
        const PER_QUERY: usize = 50;
        let queries = parents.chunks(PER_QUERY).map(|batch| {
            let keys: Vec<String> = batch.iter().map(|key| format!("\"{key}\"")).collect();
            let jql = format!("parent in ({}) ORDER BY key ASC", keys.join(", "));
            async move { self.search(&jql).await }
        });
        let found: Vec<Vec<ReadIssue>> = concurrently(queries).await.into_iter().collect::<Result<_, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// These issues by key, those that exist and may be seen.
    pub async fn fetch(&self, keys: &[IssueKey]) -> Result<Vec<ReadIssue>, SourceError> {
        let calls = keys.chunks(PER_BULK_FETCH).map(|batch| async move {
            let path = "/rest/api/3/issue/bulkfetch";
            let body = json!({"issueIdsOrKeys": batch, "fields": self.fields.to_ask()});
            let call = self.sources.upstream.jira.ask("POST /rest/api/3/issue/bulkfetch", path, body)?;
            let page: Value = send(self.sources, call).await?;
            self.read(page.get("issues"))
        });
        let found: Vec<Vec<ReadIssue>> = concurrently(calls).await.into_iter().collect::<Result<_, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Reads a list of issues; what cannot be read is counted as left out.
    pub fn read(&self, list: Option<&Value>) -> Result<Vec<ReadIssue>, SourceError> {
        if !list.is_some_and(Value::is_array) {
            return Err(SourceError::protocol(Source::Jira));
        }
        let (read, unreadable) = issue::issues(list, self.reading());
        if unreadable > 0 {
            self.sources.run.leave_out(format!(
                "{unreadable} Jira {} came in a form that could not be read",
                if unreadable == 1 { "issue" } else { "issues" }
            ));
        }
        Ok(read)
    }

    /// Adds histories and the comments that did not come with the issues. Where those fail, the issues are worth
    /// having without them, and say so.
    pub async fn complete(&self, read: Vec<ReadIssue>) -> Result<Vec<Issue>, SourceError> {
        let ids: Vec<String> = read.iter().map(|read| read.issue.id.clone()).collect();
        let talkative: Vec<IssueKey> =
            read.iter().filter(|read| read.comments_missing > 0).map(|read| read.issue.key.clone()).collect();
        let comments = concurrently(talkative.iter().map(|key| self.comments(key)));
        let ((mut histories, without), comments) = both(self.histories(&ids), comments).await;
        let mut late: BTreeMap<&IssueKey, Vec<Comment>> = BTreeMap::new();
        let mut silent: BTreeSet<&IssueKey> = BTreeSet::new();
        for (key, comments) in talkative.iter().zip(comments) {
            match comments {
                Ok(comments) => drop(late.insert(key, comments)),
                Err(error) => {
                    silent.insert(key);
                    self.sources.run.note_half_read(error);
                }
            }
        }
        if histories.unreadable > 0 {
            self.sources
                .run
                .leave_out("some entries of Jira's changelogs came in a form that could not be read");
        }
        let complete = read.into_iter().map(|read| {
            let mut issue = read.issue;
            issue.changes = histories.take(&issue.id);
            issue.history_unread = without.contains(&issue.id) || silent.contains(&issue.key);
            for comment in late.remove(&issue.key).unwrap_or_default() {
                if !issue.comments.iter().any(|known| known.id == comment.id) {
                    issue.comments.push(comment);
                }
            }
            issue.comments.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
            self.sources.run.cover_issue(&issue.key);
            issue
        });
        Ok(complete.collect())
    }

    /// The histories of these issues, and the ids of those that could not be read.
    async fn histories(&self, ids: &[String]) -> (Histories, BTreeSet<String>) {
        let batches = || ids.chunks(PER_CHANGELOG);
        let branches = concurrently(batches().map(|batch| self.some_histories(batch))).await;
        let mut all = Histories::default();
        let mut without = BTreeSet::new();
        for (batch, branch) in batches().zip(branches) {
            match branch {
                Ok(histories) => all.merge(histories),
                Err(error) => {
                    without.extend(batch.iter().cloned());
                    self.sources.run.note_half_read(error);
                }
            }
        }
        (all, without)
    }

    async fn some_histories(&self, ids: &[String]) -> Result<Histories, SourceError> {
        let mut histories = Histories::default();
        let mut tokens = Tokens::default();
        let path = "/rest/api/3/changelog/bulkfetch";
        let mut body = json!({"issueIdsOrKeys": ids, "maxResults": 1000});
        loop {
            let call =
                self.sources.upstream.jira.ask("POST /rest/api/3/changelog/bulkfetch", path, body.clone())?;
            let page: Value = match send(self.sources, call).await {
                Ok(page) => page,
                // An older site, or a gateway that does not know the call: each issue is asked for its own.
                Err(SourceError { kind: ErrorKind::NotFound | ErrorKind::Refused(_), .. }) => {
                    return self.single_histories(ids).await;
                }
                Err(error) => return Err(error),
            };
            if !page.get("issueChangeLogs").is_some_and(Value::is_array) {
                return Err(SourceError::protocol(Source::Jira));
            }
            histories.add_bulk(&page);
            match tokens.after(&page) {
                Next::Token(token) => {
                    if let Some(body) = body.as_object_mut() {
                        body.insert("nextPageToken".to_owned(), Value::String(token));
                    }
                }
                Next::Done => return Ok(histories),
                // Silence in a history would read as "nobody touched it": no history is better.
                Next::Lost => return Err(SourceError::protocol(Source::Jira)),
            }
        }
    }

    async fn single_histories(&self, ids: &[String]) -> Result<Histories, SourceError> {
        let branches = concurrently(ids.iter().map(|id| self.single_history(id))).await;
        let mut all = Histories::default();
        for branch in branches {
            all.merge(branch?);
        }
        Ok(all)
    }

    async fn single_history(&self, id: &str) -> Result<Histories, SourceError> {
        let mut histories = Histories::default();
        let mut starts = vec![0_u64];
        while let Some(start) = starts.pop() {
            let path = format!("/rest/api/3/issue/{id}/changelog");
            let call =
                self.sources.upstream.jira.get("GET /rest/api/3/issue/{issueIdOrKey}/changelog", &path)?;
            let call = call.query("maxResults", "100").query("startAt", start.to_string());
            let page: Value = send(self.sources, call).await?;
            let given = page.get("values").and_then(Value::as_array).map_or(0, Vec::len);
            histories.add(id, page.get("values"));
            starts.extend(following(&page, start, given));
        }
        Ok(histories)
    }

    /// An issue's comments, newest first, back to the run's earliest instant: what was said before that
    /// is no news and answers nothing.
    async fn comments(&self, key: &IssueKey) -> Result<Vec<Comment>, SourceError> {
        let mut all = Vec::new();
        let mut starts = vec![0_u64];
        while let Some(start) = starts.pop() {
            let path = format!("/rest/api/3/issue/{key}/comment");
            let call =
                self.sources.upstream.jira.get("GET /rest/api/3/issue/{issueIdOrKey}/comment", &path)?;
            let call = call
                .query("orderBy", "-created")
                .query("maxResults", "100")
                .query("startAt", start.to_string());
            let page: Value = match send(self.sources, call).await {
                Ok(page) => page,
                // Gone since the search, or moved out of sight.
                Err(SourceError { kind: ErrorKind::NotFound, .. }) => break,
                Err(error) => return Err(error),
            };
            let given = page.get("comments").and_then(Value::as_array).map_or(0, Vec::len);
            let (comments, _beyond) = issue::comments(Some(&page));
            let far_enough = issue::oldest(&comments).is_some_and(|at| at < self.sources.scope.since);
            all.extend(comments);
            if !far_enough {
                starts.extend(following(&page, start, given));
            }
        }
        Ok(all)
    }
}

/// Where the next page begins, for lists that are read one page after the other.
pub fn following(page: &Value, start: u64, given: usize) -> Option<u64> {
    match after(page, start, given) {
        After::Done => None,
        After::Then(next) => Some(next),
        After::From(starts) => starts.first().copied(),
    }
}

/// Which of the site's fields hold what is read. Asked once per process; a failure is asked again by
/// the next run.
pub async fn fields(opening: &Opening) -> Result<Arc<Fields>, SourceError> {
    let client = &opening.upstream.jira;
    if let Some(known) = client.fields.get() {
        note_missing(opening, known);
        return Ok(Arc::clone(known));
    }
    let asked: Shared<Fields> = opening
        .fields
        .get((), async {
            let call = client.get("GET /rest/api/3/field", "/rest/api/3/field")?;
            let listing: Value = Box::pin(opening.door.send(call)).await?;
            if !listing.is_array() {
                return Err(SourceError::protocol(Source::Jira));
            }
            let found = Fields::find(&listing, &client.wanted);
            if !found.missing.is_empty() {
                tracing::info!(jira.fields_missing = ?found.missing, "Jira has no such fields; what rests on them is off");
            }
            Ok(found)
        })
        .await;
    let found = asked?;
    note_missing(opening, &found);
    Ok(Arc::clone(client.fields.get_or_init(|| found)))
}

/// A field that the operator named and the site lacks is said to readers; one of our own defaults is
/// not, because many sites do without.
fn note_missing(opening: &Opening, fields: &Fields) {
    const DEFAULTS: [&str; 5] = ["Target end", "Pillar", "Program", "Quarter", "Story Points"];
    for name in fields.missing.iter().filter(|name| !DEFAULTS.contains(&name.as_str())) {
        opening.run.leave_out(format!("Jira has no field “{name}”: what rests on it was left out"));
    }
}

/// Issues by key with their histories: those that exist.
pub(in crate::sources) async fn issues_by_key(
    sources: &Sources,
    keys: &[IssueKey],
) -> Result<BTreeMap<IssueKey, Issue>, SourceError> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let jira = Jira::begin(sources).await?;
    let issues = jira.complete(jira.fetch(keys).await?).await?;
    Ok(issues.into_iter().map(|issue| (issue.key.clone(), issue)).collect())
}
