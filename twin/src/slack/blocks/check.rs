//! Compares a block with its shape.

use serde_json::{Map, Value};

use super::shapes::{self, Field, Rule, Shape};

/// Everything that is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Checker {
    pub faults: Vec<String>,
}

impl Checker {
    /// Notes a fault, in Slack's manner.
    pub fn fault(&mut self, place: &str, what: &str) {
        self.faults.push(format!("[ERROR] {what} [json-pointer:{place}]"));
    }

    /// Checks one of a message's blocks.
    pub fn block(&mut self, block: &Value, place: &str) {
        self.one_of(block, shapes::BLOCKS, place);
    }

    /// Whatever has a `type` is held to that type's shape, if it may stand here.
    fn one_of(&mut self, value: &Value, kinds: &[&str], place: &str) {
        let Some(object) = value.as_object() else { return self.fault(place, "must be an object") };
        let Some(kind) = object.get("type").and_then(Value::as_str) else {
            return self.fault(place, "missing required field: type");
        };
        if !kinds.contains(&kind) {
            return self.fault(&format!("{place}/type"), &format!("unsupported type: {kind}"));
        }
        // Types newer than the schema are allowed, and not looked into.
        if let Some(shape) = shapes::of(kind) {
            self.shape(object, shape, place, true);
        }
    }

    fn shape(&mut self, object: &Map<String, Value>, shape: &Shape, place: &str, typed: bool) {
        for name in object.keys() {
            let known = shape.fields.iter().any(|field| field.name == name) || (typed && name == "type");
            if !known {
                self.fault(place, &format!("invalid additional property: {name}"));
            }
        }
        for Field { name, rule, required } in shape.fields {
            match object.get(*name) {
                None | Some(Value::Null) => {
                    if *required {
                        self.fault(place, &format!("missing required field: {name}"));
                    }
                }
                Some(value) => self.rule(value, rule, &format!("{place}/{name}")),
            }
        }
        for alternatives in shape.any_of {
            if !alternatives.iter().any(|name| object.contains_key(*name)) {
                self.fault(place, &format!("missing required field: {}", alternatives.join(" or ")));
            }
        }
    }

    fn rule(&mut self, value: &Value, rule: &Rule, place: &str) {
        match rule {
            Rule::Text(least, most) => self.text(value, *least, *most, place),
            Rule::Flag => self.kind(value.is_boolean(), "a boolean", place),
            Rule::Number => self.kind(value.is_number(), "a number", place),
            Rule::Word(words) => {
                if !value.as_str().is_some_and(|word| words.contains(&word)) {
                    self.fault(place, &format!("must be one of {}", words.join(", ")));
                }
            }
            Rule::Plain(most) => self.text_object(value, &["plain_text"], *most, place),
            Rule::Mrkdwn(most) => self.text_object(value, &["mrkdwn"], *most, place),
            Rule::AnyText(most) => self.text_object(value, &["plain_text", "mrkdwn"], *most, place),
            Rule::OneOf(kinds) => self.one_of(value, kinds, place),
            Rule::Each(inner, least, most) => {
                let Some(items) = value.as_array() else { return self.fault(place, "must be an array") };
                if items.len() < *least {
                    self.fault(place, &format!("must provide at least {least} items"));
                }
                if items.len() > *most {
                    self.fault(place, &format!("no more than {most} items allowed"));
                }
                for (at, item) in items.iter().enumerate() {
                    self.rule(item, inner, &format!("{place}/{at}"));
                }
            }
            Rule::Object(shape) => match value.as_object() {
                Some(object) => self.shape(object, shape, place, false),
                None => self.fault(place, "must be an object"),
            },
            Rule::Anything => {}
        }
    }

    fn kind(&mut self, right: bool, wanted: &str, place: &str) {
        if !right {
            self.fault(place, &format!("must be {wanted}"));
        }
    }

    fn text(&mut self, value: &Value, least: usize, most: usize, place: &str) {
        let Some(text) = value.as_str() else { return self.fault(place, "must be a string") };
        let length = text.chars().count();
        if length < least {
            self.fault(place, &format!("must be more than {} characters", least - 1));
        }
        if length > most {
            self.fault(place, &format!("must be less than {} characters", most + 1));
        }
    }

    fn text_object(&mut self, value: &Value, kinds: &[&str], most: usize, place: &str) {
        let Some(object) = value.as_object() else { return self.fault(place, "must be an object") };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        if !kinds.contains(&kind) {
            return self.fault(&format!("{place}/type"), &format!("must be one of {}", kinds.join(", ")));
        }
        let option = if kind == "plain_text" { "emoji" } else { "verbatim" };
        for (name, value) in object {
            match name.as_str() {
                "type" | "text" => {}
                name if name == option => {
                    self.kind(value.is_boolean(), "a boolean", &format!("{place}/{name}"))
                }
                name => self.fault(place, &format!("invalid additional property: {name}")),
            }
        }
        match object.get("text") {
            Some(text) => self.text(text, 1, most, &format!("{place}/text")),
            None => self.fault(place, "missing required field: text"),
        }
    }
}
