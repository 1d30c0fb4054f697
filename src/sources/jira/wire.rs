//! What Jira sends, as far as the product reads it.
//!
//! Every field may be missing or null, and unknown ones are passed over: a site's apps and Jira's own
//! releases add and hide fields at any time. One entry of a list that cannot be read costs that entry
//! alone.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A text, where a number or nothing may stand as well.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// One value, or nothing when it is not of the kind that is expected.
pub fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// The readable entries of a list, and how many were not.
pub fn read_each<T: for<'de> Deserialize<'de>>(list: Option<&Value>) -> (Vec<T>, usize) {
    let entries = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let readable: Vec<T> = entries.iter().filter_map(read).collect();
    let unreadable = entries.len() - readable.len();
    (readable, unreadable)
}

/// Somebody with an account. Data Center has `name` and `key` where Cloud has `accountId`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireUser {
    #[serde(default, deserialize_with = "text")]
    pub account_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub account_type: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub display_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub email_address: Option<String>,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default, deserialize_with = "text")]
    pub key: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
}

/// A status with its category.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireStatus {
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default)]
    pub status_category: Option<WireCategory>,
}

/// One of Jira's three categories. Its name is translated, its key and id are not.
#[derive(Debug, Clone, Deserialize)]
pub struct WireCategory {
    #[serde(default, deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub key: Option<String>,
}

/// An issue: its fields are the site's own, so they stay a map.
#[derive(Debug, Clone, Deserialize)]
pub struct WireIssue {
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub key: Option<String>,
    #[serde(default)]
    pub fields: serde_json::Map<String, Value>,
}

/// A link, seen from the issue that carries it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireLink {
    #[serde(rename = "type")]
    pub kind: WireLinkType,
    #[serde(default)]
    pub inward_issue: Option<WireIssue>,
    #[serde(default)]
    pub outward_issue: Option<WireIssue>,
}

/// How both ends of a link read.
#[derive(Debug, Clone, Deserialize)]
pub struct WireLinkType {
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub inward: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub outward: Option<String>,
}

/// A sprint: the platform's field says `boardId`, the Agile API `originBoardId`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireSprint {
    pub id: u64,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub state: Option<String>,
    #[serde(default)]
    pub start_date: Value,
    #[serde(default)]
    pub end_date: Value,
    #[serde(default, deserialize_with = "text")]
    pub goal: Option<String>,
    #[serde(default)]
    pub board_id: Option<u64>,
    #[serde(default)]
    pub origin_board_id: Option<u64>,
}

/// A comment; its body is ADF in version 3 and a text in version 2.
#[derive(Debug, Clone, Deserialize)]
pub struct WireComment {
    #[serde(default, deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(default)]
    pub author: Value,
    #[serde(default)]
    pub created: Value,
    #[serde(default)]
    pub body: Value,
}

/// What somebody changed at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireHistory {
    #[serde(default, deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(default)]
    pub author: Value,
    #[serde(default)]
    pub created: Value,
    #[serde(default)]
    pub items: Vec<Value>,
    #[serde(default)]
    pub history_metadata: Value,
}

/// One field of a change.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WireChange {
    #[serde(default, deserialize_with = "text")]
    pub field: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub field_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub from: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub from_string: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub to: Option<String>,
    #[serde(default, rename = "toString", deserialize_with = "text")]
    pub to_string: Option<String>,
}

/// A field as `/rest/api/3/field` lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct WireField {
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default)]
    pub custom: Option<bool>,
    #[serde(default)]
    pub schema: Option<WireSchema>,
    #[serde(default)]
    pub scope: Value,
}

/// What a field holds.
#[derive(Debug, Clone, Deserialize)]
pub struct WireSchema {
    #[serde(default, rename = "type", deserialize_with = "text")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub custom: Option<String>,
}
