//! `caughtup serve`: connects to Slack and answers until it is told to end.

use tokio::signal::unix::{SignalKind, signal};

use super::Exit;
use super::args::{RoleName, ServeArgs};
use crate::app::App;
use crate::bot::Role;
use crate::config::{Config, StoreUrl};
use crate::domain::Clock;
use crate::store::Store;

/// Serves until SIGTERM or SIGINT.
pub async fn run(args: &ServeArgs, config: Config, clock: Clock) -> anyhow::Result<Exit> {
    let role = role(args);
    if role != Role::All && matches!(config.store, StoreUrl::Memory) {
        super::say_on_stderr(
            "caughtup: a listener and a worker meet in their store, and `memory:` is not shared: set `store.url` to a SQLite file or a Redis server",
        );
        return Ok(Exit::Misused);
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let store = Store::open_for_long(&config.store, clock.clone()).await?;
    let app = App::over(store, config, clock)?;
    let bot = app.serve(role).await?;
    match bot.address() {
        Some(address) => tracing::info!(%address, "serving; /healthz, /readyz and /metrics are here"),
        None => tracing::info!("serving"),
    }
    tokio::select! {
        _ = terminate.recv() => tracing::info!("asked to end (SIGTERM)"),
        _ = interrupt.recv() => tracing::info!("asked to end (SIGINT)"),
    }
    bot.stop().await;
    app.store.close().await;
    tracing::info!("ended");
    Ok(Exit::Done)
}

/// What the process is to do.
pub fn role(args: &ServeArgs) -> Role {
    match args.role {
        RoleName::All => Role::All,
        RoleName::Listener => Role::Listener,
        RoleName::Worker => Role::Worker,
    }
}
