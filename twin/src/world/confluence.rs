//! A Confluence Cloud site: spaces and pages with versions.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

/// A space.
#[derive(Debug, Clone)]
pub struct Space {
    /// Numeric id as text.
    pub id: String,
    /// Key: `ENG`.
    pub key: String,
    /// Name.
    pub name: String,
    /// The homepage's id.
    pub homepage: String,
}

/// One version of a page.
#[derive(Debug, Clone)]
pub struct PageVersion {
    /// From 1.
    pub number: u32,
    /// When.
    pub created: Timestamp,
    /// Account id.
    pub author: String,
    /// The version's message.
    pub message: String,
    /// Body in storage format.
    pub storage: String,
    /// Title at that version.
    pub title: String,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Numeric id as text.
    pub id: String,
    /// Space id.
    pub space: String,
    /// Parent page's id.
    pub parent: Option<String>,
    /// `current`, `draft`, `archived`, `trashed`.
    pub status: String,
    /// Account ids that may read it; `None` for everybody.
    pub readers: Option<BTreeSet<String>>,
    /// Account ids that may edit it; `None` for everybody who may read it.
    pub editors: Option<BTreeSet<String>>,
    /// Labels.
    pub labels: Vec<String>,
    /// Content properties by key.
    pub properties: BTreeMap<String, Value>,
    /// Versions, oldest first; never empty.
    pub versions: Vec<PageVersion>,
}

/// The site.
#[derive(Debug, Clone, Default)]
pub struct ConfluenceWorld {
    /// Spaces.
    pub spaces: Vec<Space>,
    /// Pages by id.
    pub pages: BTreeMap<String, Page>,
}
