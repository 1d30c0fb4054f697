//! Which of two linked issues waits for the other.
//!
//! A site names its links as it likes and in its own language, and which end of a type is the inward one says
//! nothing: what is `Blocks` on one site reads "is depended on by" and "depends on" on another, the waiting end
//! first on one and last on the other. So the words decide, those of this end and those of the other; an end
//! without known words is told by the type's name, for a type that blocks has its waiting end inward everywhere.
//! Ids tell nothing: the type 10000 is `Blocks` on a new site and `Duplicate` on many an old one.

mod phrases;

use std::cmp::Reverse;

use crate::domain::{IssueLink, LinkDirection};
use phrases::{BLOCKING, OF_THE_START, PHRASES};

/// What an issue is to the other end of its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It waits for the other one.
    Waits,
    /// The other one waits for it.
    IsWaitedFor,
}

impl End {
    fn turned(self) -> Self {
        match self {
            Self::Waits => Self::IsWaitedFor,
            Self::IsWaitedFor => Self::Waits,
        }
    }
}

/// Which end of a dependency an issue is by one of its links; `None` when the link is of another kind.
pub(super) fn end(link: &IssueLink) -> Option<End> {
    let kind = plain(&link.kind);
    // Whoever may begin only when another has begun is not held up by when that one ends.
    if OF_THE_START.iter().any(|phrase| place(&kind, phrase).is_some()) {
        return None;
    }
    let told = match (told_by(&plain(&link.reads)), told_by(&plain(&link.reads_back)).map(End::turned)) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    };
    told.or_else(|| {
        blocks(&kind).then_some(match link.direction {
            LinkDirection::Inward => End::Waits,
            LinkDirection::Outward => End::IsWaitedFor,
        })
    })
}

/// Whether the site itself calls it a blockage, and not only a dependency or an order of work.
pub(super) fn is_blockage(link: &IssueLink) -> bool {
    [&link.reads, &link.reads_back, &link.kind].into_iter().any(|text| blocks(&plain(text)))
}

/// The longest phrase that a text has decides, of equals the first: "is blocked by" has "block" in it as well.
fn told_by(text: &str) -> Option<End> {
    let found =
        PHRASES.iter().filter_map(|(phrase, end)| Some((phrase.len(), Reverse(place(text, phrase)?), end)));
    found.max_by_key(|(length, place, _)| (*length, *place)).map(|(_, _, end)| *end)
}

fn blocks(text: &str) -> bool {
    BLOCKING.iter().any(|stem| place(text, stem).is_some())
}

/// Where a phrase begins in a text: at the beginning of a word, in scripts that have words. Its own last word may go
/// on, as endings do.
fn place(text: &str, phrase: &str) -> Option<usize> {
    let wordless = |c: char| c >= '\u{0e00}' && !('\u{1e00}'..='\u{1fff}').contains(&c);
    let anywhere = phrase.chars().next().is_some_and(wordless);
    text.match_indices(phrase).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        anywhere || before.is_none_or(|before| !before.is_alphanumeric())
    })
}

/// In small letters, with single spaces for hyphens and runs of spaces and one kind of apostrophe.
fn plain(text: &str) -> String {
    let small = text.to_lowercase().replace(['-', '‐', '–', '_'], " ").replace('’', "'");
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(kind: &str, reads: &str, reads_back: &str, direction: LinkDirection) -> IssueLink {
        IssueLink {
            kind: kind.to_owned(),
            reads: reads.to_owned(),
            reads_back: reads_back.to_owned(),
            direction,
            other: "NET-9".parse().unwrap(),
            other_status: None,
        }
    }

    /// Types by name, with the words of the end that waits and of the end that it waits for.
    const DEPENDENCIES: [(&str, &str, &str); 44] = [
        ("Blocks", "is blocked by", "blocks"),
        ("Blocker", "has blocker", "is a blocker for"),
        ("Dependency", "depends on", "is depended on by"),
        ("Dependency", "depends upon", "depended upon by"),
        ("Dependency", "depends on", "is a dependency of"),
        ("Depends", "is dependent on", "has dependent"),
        ("Requires", "requires", "is required by"),
        ("Prerequisite", "has a prerequisite", "is a prerequisite for"),
        ("Waiting", "is waiting for", "is awaited by"),
        ("Gating", "is gated by", "gates"),
        ("Impediment", "is impeded by", "impedes"),
        ("Gantt End to Start", "has to be done after", "has to be done before"),
        ("Finish-to-Start [Gantt]", "is successor of", "is predecessor of"),
        ("FS", "has predecessor", "has successor"),
        ("Needs", "needs", "is needed by"),
        ("Unblocks", "is unblocked by", "unblocks"),
        ("Blockiert", "wird blockiert durch", "blockiert"),
        ("Abhängigkeit", "hängt ab von", "wird benötigt von"),
        ("Abhängigkeit", "ist abhängig von", "ist Voraussetzung für"),
        ("Vorgänger", "ist Nachfolger von", "ist Vorgänger von"),
        ("Bloque", "est bloqué par", "bloque"),
        ("Dépendance", "dépend de", "est une dépendance de"),
        ("Bloqueo", "está bloqueado por", "bloquea"),
        ("Dependencia", "depende de", "es requerido por"),
        ("Blocca", "è bloccato da", "blocca"),
        ("Bloqueia", "é bloqueado por", "bloqueia"),
        ("Blokkeert", "wordt geblokkeerd door", "blokkeert"),
        ("Afhankelijk", "is afhankelijk van", "is vereist voor"),
        ("Blokuje", "jest blokowane przez", "blokuje"),
        ("Blokování", "je blokováno", "blokuje"),
        ("Blockerar", "blockeras av", "blockerar"),
        ("Blokerer", "blokeres af", "blokerer"),
        ("Blokkerer", "blokkeres av", "blokkerer"),
        ("Esto", "on estetty", "estää"),
        ("Blokkolás", "blokkolja őt", "blokkolja"),
        ("Blocare", "este blocat de", "blochează"),
        ("Engel", "tarafından engelleniyor", "engelliyor"),
        ("Блокировка", "заблокировано", "блокирует"),
        ("Блокування", "блокується", "блокує"),
        ("ブロック", "はブロックされている", "がブロックしている"),
        ("阻塞", "被阻塞", "阻塞"),
        ("封鎖", "被封鎖", "封鎖"),
        ("차단", "차단됨", "차단"),
        ("Chặn", "bị chặn bởi", "chặn"),
    ];

    #[test]
    fn the_words_tell_who_waits_whichever_end_is_the_inward_one() {
        for (kind, waiting, awaited) in DEPENDENCIES {
            for direction in [LinkDirection::Inward, LinkDirection::Outward] {
                if kind == "Blokkolás" && direction == LinkDirection::Outward {
                    continue; // Its two ends begin alike: the type's name decides.
                }
                let told = |reads, back| end(&link(kind, reads, back, direction));
                assert_eq!(told(waiting, awaited), Some(End::Waits), "{waiting}, {direction:?}");
                assert_eq!(told(awaited, waiting), Some(End::IsWaitedFor), "{awaited}, {direction:?}");
                assert_eq!(told("", awaited), Some(End::Waits), "by {awaited} alone");
            }
        }
    }

    #[test]
    fn a_type_that_blocks_by_name_alone_has_its_waiting_end_inward() {
        let told = |kind, reads, direction| end(&link(kind, reads, "", direction));
        assert_eq!(told("Blocks", "ถูกกั้นโดย", LinkDirection::Inward), Some(End::Waits));
        assert_eq!(told("Blocks", "กั้น", LinkDirection::Outward), Some(End::IsWaitedFor));
        assert_eq!(told("Zulu", "กั้น", LinkDirection::Outward), None);
        assert_eq!(end(&link("Blocks", "blocks", "blocks", LinkDirection::Inward)), Some(End::Waits));
        assert_eq!(end(&link("Order", "depends on", "depends on", LinkDirection::Inward)), None);
    }

    #[test]
    fn other_links_hold_nobody_up() {
        for (kind, reads, back) in [
            ("Relates", "relates to", "relates to"),
            ("Duplicate", "is duplicated by", "duplicates"),
            ("Cloners", "is cloned by", "clones"),
            ("Problem/Incident", "is caused by", "causes"),
            ("Test", "is tested by", "tests"),
            ("Implement", "is implemented by", "implements"),
            ("Work item split", "split from", "split to"),
            ("Post-Incident Reviews", "is reviewed by", "reviews"),
            ("Parent", "is parent of", "is child of"),
            ("Gantt Start to Start", "is predecessor of", "is successor of"),
            ("Start-to-Finish [Gantt]", "is predecessor of", "is successor of"),
            ("Duplikat", "wird dupliziert von", "dupliziert"),
            ("Verwandt", "bezieht sich auf", "bezieht sich auf"),
            ("Связано", "связано с", "связано с"),
            ("関連", "は次に関連する", "は次に関連する"),
            ("", "", ""),
        ] {
            for direction in [LinkDirection::Inward, LinkDirection::Outward] {
                assert_eq!(end(&link(kind, reads, back, direction)), None, "{reads}");
                assert_eq!(end(&link(kind, back, reads, direction)), None, "{back}");
            }
        }
    }

    #[test]
    fn a_blockage_is_one_by_the_sites_own_words() {
        let is = |kind, reads| is_blockage(&link(kind, reads, "", LinkDirection::Inward));
        assert!(is("Blocks", "is blocked by") && is("Bloqueo", "está bloqueado por"));
        assert!(!is("Dependency", "depends on"));
    }

    #[test]
    fn every_phrase_of_the_table_is_written_as_texts_are_read_and_stands_there_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (phrase, _) in PHRASES {
            assert_eq!(plain(phrase), *phrase);
            assert!(seen.insert(phrase), "{phrase}");
        }
    }
}
