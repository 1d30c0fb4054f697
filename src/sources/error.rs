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
    /// The thing does not exist, or may not be seen by the bot.
    NotFound,
    /// The vendor refused the request itself: a wrong JQL, a channel the bot is not in.
    Refused(String),
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
