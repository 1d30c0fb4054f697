//! Work is stopped by something.

use super::Said;
use super::reader::Heard;
use super::sentence::Sentence;
use crate::insight::signals::FIRM;

/// What two hints are worth together.
const HINTS: u8 = 64;
/// Below this, a hint says nothing alone.
const DOUBTFUL: u8 = 50;
/// A hint counts from here on; a sign alone is none.
const HINT: u8 = 40;

/// Every assertion that work is blocked.
///
/// "Staging is down" and "can't test DCT-42" leave doubt, each for itself; together they do not.
pub(super) fn read(heard: &Heard<'_>) -> Vec<Said> {
    let mut found = heard.read("blocker");
    if found.said.iter().all(|said| said.certainty < FIRM) {
        let hints = hints(&found.said);
        if let [first, .., last] = hints.as_slice() {
            let at =
                if first.sentence == last.sentence { first.at.start..last.at.end } else { first.at.clone() };
            found.said.push(Said { sentence: first.sentence, at, certainty: HINTS, hinted: true });
        }
    }
    // A word for being blocked was there and did not count: a warning sign beside it says nothing then.
    if found.said.is_empty() && !found.refused {
        found.said.extend(heard.surest("sign"));
    }
    // "The ticket is closed", "the rack is full": a hint that nothing goes with is no blocker, not even a doubtful one.
    found.said.retain(|said| said.certainty >= DOUBTFUL);
    found.said
}

/// The hints that are words of their own, in order.
fn hints(said: &[Said]) -> Vec<Said> {
    let mut hints: Vec<Said> = Vec::new();
    let mut ordered: Vec<&Said> = said.iter().filter(|said| said.certainty >= HINT).collect();
    ordered.sort_by_key(|said| (said.sentence, said.at.start, said.at.end));
    for said in ordered {
        let apart =
            hints.last().is_none_or(|last| last.sentence != said.sentence || last.at.end <= said.at.start);
        if apart {
            hints.push(said.clone());
        }
    }
    hints
}

/// The words from the phrase to the end of its clause.
pub(super) fn phrase<'a>(sentence: &'a Sentence, said: &Said) -> &'a str {
    let inside = sentence.tokens.iter().filter(|token| token.at.end > said.at.start);
    let mut end = sentence.text.len();
    let mut words = 0;
    for token in inside {
        let ends = match token.word {
            ";" | "!" | "?" | "…" | "(" | ")" | super::token::DASH | "but" | "so" => true,
            // "Blocked: no access" and "blocked, no access" say nothing without what follows.
            "," | ":" => words > 2,
            "and" => words > 0,
            "." => {
                sentence.text.get(token.at.end..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '))
            }
            _ => token.is_emoji(),
        };
        if ends && token.at.start >= said.at.end {
            end = token.at.start;
            break;
        }
        if !token.is_mark() {
            words += 1;
        }
    }
    let start = word_begins(&sentence.text, said.at.start);
    let words = sentence.text.get(start..end).unwrap_or_default();
    let words = words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-'));
    // "Blocked, or …": what follows was left off.
    let words = [", or", ", and", " or"].iter().find_map(|end| words.strip_suffix(end)).unwrap_or(words);
    // A noun alone says of nothing what stops it: "I have a blocker with DCT-42, …".
    match words.trim().to_lowercase().as_str() {
        "blocker" | "blockers" => sentence.text.trim(),
        _ => words.trim(),
    }
}

/// Where the word begins in which `at` stands: "n't" is the end of "won't".
fn word_begins(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let inside = text.get(at..).is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()));
    match inside {
        true => before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '\'').len(),
        false => at,
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::Language;
    use super::super::sentence::sentences;
    use super::*;
    use crate::domain::Lexicon;

    fn certainty(text: &str) -> Option<u8> {
        let (language, said) = (Language::of(&Lexicon::default()), sentences(text));
        read(&Heard::of(&language, &said)).into_iter().map(|said| said.certainty).max()
    }

    #[test]
    fn firm_blockers() {
        let mut wrong = Vec::new();
        for text in [
            "DCT-42 is blocked on the vendor",
            "We're blocked by security review",
            "blocked on legal :cry:",
            "DCT-42 blocked",
            "Blocked: no access to the rack",
            "BLOCKED.",
            "DCT-42: blocked waiting for firewall rules",
            "we have been blocked since Tuesday",
            "still blocked on DNS",
            "Blocker: certificates expired",
            "This is a blocker for the cutover",
            "Vendor is blocking us",
            "the missing port is blocking DCT-42",
            "stuck on the certificate chain",
            "I'm stuck.",
            "can't proceed without the VLAN",
            "We cannot continue until the vendor answers",
            "held up by procurement",
            "DCT-42 is on hold",
            "migration is stalled",
            "no way forward until legal signs",
            "DCT-42 is blocked on the vendor, can anybody help?",
            "blocked on <@U1> for the keys",
            "We can't ship because we're blocked on QA",
            "No news from them. Still blocked.",
            "the vendor has not unblocked us",
            "It was blocked and still is",
            "Wir sind blockiert durch den Lieferanten",
            "DCT-42 está bloqueado por el proveedor",
            "On est bloqués par le fournisseur",
            "Estamos bloqueados pelo fornecedor",
            "<https://acme.atlassian.net/browse/DCT-42> is blocked on the vendor",
            "*Blocked* on the vendor",
            "completely blocked here",
            "DCT-41 blocks DCT-42 and nobody has looked",
            "heads up: we are blocked by the change freeze",
            "hit a blocker on DCT-42",
            "Blocked again by the proxy",
        ] {
            wrong.extend(certainty(text).is_none_or(|c| c < 60).then_some((text, certainty(text))));
        }
        assert_eq!(wrong, []);
    }

    #[test]
    fn weak_blockers() {
        for text in [
            "still waiting on the vendor for DCT-42",
            "waiting for the certificate",
            "I think we're blocked",
            "🚧 DCT-42",
            "DCT-42 :octagonal_sign:",
            "warten noch auf Freigabe",
        ] {
            assert!(certainty(text).is_some_and(|c| c < 60), "{text}: {:?}", certainty(text));
        }
    }

    #[test]
    fn no_blockers() {
        let mut wrong = Vec::new();
        for text in [
            "Since two people asked: we are not blocked on DCT-53. The session store waits for nobody, I am just slow this week 🐢",
            "not blocked",
            "DCT-42 is not blocked",
            "we're no longer blocked on the vendor",
            "unblocked!",
            "nothing blocking",
            "nothing is blocking us",
            "no blockers",
            "No blockers on DCT-42 today",
            "Blockers: none",
            "any blockers?",
            "any blockers today",
            "if the vendor slips, we're blocked",
            "DCT-42 might be blocked by legal",
            "this would block the release",
            "in case we are blocked, ping me",
            "blocked by the coffee machine :joy:",
            "blocked on lunch lol",
            "DCT-42 was blocked yesterday but is moving",
            "it had been blocked until noon",
            "are we blocked?",
            "is DCT-42 blocked on the vendor?",
            "who is blocked?",
            "blocked his calendar",
            "I blocked Friday for planning",
            "hit a roadblock sign",
            "a block of code",
            "this is a blocking call",
            "time block tomorrow",
            "my calendar is blocked",
            "we will be blocked next week",
            "&gt; we are blocked on the vendor",
            "`blocked on x`",
            "he said \"blocked on the vendor\"",
            "~blocked on the vendor~",
            "we were stuck on DNS",
            "stuck in traffic",
            "I'm stuck on a call",
            "can't wait for the party",
            "please mark it as blocked",
            "shout if you're blocked",
            "let me know when you're blocked",
            "that could be a blocker",
            "I don't think we're blocked",
            "a potential blocker",
            "move it to blocked",
            "wir sind nicht blockiert",
            "ya no está bloqueado",
            "pas bloqué",
            "não está bloqueado",
            "falls wir blockiert sind",
            "estaba bloqueado ayer",
            "non-blocking io",
            "the Blocked column is empty",
            "nobody is blocked by this",
            "doesn't look like we're blocked",
            "we should be blocked at most a day",
            "Is anything blocking you",
            "previously blocked by legal",
            "not a blocker",
            "worried that we get blocked by the freeze",
            "not waiting on anyone",
            "block me some time",
            "waiting for the build",
        ] {
            wrong.extend(certainty(text).map(|certainty| (text, certainty)));
        }
        assert_eq!(wrong, []);
    }

    #[test]
    fn the_phrase_is_short_and_exact() {
        let read_phrase = |text: &str| {
            let (language, sentences) = (Language::of(&Lexicon::default()), sentences(text));
            let said = read(&Heard::of(&language, &sentences))
                .into_iter()
                .max_by_key(|said| said.certainty)
                .unwrap();
            phrase(&sentences[said.sentence], &said).to_owned()
        };
        assert_eq!(read_phrase("DCT-42 is blocked on the vendor, since ages"), "blocked on the vendor");
        assert_eq!(read_phrase("Blocked: no access"), "Blocked: no access");
        assert_eq!(read_phrase("DCT-42 is blocked :cry: on the vendor"), "blocked");
        assert_eq!(read_phrase("DCT-42 won't start because we are stuck, or so"), "stuck");
        for cut in ["DCT-42 hasn't started, blocked by the vendor", "I have a blocker, legal says no"] {
            let phrase = read_phrase(cut);
            let (before, _) = cut.split_once(&phrase).unwrap();
            assert!(before.is_empty() || before.ends_with(' '), "{phrase}");
            assert!(phrase.contains(' '), "{phrase}");
        }
        assert_eq!(read_phrase("DCT-42 is blocked, no access."), "blocked, no access");
        assert_eq!(read_phrase("We are blocked on the crane: they won't say when"), "blocked on the crane");
        assert_eq!(read_phrase("stuck on v1.2 of the driver. Help"), "stuck on v1.2 of the driver");
    }
}
