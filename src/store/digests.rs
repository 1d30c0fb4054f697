//! The digests that were posted: where the next window begins, and what "new" is compared with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::{Store, StoreError, instant};
use crate::domain::{Audience, Digest, ProgramKey, RunId, Severity};

/// What is remembered of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFinding {
    /// `"<rule> <subject>"`.
    pub id: String,
    /// How severe it was.
    pub severity: Severity,
    /// The program whose check found it.
    #[serde(default)]
    pub program: Option<ProgramKey>,
}

/// What is remembered of a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestRecord {
    /// Up to when it told the news: its window's end, not the moment of posting, so that nothing falls between.
    pub at: Timestamp,
    /// The run that made it.
    pub run_id: RunId,
    /// Its findings.
    pub findings: Vec<KnownFinding>,
}

impl DigestRecord {
    /// What to remember of a digest. Programs that it did not look at keep what was known of them.
    pub fn of(digest: &Digest, last: Option<&Self>) -> Self {
        let known = |finding: &crate::domain::Finding| KnownFinding {
            id: finding.id(),
            severity: finding.severity,
            program: finding.program.clone(),
        };
        let looked_at = |finding: &&KnownFinding| match &finding.program {
            Some(program) => digest.request.asked.programs.contains(program),
            None => true,
        };
        let unseen = last.into_iter().flat_map(|last| &last.findings).filter(|finding| !looked_at(finding));
        Self {
            at: digest.request.window.until,
            run_id: digest.run_id.clone(),
            findings: digest.findings.iter().map(known).chain(unseen.cloned()).collect(),
        }
    }
}

/// Names an audience as the store does.
pub fn audience_key(audience: &Audience) -> String {
    match audience {
        Audience::Reader(user) => format!("reader:{user}"),
        Audience::Channel(channel) => format!("channel:{channel}"),
        Audience::Everyone => "everyone".to_owned(),
    }
}

impl Store {
    /// The last digest that an audience was given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_digest(&self, audience: &str) -> Result<Option<DigestRecord>, StoreError> {
        let row = sqlx::query(
            "SELECT run_id, at, findings FROM digests WHERE audience = ?1 ORDER BY at DESC, run_id DESC LIMIT 1",
        )
        .bind(audience)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let run_id: String = row.try_get(0)?;
        Ok(Some(DigestRecord {
            run_id: serde_json::from_value(run_id.into())?,
            at: instant(row.try_get(1)?),
            findings: serde_json::from_str(row.try_get(2)?)?,
        }))
    }

    /// Notes that an audience was given a digest: once it was posted, not before. Twice is once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_digest(&self, audience: &str, digest: &DigestRecord) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO digests (run_id, audience, at, findings) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (run_id) DO NOTHING",
        )
        .bind(digest.run_id.as_str())
        .bind(audience)
        .bind(digest.at.as_millisecond())
        .bind(serde_json::to_string(&digest.findings)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Notes what an audience has been told, so that its next digest begins there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember(&self, digest: &Digest) -> Result<(), StoreError> {
        let audience = audience_key(&digest.request.audience);
        let last = self.last_digest(&audience).await?;
        self.record_digest(&audience, &DigestRecord::of(digest, last.as_ref())).await
    }

    /// Forgets old digests, but never an audience's last one.
    pub(super) async fn forget_digests(&self, before: i64) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM digests WHERE at < ?1
             AND at < (SELECT max(at) FROM digests AS later WHERE later.audience = digests.audience)",
        )
        .bind(before)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
