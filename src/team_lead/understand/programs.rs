//! The programs that words name, by key, name or alias.

use super::words::{Break, Lexicon, Word, read};
use crate::domain::{Program, ProgramKey};

/// What a program is called.
#[derive(Debug, Clone)]
pub(super) struct Called {
    pub(super) key: ProgramKey,
    /// As people know it.
    pub(super) name: String,
    /// Each way of calling it, as words.
    pub(super) ways: Vec<Vec<String>>,
}

impl Called {
    pub(super) fn new(program: &Program) -> Self {
        let all = [program.key.as_str(), program.name.as_str()]
            .into_iter()
            .chain(program.aliases.iter().map(String::as_str));
        let ways = all.map(|way| read(way, &Lexicon::default()).into_iter().map(|word| word.word).collect());
        Self {
            key: program.key.clone(),
            name: program.name.clone(),
            ways: ways.filter(|way: &Vec<_>| !way.is_empty()).collect(),
        }
    }
}

/// A program that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) program: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The programs named in a text, the longest names first, none overlapping another.
pub(super) fn find(programs: &[Called], words: &[Word]) -> Vec<Named> {
    let mut all = Vec::new();
    for (program, called) in programs.iter().enumerate() {
        for way in &called.ways {
            for from in 0..words.len() {
                let to = from + way.len();
                let here = words.get(from..to).is_some_and(|here| {
                    here.iter().zip(way).enumerate().all(|(at, (word, wanted))| {
                        let unbroken = at == 0 || word.before != Break::Stop;
                        unbroken && (word.word == *wanted || word.said == *wanted)
                    })
                });
                if here {
                    all.push(Named { program, from, to });
                }
            }
        }
    }
    all.sort_by_key(|named| (std::cmp::Reverse(named.to - named.from), named.from));
    let mut chosen: Vec<Named> = Vec::new();
    for named in all {
        if chosen.iter().all(|other| named.to <= other.from || other.to <= named.from) {
            chosen.push(named);
        }
    }
    chosen.sort_by_key(|named| named.from);
    chosen
}

/// A name that is said to be a program's and is none that is known: "project zebra", "for Zebra",
/// "zebra check". `free` says which words mean nothing else.
pub(super) fn unknown(words: &[Word], free: impl Fn(usize) -> bool) -> Option<String> {
    for (at, word) in words.iter().enumerate() {
        let said = || Some(word.said.clone());
        if !free(at) {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let after = words.get(at + 1);
        let kind = ["program", "project", "programme", "initiative"];
        if before.is_some_and(|before| before.is(&kind))
            || after.is_some_and(|after| after.is(&kind) && at > 0)
        {
            return said();
        }
        let alone = after.is_none_or(|after| after.before != Break::None)
            || after.is_some_and(|after| after.is(&["please", "since", "here"]));
        if before.is_some_and(|before| before.is(&["for", "of"])) && alone && word.capital {
            return said();
        }
        if at == 0 && words.len() == 2 && after.is_some_and(|after| after.is(&["check"])) {
            return said();
        }
    }
    None
}
