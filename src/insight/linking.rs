//! Which message is about which issue.
//!
//! A message is about an issue when it names its key (in any case, if the project is one of the
//! program's), its address on our site, or is a reply in a thread whose first message is. What
//! stands in code, in a quotation or in another site's address names nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::mrkdwn::{self, Span};
use super::talk::Talk;
use super::{Facts, Links, MessageId};
use crate::domain::{IssueKey, Message, Signal, Site};

/// The links, message by message.
pub(super) struct Linking<'a> {
    pub(super) links: Links,
    talk: &'a Talk<'a>,
    /// By where a message stands in the talk: the issues that it is about.
    about: Vec<BTreeSet<IssueKey>>,
    /// The same of those that it names itself, without what it inherits from its thread.
    named: Vec<BTreeSet<IssueKey>>,
}

/// Links every message.
pub(super) fn link<'a>(facts: &Facts, talk: &'a Talk<'a>) -> Linking<'a> {
    let projects: BTreeSet<&str> = facts.issues.keys().map(IssueKey::project).collect();
    let site = Site::of(&facts.site);
    let named =
        |message: &&Message| named_on(&message.text, &site, |key, _| projects.contains(key.project()));
    let named: Vec<BTreeSet<IssueKey>> = talk.messages.iter().map(named).collect();
    let mut all = Vec::with_capacity(named.len());
    let mut by_issue: BTreeMap<IssueKey, Vec<MessageId>> = BTreeMap::new();
    for (message, own) in talk.messages.iter().zip(&named) {
        let root = || talk.position(&message.channel, message.root()).and_then(|root| named.get(root));
        let parent = if message.is_reply() { root() } else { None };
        let about: BTreeSet<IssueKey> = own.iter().chain(parent.into_iter().flatten()).cloned().collect();
        for key in &about {
            match by_issue.get_mut(key) {
                Some(ids) => ids.push(id(message)),
                None => drop(by_issue.insert(key.clone(), vec![id(message)])),
            }
        }
        all.push(about);
    }
    Linking { links: Links { by_issue }, talk, about: all, named }
}

/// No issue at all.
static NONE: BTreeSet<IssueKey> = BTreeSet::new();

impl Linking<'_> {
    /// The issues that a message is about.
    pub(super) fn about(&self, message: &Message) -> &BTreeSet<IssueKey> {
        self.position(message).map_or(&NONE, |at| self.about_at(at))
    }

    /// The same, by where it stands in the talk.
    pub(super) fn about_at(&self, position: usize) -> &BTreeSet<IssueKey> {
        self.about.get(position).unwrap_or(&NONE)
    }

    /// The issues that a message names itself.
    pub(super) fn named(&self, message: &Message) -> &BTreeSet<IssueKey> {
        self.position(message).map_or(&NONE, |at| self.named_at(at))
    }

    /// The same, by where it stands in the talk.
    pub(super) fn named_at(&self, position: usize) -> &BTreeSet<IssueKey> {
        self.named.get(position).unwrap_or(&NONE)
    }

    /// The issues that the message of a signal names itself.
    pub(super) fn named_by(&self, signal: &Signal) -> &BTreeSet<IssueKey> {
        self.talk.position(&signal.channel, signal.ts).map_or(&NONE, |at| self.named_at(at))
    }

    fn position(&self, message: &Message) -> Option<usize> {
        self.talk.position(&message.channel, message.ts)
    }
}

/// A message's identity.
fn id(message: &Message) -> MessageId {
    (message.channel.clone(), message.ts)
}

/// The issues that a text names, and whatever else in it has the shape of a key in capitals: whether there is such an
/// issue ("OPS-5") or none ("UTF-8"), Jira knows.
pub(super) fn perhaps_named_in(text: &str, site: &str, projects: &BTreeSet<String>) -> BTreeSet<IssueKey> {
    named_on(text, &Site::of(site), |key, in_capitals| in_capitals || projects.contains(key.project()))
}

fn named_on(text: &str, site: &Site, counts: impl Fn(&IssueKey, bool) -> bool) -> BTreeSet<IssueKey> {
    // Every way to name an issue has a hyphen and a digit in it; most messages have not.
    if !HYPHENS.iter().any(|hyphen| text.contains(*hyphen)) || !text.contains(|c: char| c.is_ascii_digit()) {
        return BTreeSet::new();
    }
    let mut keys = BTreeSet::new();
    let named = |words: &str| {
        let keys = spelt_keys_in(words).into_iter().filter(|(key, in_capitals)| counts(key, *in_capitals));
        keys.map(|(key, _)| key).collect::<Vec<_>>()
    };
    for line in mrkdwn::lines(text).filter(|line| !line.quoted) {
        for span in line.spans {
            match span {
                Span::Text(words) | Span::Struck(words) => keys.extend(named(&words)),
                Span::Link { url, label } => {
                    let on_our_site = site.issue_at(&url);
                    // A label is words, unless the address behind it is what says the key: then it is another site's.
                    let elsewhere: BTreeSet<IssueKey> = match on_our_site {
                        Some(_) => BTreeSet::new(),
                        None => {
                            keys_in(&url.replace(['/', '=', '?', '&', '#', '.'], " ")).into_iter().collect()
                        }
                    };
                    let label = named(label.as_deref().unwrap_or_default());
                    keys.extend(label.into_iter().filter(|key| !elsewhere.contains(key)));
                    keys.extend(on_our_site);
                }
                _ => {}
            }
        }
    }
    keys
}

/// Everything in a text that has the shape of a key, as whole words.
///
/// `DCT-42's`, `(DCT-42)` and the branch `DCT-42-firewall` name DCT-42, as they do for Jira itself;
/// `DCT-42.5`, `dct-42@acme.com`, `A-DCT-42` and `DCT-42-43` name nothing.
pub(super) fn keys_in(text: &str) -> Vec<IssueKey> {
    spelt_keys_in(text).into_iter().map(|(key, _)| key).collect()
}

/// The same, and of each whether it stands there in capitals.
fn spelt_keys_in(text: &str) -> Vec<(IssueKey, bool)> {
    let mut keys = Vec::new();
    let mut word = String::new();
    // What stands before the word: part of the same token, if it is not a boundary.
    let mut joined = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        let mut number = String::new();
        if is_hyphen(c) && !joined {
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                number.push(digit);
            }
        }
        if number.is_empty() {
            joined = is_hyphen(c) && !word.is_empty();
            word.clear();
            continue;
        }
        let next = chars.peek().copied();
        let after_next = {
            let mut ahead = chars.clone();
            ahead.next();
            ahead.next()
        };
        let ends = match next {
            None => true,
            Some(n) if n.is_alphanumeric() || n == '_' || n == '@' => false,
            Some('.') => !after_next.is_some_and(char::is_alphanumeric),
            Some(n) if is_hyphen(n) => !after_next.is_some_and(|c| c.is_ascii_digit()),
            Some(_) => true,
        };
        if ends && let Ok(key) = format!("{word}-{number}").parse() {
            keys.push((key, !word.contains(char::is_lowercase)));
        }
        joined = true;
        word.clear();
        // Whatever hangs on to the number is not a word of its own: skip to the token's end.
        while chars.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '@') || is_hyphen(*c)).is_some() {}
        joined &= chars.peek().is_some_and(|c| *c == '.') && !ends;
    }
    keys
}

/// The plain hyphen and the two that word processors put in its place.
const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{2011}'];

fn is_hyphen(c: char) -> bool {
    HYPHENS.contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::insight::world::{SITE, World, issue};

    fn named(text: &str) -> Vec<String> {
        let counts = |key: &IssueKey, _| ["DCT", "ROAD"].contains(&key.project());
        named_on(text, &Site::of(SITE), counts).into_iter().map(|key| key.to_string()).collect()
    }

    #[test]
    fn what_is_written_in_capitals_may_be_a_key_of_any_project() {
        let projects = BTreeSet::from(["DCT".to_owned()]);
        let text = "dct-1, OPS-5, ops-6 and UTF-8: `OPS-7`";
        let keys = perhaps_named_in(text, SITE, &projects);
        assert_eq!(keys.iter().map(IssueKey::as_str).collect::<Vec<_>>(), ["DCT-1", "OPS-5", "UTF-8"]);
    }

    #[test]
    fn keys_are_words() {
        for text in [
            "DCT-42",
            "dct-42.",
            "(Dct-42)",
            "DCT-42's plan",
            "re: DCT-42, thanks",
            "*DCT-42*",
            "feature/DCT-42-firewall",
            "DCT‑42",
            "#DCT-42",
            "DCT-42: blocked",
            "DCT-42?",
            "~DCT-42~",
            "siehe DCT-42…",
            "«DCT-42»",
        ] {
            assert_eq!(named(text), ["DCT-42"], "{text}");
        }
        for text in [
            "XDCT-42",
            "DCT-42x",
            "DCT-42_b",
            "A-DCT-42",
            "DCT-42-43",
            "DCT-4.2",
            "dct-42@acme.com",
            "DCT - 42",
            "DCT-042",
            "DCT42",
            "UTF-8",
            "COVID-19",
            "ISO-27001",
            "NET-7",
            "`DCT-42`",
            "```\nDCT-42\n```",
            "&gt; DCT-42",
            "```DCT-42",
        ] {
            assert_eq!(named(text), [""; 0], "{text}");
        }
        assert_eq!(named("DCT-4 and DCT-42/DCT-43, road-7"), ["DCT-4", "DCT-42", "DCT-43", "ROAD-7"]);
        assert_eq!(named("DCT-1.2 DCT-3"), ["DCT-3"]);
    }

    #[test]
    fn addresses_count_on_our_site_only() {
        for text in [
            "<https://acme.atlassian.net/browse/DCT-42>",
            "https://acme.atlassian.net/browse/DCT-42?focusedId=1#c",
            "<https://acme.atlassian.net/browse/dct-42|the firewall>",
            "<https://acme.atlassian.net/jira/software/projects/DCT/boards/1?x=1&amp;selectedIssue=DCT-42>",
            "<https://ACME.atlassian.net/projects/DCT/issues/DCT-42/>",
            "<https://github.com/acme/pull/7|DCT-42: open the port>",
        ] {
            assert_eq!(named(text), ["DCT-42"], "{text}");
        }
        for text in [
            "<https://other.atlassian.net/browse/DCT-42>",
            "<https://other.atlassian.net/browse/DCT-42|DCT-42>",
            "https://github.com/acme/x/tree/DCT-42-foo",
            "https://acme.atlassian.net.evil.example/browse/DCT-42",
            "https://acme.atlassian.net@evil.example/browse/DCT-42",
            "<https://acme.atlassian.net/wiki/spaces/DCT-42>",
            "&gt; https://acme.atlassian.net/browse/DCT-42",
        ] {
            assert_eq!(named(text), [""; 0], "{text}");
        }
        assert_eq!(
            named("https://acme.atlassian.net/browse/OTHER-1"),
            ["OTHER-1"],
            "our site vouches for it"
        );
    }

    #[test]
    fn replies_inherit_what_the_thread_is_about_and_add_their_own() {
        let mut world = World::new().with(issue("DCT-1")).with(issue("DCT-2"));
        let root = world.says("priya", "DCT-1 needs a look", 5);
        let reply = world.replies(root, "marco", "same as DCT-2", 4);
        let other = world.says("marco", "nothing", 4);
        let facts = world.facts();
        let talk = Talk::of(&facts);
        let linking = link(&facts, &talk);
        let about = |ts| linking.about(talk.at(&world.channel(), ts).unwrap()).len();
        assert_eq!((about(root), about(reply), about(other)), (1, 2, 0));
        assert_eq!(linking.links.by_issue[&"DCT-1".parse().unwrap()].len(), 2);
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(text in "[a-zA-Z0-9_@.\\-–é👀 ]{0,60}") {
            let _ = keys_in(&text);
        }

        #[test]
        fn a_key_between_spaces_is_always_found(before in "[a-z ,.!]{0,20}", after in "[a-z ,.!]{0,20}") {
            prop_assert_eq!(named(&format!("{before} DCT-42 {after}")), vec!["DCT-42".to_owned()]);
        }
    }
}
