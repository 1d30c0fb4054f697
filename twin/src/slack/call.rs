//! One call of a method: its arguments in whichever of Slack's four shapes they came, its token, its refusal.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::server::Shared;
use crate::world::{Channel, World};

/// What a method answers, `ok` apart.
pub(super) type Outcome = Result<Map<String, Value>, Refusal>;

/// `ok: false`, and why.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub error: String,
    pub more: Map<String, Value>,
}

impl Refusal {
    /// With lines for `response_metadata.messages`, which say what exactly was wrong.
    pub fn because(error: &str, messages: Vec<String>) -> Self {
        let mut more = Map::new();
        more.insert("response_metadata".into(), json!({ "messages": messages }));
        Self { error: error.into(), more }
    }

    /// `missing_scope`, and which.
    pub fn missing_scope(needed: &str, provided: &BTreeSet<String>) -> Self {
        let mut more = Map::new();
        more.insert("needed".into(), needed.into());
        more.insert("provided".into(), provided.iter().cloned().collect::<Vec<_>>().join(",").into());
        Self { error: "missing_scope".into(), more }
    }
}

impl From<&str> for Refusal {
    fn from(error: &str) -> Self {
        Self { error: error.into(), more: Map::new() }
    }
}

/// The arguments, from query and body alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Args(pub Map<String, Value>);

impl Args {
    /// An argument as text; numbers and booleans are text to Slack. Empty is absent.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// An argument that must be there.
    pub fn required(&self, name: &str) -> Result<String, Refusal> {
        self.text(name).ok_or_else(|| {
            Refusal::because("invalid_arguments", vec![format!("[ERROR] missing required field: {name}")])
        })
    }

    /// `1`, `true`, true.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| matches!(text.to_ascii_lowercase().as_str(), "1" | "true" | "t" | "yes"))
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let wrong = || {
            let line = format!("[ERROR] must be a number [json-pointer:/{name}]");
            Refusal::because("invalid_arguments", vec![line])
        };
        text.trim().parse().map(Some).map_err(|_| wrong())
    }

    /// An object or array: as itself, or as a string of JSON, which is how forms carry it.
    pub fn json(&self, name: &str, wrong: &str) -> Result<Option<Value>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str(text).map(Some).map_err(|_| Refusal::from(wrong))
            }
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// A comma-separated list, or an array.
    pub fn list(&self, name: &str) -> Vec<String> {
        let from_array = self
            .0
            .get(name)
            .and_then(Value::as_array)
            .map(|items| items.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
        from_array.unwrap_or_else(|| {
            let text = self.text(name).unwrap_or_default();
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        })
    }
}

/// A call that passed the door: known method, valid token, one of the method's scopes.
pub(super) struct Call {
    pub shared: Arc<Shared>,
    pub args: Args,
    pub scopes: BTreeSet<String>,
    /// The token's own text, so that rate limits are counted per installation.
    pub token: String,
}

/// What a channel is called in scopes: `channels:read`, `groups:history`.
pub(super) fn scope_family(channel: &Channel) -> &'static str {
    match channel {
        Channel { is_im: true, .. } => "im",
        Channel { is_mpim: true, .. } => "mpim",
        Channel { is_private: true, .. } => "groups",
        _ => "channels",
    }
}

impl Call {
    /// Whether the token holds a scope.
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Refuses when it does not.
    pub fn need(&self, scope: &str) -> Result<(), Refusal> {
        if self.may(scope) { Ok(()) } else { Err(Refusal::missing_scope(scope, &self.scopes)) }
    }

    /// The channel in `channel`, if the bot may know of it: what is private does not exist for
    /// those outside. `right` is the scope's second half: `read`, `history`.
    pub fn channel<'w>(&self, world: &'w World, right: &str) -> Result<&'w Channel, Refusal> {
        let id = self.args.required("channel")?;
        let channel = visible(world, &id)?;
        self.need(&format!("{}:{right}", scope_family(channel)))?;
        Ok(channel)
    }
}

/// A channel that the bot may know of.
pub(super) fn visible<'w>(world: &'w World, id: &str) -> Result<&'w Channel, Refusal> {
    let channel = world.slack.channels.get(id).ok_or("channel_not_found")?;
    let closed = channel.is_private || channel.is_im || channel.is_mpim;
    if closed && !is_member(world, channel) {
        return Err("channel_not_found".into());
    }
    Ok(channel)
}

/// Whether the bot is in the channel.
pub(super) fn is_member(world: &World, channel: &Channel) -> bool {
    channel.members.contains(&world.slack.bot_user)
}

/// An object out of `json!({…})`.
pub(super) fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
