//! Comments that the bot writes, found again by a property of theirs.
//!
//! Jira has no idempotency key for comments. Each carries a property (`properties`, which Jira's documents
//! allow when a comment is made or changed), and whoever is about to write one looks for it first.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::when::instant;
use crate::domain::{IssueKey, Source};
use crate::sources::{Call, ErrorKind, SourceError, Writing};

/// A comment of the bot's own with its property.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnComment {
    /// Its id.
    pub id: String,
    /// The property's value.
    pub property: Value,
    /// Whether somebody else has changed it since.
    pub touched: bool,
}

/// Comments asked for at a time.
const PAGE: u64 = 100;
/// Nobody has so many in a few days.
const MOST_PAGES: u64 = 20;

impl Writing {
    /// The account that the bot uses.
    ///
    /// # Errors
    /// When Jira does not say.
    pub async fn jira_self(&self) -> Result<String, SourceError> {
        let call = self.upstream.jira.get("GET /rest/api/3/myself", "/rest/api/3/myself")?;
        let me = self.send(call).await?;
        let id = me.get("accountId").and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| SourceError::protocol(Source::Jira))
    }

    /// The account's comments on an issue since an instant that carry the property.
    ///
    /// # Errors
    /// When Jira does not list them.
    pub async fn own_comments(
        &self,
        issue: &IssueKey,
        account: &str,
        key: &'static str,
        since: Timestamp,
    ) -> Result<Vec<OwnComment>, SourceError> {
        let mut found = Vec::new();
        let mut start = 0;
        for _ in 0..MOST_PAGES {
            let page = self.comment_page(issue, start).await?;
            let comments = page.get("comments").and_then(Value::as_array);
            let comments = comments.ok_or_else(|| SourceError::protocol(Source::Jira))?;
            for comment in comments.iter().filter(|comment| by(comment, "author") == Some(account)) {
                if created(comment).is_none_or(|at| at >= since) {
                    found.extend(self.own(comment, account, key).await?);
                }
            }
            start += u64::try_from(comments.len()).unwrap_or(PAGE);
            let total = page.get("total").and_then(Value::as_u64).unwrap_or(0);
            // Newest first: what follows is older still.
            let past = comments.last().and_then(created).is_some_and(|at| at < since);
            if comments.is_empty() || start >= total || past {
                break;
            }
        }
        Ok(found)
    }

    async fn comment_page(&self, issue: &IssueKey, start: u64) -> Result<Value, SourceError> {
        let path = format!("/rest/api/3/issue/{issue}/comment");
        let call = self.upstream.jira.get("GET /rest/api/3/issue/{issueIdOrKey}/comment", &path)?;
        let call = call.query("startAt", start.to_string()).query("maxResults", PAGE.to_string());
        self.send(call.query("orderBy", "-created").query("expand", "properties")).await
    }

    /// A comment with its property. Whether a list of comments holds their properties is not documented:
    /// where it does not, the property is asked for.
    async fn own(
        &self,
        comment: &Value,
        account: &str,
        key: &'static str,
    ) -> Result<Option<OwnComment>, SourceError> {
        let Some(id) = comment.get("id").and_then(Value::as_str) else { return Ok(None) };
        let property = match comment.get("properties").and_then(Value::as_array) {
            Some(properties) => {
                let is = |one: &&Value| one.get("key").and_then(Value::as_str) == Some(key);
                properties.iter().find(is).and_then(|one| one.get("value")).cloned()
            }
            None => self.comment_property(id, key).await?,
        };
        let touched = by(comment, "updateAuthor").is_some_and(|other| other != account);
        Ok(property.map(|property| OwnComment { id: id.to_owned(), property, touched }))
    }

    async fn comment_property(&self, id: &str, key: &'static str) -> Result<Option<Value>, SourceError> {
        let path = format!("/rest/api/3/comment/{id}/properties/{key}");
        let name = "GET /rest/api/3/comment/{commentId}/properties/{propertyKey}";
        match self.send(self.upstream.jira.get(name, &path)?).await {
            Ok(mut found) => Ok(found.get_mut("value").map(Value::take)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Adds a comment, or changes one when `id` names it. It may have been done although an error comes back.
    ///
    /// # Errors
    /// When Jira refuses it or does not answer.
    pub async fn write_comment(
        &self,
        issue: &IssueKey,
        id: Option<&str>,
        body: &Value,
        key: &'static str,
        value: &Value,
    ) -> Result<String, SourceError> {
        let content = json!({"body": body, "properties": [{"key": key, "value": value}]});
        let jira = &self.upstream.jira;
        let call = match id {
            None => {
                let path = format!("/rest/api/3/issue/{issue}/comment");
                jira.change(Call::post, "POST /rest/api/3/issue/{issueIdOrKey}/comment", &path, content)?
            }
            Some(id) => {
                let path = format!("/rest/api/3/issue/{issue}/comment/{id}");
                jira.change(Call::put, "PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}", &path, content)?
            }
        };
        let written = self.send(call).await?;
        let id = written.get("id").and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| SourceError::protocol(Source::Jira))
    }
}

fn by<'v>(comment: &'v Value, role: &str) -> Option<&'v str> {
    comment.get(role)?.get("accountId")?.as_str()
}

fn created(comment: &Value) -> Option<Timestamp> {
    comment.get("created").and_then(instant)
}
