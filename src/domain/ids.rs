//! Identifiers, parsed once where they enter and compared as types from then on.

use std::fmt;
use std::str::FromStr;

use compact_str::CompactString;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a text is not the identifier that it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct IdError {
    text: String,
    expected: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        // Compared for every message, and nearly all of them are short: kept in place, they need no look elsewhere.
        pub struct $name(CompactString);

        impl $name {
            /// The identifier as the vendor writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> Option<String> = $valid;
                valid(text).map(|text| Self(text.into())).ok_or_else(|| IdError {
                    text: text.chars().take(80).collect(),
                    expected: $expected,
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A Slack conversation: `C…` channels, `G…` old private channels, `D…` direct messages.
    ChannelId,
    "a Slack conversation id (C…, G… or D… in capitals and digits)",
    |text| slack_id(text, &['C', 'G', 'D'])
);

impl ChannelId {
    /// Whether it is a direct message rather than a channel.
    pub fn is_direct(&self) -> bool {
        self.0.starts_with('D')
    }
}

text_id!(
    /// A Slack user, bots included: `U…` or, in enterprise grids, `W…`.
    UserId,
    "a Slack user id (U… or W… in capitals and digits)",
    |text| slack_id(text, &['U', 'W'])
);

text_id!(
    /// A Jira issue key, upper case: `DCT-42`.
    IssueKey,
    "a Jira issue key such as DCT-42",
    |text| {
        let upper = text.trim().to_ascii_uppercase();
        let (project, number) = upper.split_once('-')?;
        let project_ok = project.len() >= 2
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let number_ok = !number.is_empty()
            && number.len() <= 9
            && !number.starts_with('0')
            && number.chars().all(|c| c.is_ascii_digit());
        (project_ok && number_ok).then_some(upper)
    }
);

impl IssueKey {
    /// The project's part of the key: `DCT` of `DCT-42`.
    pub fn project(&self) -> &str {
        self.0.split_once('-').map_or(self.as_str(), |(project, _)| project)
    }
}

text_id!(
    /// A Confluence page id: digits.
    PageId,
    "a Confluence page id (digits)",
    |text| (!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())).then(|| text.to_owned())
);

text_id!(
    /// A program's key in the configuration: letters, digits, `-` and `_`.
    ProgramKey,
    "a program key (lower-case letters, digits, - and _)",
    |text| {
        let ok = !text.is_empty()
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        ok.then(|| text.to_owned())
    }
);

text_id!(
    /// One run's id: a ULID, so ids sort by the time at which the run began.
    RunId,
    "a run id (a ULID)",
    |text| ulid::Ulid::from_string(text).ok().map(|id| id.to_string())
);

impl RunId {
    /// A new id for a run that begins at `now`.
    pub fn new(now: Timestamp) -> Self {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Self(ulid::Ulid::from_parts(millis, rand::random()).to_string().into())
    }
}

/// A Jira board's id.
pub type BoardId = u64;

/// A Jira sprint's id.
pub type SprintId = u64;

fn slack_id(text: &str, prefixes: &[char]) -> Option<String> {
    let ok = text.len() >= 2
        && text.len() <= 32
        && text.starts_with(prefixes)
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    ok.then(|| text.to_owned())
}

/// A Slack message's timestamp, which is also its id within a channel: `1712345678.000100`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageTs {
    seconds: i64,
    micros: u32,
}

impl MessageTs {
    /// The instant at which the message was posted.
    pub fn timestamp(self) -> Timestamp {
        let nanos = i32::try_from(self.micros.saturating_mul(1000)).unwrap_or(0);
        Timestamp::new(self.seconds, nanos).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The timestamp that a message posted at `at` would have at the earliest.
    pub fn at(at: Timestamp) -> Self {
        Self { seconds: at.as_second(), micros: u32::try_from(at.subsec_microsecond()).unwrap_or(0) }
    }

    /// As in a permalink: the digits without the point.
    pub fn digits(self) -> String {
        format!("{}{:06}", self.seconds, self.micros)
    }
}

impl FromStr for MessageTs {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let parse = || {
            let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let digits = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
            if !digits(seconds) || !digits(fraction) || fraction.len() > 6 {
                return None;
            }
            let micros = format!("{fraction:0<6}").parse().ok()?;
            Some(Self { seconds: seconds.parse().ok()?, micros })
        };
        parse().ok_or_else(|| IdError {
            text: text.chars().take(80).collect(),
            expected: "a Slack message timestamp such as 1712345678.000100",
        })
    }
}

impl TryFrom<String> for MessageTs {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<MessageTs> for String {
    fn from(ts: MessageTs) -> String {
        ts.to_string()
    }
}

impl fmt::Display for MessageTs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.seconds, self.micros)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_upper_case_and_have_a_project() {
        let key: IssueKey = "dct-42".parse().unwrap();
        assert_eq!((key.as_str(), key.project()), ("DCT-42", "DCT"));
        for wrong in ["DCT", "DCT-", "-4", "D-4", "DCT-042", "4DC-1", "DCT-4a", "ДСТ-4", ""] {
            assert!(wrong.parse::<IssueKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn message_timestamps_compare_as_times() {
        let early: MessageTs = "999.000100".parse().unwrap();
        let late: MessageTs = "1712345678.000100".parse().unwrap();
        assert!(early < late);
        assert_eq!(late.digits(), "1712345678000100");
        assert_eq!(late.to_string(), "1712345678.000100");
        assert_eq!("1712345678".parse::<MessageTs>().unwrap().to_string(), "1712345678.000000");
        for wrong in ["", "1.", ".1", "1.0000001", "-1.0", "1e5", "now"] {
            assert!(wrong.parse::<MessageTs>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,40}") {
            let _ = (text.parse::<IssueKey>(), text.parse::<MessageTs>(), text.parse::<ChannelId>());
            let _ = (text.parse::<UserId>(), text.parse::<PageId>(), text.parse::<RunId>());
        }
    }
}
