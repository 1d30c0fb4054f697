//! One call to the configured provider, through `genai`, and what can come of it.
//!
//! Nothing that `genai` says about an error leaves this file: its errors hold what was asked and answered.

use std::time::Duration;

use genai::adapter::AdapterKind;
use genai::chat::{
    CacheControl, ChatMessage, ChatOptions, ChatRequest, ChatResponse, JsonSpec, ReasoningEffort, StopReason,
};
use genai::resolver::{AuthData, Endpoint, ProviderConfig};
use genai::{Client, ModelIden};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use url::{Host, Url};

use super::{Prompt, Tier, Tokens};
use crate::config::Llm;

/// Room for thinking beside the answer, for models that think before they speak.
const THOUGHTS: u32 = 2_000;

/// The provider and its key.
#[derive(Clone)]
pub(super) struct Provider {
    client: Client,
    kind: AdapterKind,
    has_key: bool,
}

/// What a provider said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) end: End,
    /// As it counted them; `None` where it did not say.
    pub(super) tokens: Option<Tokens>,
}

/// Why the answer ends where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Said,
    CutOff,
    Refused,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// A status that is not a success, and when to come back where the provider says it. Not billed.
    Status(u16, Option<Duration>),
    /// The provider was not reached. Not billed.
    NotConnected,
    /// The connection broke, or the answer cannot be read: nobody knows whether it is billed.
    Broken,
    /// The question could not be put. Nothing was called.
    Unasked(&'static str),
}

impl Provider {
    pub(super) fn new(config: &Llm) -> anyhow::Result<Self> {
        let kind = AdapterKind::from_lower_str(&config.provider)
            .ok_or_else(|| anyhow::anyhow!("`{}` is not a provider of models", config.provider))?;
        let auth = match &config.api_key {
            Some(key) => AuthData::Key(key.expose_secret().to_owned()),
            None => AuthData::None,
        };
        let mut target = ProviderConfig::from_auth(auth);
        if let Some(url) = &config.base_url {
            target = target.with_endpoint(Endpoint::from_owned(base(kind, url)));
        }
        let client = Client::builder()
            .with_reqwest(http(config.base_url.as_ref())?)
            .append_provider_config(kind, target)
            .build()
            .map_err(|_| anyhow::anyhow!("no client for the models' provider can be made"))?;
        Ok(Self { client, kind, has_key: config.api_key.is_some() || runs_here(&config.provider) })
    }

    /// Whether there is what the provider wants to see before it answers.
    pub(super) fn has_key(&self) -> bool {
        self.has_key
    }

    /// What may come out, thoughts included: what a call is reserved for.
    pub(super) fn most_out(&self, tier: Tier, prompt: &Prompt) -> u32 {
        match tier {
            Tier::Reasoning if self.kind == AdapterKind::Anthropic => {
                prompt.max_output_tokens.saturating_add(THOUGHTS)
            }
            _ => prompt.max_output_tokens,
        }
    }

    /// Asks once. Whoever waits sets the time limit.
    pub(super) async fn ask(&self, tier: Tier, model: &str, prompt: &Prompt) -> Result<Answer, Failure> {
        let mut system = ChatMessage::system(self.system(prompt));
        if matches!(self.kind, AdapterKind::Anthropic | AdapterKind::BedrockApi) {
            // The others cache prefixes by themselves; what is the same stands first for all of them.
            system = system.with_options(CacheControl::Ephemeral);
        }
        let request = ChatRequest::new(vec![system, ChatMessage::user(prompt.data.clone())]);
        let mut options = ChatOptions::default()
            .with_max_tokens(self.most_out(tier, prompt))
            .with_response_format(JsonSpec::new(prompt.schema_name, prompt.schema.clone()))
            .with_capture_raw_body(true);
        if self.kind == AdapterKind::Anthropic {
            // Left alone, its models think as long as they like, on our time and money.
            options = options.with_reasoning_effort(match tier {
                Tier::Writing => ReasoningEffort::Zero,
                Tier::Reasoning => ReasoningEffort::Low,
            });
        }
        let model = ModelIden::new(self.kind, model.to_owned());
        match self.client.exec_chat(model, request, Some(&options)).await {
            Ok(response) => Ok(answer(&response)),
            Err(error) => Err(failure(&error)),
        }
    }

    /// Models whose provider keeps to a schema are not told it twice.
    fn system(&self, prompt: &Prompt) -> String {
        use AdapterKind as Kind;
        match self.kind {
            Kind::Anthropic
            | Kind::OpenAI
            | Kind::OpenAIResp
            | Kind::Gemini
            | Kind::Ollama
            | Kind::OllamaCloud => prompt.system.clone(),
            _ => format!(
                "{}\n\nAnswer with one JSON object of this schema, and nothing beside it:\n{}",
                prompt.system, prompt.schema
            ),
        }
    }
}

/// Whether a provider is a program on one's own machine, which wants no key and bills nobody.
pub(super) fn runs_here(provider: &str) -> bool {
    matches!(provider, "ollama" | "omlx")
}

/// The address below which the library finds its calls, from what people write: that of the host, as the
/// providers' own clients take it, or with the version.
fn base(kind: AdapterKind, url: &Url) -> String {
    let written = url.as_str().trim_end_matches('/');
    let bare = url.path().trim_matches('/').is_empty();
    match kind {
        AdapterKind::Anthropic if !written.ends_with("/v1") => format!("{written}/v1/"),
        AdapterKind::Gemini if bare => format!("{written}/v1beta/"),
        AdapterKind::Ollama | AdapterKind::OllamaCloud | AdapterKind::BedrockApi => format!("{written}/"),
        _ if bare => format!("{written}/v1/"),
        _ => format!("{written}/"),
    }
}

/// A client of our own, so that there is one TLS provider in the program, and no redirect takes a key elsewhere.
fn http(url: Option<&Url>) -> anyhow::Result<reqwest::Client> {
    // Somebody else in the process may have been first, with the same provider: that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("caughtup/", env!("CARGO_PKG_VERSION")))
        .tcp_nodelay(true)
        .gzip(true)
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(Policy::none());
    let here = url.is_some_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    });
    let builder = if here { builder.no_proxy() } else { builder };
    builder
        .build()
        .map_err(|_| anyhow::anyhow!("no HTTP client can be made: are there TLS root certificates?"))
}

fn answer(response: &ChatResponse) -> Answer {
    let refused = response.captured_raw_body.as_ref().is_some_and(|body| {
        // OpenAI says it beside the answer, and calls it a normal end.
        body.pointer("/choices/0/message/refusal").is_some_and(serde_json::Value::is_string)
    });
    let end = match &response.stop_reason {
        Some(StopReason::ContentFilter(_)) => End::Refused,
        _ if refused => End::Refused,
        Some(StopReason::MaxTokens(_)) => End::CutOff,
        _ => End::Said,
    };
    Answer { text: response.texts().concat(), end, tokens: tokens(&response.usage) }
}

/// The library counts tokens read from a cache and written to one among those of the prompt.
fn tokens(usage: &genai::chat::Usage) -> Option<Tokens> {
    let count = |tokens: Option<i32>| u64::try_from(tokens.unwrap_or(0)).unwrap_or(0);
    usage.prompt_tokens.or(usage.completion_tokens)?;
    let details = usage.prompt_tokens_details.as_ref();
    let cached = count(details.and_then(|details| details.cached_tokens));
    let cache_written = count(details.and_then(|details| details.cache_creation_tokens));
    Some(Tokens {
        input: count(usage.prompt_tokens).saturating_sub(cached + cache_written),
        cached,
        cache_written,
        output: count(usage.completion_tokens),
    })
}

fn failure(error: &genai::Error) -> Failure {
    use genai::webc::Error as Web;
    match error {
        genai::Error::WebModelCall { webc_error, .. } => match webc_error {
            Web::ResponseFailedStatus { status, headers, .. } => {
                Failure::Status(status.as_u16(), come_back(headers))
            }
            Web::Reqwest(error) if error.is_connect() || error.is_builder() => Failure::NotConnected,
            _ => Failure::Broken,
        },
        genai::Error::ChatResponseGeneration { .. } => Failure::Broken,
        _ => Failure::Unasked("the provider's client does not take the question"),
    }
}

/// What the provider says of when to come back, in milliseconds or seconds. Dates, which HTTP allows too, no
/// provider of models sends.
fn come_back(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = number("retry-after-ms").map(|ms| ms / 1000.0).or_else(|| number("retry-after"))?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        for (kind, written, expected) in [
            (AdapterKind::Anthropic, "https://api.anthropic.com", "https://api.anthropic.com/v1/"),
            (
                AdapterKind::Anthropic,
                "https://gateway.example/anthropic/v1/",
                "https://gateway.example/anthropic/v1/",
            ),
            (
                AdapterKind::Anthropic,
                "https://gateway.example/anthropic",
                "https://gateway.example/anthropic/v1/",
            ),
            (AdapterKind::OpenAI, "https://api.openai.com/v1", "https://api.openai.com/v1/"),
            (AdapterKind::OpenAI, "http://127.0.0.1:8000", "http://127.0.0.1:8000/v1/"),
            (AdapterKind::OpenAI, "https://host.example/api/paas/v4", "https://host.example/api/paas/v4/"),
            (AdapterKind::Ollama, "http://127.0.0.1:11434", "http://127.0.0.1:11434/"),
        ] {
            assert_eq!(base(kind, &written.parse().unwrap()), expected, "{written}");
        }
    }

    #[test]
    fn when_to_come_back_is_read_from_either_header() {
        let with = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            come_back(&headers)
        };
        assert_eq!(with("retry-after", "3"), Some(Duration::from_secs(3)));
        assert_eq!(with("retry-after-ms", "250"), Some(Duration::from_millis(250)));
        assert_eq!(with("retry-after", "soon"), None);
        assert_eq!(with("retry-after", "-3"), None);
    }
}
