//! Answers by a schema: a value of it, from what a question offers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::{Behaviour, Question, ramble};
use crate::story::dice::Dice;

/// A text that is a value of the question's schema; a sentence where there is none.
pub(super) fn answer(question: &Question, behaviour: &Behaviour, roll: u64) -> String {
    let mut writer = Writer::new(&question.data, behaviour, roll);
    match &question.schema {
        Some(schema) => writer.value(schema, schema, "", &Turn::default()).to_string(),
        None => writer.sentence(&Turn::default()),
    }
}

/// Which of the offered ids a part of the answer is about.
#[derive(Debug, Clone, Default)]
struct Turn {
    id: Option<String>,
}

struct Writer<'a> {
    data: &'a str,
    ids: Vec<String>,
    behaviour: &'a Behaviour,
    dice: Dice,
}

/// How many claims it makes when the schema leaves that open.
const CLAIMS: usize = 3;
/// How many ids it goes through when the schema wants something said of each.
const EACH: usize = 60;

impl<'a> Writer<'a> {
    fn new(data: &'a str, behaviour: &'a Behaviour, roll: u64) -> Self {
        let mut dice = Dice::new(roll);
        dice.below(2);
        Self { data, ids: offered(data), behaviour, dice }
    }

    fn value(&mut self, root: &Value, schema: &Value, name: &str, turn: &Turn) -> Value {
        let schema = resolved(root, schema);
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(options) = schema.get("enum").and_then(Value::as_array) {
            if is_id(name)
                && let Some(own) = options.iter().find(|option| option.as_str() == turn.id.as_deref())
            {
                return own.clone();
            }
            return options.get(self.dice.below(options.len())).cloned().unwrap_or(Value::Null);
        }
        if let Some(options) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array) {
            let real = options.iter().find(|option| option.get("type") != Some(&json!("null")));
            return real.map_or(Value::Null, |option| self.value(root, option, name, turn));
        }
        match kind(schema) {
            "object" => self.object(root, schema, turn),
            "array" => self.array(root, schema, name, turn),
            "string" => {
                let text = if is_id(name) { self.id(turn) } else { self.sentence(turn) };
                let most = schema
                    .get("maxLength")
                    .and_then(Value::as_u64)
                    .and_then(|most| usize::try_from(most).ok());
                Value::String(text.chars().take(most.unwrap_or(usize::MAX)).collect())
            }
            "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
            "number" => {
                let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
                json!(bound("minimum").unwrap_or(0.0).midpoint(bound("maximum").unwrap_or(1.0)))
            }
            "boolean" => json!(self.dice.one_in(2)),
            _ => Value::Null,
        }
    }

    fn object(&mut self, root: &Value, schema: &Value, turn: &Turn) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten();
        Value::Object(
            fields
                .map(|(name, schema)| (name.clone(), self.value(root, schema, name, turn)))
                .collect::<Map<_, _>>(),
        )
    }

    fn array(&mut self, root: &Value, schema: &Value, name: &str, turn: &Turn) -> Value {
        let bound =
            |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(usize::MAX));
        let anything = json!({"type": "string"});
        let items = resolved(root, schema.get("items").unwrap_or(&anything));
        if kind(items) != "object" {
            let item = self.value(root, items, name, turn);
            let count = usize::from(!(item.is_null() || is_id(name) && self.ids.is_empty()));
            return Value::Array(vec![item; count.max(least).min(most)]);
        }
        // Of an item with one id something is wanted for each of them; of one with a list, a few claims.
        let one_id = items.get("properties").and_then(Value::as_object).is_some_and(|properties| {
            properties.iter().any(|(name, schema)| is_id(name) && kind(resolved(root, schema)) == "string")
        });
        let wanted = if one_id { self.ids.len().min(EACH) } else { self.ids.len().min(CLAIMS) };
        let turns: Vec<Turn> = (0..wanted.max(least).min(most))
            .map(|at| Turn { id: self.ids.get(at.checked_rem(self.ids.len()).unwrap_or(0)).cloned() })
            .collect();
        Value::Array(turns.iter().map(|turn| self.value(root, items, name, turn)).collect())
    }

    fn id(&mut self, turn: &Turn) -> String {
        if *self.behaviour == Behaviour::Fabricating && self.dice.one_in(3) {
            return ramble::invented_id(&mut self.dice);
        }
        let first = self.ids.first().cloned();
        turn.id.clone().or(first).unwrap_or_default()
    }

    /// Something to say of what the turn is about, in its own words.
    fn sentence(&mut self, turn: &Turn) -> String {
        let about = turn.id.clone().or_else(|| self.ids.first().cloned());
        let said = about
            .and_then(|id| excerpt(self.data, &id))
            .unwrap_or_else(|| "Nothing needs attention".to_owned());
        match self.behaviour {
            Behaviour::Fabricating => ramble::fabricated(&said, &mut self.dice),
            Behaviour::Exfiltrating => ramble::exfiltrated(&said, self.data, &mut self.dice),
            _ => said,
        }
    }
}

fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let target = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|name| root.pointer(name.trim_start_matches('#')));
    target.unwrap_or(schema)
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "string",
    }
}

/// Whether a property holds ids of evidence, going by its name.
fn is_id(name: &str) -> bool {
    let plain = name.to_lowercase();
    plain.split('_').any(|word| {
        ["id", "ids", "evidence", "ref", "refs", "source", "sources", "cite", "cites", "citations"]
            .contains(&word)
    })
}

static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b([a-z])([0-9]{1,5})\b").ok());

/// The ids that a text offers: a letter and a number, of the letter that has the most.
fn offered(data: &str) -> Vec<String> {
    let mut by_letter: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for found in ID.iter().flat_map(|id| id.captures_iter(data)) {
        let (Some(whole), Some(letter)) = (found.get(0), found.get(1)) else { continue };
        if known.insert(whole.as_str()) {
            by_letter.entry(letter.as_str()).or_default().push(whole.as_str().to_owned());
        }
    }
    by_letter.into_values().max_by_key(Vec::len).unwrap_or_default()
}

/// The words that stand with an id: those after it, up to the next line or the end of its text.
fn excerpt(data: &str, id: &str) -> Option<String> {
    let mut from = 0;
    while let Some(found) = data.get(from..)?.find(id) {
        let (at, end) = (from + found, from + found + id.len());
        from = end;
        let joined = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if joined(data.get(..at)?.chars().next_back()) || joined(data.get(end..)?.chars().next()) {
            continue;
        }
        let line = data.get(end..)?.lines().next().unwrap_or_default();
        // In a record, the text is its longest piece between quotation marks or tags.
        let pieces = line.split(['"', '<', '>', '|', '\t']).map(str::trim);
        let said = pieces
            .max_by_key(|piece| piece.chars().filter(|c| c.is_alphabetic()).count())
            .unwrap_or_default();
        let said = said.trim_matches(|c: char| !c.is_alphanumeric());
        if !said.is_empty() {
            return Some(said.chars().take(160).collect());
        }
        // Or it stands on the line below.
        let below = data.get(end..)?.lines().nth(1).unwrap_or_default();
        let below = below.trim_matches(|c: char| !c.is_alphanumeric());
        return (!below.is_empty()).then(|| below.chars().take(160).collect());
    }
    None
}
