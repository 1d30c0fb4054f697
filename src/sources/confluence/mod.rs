//! Confluence, read: tracking pages with the versions that a run compares.
//!
//! The storage format's parser, its text and its tables are pure, and know where they stand in the
//! source.

mod client;
mod flow;
mod keys;
mod page;
mod properties;
mod statements;
mod storage;
mod tables;
mod versions;
mod walk;
mod write;

pub use client::ConfluenceClient;
pub use flow::{Flow, Reading, Tables, mentioned, plain_text, read};
pub use keys::{browsed, named};
pub use storage::{Document, Element, Node, StorageError};
pub use walk::tables;
pub use write::{NewPage, WikiPage};

pub(super) use page::page;
