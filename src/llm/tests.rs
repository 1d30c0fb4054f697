//! Against the model twin, over sockets, in the words of both vendors.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use jiff::{Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, fmt, registry};
use twin::faults::Fault;
use twin::model::{Behaviour, KEY};
use twin::server::{Options, Twin};
use twin::world::small;

use super::*;
use crate::config::StoreUrl;
use crate::domain::Usage;

const SECRET_WORD: &str = "xylophonic";

struct House {
    twin: Twin,
    models: Models,
    clock: Clock,
}

fn config(provider: &str, url: &str) -> Llm {
    let (reasoning, writing) = match provider {
        "openai" => ("gpt-6", "gpt-5.6-mini"),
        _ => ("claude-opus-5-5", "claude-haiku-5-5"),
    };
    Llm {
        provider: provider.to_owned(),
        key_name: "ANTHROPIC_API_KEY".to_owned(),
        base_url: Some(url.parse().unwrap()),
        reasoning_model: reasoning.to_owned(),
        writing_model: writing.to_owned(),
        api_key: Some(SecretString::from(KEY)),
        max_usd_per_run: 1.0,
        max_usd_per_day: 20.0,
        prices: Vec::new(),
        prompts: crate::config::PromptTexts::shipped(),
        agents: [(AgentName::SprintBoard, Some(Tier::Writing)), (AgentName::ProgramMonitor, None)].into(),
    }
}

async fn house_of(provider: &str, change: impl FnOnce(&mut Llm)) -> House {
    let twin = Twin::start(small::world(Timestamp::now()), Options::recorded()).await.unwrap();
    let mut config = config(provider, &twin.model_url());
    change(&mut config);
    let clock = Clock::system();
    let store = Store::open(&StoreUrl::Memory, clock.clone()).await.unwrap();
    let models = Models::new(&config, TimeZone::UTC, store, clock.clone()).unwrap();
    House { twin, models, clock }
}

async fn house(provider: &str) -> House {
    house_of(provider, |_| {}).await
}

fn prompt() -> Prompt {
    Prompt {
        name: "test",
        system: format!("You say what matters. {}", "This rule is the same every time. ".repeat(300)),
        data: format!(
            "[e1] DCT-42 waits for the firewall {SECRET_WORD}\n[e2] The vendor is late\n[e3] All is well"
        ),
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["claims"],
            "properties": {"claims": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["text", "evidence"],
                "properties": {
                    "text": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "string"}},
                },
            }}},
        }),
        schema_name: "claims",
        max_output_tokens: 400,
    }
}

impl House {
    fn account(&self) -> Account {
        let reader: UserId = "UANA".parse().unwrap();
        self.models.account(&RunId::new(self.clock.now()), "full-status", Some(&reader))
    }

    async fn ask_within(&self, tier: Tier, time: Duration, account: &Account) -> Result<Reply, LlmError> {
        self.models.ask(tier, AgentName::DailyAssistant, &prompt(), Instant::now() + time, account).await
    }

    async fn ask(&self) -> Result<Reply, LlmError> {
        self.ask_within(Tier::Reasoning, Duration::from_secs(30), &self.account()).await
    }

    /// What the twin counted, as the product's tokens.
    fn counted(&self) -> Tokens {
        let spent = self.twin.shared().model.spent();
        Tokens {
            input: spent.input,
            cached: spent.cached,
            cache_written: spent.cache_written,
            output: spent.output,
        }
    }

    fn requests(&self) -> Vec<Value> {
        self.twin.shared().ledger.exchanges().into_iter().map(|exchange| exchange.request).collect()
    }
}

#[tokio::test]
async fn what_is_reported_is_what_the_provider_counted_to_the_token() {
    for provider in ["anthropic", "openai"] {
        let house = house(provider).await;
        let account = house.account();
        let mut last = None;
        for tier in [Tier::Reasoning, Tier::Writing, Tier::Reasoning] {
            let reply = house.ask_within(tier, Duration::from_secs(30), &account).await.unwrap();
            assert_eq!(reply.value["claims"][0]["evidence"], json!(["e1"]), "{provider}");
            last = Some(reply);
        }
        let (spent, counted) = (account.spent(), house.counted());
        assert_eq!(spent.tokens, counted, "{provider}");
        assert_eq!(spent.calls, 3);
        let last = last.unwrap();
        assert!(
            last.tokens.cached > 1_000,
            "{provider}: the same prefix comes from the cache: {:?}",
            last.tokens
        );
        // Two kinds of models, by who asked.
        assert_eq!(spent.by_agent.len(), 2);
        let sum: f64 = spent.by_agent.values().map(|(_, cost)| cost.usd()).sum();
        assert!((sum - spent.cost.usd()).abs() < 1e-12);
        let mut usage = Usage::default();
        account.add_to(&mut usage);
        assert_eq!(
            usage.input_tokens + usage.cached_tokens,
            counted.input + counted.cached + counted.cache_written
        );
        assert_eq!(
            (usage.llm_calls, usage.output_tokens, usage.cached_tokens),
            (3, counted.output, counted.cached)
        );
        assert!((usage.usd - spent.cost.usd()).abs() < 1e-12);
    }
}

#[tokio::test]
async fn dollars_are_tokens_times_the_list_prices() {
    let house = house("anthropic").await;
    let account = house.account();
    for _ in 0..3 {
        house.ask_within(Tier::Reasoning, Duration::from_secs(30), &account).await.unwrap();
    }
    let counted = house.counted();
    assert!(counted.cached > 0 && counted.cache_written > 0);
    let count = |tokens: u64| tokens as f64;
    let usd = (count(counted.input) * 4.0
        + count(counted.cached) * 0.20
        + count(counted.cache_written) * 5.0
        + count(counted.output) * 20.0)
        / 1e6;
    assert!((account.spent().cost.usd() - usd).abs() < 1e-9, "{} is not {usd}", account.spent().cost.usd());
    let plain = count(counted.input + counted.cached + counted.cache_written) * 4.0 / 1e6
        + count(counted.output) * 20.0 / 1e6;
    assert!((account.spent().saved.usd() - (plain - usd)).abs() < 1e-9);
    let lines = house.models.spending(house.models.today()).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].workflow.as_str(), lines[0].bill.cost), ("full-status", account.spent().cost));
    assert_eq!(lines[0].person.as_ref().map(UserId::as_str), Some("UANA"));
}

#[tokio::test]
async fn a_question_is_put_as_the_vendors_want_it() {
    let house = house("anthropic").await;
    for tier in [Tier::Writing, Tier::Reasoning] {
        house.ask_within(tier, Duration::from_secs(30), &house.account()).await.unwrap();
    }
    let requests = house.requests();
    for request in &requests {
        for sampling in ["temperature", "top_p", "top_k"] {
            assert!(request.get(sampling).is_none(), "{sampling} is a 400 under the newest version");
        }
        assert_eq!(request["system"][0]["cache_control"]["type"], "ephemeral");
        assert_eq!(request["output_config"]["format"]["schema"]["properties"], prompt().schema["properties"]);
        assert_eq!(request["messages"], json!([{"role": "user", "content": prompt().data}]));
    }
    assert_eq!(requests[0]["system"], requests[1]["system"]);
    assert_eq!(
        (&requests[0]["thinking"]["type"], &requests[0]["max_tokens"]),
        (&json!("disabled"), &json!(400))
    );
    assert_eq!(requests[1]["output_config"]["effort"], "low");
    assert!(requests[1]["max_tokens"].as_u64().unwrap() > 400, "thoughts have room of their own");

    let house = self::house("openai").await;
    house.ask().await.unwrap();
    let request = &house.requests()[0];
    assert_eq!(request["response_format"]["json_schema"]["strict"], true);
    assert_eq!(request["messages"][0]["role"], "system");
    assert_eq!((&request["max_completion_tokens"], request.get("temperature")), (&json!(400), None));
}

#[tokio::test]
async fn an_answer_that_is_none_is_an_error_that_may_be_shown() {
    for provider in ["anthropic", "openai"] {
        let house = house(provider).await;
        let model = &house.twin.shared().model;
        let account = house.account();
        let mut expected = 0;
        for seed in 1..9 {
            model.seed(seed);
            model.behave(Behaviour::Garbled);
            let error = house.ask_within(Tier::Writing, Duration::from_secs(30), &account).await.unwrap_err();
            assert!(matches!(error, LlmError::Garbled(_)), "{provider} {seed}: {error:?}");
            assert!(!error.to_string().contains(SECRET_WORD), "{error}");
            expected += 1;
        }
        for behaviour in [Behaviour::Refusing, Behaviour::Huge] {
            model.behave(behaviour.clone());
            let error = house.ask_within(Tier::Writing, Duration::from_secs(30), &account).await.unwrap_err();
            let fits = match behaviour {
                Behaviour::Refusing => error == LlmError::Refused,
                _ => matches!(error, LlmError::Garbled(_)),
            };
            assert!(fits, "{provider}: {behaviour:?} gave {error:?}");
            expected += 1;
        }
        // What could not be used was paid for all the same.
        assert_eq!(account.spent().tokens, house.counted(), "{provider}");
        assert_eq!(account.spent().calls, expected);
    }
}

#[tokio::test]
async fn a_model_that_lies_still_answers_by_the_schema() {
    let house = house("anthropic").await;
    for behaviour in [Behaviour::Fabricating, Behaviour::Exfiltrating] {
        house.twin.shared().model.behave(behaviour.clone());
        let mut said = BTreeSet::new();
        for seed in 1..6 {
            house.twin.shared().model.seed(seed);
            let value = house.ask().await.unwrap().value;
            said.insert(value.to_string());
        }
        let lies = ["90", "2031", "https://", "<!", "<@", "evil", "Quist", "Marsh", "Petrescu", "on track"];
        assert!(
            said.len() > 2 && said.iter().all(|text| lies.iter().any(|lie| text.contains(lie))),
            "{said:#?}"
        );
    }
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_while_there_is_time() {
    for provider in ["anthropic", "openai"] {
        let house = house(provider).await;
        let shared = house.twin.shared();
        shared.model.behave_next(Behaviour::Overloaded(Some(0)), 2);
        let account = house.account();
        house.ask_within(Tier::Writing, Duration::from_secs(30), &account).await.unwrap();
        assert_eq!(account.spent().calls, 3, "{provider}");
        assert_eq!(account.spent().tokens, house.counted());

        for status in [500, 529, 503] {
            shared.faults.next("anthropic", None, Fault::Status(status), 1);
            shared.faults.next("openai", None, Fault::Status(status), 1);
            house.ask().await.unwrap();
            shared.faults.clear();
        }
        // An hour is more than there is: nobody waits for it.
        shared.model.behave(Behaviour::Overloaded(Some(3_600)));
        let began = Instant::now();
        assert_eq!(house.ask().await.unwrap_err(), LlmError::Overloaded, "{provider}");
        assert!(began.elapsed() < Duration::from_secs(10));
        shared.model.behave(Behaviour::Overloaded(Some(0)));
        let before = shared.model.requests();
        assert_eq!(house.ask().await.unwrap_err(), LlmError::Overloaded, "{provider}");
        assert_eq!(shared.model.requests() - before, 4, "it is not asked for ever");
        // What was refused costs nothing, and holds no budget.
        let lines = house.models.spending(house.models.today()).await.unwrap();
        let total: crate::domain::Money = lines.iter().map(|line| line.unknown).sum();
        assert_eq!(total, crate::domain::Money::ZERO);
    }
}

#[tokio::test]
async fn other_refusals_are_final() {
    let house = house("anthropic").await;
    let shared = house.twin.shared();
    for (fault, expected) in [
        (Fault::Unauthorized, LlmError::Unauthorized),
        (Fault::Status(403), LlmError::Unauthorized),
        (Fault::Status(400), LlmError::Failed("its provider answered 400".into())),
        (Fault::Status(404), LlmError::Failed("its provider answered 404".into())),
    ] {
        shared.faults.set("anthropic", None, fault);
        let before = shared.model.requests();
        assert_eq!(house.ask().await.unwrap_err(), expected);
        assert_eq!(shared.model.requests() - before, 1);
        shared.faults.clear();
    }
    let wrong =
        house_of("anthropic", |config| config.api_key = Some(SecretString::from("sk-ant-wrong"))).await;
    assert_eq!(wrong.ask().await.unwrap_err(), LlmError::Unauthorized);
    let none = house_of("anthropic", |config| config.api_key = None).await;
    assert_eq!(none.ask().await.unwrap_err(), LlmError::Unauthorized);
    assert_eq!(none.twin.shared().model.requests(), 0, "without a key nobody is asked");
}

#[tokio::test]
async fn a_deadline_is_kept_and_a_cut_is_paid_for_twice_rather_than_never() {
    let house = house("anthropic").await;
    let shared = house.twin.shared();
    shared.model.behave(Behaviour::Slow(Duration::from_secs(600)));
    let began = Instant::now();
    let slow = house.ask_within(Tier::Writing, Duration::from_millis(300), &house.account()).await;
    assert_eq!(slow.unwrap_err(), LlmError::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(
        house.ask_within(Tier::Writing, Duration::ZERO, &house.account()).await.unwrap_err(),
        LlmError::TimedOut
    );
    shared.model.behave(Behaviour::Obedient);
    shared.faults.next("anthropic", None, Fault::CutAfter, 1);
    house.ask().await.unwrap();
    let lines = house.models.spending(house.models.today()).await.unwrap();
    assert!(lines.iter().all(|line| line.unknown > crate::domain::Money::ZERO), "{lines:?}");
    shared.faults.set("anthropic", None, Fault::Garbage);
    let said = house.ask().await.unwrap_err();
    assert!(matches!(said, LlmError::Failed(_)), "{said:?}");
    let nowhere =
        house_of("anthropic", |config| config.base_url = Some("http://127.0.0.1:9".parse().unwrap())).await;
    let account = nowhere.account();
    let said = nowhere.ask_within(Tier::Writing, Duration::from_secs(1), &account).await.unwrap_err();
    assert_eq!(said, LlmError::Failed("its provider cannot be reached".into()));
    assert_eq!(account.spent().cost, crate::domain::Money::ZERO);
}

#[tokio::test]
async fn over_the_cap_nobody_is_asked() {
    let house = house_of("anthropic", |config| config.max_usd_per_run = 0.001).await;
    assert_eq!(house.ask().await.unwrap_err(), LlmError::OverBudget(Cap::Run));
    let house = house_of("anthropic", |config| config.max_usd_per_day = 0.001).await;
    assert_eq!(house.ask().await.unwrap_err(), LlmError::OverBudget(Cap::Day));
    assert_eq!(house.twin.shared().model.requests(), 0);
    // A run may ask until its budget is used up, and not once more.
    let house = house_of("anthropic", |config| config.max_usd_per_run = 0.10).await;
    let account = house.account();
    let mut asked = 0;
    let last = loop {
        match house.ask_within(Tier::Reasoning, Duration::from_secs(30), &account).await {
            Ok(_) => asked += 1,
            Err(error) => break error,
        }
        assert!(asked < 100, "the cap is never reached");
    };
    assert_eq!(last, LlmError::OverBudget(Cap::Run));
    assert!(asked > 1 && account.spent().cost.usd() <= 0.10, "{asked}: {}", account.spent().cost);
    assert_eq!(house.twin.shared().model.requests(), asked);
}

#[tokio::test]
async fn fifty_runs_at_once_never_pass_the_days_cap() {
    let cap = 0.50;
    let folder = tempfile::tempdir().unwrap();
    let file = StoreUrl::Sqlite(folder.path().join("shared.db"));
    let twin = Twin::start(small::world(Timestamp::now()), Options::recorded()).await.unwrap();
    let config = Llm { max_usd_per_day: cap, ..config("anthropic", &twin.model_url()) };
    // Five processes that share a store.
    let mut processes = Vec::new();
    for _ in 0..5 {
        let clock = Clock::system();
        let store = Store::open(&file, clock.clone()).await.unwrap();
        processes.push(Models::new(&config, TimeZone::UTC, store, clock).unwrap());
    }
    let (now, question) = (Timestamp::now(), prompt());
    let run = async |at: usize| {
        let models = &processes[at % processes.len()];
        let account = models.account(&RunId::new(now), "full-status", None);
        let mut refused = 0_u32;
        for _ in 0..6 {
            let deadline = Instant::now() + Duration::from_secs(60);
            match models.ask(Tier::Reasoning, AgentName::ProgramMonitor, &question, deadline, &account).await
            {
                Ok(_) => {}
                Err(LlmError::OverBudget(Cap::Day)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        (account.spent().cost, refused)
    };
    let mut runs = join_all((0..50).map(run)).await;
    assert!(runs.iter().any(|(_, refused)| *refused > 0), "together they want more than there is");
    // What was reserved and not spent came back: one after the other they get nearly all of it.
    while runs.len() < 500 {
        let (cost, refused) = run(runs.len()).await;
        runs.push((cost, refused));
        if refused == 6 {
            break;
        }
    }
    let spent: crate::domain::Money = runs.iter().map(|(cost, _)| *cost).sum();
    let refused: u64 = runs.iter().map(|(_, refused)| u64::from(*refused)).sum();
    assert!(spent.usd() <= cap && spent.usd() > cap * 0.8, "{spent} of {cap}");
    let asked = 6 * u64::try_from(runs.len()).unwrap();
    assert_eq!(asked - refused, twin.shared().model.requests(), "those who were refused did not call");
    let lines = processes[0].spending(processes[0].today()).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.bill.cost).sum::<crate::domain::Money>(), spent);
}

#[tokio::test]
async fn the_configuration_says_which_model_an_agent_gets() {
    let house = house("anthropic").await;
    let tier = |agent, declared| house.models.tier(agent, declared);
    assert_eq!(tier(AgentName::SprintBoard, None), Some(Tier::Writing));
    assert_eq!(tier(AgentName::ProgramMonitor, Some(Tier::Reasoning)), None);
    assert_eq!(tier(AgentName::DailyAssistant, Some(Tier::Writing)), Some(Tier::Writing));
    assert_eq!(house.models.model(Tier::Writing), "claude-haiku-5-5");
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_key_and_nobodys_words_reach_a_log() {
    let kept = Kept::default();
    let writer = kept.clone();
    let layer = fmt::layer().with_writer(move || writer.clone()).with_ansi(false);
    let filter = EnvFilter::new("trace,genai=trace,reqwest=trace,hyper=trace");
    let _logging = tracing::subscriber::set_default(registry().with(crate::telemetry::capped(layer, filter)));
    for provider in ["anthropic", "openai"] {
        let house = house(provider).await;
        let shared = house.twin.shared();
        let behaviours = [
            Behaviour::Obedient,
            Behaviour::Garbled,
            Behaviour::Refusing,
            Behaviour::Huge,
            Behaviour::Overloaded(None),
        ];
        for behaviour in behaviours {
            shared.model.behave(behaviour);
            let _any = house.ask().await;
        }
        shared.model.behave(Behaviour::Obedient);
        for fault in [Fault::Unauthorized, Fault::Status(400), Fault::Garbage, Fault::CutAfter] {
            shared.faults.set(if provider == "openai" { "openai" } else { "anthropic" }, None, fault);
            let _any = house.ask_within(Tier::Writing, Duration::from_secs(3), &house.account()).await;
            shared.faults.clear();
        }
    }
    let said = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("a model answered") && said.contains("no answer"), "nothing was logged: {said}");
    for secret in [KEY, SECRET_WORD, "firewall", "The vendor is late", "You say what matters"] {
        assert!(!said.contains(secret), "{secret} is in the log:\n{said}");
    }
}
