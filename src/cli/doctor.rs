//! `caughtup doctor`: everything that the configuration names, checked, a line each.

use super::args::DoctorArgs;
use super::{Exit, say_on_stderr, say_on_stdout};
use crate::config::Config;
use crate::doctor;
use crate::domain::Clock;

/// Checks everything, and says what is wrong and how to mend it.
pub async fn run(_args: &DoctorArgs, config: Config, clock: Clock) -> anyhow::Result<Exit> {
    let lines = doctor::examine(&config, clock).await?;
    for line in &lines {
        say_on_stdout(&line.to_string())?;
    }
    let wrong = lines.iter().filter(|line| line.is_wrong()).count();
    say_on_stderr(&match wrong {
        0 => format!("{} checks, nothing is wrong", lines.len()),
        1 => format!("{} checks, 1 is wrong", lines.len()),
        wrong => format!("{} checks, {wrong} are wrong", lines.len()),
    });
    Ok(if wrong == 0 { Exit::Done } else { Exit::Failed })
}
