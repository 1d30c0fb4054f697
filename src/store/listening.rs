//! Who hears what happens in Slack, and since when nobody has missed anything.

use std::time::Duration;

use super::{Store, StoreError, ask, millis};

impl Store {
    /// Notes that a process hears what happens in Slack, and is to be believed for `span`. `missed` says that it may
    /// have missed something: then the epoch moves on. So it does when somebody has died, with what they had heard
    /// and not yet noted; and when somebody begins, who may have come after one who has died just now. It does so over
    /// this many sockets.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn listen(
        &self,
        id: &str,
        span: Duration,
        missed: bool,
        sockets: usize,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let sockets = i64::try_from(sockets).unwrap_or(i64::MAX);
        ask!(self, note_listener(id, now, now.saturating_add(millis(span)), missed, sockets))
    }

    /// How many sockets all processes hold together, those included that died a moment ago; nothing while one of them
    /// does not say.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sockets(&self) -> Result<Option<u64>, StoreError> {
        let held: Option<i64> = ask!(self, sockets(self.now()))?;
        Ok(held.and_then(|held| u64::try_from(held).ok()))
    }

    /// Notes that a process has stopped listening, having noted all that it heard.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stop_listening(&self, id: &str) -> Result<(), StoreError> {
        ask!(self, forget_listener(id))
    }

    /// The epoch, while somebody listens and nobody is known to have died: whatever happened since this number
    /// was first seen has been heard.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn listening(&self) -> Result<Option<i64>, StoreError> {
        ask!(self, epoch(self.now()))
    }
}
