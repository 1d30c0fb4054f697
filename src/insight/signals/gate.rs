//! Which phrases a sentence can hold at all: one scan for the letters that they need, before any is tried.

use aho_corasick::AhoCorasick;
use regex_syntax::hir::{Hir, HirKind};

/// The letters without one of which a phrase cannot be there.
pub(super) struct Gate {
    letters: Option<AhoCorasick>,
    /// For each of the letters, the phrases that need it.
    needed_by: Vec<Vec<usize>>,
    /// Phrases that need nothing in particular are always open.
    open: Vec<bool>,
}

impl Gate {
    /// Reads the sources of the phrases, which are written in small letters.
    pub(super) fn of(sources: &[String]) -> Self {
        let mut all: Vec<String> = Vec::new();
        let mut needed_by: Vec<Vec<usize>> = Vec::new();
        let mut open = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            let needs = regex_syntax::parse(source).ok().and_then(|hir| needed(&hir));
            open.push(needs.is_none());
            for letters in needs.unwrap_or_default() {
                match all.iter().zip(&mut needed_by).find(|(known, _)| **known == letters) {
                    Some((_, phrases)) => phrases.push(number),
                    None => {
                        all.push(letters);
                        needed_by.push(vec![number]);
                    }
                }
            }
        }
        Self { letters: AhoCorasick::new(&all).ok(), needed_by, open }
    }

    /// For each phrase, whether it may be in a text.
    pub(super) fn opens_for(&self, text: &str) -> Vec<bool> {
        let Some(letters) = &self.letters else { return vec![true; self.open.len()] };
        let mut open = self.open.clone();
        for found in letters.find_overlapping_iter(&text.to_lowercase()) {
            for phrase in self.needed_by.get(found.pattern().as_usize()).into_iter().flatten() {
                if let Some(open) = open.get_mut(*phrase) {
                    *open = true;
                }
            }
        }
        open
    }
}

/// Letters of which at least one set must stand in whatever matches; `None` when nothing must.
fn needed(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let letters = String::from_utf8(literal.0.to_vec()).ok()?.trim().to_lowercase();
            (letters.chars().count() > 1).then(|| vec![letters])
        }
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => {
            let shortest = |set: &Vec<String>| set.iter().map(String::len).min().unwrap_or(0);
            parts.iter().filter_map(needed).max_by_key(shortest)
        }
        HirKind::Alternation(ways) => {
            let all: Option<Vec<Vec<String>>> = ways.iter().map(needed).collect();
            Some(all?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_tried_where_its_letters_stand() {
        let sources = [r"\b(?:still )?(?:stuck|held\s+up)\b", r"\w+", r"on (?:hold|ice)"].map(str::to_owned);
        let gate = Gate::of(&sources);
        assert_eq!(gate.opens_for("We are STUCK"), [true, true, false]);
        assert_eq!(gate.opens_for("on the hold list"), [false, true, true]);
        assert_eq!(gate.opens_for("nothing"), [false, true, false]);
    }
}
