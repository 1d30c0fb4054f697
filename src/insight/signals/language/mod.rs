//! What is read as what: classes of words and patterns over them, both kept as text and extended by the
//! configuration's own words.

mod bits;
mod calls;
mod cues;
mod pattern;
mod source;
mod tags;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use self::calls::Calls;
use self::cues::Cues;
use self::tags::Symbols;
use super::token::Tokens;
use crate::domain::Lexicon;
use crate::insight::quick::QuickMap;

pub(in crate::insight::signals) use self::cues::Cue;
pub(in crate::insight::signals) use self::pattern::{Fit, Pattern};
pub(in crate::insight::signals) use self::tags::{Desk, Tagged};

/// The words by class.
const WORDS: &[&str] = &[
    include_str!("words/common.txt"),
    include_str!("words/blocked.txt"),
    include_str!("words/settled.txt"),
    include_str!("words/time.txt"),
];
/// The patterns by kind.
const PATTERNS: &[&str] = &[
    include_str!("patterns/blocker.txt"),
    include_str!("patterns/unblocked.txt"),
    include_str!("patterns/decision.txt"),
    include_str!("patterns/completion.txt"),
    include_str!("patterns/trouble.txt"),
    include_str!("patterns/cues.txt"),
];

/// The kinds of which every message is heard. Others say how that is meant, or are asked for where something was heard.
const HEARD: [&str; 13] = [
    "blocker",
    "sign",
    "unblocked",
    "decision",
    "completion",
    "slip",
    "escalation",
    "denied-next",
    "relapse",
    "unhelped",
    "mixed-up",
    "overturned",
    "retracted",
];

/// The language as it ships.
static SHIPPED: LazyLock<Arc<Language>> = LazyLock::new(|| Arc::new(shipped()));

/// Everything by which messages are read.
#[derive(Debug, Clone)]
pub(in crate::insight) struct Language {
    symbols: Symbols,
    kinds: QuickMap<String, Kind>,
    calls: Calls,
    pub(in crate::insight::signals) cues: Cues,
}

/// How one kind of thing is said.
#[derive(Debug, Clone, Default)]
pub(in crate::insight::signals) struct Kind {
    ways: Vec<Way>,
    /// Words that carry it, in another sense.
    others: Vec<Pattern>,
    /// What makes the whole sentence speak of something else.
    elsewhere: Vec<Pattern>,
}

/// One way of saying it.
#[derive(Debug, Clone)]
pub(in crate::insight::signals) struct Way {
    pub(in crate::insight::signals) pattern: Pattern,
    /// How sure one may be at most, out of 100.
    pub(in crate::insight::signals) certainty: u8,
    /// It holds its own negation ("can't proceed"), so another one before it is no cue.
    pub(in crate::insight::signals) negates_itself: bool,
    /// It says so only together with a hint of another sort.
    pub(in crate::insight::signals) hint: Option<String>,
}

impl Kind {
    /// The ways that may fit a sentence, going by the words that it has.
    pub(in crate::insight::signals) fn called(&self, sentence: &Tagged<'_>) -> impl Iterator<Item = &Way> {
        called(&self.ways, |way| &way.pattern, sentence)
    }

    /// Whether one of its ways fits a sentence.
    pub(in crate::insight::signals) fn fits(&self, sentence: &Tagged<'_>) -> bool {
        self.called(sentence).any(|way| !way.pattern.fits_where_called(sentence).is_empty())
    }

    /// Where words that carry it are found in another sense.
    pub(in crate::insight::signals) fn others(&self, sentence: &Tagged<'_>) -> Vec<Fit> {
        let called = called(&self.others, |pattern| pattern, sentence);
        called.flat_map(|pattern| pattern.fits_where_called(sentence)).collect()
    }

    /// Whether the whole sentence speaks of something else.
    pub(in crate::insight::signals) fn is_elsewhere(&self, sentence: &Tagged<'_>) -> bool {
        let mut called = called(&self.elsewhere, |pattern| pattern, sentence);
        called.any(|pattern| !pattern.fits_where_called(sentence).is_empty())
    }

    fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let ways = self.ways.iter_mut().map(|way| &mut way.pattern);
        ways.chain(&mut self.others).chain(&mut self.elsewhere)
    }
}

/// Those that a sentence calls, of some that are numbered one behind the other.
fn called<'a, T>(
    all: &'a [T],
    pattern: impl Fn(&T) -> &Pattern,
    sentence: &Tagged<'_>,
) -> impl Iterator<Item = &'a T> {
    let first = all.first().map_or(0, |first| pattern(first).number);
    let last = all.last().map_or(0, |last| pattern(last).number.saturating_add(1));
    sentence.called(first..last).filter_map(move |number| all.get(usize::from(number - first)))
}

impl Language {
    /// The language with words of the configuration.
    pub(in crate::insight) fn of(lexicon: &Lexicon) -> Arc<Self> {
        if lexicon.is_empty() {
            return SHIPPED.clone();
        }
        let mut language = Self::clone(&SHIPPED);
        for (class, phrases) in lexicon.iter() {
            let Ok(symbol) = language.symbols.class(class.name()) else { continue };
            for phrase in phrases {
                let words: Vec<String> = super::token::tokens(phrase).words().map(str::to_owned).collect();
                language.symbols.add(symbol, &words);
            }
        }
        language.symbols.draw();
        Arc::new(language)
    }

    /// Reads words and patterns.
    pub(in crate::insight::signals) fn parse(words: &[&str], patterns: &[&str]) -> Result<Self, String> {
        let mut symbols = Symbols::new();
        let mut said = source::Said::new();
        for text in words {
            source::words(text, &mut symbols, &mut said)?;
        }
        let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
        for text in patterns {
            source::patterns(text, &mut symbols, &mut kinds)?;
        }
        let mut calls = Calls::of(kinds.values_mut().flat_map(Kind::patterns), &symbols.commonness())?;
        let heard = HEARD.iter().filter_map(|name| kinds.get(*name));
        heard.flat_map(|kind| &kind.ways).for_each(|way| calls.carry(&way.pattern));
        let kinds = kinds.into_iter().collect();
        let cues = Cues::of(&symbols);
        symbols.draw();
        Ok(Self { symbols, kinds, calls, cues })
    }

    /// The classes of a sentence's tokens.
    pub(in crate::insight::signals) fn tag<'a>(&self, tokens: &'a Tokens) -> Tagged<'a> {
        self.tag_at(tokens, &mut Desk::default())
    }

    /// The same at a desk that was used before.
    pub(in crate::insight::signals) fn tag_at<'a, 'l>(
        &'l self,
        tokens: &'a Tokens,
        desk: &mut Desk<'l>,
    ) -> Tagged<'a> {
        self.symbols.read(tokens, &self.calls, desk);
        desk.tagged(tokens, &self.cues)
    }

    /// The classes of the tokens of each sentence that may say something of the kinds that are heard.
    pub(in crate::insight::signals) fn tag_all<'a, 'l>(
        &'l self,
        sentences: impl Iterator<Item = &'a Tokens>,
        desk: &mut Desk<'l>,
    ) -> Vec<Tagged<'a>> {
        let tagged = |tokens: &'a Tokens| {
            self.symbols.read(tokens, &self.calls, desk);
            match self.calls.carries(desk.called()) {
                true => desk.tagged(tokens, &self.cues),
                false => Tagged::silent(tokens),
            }
        };
        sentences.map(tagged).collect()
    }

    /// How a kind is said.
    pub(in crate::insight::signals) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// A class by its name.
    #[cfg(test)]
    pub(in crate::insight::signals) fn class(&self, name: &str) -> Option<tags::Symbol> {
        self.symbols.known(name)
    }

    /// Where the patterns of a kind fit.
    pub(in crate::insight::signals) fn fits(&self, kind: &str, sentence: &Tagged<'_>) -> Vec<Fit> {
        let ways = self.kind(kind).into_iter().flat_map(|kind| kind.called(sentence));
        ways.flat_map(|way| way.pattern.fits_where_called(sentence)).collect()
    }
}

#[allow(clippy::expect_used, reason = "the language ships inside, and the tests read all of it")]
fn shipped() -> Language {
    Language::parse(WORDS, PATTERNS).expect("the language that ships")
}

#[cfg(test)]
mod tests {
    use super::super::reader::Heard;
    use super::super::sentence::sentences;
    use super::*;
    use crate::domain::WordClass;

    #[test]
    fn words_of_ones_own_are_read_beside_the_known_ones() {
        let mut lexicon = Lexicon::default();
        lexicon.add(WordClass::Blocker, ["on the naughty step".to_owned()]);
        lexicon.add(WordClass::Obstacle, ["gremlin".to_owned()]);
        lexicon.add(WordClass::Stopped, ["Skewered-Fast".to_owned()]);
        let own = Language::of(&lexicon);
        let known = Language::of(&Lexicon::default());
        let blocked = |language: &Language, text: &str| {
            Heard::of(language, &sentences(text)).surest("blocker").is_some_and(|said| said.certainty >= 60)
        };
        for text in ["DCT-42 is on the naughty step", "there's a gremlin on DCT-42", "we are skewered-fast"] {
            assert!(blocked(&own, text) && !blocked(&known, text), "{text}");
        }
        for text in ["DCT-42 is not on the naughty step", "is DCT-42 on the naughty step?", "a cat"] {
            assert!(!blocked(&own, text), "{text}");
        }
        assert!(blocked(&own, "DCT-42 is blocked on legal"));
    }

    #[test]
    fn every_class_of_the_configuration_is_one_of_the_language() {
        let language = Language::of(&Lexicon::default());
        for class in WordClass::ALL {
            assert!(language.class(&format!("@{}", class.name())).is_some(), "{}", class.name());
        }
    }

    #[test]
    fn what_people_write_in_emoji_is_read() {
        let language = Language::of(&Lexicon::default());
        let heard = |kind: &str, text: &str| Heard::of(&language, &sentences(text)).surest(kind).is_some();
        assert!(heard("sign", ":red_circle: DCT-42") && heard("sign", "🚧 DCT-42"));
        assert!(heard("unblocked", "✅") && heard("completion", "✅ DCT-42"));
    }

    #[test]
    fn dates_that_move_and_calls_for_help_are_read() {
        let language = Language::of(&Lexicon::default());
        let heard = |kind: &str, text: &str| Heard::of(&language, &sentences(text)).surest(kind).is_some();
        for text in
            ["pushing DCT-42 to next sprint", "DCT-42 slips to the 14th", "won't make Friday with DCT-42"]
        {
            assert!(heard("slip", text), "{text}");
        }
        for text in
            ["DCT-42 is on track", "could DCT-42 slip?", "standup moved to 10:15", "pushing DCT-42 to main"]
        {
            assert!(!heard("slip", text), "{text}");
        }
        for text in ["escalating DCT-42 to the CTO", "need urgent help on DCT-42", "raising this with our VP"]
        {
            assert!(heard("escalation", text), "{text}");
        }
        for text in ["no need to escalate", "should we escalate?", "the escalation policy is on the wiki"] {
            assert!(!heard("escalation", text), "{text}");
        }
    }
}
