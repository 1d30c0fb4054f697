//! Pages as they are stored, to be changed: read whole, byte for byte, and written whole.
//!
//! Confluence's v2 API takes a page's whole body and the number of its next version, and answers 409 when
//! somebody was faster. What to write is not decided here.

use serde_json::{Value, json};

use super::page::address;
use crate::domain::{PageId, Source};
use crate::sources::{Call, ErrorKind, SourceError, Writing};

/// A page at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WikiPage {
    /// Its id.
    pub id: PageId,
    /// Its title.
    pub title: String,
    /// Where people open it.
    pub url: String,
    /// The version's number.
    pub version: u32,
    /// What whoever saved the version said about it.
    pub message: String,
    /// The body in storage format, as it is.
    pub storage: String,
}

/// A page to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPage {
    /// The space's id.
    pub space: String,
    /// The page under which it goes; `None` for below the space's home.
    pub parent: Option<PageId>,
    /// Its title.
    pub title: String,
    /// Its body in storage format.
    pub storage: String,
}

/// How many of a page's latest versions are looked through for one of ours.
const VERSIONS: &str = "50";

impl Writing {
    /// A page as it stands.
    ///
    /// # Errors
    /// When Confluence does not give it.
    pub async fn wiki_page(&self, id: &PageId) -> Result<WikiPage, SourceError> {
        self.wiki_version(id, None).await
    }

    /// A page at an earlier version, or as it stands.
    ///
    /// # Errors
    /// When Confluence does not give it.
    pub async fn wiki_version(&self, id: &PageId, version: Option<u32>) -> Result<WikiPage, SourceError> {
        let client = &self.upstream.confluence;
        let mut call = client.get("GET /wiki/api/v2/pages/{id}", &format!("/api/v2/pages/{id}"))?;
        call = call.query("body-format", "storage");
        if let Some(number) = version {
            call = call.query("version", number.to_string());
        }
        self.read(&self.send(call).await?)
    }

    /// The latest versions of a page: number and message, newest first.
    ///
    /// # Errors
    /// When Confluence does not list them.
    pub async fn wiki_versions(&self, id: &PageId) -> Result<Vec<(u32, String)>, SourceError> {
        let path = format!("/api/v2/pages/{id}/versions");
        let call = self.upstream.confluence.get("GET /wiki/api/v2/pages/{id}/versions", &path)?;
        let listed = self.send(call.query("limit", VERSIONS).query("sort", "-modified-date")).await?;
        let mut versions: Vec<(u32, String)> = results(&listed)?.iter().filter_map(version).collect();
        versions.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        Ok(versions)
    }

    /// Whether the bot's account may edit a page.
    ///
    /// # Errors
    /// When Confluence does not say.
    pub async fn may_edit(&self, id: &PageId) -> Result<bool, SourceError> {
        let path = format!("/api/v2/pages/{id}/operations");
        let call = self.upstream.confluence.get("GET /wiki/api/v2/pages/{id}/operations", &path)?;
        let permitted = self.send(call).await?;
        let operations = permitted.get("operations").and_then(Value::as_array);
        let operations = operations.ok_or_else(|| SourceError::protocol(Source::Confluence))?;
        Ok(operations.iter().any(|one| {
            text(one, "operation").as_deref() == Some("update")
                && text(one, "targetType").as_deref() == Some("page")
        }))
    }

    /// The id of a space, by its key.
    ///
    /// # Errors
    /// When there is none that the bot's account may see.
    pub async fn wiki_space(&self, key: &str) -> Result<String, SourceError> {
        let call = self.upstream.confluence.get("GET /wiki/api/v2/spaces", "/api/v2/spaces")?;
        let found = self.send(call.query("keys", key).query("limit", "25")).await?;
        let named = |space: &&Value| {
            space.get("key").and_then(Value::as_str).is_some_and(|other| other.eq_ignore_ascii_case(key))
        };
        let id = results(&found)?.iter().find(named).and_then(|space| text(space, "id"));
        id.ok_or_else(|| {
            let detail = format!("Confluence has no space {key} that the bot's account may see");
            SourceError::new(Source::Confluence, ErrorKind::NotFound, detail)
        })
    }

    /// The page of this title in a space, if there is one.
    ///
    /// # Errors
    /// When Confluence does not say.
    pub async fn wiki_titled(&self, space: &str, title: &str) -> Result<Option<WikiPage>, SourceError> {
        let call = self.upstream.confluence.get("GET /wiki/api/v2/pages", "/api/v2/pages")?;
        let call = call.query("space-id", space).query("title", title).query("status", "current");
        let found = self.send(call.query("body-format", "storage").query("limit", "25")).await?;
        let named = |page: &&Value| page.get("title").and_then(Value::as_str) == Some(title);
        let Some(page) = results(&found)?.iter().find(named) else { return Ok(None) };
        self.read(page).map(Some)
    }

    /// Makes a page. It may have been made although an error comes back: look before making it again.
    ///
    /// # Errors
    /// When Confluence refuses it, as it does when there is a page of this title, or does not answer.
    pub async fn create_page(&self, page: &NewPage) -> Result<WikiPage, SourceError> {
        let mut body = json!({
            "spaceId": page.space, "status": "current", "title": page.title,
            "body": {"representation": "storage", "value": page.storage},
        });
        if let (Some(fields), Some(parent)) = (body.as_object_mut(), &page.parent) {
            fields.insert("parentId".to_owned(), json!(parent));
        }
        let client = &self.upstream.confluence;
        let call = client.change(Call::post, "POST /wiki/api/v2/pages", "/api/v2/pages", body)?;
        let made = self.send(call).await?;
        let id = text(&made, "id").and_then(|id| id.parse().ok());
        let id: PageId = id.ok_or_else(|| SourceError::protocol(Source::Confluence))?;
        Ok(WikiPage {
            url: address(&made, &id, &client.site),
            id,
            title: page.title.clone(),
            version: version(made.get("version").unwrap_or(&Value::Null)).map_or(1, |(number, _)| number),
            message: String::new(),
            storage: page.storage.clone(),
        })
    }

    /// Writes the version after `page`. It may have been written although an error comes back.
    ///
    /// # Errors
    /// When Confluence refuses it, as it does when somebody was faster, or does not answer.
    pub async fn update_page(
        &self,
        page: &WikiPage,
        storage: &str,
        message: &str,
    ) -> Result<u32, SourceError> {
        let next = page.version.saturating_add(1);
        let body = json!({
            "id": page.id, "status": "current", "title": page.title,
            "body": {"representation": "storage", "value": storage},
            "version": {"number": next, "message": message},
        });
        let path = format!("/api/v2/pages/{}", page.id);
        let call = self.upstream.confluence.change(Call::put, "PUT /wiki/api/v2/pages/{id}", &path, body)?;
        self.send(call).await.map(|_| next)
    }

    fn read(&self, page: &Value) -> Result<WikiPage, SourceError> {
        let read = || {
            let id: PageId = text(page, "id")?.parse().ok()?;
            let (number, message) = version(page.get("version")?)?;
            Some(WikiPage {
                url: address(page, &id, &self.upstream.confluence.site),
                id,
                title: text(page, "title").unwrap_or_default(),
                version: number,
                message,
                // A page that nobody has written in yet may have no body.
                storage: page
                    .pointer("/body/storage/value")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            })
        };
        // Without its body there is nothing that may be kept: a page is never written from half an answer.
        let whole = page.pointer("/body/storage").is_some_and(Value::is_object);
        read().filter(|_| whole).ok_or_else(|| SourceError::protocol(Source::Confluence))
    }
}

fn results(listed: &Value) -> Result<&[Value], SourceError> {
    let results = listed.get("results").and_then(Value::as_array);
    results.map(Vec::as_slice).ok_or_else(|| SourceError::protocol(Source::Confluence))
}

fn version(value: &Value) -> Option<(u32, String)> {
    let number = value.get("number").and_then(Value::as_u64)?;
    Some((u32::try_from(number).ok()?, text(value, "message").unwrap_or_default()))
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}
