//! Slack's half of the twin, as a client sees it.

// Test code outside `#[test]` functions, which clippy.toml does not know for test code.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod door;
mod forms;
mod reading;
mod socket_mode;
mod writing;

use std::sync::LazyLock;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use twin::faults::Fault;
use twin::server::{Options, Twin};
use twin::slack::Origin;
use twin::world::World;
use twin::world::small::{self, APP_TOKEN, BOT_TOKEN};

async fn twin() -> Twin {
    twin_with(Options::recorded(), |_| {}).await
}

async fn twin_with(options: Options, change: impl FnOnce(&mut World)) -> Twin {
    let mut world = small::world(jiff::Timestamp::now());
    change(&mut world);
    Twin::start(world, options).await.expect("loopback has free ports")
}

/// One client for all tests, since reading the machine's certificates takes long. It keeps no connection
/// open, because each test has a runtime of its own.
fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        // reqwest builds no client without a cryptography provider, plain http or not.
        rustls::crypto::ring::default_provider().install_default().expect("it is the first");
        reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a plain client")
    });
    &CLIENT
}

fn request(twin: &Twin, method: &str) -> reqwest::RequestBuilder {
    client().post(format!("{}/{method}", twin.slack_api_url()))
}

async fn answer(request: reqwest::RequestBuilder) -> Value {
    request.send().await.expect("the twin answers").json().await.expect("the answer is JSON")
}

/// A call as the Python SDK makes it: a form, the token in the header.
async fn call(twin: &Twin, method: &str, arguments: &[(&str, &str)]) -> Value {
    answer(request(twin, method).bearer_auth(BOT_TOKEN).form(arguments)).await
}

/// A call as slack-morphism makes it: JSON.
async fn call_json(twin: &Twin, method: &str, body: Value) -> Value {
    answer(request(twin, method).bearer_auth(BOT_TOKEN).json(&body)).await
}

fn error(answer: &Value) -> &str {
    assert_eq!(answer["ok"], json!(false), "{answer}");
    answer["error"].as_str().expect("a refusal names its error")
}

fn ok(answer: Value) -> Value {
    assert_eq!(answer["ok"], json!(true), "{answer}");
    answer
}

fn list<'v>(answer: &'v Value, name: &str) -> &'v Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("no {name} in {answer}"))
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn ticket(twin: &Twin) -> String {
    let opened = answer(request(twin, "apps.connections.open").bearer_auth(APP_TOKEN)).await;
    word(&ok(opened), "url").to_owned()
}

async fn connect(twin: &Twin) -> Socket {
    let (mut socket, _) = connect_async(ticket(twin).await).await.expect("the ticket opens a socket");
    let hello = next(&mut socket).await;
    assert_eq!(hello["type"], json!("hello"));
    assert_eq!(hello["connection_info"]["app_id"], json!("A0SMALL"));
    socket
}

/// The next envelope.
async fn next(socket: &mut Socket) -> Value {
    let reading = async {
        loop {
            match socket.next().await.expect("the socket is open").expect("and whole") {
                Frame::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Frame::Close(_) => return json!({"type": "closed"}),
                _ => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("something comes within 20 s")
}

async fn acknowledge(socket: &mut Socket, envelope: &Value, payload: Option<Value>) {
    let mut answer = json!({"envelope_id": envelope["envelope_id"]});
    if let Some(payload) = payload {
        answer["payload"] = payload;
    }
    socket.send(Frame::text(answer.to_string())).await.expect("sent");
}
