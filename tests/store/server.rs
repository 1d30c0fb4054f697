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
    /// Where it speaks TLS, if it does.
    tls: Option<u16>,
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

    /// Behind a port, as other servers and Sentinels know it.
    pub async fn on_a_port(options: &[&str]) -> Self {
        Self::with(options, Some(free_port()), None).await
    }

    /// Behind TLS, with the keys that [`Keys::make`] has put into a folder.
    pub async fn behind_tls(keys: &Path) -> Self {
        let (port, key) = (free_port(), |name: &str| keys.join(name).display().to_string());
        let mut options = vec!["--tls-port".to_owned(), port.to_string()];
        for (option, name) in [
            ("--tls-cert-file", "server.pem"),
            ("--tls-key-file", "server.key"),
            ("--tls-ca-cert-file", "ca.pem"),
        ] {
            options.extend([option.to_owned(), key(name)]);
        }
        options.extend(["--tls-auth-clients".to_owned(), "no".to_owned()]);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let mut server = Self::with(&options, None, None).await;
        server.tls = Some(port);
        server
    }

    /// Whether the installed server can: one that was built without TLS does not know its options.
    pub async fn speaks_tls() -> bool {
        let mut command = Command::new("redis-server");
        // One that is to listen nowhere does not begin at all.
        command.args(["--port", &free_port().to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--tls-port", "0", "--tls-auth-clients", "no"]);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut process = started.unwrap();
        let mut says = BufReader::new(process.stdout.take().unwrap()).lines();
        while let Some(line) = says.next_line().await.unwrap() {
            if line.contains("Server initialized") || line.contains("eady to accept") {
                return true;
            }
        }
        false
    }

    async fn with(options: &[&str], port: Option<u16>, password: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let server = Self { folder, options, port, tls: None, password, running: Mutex::new(None) };
        server.run().await;
        server
    }

    pub fn url(&self) -> StoreUrl {
        StoreUrl::Redis(SecretString::from(self.address(self.password.as_deref())))
    }

    /// With whatever password.
    pub fn address(&self, password: Option<&str>) -> String {
        if let Some(port) = self.tls {
            return format!("rediss://127.0.0.1:{port}");
        }
        match self.port {
            Some(port) => match password {
                Some(password) => format!("redis://:{password}@127.0.0.1:{port}"),
                None => format!("redis://127.0.0.1:{port}"),
            },
            None => self.behind_its_file(),
        }
    }

    fn behind_its_file(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    pub fn port(&self) -> u16 {
        self.port.unwrap()
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
        let address = match self.tls {
            Some(_) => self.behind_its_file(),
            None => self.address(self.password.as_deref()),
        };
        let client = redis::Client::open(address).unwrap();
        let patient = redis::AsyncConnectionConfig::new().set_response_timeout(None);
        let mut connection = client.get_multiplexed_async_connection_with_config(&patient).await.unwrap();
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

/// An authority of the test's own, and a server that it vouches for.
pub struct Keys(tempfile::TempDir);

impl Keys {
    pub async fn make() -> Self {
        let keys = Self(tempfile::tempdir().unwrap());
        let authority =
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem";
        let request = "req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr";
        let vouch = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names \
                     -out server.pem";
        std::fs::write(keys.0.path().join("names"), "subjectAltName=IP:127.0.0.1\n").unwrap();
        for made in [authority, request, vouch] {
            let mut command = Command::new("openssl");
            let made = command.args(made.split_whitespace()).current_dir(keys.0.path()).output().await;
            let made = made.unwrap_or_else(|error| {
                panic!("openssl cannot be started ({error}): apt-get install openssl")
            });
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        keys
    }

    pub fn folder(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// The certificate of the authority.
    pub fn authority(&self) -> PathBuf {
        self.0.path().join("ca.pem")
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
