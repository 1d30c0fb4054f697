//! The chatter of a company at work.

use super::telling::Telling;

/// Fills the channels.
pub fn tell(_t: &mut Telling) {}
