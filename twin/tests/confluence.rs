//! Confluence, over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use reqwest::StatusCode;
use serde_json::{Value, json};
use twin::server::{Options, Twin};
use twin::world::small_atlassian;

struct Site {
    twin: Twin,
    http: reqwest::Client,
}

impl Site {
    async fn open() -> Self {
        let world = small_atlassian::world();
        // The client wants a provider even for plain HTTP; the first test to come installs it.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        Self { twin: Twin::start(world, Options::recorded()).await.unwrap(), http: reqwest::Client::new() }
    }

    async fn send(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.twin.site()));
        request = request.basic_auth(format!("{who}@acme.example"), Some("token"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send("dana", "GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

fn edit(number: u32, storage: &str) -> Value {
    json!({
        "id": "98304", "status": "current", "title": "DCT tracking",
        "body": {"representation": "storage", "value": storage}, "version": {"number": number, "message": "m"},
    })
}

const PAGE: &str = "/wiki/api/v2/pages/98304";

#[tokio::test]
async fn a_page_has_a_body_only_when_it_is_asked_for() {
    let site = Site::open().await;
    assert_eq!(site.get(PAGE).await["body"], json!({}));
    let page = site.get(&format!("{PAGE}?body-format=storage&include-labels=true")).await;
    assert!(page["body"]["storage"]["value"].as_str().unwrap().contains("ON TRACK"));
    assert_eq!((page["version"]["number"].as_u64(), page["spaceId"].as_str()), (Some(3), Some("65536")));
    assert_eq!(page["labels"]["results"][0]["name"], "tracking");
    assert_eq!(page["_links"]["base"], format!("{}/wiki", site.twin.site()));
    let old = site.get(&format!("{PAGE}?body-format=storage&version=1")).await;
    assert!(old["body"]["storage"]["value"].as_str().unwrap().contains("ON HOLD"));
}

#[tokio::test]
async fn versions_go_on_by_cursor_with_bodies() {
    let site = Site::open().await;
    let mut next = Some(format!("{PAGE}/versions?limit=2&body-format=storage"));
    let mut numbers = Vec::new();
    while let Some(path) = next {
        let page = site.get(&path).await;
        for version in page["results"].as_array().unwrap() {
            assert!(version["page"]["body"]["storage"]["value"].is_string());
            numbers.push(version["number"].as_u64().unwrap());
        }
        next = page["_links"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(numbers, [3, 2, 1]);
    let two = site.get(&format!("{PAGE}/versions/2")).await;
    assert_eq!((two["prevVersion"].as_u64(), two["nextVersion"].as_u64()), (Some(1), Some(3)));
}

#[tokio::test]
async fn the_next_version_is_written_and_any_other_is_a_conflict() {
    let site = Site::open().await;
    let (status, body) = site.send("dana", "PUT", PAGE, Some(edit(3, "<p>x</p>"))).await;
    assert_eq!((status.as_u16(), body["errors"][0]["code"].as_str()), (409, Some("CONFLICT")));
    assert_eq!(site.send("dana", "PUT", PAGE, Some(edit(4, "<p>open"))).await.0, 400);
    let mut strange = edit(4, "<p>x</p>");
    strange["colour"] = json!(1);
    assert_eq!(site.send("dana", "PUT", PAGE, Some(strange)).await.0, 400);
    let mut incomplete = edit(4, "<p>x</p>");
    incomplete.as_object_mut().unwrap().remove("title");
    assert_eq!(site.send("dana", "PUT", PAGE, Some(incomplete)).await.0, 400);
    let (status, written) = site.send("dana", "PUT", PAGE, Some(edit(4, "<p>new</p>"))).await;
    assert_eq!((status.as_u16(), written["version"]["number"].as_u64()), (200, Some(4)));
    assert_eq!(
        site.get(&format!("{PAGE}?body-format=storage")).await["body"]["storage"]["value"],
        "<p>new</p>"
    );
}

#[tokio::test]
async fn what_one_may_not_read_or_edit_is_not_there() {
    let site = Site::open().await;
    assert_eq!(site.send("dana", "GET", "/wiki/api/v2/pages/98400", None).await.0, 200);
    assert_eq!(site.send("eva", "GET", "/wiki/api/v2/pages/98400", None).await.0, 404);
    let listed = site.send("eva", "GET", "/wiki/api/v2/pages?space-id=65536", None).await.1.to_string();
    assert!(!listed.contains("Reorganisation"));
    assert_eq!(site.send("eva", "GET", "/wiki/api/v2/pages/98432", None).await.0, 200);
    let mut change = edit(2, "<p>x</p>");
    change["id"] = json!("98432");
    change["title"] = json!("Decisions");
    assert_eq!(site.send("eva", "PUT", "/wiki/api/v2/pages/98432", Some(change)).await.0, 404);
}

#[tokio::test]
async fn pages_are_made_once_per_title_and_can_be_taken_away() {
    let site = Site::open().await;
    let page = json!({"spaceId": "65536", "title": "Sprint board", "parentId": "98304", "status": "current",
        "body": {"representation": "storage", "value": "<p>🦀</p>"}});
    let (status, made) = site.send("dana", "POST", "/wiki/api/v2/pages", Some(page.clone())).await;
    assert_eq!((status.as_u16(), made["parentId"].as_str()), (200, Some("98304")));
    assert_eq!(site.send("dana", "POST", "/wiki/api/v2/pages", Some(page)).await.0, 400);
    let place = format!("/wiki/api/v2/pages/{}", made["id"].as_str().unwrap());
    let children = site.get(&format!("{PAGE}/children")).await;
    assert_eq!(children["results"].as_array().unwrap().len(), 2);
    assert_eq!(site.send("dana", "DELETE", &place, None).await.0, 204);
    assert_eq!(site.send("dana", "GET", &place, None).await.0, 404);
}

#[tokio::test]
async fn labels_properties_spaces_and_search() {
    let site = Site::open().await;
    let label = json!([{"prefix": "global", "name": "dct"}]);
    assert_eq!(site.send("dana", "POST", "/wiki/rest/api/content/98304/label", Some(label)).await.0, 200);
    assert_eq!(site.get(&format!("{PAGE}/labels")).await["results"][1]["name"], "dct");
    let gone = site.send("dana", "DELETE", "/wiki/rest/api/content/98304/label?name=dct", None).await;
    assert_eq!(gone.0, 204);
    let (status, made) = site
        .send("dana", "POST", &format!("{PAGE}/properties"), Some(json!({"key": "k", "value": [1]})))
        .await;
    assert_eq!(status, 200);
    let place = format!("{PAGE}/properties/{}", made["id"].as_str().unwrap());
    let stale = json!({"key": "k", "value": 2, "version": {"number": 1}});
    assert_eq!(site.send("dana", "PUT", &place, Some(stale)).await.0, 409);
    let next = json!({"key": "k", "value": 2, "version": {"number": 2}});
    assert_eq!(site.send("dana", "PUT", &place, Some(next)).await.1["value"], 2);
    assert_eq!(site.get("/wiki/api/v2/spaces?keys=ENG").await["results"][0]["id"], "65536");
    let cql = "/wiki/rest/api/search?cql=type%3Dpage%20and%20space%3DENG%20and%20label%3Dtracking%20and%20title~%22track*%22";
    let found = site.get(cql).await;
    assert_eq!(
        (found["totalSize"].as_u64(), found["results"][0]["content"]["id"].as_str()),
        (Some(1), Some("98304"))
    );
    let bad = site.send("dana", "GET", "/wiki/rest/api/search?cql=colour%3Dred", None).await;
    assert_eq!(bad.0, 400);
}

#[tokio::test]
async fn version_one_still_reads_content() {
    let site = Site::open().await;
    let page =
        site.get("/wiki/rest/api/content/98304?expand=body.storage,version,history.lastUpdated,space").await;
    assert_eq!((page["version"]["number"].as_u64(), page["space"]["key"].as_str()), (Some(3), Some("ENG")));
    assert!(page["body"]["storage"]["value"].as_str().unwrap().starts_with("<h1>"));
    assert_eq!(site.get("/wiki/rest/api/user/current").await["displayName"], "Dana Whitfield");
}
