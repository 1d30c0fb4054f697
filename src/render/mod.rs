//! A digest as Slack blocks, Markdown, terminal text and JSON; drafts as Confluence's and Jira's documents.
//!
//! `layout` decides what is said and in which order, once; the formats only decide what it looks
//! like, so a reader of one is told the same as a reader of another.
//!
//! Invariants: uses `domain` alone. Links lead to evidence, issues and pages that were read; nothing
//! here turns fetched text into mark-up, and nothing here mentions anybody.

mod adf;
mod asides;
mod chart;
mod evidence;
mod json;
mod layout;
mod markdown;
mod modal;
mod plain;
mod published;
mod slack;
mod slack_chart;
mod storage;
mod time;
mod unasked;

#[cfg(test)]
mod tests;

pub use adf::comment_adf;
pub use asides::subject as aside_subject;
pub use json::{digest_json, reply_json};
pub use markdown::{digest_markdown, section_markdown};
pub use modal::{AsideForm, aside_form, aside_slack};
pub use plain::{digest_text, prose_text};
pub use slack::{SlackMessage, digest_slack, escape, post_slack, published_slack, reply_slack, said_slack};
pub use storage::{MADE, MADE_BY, Made, escape as escape_xml, page_storage};
pub use time::{Telling, tell};
pub use unasked::{late, unchanged_slack};
