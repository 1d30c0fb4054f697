//! The files of the language, read.
//!
//! Words: `class: phrase, phrase` with further lines indented; `a/b` is either word, `x?` may be missing,
//! `hold~` is hold and its regular forms; `@class` takes in all of another. Patterns: `[kind]`, and
//! below it how sure a pattern is and the pattern; `[kind other]` and `[kind elsewhere]` take it back. `[kind hint x]` holds what says
//! it only together with a hint of another sort.

use std::collections::BTreeMap;

use super::super::token::tokens;
use super::pattern::Pattern;
use super::tags::Symbols;
use super::{Kind, Way};

/// What each class says so far, so that another can take it in.
pub(super) type Said = BTreeMap<String, Vec<Vec<String>>>;

/// Reads a file of words.
pub(super) fn words(text: &str, symbols: &mut Symbols, said: &mut Said) -> Result<(), String> {
    let mut class = None;
    for line in text.lines() {
        let line = line.split("  # ").next().unwrap_or(line);
        if line.trim().is_empty() || line.starts_with("# ") {
            continue;
        }
        let phrases = match line.starts_with(' ') {
            true => line,
            false => {
                let (name, rest) = line
                    .split_once(": ")
                    .or(line.strip_suffix(':').map(|name| (name, "")))
                    .ok_or_else(|| format!("`{line}` names no class"))?;
                class = Some((name.to_owned(), symbols.class(name)?));
                rest
            }
        };
        let (name, symbol) = class.clone().ok_or_else(|| format!("`{line}` is of no class"))?;
        for phrase in phrases.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()) {
            let spelt = match phrase.strip_prefix('@') {
                Some(other) => said.get(other).cloned().ok_or_else(|| format!("`@{other}` is not above"))?,
                None => spellings(phrase),
            };
            for words in &spelt {
                symbols.add(symbol, words);
            }
            said.entry(name.clone()).or_default().extend(spelt);
        }
    }
    Ok(())
}

/// Every row of words that a phrase stands for.
fn spellings(phrase: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = vec![Vec::new()];
    for word in phrase.split_whitespace() {
        let (word, maybe) = match word.strip_suffix('?') {
            Some(word) if !word.is_empty() => (word, true),
            _ => (word, false),
        };
        let mut ways: Vec<String> = Vec::new();
        for way in word.split('/').filter(|way| !way.is_empty()) {
            match way.strip_suffix('~') {
                Some(verb) => ways.extend(forms(verb)),
                None => ways.push(way.replace(';', ",")),
            }
        }
        let mut longer: Vec<Vec<String>> = Vec::new();
        for row in &rows {
            if maybe {
                longer.push(row.clone());
            }
            for way in &ways {
                let mut row = row.clone();
                row.push(way.clone());
                longer.push(row);
            }
        }
        rows = longer;
    }
    rows.retain(|row| !row.is_empty());
    rows.iter().map(|row| row.iter().flat_map(|word| read(word)).collect()).collect()
}

/// A word as a sentence's tokens have it; what is none there stays as it is: `#key`.
fn read(word: &str) -> Vec<String> {
    match word.starts_with('#') {
        true => vec![word.to_owned()],
        false => tokens(word).words().map(str::to_owned).collect(),
    }
}

/// A regular verb's forms, doubled letters included: approve, approves, approved, approving.
fn forms(verb: &str) -> Vec<String> {
    let mut forms = vec![verb.to_owned()];
    let last = verb.chars().next_back().unwrap_or_default();
    let mut with = |stem: &str, endings: &[&str]| {
        forms.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
    };
    match (verb.strip_suffix('e'), verb.strip_suffix('y')) {
        (Some(stem), _) => with(stem, &["es", "ed", "ing"]),
        (None, Some(stem)) => {
            with(stem, &["ies", "ied"]);
            with(verb, &["s", "ed", "ing"]);
        }
        _ => {
            with(verb, &["s", "es", "ed", "ing"]);
            with(&format!("{verb}{last}"), &["ed", "ing"]);
        }
    }
    forms
}

/// Reads a file of patterns.
pub(super) fn patterns(
    text: &str,
    symbols: &mut Symbols,
    kinds: &mut BTreeMap<String, Kind>,
) -> Result<(), String> {
    let mut section: Option<(String, String)> = None;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let (kind, part) = name.split_once(' ').unwrap_or((name, ""));
            section = Some((kind.to_owned(), part.to_owned()));
            continue;
        }
        let (kind, part) = section.clone().ok_or_else(|| format!("`{line}` is of no kind"))?;
        let kind = kinds.entry(kind).or_default();
        let told = |error: String| format!("{error}, in `{line}`");
        match part.as_str() {
            "" => kind.ways.push(way(line, None, symbols).map_err(told)?),
            "other" => kind.others.push(Pattern::parse(line, symbols).map_err(told)?),
            "elsewhere" => kind.elsewhere.push(Pattern::parse(line, symbols).map_err(told)?),
            _ => match part.strip_prefix("hint ") {
                Some(sort) => kind.ways.push(way(line, Some(sort.to_owned()), symbols).map_err(told)?),
                None => return Err(told(format!("`{part}` is neither `other`, `elsewhere` nor a `hint`"))),
            },
        }
    }
    Ok(())
}

/// How sure, and the pattern.
fn way(line: &str, hint: Option<String>, symbols: &mut Symbols) -> Result<Way, String> {
    let (certainty, rest) = line.split_once(' ').ok_or_else(|| "how sure?".to_owned())?;
    let (certainty, negates_itself) = match certainty.strip_suffix('n') {
        Some(certainty) => (certainty, true),
        None => (certainty, false),
    };
    let certainty = certainty.parse().map_err(|_| "how sure?".to_owned())?;
    Ok(Way { pattern: Pattern::parse(rest, symbols)?, certainty, negates_itself, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_spelt_out() {
        let rows = |phrase: &str| {
            let mut rows: Vec<String> = spellings(phrase).iter().map(|row| row.join(" ")).collect();
            rows.sort();
            rows
        };
        assert_eq!(rows("held/hung up"), ["held up", "hung up"]);
        assert_eq!(rows("a brick? wall"), ["a brick wall", "a wall"]);
        assert!(
            rows("stop~").contains(&"stopped".to_owned()) && rows("deny~").contains(&"denied".to_owned())
        );
        assert!(rows("give~").contains(&"giving".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let mut symbols = Symbols::new();
        assert!(words("  a, b", &mut symbols, &mut Said::new()).is_err());
        assert!(words("one: @two", &mut symbols, &mut Said::new()).is_err());
        let mut read =
            |text: &str| patterns(text, &mut symbols, &mut BTreeMap::new()).map_err(|e| e.contains('`'));
        assert_eq!(read("[x]\n80 @nothing"), Err(true));
        assert_eq!(read("[x]\n80 ( a | b"), Err(true));
        assert_eq!(read("[x]\nsure a"), Err(true));
        assert_eq!(read("[x y]\na"), Err(true));
        assert_eq!(read("80 a"), Err(true));
        assert_eq!(read("[x]\n80 ..3"), Err(true));
        assert_eq!(read("[x]\n80n a ( b | c )? !d %\n[x other]\na b"), Ok(()));
    }
}
