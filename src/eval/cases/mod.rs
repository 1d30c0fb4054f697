//! The cases: for each rule true ones, and decoys that miss one clause of its definition each.

mod asked;
mod dates;
mod decided;
mod errands;
mod pages;
mod quiet;
mod sprints;
mod standing;
mod tickets;

use super::company::Company;
use crate::domain::Rule;

/// Plants one case, with all that belongs to it.
type Plant = fn(&mut Company);

/// A rule's cases, and how many of each kind a workspace of medium size holds.
struct Planting {
    rule: Rule,
    holds: &'static [Plant],
    decoys: &'static [Plant],
    number: (usize, usize),
}

const PLANTINGS: &[Planting] = &[
    Planting { rule: Rule::StaleTicket, holds: tickets::HOLDS, decoys: tickets::DECOYS, number: (3, 5) },
    Planting { rule: Rule::QuietInitiative, holds: quiet::HOLDS, decoys: quiet::DECOYS, number: (2, 3) },
    Planting { rule: Rule::Overdue, holds: dates::OVERDUE, decoys: dates::NOT_OVERDUE, number: (2, 3) },
    Planting {
        rule: Rule::StatusContradiction,
        holds: standing::HOLDS,
        decoys: standing::DECOYS,
        number: (3, 5),
    },
    Planting { rule: Rule::UntrackedBlocker, holds: errands::HOLDS, decoys: errands::DECOYS, number: (3, 6) },
    Planting { rule: Rule::DateMismatch, holds: pages::MISMATCH, decoys: pages::NO_MISMATCH, number: (2, 3) },
    Planting { rule: Rule::SlippedDate, holds: dates::SLIPPED, decoys: dates::NOT_SLIPPED, number: (2, 3) },
    Planting { rule: Rule::BlockedDependency, holds: dates::WAITS, decoys: dates::NO_WAIT, number: (2, 3) },
    Planting { rule: Rule::Ownerless, holds: dates::OWNERLESS, decoys: dates::OWNED, number: (2, 3) },
    Planting { rule: Rule::SprintRisk, holds: sprints::HOLDS, decoys: sprints::DECOYS, number: (1, 1) },
    Planting {
        rule: Rule::UnrecordedDecision,
        holds: decided::HOLDS,
        decoys: decided::DECOYS,
        number: (3, 5),
    },
    Planting { rule: Rule::StaleRisk, holds: pages::STALE_RISK, decoys: pages::FRESH_RISK, number: (2, 3) },
    Planting { rule: Rule::UnansweredQuestion, holds: asked::HOLDS, decoys: asked::DECOYS, number: (3, 5) },
];

/// Plants every rule's cases, so many times what a workspace of medium size holds.
pub(super) fn plant(company: &mut Company, times: usize) {
    for planting in PLANTINGS {
        for (plants, number) in [(planting.holds, planting.number.0), (planting.decoys, planting.number.1)] {
            // More sprints than that would not be active at once.
            let number = if planting.rule == Rule::SprintRisk { number } else { number * times };
            let mut order = plants.to_vec();
            company.dice.shuffle(&mut order);
            order.iter().cycle().take(number).for_each(|plant| plant(company));
        }
    }
}
