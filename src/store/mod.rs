//! What survives a restart.

/// The store.
#[derive(Clone)]
pub struct Store {}
