//! `caughtup doctor`: will check everything that the configuration names.

use super::args::DoctorArgs;
use super::{Exit, say_on_stderr};

/// Says that it cannot check anything yet.
pub async fn run(_args: &DoctorArgs) -> anyhow::Result<Exit> {
    say_on_stderr(
        "caughtup: `doctor` is not available yet. `serve` and `run` name every problem of the configuration.",
    );
    Ok(Exit::Failed)
}
