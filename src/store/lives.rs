//! The life of a risk: since when a program has it, and who has set it aside.

use jiff::Timestamp;
use sqlx::Row;

use super::digests::audience_key;
use super::{DigestRecord, Store, StoreError, instant};
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

impl Store {
    /// Keeps what somebody set aside; what was set aside before on the same finding no longer counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_aside(&self, scope: &str, aside: &Aside) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO asides (scope, finding, at, spec) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope, finding) DO UPDATE SET at = excluded.at, spec = excluded.spec",
        )
        .bind(scope)
        .bind(&aside.finding)
        .bind(aside.at.as_millisecond())
        .bind(serde_json::to_string(aside)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What is set aside in these scopes, by number. What this version cannot read counts as not set aside.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asides(&self, scopes: &[String]) -> Result<Vec<Kept>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, scope, spec FROM asides WHERE scope IN (SELECT value FROM json_each(?1)) ORDER BY number",
        )
        .bind(serde_json::to_string(scopes)?)
        .fetch_all(&self.reader)
        .await?;
        let mut kept = Vec::new();
        for row in &rows {
            match serde_json::from_str(row.try_get(2)?) {
                Ok(aside) => kept.push(Kept { number: row.try_get(0)?, scope: row.try_get(1)?, aside }),
                Err(error) => tracing::warn!(%error, "what was set aside cannot be read by this version"),
            }
        }
        Ok(kept)
    }

    /// Brings back what was set aside. Says whether it was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bring_back(&self, scope: &str, finding: &str) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM asides WHERE scope = ?1 AND finding = ?2")
            .bind(scope)
            .bind(finding)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Since when channels know of these programs' risks, as far as they were told of them after `lately`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lives(&self, programs: &[ProgramKey], lately: Timestamp) -> Result<Vec<Began>, StoreError> {
        let rows = sqlx::query(
            "SELECT finding, channel, since FROM lives
             WHERE program IN (SELECT value FROM json_each(?1)) AND told >= ?2 ORDER BY finding, channel",
        )
        .bind(serde_json::to_string(programs)?)
        .bind(lately.as_millisecond())
        .fetch_all(&self.reader)
        .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let channel: String = row.try_get(1)?;
            Ok(Began {
                finding: row.try_get(0)?,
                channel: serde_json::from_value(channel.into())?,
                since: instant(row.try_get(2)?),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Notes what a channel was told of. Where everything could be read, what it was not told of any more is gone.
    pub(super) async fn note_lives(&self, record: &DigestRecord) -> Result<(), StoreError> {
        let Some(channel) = &record.channel else { return Ok(()) };
        for (finding, program) in record.findings.iter().filter_map(|one| Some((one, one.program.as_ref()?)))
        {
            sqlx::query(
                "INSERT INTO lives (program, finding, channel, since, told) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (program, finding, channel)
                 DO UPDATE SET since = min(since, excluded.since), told = max(told, excluded.told)",
            )
            .bind(program.as_str())
            .bind(&finding.id)
            .bind(channel.as_str())
            .bind(finding.since.unwrap_or(record.at).as_millisecond())
            .bind(record.at.as_millisecond())
            .execute(&self.writer)
            .await?;
        }
        if record.gaps.is_empty() {
            let still: Vec<&str> = record.findings.iter().map(|finding| finding.id.as_str()).collect();
            sqlx::query(
                "DELETE FROM lives WHERE channel = ?1 AND told < ?4
                 AND program IN (SELECT value FROM json_each(?2)) AND finding NOT IN (SELECT value FROM json_each(?3))",
            )
            .bind(channel.as_str())
            .bind(serde_json::to_string(&record.programs)?)
            .bind(serde_json::to_string(&still)?)
            .bind(record.at.as_millisecond())
            .execute(&self.writer)
            .await?;
        }
        Ok(())
    }

    /// Forgets what nobody was told of for long.
    pub(super) async fn forget_lives(&self, before: i64) -> Result<(), StoreError> {
        for old in ["DELETE FROM lives WHERE told < ?1", "DELETE FROM asides WHERE at < ?1"] {
            sqlx::query(old).bind(before).execute(&self.writer).await?;
        }
        Ok(())
    }
}
