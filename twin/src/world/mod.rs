//! The company as state: what the vendors' servers would have in their databases.

mod confluence;
mod edits;
mod jira;
mod slack;
pub mod small;
pub mod small_atlassian;
mod time;

pub use confluence::{ConfluenceWorld, Page, PageVersion, Space};
pub use jira::{
    Board, ChangeItem, Comment, Field, FieldType, History, Issue, IssueType, JiraWorld, Link, LinkType,
    Project, Sprint, SprintState, Status, StatusCategory,
};
pub use slack::{Channel, Kind, Message, Person, Reaction, SlackWorld};
pub use time::WorldClock;

/// The whole company. Tests build small ones; [`crate::story`] builds the demo's.
#[derive(Debug, Clone)]
pub struct World {
    /// The company's name.
    pub company: String,
    /// What time it is there.
    pub clock: WorldClock,
    /// Everybody: Slack users, bots and Atlassian accounts alike.
    pub people: Vec<Person>,
    /// The Slack workspace.
    pub slack: SlackWorld,
    /// The Jira site.
    pub jira: JiraWorld,
    /// The Confluence site.
    pub confluence: ConfluenceWorld,
}

impl World {
    /// Somebody by their Atlassian account id.
    pub fn account(&self, account_id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.account_id.as_deref() == Some(account_id))
    }
}
