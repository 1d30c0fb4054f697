//! A model that computes nothing: it speaks Anthropic's Messages and OpenAI's chat completions, counts tokens, and
//! behaves as it is told by name.
//!
//! It knows of a question only what stands in the request: the JSON schema that the answer must have, and in the
//! user's words what looks like evidence with ids. What was asked is kept for tests to read.

mod anthropic;
mod behaviour;
mod control;
mod door;
mod keep;
mod openai;
mod ramble;
mod tokens;
mod write;

pub use behaviour::Behaviour;
pub use door::router;
pub use keep::{Model, Seen, Spent};

/// The key that it takes. Nobody's.
pub const KEY: &str = "sk-ant-fiction-kestrel-freight-0000000000";

/// A request that is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wrong {
    status: u16,
    what: String,
    /// OpenAI names the parameter, and a code.
    param: Option<String>,
    code: Option<&'static str>,
}

impl Wrong {
    fn request(what: impl Into<String>) -> Self {
        Self { status: 400, what: what.into(), param: None, code: None }
    }

    fn of(param: &str, code: &'static str, what: impl Into<String>) -> Self {
        Self { status: 400, what: what.into(), param: Some(param.to_owned()), code: Some(code) }
    }
}

/// A question, whichever vendor's words it came in.
#[derive(Debug, Clone)]
struct Question {
    model: String,
    /// What stands before the user's words: tools, instructions.
    system: String,
    /// The user's words.
    data: String,
    /// What the answer must be a value of.
    schema: Option<serde_json::Value>,
    max_tokens: u64,
    stream: bool,
    /// The whole prompt in the order in which vendors cache it, each part with whether a breakpoint follows it.
    parts: Vec<(String, bool)>,
}

/// Why an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Said,
    CutOff,
    Refused,
}

/// An answer, whichever vendor's words it will go out in.
#[derive(Debug, Clone)]
struct Reply {
    id: String,
    text: String,
    end: End,
    spent: Spent,
}
