//! One connection to Redis, replaced whenever it breaks.
//!
//! Not the crate's `ConnectionManager`: an attempt to connect that fails for another reason than the network (too
//! many clients, a password that is just being changed) is the last one it makes, and it stays with a primary that
//! has become a replica. Here every question finds a connection or makes one, and nobody waits longer than
//! [`PATIENCE`].

use std::sync::Arc;
use std::time::Duration;

use ::redis::aio::{MultiplexedConnection, PubSub};
use ::redis::sentinel::SentinelClient;
use ::redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ErrorKind, FromRedisValue, IntoConnectionInfo, RedisError,
    RedisResult, Script, ScriptInvocation, ServerErrorKind, Value,
};
use futures::FutureExt;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::{sentinel, trouble};
use crate::store::StoreError;

/// How long a question may take altogether.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long Redis may take to be connected to, or to answer.
const ONE_STEP: Duration = Duration::from_secs(2);

/// Where Redis is. Shows itself without user and password.
pub struct Address {
    way: Way,
    place: String,
}

/// How the server is found.
enum Way {
    Server(Client),
    /// Asked anew for every connection: the primary may be another one.
    Sentinel(Mutex<SentinelClient>),
}

impl Address {
    pub fn read(url: &SecretString) -> Result<Self, StoreError> {
        let unreadable = |error: RedisError| StoreError::Redis {
            place: "the configured address".to_owned(),
            why: format!("cannot be used: {}; correct REDIS_URL or store.url", trouble::in_words(&error)),
            passes: false,
            unsure: false,
        };
        let url = url.expose_secret();
        if let Some(watched) = sentinel::read(url) {
            let (client, place) = watched.map_err(unreadable)?;
            return Ok(Self { way: Way::Sentinel(Mutex::new(client)), place });
        }
        let info = url.into_connection_info().map_err(unreadable)?;
        let place = shown(&info);
        Ok(Self { way: Way::Server(Client::open(info).map_err(unreadable)?), place })
    }

    /// To be shown to people.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// A connection that hears what is published.
    pub async fn hearing(&self) -> RedisResult<PubSub> {
        match &self.way {
            Way::Server(client) => client.get_async_pubsub().await,
            Way::Sentinel(client) => client.lock().await.async_get_client().await?.get_async_pubsub().await,
        }
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ONE_STEP))
            .set_response_timeout(Some(ONE_STEP));
        // Boxed: connecting is rare, and its type is so deep that whoever holds a store could not be compiled.
        match &self.way {
            Way::Server(client) => client.get_multiplexed_async_connection_with_config(&config).boxed().await,
            Way::Sentinel(client) => {
                let mut client = client.lock().await;
                client.get_async_connection_with_config(&config).boxed().await
            }
        }
    }
}

fn shown(info: &ConnectionInfo) -> String {
    let database = match info.redis_settings().db() {
        0 => String::new(),
        number => format!("/{number}"),
    };
    format!("{}{database}", info.addr())
}

/// A connection and its successors. Used from several threads at once.
pub struct Link {
    address: Arc<Address>,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    connection: Option<MultiplexedConnection>,
    /// Which one it is, so that whoever saw an earlier one break does not throw its successor away.
    number: u64,
}

impl Link {
    /// A link to an address, made when it is first needed: on the thread that needs it.
    pub fn to(address: Arc<Address>) -> Self {
        Self { address, current: Mutex::default() }
    }

    /// Has a script carried out. When the connection breaks it may be carried out twice, so what a script does once
    /// it does once only.
    pub async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, StoreError> {
        let mut unsure = false;
        let twice = async {
            match self.once(script).await {
                Err(error) if another_connection_may_do(&error) => {
                    unsure = may_be_done(&error);
                    self.once(script).await
                }
                answer => answer,
            }
        };
        let answer = timeout(PATIENCE, twice).await.unwrap_or_else(|_| Err(trouble::silence()));
        let answer = answer.and_then(|value| Ok(T::from_redis_value(value)?));
        answer.map_err(|error| self.trouble(&error, unsure || may_be_done(&error)))
    }

    /// What Redis says of itself.
    pub async fn info(&self) -> Result<String, StoreError> {
        let ask = async {
            let (mut connection, _) = self.connection().await?;
            ::redis::cmd("INFO").query_async(&mut connection).await
        };
        let answer = timeout(PATIENCE, ask).await.unwrap_or_else(|_| Err(trouble::silence()));
        answer.map_err(|error| self.trouble(&error, false))
    }

    /// Connects, and has Redis know a script before it is needed.
    pub async fn load(&self, script: &Script) -> Result<(), StoreError> {
        let load = async {
            let (mut connection, _) = self.connection().await?;
            script.load_async(&mut connection).await
        };
        let answer = timeout(PATIENCE, load).await.unwrap_or_else(|_| Err(trouble::silence()));
        answer.map(drop).map_err(|error| self.trouble(&error, false))
    }

    pub async fn close(&self) {
        self.current.lock().await.connection = None;
    }

    async fn once(&self, script: &ScriptInvocation<'_>) -> RedisResult<Value> {
        let (mut connection, number) = self.connection().await?;
        let answer = script.invoke_async(&mut connection).await;
        if answer.as_ref().is_err_and(broken) {
            let mut current = self.current.lock().await;
            if current.number == number {
                current.connection = None;
            }
        }
        answer
    }

    async fn connection(&self) -> RedisResult<(MultiplexedConnection, u64)> {
        let mut current = self.current.lock().await;
        let connection = match current.connection.take() {
            Some(connection) => connection,
            None => {
                let made = self.address.connect().await?;
                current.number += 1;
                made
            }
        };
        current.connection = Some(connection.clone());
        Ok((connection, current.number))
    }

    fn trouble(&self, error: &RedisError, unsure: bool) -> StoreError {
        let (place, why) = (self.address.place.clone(), trouble::in_words(error));
        StoreError::Redis { place, why, passes: trouble::passes(error), unsure }
    }
}

/// Whether a connection is of no more use. One that timed out may still bring the late answer to nobody's question,
/// and one to a primary that has become a replica will never take anything in.
fn broken(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error() || demoted(error)
}

/// Whether what was asked may have been done, or be done yet: it was sent, and no answer came.
fn may_be_done(error: &RedisError) -> bool {
    error.is_timeout() || error.is_connection_dropped() && !error.is_connection_refusal()
}

fn another_connection_may_do(error: &RedisError) -> bool {
    error.is_connection_dropped() || demoted(error)
}

fn demoted(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown))
}
