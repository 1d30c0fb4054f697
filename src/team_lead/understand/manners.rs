//! Words that change nothing: greetings, politeness in several languages, and the small words of a
//! sentence.

mod idioms;
mod polite;
mod small;

pub(super) use idioms::IDIOMS;
pub(super) use polite::POLITE;
pub(super) use small::SMALL;

/// What the bot does not do. At the beginning of a request these say that it is another request.
pub(super) const NOT_OURS: &[&str] = &[
    "delete",
    "erase",
    "wipe",
    "destroy",
    "close",
    "assign",
    "reassign",
    "transition",
    "rename",
    "archive",
    "buy",
    "book",
    "order",
    "remind",
    "merge",
    "deploy",
    "restart",
    "reboot",
    "approve",
    "reject",
    "invite",
    "kick",
    "ban",
    "schedule",
    "set",
    "move",
    "edit",
    "resolve",
    "reopen",
    "hack",
    "translate",
    "sing",
    "play",
    "drop",
    "rewrite",
    "email",
    "purge",
    "truncate",
];

/// What may stand before a request that is put as a question.
pub(super) const MAY_I_ASK: &[&str] = &[
    "can you",
    "could you",
    "would you",
    "will you",
    "can we",
    "could we",
    "can u",
    "could u",
    "please",
    "mind",
    "you could",
    "any chance you",
];
