//! The tracking page and its past.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Cast, day, days};
use crate::world::{Page, PageVersion, Space, World};

pub(super) fn pages(world: &mut World, cast: &Cast, now: Timestamp) {
    world.confluence.spaces = vec![Space {
        id: "65536".to_owned(),
        key: "ENG".to_owned(),
        name: "Engineering".to_owned(),
        homepage: "65600".to_owned(),
    }];
    let version = |number: u32, at: i64, author: &String, title: &str, storage: String| PageVersion {
        number,
        created: days(now, at),
        author: author.clone(),
        message: String::new(),
        storage,
        title: title.to_owned(),
    };
    let page = |id: &str, parent: Option<&str>, versions: Vec<PageVersion>| Page {
        id: id.to_owned(),
        space: "65536".to_owned(),
        parent: parent.map(str::to_owned),
        status: "current".to_owned(),
        readers: None,
        editors: None,
        labels: Vec::new(),
        properties: BTreeMap::new(),
        versions,
    };
    let home =
        page("65600", None, vec![version(1, -60, &cast.lead, "Engineering", "<p>Welcome</p>".to_owned())]);
    let title = "DCT tracking";
    let mut tracking = page(
        "98304",
        Some("65600"),
        vec![
            version(1, -30, &cast.lead, title, table("Yellow", "ON HOLD", &day(now, 30))),
            version(2, -14, &cast.tester, title, table("Green", "ON TRACK", &day(now, 20))),
            version(3, -4, &cast.lead, title, table("Green", "ON TRACK", &day(now, 10))),
        ],
    );
    tracking.labels.push("tracking".to_owned());
    let mut secret = page(
        "98400",
        Some("65600"),
        vec![version(1, -5, &cast.lead, "Reorganisation", "<p>Hush</p>".to_owned())],
    );
    secret.readers = Some(BTreeSet::from([cast.lead.clone()]));
    let mut locked = page(
        "98432",
        Some("98304"),
        vec![version(1, -5, &cast.lead, "Decisions", "<p>Read only</p>".to_owned())],
    );
    locked.editors = Some(BTreeSet::from([cast.lead.clone()]));
    for page in [home, tracking, secret, locked] {
        world.confluence.pages.insert(page.id.clone(), page);
    }
}

/// A status table of one row.
fn table(colour: &str, status: &str, date: &str) -> String {
    format!(
        "<h1>Status</h1><table><tbody><tr><th>Initiative</th><th>Status</th><th>Date</th></tr><tr><td>ROAD-1 Move to \
         the new data center</td><td><ac:structured-macro ac:name=\"status\"><ac:parameter \
         ac:name=\"colour\">{colour}</ac:parameter><ac:parameter ac:name=\"title\">{status}</ac:parameter>\
         </ac:structured-macro></td><td><time datetime=\"{date}\" /></td></tr></tbody></table>"
    )
}
