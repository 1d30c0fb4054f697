//! `caughtup demo`: the whole bot against a simulated company on loopback.

use super::args::DemoArgs;
use super::{Exit, say_on_stderr};

/// Prints a first digest, then takes requests where there is a terminal.
pub async fn run(_args: &DemoArgs) -> anyhow::Result<Exit> {
    say_on_stderr("caughtup: `demo` is not available yet.");
    Ok(Exit::Failed)
}
