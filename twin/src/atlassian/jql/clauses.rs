//! From a tree to a test for one issue.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::world::{Issue, World};

use super::fields::{self, Known};
use super::{Clause, Operator, Refused, Term, compare, history};

/// Decides whether an issue is meant.
pub type Test<'w> = Box<dyn Fn(&Issue) -> bool + 'w>;

/// Who asks, and when: `currentUser()`, `now()` and days depend on it.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Account id.
    pub account_id: String,
    /// The zone whose days count.
    pub zone: TimeZone,
    /// The time.
    pub now: Timestamp,
}

/// Checks a tree against the site and makes the test.
///
/// # Errors
/// Everything that is wrong with it, in Jira's words.
pub fn compile<'w>(world: &'w World, asker: &'w Asker, clause: &Clause) -> Result<Test<'w>, Refused> {
    turn(world, asker, clause, false)
}

/// NOT is pushed down to the comparisons, as Jira does it: `NOT assignee = x` is `assignee != x`,
/// and neither means the issues that nobody is assigned to.
fn turn<'w>(world: &'w World, asker: &'w Asker, clause: &Clause, negated: bool) -> Result<Test<'w>, Refused> {
    let (parts, all) = match clause {
        Clause::Not(inner) => return turn(world, asker, inner, !negated),
        Clause::Term(one) => return term(world, asker, one, negated),
        Clause::And(parts) => (parts, !negated),
        Clause::Or(parts) => (parts, negated),
    };
    let (mut tests, mut errors) = (Vec::new(), Vec::new());
    for part in parts {
        match turn(world, asker, part, negated) {
            Ok(test) => tests.push(test),
            Err(Refused(messages)) => errors.extend(messages),
        }
    }
    if !errors.is_empty() {
        return Err(Refused(errors));
    }
    Ok(match all {
        true => Box::new(move |issue| tests.iter().all(|test| test(issue))),
        false => Box::new(move |issue| tests.iter().any(|test| test(issue))),
    })
}

fn term<'w>(world: &'w World, asker: &'w Asker, term: &Term, negated: bool) -> Result<Test<'w>, Refused> {
    let field = fields::find(world, &term.field)?;
    let operator = if negated { opposite(term.operator) } else { Some(term.operator) };
    match term.operator {
        Operator::Was | Operator::WasNot | Operator::WasIn | Operator::WasNotIn | Operator::Changed => {
            let not = matches!(term.operator, Operator::WasNot | Operator::WasNotIn) != negated;
            let test = history::test(world, asker, &field, term)?;
            Ok(if not { Box::new(move |issue| !test(issue)) } else { test })
        }
        _ => {
            compare::test(world, asker, field, &term.field, operator.unwrap_or(term.operator), &term.operand)
        }
    }
}

fn opposite(operator: Operator) -> Option<Operator> {
    Some(match operator {
        Operator::Equals => Operator::NotEquals,
        Operator::NotEquals => Operator::Equals,
        Operator::Like => Operator::NotLike,
        Operator::NotLike => Operator::Like,
        Operator::Less => Operator::GreaterEquals,
        Operator::LessEquals => Operator::Greater,
        Operator::Greater => Operator::LessEquals,
        Operator::GreaterEquals => Operator::Less,
        Operator::In => Operator::NotIn,
        Operator::NotIn => Operator::In,
        Operator::Is => Operator::IsNot,
        Operator::IsNot => Operator::Is,
        _ => return None,
    })
}

/// The refusal of an operator that a field does not take.
pub fn unsupported(operator: Operator, field: &str) -> Refused {
    Refused::one(format!("The operator '{}' is not supported by the '{field}' field.", operator.symbol()))
}

/// Whether a field's comparison has an order.
pub fn is_ordered(field: &Known<'_>) -> bool {
    match field {
        Known::Key | Known::Priority | Known::Date(_) => true,
        Known::Custom(fields) => fields.iter().all(|field| {
            use crate::world::FieldType;
            matches!(field.kind, FieldType::Date | FieldType::DateTime | FieldType::Number)
        }),
        _ => false,
    }
}
