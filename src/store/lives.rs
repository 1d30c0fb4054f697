//! The life of a risk: since when a program has it, and who has set it aside.

use jiff::Timestamp;

use super::digests::audience_key;
use super::{DigestRecord, Store, StoreError, ask, instant};
use crate::domain::{Aside, Audience, ChannelId, Finding, ProgramKey};

/// A risk that somebody set aside, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What people may call it by.
    pub number: i64,
    /// Whose it is: [`scope`].
    pub scope: String,
    /// What was set aside.
    pub aside: Aside,
}

/// Since when a channel was told of a program's risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Began {
    /// The finding's id.
    pub finding: String,
    /// The channel.
    pub channel: ChannelId,
    /// Since when.
    pub since: Timestamp,
}

/// Whose a finding is to set aside: everybody's who reads its program, else those readers'.
pub fn scope(finding: &Finding, audience: &Audience) -> String {
    finding.program.as_ref().map_or_else(|| audience_key(audience), scope_of)
}

/// What a program's are kept under.
pub fn scope_of(program: &ProgramKey) -> String {
    format!("program:{program}")
}

/// What a channel was told of: a program's finding, since when.
pub(super) struct Noted<'a> {
    pub(super) program: &'a ProgramKey,
    pub(super) finding: &'a str,
    pub(super) since: i64,
}

impl Store {
    /// Keeps what somebody set aside; what was set aside before on the same finding no longer counts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_aside(&self, scope: &str, aside: &Aside) -> Result<(), StoreError> {
        let spec = serde_json::to_string(aside)?;
        ask!(self, set_aside(scope, &aside.finding, aside.at.as_millisecond(), &spec))
    }

    /// What is set aside in these scopes, by number. What this version cannot read counts as not set aside.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn asides(&self, scopes: &[String]) -> Result<Vec<Kept>, StoreError> {
        let mut kept = Vec::new();
        for (number, scope, spec) in ask!(self, asides(scopes))? {
            match serde_json::from_str(&spec) {
                Ok(aside) => kept.push(Kept { number, scope, aside }),
                Err(error) => tracing::warn!(%error, "what was set aside cannot be read by this version"),
            }
        }
        Ok(kept)
    }

    /// Brings back what was set aside. Says whether it was there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bring_back(&self, scope: &str, finding: &str) -> Result<bool, StoreError> {
        ask!(self, bring_back(scope, finding))
    }

    /// Since when channels know of these programs' risks, as far as they were told of them after `lately`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lives(&self, programs: &[ProgramKey], lately: Timestamp) -> Result<Vec<Began>, StoreError> {
        let mut began = Vec::new();
        for (finding, channel, since) in ask!(self, lives(programs, lately.as_millisecond()))? {
            let channel = serde_json::from_value(channel.into())?;
            began.push(Began { finding, channel, since: instant(since) });
        }
        Ok(began)
    }

    /// Notes what a channel was told of. Where everything could be read, what it was not told of any more is gone.
    pub(super) async fn note_lives(&self, record: &DigestRecord) -> Result<(), StoreError> {
        let Some(channel) = &record.channel else { return Ok(()) };
        let noted: Vec<Noted<'_>> = record
            .findings
            .iter()
            .filter_map(|one| {
                let since = one.since.unwrap_or(record.at).as_millisecond();
                Some(Noted { program: one.program.as_ref()?, finding: &one.id, since })
            })
            .collect();
        let whole = record.gaps.is_empty().then_some(record.programs.as_slice());
        ask!(self, note_lives(channel, record.at.as_millisecond(), &noted, whole))
    }
}
