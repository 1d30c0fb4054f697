//! Jira, read: issues with their history, sprints, accounts.
//!
//! Calls that do not need one another's answers are made side by side. The longest chain of a roadmap
//! is: fields (once per process), the search, one search per level below, the last level's histories.

mod accounts;
mod adf;
mod asking;
mod client;
mod comments;
mod fields;
mod history;
mod issue;
mod jql;
mod paging;
mod people;
mod reader;
mod roadmap;
mod sprints;
mod when;
mod wire;

pub use adf::plain_text;
pub use client::JiraClient;
pub(super) use client::{below, credentials, no_credentials, send};
pub use comments::OwnComment;
pub use fields::Fields;
pub use history::Histories;
pub use issue::{ReadIssue, Reading, browse_url, issue, sprint};
pub use people::{account, user};
pub use when::{day, instant};

pub(super) use accounts::{account_by_email, assigned};
pub(super) use reader::{fields, issues_by_key};
pub(super) use roadmap::{narrowed, roadmap};
pub(super) use sprints::{active_sprints, next_sprint, taken_out};
