//! Whose account is whose, and what is assigned to it.

use jiff::SignedDuration;
use serde_json::Value;

use super::client::send;
use super::people;
use super::reader::Jira;
use crate::domain::{Issue, JiraUser, Source};
use crate::sources::{SourceError, Sources};

/// The account with this e-mail address, if there is one that can be told for certain.
pub(in crate::sources) async fn account_by_email(
    sources: &Sources,
    email: &str,
) -> Result<Option<JiraUser>, SourceError> {
    let call = sources.upstream.jira.get("GET /rest/api/3/user/search", "/rest/api/3/user/search")?;
    let found: Value = send(sources, call.query("query", email).query("maxResults", "50")).await?;
    if !found.is_array() {
        return Err(SourceError::protocol(Source::Jira));
    }
    Ok(people::account(&found, email))
}

/// The open issues assigned to an account, and those resolved since the run's earliest instant.
pub(in crate::sources) async fn assigned(
    sources: &Sources,
    account: &str,
) -> Result<Vec<Issue>, SourceError> {
    let jira = Jira::begin(sources).await?;
    let since = sources.scope.since;
    // JQL reads a date in the zone of the asking account's profile, which is not known here: a day more
    // is asked for than is needed, and what is too old is dropped below.
    let margin = SignedDuration::from_hours(24);
    let from = since.checked_sub(margin).unwrap_or(since).to_zoned(jiff::tz::TimeZone::UTC).date();
    let jql = format!(
        "assignee = {} AND (statusCategory != Done OR resolved >= \"{from}\") ORDER BY duedate ASC, key ASC",
        quoted(account)
    );
    let mut found = jira.search(&jql).await?;
    found.retain(|read| !read.issue.is_done() || read.issue.resolved.is_some_and(|at| at >= since));
    jira.complete(found).await
}

/// A JQL string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_query() {
        assert_eq!(quoted("5b10:a2"), "\"5b10:a2\"");
        assert_eq!(quoted("x\" OR 1=1 \\"), "\"x\\\" OR 1=1 \\\\\"");
    }
}
