//! A real Redis server, started for one test in a folder of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;

use caughtup::config::StoreUrl;
use redis::FromRedisValue;
use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// A server that keeps what it is given over a restart, and ends with the test.
pub struct Server {
    folder: tempfile::TempDir,
    options: Vec<String>,
    /// `None` while it is reached by its socket file, which no other process can take.
    port: Option<u16>,
    password: Option<String>,
    running: Mutex<Option<Running>>,
}

struct Running {
    process: Child,
    /// Kept open: what the server says has to go somewhere.
    _says: BufReader<ChildStdout>,
}

impl Server {
    /// Behind a socket file.
    pub async fn start(options: &[&str]) -> Self {
        Self::with(options, None, None).await
    }

    /// Behind a port of this machine and a password.
    pub async fn with_password(password: &str) -> Self {
        Self::with(&["--requirepass", password], Some(free_port()), Some(password.to_owned())).await
    }

    async fn with(options: &[&str], port: Option<u16>, password: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let server = Self { folder, options, port, password, running: Mutex::new(None) };
        server.run().await;
        server
    }

    pub fn url(&self) -> StoreUrl {
        StoreUrl::Redis(SecretString::from(self.address(self.password.as_deref())))
    }

    /// With whatever password.
    pub fn address(&self, password: Option<&str>) -> String {
        let password = password.unwrap_or_default();
        match self.port {
            Some(port) => format!("redis://:{password}@127.0.0.1:{port}"),
            None => format!("redis+unix://{}", self.socket().display()),
        }
    }

    /// Starts it again, with what it kept.
    pub async fn run(&self) {
        let mut command = Command::new("redis-server");
        command.arg("--dir").arg(self.folder.path()).args(["--appendonly", "yes", "--save", ""]);
        command.args(["--port", &self.port.unwrap_or(0).to_string(), "--bind", "127.0.0.1"]);
        command.arg("--unixsocket").arg(self.socket()).args(&self.options);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut process = started.unwrap_or_else(|error| {
            panic!("redis-server cannot be started ({error}): apt-get install redis-server, or run scripts/test.sh")
        });
        let mut says = BufReader::new(process.stdout.take().unwrap());
        let (mut line, mut all) = (String::new(), String::new());
        while !line.contains("eady to accept connections") {
            line.clear();
            assert!(says.read_line(&mut line).await.unwrap() > 0, "redis-server ended:\n{all}");
            all += &line;
        }
        *self.running.lock().unwrap() = Some(Running { process, _says: says });
    }

    /// Ends it as `kill -9` does.
    pub async fn kill(&self) {
        let running = self.running.lock().unwrap().take();
        running.unwrap().process.kill().await.unwrap();
    }

    /// Has it answer nobody, or go on.
    pub async fn freeze(&self, frozen: bool) {
        let id = self.running.lock().unwrap().as_ref().unwrap().process.id().unwrap();
        let signal = if frozen { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &id.to_string()]).status().await.unwrap().success());
    }

    /// Asks it something, as its operator would.
    pub async fn ask<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let client = redis::Client::open(self.address(self.password.as_deref())).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(word);
        }
        command.query_async(&mut connection).await.unwrap()
    }

    fn socket(&self) -> PathBuf {
        let folder: &Path = self.folder.path();
        folder.join("redis.sock")
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
