//! `caughtup serve`: connects to Slack and answers until it is told to end.

use tokio::signal::unix::{SignalKind, signal};

use super::Exit;
use super::args::ServeArgs;
use crate::app::App;
use crate::config::Config;
use crate::domain::Clock;

/// Serves until SIGTERM or SIGINT.
pub async fn run(_args: &ServeArgs, config: Config) -> anyhow::Result<Exit> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let app = App::build(config, Clock::system()).await?;
    let bot = app.serve().await?;
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
