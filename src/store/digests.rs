//! The digests that were posted: where the next window begins, and what "new" is compared with.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::{Store, StoreError, instant};
use crate::domain::{Audience, ChannelId, Digest, Finding, Gap, ProgramKey, RunId, Severity};

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
    /// Since when it is known to those readers.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Whether somebody had set it aside, so that it was not told as a risk.
    #[serde(default)]
    pub aside: bool,
}

/// What is remembered of a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestRecord {
    /// Up to when it told the news: its window's end, not the moment of posting, so that nothing falls between.
    pub at: Timestamp,
    /// The run that made it.
    pub run_id: RunId,
    /// The programs that it checked by every rule.
    #[serde(default)]
    pub programs: Vec<ProgramKey>,
    /// Its findings; once stored, also what was known of programs that it did not look at.
    pub findings: Vec<KnownFinding>,
    /// What could not be read for it.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// The channel whose members it was for, if it was for a channel's.
    #[serde(default)]
    pub channel: Option<ChannelId>,
}

impl DigestRecord {
    /// What to remember of a digest.
    pub fn of(digest: &Digest) -> Self {
        let known = |finding: &Finding| KnownFinding {
            id: finding.id(),
            severity: finding.severity,
            program: finding.program.clone(),
            since: digest.life(finding).and_then(|life| life.since),
            aside: digest.aside(finding).is_some(),
        };
        let channel = match &digest.request.audience {
            Audience::Channel(channel) => Some(channel.clone()),
            Audience::Reader(_) | Audience::Everyone => None,
        };
        Self {
            at: digest.request.window.until,
            run_id: digest.run_id.clone(),
            programs: digest.checked_programs().to_vec(),
            findings: digest.findings.iter().map(known).collect(),
            gaps: digest.gaps.clone(),
            channel,
        }
    }

    /// Its findings and, of programs that it did not look at, those of the digest before.
    fn with_unseen(&self, before: Option<Self>) -> Vec<KnownFinding> {
        let unseen = |finding: &KnownFinding| {
            let again = self.findings.iter().any(|found| found.id == finding.id);
            !again && finding.program.as_ref().is_some_and(|program| !self.programs.contains(program))
        };
        let kept = before.into_iter().flat_map(|before| before.findings).filter(unseen);
        self.findings.iter().cloned().chain(kept).collect()
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
            "SELECT run_id, at, findings, gaps FROM digests WHERE audience = ?1 ORDER BY at DESC, run_id DESC LIMIT 1",
        )
        .bind(audience)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let run_id: String = row.try_get(0)?;
        Ok(Some(DigestRecord {
            run_id: serde_json::from_value(run_id.into())?,
            programs: Vec::new(),
            at: instant(row.try_get(1)?),
            findings: serde_json::from_str(row.try_get(2)?)?,
            gaps: serde_json::from_str(row.try_get(3)?)?,
            channel: None,
        }))
    }

    /// What an audience was told of, digest by digest for so long back, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn findings_over_time(
        &self,
        audience: &str,
        back: Duration,
    ) -> Result<Vec<(Timestamp, Vec<KnownFinding>)>, StoreError> {
        let rows =
            sqlx::query("SELECT at, findings FROM digests WHERE audience = ?1 AND at >= ?2 ORDER BY at")
                .bind(audience)
                .bind(self.before(back))
                .fetch_all(&self.reader)
                .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            Ok((instant(row.try_get(0)?), serde_json::from_str(row.try_get(1)?)?))
        };
        rows.iter().map(read).collect()
    }

    /// Notes that an audience was given a digest: once it was posted, not before. Twice is once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_digest(&self, audience: &str, digest: &DigestRecord) -> Result<(), StoreError> {
        let findings = digest.with_unseen(self.last_digest(audience).await?);
        sqlx::query(
            "INSERT INTO digests (run_id, audience, at, findings, gaps) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (run_id) DO NOTHING",
        )
        .bind(digest.run_id.as_str())
        .bind(audience)
        .bind(digest.at.as_millisecond())
        .bind(serde_json::to_string(&findings)?)
        .bind(serde_json::to_string(&digest.gaps)?)
        .execute(&self.writer)
        .await?;
        self.note_lives(digest).await
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
