//! A simulated company on loopback: Slack (Web API and Socket Mode), Jira Cloud and Confluence
//! Cloud, and a model's API, spoken strictly.
//!
//! Written from the vendors' official documents and never from what a client happens to send. It
//! shares no type with the product: if it did, a misunderstanding of the wire would cancel itself out.
//!
//! A [`World`](world::World) is the company: people, channels, messages, issues, pages. A
//! [`Twin`](server::Twin) serves one world on free loopback ports, records every exchange in its
//! [`ledger`], and can be broken by name ([`faults`]).

pub mod atlassian;
pub mod changes;
pub mod faults;
pub mod ledger;
pub mod model;
pub mod server;
pub mod slack;
pub mod story;
pub mod wire;
pub mod world;
