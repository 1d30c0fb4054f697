//! Which issue somebody may mean who names none: its title or a configured name said in words, or their own only
//! ticket.
//!
//! Nobody can be sure of that, so what rests on it is tentative, and where two issues fit it is neither.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::Facts;
use super::people_of_jira::slack_id;
use super::signals::own_words;
use super::tracking::pattern;
use super::words::{content_words, in_order};
use crate::domain::{Issue, IssueKey, Message, UserId};

/// A title of fewer words is named only by all of them side by side: "load test".
const DISTINCT: usize = 3;

/// The open issues by the words of their titles.
pub(super) struct Titles<'a> {
    words: BTreeMap<&'a IssueKey, Vec<String>>,
    /// Which titles hold a word.
    holding: HashMap<String, Vec<&'a IssueKey>>,
    /// What the configuration says that open issues are called.
    called: Vec<(Vec<String>, &'a IssueKey)>,
    /// Who is assigned what.
    owned: HashMap<&'a UserId, Vec<&'a Issue>>,
}

impl<'a> Titles<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let open = || facts.issues.values().filter(|issue| !issue.is_done());
        let words: BTreeMap<_, Vec<String>> =
            open().map(|issue| (&issue.key, in_order(&issue.summary).collect())).collect();
        let mut holding: HashMap<String, Vec<&IssueKey>> = HashMap::new();
        for (key, title) in &words {
            for word in title.iter().collect::<BTreeSet<_>>() {
                holding.entry(word.clone()).or_default().push(key);
            }
        }
        let mut owned: HashMap<_, Vec<_>> = HashMap::new();
        for issue in open() {
            let owner = issue.assignee.as_ref().and_then(|owner| slack_id(&facts.people, owner));
            if let Some(owner) = owner {
                owned.entry(owner).or_default().push(issue);
            }
        }
        let called = facts.lexicon.called().filter(|(key, _)| words.contains_key(key));
        let called = called.map(|(key, phrase)| (in_order(phrase).collect(), key)).collect();
        Self { words, holding, called, owned }
    }

    /// The one open issue that a message may be about.
    pub(super) fn meant(&self, message: &Message, by: &UserId) -> Option<&'a IssueKey> {
        let text = own_words(message);
        let said: Vec<String> = in_order(&text).collect();
        match self.called(&said).as_slice() {
            [] => self.titled(&said).or_else(|| self.own(&text, by)),
            [only] => Some(only),
            _ => None,
        }
    }

    /// The issues that are called by what is said.
    fn called(&self, said: &[String]) -> Vec<&'a IssueKey> {
        let fits = |name: &[String]| !name.is_empty() && said.windows(name.len()).any(|words| words == name);
        let mut keys: Vec<_> =
            self.called.iter().filter(|(name, _)| fits(name)).map(|(_, key)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The issue whose title is said: all of its words, or of a long one all but one.
    fn titled(&self, said: &[String]) -> Option<&'a IssueKey> {
        let all: BTreeSet<&String> = said.iter().collect();
        let mut shared: BTreeMap<&IssueKey, usize> = BTreeMap::new();
        for key in all.iter().filter_map(|word| self.holding.get(*word)).flatten() {
            *shared.entry(key).or_default() += 1;
        }
        let fits = |(key, shared): (&'a IssueKey, usize)| {
            let title = self.words.get(key)?;
            let missing = title.iter().collect::<BTreeSet<_>>().len() - shared;
            let enough = match title.len() {
                0 | 1 => false,
                short if short < DISTINCT => said.windows(short).any(|words| words == title),
                len => missing * (DISTINCT + 1) <= len && shared >= DISTINCT,
            };
            enough.then_some((missing, key, title))
        };
        let fitting: Vec<_> = shared.into_iter().filter_map(fits).collect();
        let best = fitting.iter().map(|(missing, ..)| *missing).min()?;
        let mut best: Vec<_> = fitting.into_iter().filter(|(missing, ..)| *missing == best).collect();
        // "Load test" is said wherever "load test of the gateway" is.
        let titles: Vec<&Vec<String>> = best.iter().map(|(_, _, title)| *title).collect();
        let within = |title: &[String], other: &[String]| {
            other.len() > title.len() && title.iter().all(|word| other.contains(word))
        };
        best.retain(|(_, _, title)| !titles.iter().any(|other| within(title, other)));
        match best.as_slice() {
            [(_, key, _)] => Some(key),
            _ => None,
        }
    }

    /// "My migration ticket": their only open one on that subject.
    fn own(&self, text: &str, by: &UserId) -> Option<&'a IssueKey> {
        let found = MINE.captures(text)?;
        let subject = content_words(found.get(1).or(found.get(2))?.as_str());
        let about = |issue: &&&'a Issue| {
            self.words.get(&issue.key).is_some_and(|title| subject.iter().all(|word| title.contains(word)))
        };
        let mut own = self.owned.get(by)?.iter().filter(about);
        match (own.next(), own.next()) {
            (Some(only), None) => Some(&only.key),
            _ => None,
        }
    }
}

static MINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bmy\s+((?:[\w-]+\s+){0,3})(?:ticket|issue|story|task|card)\b|\bmein(?:e|en)?\s+((?:[\w-]+\s+){0,3})(?:ticket|aufgabe)\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::world::{World, issue, user};

    fn meant(text: &str) -> Option<String> {
        let mut world = World::new()
            .with(issue("DCT-1").titled("Firewall rules for rack B").assigned("priya"))
            .with(issue("DCT-2").titled("Storage migration, wave 1").assigned("priya"))
            .with(issue("DCT-3").titled("Storage migration, wave 2").assigned("marco"))
            .with(issue("DCT-4").titled("Load test").assigned("lena"))
            .with(issue("DCT-5").titled("Load test of the object gateway").assigned("sam"))
            .with(issue("DCT-6").titled("Badge reader for the north gate").done());
        world.says("priya", text, 30);
        let facts = world.facts();
        Titles::of(&facts).meant(&world.messages[0], &user("priya")).map(|key| key.to_string())
    }

    #[test]
    fn a_title_said_in_words_is_meant() {
        for (text, key) in [
            ("the firewall rules for rack B are blocked on the vendor", "DCT-1"),
            ("blocked: FIREWALL RULES, rack b!", "DCT-1"),
            ("storage migration wave 2 is stuck", "DCT-3"),
            ("the load test is blocked", "DCT-4"),
            ("load test of the object gateway is blocked", "DCT-5"),
            ("my migration ticket is blocked", "DCT-2"),
            ("my firewall rule ticket is stuck", "DCT-1"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(key), "{text}");
        }
    }

    #[test]
    fn what_an_issue_is_called_is_meant() {
        let mut world =
            World::new().with(issue("DCT-1").titled("Firewall rules")).with(issue("DCT-2").titled("VLANs"));
        for text in ["the Badge Printers are stuck", "the tin boxes are stuck", "the old scanners are stuck"]
        {
            world.says("priya", text, 30);
        }
        let mut facts = world.facts();
        let mut lexicon = crate::domain::Lexicon::default();
        let name = |text: &str| [text.to_owned()];
        lexicon.call("DCT-1".parse().unwrap(), name("the badge printers"));
        lexicon.call("DCT-1".parse().unwrap(), name("tin boxes"));
        lexicon.call("DCT-2".parse().unwrap(), name("tin boxes"));
        lexicon.call("DCT-9".parse().unwrap(), name("old scanners"));
        facts.lexicon = std::sync::Arc::new(lexicon);
        let titles = Titles::of(&facts);
        let meant: Vec<_> = world
            .messages
            .iter()
            .map(|message| titles.meant(message, &user("priya")).map(IssueKey::as_str))
            .collect();
        assert_eq!(meant, [Some("DCT-1"), None, None], "two may be meant, and DCT-9 is nowhere");
    }

    #[test]
    fn what_may_be_two_or_none_is_not_guessed() {
        for text in [
            "the storage migration is stuck",
            "storage migration waves 1 and 2 are stuck",
            "my ticket is blocked",
            "my badge ticket is blocked",
            "the firewall is down",
            "rules are rules, put the rack there",
            "we test under load, blocked on tests",
            "badge reader for the north gate is blocked",
            "`firewall rules for rack B` is blocked",
            "&gt; firewall rules for rack B are blocked",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
