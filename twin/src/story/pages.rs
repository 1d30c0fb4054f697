//! The wiki: three tracking pages with their versions, pages to publish to, and neighbours.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::calendar::Calendar;
use super::cast::DOMAIN;
use super::ids::{account_id, channel_id};
use super::talk::Post;
use super::{register, status_table};
use crate::world::{ConfluenceWorld, Page, PageVersion, Space};

/// The status table.
pub const STATUS: &str = "98304";
/// The risk register.
pub const RISKS: &str = "131072";
/// The decision log.
pub const DECISIONS: &str = "147456";
/// Where the sprint board is published.
pub const SPRINT_BOARD: &str = "163840";
/// Where the roadmap is published.
pub const ROADMAP: &str = "163841";
/// Where the roadmap for technical leadership is published.
pub const TECH_ROADMAP: &str = "163842";
/// Notes that only the steering group may read.
pub const STEERING_NOTES: &str = "180224";
/// The program's start page.
pub const HOME: &str = "65536";

const SPACE: &str = "32768";

/// When the customer notices were pulled forward in Jira; the page follows twelve minutes later.
pub fn notices_pulled_forward(calendar: &Calendar) -> Timestamp {
    calendar.last(16, 10)
}

/// The wiki as it stands.
pub fn site(calendar: &Calendar, named: &BTreeMap<&'static str, Post>) -> ConfluenceWorld {
    let mut pages = vec![
        page(HOME, None, plain(calendar, "Data Center Transition", HOME_TEXT, "dana")),
        page(STATUS, Some(HOME), status_table::versions(calendar)),
        page(RISKS, Some(HOME), register::versions(calendar)),
        page(DECISIONS, Some(HOME), decisions(calendar, named.get("freeze"))),
        page(SPRINT_BOARD, Some(HOME), plain(calendar, "DCT sprint board", BOARD_TEXT, "zofia")),
        page(ROADMAP, Some(HOME), plain(calendar, "DCT roadmap", BOARD_TEXT, "dana")),
        page(TECH_ROADMAP, Some(HOME), plain(calendar, "DCT roadmap, technical view", BOARD_TEXT, "marcus")),
        page("163900", Some(HOME), plain(calendar, "Cutover: steps and crew", CUTOVER_TEXT, "priya")),
        page(
            "163901",
            Some(HOME),
            plain(calendar, "Runbook index", "<p>Power, carriers, storage, people.</p>", "amara"),
        ),
    ];
    let insiders = ["sam", "anja", "ruben", "hugo", "marcus", "hannah"].map(account_id);
    let mut notes =
        page(STEERING_NOTES, Some(HOME), plain(calendar, "Steering group notes", NOTES_TEXT, "sam"));
    notes.readers = Some(BTreeSet::from(insiders));
    pages.push(notes);
    let mut old =
        page("163950", Some(HOME), plain(calendar, "Site selection (old)", "<p>Frankfurt won.</p>", "sam"));
    old.status = "archived".to_owned();
    pages.push(old);
    let mut draft =
        page("163951", Some(HOME), plain(calendar, "Lessons learned", "<p>To be written.</p>", "dana"));
    draft.status = "draft".to_owned();
    pages.push(draft);
    ConfluenceWorld {
        spaces: vec![Space {
            id: SPACE.to_owned(),
            key: "DCT".to_owned(),
            name: "Data Center Transition".to_owned(),
            homepage: HOME.to_owned(),
        }],
        pages: pages.into_iter().map(|page| (page.id.clone(), page)).collect(),
    }
}

/// A version of a page: who wrote it, when and why, and what it said then.
pub fn version(
    number: u32,
    created: Timestamp,
    author: &str,
    message: &str,
    title: &str,
    storage: String,
) -> PageVersion {
    PageVersion {
        number,
        created,
        author: account_id(author),
        message: message.to_owned(),
        storage,
        title: title.to_owned(),
    }
}

/// The status macro as Confluence writes it.
pub fn lozenge(colour: &str, title: &str) -> String {
    format!(
        "<ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\"><ac:parameter ac:name=\"colour\">{colour}</ac:parameter><ac:parameter ac:name=\"title\">{title}</ac:parameter></ac:structured-macro>"
    )
}

/// The Jira macro for one issue.
pub fn issue(key: &str) -> String {
    format!(
        "<ac:structured-macro ac:name=\"jira\" ac:schema-version=\"1\"><ac:parameter ac:name=\"key\">{key}</ac:parameter><ac:parameter ac:name=\"serverId\">5c1d7a3e-0000-3000-8000-fc0000000001</ac:parameter><ac:parameter ac:name=\"server\">System Jira</ac:parameter></ac:structured-macro>"
    )
}

/// A mention of somebody.
pub fn person(handle: &str) -> String {
    format!("<ac:link><ri:user ri:account-id=\"{}\" /></ac:link>", account_id(handle))
}

/// A date.
pub fn date(iso: &str) -> String {
    format!("<time datetime=\"{iso}\" />")
}

/// A table with a heading row; cells are storage format.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::from("<table data-layout=\"full-width\"><tbody><tr>");
    for cell in heading {
        out.push_str(&format!("<th><p><strong>{cell}</strong></p></th>"));
    }
    out.push_str("</tr>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str(&format!("<td><p>{cell}</p></td>"));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// The decision log: the freeze is in it, with a link to where it was decided; dual power is not.
fn decisions(calendar: &Calendar, freeze: Option<&Post>) -> Vec<PageVersion> {
    let title = "DCT decision log";
    let old = [
        (40, "Frankfurt hall 2 for storage, hall 1 for everything else", "sam"),
        (28, "Waves by service, not by team", "chloe"),
        (17, "One rehearsal with all carriers before the weekend", "priya"),
    ];
    let mut rows: Vec<Vec<String>> = old
        .iter()
        .map(|(k, what, who)| {
            vec![
                date(&calendar.workday(*k).to_string()),
                (*what).to_owned(),
                person(who),
                "Weekly".to_owned(),
            ]
        })
        .collect();
    let body = |rows: &[Vec<String>]| {
        let intro = "<p>What was decided, newest last. If it is not in here, it was not decided.</p>";
        format!("{intro}{}", table(&["Date", "Decision", "Taken by", "Where"], rows))
    };
    let mut versions = vec![version(1, calendar.at(17, 12, 0), "dana", "", title, body(&rows))];
    if let Some(freeze) = freeze {
        let link = format!(
            "<a href=\"https://{DOMAIN}.slack.com/archives/{}/p{}?thread_ts={}&amp;cid={0}\">#dct-cutover</a>",
            channel_id(freeze.channel),
            freeze.ts.replace('.', ""),
            freeze.thread
        );
        rows.push(vec![
            date(&calendar.workday(6).to_string()),
            "Change freeze from Wednesday 18:00 until the Monday after the rehearsal".to_owned(),
            person("dana"),
            link,
        ]);
        let at = freeze.at + SignedDuration::from_mins(95);
        versions.push(version(2, at, "dana", "Change freeze", title, body(&rows)));
    }
    versions
}

fn plain(calendar: &Calendar, title: &str, text: &str, author: &str) -> Vec<PageVersion> {
    vec![version(1, calendar.at(45, 14, 0), author, "", title, text.to_owned())]
}

fn page(id: &str, parent: Option<&str>, versions: Vec<PageVersion>) -> Page {
    Page {
        id: id.to_owned(),
        space: SPACE.to_owned(),
        parent: parent.map(str::to_owned),
        status: "current".to_owned(),
        readers: None,
        editors: None,
        labels: vec!["dct".to_owned()],
        properties: BTreeMap::from([("editor".to_owned(), json!("v2"))]),
        versions,
    }
}

const HOME_TEXT: &str = "<p>Kestrel Freight leaves Slough. Status, risks and decisions are on the pages below; talk is in <code>#dct-program</code>.</p><ac:structured-macro ac:name=\"children\" ac:schema-version=\"2\" />";
const BOARD_TEXT: &str = "<p>Notes above the generated part are ours and stay.</p><p><ac:inline-comment-marker ac:ref=\"7b1e2f60-0d5c-4a53-9a3c-8f1f4a6f2c11\">Who moderates the review?</ac:inline-comment-marker></p>";
const CUTOVER_TEXT: &str = "<h2>Go/no-go</h2><ul><li><p>Both carriers up</p></li><li><p>Replica lag under 5 s</p></li><li><p>Crew on the bridge</p></li></ul><ac:structured-macro ac:name=\"info\" ac:schema-version=\"1\"><ac:rich-text-body><p>Bridge opens at 05:45 London.</p></ac:rich-text-body></ac:structured-macro>";
const NOTES_TEXT: &str = "<p>Project Falcon: holdover 310k a month, board in January.</p>";
