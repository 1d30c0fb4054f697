//! `caughtup serve`: connects to Slack and answers until it is told to end.

use super::args::ServeArgs;
use super::{Exit, say_on_stderr};
use crate::config::Config;

/// Serves until SIGTERM or SIGINT.
pub async fn run(_args: &ServeArgs, _config: Config) -> anyhow::Result<Exit> {
    say_on_stderr("caughtup: `serve` is not available yet.");
    Ok(Exit::Failed)
}
