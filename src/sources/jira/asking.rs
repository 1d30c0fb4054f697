//! What is asked of Jira when a configuration is checked, and in no run.

use serde_json::{Value, json};

use crate::domain::{BoardId, Source};
use crate::sources::{Opening, SourceError, Writing};

use super::reader::fields;

impl Opening {
    /// The fields that the configuration names, or that go by their usual names, and that the site does not have.
    ///
    /// # Errors
    /// When Jira does not list its fields.
    pub async fn missing_fields(&self) -> Result<Vec<String>, SourceError> {
        Ok(fields(self).await?.missing.clone())
    }
}

impl Writing {
    /// The name of the account that the bot uses.
    ///
    /// # Errors
    /// When Jira does not say.
    pub async fn jira_name(&self) -> Result<String, SourceError> {
        let call = self.upstream.jira.get("GET /rest/api/3/myself", "/rest/api/3/myself")?;
        let me = self.send(call).await?;
        let name = me.get("displayName").or_else(|| me.get("accountId")).and_then(Value::as_str);
        name.map(str::to_owned).ok_or_else(|| SourceError::protocol(Source::Jira))
    }

    /// Whether a query returns anything that the bot's account may see.
    ///
    /// # Errors
    /// When Jira refuses the query, and says why.
    pub async fn finds(&self, jql: &str) -> Result<bool, SourceError> {
        let body = json!({"jql": jql, "maxResults": 1, "fields": ["summary"]});
        let call = self.upstream.jira.ask("POST /rest/api/3/search/jql", "/rest/api/3/search/jql", body)?;
        let found = self.send(call).await?;
        let issues = found.get("issues").and_then(Value::as_array);
        issues.map(|issues| !issues.is_empty()).ok_or_else(|| SourceError::protocol(Source::Jira))
    }

    /// A board's name and kind: `scrum`, `kanban` or `simple`.
    ///
    /// # Errors
    /// When there is none that the bot's account may see.
    pub async fn board(&self, id: BoardId) -> Result<(String, String), SourceError> {
        let path = format!("/rest/agile/1.0/board/{id}");
        let board = self.send(self.upstream.jira.get("GET /rest/agile/1.0/board/{boardId}", &path)?).await?;
        let text = |name: &str| board.get(name).and_then(Value::as_str).map(str::to_owned);
        text("name").zip(text("type")).ok_or_else(|| SourceError::protocol(Source::Jira))
    }
}
