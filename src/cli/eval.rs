//! `caughtup eval`: scores the rules and the understanding of requests on labelled workspaces.

use super::args::{EvalArgs, EvalFormat, EvalSize};
use super::{Exit, say_on_stderr, say_on_stdout};
use crate::eval::{self, Options, Size, floors};

/// Prints the scores; with `--check`, fails when one is below its floor.
pub fn run(args: &EvalArgs) -> anyhow::Result<Exit> {
    let options = Options {
        seeds: args.seeds,
        first_seed: args.first_seed,
        size: match args.size {
            EvalSize::Small => Size::Small,
            EvalSize::Medium => Size::Medium,
            EvalSize::Large => Size::Large,
        },
        rule: args.rule,
        held_out: args.held_out,
    };
    if args.check && !floors::apply_to(&options) {
        say_on_stderr(
            "caughtup: the floors are those of 20 medium workspaces from seed 1; leave these options out.",
        );
        return Ok(Exit::Misused);
    }
    let scores = eval::score(&options);
    match args.format {
        EvalFormat::Text => say_on_stdout(&eval::table(&options, &scores, args.misses))?,
        EvalFormat::Json => {
            say_on_stdout(&serde_json::to_string_pretty(&eval::json(&options, &scores, args.misses))?)?;
        }
    }
    let below = if args.check { floors::below(&scores) } else { Vec::new() };
    below.iter().for_each(|line| say_on_stderr(&format!("caughtup: {line}")));
    Ok(if below.is_empty() { Exit::Done } else { Exit::Failed })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Args, Command};

    fn eval(line: &[&str]) -> EvalArgs {
        let line = ["caughtup", "eval"].iter().chain(line);
        let Command::Eval(eval) = Args::try_parse_from(line).unwrap().command else { panic!("not eval") };
        eval
    }

    #[test]
    fn without_options_it_is_what_the_floors_are_of() {
        let args = eval(&[]);
        assert_eq!((args.seeds, args.first_seed, args.size), (20, 1, EvalSize::Medium));
        assert_eq!(Options::default().seeds, args.seeds);
    }

    #[test]
    fn floors_are_checked_only_where_they_were_measured() {
        for options in [&["--seeds", "3"][..], &["--held-out"], &["--rule", "overdue"], &["--size", "small"]]
        {
            let args = eval(&[options, &["--check"][..]].concat());
            assert_eq!(run(&args).unwrap(), Exit::Misused, "{options:?}");
        }
    }

    #[test]
    fn a_rule_is_named_as_the_contract_does() {
        assert_eq!(eval(&["--rule", "stale-ticket"]).rule, Some(crate::domain::Rule::StaleTicket));
        let wrong = Args::try_parse_from(["caughtup", "eval", "--rule", "stale"]).unwrap_err();
        assert_eq!(wrong.exit_code(), 2);
    }
}
