//! Somebody was asked something by name: by a mention, or by an unambiguous first name at the question's start.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use super::sentence::{Sentence, mentions_in};
use crate::domain::{People, Standing, UserId};
use crate::insight::quick::{Ends, QuickSet};

/// Who answers to which first name, lower case.
pub(super) struct FirstNames {
    people: HashMap<String, Vec<UserId>>,
    /// What the names begin with, as tokens have it.
    parts: QuickSet<String>,
    ends: Ends,
}

impl FirstNames {
    pub(super) fn of(people: &People) -> Self {
        let mut names: HashMap<String, Vec<UserId>> = HashMap::new();
        for person in people.iter().filter(|p| !matches!(p.standing, Standing::Bot | Standing::Gone)) {
            let mut own: Vec<String> = [&person.full_name, &person.name]
                .into_iter()
                .filter_map(|name| name.split([' ', '.', '_']).find(|part| !part.is_empty()))
                .map(|name| name.trim_start_matches('@').to_lowercase())
                .collect();
            own.sort();
            own.dedup();
            for name in own {
                names.entry(name).or_default().push(person.id.clone());
            }
        }
        let part = |name: &String| name.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned);
        let parts: QuickSet<String> = names.keys().filter_map(part).collect();
        Self { ends: parts.iter().map(String::as_str).collect(), parts, people: names }
    }

    /// Whether a name begins with this word.
    fn begin_with(&self, word: &str) -> bool {
        self.ends.may_hold(word) && self.parts.contains(word)
    }

    /// The one person of this first name.
    fn only(&self, name: &str) -> Option<&UserId> {
        match self.people.get(&name.to_lowercase()).map(Vec::as_slice) {
            Some([one]) => Some(one),
            _ => None,
        }
    }
}

/// Whom a message asks something by name, and how sure that is.
pub(super) fn read(
    said: &[Sentence],
    by: &UserId,
    names: &FirstNames,
    people: &People,
) -> Option<(Vec<UserId>, u8)> {
    let somebody = |sentence: &Sentence| {
        sentence.text.contains('@') || sentence.tokens.words().any(|word| names.begin_with(word))
    };
    if !said.iter().any(somebody) {
        return None;
    }
    let greeted = said.first().map(leading_mentions).unwrap_or_default();
    // Whoever is thanked first is asked only what "you" asks: "thanks @priya! Who else wants cake?".
    let thanked = said.first().is_some_and(|first| THANKS.is_match(&first.text));
    for (number, sentence) in said.iter().enumerate() {
        let question_mark = sentence.asks;
        if !question_mark
            && !REQUEST.is_match(&sentence.text)
            && name_then_ask(&sentence.text, names).is_none()
        {
            continue;
        }
        let mut asked = leading_mentions(sentence);
        if asked.is_empty() {
            asked = addressed(sentence);
        }
        if asked.is_empty() {
            asked.extend(by_first_name(&sentence.text, names));
        }
        // "Priya: quick one. Can you confirm?": whom the message begins with is whom it goes on to ask.
        if asked.is_empty() && (!thanked || YOU.is_match(&sentence.text)) {
            asked.clone_from(&greeted);
        }
        if asked.is_empty() && number > 0 {
            asked.extend(said.first().into_iter().flat_map(|first| vocative(&first.text, names)));
        }
        asked.retain(|id| id != by && people.is_human(id));
        asked.sort();
        asked.dedup();
        if !asked.is_empty() {
            return Some((asked, if question_mark { 90 } else { 75 }));
        }
    }
    None
}

/// The people whom a sentence begins with.
fn leading_mentions(sentence: &Sentence) -> Vec<UserId> {
    let Some(lead) = LEAD.find(&sentence.text) else { return Vec::new() };
    mentions_in(lead.as_str())
}

/// The people mentioned in a sentence, without those who only get a copy.
fn addressed(sentence: &Sentence) -> Vec<UserId> {
    let text = COPIED.replace_all(&sentence.text, "");
    mentions_in(&text)
}

/// A first name at a question's start, set apart by punctuation or followed by what only a question to them has.
fn by_first_name(text: &str, names: &FirstNames) -> Vec<UserId> {
    let called = vocative(text, names);
    if called.is_empty() { name_then_ask(text, names).into_iter().collect() } else { called }
}

fn name_then_ask(text: &str, names: &FirstNames) -> Option<UserId> {
    let name = NAME_THEN_ASK.captures(text)?.get(1)?.as_str();
    // Fast fingers write names small, and then some of them are words.
    let small = name.starts_with(char::is_lowercase);
    let word = small && (!text.contains('?') || NAMES_AND_WORDS.contains(&name));
    names.only(name).filter(|_| !word).cloned()
}

/// Names that begin a question as a word as well: "will you…", "any…", "may we…".
const NAMES_AND_WORDS: [&str; 24] = [
    "will", "may", "mark", "grant", "art", "bill", "rob", "sue", "pat", "drew", "chase", "hope", "grace",
    "joy", "dawn", "april", "june", "rose", "rich", "frank", "guy", "don", "ray", "an",
];

/// Those who are called by their first names: "Priya,", "Priya and Marco:", "Priya?".
fn vocative(text: &str, names: &FirstNames) -> Vec<UserId> {
    let Some(found) = VOCATIVE.captures(text) else { return Vec::new() };
    let called = found.get(1).map_or("", |called| called.as_str());
    let word = |name: &str| NAMES_AND_WORDS.contains(&name.to_lowercase().as_str());
    if found.get(2).is_some() && word(called) {
        return Vec::new();
    }
    let every: Option<Vec<UserId>> =
        JOINER.split(called).map(|name| names.only(name.trim_start_matches('@')).cloned()).collect();
    every.unwrap_or_default()
}

static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:(?:hey|hi|hello|hallo|hola|salut|olá|morning|good morning|dear|ok|so|and|also|question for|ping|thanks)\b\W*)*(?:@[uw][a-z0-9]+\b\W*(?:(?:and|or|und|y|et|e)\b\W*)?)+|^\W*fyi\W+(?:@[uw][a-z0-9]+\b\W*)+(?:can|could|would|will|shall|should|may|do|does|did|are|is|any|please|what|when|where|who|how|which)\b",
    )
});
static COPIED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:cc|fyi|/cc|thanks|thank you|thx|kudos to|shoutout to|via|as|per|like|with|from|by|after|before|when|until|if|",
        r"ask|asked|asking|told|tell|according to|besides|than)\b:?(?:\W*@[uw][a-z0-9]+\b)+"
    ))
});
static VOCATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:(?:hey|hi|hello|hallo|hola|salut|olá|morning|good morning|dear|ok|so|question for|[a-z][a-z0-9_]+-\d+)\b\W*)*@?(\p{L}[\p{L}'-]+(?:\s*(?:\s(?:and|und|y|et|e)\s|[/&+])\s*@?\p{L}[\p{L}'-]+)*)\s*(?:[,:]|\s[-–—]\s|(\?))",
    )
});
static JOINER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\s*(?:\s(?:and|und|y|et|e)\s|[/&+])\s*"));
static THANKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:(?:thanks|thank you|thx|ty|cheers|kudos|merci|danke|gracias|obrigad[oa])\b|@[uw][a-z0-9]+\W+(?:thanks|thank you|thx|ty|cheers)\b)",
    )
});
static YOU: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:you|your|u|du|dir|tu|usted|vous|você)\b"));
static NAME_THEN_ASK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^\W*(?:(?i:hey|hi|hello|hallo|hola|salut|olá|morning|good morning|question for|[a-z][a-z0-9_]+-\d+)\b\W*)*@?(\p{L}[\p{L}'-]+)\s+",
        r"(?i:(?:can|could|would|will|do|did|have|are|were|should|shall) (?:you|we|i)\b|any\b|what|when\b|where\b|why\b|who\b|how\b|which\b|please\b|pls\b|wdyt\b|thoughts\b|",
        r"(?:is|does|has|was) (?:the|that|this|it|there|your|our|[a-z]\w+-\d+)\b|kannst du|könntest du|puedes|podrías|peux-tu|tu peux|você pode|pode\b)"
    ))
});
/// What asks without a question mark.
static REQUEST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^\W*(?:@[uw][a-z0-9]+\W+|(?:hey|hi|hello)\W+|\p{L}[\p{L}'-]+\s*[,:]\s*)*(?:(?:please|pls|so|also|and)\s+)?(?:can|could|would|will|do|did|have|are) you\b|",
        r"^\W*(?:@[uw][a-z0-9]+\W+|\p{L}[\p{L}'-]+\s*[,:]\s*)*(?:who|when|what|where|why|how|which)(?:'s|\s+(?:is|are|do|does|did|can|will|would|should|was|were|long|much|many|about))\b|",
        r"\b(?:please|pls) (?:confirm|advise|let (?:me|us) know|check|review|answer|clarify|respond|reply)\b|\bwdyt\b|\bany (?:update|news|idea|thoughts)\b|",
        r"\blet (?:me|us) know (?:whether|when|which|what|how|if (?:\d|the|that|this|it|we|i\b|[a-z]+day))|\bneed (?:your|you to)\b|",
        r"\bwhat do you think\b|\b(?:kannst|könntest) du\b|\bpuedes\b|\bpeux-tu\b|\bvocê pode\b"
    ))
});

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;
    use crate::insight::world::{World, user};

    fn asked(text: &str) -> Vec<UserId> {
        let facts = World::new().people(&["priya", "marco", "lena", "sam", "will"]).facts();
        let by = user("sam");
        read(&sentences(text), &by, &FirstNames::of(&facts.people), &facts.people)
            .map(|(asked, _)| asked)
            .unwrap_or_default()
    }

    #[test]
    fn put_by_name() {
        let (marco, priya) = (user("marco"), user("priya"));
        for text in [
            format!("<@{marco}> can you confirm the date?"),
            format!("Can <@{marco}> confirm the date?"),
            format!("hi <@{marco}>! Quick one. Is DCT-4 ready?"),
            format!("When is the cutover? <@{marco}>"),
            format!("<@{marco}> please confirm"),
            format!("<@{marco}> any update on DCT-42"),
            format!("<@{marco}>: wdyt"),
            format!("<@{marco}> did <@{priya}> sign off?"),
            format!("Is this ok <@{marco}>? cc <@{priya}>"),
            "Marco, is it done?".to_owned(),
            "hey marco, any news?".to_owned(),
            "Marco can you look at DCT-4".to_owned(),
            "Hi Marco - who owns this?".to_owned(),
            "@Marco: when do we start?".to_owned(),
            "Marco: kannst du schauen?".to_owned(),
            "marco how long does a restore take?".to_owned(),
            "DCT-4: marco, 30 or 45 minutes?".to_owned(),
            "DCT-4 marco any news?".to_owned(),
            "Marco? Are we on for the walkthrough?".to_owned(),
            format!("thanks <@{marco}>! Could you send the list as well?"),
        ] {
            assert_eq!(asked(&text), std::slice::from_ref(&marco), "{text}");
        }
    }

    #[test]
    fn not_put_by_name() {
        let marco = user("marco");
        for text in [
            format!("<@{marco}> thanks!"),
            format!("thanks <@{marco}>! Who else wants a slice?"),
            format!("thx <@{marco}>. Anybody else going?"),
            "Will? Perhaps.".to_owned(),
            "Can anyone help?".to_owned(),
            "Will you be there?".to_owned(),
            "will you be there?".to_owned(),
            "marco any more of this and I leave".to_owned(),
            "is Marco around?".to_owned(),
            format!("<@{}> talking to myself?", user("sam")),
            format!("`<@{marco}> ok?`"),
            "I told Marco that it's late".to_owned(),
            "Alex, is it done?".to_owned(),
            format!("&gt; <@{marco}> can you?"),
            "see https://x.example/?a=1 Marco".to_owned(),
        ] {
            assert_eq!(asked(&text), [], "{text}");
        }
    }

    #[test]
    fn two_who_are_called_together_are_both_asked() {
        let mut both = vec![user("marco"), user("priya")];
        both.sort();
        for text in
            ["Priya and Marco, who signs?", "priya/marco: when do we start?", "Hi Marco & Priya, any news?"]
        {
            assert_eq!(asked(text), both, "{text}");
        }
        assert_eq!(asked("Cables and Marco, what a pair?"), []);
    }

    #[test]
    fn an_ambiguous_name_names_nobody() {
        let facts = World::new().people(&["marco", "marco-2"]).named("marco-2", "Marco Polo").facts();
        let names = FirstNames::of(&facts.people);
        assert_eq!(read(&sentences("Marco, is it done?"), &user("sam"), &names, &facts.people), None);
    }
}
