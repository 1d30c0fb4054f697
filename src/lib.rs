#![doc = include_str!("../ARCHITECTURE.md")]
// The interfaces are being filled in; removed before this lands.
#![allow(dead_code, unused_imports)]

pub mod agents;
pub mod app;
pub mod bot;
pub mod cli;
pub mod config;
pub mod domain;
pub mod insight;
pub mod render;
pub mod sources;
pub mod store;
pub mod team_lead;
pub mod telemetry;
pub mod workflows;
