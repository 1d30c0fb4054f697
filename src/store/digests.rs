//! The digests that were posted: where the next window begins, and what "new" is compared with.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, ask};
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
    /// What it was about is called, to be told when it is gone: an issue's, sprint's or page's title. Nothing of what
    /// people wrote in Slack, which is theirs to take back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
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
            title: if finding.subject.contains("://") { String::new() } else { finding.title.clone() },
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
    /// When the store fails.
    pub async fn last_digest(&self, audience: &str) -> Result<Option<DigestRecord>, StoreError> {
        ask!(self, last_digest(audience))
    }

    /// What an audience was told of, digest by digest for so long back, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn findings_over_time(
        &self,
        audience: &str,
        back: Duration,
    ) -> Result<Vec<(Timestamp, Vec<KnownFinding>)>, StoreError> {
        ask!(self, findings_since(audience, self.before(back)))
    }

    /// Notes that an audience was given a digest: once it was posted, not before. Twice is once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn record_digest(&self, audience: &str, digest: &DigestRecord) -> Result<(), StoreError> {
        let findings = digest.with_unseen(self.last_digest(audience).await?);
        let findings = serde_json::to_string(&findings)?;
        let gaps = serde_json::to_string(&digest.gaps)?;
        ask!(self, add_digest(audience, digest, &findings, &gaps))?;
        self.note_lives(digest).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_before_there_were_titles_is_read() {
        let noted = r#"{"id": "overdue DCT-1", "severity": "high"}"#;
        let known: KnownFinding = serde_json::from_str(noted).unwrap();
        assert_eq!((known.id.as_str(), known.title.as_str()), ("overdue DCT-1", ""));
    }
}
