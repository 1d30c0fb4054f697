//! Asking what models cost.

use super::*;

#[test]
fn what_it_costs_can_be_asked_in_many_ways() {
    let vocabulary = vocabulary();
    for text in [
        "cost",
        "/caughtup cost",
        "Costs?",
        "cost please",
        "what did you cost this week?",
        "what do you cost",
        "how much did we spend today?",
        "How much money have we spent this week?",
        "how much have i spent",
        "what does it cost?",
        "llm costs",
        "model spend",
        "token costs",
        "ai bill",
        "cost report",
        "show me the cost breakdown",
        "how expensive are you?",
    ] {
        assert_eq!(told(&vocabulary, text, &now()), "cost", "{text}");
    }
}

#[test]
fn what_is_about_other_costs_is_not_answered_with_ours() {
    let vocabulary = vocabulary();
    for (text, expected) in [
        ("full status", "full-status"),
        ("dct check", "program-monitor @dct"),
        ("what is the cost of delay for the zebra contract", "unclear"),
        ("cut the vendor costs by half", "unclear"),
        ("help", "help"),
    ] {
        assert_eq!(told(&vocabulary, text, &now()), expected, "{text}");
    }
}
