//! The words of a text that say what it is about, in a form in which "migrating" and "migration" are one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::quick::{QuickMap, QuickSet};

/// Two words that begin with so many same letters count as one.
const STEM: usize = 6;

/// A table by words. Those of up to 15 bytes, nearly all, stand in it as a number, so that one is found without
/// following it anywhere.
#[derive(Debug, Clone)]
pub(super) struct Words<T> {
    short: QuickMap<u128, T>,
    long: QuickMap<String, T>,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { short: QuickMap::default(), long: QuickMap::default() }
    }
}

impl<T> Words<T> {
    /// What stands by a word.
    #[inline]
    pub(super) fn get(&self, word: &str) -> Option<&T> {
        match packed(word) {
            Some(short) => self.short.get(&short),
            None => self.long.get(word),
        }
    }
}

impl<T> Words<T> {
    /// All of them, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (String, &T)> {
        let short = self.short.iter().map(|(word, what)| (unpacked(*word), what));
        short.chain(self.long.iter().map(|(word, what)| (word.clone(), what)))
    }
}

impl<T: Default> Words<T> {
    /// What stands by a word; something new, if nothing did.
    pub(super) fn entry(&mut self, word: &str) -> &mut T {
        match packed(word) {
            Some(short) => self.short.entry(short).or_default(),
            None => self.long.entry(word.to_owned()).or_default(),
        }
    }
}

/// A word's bytes as a number, behind a one that tells where they begin; nothing for one that has too many.
#[inline]
fn packed(word: &str) -> Option<u128> {
    let bytes = Some(word.as_bytes()).filter(|bytes| bytes.len() < 16)?;
    Some(bytes.iter().fold(1, |packed, byte| packed << 8 | u128::from(*byte)))
}

fn unpacked(word: u128) -> String {
    let bytes = word.to_be_bytes();
    let bytes = bytes.split(|byte| *byte == 1).skip(1);
    String::from_utf8_lossy(&bytes.collect::<Vec<_>>().join(&1)).into_owned()
}

/// Every word that says something, once.
pub(super) fn content_words(text: &str) -> BTreeSet<String> {
    in_order(text).collect()
}

/// Every word that says something, as they come.
pub(super) fn in_order(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter_map(stem)
}

/// A word without its ending; nothing for one that is in every text.
pub(super) fn stem(word: &str) -> Option<String> {
    if word.is_empty() || word.len() > 40 {
        return None;
    }
    let word = small(word);
    let digits = word.starts_with(|c: char| c.is_ascii_digit());
    if (!digits && word.chars().count() < 2) || EMPTY.contains(&*word) {
        return None;
    }
    let bare = ["ings", "ing", "ed", "es", "s"].iter().find_map(|ending| {
        let bare = word.strip_suffix(ending)?;
        (!digits && bare.chars().count() >= 3).then_some(bare)
    });
    let bare = bare.unwrap_or(&word);
    let bare = if bare.chars().count() > 3 { bare.strip_suffix('e').unwrap_or(bare) } else { bare };
    let end = bare.char_indices().nth(STEM).map_or(bare.len(), |(end, _)| end);
    bare.get(..end).map(str::to_owned)
}

/// A word in small letters; most are.
pub(super) fn small(word: &str) -> Cow<'_, str> {
    match word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
        true => Cow::Borrowed(word),
        false => Cow::Owned(word.to_lowercase()),
    }
}

/// Words without a subject: English first, and the commonest of its neighbours.
static EMPTY: LazyLock<QuickSet<&str>> = LazyLock::new(|| EMPTY_WORDS.split_whitespace().collect());

const EMPTY_WORDS: &str = "\
    the and or but of to in on at by for with from into onto as is are was were be been being it its \
    this that these those there here we us our ours you your they them their he she his her him me my \
    mine an not no nor so if then than when while until till after before because since will would \
    shall should can could may might must do does did done have has had having go goes going gone get \
    gets got let lets just only also too very still yet all any both each some such what which who \
    whom whose how why where about up out off over under again now today tomorrow please thanks ok \
    okay yes team everyone folks hi hey hello fyi re ve ll don didn isn link decision decisions decide \
    decides decided deciding agree agrees agreed approve approved final call settled made taken make \
    take takes per via etc der die das den dem ein eine einen und oder wir ihr sie ist sind war haben \
    hat nicht mit von zum zur für auf bis bei el la los las un una que se por para con del le les des";

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        content_words(text).into_iter().collect()
    }

    #[test]
    fn a_table_holds_words_of_any_length() {
        let all = ["", "a", "\u{1}", "é", "fifteen letters", "sixteen letters.", "rather more than sixteen"];
        let mut table: Words<usize> = Words::default();
        all.iter().zip(1..).for_each(|(word, number)| *table.entry(word) = number);
        assert!(all.iter().zip(1..).all(|(word, number)| table.get(word) == Some(&number)));
        assert_eq!(table.get("b").or(table.get("\0a")), None);
        let mut kept: Vec<String> = table.iter().map(|(word, _)| word).collect();
        kept.sort();
        assert_eq!(
            kept,
            ["", "\u{1}", "a", "fifteen letters", "rather more than sixteen", "sixteen letters.", "é"]
        );
    }

    #[test]
    fn words_of_one_kind_are_one() {
        for (one, other) in [
            ("migrating", "migration"),
            ("freeze", "freezing"),
            ("names", "name"),
            ("Rehearsal", "rehearsed"),
            ("keep", "keeps"),
        ] {
            assert_eq!(words(one), words(other), "{one} {other}");
        }
        assert_ne!(words("December"), words("January"));
        assert_ne!(words("wave A1"), words("wave A2"));
    }

    #[test]
    fn what_is_in_every_text_says_nothing() {
        assert_eq!(words("We decided that it is to be done, by all of us."), [""; 0]);
        assert_eq!(words("the 5 racks"), ["5", "rack"]);
    }
}
