//! What digests said and rest on, for questions in their threads.

use super::{Store, StoreError, ask};
use crate::domain::{ChannelId, Digest, MessageTs, RunId, UserId};

/// A digest that somebody asks about.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What it said, without its sections.
    pub digest: Digest,
    /// Who asked for it.
    pub asker: UserId,
    /// What was last asked about in its thread.
    pub subject: Option<String>,
}

impl Store {
    /// Keeps what a digest said, before it is posted. Twice is once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_told(&self, asker: &UserId, digest: &Digest) -> Result<(), StoreError> {
        let digest = Digest { sections: Vec::new(), ..digest.clone() };
        let said = serde_json::to_string(&digest)?;
        ask!(self, keep_told(&digest.run_id, asker, &said, self.now()))
    }

    /// Notes in which thread a digest was posted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn place_told(
        &self,
        run: &RunId,
        channel: &ChannelId,
        thread: MessageTs,
    ) -> Result<(), StoreError> {
        ask!(self, place_told(run, channel, thread))
    }

    /// The last digest that was posted in a thread.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn told_in(&self, channel: &ChannelId, thread: MessageTs) -> Result<Option<Told>, StoreError> {
        ask!(self, told_in(channel, thread))?.map(read).transpose()
    }

    /// The digest of a run.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn told(&self, run: &RunId) -> Result<Option<Told>, StoreError> {
        ask!(self, told(run))?.map(read).transpose()
    }

    /// Notes what was asked about, so that "it" means that from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn speak_of(&self, run: &RunId, subject: &str) -> Result<(), StoreError> {
        ask!(self, speak_of(run, subject))
    }
}

/// A digest, who asked for it, and what was last asked about, as they are kept.
fn read((digest, asker, subject): (String, String, Option<String>)) -> Result<Told, StoreError> {
    Ok(Told { digest: serde_json::from_str(&digest)?, asker: serde_json::from_value(asker.into())?, subject })
}
