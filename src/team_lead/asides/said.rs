//! What somebody says about risks that were set aside: "snoozed", "what is dismissed?", "unsnooze 2",
//! "bring back DCT-42".

use std::sync::LazyLock;

use regex::Regex;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Say what is set aside.
    List,
    /// Bring one back, by its number or by what it is about.
    Back(String),
}

static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let about = r"(?:snoozed|dismissed|snoozes|dismissals)";
    let small =
        r"(?:(?:list|show|see|view|which|what(?:'s)?|me|us|is|are|the|all|my|our|risks?|currently)\s+)*";
    Regex::new(&format!(
        r"(?i)^{small}{about}(?:\s+(?:and|or)\s+{about})?(?:\s+(?:risks?|findings?|ones|list))?$"
    ))
    .ok()
});
static BACK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:unsnooze|un-snooze|undismiss|un-dismiss|bring\s+back)\s+(?:(?:the|risk|number|no)\s+)*#?(\S+)(?:\s+back)?$")
        .ok()
});
static POLITE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:<@[^<>]*>|please|hey|hi|hello|can|could|would|you|pls|/?caughtup)[,\s]+)+").ok()
});

/// What a text says about risks that were set aside; `None` when it is about something else.
pub fn read(text: &str) -> Option<Command> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('’', "'");
    let text = POLITE.as_ref()?.replace(&text, "");
    let text = text.trim_end_matches(['.', '!', '?', ' ']);
    let text = text.strip_suffix(" please").unwrap_or(text);
    if LIST.as_ref()?.is_match(text) {
        return Some(Command::List);
    }
    let found = BACK.as_ref()?.captures(text)?;
    Some(Command::Back(found.get(1)?.as_str().trim_matches(['"', '“', '”', '\'']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_say() {
        for text in [
            "snoozed",
            "Dismissed?",
            "show me what is snoozed",
            "what's snoozed",
            "list the snoozed risks",
            "which risks are dismissed?",
            "please show snoozed and dismissed risks",
        ] {
            assert_eq!(read(text), Some(Command::List), "{text}");
        }
        for (text, which) in [
            ("unsnooze 2", "2"),
            ("bring back DCT-42, please", "DCT-42,"),
            ("Could you bring back risk #3?", "3"),
            ("undismiss dct-42", "dct-42"),
            ("bring 3 back", ""),
        ] {
            let expected = Some(which.trim_end_matches(',')).filter(|which| !which.is_empty());
            let read = read(text).map(|command| match command {
                Command::Back(which) => which.trim_end_matches(',').to_owned(),
                Command::List => "list".to_owned(),
            });
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_about_something_else() {
        for text in [
            "get me caught up",
            "full status",
            "bring back the old dashboard that we had",
            "what was dismissed by the court last week",
            "snooze",
            "is DCT-42 snoozed by the vendor",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
