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
