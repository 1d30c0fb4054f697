//! A thread of its own for what may not wait: sockets, acknowledgements, leases.
//!
//! Joining what fifty channels said takes seconds of a core. Beside such work, on the same threads, an envelope
//! would be acknowledged late and a lease would run out in its holder's hands; on a thread of its own the
//! operating system gives each its turn.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// The thread. It ends, with all that runs on it, when the last copy is dropped.
#[derive(Debug, Clone)]
pub struct Quick {
    handle: Handle,
    _alive: Arc<oneshot::Sender<Infallible>>,
}

impl Quick {
    /// Starts it.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (alive, gone) = oneshot::channel();
        std::thread::Builder::new().name("front door".to_owned()).spawn(move || {
            // Nothing is ever sent: it ends because nobody is left.
            let _gone: Result<Infallible, _> = runtime.block_on(gone);
        })?;
        Ok(Self { handle, _alive: Arc::new(alive) })
    }

    /// Where tasks for it are spawned.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}
