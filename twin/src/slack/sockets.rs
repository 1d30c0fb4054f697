//! Socket Mode: tickets, connections, envelopes under way.

/// The workspace's open websockets.
#[derive(Debug, Default)]
pub struct Sockets {}
