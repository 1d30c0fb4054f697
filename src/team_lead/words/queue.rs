//! What is said to those who wait, and to those for whom there is no room.

use std::time::Duration;

use crate::store::Refused;

/// How many requests are before somebody's, and how long that may take.
pub fn waiting(before: usize, wait: Duration) -> String {
    let long = about(wait);
    match before {
        0 => format!("Your request is next: {long}."),
        1 => format!("One request is before yours: {long}."),
        n => format!("{} requests are before yours: {long}.", super::capitalised(&number(n))),
    }
}

/// The answer to a request when too many wait.
pub fn no_room(why: Refused) -> &'static str {
    match why {
        Refused::Theirs => {
            "You have many requests waiting already, so I haven't taken this one. Please ask again once some of them are answered."
        }
        Refused::All => {
            "More is being asked of me than I can do at the moment, so I haven't taken this request. Please ask again in a few minutes."
        }
    }
}

/// A time, never shorter than it is.
fn about(wait: Duration) -> String {
    let minutes = usize::try_from(wait.as_secs().div_ceil(60)).unwrap_or(usize::MAX);
    match minutes {
        _ if wait.as_secs() <= 50 => "less than a minute".to_owned(),
        0 | 1 => "about a minute".to_owned(),
        2..60 => format!("about {} minutes", number(minutes)),
        _ => "an hour or more".to_owned(),
    }
}

/// A number as it is written in a sentence.
fn number(n: usize) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_said_plainly() {
        let said = |before, seconds| waiting(before, Duration::from_secs(seconds));
        assert_eq!(said(3, 110), "Three requests are before yours: about two minutes.");
        assert_eq!(said(0, 20), "Your request is next: less than a minute.");
        assert_eq!(said(1, 61), "One request is before yours: about two minutes.", "never less than it is");
        assert_eq!(said(1, 51), "One request is before yours: about a minute.");
        assert_eq!(said(24, 11 * 60), "24 requests are before yours: about 11 minutes.");
        assert_eq!(said(400, 9000), "400 requests are before yours: an hour or more.");
    }
}
