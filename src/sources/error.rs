//! Why a source could not be read, in the words that a gap uses.

use std::time::Duration;

use crate::domain::Source;

/// What kind of failure it was, which decides what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The credentials were refused, or lack a right. Retrying does not help.
    Unauthorized,
    /// Too many calls; the vendor says when to come back.
    RateLimited(Option<Duration>),
    /// No call was made: it would have been one more than the vendor documents to allow in this time.
    OutOfCalls(Option<Duration>),
    /// The thing does not exist, or may not be seen by the bot.
    NotFound,
    /// The vendor refused the request itself: a wrong JQL, a channel the bot is not in.
    Refused(String),
    /// Somebody else changed the thing, or is changing it (409): what is there now is to be looked at.
    Conflict,
    /// The vendor is failing, or the connection broke.
    Unavailable,
    /// No answer in time.
    TimedOut,
    /// An answer that is not what the vendor documents.
    Protocol,
}

/// A source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .origin.title())]
pub struct SourceError {
    /// Which source.
    pub origin: SourceName,
    /// What kind of failure.
    pub kind: ErrorKind,
    /// A sentence for the person who reads the digest, with the remedy where there is one. No secret,
    /// no body, no URL of ours, nothing that the audience may not know.
    pub detail: String,
}

/// Named so that `thiserror` does not take the field for an error's cause.
pub type SourceName = Source;

impl SourceError {
    /// An error with its own sentence.
    pub fn new(origin: Source, kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { origin, kind, detail: detail.into() }
    }

    /// An answer that is not what the vendor documents.
    pub fn protocol(origin: Source) -> Self {
        let detail = format!("{} gave an answer that could not be read", origin.title());
        Self::new(origin, ErrorKind::Protocol, detail)
    }

    /// Whether the call may have been carried out although its answer did not come.
    pub fn is_unclear(&self) -> bool {
        matches!(self.kind, ErrorKind::TimedOut | ErrorKind::Unavailable | ErrorKind::Protocol)
    }

    /// Whether the credentials themselves were refused: nothing at all can be done with them.
    pub fn is_about_credentials(&self) -> bool {
        self.kind == ErrorKind::Unauthorized && self.detail.contains(CREDENTIALS)
    }

    /// Credentials that the vendor refused; `why` in its own words.
    pub fn credentials(origin: Source, why: &str) -> Self {
        let detail = format!("{} {CREDENTIALS} ({why}): check {}", origin.title(), credentials(origin));
        Self::new(origin, ErrorKind::Unauthorized, detail)
    }

    /// Whether it failed only because there may not be more calls at present.
    pub fn is_limit(&self) -> bool {
        matches!(self.kind, ErrorKind::RateLimited(_) | ErrorKind::OutOfCalls(_))
    }

    /// Whether no call was made, so that it would not be one too many: nothing has failed.
    pub fn is_out_of_calls(&self) -> bool {
        matches!(self.kind, ErrorKind::OutOfCalls(_))
    }

    /// A call for which there is no place left in the time that the run, or the call, has.
    pub fn out_of_calls(origin: Source, wait: Duration) -> Self {
        Self { kind: ErrorKind::OutOfCalls(Some(wait)), ..Self::rate_limited(origin, Some(wait)) }
    }

    /// A call that the vendor turned away for longer than the run, or the call, can wait.
    pub fn rate_limited(origin: Source, wait: Option<Duration>) -> Self {
        // In whole minutes: many calls that fail together should give one sentence, not many.
        let minutes = wait.map_or(1, |wait| wait.as_secs().div_ceil(60).max(1));
        let when = if minutes == 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
        let detail = format!("{} allows no more calls for now: ask again in {when}", origin.title());
        Self::new(origin, ErrorKind::RateLimited(wait), detail)
    }

    /// No answer within the time that one call has.
    pub fn timed_out(origin: Source) -> Self {
        Self::new(origin, ErrorKind::TimedOut, format!("{} did not answer in time", origin.title()))
    }

    /// The run's time was up before the call could be made.
    pub fn too_late(origin: Source) -> Self {
        let detail =
            format!("{} was not asked: the run's time (`limits.run_deadline`) was up", origin.title());
        Self::new(origin, ErrorKind::TimedOut, detail)
    }

    /// Nobody there, or a connection that broke.
    pub fn unreachable(origin: Source) -> Self {
        Self::new(origin, ErrorKind::Unavailable, format!("{} could not be reached", origin.title()))
    }

    /// An HTTP status that is not a success. `said` is the vendor's own short explanation, made harmless.
    pub fn status(origin: Source, status: u16, said: Option<&str>) -> Self {
        let name = origin.title();
        let said_so = said.map(|said| format!(": {said}")).unwrap_or_default();
        match status {
            401 => Self::credentials(origin, "401"),
            403 => Self::new(
                origin,
                ErrorKind::Unauthorized,
                format!("{name} does not allow this to the bot's account (403): check its permissions"),
            ),
            404 | 410 => Self::new(
                origin,
                ErrorKind::NotFound,
                format!("{name} has no such thing, or does not show it to the bot ({status}){said_so}"),
            ),
            409 => {
                Self::new(origin, ErrorKind::Conflict, format!("{name} refused the request (409){said_so}"))
            }
            429 => Self::rate_limited(origin, None),
            500.. => Self::new(origin, ErrorKind::Unavailable, format!("{name} is failing ({status})")),
            400..500 => Self::new(
                origin,
                ErrorKind::Refused(said.unwrap_or("refused").to_owned()),
                format!("{name} refused the request ({status}){said_so}"),
            ),
            _ => Self::protocol(origin),
        }
    }
}

const CREDENTIALS: &str = "refused the credentials";

/// The variables that hold a vendor's credentials.
fn credentials(origin: Source) -> &'static str {
    match origin {
        Source::Slack => "SLACK_BOT_TOKEN",
        Source::Jira | Source::Confluence => "ATLASSIAN_EMAIL and ATLASSIAN_API_TOKEN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_credential_names_its_variables() {
        let error = SourceError::status(Source::Jira, 401, Some("body text"));
        assert_eq!(error.kind, ErrorKind::Unauthorized);
        assert_eq!(
            error.detail,
            "Jira refused the credentials (401): check ATLASSIAN_EMAIL and ATLASSIAN_API_TOKEN"
        );
    }

    #[test]
    fn every_status_has_a_kind() {
        let kind = |status| SourceError::status(Source::Confluence, status, None).kind;
        assert_eq!(kind(404), ErrorKind::NotFound);
        assert_eq!(kind(429), ErrorKind::RateLimited(None));
        assert_eq!(kind(503), ErrorKind::Unavailable);
        assert_eq!(kind(302), ErrorKind::Protocol);
        assert!(matches!(kind(400), ErrorKind::Refused(_)));
        assert_eq!(kind(409), ErrorKind::Conflict);
    }
}
