//! JQL: from text to the issues that it means.
//!
//! [`parse`] knows the grammar and nothing of the company; [`compile`] checks fields, functions and
//! values against it and yields a test for one issue. Errors are in Jira's words.

mod clauses;
mod compare;
mod dates;
mod fields;
mod history;
mod lexer;
mod order;
mod parser;
mod query;
mod values;
mod words;

pub use clauses::{Asker, Test, compile};
pub use dates::moment;
pub use fields::account_in;
pub use parser::parse;
pub use query::{Clause, Operand, Operator, Predicate, Query, Term};
pub use words::Wanted;

use crate::world::{Issue, World};

/// Why a query is refused, in Jira's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Vec<String>);

impl Refused {
    pub(crate) fn one(message: impl Into<String>) -> Self {
        Self(vec![message.into()])
    }
}

/// The issues that a query means, in its order; without one, the newest first.
///
/// # Errors
/// When the query cannot be read, or names what the site does not have.
pub fn search<'w>(world: &'w World, asker: &'w Asker, query: &Query) -> Result<Vec<&'w Issue>, Refused> {
    let test = match &query.clause {
        Some(clause) => compile(world, asker, clause)?,
        None => Box::new(|_: &Issue| true),
    };
    let mut found: Vec<&Issue> = world.jira.issues.values().filter(|issue| test(issue)).collect();
    order::sort(world, &query.order, &mut found)?;
    Ok(found)
}
