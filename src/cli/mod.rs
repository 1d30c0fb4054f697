//! The command line: arguments in, exit code out. One file per command.

pub mod args;
mod demo;
mod doctor;
mod eval;
mod manifest;
mod post;
mod progress;
mod run;
mod serve;
mod slack_text;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::config::{Config, ConfigProblems, Need, environment};
use crate::telemetry;
use args::{Args, Command, Common};

/// How a command ended. The numbers are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for was done.
    Done,
    /// It failed; standard error says why.
    Failed,
    /// The arguments or the configuration are wrong.
    Misused,
    /// The digest was made, with gaps.
    Gaps,
    /// Refused or not understood: nothing was done, and standard output says why.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Misused => 2,
            Exit::Gaps => 3,
            Exit::Refused => 4,
        })
    }
}

/// Reads the arguments, does the command, and says how it ended. Every error is printed here, once.
pub async fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => {
            // Help and the version go to standard output, usage errors to standard error.
            let _ = usage.print();
            return if usage.use_stderr() { Exit::Misused.into() } else { Exit::Done.into() };
        }
    };
    telemetry::start(args.log(), args.common.log_format);
    match dispatch(args).await {
        Ok(exit) => exit.into(),
        Err(error) => {
            let misused = error.downcast_ref::<ConfigProblems>().is_some();
            say_on_stderr(&format!("caughtup: {error:#}"));
            if misused { Exit::Misused.into() } else { Exit::Failed.into() }
        }
    }
}

async fn dispatch(args: Args) -> anyhow::Result<Exit> {
    let common = args.common;
    match args.command {
        Command::Serve(serve) => {
            let mut needs = vec![Need::SlackBot, Need::Atlassian];
            needs.extend(serve::role(&serve).listens().then_some(Need::SlackApp));
            serve::run(&serve, configured(&common, &needs)?, common.clock()).await
        }
        Command::Run(run) => {
            let config = configured(&common, &[Need::SlackBot, Need::Atlassian])?;
            run::run(&run, config, common.clock()).await
        }
        Command::Demo(demo) => demo::run(&demo).await,
        Command::Doctor(doctor) => doctor::run(&doctor, configured(&common, &[])?, common.clock()).await,
        Command::Eval(eval) => eval::run(&eval),
        Command::Manifest(_) => manifest::run(),
    }
}

fn configured(common: &Common, needs: &[Need]) -> anyhow::Result<Config> {
    Ok(Config::load_for(needs, &common.config, &environment)?)
}

/// Prints a result. A reader that has gone away, as `head` does, is no failure.
///
/// # Errors
/// When standard output cannot be written to.
pub fn say_on_stdout(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Says something beside the result. There is nowhere left to report that this failed.
pub fn say_on_stderr(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
