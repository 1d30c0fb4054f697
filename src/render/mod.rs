//! A digest as Slack blocks, Markdown, terminal text and JSON.
//!
//! `layout` decides what is said and in which order, once; the formats only decide what it looks
//! like, so a reader of one is told the same as a reader of another.
//!
//! Invariants: uses `domain` alone. Links lead to evidence, issues and pages that were read; nothing
//! here turns fetched text into mark-up, and nothing here mentions anybody.

mod chart;
mod evidence;
mod json;
mod layout;
mod markdown;
mod plain;
mod slack;
mod slack_chart;
mod time;

#[cfg(test)]
mod tests;

pub use json::{digest_json, reply_json};
pub use markdown::{digest_markdown, section_markdown};
pub use plain::{digest_text, prose_text};
pub use slack::{SlackMessage, digest_slack, escape, reply_slack};
pub use time::{Telling, tell};
