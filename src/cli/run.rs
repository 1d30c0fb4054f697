//! `caughtup run`: one request without Slack as its front.

use super::args::RunArgs;
use super::{Exit, say_on_stderr};
use crate::config::Config;

/// Does one request and prints its digest.
pub async fn run(_args: &RunArgs, _config: Config) -> anyhow::Result<Exit> {
    say_on_stderr("caughtup: `run` is not available yet.");
    Ok(Exit::Failed)
}
