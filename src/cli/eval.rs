//! `caughtup eval`: will score the rules and the understanding on labelled workspaces.

use super::args::EvalArgs;
use super::{Exit, say_on_stderr};

/// Says that it cannot score anything yet.
pub async fn run(_args: &EvalArgs) -> anyhow::Result<Exit> {
    say_on_stderr("caughtup: `eval` is not available yet.");
    Ok(Exit::Failed)
}
