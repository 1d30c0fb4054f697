//! Reading every page of a list, and no page twice.

use std::collections::BTreeSet;

use serde_json::Value;

/// What follows a page that ends with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was the last.
    Done,
    /// The page with this token.
    Token(String),
    /// There is more, and no way to it: the token was used before, or there is none. Sites have been
    /// seen to repeat a token for ever, and clients to call what they had by then complete.
    Lost,
}

/// The tokens that were used so far.
#[derive(Debug, Default)]
pub struct Tokens {
    used: BTreeSet<String>,
}

impl Tokens {
    /// What follows `page`.
    pub fn after(&mut self, page: &Value) -> Next {
        let token = page.get("nextPageToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        match (page.get("isLast").and_then(Value::as_bool), token) {
            (Some(true), _) | (None, None) => Next::Done,
            (Some(false), None) => Next::Lost,
            (_, Some(token)) if self.used.insert(token.to_owned()) => Next::Token(token.to_owned()),
            (_, Some(_)) => Next::Lost,
        }
    }
}

/// What follows a page that ends with a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// Nothing: it was the last.
    Done,
    /// Pages beginning at these positions, which need not wait for one another.
    From(Vec<u64>),
    /// The page beginning here; how many there are is not said.
    Then(u64),
}

/// What follows the first page of a list that gave `given` entries from `start` on.
pub fn after(page: &Value, start: u64, given: usize) -> After {
    let given = u64::try_from(given).unwrap_or(u64::MAX);
    if given == 0 || page.get("isLast").and_then(Value::as_bool) == Some(true) {
        return After::Done;
    }
    let next = start.saturating_add(given);
    let Some(total) = page.get("total").and_then(Value::as_u64) else { return After::Then(next) };
    if next >= total {
        return After::Done;
    }
    let step = usize::try_from(given).unwrap_or(usize::MAX);
    After::From((next..total).step_by(step).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_are_followed_to_the_end_and_never_in_a_circle() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.after(&json!({"nextPageToken": "a", "isLast": false})), Next::Token("a".into()));
        assert_eq!(tokens.after(&json!({"nextPageToken": "b"})), Next::Token("b".into()));
        assert_eq!(tokens.after(&json!({"nextPageToken": "a", "isLast": false})), Next::Lost);
        assert_eq!(tokens.after(&json!({"isLast": false})), Next::Lost);
        assert_eq!(tokens.after(&json!({"nextPageToken": "c", "isLast": true})), Next::Done);
        assert_eq!(tokens.after(&json!({"nextPageToken": null})), Next::Done);
        assert_eq!(tokens.after(&json!({"nextPageToken": ""})), Next::Done);
    }

    #[test]
    fn positions_step_by_what_the_server_gave_not_by_what_was_asked() {
        assert_eq!(after(&json!({"total": 120}), 0, 50), After::From(vec![50, 100]));
        assert_eq!(after(&json!({"total": 50}), 0, 50), After::Done);
        assert_eq!(after(&json!({"isLast": false}), 50, 50), After::Then(100));
        assert_eq!(after(&json!({"isLast": true}), 0, 50), After::Done);
        assert_eq!(after(&json!({"total": 50}), 0, 0), After::Done);
    }
}
