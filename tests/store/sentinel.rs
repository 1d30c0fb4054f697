//! A primary that fails over while the store is in use.

use std::process::Stdio;
use std::time::Duration;

use caughtup::config::StoreUrl;
use caughtup::domain::Clock;
use caughtup::store::{Enqueued, NewJob, Store};
use secrecy::SecretString;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::server::{Server, free_port};

/// A Sentinel that watches a primary, alone.
struct Sentinel {
    port: u16,
    says: Lines<BufReader<ChildStdout>>,
    _process: Child,
    _folder: tempfile::TempDir,
}

impl Sentinel {
    async fn of(primary: u16) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let configuration = folder.path().join("sentinel.conf");
        let lines = [
            format!("port {port}"),
            "bind 127.0.0.1".to_owned(),
            format!("sentinel monitor main 127.0.0.1 {primary} 1"),
            "sentinel down-after-milliseconds main 500".to_owned(),
            "sentinel failover-timeout main 3000".to_owned(),
        ];
        std::fs::write(&configuration, lines.join("\n")).unwrap();
        let mut command = Command::new("redis-server");
        command.arg(&configuration).arg("--sentinel").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.kill_on_drop(true).spawn().unwrap();
        let says = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { port, says, _process: process, _folder: folder }
    }

    async fn until_it_says(&mut self, words: &str) {
        let said = async {
            while let Some(line) = self.says.next_line().await.unwrap() {
                if line.contains(words) {
                    return;
                }
            }
            panic!("the Sentinel ended before it said {words}");
        };
        assert!(timeout(Duration::from_secs(30), said).await.is_ok(), "the Sentinel never said {words}");
    }
}

fn job(key: &str) -> NewJob {
    NewJob { key: key.to_owned(), kind: "ask".to_owned(), person: None, payload: json!({}) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failover_is_followed() {
    let primary = Server::on_a_port(&[]).await;
    let replica = Server::on_a_port(&["--replicaof", &format!("127.0.0.1 {}", primary.port())]).await;
    while primary.ask::<i64>(&["WAIT", "1", "1000"]).await == 0 {}
    let mut sentinel = Sentinel::of(primary.port()).await;
    sentinel.until_it_says("+slave").await;

    // The first Sentinel that is named is not there.
    let address =
        format!("redis+sentinel://127.0.0.1:{}/main?sentinel=127.0.0.1:{}", free_port(), sentinel.port);
    let store = Store::open(&StoreUrl::Redis(SecretString::from(address)), Clock::system()).await.unwrap();
    store.enqueue(&job("k")).await.unwrap();
    assert_eq!(primary.ask::<i64>(&["WAIT", "1", "5000"]).await, 1);
    primary.kill().await;
    let error = store.ping().await.unwrap_err().to_string();
    assert!(error.contains("main, watched by"), "{error}");

    sentinel.until_it_says("+switch-master").await;
    assert_eq!(store.enqueue(&job("k")).await.unwrap(), Enqueued::Duplicate);
    assert!(matches!(store.enqueue(&job("another")).await.unwrap(), Enqueued::New(_)));
    assert_eq!(replica.ask::<Vec<String>>(&["KEYS", "*:job:*"]).await.len(), 2);
}
