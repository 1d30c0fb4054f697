//! Anthropic's Messages: docs at platform.claude.com, shapes from the official SDK's types.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{End, Question, Reply, Wrong};

/// The version whose requests may have no sampling parameters, not even their defaults.
const NO_SAMPLING: &str = "2026-10-21";
const VERSIONS: [&str; 2] = ["2023-06-01", NO_SAMPLING];

/// Everything that `POST /v1/messages` takes: the SDK's `MessageCreateParams`, and sampling, which the older
/// version has.
const KNOWN: &[&str] = &[
    "cache_control",
    "container",
    "diagnostics",
    "inference_geo",
    "max_tokens",
    "messages",
    "metadata",
    "model",
    "output_config",
    "service_tier",
    "speed",
    "stop_sequences",
    "stream",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
    "user_profile_id",
    "workspace_id",
];

/// Reads a request; `counting` for one that only asks how many tokens it has.
pub(super) fn question(headers: &HeaderMap, body: &Value, counting: bool) -> Result<Question, Wrong> {
    let version = headers.get("anthropic-version").and_then(|value| value.to_str().ok());
    let version = version.ok_or_else(|| Wrong::request("anthropic-version: header is required"))?;
    if !VERSIONS.contains(&version) {
        return Err(Wrong::request(format!("anthropic-version: \"{version}\" is not a valid version")));
    }
    let fields = body.as_object().ok_or_else(|| Wrong::request("The request body is not valid JSON"))?;
    for name in fields.keys() {
        if !KNOWN.contains(&name.as_str()) {
            return Err(Wrong::request(format!("{name}: Extra inputs are not permitted")));
        }
        if version == NO_SAMPLING && ["temperature", "top_p", "top_k"].contains(&name.as_str()) {
            return Err(Wrong::request(format!(
                "{name}: Sampling parameters are not supported in this API version"
            )));
        }
    }
    let model = required(body, "model")?
        .as_str()
        .ok_or_else(|| Wrong::request("model: Input should be a valid string"))?;
    let max_tokens = match body.get("max_tokens") {
        None if counting => 1,
        None => return Err(Wrong::request("max_tokens: Field required")),
        Some(number) => number
            .as_u64()
            .filter(|number| *number > 0)
            .ok_or_else(|| Wrong::request("max_tokens: Input should be greater than or equal to 1"))?,
    };
    thinking(body, max_tokens)?;
    let mut parts = Vec::new();
    for tool in body.get("tools").and_then(Value::as_array).into_iter().flatten() {
        parts.push((tool.to_string(), marked(tool)?));
    }
    let schema = schema(body)?;
    if let Some(schema) = &schema {
        parts.push((schema.to_string(), false));
    }
    match body.get("system") {
        None => {}
        Some(Value::String(text)) => parts.push((text.clone(), false)),
        Some(Value::Array(blocks)) => texts(blocks, "system", true, &mut parts)?,
        Some(_) => return Err(Wrong::request("system: Input should be a valid string or list")),
    }
    let before = parts.len();
    let messages = required(body, "messages")?.as_array().filter(|messages| !messages.is_empty());
    for (at, message) in messages
        .ok_or_else(|| Wrong::request("messages: at least one message is required"))?
        .iter()
        .enumerate()
    {
        match message.get("role").and_then(Value::as_str) {
            Some("user" | "assistant" | "system") => {}
            _ => {
                return Err(Wrong::request(format!(
                    "messages.{at}.role: Input should be 'user' or 'assistant'"
                )));
            }
        }
        match message.get("content") {
            Some(Value::String(text)) if !text.trim().is_empty() => parts.push((text.clone(), false)),
            Some(Value::Array(blocks)) if !blocks.is_empty() => {
                texts(blocks, &format!("messages.{at}.content"), false, &mut parts)?;
            }
            _ => {
                return Err(Wrong::request(format!(
                    "messages.{at}: user messages must have non-empty content"
                )));
            }
        }
    }
    if parts.iter().filter(|(_, mark)| *mark).count() > 4 {
        return Err(Wrong::request("A maximum of 4 blocks with cache_control may be provided."));
    }
    let joined =
        |parts: &[(String, bool)]| parts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("\n");
    let (system, data) = parts.split_at(before);
    Ok(Question {
        model: model.to_owned(),
        system: joined(system),
        data: joined(data),
        schema,
        max_tokens,
        stream: body.get("stream").and_then(Value::as_bool).unwrap_or(false),
        parts,
    })
}

fn required<'v>(body: &'v Value, name: &str) -> Result<&'v Value, Wrong> {
    body.get(name).ok_or_else(|| Wrong::request(format!("{name}: Field required")))
}

fn thinking(body: &Value, max_tokens: u64) -> Result<(), Wrong> {
    let Some(thinking) = body.get("thinking") else { return Ok(()) };
    match thinking.get("type").and_then(Value::as_str) {
        Some("disabled" | "adaptive" | "between_tools") if thinking.get("budget_tokens").is_none() => Ok(()),
        Some("enabled") => match thinking.get("budget_tokens").and_then(Value::as_u64) {
            Some(budget) if budget >= 1024 && budget < max_tokens => Ok(()),
            _ => Err(Wrong::request(
                "thinking.enabled.budget_tokens: must be at least 1024 and less than max_tokens",
            )),
        },
        _ => Err(Wrong::request("thinking: Input does not match any of the expected tags")),
    }
}

/// Whether a breakpoint follows a block.
fn marked(block: &Value) -> Result<bool, Wrong> {
    match block.get("cache_control") {
        None | Some(Value::Null) => Ok(false),
        Some(control) => {
            let kind = control.get("type").and_then(Value::as_str) == Some("ephemeral");
            let life =
                control.get("ttl").is_none_or(|ttl| ["5m", "1h"].contains(&ttl.as_str().unwrap_or_default()));
            if kind && life {
                Ok(true)
            } else {
                Err(Wrong::request("cache_control: Input should be 'ephemeral', for '5m' or '1h'"))
            }
        }
    }
}

fn texts(
    blocks: &[Value],
    place: &str,
    text_only: bool,
    parts: &mut Vec<(String, bool)>,
) -> Result<(), Wrong> {
    for (at, block) in blocks.iter().enumerate() {
        let wrong = |what: &str| Wrong::request(format!("{place}.{at}: {what}"));
        let mark = marked(block)?;
        match block.get("type").and_then(Value::as_str) {
            Some("text") => match block.get("text").and_then(Value::as_str) {
                Some("") | None => return Err(wrong("text content blocks must be non-empty")),
                Some(text) => parts.push((text.to_owned(), mark)),
            },
            Some(_) if !text_only => parts.push((block.to_string(), mark)),
            _ => return Err(wrong("Input does not match any of the expected tags")),
        }
    }
    Ok(())
}

/// The schema of a structured output. Every object in it says all that it may hold
/// (platform.claude.com, "Structured outputs").
fn schema(body: &Value) -> Result<Option<Value>, Wrong> {
    let Some(format) = body.pointer("/output_config/format").filter(|format| !format.is_null()) else {
        return Ok(None);
    };
    if format.get("type").and_then(Value::as_str) != Some("json_schema") {
        return Err(Wrong::request("output_config.format.type: Input should be 'json_schema'"));
    }
    let schema = format.get("schema").filter(|schema| schema.is_object());
    let schema = schema.ok_or_else(|| Wrong::request("output_config.format.schema: Field required"))?;
    closed(schema)?;
    Ok(Some(schema.clone()))
}

fn closed(schema: &Value) -> Result<(), Wrong> {
    match schema {
        Value::Object(fields) => {
            let object = fields.get("type").and_then(Value::as_str) == Some("object");
            if object && fields.get("additionalProperties") != Some(&Value::Bool(false)) {
                let what = "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
                return Err(Wrong::request(what));
            }
            fields.values().try_for_each(closed)
        }
        Value::Array(items) => items.iter().try_for_each(closed),
        _ => Ok(()),
    }
}

/// The answer as a message.
pub(super) fn message(question: &Question, reply: &Reply) -> Value {
    let content = match reply.end {
        End::Refused => json!([]),
        _ => json!([{"type": "text", "text": reply.text, "citations": null}]),
    };
    json!({
        "id": format!("msg_{}", reply.id), "type": "message", "role": "assistant", "model": question.model,
        "content": content, "container": null,
        "stop_reason": stop_reason(reply), "stop_sequence": null, "stop_details": stop_details(reply),
        "usage": usage(reply),
    })
}

fn stop_reason(reply: &Reply) -> &'static str {
    match reply.end {
        End::Said => "end_turn",
        End::CutOff => "max_tokens",
        End::Refused => "refusal",
    }
}

fn stop_details(reply: &Reply) -> Value {
    match reply.end {
        End::Refused => {
            json!({"type": "refusal", "category": "general_harms", "explanation": "This was declined."})
        }
        _ => Value::Null,
    }
}

fn usage(reply: &Reply) -> Value {
    let spent = reply.spent;
    json!({
        "input_tokens": spent.input, "output_tokens": spent.output,
        "cache_creation_input_tokens": spent.cache_written, "cache_read_input_tokens": spent.cached,
        "cache_creation": {"ephemeral_5m_input_tokens": spent.cache_written, "ephemeral_1h_input_tokens": 0},
        "service_tier": "standard", "server_tool_use": null, "inference_geo": "global",
        "output_tokens_details": {"thinking_tokens": 0},
    })
}

/// The answer as a stream's events, in their order.
pub(super) fn events(question: &Question, reply: &Reply) -> Vec<(&'static str, Value)> {
    let mut begun = message(question, reply);
    if let Some(begun) = begun.as_object_mut() {
        begun.insert("content".into(), json!([]));
        begun.insert("stop_reason".into(), Value::Null);
        begun.insert("stop_details".into(), Value::Null);
        if let Some(usage) = begun.get_mut("usage").and_then(Value::as_object_mut) {
            usage.insert("output_tokens".into(), json!(1));
        }
    }
    let mut events = vec![("message_start", json!({"type": "message_start", "message": begun}))];
    if reply.end != End::Refused {
        let block = json!({"type": "text", "text": "", "citations": null});
        events.push((
            "content_block_start",
            json!({"type": "content_block_start", "index": 0, "content_block": block}),
        ));
        let letters: Vec<char> = reply.text.chars().collect();
        for piece in letters.chunks(48) {
            let delta = json!({"type": "text_delta", "text": piece.iter().collect::<String>()});
            events.push((
                "content_block_delta",
                json!({"type": "content_block_delta", "index": 0, "delta": delta}),
            ));
        }
        events.push(("content_block_stop", json!({"type": "content_block_stop", "index": 0})));
    }
    let delta = json!({
        "stop_reason": stop_reason(reply), "stop_sequence": null, "stop_details": stop_details(reply), "container": null
    });
    let usage = json!({
        "output_tokens": reply.spent.output, "input_tokens": reply.spent.input,
        "cache_creation_input_tokens": reply.spent.cache_written, "cache_read_input_tokens": reply.spent.cached,
        "server_tool_use": null, "output_tokens_details": {"thinking_tokens": 0},
    });
    events.push(("message_delta", json!({"type": "message_delta", "delta": delta, "usage": usage})));
    events.push(("message_stop", json!({"type": "message_stop"})));
    events
}

/// An error as Anthropic writes it.
pub(super) fn error(status: u16, what: &str) -> Value {
    let kind = match status {
        400 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
    json!({"type": "error", "error": {"type": kind, "message": what}, "request_id": "req_fiction0000000000000000"})
}
