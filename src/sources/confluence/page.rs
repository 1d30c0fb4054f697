//! A tracking page: what it says, and what it said before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::flow::{self, Reading};
use super::storage::Document;
use super::versions::{self, Version, evenly, reaches, to_compare};
use super::walk::tables;
use crate::domain::{PageId, PageSnapshot, Source, TrackedPage};
use crate::sources::jira::send;
use crate::sources::timeline::{both, concurrently};
use crate::sources::{ErrorKind, SourceError, Sources};

/// People looked up in one call; a page that mentions more shows the others by id.
const MOST_NAMES: usize = 250;

/// Reads it: the page beside the list of its versions, then the bodies of earlier ones beside the
/// names of the people.
pub(in crate::sources) async fn page(sources: &Sources, id: &PageId) -> Result<TrackedPage, SourceError> {
    let since = sources.scope.compare_pages_since;
    let (current, listed) = both(fetch(sources, id, None), list_versions(sources, id, since)).await;
    let current = current?;
    // What a page says now is worth having without what it said before. One that was last saved before that says it
    // all: nothing of it is to be compared.
    let mut earlier_unread = false;
    let mut miss = |error: SourceError| {
        if current.version.at > since {
            earlier_unread = true;
            sources.run.note_half_read(error);
        }
    };
    let compared = to_compare(listed.map_err(&mut miss).unwrap_or_default(), &current.version, since);
    let chosen = evenly(&compared, versions::MOST);
    if chosen.len() < compared.len() {
        sources.run.leave_out(format!(
            "the page “{}” was saved {} times since it was compared last: {} of these versions were read",
            current.title,
            compared.len(),
            chosen.len()
        ));
    }
    let people = current.people(&chosen);
    let bodies = concurrently(chosen.iter().map(|version| fetch(sources, id, Some(version.number))));
    // Everything is read with the same names, so that a row is the same when its words are.
    let (bodies, accounts) = both(bodies, accounts(sources, people)).await;
    let reading = Reading { site: &sources.upstream.confluence.site, names: &accounts.names };
    let mut earlier = Vec::new();
    let mut earlier_gone = false;
    for body in bodies {
        match body {
            Ok(body) => earlier.push(body.snapshot(reading, &accounts.apps)),
            // One version can be deleted from the history, or be in a form of long ago.
            Err(SourceError { kind: ErrorKind::NotFound | ErrorKind::Protocol, .. }) => {
                earlier_gone = true;
                sources.run.leave_out(format!(
                    "an earlier version of the page “{}” could not be read",
                    current.title
                ));
            }
            Err(error) => miss(error),
        }
    }
    sources.run.cover_page(id);
    Ok(TrackedPage {
        id: id.clone(),
        title: current.title.clone(),
        url: current.url.clone(),
        current: current.snapshot(reading, &accounts.apps),
        earlier,
        earlier_unread,
        earlier_gone,
    })
}

/// One version of a page, parsed.
struct Body {
    title: String,
    url: String,
    version: Version,
    document: Document,
}

impl Body {
    fn snapshot(&self, reading: Reading<'_>, apps: &BTreeSet<String>) -> PageSnapshot {
        let by = self.version.by.as_ref();
        PageSnapshot {
            version: self.version.number,
            at: self.version.at,
            by: by.map(|id| reading.names.get(id).unwrap_or(id).clone()),
            by_app: by.is_some_and(|id| apps.contains(id)),
            tables: tables(&self.document, reading),
            text: flow::plain_text(&self.document, reading),
            links: flow::addresses(&self.document),
        }
    }

    fn people(&self, others: &[Version]) -> BTreeSet<String> {
        let mut ids = flow::mentioned(&self.document);
        ids.extend(others.iter().chain([&self.version]).filter_map(|version| version.by.clone()));
        ids
    }
}

async fn fetch(sources: &Sources, id: &PageId, version: Option<u32>) -> Result<Body, SourceError> {
    let client = &sources.upstream.confluence;
    let mut call = client.get("GET /wiki/api/v2/pages/{id}", &format!("/api/v2/pages/{id}"))?;
    call = call.query("body-format", "storage");
    if let Some(number) = version {
        call = call.query("version", number.to_string());
    }
    let page: Value = send(sources, call).await.map_err(|error| named(error, id))?;
    body(&page, id, &client.site).ok_or_else(|| {
        let detail = format!("Confluence page {id} came in a form that could not be read");
        SourceError::new(Source::Confluence, ErrorKind::Protocol, detail)
    })
}

fn body(page: &Value, id: &PageId, site: &str) -> Option<Body> {
    let storage = page.pointer("/body/storage/value").and_then(Value::as_str)?;
    let document = match Document::parse(storage) {
        Ok(document) => document,
        Err(error) => {
            tracing::warn!(confluence.page = %id, %error, "a page is not well-formed");
            return None;
        }
    };
    let title = page.get("title").and_then(Value::as_str).unwrap_or("").trim();
    Some(Body {
        title: if title.is_empty() { format!("Page {id}") } else { title.to_owned() },
        url: address(page, id, site),
        version: versions::version(page.get("version")?)?,
        document,
    })
}

/// Where people open the page. The answer says, in two parts, even behind a gateway.
pub(super) fn address(page: &Value, id: &PageId, site: &str) -> String {
    let link = |name: &str| page.pointer(&format!("/_links/{name}")).and_then(Value::as_str);
    let base = link("base").filter(|base| base.starts_with("http"));
    let base = base.map_or_else(|| format!("{site}/wiki"), |base| base.trim_end_matches('/').to_owned());
    let plain = format!("{base}/pages/viewpage.action?pageId={id}");
    let whole = match link("webui").filter(|path| !path.is_empty()) {
        Some(path) if path.starts_with("http") => path.to_owned(),
        Some(path) => format!("{base}/{}", path.trim_start_matches('/')),
        None => return plain,
    };
    // The page's title, which is anybody's words, stands in it: nothing in there may be more than a path.
    url::Url::parse(&whole).map_or(plain, String::from)
}

/// The heads of a page's versions, back to the one in force at `since`.
async fn list_versions(
    sources: &Sources,
    id: &PageId,
    since: Timestamp,
) -> Result<Vec<Version>, SourceError> {
    let client = &sources.upstream.confluence;
    let mut listed: Vec<Version> = Vec::new();
    let mut cursors: BTreeSet<String> = BTreeSet::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut call =
            client.get("GET /wiki/api/v2/pages/{id}/versions", &format!("/api/v2/pages/{id}/versions"))?;
        call = call.query("limit", "50").query("sort", "-modified-date");
        if let Some(cursor) = &cursor {
            call = call.query("cursor", cursor);
        }
        let page: Value = send(sources, call).await.map_err(|error| named(error, id))?;
        let Some(results) = page.get("results").and_then(Value::as_array) else {
            return Err(SourceError::protocol(Source::Confluence));
        };
        listed.extend(results.iter().filter_map(versions::version));
        if reaches(&listed, since) {
            return Ok(listed);
        }
        cursor = page.pointer("/_links/next").and_then(Value::as_str).and_then(cursor_of);
        match &cursor {
            Some(next) if cursors.insert(next.clone()) => {}
            // The last page, or one that leads back to where the list has been.
            _ => return Ok(listed),
        }
    }
}

/// The cursor in the address of a next page. The address itself is relative to a host that a gateway
/// may stand in front of.
fn cursor_of(next: &str) -> Option<String> {
    let query = next.split_once('?').map_or(next, |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "cursor")
        .map(|(_, value)| value.into_owned())
}

/// Who is behind account ids.
#[derive(Debug, Default, PartialEq, Eq)]
struct Accounts {
    names: BTreeMap<String, String>,
    /// Those who are no people.
    apps: BTreeSet<String>,
}

/// Looks account ids up. A nicety: where it fails, the ids stand for themselves, and everybody for a person.
async fn accounts(sources: &Sources, ids: BTreeSet<String>) -> Accounts {
    if ids.is_empty() {
        return Accounts::default();
    }
    let ids: Vec<String> = ids.into_iter().take(MOST_NAMES).collect();
    let client = &sources.upstream.confluence;
    let answer: Result<Value, SourceError> = async {
        let call =
            client.ask("POST /wiki/api/v2/users-bulk", "/api/v2/users-bulk", json!({"accountIds": ids}))?;
        send(sources, call).await
    }
    .await;
    match answer {
        Ok(answer) => accounts_in(&answer),
        Err(error) => {
            tracing::debug!(%error, "people on a page are shown by their ids");
            Accounts::default()
        }
    }
}

fn accounts_in(answer: &Value) -> Accounts {
    let users = answer.get("results").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut accounts = Accounts::default();
    for user in users {
        let text = |name: &str| user.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let Some(id) = text("accountId") else { continue };
        if let Some(name) = text("displayName").or_else(|| text("publicName")) {
            accounts.names.insert(id.to_owned(), name.to_owned());
        }
        if text("accountType") == Some("app") {
            accounts.apps.insert(id.to_owned());
        }
    }
    accounts
}

/// A page that is not there: which, and what to do.
fn named(error: SourceError, id: &PageId) -> SourceError {
    if error.kind != ErrorKind::NotFound {
        return error;
    }
    let detail = format!(
        "Confluence page {id} does not exist, or the bot's account may not see it: check `pages` in the \
         configuration and the page's restrictions"
    );
    SourceError::new(Source::Confluence, ErrorKind::NotFound, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Value {
        json!({"id": "98304", "title": "DCT status", "status": "current",
            "version": {"number": 7, "createdAt": "2026-11-20T08:00:00.000Z", "authorId": "5b"},
            "body": {"storage": {"representation": "storage", "value": "<p>Owner <ac:link><ri:user ri:account-id=\"6c\"/></ac:link></p>"}},
            "_links": {"base": "https://acme.atlassian.net/wiki", "webui": "/spaces/ENG/pages/98304/DCT+status"}})
    }

    fn id() -> PageId {
        "98304".parse().unwrap()
    }

    #[test]
    fn a_page_is_read_with_its_people_by_name() {
        let read = body(&page(), &id(), "https://acme.atlassian.net").unwrap();
        assert_eq!(read.url, "https://acme.atlassian.net/wiki/spaces/ENG/pages/98304/DCT+status");
        assert_eq!(read.people(&[]).into_iter().collect::<Vec<_>>(), ["5b", "6c"]);
        let accounts = accounts_in(&json!({"results": [
            {"accountId": "5b", "displayName": "Mia", "publicName": "mia", "accountType": "app"},
            {"accountId": "6c", "displayName": null, "publicName": "Omar", "accountType": "atlassian"}, null]}));
        let snapshot = read.snapshot(Reading { site: "", names: &accounts.names }, &accounts.apps);
        assert!(snapshot.by_app);
        assert_eq!(
            (snapshot.version, snapshot.by.as_deref(), snapshot.text.as_str()),
            (7, Some("Mia"), "Owner Omar")
        );
    }

    #[test]
    fn an_address_is_found_without_links_too() {
        let mut page = page();
        page["_links"] = json!(null);
        let read = body(&page, &id(), "https://acme.atlassian.net").unwrap();
        assert_eq!(read.url, "https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=98304");
    }

    #[test]
    fn a_page_without_a_readable_body_is_none() {
        for broken in ["/body", "/version", "/body/storage/value"] {
            let mut page = page();
            *page.pointer_mut(broken).unwrap() = json!(null);
            assert!(body(&page, &id(), "").is_none(), "{broken}");
        }
        let mut page = page();
        page["body"]["storage"]["value"] = json!("<p>");
        assert!(body(&page, &id(), "").is_none());
    }

    #[test]
    fn a_cursor_is_taken_from_any_address() {
        let next = "/wiki/api/v2/pages/1/versions?limit=50&cursor=eyJ%3D%3D";
        assert_eq!(cursor_of(next).as_deref(), Some("eyJ=="));
        assert_eq!(cursor_of("cursor=x").as_deref(), Some("x"));
        assert_eq!(cursor_of("/wiki/api/v2/pages"), None);
    }
}
