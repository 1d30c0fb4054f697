//! How fast envelopes are acknowledged, how long a run takes beside its longest chain of calls, what lasts.
//!
//! ```sh
//! cargo build --release --bins --examples
//! target/release/examples/bench acks [rounds]     # bursts of 50 and 200 mixed envelopes, the work going on meanwhile
//! target/release/examples/bench latency [rounds]  # 300 ms in every call to Slack, Jira and Confluence
//! target/release/examples/bench warm [rounds] [redis] # thirty channels, read for the first time and after they were listened to
//! target/release/examples/bench soak [minutes] [redis] # five requests a second: memory and the queue
//! target/release/examples/bench tokens [rounds]   # what a digest over ten channels of 300 messages costs
//! ```
//!
//! The twin runs in this process, the bot in one of its own: the binary beside this one. A busy machine shows in the
//! slowest rounds, so every round is printed.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a program for developers: it prints, and fails loudly"
)]

mod soak;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use twin::faults::Fault;
use twin::server::{Options, Shared, Twin};
use twin::story::{self, cast};
use twin::world::{Channel, Message, World};

const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let rounds = arguments.next().and_then(|rounds| rounds.parse().ok());
    let over_redis = arguments.next().as_deref() == Some("redis");
    if what == "soak" {
        soak::soak(rounds.unwrap_or(10), over_redis).await;
        return;
    }
    let rounds = rounds.unwrap_or(5);
    match what.as_str() {
        "acks" => {
            for burst in [50, 200] {
                for round in 1..=rounds {
                    acks(burst, round).await;
                }
            }
        }
        "latency" => {
            for round in 1..=rounds {
                latency(round).await;
            }
        }
        "warm" => {
            for round in 1..=rounds {
                warm(round, over_redis).await;
            }
        }
        "tokens" => {
            for round in 1..=rounds {
                tokens(round).await;
            }
        }
        _ => println!("usage: bench acks|latency|warm|tokens|soak [rounds or minutes] [redis]"),
    }
}

/// A burst of envelopes of all kinds; most of them ask for a digest, so that the bot works while it acknowledges.
async fn acks(burst: usize, round: usize) {
    let (twin, dir) = company().await;
    let mut bot = bot(&twin, &dir).arg("serve").spawn().unwrap();
    let open = |shared: &Shared| (shared.sockets.connections() >= 2).then_some(());
    twin.wait_within(PATIENCE, "the bot", open).await.unwrap();
    let cast = cast();
    let dms: Vec<(String, String)> =
        [&cast.reader, &cast.lead, &cast.engineer].map(|user| (user.clone(), twin.dm(user))).to_vec();
    for n in 0..burst {
        let (user, dm) = dms.get(n % dms.len()).unwrap();
        let here = &cast.digest_channel;
        match n % 5 {
            0 => drop(twin.says(user, dm, &format!("dct check since {} days", n % 9 + 1), None)),
            1 => drop(twin.slash(user, here, "/caughtup get me caught up")),
            2 => drop(twin.says(user, here, &format!("<@{}> dct check", cast.bot), None)),
            3 => drop(twin.slash(user, here, "/caughtup help")),
            _ => drop(twin.says(user, here, "nothing for a bot", None)),
        }
    }
    let all = |shared: &Shared| {
        let acks = shared.ledger.acknowledgements();
        (acks.len() >= burst && acks.iter().all(|ack| ack.after.is_some())).then_some(acks)
    };
    let acks = twin.wait_within(PATIENCE, "acknowledgements", all).await.unwrap();
    let mut times: Vec<Duration> = acks.iter().filter_map(|ack| ack.after).collect();
    times.sort();
    let at = |percent: usize| {
        let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(index).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    let again = acks.iter().filter(|ack| ack.deliveries > 1).count();
    println!(
        "burst {burst:>3} round {round}: {} envelopes, p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms, sent again {again}",
        times.len(),
        at(50),
        at(90),
        at(99),
        at(100),
    );
    bot.kill().await.unwrap();
    twin.stop().await;
}

/// One run over the story's ten channels, every call answered 300 ms late.
async fn latency(round: usize) {
    let (twin, dir) = company().await;
    for vendor in ["slack", "jira", "confluence"] {
        twin.shared().faults.set(vendor, None, Fault::Delay(Duration::from_millis(300)));
    }
    let began = std::time::Instant::now();
    let mut run = bot(&twin, &dir);
    run.args(["run", "get me caught up", "--as", &cast().reader_email]).stderr(Stdio::piped());
    let output = run.output().await.unwrap();
    let wall = began.elapsed().as_millis();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let entries: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let Some(said) = entries.iter().find(|entry| entry.get("run.chain").is_some()) else {
        panic!("no timeline in the log:\n{log}")
    };
    let number = |name: &str| said.get(name).and_then(Value::as_f64).unwrap_or_default();
    let (total, chain) = (number("run.total_ms"), number("run.chain_ms"));
    println!(
        "round {round}: exit {:?}, total {total} ms, chain {chain} ms, ratio {:.2} (the whole process {wall} ms, {:.2}), {} calls\n  {}",
        output.status.code(),
        total / chain,
        f64::from(u32::try_from(wall).unwrap_or(u32::MAX)) / chain,
        number("run.calls"),
        said.get("run.chain").and_then(Value::as_str).unwrap_or_default(),
    );
    twin.stop().await;
}

/// The same digest twice beside a bot that listens: all channels read, then none.
async fn warm(round: usize, over_redis: bool) {
    const CHANNELS: usize = 30;
    let id = |number: usize| format!("C0WARM{number:04}");
    let mut world = story::company(Timestamp::now());
    let members: std::collections::BTreeSet<String> =
        world.people.iter().map(|person| person.id.clone()).collect();
    let bot_user = world.slack.bot_user.clone();
    for channel in world.slack.channels.values_mut().filter(|channel| !channel.is_im) {
        channel.members.remove(&bot_user);
    }
    for number in 0..CHANNELS {
        let (id, name, members) = (id(number), format!("warm-{number}"), members.clone());
        let channel = Channel { id: id.clone(), name, members, ..Channel::default() };
        world.slack.channels.insert(id, channel);
    }
    let mut world = fill(world, (0..CHANNELS).map(id));
    for number in (0..CHANNELS).step_by(3) {
        discussed(world.slack.channels.get_mut(&id(number)).unwrap());
    }
    let twin = Twin::start(world, Options::default()).await.unwrap();
    for vendor in ["slack", "jira", "confluence"] {
        twin.shared().faults.set(vendor, None, Fault::Delay(Duration::from_millis(100)));
    }
    let dir = TempDir::new().unwrap();
    let server = if over_redis { Some(Redis::start().await) } else { None };
    let channels = format!("{:?}", (0..CHANNELS).map(id).collect::<Vec<_>>());
    let with_channels = |mut command: Command| {
        if let Some(server) = &server {
            command.env("REDIS_URL", &server.url);
        }
        let config = dir.path().join("caughtup.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        let (before, after) = text.split_once("channels = [").unwrap();
        let after = after.split_once(']').unwrap().1;
        std::fs::write(&config, format!("{before}channels = {channels}{after}")).unwrap();
        command
    };
    let mut listener = with_channels(bot(&twin, &dir)).arg("serve").spawn().unwrap();
    let open = |shared: &Shared| (shared.sockets.connections() >= 2).then_some(());
    twin.wait_within(PATIENCE, "the bot", open).await.unwrap();
    let mut took = Vec::new();
    for state in ["cold", "warm"] {
        let calls = |method: &str| twin.shared().ledger.calls("slack", method).len();
        let before = (calls("conversations.history"), calls("conversations.replies"));
        let mut run = with_channels(bot(&twin, &dir));
        run.args(["run", "get me caught up", "--as", &cast().reader_email]);
        let began = std::time::Instant::now();
        let status = run.status().await.unwrap();
        let time = began.elapsed();
        println!(
            "round {round} {state}: exit {:?}, {} pages of history, {} threads, {} ms",
            status.code(),
            calls("conversations.history") - before.0,
            calls("conversations.replies") - before.1,
            time.as_millis(),
        );
        took.push(time.as_secs_f64());
    }
    if let [cold, warm] = took.as_slice() {
        println!("round {round}: warm takes {:.2} of the time that cold takes", warm / cold);
    }
    listener.kill().await.unwrap();
    twin.stop().await;
}

/// What a model is sent and paid over ten channels of 300 messages, beside sending it the channels whole: first
/// with nothing cached, then once more.
async fn tokens(round: usize) {
    let world = talkative(story::company(Timestamp::now()));
    let whole: usize = cast()
        .program_channels
        .iter()
        .filter_map(|id| world.slack.channels.get(id))
        .flat_map(|channel| channel.messages.values())
        .map(|message| message.text.len() + 40)
        .sum();
    let twin = Twin::start(world, Options::default()).await.unwrap();
    let dir = TempDir::new().unwrap();
    println!(
        "round {round}: the channels whole would be about {} tokens, ${:.2} at $4 a million",
        whole / 4,
        f64::from(u32::try_from(whole / 4).unwrap()) * 4e-6
    );
    for state in ["cold", "cached"] {
        let mut output = None;
        // Until every agent of the full status works, the program check is the widest request.
        for request in ["full status", "get me caught up"] {
            let mut command = bot(&twin, &dir);
            let model = format!(
                "\n[llm]\nprovider = \"anthropic\"\nbase_url = \"{}\"\nreasoning_model = \"claude-opus-5-5\"\nwriting_model = \"claude-haiku-5-5\"\n",
                twin.model_url()
            );
            let config = dir.path().join("caughtup.toml");
            let text = std::fs::read_to_string(&config).unwrap();
            std::fs::write(&config, text + &model).unwrap();
            command.env("ANTHROPIC_API_KEY", twin::model::KEY).stderr(Stdio::piped());
            command.args(["run", request, "--as", &cast().reader_email, "--format", "json"]);
            let ran = command.output().await.unwrap();
            if ran.status.code() != Some(4) {
                output = Some((request, ran));
                break;
            }
        }
        let (request, ran) = output.unwrap();
        let digest: Value = serde_json::from_slice(&ran.stdout).unwrap();
        let used = |name: &str| {
            digest.pointer(&format!("/usage/{name}")).and_then(Value::as_f64).unwrap_or_default()
        };
        println!(
            "  {state}, “{request}”: {} calls, {} tokens in ({} of them cached), {} out, ${:.4}",
            used("llm_calls"),
            used("input_tokens") + used("cached_tokens"),
            used("cached_tokens"),
            used("output_tokens"),
            used("usd"),
        );
    }
    twin.stop().await;
}

/// Has every channel of the program hold 300 messages; some leave doubt.
fn talkative(world: World) -> World {
    fill(world, cast().program_channels)
}

/// Has the newest message of a channel begin a thread.
fn discussed(channel: &mut Channel) {
    let Some(mut root) = channel.messages.values().next_back().cloned() else { return };
    root.thread_ts = Some(root.ts.clone());
    let (seconds, rest) = root.ts.split_once('.').unwrap();
    let ts = format!("{}.{rest}", seconds.parse::<u64>().unwrap() + 60);
    let reply = Message { ts: ts.clone(), text: "Agreed, go ahead".to_owned(), ..root.clone() };
    channel.messages.insert(root.ts.clone(), root);
    channel.messages.insert(ts, reply);
}

/// Has these channels hold 300 messages.
fn fill(mut world: World, channels: impl IntoIterator<Item = String>) -> World {
    const SAID: [&str; 8] = [
        "Rack {n} is cabled, labels follow after lunch",
        "I think we are blocked on the vendor for cage {n}, waiting for their call back",
        "Minutes of today: power budget {n}, two open points, next meeting on Thursday",
        "Thanks! I will look at the switch configuration for row {n} this afternoon",
        "DCT-{n} needs another review, the firewall team asked for the list of ports",
        "It seems we decided to keep dual power for hall {n}, can somebody write it down?",
        "Done with the inventory of row {n}, 42 servers, all with serial numbers",
        "Has anybody seen the crane booking for week {n}?",
    ];
    let now = world.clock.now().as_second();
    let people = [cast().reader, cast().lead, cast().engineer];
    for (place, id) in (0i64..).zip(channels) {
        let Some(channel) = world.slack.channels.get_mut(&id) else { continue };
        for (number, said) in (0i64..).zip(SAID.iter().cycle()) {
            if channel.messages.len() >= 300 {
                break;
            }
            let ts = format!("{}.{:06}", now - 600 - number * 3_000, 500 + place);
            let user = people.get(usize::try_from(number % 3).unwrap()).cloned();
            let text = said.replace("{n}", &(number % 60 + 10).to_string());
            channel.messages.entry(ts.clone()).or_insert(Message { ts, user, text, ..Message::default() });
        }
    }
    world
}

/// A Redis server of its own, which keeps what it is given.
struct Redis {
    url: String,
    _process: Child,
    _folder: TempDir,
}

impl Redis {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("redis.sock");
        let mut command = Command::new("redis-server");
        command.args(["--port", "0", "--appendonly", "yes", "--save", "", "--unixsocket"]).arg(&socket);
        command
            .arg("--dir")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().expect("redis-server is installed");
        let mut says = BufReader::new(process.stdout.take().unwrap()).lines();
        while let Some(line) = says.next_line().await.unwrap() {
            if line.contains("eady to accept connections") {
                break;
            }
        }
        // What it says further goes nowhere.
        tokio::spawn(async move { while let Ok(Some(_)) = says.next_line().await {} });
        let url = format!("redis+unix://{}", socket.display());
        Self { url, _process: process, _folder: folder }
    }
}

async fn company() -> (Twin, TempDir) {
    let twin = Twin::start(story::company(Timestamp::now()), Options::default()).await.unwrap();
    (twin, TempDir::new().unwrap())
}

/// The binary beside this one, with the twin's addresses.
fn bot(twin: &Twin, dir: &TempDir) -> Command {
    let here = std::env::current_exe().unwrap();
    let binary: PathBuf = here.parent().and_then(|examples| examples.parent()).unwrap().join("caughtup");
    let store = format!("sqlite:{}", dir.path().join("caughtup.db").display());
    let text = include_str!("../../src/cli/demo.toml")
        .replace("{atlassian}", &twin.site())
        .replace("memory:", &store);
    let config = dir.path().join("caughtup.toml");
    std::fs::write(&config, text).unwrap();
    let mut command = Command::new(binary);
    command
        .arg("--config")
        .arg(config)
        .args(["--log-format", "json"])
        .env_clear()
        .env("CAUGHTUP_LOG", "warn,caughtup::sources::timeline=info")
        .env("SLACK_API_URL", twin.slack_api_url())
        .env("SLACK_BOT_TOKEN", story::cast::BOT_TOKEN)
        .env("SLACK_APP_TOKEN", story::cast::APP_TOKEN)
        .env("ATLASSIAN_EMAIL", story::cast::ATLASSIAN_EMAIL)
        .env("ATLASSIAN_API_TOKEN", story::cast::ATLASSIAN_TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}
