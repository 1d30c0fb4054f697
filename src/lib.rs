#![doc = include_str!("../ARCHITECTURE.md")]

pub mod agents;
pub mod app;
pub mod bot;
pub mod cli;
pub mod config;
pub mod domain;
pub mod eval;
pub mod insight;
pub mod llm;
pub mod publish;
pub mod render;
pub mod sources;
pub mod store;
pub mod team_lead;
pub mod telemetry;
pub mod workflows;
