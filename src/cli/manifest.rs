//! `caughtup manifest`: the Slack app, to be pasted into Slack as it is.

use super::{Exit, say_on_stdout};

/// The manifest, as it stands at the root of the repository.
pub const MANIFEST: &str = include_str!("../../manifest.yml");

/// Prints the manifest.
pub fn run() -> anyhow::Result<Exit> {
    say_on_stdout(MANIFEST)?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::bot::scopes::{APP_SCOPES, COMMAND, EVENTS, METHODS};

    /// The items of a list in the manifest, whose shape is ours.
    fn list(key: &str) -> BTreeSet<&'static str> {
        let after = MANIFEST.split_once(&format!("{key}:\n")).expect("the manifest has this list").1;
        let items = after.lines().map_while(|line| line.trim().strip_prefix("- "));
        items.map(|item| item.split_whitespace().next().unwrap()).collect()
    }

    #[test]
    fn its_scopes_are_exactly_those_that_the_code_uses() {
        let events = EVENTS.iter().map(|(_, scope)| *scope);
        let used: BTreeSet<&str> = METHODS
            .iter()
            .flat_map(|(_, scopes)| scopes.iter().copied())
            .chain(events)
            .chain([COMMAND.1])
            .collect();
        assert_eq!(list("bot"), used);
        assert!(METHODS.iter().all(|(_, scopes)| scopes.iter().all(|scope| !APP_SCOPES.contains(scope))));
    }

    #[test]
    fn its_events_are_exactly_those_that_are_handled() {
        assert_eq!(list("bot_events"), EVENTS.iter().map(|(event, _)| *event).collect());
        assert!(MANIFEST.contains(&format!("command: {}", COMMAND.0)));
    }
}
