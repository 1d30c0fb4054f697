//! What caughtup writes: with the real binary, over sockets, on the story's pages, issues and channels.

mod buttons;
mod refusals;
mod rewriting;
mod standup;

use serde_json::Value;
use twin::server::Shared;
use twin::world::PageVersion;

use crate::company::Company;

/// The pages of the story that are there to be published on, with whose they are.
pub const PAGES: [(&str, &str); 3] =
    [("sprint-board", "163840"), ("roadmap", "163841"), ("tech-roadmap", "163842")];
pub const BOARD: &str = "163840";

/// A page's versions, oldest first.
pub fn versions(company: &Company, page: &str) -> Vec<PageVersion> {
    company.twin.shared().world().confluence.pages[page].versions.clone()
}

/// A page as it stands.
pub fn page(company: &Company, page: &str) -> String {
    versions(company, page).last().unwrap().storage.clone()
}

/// Somebody of the company edits a page.
pub fn edit(company: &Company, page: &str, change: impl FnOnce(String) -> String) -> String {
    let mut world = company.twin.shared().world();
    let now = world.confluence.pages[page].versions.last().unwrap();
    let (storage, by) = (now.storage.clone(), world.confluence.pages[page].versions[0].author.clone());
    let edited = change(storage.clone());
    assert_ne!(edited, storage, "the edit changes something");
    world.edit_page(page, &edited, "a person's edit", &by).unwrap();
    edited
}

/// The part of a page between the markers of an agent.
pub fn region(storage: &str, agent: &str) -> String {
    let start = storage.find(&format!("caughtup.{agent}.start")).unwrap();
    let end = storage.find(&format!("caughtup.{agent}.end.")).unwrap();
    storage[start..end].to_owned()
}

/// What a digest says of an agent's publication.
pub fn published<'d>(digest: &'d Value, agent: &str) -> &'d Value {
    let all = digest["published"].as_array().unwrap();
    all.iter().find(|one| one["agent"] == agent).unwrap_or_else(|| panic!("no {agent} in {all:?}"))
}

/// What became of each publication: `(agent, action)`.
pub fn actions(digest: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = digest["published"].as_array().unwrap();
    all.iter().map(|one| (text(&one["agent"]), text(&one["action"]))).collect()
}

/// The three pages, all with this action.
pub fn three(action: &str) -> Vec<(String, String)> {
    PAGES.iter().map(|(agent, _)| ((*agent).to_owned(), action.to_owned())).collect()
}

/// The writes that the twin's vendors were asked for, Slack's own of the digest left out.
pub fn writes(shared: &Shared) -> Vec<String> {
    let exchanges = shared.ledger.exchanges();
    let reading = ["/search/jql", "bulkfetch", "users-bulk", "/bulk"];
    let writes = exchanges.iter().filter(|exchange| match exchange.vendor {
        "slack" => exchange.operation.starts_with("chat."),
        _ => {
            !exchange.operation.starts_with("GET")
                && !reading.iter().any(|path| exchange.operation.contains(path))
        }
    });
    writes.map(|exchange| format!("{} {}", exchange.operation, exchange.status)).collect()
}
