//! The dramas: each a function that speaks in Slack and works in Jira, with true consequences.
//!
//! What each must raise, and what it must not, stands in [`super::truth()`].

mod answers;
mod blockers;
mod closed;
mod dates;
mod decisions;
mod loose;
mod oddities;
mod private;
mod questions;
mod shipping;
mod today;

use super::telling::Telling;

/// All of them.
pub fn tell(t: &mut Telling) {
    blockers::tell(t);
    closed::tell(t);
    loose::tell(t);
    shipping::tell(t);
    dates::tell(t);
    decisions::tell(t);
    questions::tell(t);
    answers::tell(t);
    private::tell(t);
    oddities::tell(t);
    today::tell(t);
}
