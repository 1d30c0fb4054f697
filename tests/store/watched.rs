//! A Redis that Sentinels watch, for tests of what becomes of its users when the primary is gone.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::server::{Server, free_port};

/// A Sentinel that watches a primary, alone. It ends with the test.
pub struct Sentinel {
    port: u16,
    says: Lines<BufReader<ChildStdout>>,
    _process: Child,
    _folder: tempfile::TempDir,
}

impl Sentinel {
    pub async fn of(primary: u16) -> Self {
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
        let mut sentinel = Self { port, says, _process: process, _folder: folder };
        sentinel.until_it_says("+monitor").await;
        sentinel
    }

    /// Where a store finds the primary. The first Sentinel that is named is not there.
    pub fn address(&self) -> String {
        format!("redis+sentinel://127.0.0.1:{}/main?sentinel=127.0.0.1:{}", free_port(), self.port)
    }

    pub async fn until_it_says(&mut self, words: &str) {
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

/// A primary, a replica that has what it has, and a Sentinel that knows of both.
pub struct Watched {
    pub primary: Server,
    pub replica: Server,
    pub sentinel: Sentinel,
}

impl Watched {
    pub async fn start() -> Self {
        let primary = Server::on_a_port(&[]).await;
        let replica = Server::on_a_port(&["--replicaof", &format!("127.0.0.1 {}", primary.port())]).await;
        while primary.ask::<i64>(&["WAIT", "1", "1000"]).await == 0 {}
        let mut sentinel = Sentinel::of(primary.port()).await;
        sentinel.until_it_says("+slave").await;
        Self { primary, replica, sentinel }
    }
}
