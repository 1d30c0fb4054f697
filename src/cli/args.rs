//! The command line, as the contract has it.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use jiff::SignedDuration;

use crate::domain::{Clock, Rule};
use crate::telemetry::LogFormat;

/// A Slack bot that answers one question: where do we stand, and what needs me?
#[derive(Debug, Parser)]
#[command(name = "caughtup", version, disable_help_subcommand = true)]
pub struct Args {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// What is logged. The demo is for reading its digest: there, only what goes wrong.
    pub fn log(&self) -> &str {
        let usual = if matches!(self.command, Command::Demo(_)) { "warn" } else { "info" };
        self.common.log.as_deref().unwrap_or(usual)
    }
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Common {
    /// The configuration file
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "CAUGHTUP_CONFIG",
        default_value = "caughtup.toml"
    )]
    pub config: PathBuf,
    /// How logs on standard error look
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Pretty)]
    pub log_format: LogFormat,
    /// What is logged, such as `debug` or `warn,caughtup=debug`
    #[arg(long = "log", global = true, value_name = "FILTER", env = "CAUGHTUP_LOG", hide = true)]
    pub log: Option<String>,
    /// By how many seconds the time here is ahead of the machine's, so that a rehearsal is the same on every day
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        env = "CAUGHTUP_CLOCK_AHEAD",
        hide = true,
        allow_negative_numbers = true,
        default_value_t = 0
    )]
    pub clock_ahead: i64,
}

impl Common {
    /// The time by which the command works.
    pub fn clock(&self) -> Clock {
        let clock = Clock::system();
        clock.advance(SignedDuration::from_secs(self.clock_ahead));
        clock
    }
}

/// One command each; `cli/` has a file for every one.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Connect to Slack, answer, run the schedules, serve health and metrics
    Serve(ServeArgs),
    /// Do one request and print the digest
    Run(RunArgs),
    /// The whole bot against a simulated company: no account, key or server needed
    Demo(DemoArgs),
    /// Check every token, scope, channel, board and page that the configuration names
    Doctor(DoctorArgs),
    /// Score the risk rules and the understanding of requests on labelled workspaces
    Eval(EvalArgs),
    /// Print the Slack app manifest
    Manifest(ManifestArgs),
}

/// The options of `serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// What this process does: a listener takes in what Slack sends, a worker works it off; they share a store
    #[arg(long, value_enum, default_value_t = RoleName::All)]
    pub role: RoleName,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum RoleName {
    /// Holds sockets and works
    All,
    /// Holds sockets only: up to 10 over all processes
    Listener,
    /// Works only: as many processes as you like
    Worker,
}

/// `doctor` has no options of its own.
#[derive(Debug, Clone, clap::Args)]
pub struct DoctorArgs {}

/// `manifest` has no options of its own.
#[derive(Debug, Clone, clap::Args)]
pub struct ManifestArgs {}

/// The options of `run`.
#[derive(Debug, Clone, clap::Args)]
pub struct RunArgs {
    /// What to ask, as you would in Slack: "get me caught up"
    pub request: String,
    /// How the digest is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The reader, by Slack id or e-mail address: whose rights and mentions count
    #[arg(long = "as", value_name = "USER")]
    pub reader: Option<String>,
    /// Where the window begins: a date, a time or a span, such as 2026-11-03, "last monday" or 3d
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// The program's key; may be given several times
    #[arg(long, value_name = "KEY")]
    pub program: Vec<String>,
    /// Also post the digest in this channel, by #name or id
    #[arg(long, value_name = "CHANNEL")]
    pub post: Option<String>,
    /// Write nothing anywhere
    #[arg(long)]
    pub dry_run: bool,
}

/// The options of `demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// Print the digest of one request and exit
    #[arg(long, value_name = "REQUEST")]
    pub once: Option<String>,
}

/// The options of `eval`.
#[derive(Debug, Clone, clap::Args)]
pub struct EvalArgs {
    /// How many workspaces are made
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub seeds: u64,
    /// The first one's seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub first_seed: u64,
    /// How large each is
    #[arg(long, value_enum, default_value_t = EvalSize::Medium)]
    pub size: EvalSize,
    /// How the scores are printed
    #[arg(long, value_enum, default_value_t = EvalFormat::Text)]
    pub format: EvalFormat,
    /// How many misses of each rule are shown with their words
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub misses: usize,
    /// One rule alone
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub rule: Option<Rule>,
    /// Score the phrases that are held out, instead of the others, and show numbers alone
    #[arg(long)]
    pub held_out: bool,
    /// Exit with 1 when a score is below its floor
    #[arg(long)]
    pub check: bool,
}

/// A rule by its contract name.
fn rule(name: &str) -> Result<Rule, String> {
    let quoted = serde_json::Value::String(name.to_owned());
    serde_json::from_value(quoted).map_err(|_| "not a rule; one is `stale-ticket`".to_owned())
}

/// How large a labelled workspace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvalSize {
    /// 4 channels of 60 messages
    Small,
    /// 8 channels of 150 messages
    Medium,
    /// 24 channels of 300 messages
    Large,
}

/// How a digest is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// For a document
    Markdown,
    /// For a program: caughtup.digest/1
    Json,
}

/// How scores are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    /// A table for a terminal
    #[value(alias = "table")]
    Text,
    /// For a program: caughtup.eval/1
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn options_stand_before_and_after_the_command() {
        let line = [
            "caughtup",
            "--log-format",
            "json",
            "run",
            "full status",
            "--config",
            "x.toml",
            "--as",
            "dana@acme.com",
            "--since",
            "3d",
            "--program",
            "dct",
            "--post",
            "#dct",
            "--dry-run",
            "--format",
            "markdown",
        ];
        let args = Args::try_parse_from(line).unwrap();
        assert_eq!((args.common.config, args.common.log_format), ("x.toml".into(), LogFormat::Json));
        let Command::Run(run) = args.command else { panic!("not run") };
        assert_eq!((run.format, run.dry_run, run.program), (Format::Markdown, true, vec!["dct".to_owned()]));
        assert_eq!(run.since.as_deref(), Some("3d"));
    }

    #[test]
    fn usage_errors_exit_with_2_and_help_with_0() {
        for line in [
            vec!["caughtup"],
            vec!["caughtup", "fly"],
            vec!["caughtup", "run"],
            vec!["caughtup", "run", "x", "--format", "pdf"],
        ] {
            assert_eq!(Args::try_parse_from(line).unwrap_err().exit_code(), 2);
        }
        assert_eq!(Args::try_parse_from(["caughtup", "--help"]).unwrap_err().exit_code(), 0);
    }
}
