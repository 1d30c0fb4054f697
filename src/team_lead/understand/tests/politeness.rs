//! Whatever people say around a request to be polite.

use super::*;

pub(super) const POLITE: &[&str] = &[
    "please",
    "hi there,",
    "could you",
    "thanks, now",
    "hello!",
    "hey bot, I'd like you to",
    "bitte",
    "👋",
    "ok",
];
pub(super) const AFTER: &[&str] = &[
    "",
    "please",
    ", thanks!",
    "por favor",
    ":pray:",
    "when you have a minute",
    "asap",
    ", no rush",
    "if possible",
];

#[test]
fn politeness_changes_nothing() {
    // Texts that are nothing but politeness or a question are another matter.
    let plain = SAID.iter().filter(|(said, meant)| {
        !["unclear", "help", "morning-routine"].contains(meant)
            && !said.is_empty()
            && !said.contains(['?', '<', '&', '.', '!', '/'])
            && *said != "here"
    });
    let (vocabulary, now) = (vocabulary(), now());
    let mut wrong = Vec::new();
    // Each text with each politeness before it and each after it, if not with every pair.
    for (turn, (said, meant)) in plain.enumerate() {
        for (at, before) in POLITE.iter().enumerate() {
            let after = AFTER[(turn + at) % AFTER.len()];
            let text = format!("{before} {said} {after}");
            let read = told(&vocabulary, &text, &now);
            // "I'd like you to would you mind" is nobody's sentence.
            if read != *meant && !(before.ends_with("you to") && said.starts_with("would you")) {
                wrong.push(format!("{text}: {read}, not {meant}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
