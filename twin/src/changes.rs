//! A bell that rings whenever anything in the twin changes, so that nobody has to poll.

use std::sync::Arc;

use tokio::sync::watch;

/// The bell.
#[derive(Debug, Clone)]
pub struct Changes {
    count: Arc<watch::Sender<u64>>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { count: Arc::new(watch::Sender::new(0)) }
    }
}

impl Changes {
    /// Wakes everybody who waits.
    pub fn ring(&self) {
        self.count.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A listener. It hears every change that happens after this call.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }
}
