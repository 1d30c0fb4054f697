//! Slack's `ok: false`, as errors with a remedy.

use crate::domain::Source;
use crate::sources::{ErrorKind, SourceError};

/// What an error in Slack's words means for the reader. Slack's words are kept where nothing better is
/// known: they are identifiers, not text from anybody.
pub(super) fn refusal(method: &str, error: &str, needed: Option<&str>) -> SourceError {
    let slack = |kind, detail: String| SourceError::new(Source::Slack, kind, detail);
    match error {
        "missing_scope" => {
            let scope = needed.map_or_else(|| "a scope".to_owned(), |needed| format!("the scope `{needed}`"));
            let remedy = "add it in the app's settings and install the app again";
            slack(ErrorKind::Unauthorized, format!("the Slack app lacks {scope} for {method}: {remedy}"))
        }
        "not_allowed_token_type" => SourceError::credentials(Source::Slack, error),
        token if refuses_token(token, method) => SourceError::credentials(Source::Slack, token),
        "access_denied"
        | "no_permission"
        | "org_login_required"
        | "team_access_not_granted"
        | "ekm_access_denied"
        | "enterprise_is_restricted"
        | "two_factor_setup_required" => {
            slack(ErrorKind::Unauthorized, format!("Slack does not allow this to the bot ({error})"))
        }
        "ratelimited" | "rate_limited" | "message_limit_exceeded" => {
            SourceError::rate_limited(Source::Slack, None)
        }
        "not_in_channel" => not_a_member(None),
        "channel_not_found" | "thread_not_found" | "message_not_found" | "user_not_found"
        | "users_not_found" | "user_not_visible" => {
            let detail = format!("Slack does not show this to the bot ({error})");
            slack(ErrorKind::NotFound, detail)
        }
        passing if passes(passing) => {
            slack(ErrorKind::Unavailable, format!("Slack is failing ({})", identifier(error)))
        }
        other => {
            let other = identifier(other);
            slack(ErrorKind::Refused(other.clone()), format!("Slack refused {method} ({other})"))
        }
    }
}

/// Whether it is the token that Slack refuses, whatever it is used for. `auth.test` takes every kind of token.
pub(super) fn refuses_token(error: &str, method: &str) -> bool {
    ["invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive"].contains(&error)
        || (error == "not_allowed_token_type" && method == "auth.test")
}

/// Whether it is Slack's own trouble, which may be over the next moment.
pub(super) fn passes(error: &str) -> bool {
    ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"]
        .contains(&error)
}

/// The bot was not invited. The name is given only for a channel that the audience may know of.
pub(super) fn not_a_member(name: Option<&str>) -> SourceError {
    let place = name.map_or_else(|| "the channel".to_owned(), |name| format!("#{name}"));
    SourceError::new(
        Source::Slack,
        ErrorKind::Refused("not_in_channel".to_owned()),
        format!("the bot is not a member of {place}: `/invite @caughtup` there"),
    )
}

/// Slack's errors are lower-case words; anything else in their place is not repeated to a reader.
fn identifier(error: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if !error.is_empty() && error.len() <= 60 && error.chars().all(plain) {
        error.to_owned()
    } else {
        "unknown_error".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_scope_is_named_with_its_remedy() {
        let error = refusal("conversations.members", "missing_scope", Some("groups:read"));
        assert_eq!(error.kind, ErrorKind::Unauthorized);
        assert_eq!(
            error.detail,
            "the Slack app lacks the scope `groups:read` for conversations.members: \
             add it in the app's settings and install the app again"
        );
    }

    #[test]
    fn kinds_follow_slacks_words() {
        let kind = |error| refusal("chat.postMessage", error, None).kind;
        assert_eq!(kind("token_revoked"), ErrorKind::Unauthorized);
        assert_eq!(kind("ratelimited"), ErrorKind::RateLimited(None));
        assert_eq!(kind("internal_error"), ErrorKind::Unavailable);
        assert_eq!(kind("channel_not_found"), ErrorKind::NotFound);
        assert_eq!(kind("msg_too_long"), ErrorKind::Refused("msg_too_long".to_owned()));
        assert_eq!(kind("<b>garbage</b>"), ErrorKind::Refused("unknown_error".to_owned()));
        assert!(refusal("x", "not_in_channel", None).detail.contains("/invite @caughtup"));
    }
}
