//! Words that tie what is said to something else: a condition, a doubt, or what somebody said.

/// What stands beside one of these is no plain order, reason or part of a request.
pub(super) const TIES: &[&str] = &[
    "if", "when", "whenever", "once", "unless", "until", "till", "whether", "before", "while", "should",
    "might", "maybe", "perhaps", "must", "said", "says", "say", "told", "think", "never", "why", "wait",
    "hope", "wonder", "example", "joke", "kidding",
];
