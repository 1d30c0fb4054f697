//! What an agent would write, as data: a page, a comment, a post.
//!
//! A draft says nothing of mark-up and writes nothing. Whether it may be written, and where it goes, is
//! decided by the team lead and `publish`; how it looks there by `render`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{AgentName, Block, Chart, IssueKey, Prose};

/// Something that an agent would write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Draft {
    /// Our region of a Confluence page.
    Page(PageDraft),
    /// A comment on a Jira issue: one per person, issue and day.
    Comment(CommentDraft),
    /// A message of its own in a Slack channel.
    Post(PostDraft),
}

/// Our region of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageDraft {
    /// Who writes it; the configuration says which page is theirs.
    pub agent: AgentName,
    /// What a page that has to be created is called where the configuration gives no title.
    pub title: String,
    /// What it was made from, for the line that says so: "Jira board 12, roadmap of DCT".
    pub from: String,
    /// What it says, top to bottom.
    pub parts: Vec<PagePart>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PagePart {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(Prose),
    /// A list.
    Bullets(Vec<Prose>),
    /// A table; every row has as many cells as the head.
    Table {
        /// The columns' titles.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<Prose>>,
    },
    /// A chart.
    Chart(Chart),
}

/// How every comment of ours begins. It repeats what Jira and Slack say already, so whoever reads comments for
/// what people did leaves out those that begin like this: a note must not make its own issue look alive.
pub const STANDUP_NOTE: &str = "Standup · ";

/// A comment on an issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommentDraft {
    /// Who writes it.
    pub agent: AgentName,
    /// The issue.
    pub issue: IssueKey,
    /// The issue's address.
    pub url: String,
    /// Whose words they are: the Atlassian account id, or another id that stays the same.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The day that they are of.
    pub day: Date,
    /// What it says, a paragraph each.
    pub lines: Vec<Prose>,
}

/// A message of its own in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostDraft {
    /// Who writes it.
    pub agent: AgentName,
    /// Where: `#name` or id.
    pub channel: String,
    /// What makes it the same when it is said again: "standup 512 2026-11-22".
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}
