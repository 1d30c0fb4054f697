//! The demo's company and its fortnight. Fiction, all of it.

use jiff::Timestamp;

use crate::world::World;

/// The company as it stands at `now`: every date is told relative to it.
pub fn company(now: Timestamp) -> World {
    let _ = now;
    unimplemented!()
}
