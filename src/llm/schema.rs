//! Whether an answer is what was asked for.
//!
//! Providers promise to keep to a schema, and compatible endpoints promise less: what reaches a caller has been
//! checked here. Only what our prompts use is understood: types, properties, items, enums, bounds, `anyOf`.

use serde_json::Value;

/// Reads the text of an answer as a value of a schema; else says where it is not one, without repeating it.
pub(super) fn read(text: &str, schema: &Value) -> Result<Value, String> {
    let value = parse(text).ok_or("it is not JSON")?;
    check(&value, schema, "it")?;
    Ok(value)
}

/// JSON, also where a model without structured output put it into a code block or between sentences.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim();
    serde_json::from_str(text).ok().or_else(|| {
        let (from, to) = (text.find('{')?, text.rfind('}')?);
        serde_json::from_str(text.get(from..=to)?).ok()
    })
}

fn check(value: &Value, schema: &Value, place: &str) -> Result<(), String> {
    if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
        let fits = options.iter().any(|option| check(value, option, place).is_ok());
        return if fits { Ok(()) } else { Err(format!("{place} is none of what it may be")) };
    }
    if !is_of_type(value, schema.get("type")) {
        return Err(format!("{place} has another type"));
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        return Err(format!("{place} is not one of the values that it may have"));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return Err(format!("{place} has another value"));
    }
    match value {
        Value::Object(fields) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
                if !name.as_str().is_some_and(|name| fields.contains_key(name)) {
                    return Err(format!("{place} lacks {name}"));
                }
            }
            for (name, field) in fields {
                match properties.and_then(|known| known.get(name)) {
                    Some(schema) => check(field, schema, &format!("{place}.{name}"))?,
                    None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                        return Err(format!("{place} has a property that nobody asked for"));
                    }
                    None => {}
                }
            }
            Ok(())
        }
        Value::Array(items) => {
            let bound = |name| schema.get(name).and_then(Value::as_u64);
            let count = items.len() as u64;
            if bound("minItems").is_some_and(|least| count < least)
                || bound("maxItems").is_some_and(|most| count > most)
            {
                return Err(format!("{place} has {count} items"));
            }
            let Some(schema) = schema.get("items") else { return Ok(()) };
            items.iter().enumerate().try_for_each(|(at, item)| check(item, schema, &format!("{place}[{at}]")))
        }
        Value::Number(number) => {
            let bound = |name| schema.get(name).and_then(Value::as_f64);
            let number = number.as_f64().unwrap_or(f64::NAN);
            let low = bound("minimum").is_some_and(|least| number < least);
            let high = bound("maximum").is_some_and(|most| number > most);
            if low || high { Err(format!("{place} is out of bounds")) } else { Ok(()) }
        }
        Value::String(text) => {
            let most = schema.get("maxLength").and_then(Value::as_u64);
            let long = most.is_some_and(|most| text.chars().count() as u64 > most);
            if long { Err(format!("{place} is too long")) } else { Ok(()) }
        }
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

fn is_of_type(value: &Value, wanted: Option<&Value>) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    match wanted {
        None => true,
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        Some(name) => name.as_str().is_some_and(is),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object", "additionalProperties": false, "required": ["claims", "tone"],
            "properties": {
                "tone": {"type": "string", "enum": ["calm", "urgent"]},
                "claims": {"type": "array", "maxItems": 2, "items": {
                    "type": "object", "additionalProperties": false, "required": ["text", "evidence"],
                    "properties": {
                        "text": {"type": "string", "maxLength": 20},
                        "evidence": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                        "score": {"anyOf": [{"type": "null"}, {"type": "number", "minimum": 0, "maximum": 1}]},
                    },
                }},
            },
        })
    }

    fn claim(more: &str) -> String {
        format!(r#"{{"tone": "calm", "claims": [{{"text": "DCT-42 waits", "evidence": ["e1"]{more}}}]}}"#)
    }

    #[test]
    fn what_fits_is_read_wherever_it_stands() {
        let plain = claim("");
        for text in [plain.clone(), format!("```json\n{plain}\n```"), format!("Here it is: {plain} Done.")] {
            assert_eq!(read(&text, &schema()).unwrap()["claims"][0]["evidence"][0], "e1");
        }
        read(&claim(r#", "score": null"#), &schema()).unwrap();
        read(&claim(r#", "score": 0.5"#), &schema()).unwrap();
        read(r#"{"tone": "urgent", "claims": []}"#, &schema()).unwrap();
    }

    #[test]
    fn what_does_not_fit_is_named_and_not_repeated() {
        for (text, why) in [
            ("secret words".to_owned(), "not JSON"),
            ("[]".to_owned(), "it has another type"),
            (r#"{"tone": "calm"}"#.to_owned(), "lacks \"claims\""),
            (r#"{"tone": "secret", "claims": []}"#.to_owned(), "it.tone is not one"),
            (r#"{"tone": "calm", "claims": [], "secret": 1}"#.to_owned(), "nobody asked for"),
            (claim(r#", "secret": 1"#), "nobody asked for"),
            (claim(r#", "score": 7"#), "none of what"),
            (
                r#"{"tone": "calm", "claims": [{"text": "x", "evidence": []}]}"#.to_owned(),
                "it.claims[0].evidence has 0",
            ),
            (
                r#"{"tone": "calm", "claims": [{"text": 1, "evidence": ["e"]}]}"#.to_owned(),
                "it.claims[0].text",
            ),
            (
                r#"{"tone": "calm", "claims": [{"text": "secretsecretsecretsecret", "evidence": ["e"]}]}"#
                    .to_owned(),
                "too long",
            ),
            (claim("").chars().take(40).collect(), "not JSON"),
        ] {
            let said = read(&text, &schema()).unwrap_err();
            assert!(said.contains(why) && !said.contains("secret"), "{text}: {said}");
        }
    }
}
