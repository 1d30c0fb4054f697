//! Block Kit: which blocks there are, what each may hold, and how much.
//!
//! Shapes are the official schema's, limits those of the reference pages and of what was seen to fail.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

mod charts;
mod check;
mod elements;
mod kinds;
mod rich;
mod shapes;

use check::Checker;

/// What is wrong with some blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// Slack's error: `invalid_blocks`, `invalid_blocks_format`, `msg_blocks_too_long`.
    pub error: &'static str,
    /// One line each, for `response_metadata.messages`.
    pub messages: Vec<String>,
}

/// How many blocks a message may have.
const MESSAGE_MOST: usize = 50;
/// How many a view may have.
const VIEW_MOST: usize = 100;
/// Characters over all `markdown` blocks of a message.
const MARKDOWN_MOST: usize = 12_000;
/// Characters over all blocks of a message. Not documented: seen to fail just above.
const ALL_MOST: usize = 13_200;
/// Characters over all cells of a table.
const TABLE_MOST: usize = 10_000;

/// Checks a message's blocks.
///
/// # Errors
/// With Slack's error and what exactly is wrong.
pub fn check(blocks: &Value) -> Result<(), Faults> {
    check_up_to(blocks, MESSAGE_MOST)?;
    let list = blocks.as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |kind: &str| list.iter().filter(|block| kind_of(block) == kind).collect::<Vec<_>>();
    let too_long = |line: String| Err(Faults { error: "msg_blocks_too_long", messages: vec![line] });
    let invalid = |line: String| Err(Faults { error: "invalid_blocks", messages: vec![line] });
    let markdown: usize = of("markdown").iter().map(|block| letters(block)).sum();
    if markdown > MARKDOWN_MOST {
        return too_long(format!(
            "[ERROR] markdown blocks hold {markdown} characters, of {MARKDOWN_MOST} allowed"
        ));
    }
    let tables = of("table");
    if tables.len() > 1 {
        return invalid("[ERROR] only_one_table_allowed [json-pointer:/blocks]".into());
    }
    if tables.iter().any(|table| letters(table) > TABLE_MOST) {
        return invalid(format!("[ERROR] a table may hold no more than {TABLE_MOST} characters"));
    }
    if of("data_visualization").len() > 2 {
        return invalid(
            "[ERROR] no more than 2 data_visualization blocks allowed [json-pointer:/blocks]".into(),
        );
    }
    let all: usize = list.iter().map(letters).sum();
    if all > ALL_MOST {
        return too_long(format!("[ERROR] blocks hold {all} characters, of {ALL_MOST} allowed"));
    }
    Ok(())
}

/// Checks a view's blocks.
///
/// # Errors
/// With Slack's error and what exactly is wrong.
pub fn check_view(blocks: &Value) -> Result<(), Faults> {
    check_up_to(blocks, VIEW_MOST)
}

fn check_up_to(blocks: &Value, most: usize) -> Result<(), Faults> {
    let Some(list) = blocks.as_array() else {
        return Err(Faults { error: "invalid_blocks_format", messages: vec![] });
    };
    let mut checker = Checker::default();
    if list.len() > most {
        checker.fault("/blocks", &format!("no more than {most} items allowed"));
    }
    let mut ids = BTreeSet::new();
    for (at, block) in list.iter().enumerate() {
        let place = format!("/blocks/{at}");
        checker.block(block, &place);
        charts::check_series(block, &place, &mut checker);
        if let Some(id) = block.get("block_id").and_then(Value::as_str)
            && !id.is_empty()
            && !ids.insert(id)
        {
            checker.fault(&format!("{place}/block_id"), &format!("`block_id` {id} already exists"));
        }
    }
    if checker.faults.is_empty() {
        return Ok(());
    }
    Err(Faults { error: "invalid_blocks", messages: checker.faults })
}

fn kind_of(block: &Value) -> &str {
    block.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// The characters that a block shows.
fn letters(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(letters).sum(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) if SHOWN.contains(&name.as_str()) => text.chars().count(),
                Value::String(_) => 0,
                nested => letters(nested),
            })
            .sum(),
        _ => 0,
    }
}

/// Properties whose text is read by people.
const SHOWN: [&str; 7] = ["text", "alt_text", "title", "caption", "fallback", "url", "description"];

/// The blocks as Slack gives them back: with ids where none were given, and defaults written out.
pub(crate) fn completed(blocks: Value, seed: u64) -> Value {
    let Value::Array(list) = blocks else { return blocks };
    let mut count = 0;
    let mut done: Vec<Value> = list;
    for block in &mut done {
        count += 1;
        if let Some(block) = block.as_object_mut() {
            let absent = block.get("block_id").and_then(Value::as_str).is_none_or(str::is_empty);
            if absent {
                block.insert("block_id".into(), json!(format!("b{seed}{count:02}")));
            }
        }
        write_defaults(block, seed, &mut count);
    }
    Value::Array(done)
}

fn write_defaults(value: &mut Value, seed: u64, count: &mut u32) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| write_defaults(item, seed, count)),
        Value::Object(map) => {
            match map.get("type").and_then(Value::as_str).unwrap_or_default() {
                "plain_text" => put(map, "emoji", json!(true)),
                "mrkdwn" => put(map, "verbatim", json!(false)),
                kind if elements::is_interactive(kind) => {
                    *count += 1;
                    put(map, "action_id", json!(format!("a{seed}{count:02}")));
                }
                _ => {}
            }
            map.values_mut().for_each(|value| write_defaults(value, seed, count));
        }
        _ => {}
    }
}

fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    map.entry(name).or_insert(value);
}

#[cfg(test)]
mod tests;
