//! What is said about risks that somebody set aside.

use jiff::tz::TimeZone;

use super::schedules::harmless;
use crate::domain::{Aside, How};
use crate::render::{aside_subject, tell};

/// What is set aside, one line each.
pub fn asides(lines: &[String]) -> String {
    if lines.is_empty() {
        return "No risk that you can see is snoozed or dismissed. The menu beside a risk in a digest does that."
            .to_owned();
    }
    format!(
        "Not told among the risks until their facts change:\n{}\n“bring back 2” brings one back, by its number here or its key.",
        lines.join("\n")
    )
}

/// One risk that is set aside.
pub fn aside_line(number: i64, aside: &Aside, zone: &TimeZone, now: jiff::Timestamp) -> String {
    let zone = zone.iana_name().unwrap_or("UTC");
    let until = aside.until.map(|until| format!(" until {}", tell(until, zone, now))).unwrap_or_default();
    let title = if aside_subject(aside).starts_with('“') {
        String::new()
    } else {
        format!(" “{}”", harmless(&aside.title))
    };
    format!(
        "{number}. {}{title}: {} by {}, {}{until}: “{}”",
        aside_subject(aside),
        aside.how.as_str(),
        harmless(&aside.name),
        tell(aside.at, zone, now),
        harmless(&aside.reason),
    )
}

/// A risk is back.
pub fn brought_back(aside: &Aside) -> String {
    format!("{} is back: it will stand among the risks again.", aside_subject(aside))
}

/// There was nothing to bring back.
pub fn not_aside(named: &str) -> String {
    format!("Nothing called {} is snoozed or dismissed. “snoozed” lists what is.", harmless(named))
}

/// There is more than one.
pub fn which_aside(named: &str, numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!(
        "{} is set aside more than once: “bring back {}”?",
        harmless(named),
        numbers.join("” or “bring back ")
    )
}

/// Nobody asks for the risk any more.
pub fn already_back() -> &'static str {
    "It is back already: nobody has it snoozed or dismissed."
}

/// The risk is not theirs to set aside.
pub fn may_not_aside() -> &'static str {
    "Sorry, I can't do that: what this risk rests on is not yours to see, or not any more."
}

/// The digest is not remembered.
pub fn aside_too_old() -> &'static str {
    "I don't remember this digest any more. Ask me for a new one, and use the menu there."
}

/// The form could not be shown in time.
pub fn no_form() -> &'static str {
    "Slack didn't let me show the form in time. Please choose that again."
}

/// Nothing was given as a reason.
pub fn no_reason() -> &'static str {
    "Please say why: whoever wonders where this risk has gone will read it."
}

/// How something was set aside, after its subject and before who did it.
pub fn set_aside_by(how: How) -> &'static str {
    match how {
        How::Snoozed => " is snoozed by ",
        How::Dismissed => " is dismissed by ",
    }
}

/// After the reason; `timed` when it has a time.
pub fn comes_back(timed: bool) -> &'static str {
    match timed {
        true => ". It comes back then, or as soon as its facts change.",
        false => ". It comes back as soon as its facts change.",
    }
}
