//! OpenAI's chat completions: docs at platform.openai.com, shapes from the official SDK's types.

use serde_json::{Value, json};

use super::{End, Question, Reply, Wrong};

/// Everything that `POST /v1/chat/completions` takes.
const KNOWN: &[&str] = &[
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "modalities",
    "model",
    "moderation",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
];

/// What an answer may take when the request does not say.
const MOST: u64 = 16_384;

/// Reads a request.
pub(super) fn question(body: &Value) -> Result<Question, Wrong> {
    let fields = body
        .as_object()
        .ok_or_else(|| Wrong::request("We could not parse the JSON body of your request."))?;
    for name in fields.keys() {
        if !KNOWN.contains(&name.as_str()) {
            return Err(Wrong::of(name, "unknown_parameter", format!("Unknown parameter: '{name}'.")));
        }
    }
    let missing = |name: &str| {
        Wrong::of(name, "missing_required_parameter", format!("Missing required parameter: '{name}'."))
    };
    let model = body.get("model").and_then(Value::as_str).ok_or_else(|| missing("model"))?;
    let thinks = ["gpt-5", "gpt-6", "o1", "o3", "o4"].iter().any(|family| model.starts_with(family));
    if thinks && body.get("max_tokens").is_some() {
        let what = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
        return Err(Wrong::of("max_tokens", "unsupported_parameter", what));
    }
    if thinks
        && body.get("temperature").and_then(Value::as_f64).is_some_and(|t| (t - 1.0).abs() > f64::EPSILON)
    {
        let what = "Unsupported value: 'temperature' does not support this value with this model.";
        return Err(Wrong::of("temperature", "unsupported_value", what));
    }
    let schema = schema(body)?;
    let mut parts = Vec::new();
    let (mut system, mut data) = (Vec::new(), Vec::new());
    let messages = body.get("messages").and_then(Value::as_array).filter(|messages| !messages.is_empty());
    for (at, message) in messages.ok_or_else(|| missing("messages"))?.iter().enumerate() {
        let text = match message.get("content") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(blocks)) => {
                blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        };
        match message.get("role").and_then(Value::as_str) {
            Some("system" | "developer") => system.push(text.clone()),
            Some("user" | "assistant" | "tool" | "function") => data.push(text.clone()),
            _ => {
                return Err(Wrong::of(
                    &format!("messages[{at}].role"),
                    "invalid_value",
                    "Invalid value for 'role'.",
                ));
            }
        }
        parts.push((text, false));
    }
    if let Some(schema) = &schema {
        parts.insert(0, (schema.to_string(), false));
    }
    let most =
        body.get("max_completion_tokens").or_else(|| body.get("max_tokens")).filter(|most| !most.is_null());
    let max_tokens = match most {
        None => MOST,
        Some(most) => most.as_u64().filter(|most| *most > 0).ok_or_else(|| {
            Wrong::of("max_completion_tokens", "integer_below_min_value", "Expected a value >= 1.")
        })?,
    };
    Ok(Question {
        model: model.to_owned(),
        system: system.join("\n"),
        data: data.join("\n"),
        schema,
        max_tokens,
        stream: body.get("stream").and_then(Value::as_bool).unwrap_or(false),
        parts,
    })
}

fn schema(body: &Value) -> Result<Option<Value>, Wrong> {
    let Some(format) = body.get("response_format").filter(|format| !format.is_null()) else {
        return Ok(None);
    };
    match format.get("type").and_then(Value::as_str) {
        Some("text") => Ok(None),
        Some("json_object") => {
            Ok(Some(json!({"type": "object", "properties": {"answer": {"type": "string"}}})))
        }
        Some("json_schema") => {
            let given = format.get("json_schema");
            let name = given.and_then(|given| given.get("name")).and_then(Value::as_str).unwrap_or_default();
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
                let what = "Expected a string that matches '^[a-zA-Z0-9_-]+$'.";
                return Err(Wrong::of("response_format.json_schema.name", "invalid_value", what));
            }
            let schema = given.and_then(|given| given.get("schema")).filter(|schema| schema.is_object());
            let strict =
                given.and_then(|given| given.get("strict")).and_then(Value::as_bool).unwrap_or(false);
            if strict && let Some(schema) = schema {
                strictly(schema)?;
            }
            Ok(schema.cloned())
        }
        _ => Err(Wrong::of(
            "response_format.type",
            "invalid_value",
            "Invalid value for 'response_format.type'.",
        )),
    }
}

/// Strict schemas close every object and require all of its properties (platform.openai.com, "Structured Outputs").
fn strictly(schema: &Value) -> Result<(), Wrong> {
    let wrong = |what: &str| {
        let what = format!("Invalid schema for response_format: {what}");
        Err(Wrong::of("response_format", "invalid_json_schema", what))
    };
    match schema {
        Value::Object(fields) => {
            if fields.get("type").and_then(Value::as_str) == Some("object") {
                if fields.get("additionalProperties") != Some(&Value::Bool(false)) {
                    return wrong("'additionalProperties' is required to be supplied and to be false.");
                }
                let required: Vec<&str> = fields
                    .get("required")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let known = fields.get("properties").and_then(Value::as_object);
                if known.into_iter().flatten().any(|(name, _)| !required.contains(&name.as_str())) {
                    return wrong(
                        "'required' is required to be supplied and to be an array including every key in properties.",
                    );
                }
            }
            fields.values().try_for_each(strictly)
        }
        Value::Array(items) => items.iter().try_for_each(strictly),
        _ => Ok(()),
    }
}

/// The answer as a completion.
pub(super) fn completion(question: &Question, reply: &Reply, created: i64) -> Value {
    let message = match reply.end {
        End::Refused => {
            json!({"role": "assistant", "content": null, "refusal": "I'm sorry, I can't help with that.", "annotations": []})
        }
        _ => json!({"role": "assistant", "content": reply.text, "refusal": null, "annotations": []}),
    };
    json!({
        "id": format!("chatcmpl-{}", reply.id), "object": "chat.completion", "created": created,
        "model": question.model,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish(reply)}],
        "usage": usage(reply), "service_tier": "default", "system_fingerprint": "fp_fiction",
    })
}

fn finish(reply: &Reply) -> &'static str {
    match reply.end {
        End::Said | End::Refused => "stop",
        End::CutOff => "length",
    }
}

/// Here the tokens that were read from a cache are among those of the prompt.
fn usage(reply: &Reply) -> Value {
    let spent = reply.spent;
    let prompt = spent.input + spent.cached + spent.cache_written;
    json!({
        "prompt_tokens": prompt, "completion_tokens": spent.output, "total_tokens": prompt + spent.output,
        "prompt_tokens_details": {"cached_tokens": spent.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0
        },
    })
}

/// The answer as a stream's chunks, in their order; the last has the usage when it was asked for.
pub(super) fn chunks(question: &Question, reply: &Reply, created: i64, with_usage: bool) -> Vec<Value> {
    let chunk = |choices: Value, usage: Option<Value>| {
        let mut chunk = json!({
            "id": format!("chatcmpl-{}", reply.id), "object": "chat.completion.chunk", "created": created,
            "model": question.model, "choices": choices, "service_tier": "default", "system_fingerprint": "fp_fiction",
        });
        if let (Some(usage), Some(chunk)) = (usage, chunk.as_object_mut()) {
            chunk.insert("usage".into(), usage);
        }
        chunk
    };
    let choice = |delta: Value, finish: Value| json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]);
    let nothing = with_usage.then_some(Value::Null);
    let begun = json!({"role": "assistant", "content": "", "refusal": null});
    let mut chunks = vec![chunk(choice(begun, Value::Null), nothing.clone())];
    if reply.end == End::Refused {
        let refusal = json!({"refusal": "I'm sorry, I can't help with that."});
        chunks.push(chunk(choice(refusal, Value::Null), nothing.clone()));
    } else {
        let letters: Vec<char> = reply.text.chars().collect();
        for piece in letters.chunks(48) {
            let delta = json!({"content": piece.iter().collect::<String>()});
            chunks.push(chunk(choice(delta, Value::Null), nothing.clone()));
        }
    }
    chunks.push(chunk(choice(json!({}), json!(finish(reply))), nothing));
    if with_usage {
        chunks.push(chunk(json!([]), Some(usage(reply))));
    }
    chunks
}

/// An error as OpenAI writes it.
pub(super) fn error(status: u16, wrong: &Wrong) -> Value {
    let kind = match status {
        429 => "rate_limit_exceeded",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    let code = wrong.code.or(if status == 401 { Some("invalid_api_key") } else { None });
    json!({"error": {"message": wrong.what, "type": kind, "param": wrong.param, "code": code}})
}
