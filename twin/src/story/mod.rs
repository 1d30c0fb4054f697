//! The demo's company and its fortnight. Fiction, all of it.
//!
//! Kestrel Freight moves out of its data center in Slough (`SLO1`) into a colocation in Frankfurt
//! (`FRA2`). About sixty people talk about it in ten channels, work on twenty initiatives, and keep three
//! tracking pages. [`company`] builds that as it stands at a given moment: every date is counted back
//! from there in working days ([`calendar`]), so the story is as fresh on any day at any hour, and the
//! same for the same moment.
//!
//! What is said and done by hand, with consequences in all three systems, is in `arcs`, one short drama
//! per function; [`mod@truth`] says which of the contract's risk rules each must raise, and which traps must
//! raise nothing. `filler` adds the chatter of a company at work, which raises nothing by construction.
//!
//! # A configuration for this company
//!
//! | Setting | Value |
//! |---|---|
//! | `timezone` | `Europe/London` |
//! | `[atlassian] site` | [`cast::SITE`]; texts link there, so a loopback address goes into `jira_url` and `confluence_url` |
//! | `[jira.fields]` | the defaults: `Target end`, `Pillar`, `Program`, `Quarter`, `Story Points`; also there: `Flagged`, `Sprint`, `Start date` |
//! | program `key`, `name` | `dct`, "Data Center Transition" |
//! | `aliases` | "data center", "data centre", "dc transition", "frankfurt move" |
//! | `channels` | [`channels::PROGRAM`]: ten, `dct-legal` and `dct-exec` private, `dct-dba` without the bot, `dct-cutover` renamed from `dct-migration-weekend` |
//! | `roadmap_jql` | `project = ROAD AND Program = DCT` |
//! | `boards` | [`fields::BOARD`]; [`fields::PLATFORM_BOARD`] may join it: its sprint is healthy |
//! | `pages` | [`pages::STATUS`], [`pages::RISKS`], [`pages::DECISIONS`] |
//! | `digest_channel` | `#dct-program` |
//! | `[team]` | board 12, `#team-standup` |
//! | `[access] publishers` | the main reader |
//! | `[publish.…]` | `sprint-board` to [`pages::SPRINT_BOARD`], `roadmap` to [`pages::ROADMAP`], `tech-roadmap` to [`pages::TECH_ROADMAP`] |

mod arcs;
pub mod calendar;
pub mod cast;
pub mod channels;
pub(crate) mod dice;
pub mod fields;
mod filler;
mod ids;
mod joins;
pub mod pages;
mod people;
mod prose;
mod register;
mod roadmap;
mod rows;
mod sprint;
mod standup;
mod status_table;
mod talk;
mod telling;
mod tickets;
pub mod truth;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::world::World;

pub use cast::{Cast, cast};
pub use truth::{Truth, truth};

/// The company as it stands at `now`: every date is told relative to it.
pub fn company(now: Timestamp) -> World {
    telling::tell(now).0
}
