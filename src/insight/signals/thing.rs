//! The words that name a thing: of "the new printer on floor 2 works again" they are "printer", and "floor 2" beside it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::sentence::{Sentence, sentences};
use super::token;
use crate::domain::People;
use crate::insight::quick::QuickSet;
use crate::insight::words::{in_order, stem};

/// A thing that is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Thing {
    /// What it is, as it is said: "staging", "cluster".
    what: Vec<String>,
    /// Where it is, or of what: "floor", "2".
    beside: Vec<String>,
}

impl Thing {
    /// What some tokens of a sentence name; nothing where they name nothing in particular.
    pub(super) fn of(
        sentence: &Sentence,
        tokens: impl Iterator<Item = usize>,
        people: &People,
    ) -> Option<Self> {
        let mut thing = Self::default();
        let mut beside = false;
        let mut determined = false;
        for (at, token) in tokens.filter_map(|at| Some((at, sentence.tokens.get(at)?))) {
            let Some(words) = sentence.text.get(token.at.clone()) else { continue };
            // "The deployment" and "lift is down" are things, and "we deployed" is none.
            let is_subject = determined || IS.contains(&sentence.tokens.word(at + 1));
            let ends_something = ENDS.contains(token.word) && !is_subject;
            let of_what_sort = is_quality(token.word) || WHEN.contains(token.word);
            determined = DETERMINERS.contains(&token.word) || determined && of_what_sort;
            if PLACES.contains(&token.word) {
                beside |= !thing.what.is_empty();
            }
            if ends_something || is_generic(token.word) || is_sign(&token) || is_name(words, people) {
                continue;
            }
            let of = if beside { &mut thing.beside } else { &mut thing.what };
            of.extend(in_order(words));
        }
        // "Unblocked on the VPN": what stands beside nothing is what is meant.
        let is_word = |word: &String| word.contains(char::is_alphabetic);
        if !thing.what.iter().any(is_word) {
            thing.what = std::mem::take(&mut thing.beside);
        }
        thing.what.iter().any(is_word).then_some(thing)
    }

    /// Whether these words may speak of it, and if so, whether they do: those of "the staging database" may speak of
    /// "the staging cluster", since one is a part of the other for all that anybody knows.
    pub(super) fn is_among(&self, words: &BTreeSet<String>) -> Option<bool> {
        let shared = |all: &[String]| all.iter().filter(|word| words.contains(*word)).count();
        let (what, beside) = (shared(&self.what), shared(&self.beside));
        (what + beside > 0).then_some(what * 2 > self.what.len())
    }
}

/// The words that say what a text is about; the keys that it names are none.
pub(super) fn subject_words(text: &str) -> Vec<String> {
    let said = sentences(text);
    let words = said.iter().flat_map(|sentence| {
        let tokens = sentence.tokens.iter().filter(|token| !is_sign(token));
        tokens.filter_map(|token| sentence.text.get(token.at))
    });
    words.flat_map(in_order).collect()
}

/// Whether a word names no thing by itself: who, when, how, and "the issue".
pub(super) fn is_generic(word: &str) -> bool {
    GENERIC.contains(word) || WHEN.contains(word) || is_quality(word)
}

/// Whether a word names nothing, or says that something is over.
pub(super) fn says_little(word: &str) -> bool {
    is_generic(word) || ENDS.contains(word) || stem(word).is_none()
}

fn is_quality(word: &str) -> bool {
    QUALITIES.contains(&word)
}

fn is_sign(token: &token::Token<'_>) -> bool {
    token.is_mark() || matches!(token.word, token::KEY | token::MENTION | token::CODE | token::QUOTE)
}

/// Whether it is what somebody here is called.
pub(super) fn is_name(word: &str, people: &People) -> bool {
    word.starts_with(char::is_uppercase)
        && people.iter().any(|person| {
            let mut names = person.full_name.split(|c: char| !c.is_alphanumeric());
            names.any(|name| name.eq_ignore_ascii_case(word))
        })
}

/// Before what is named.
const DETERMINERS: [&str; 12] =
    ["the", "a", "an", "my", "our", "your", "their", "his", "her", "this", "that", "another"];

/// Behind what is named.
const IS: [&str; 7] = ["is", "are", "was", "were", "has", "have", "'s"];

/// Before where it is, or of what.
const PLACES: [&str; 14] = [
    "on", "in", "at", "of", "for", "to", "from", "with", "near", "about", "under", "between", "behind",
    "inside",
];

/// What a thing may be, and is not.
const QUALITIES: [&str; 12] =
    ["new", "old", "last", "next", "final", "missing", "whole", "right", "main", "other", "first", "broken"];

/// What names nothing in particular.
static GENERIC: LazyLock<QuickSet<&str>> = LazyLock::new(|| GENERIC_WORDS.split_whitespace().collect());

/// Beside the words that are in every text: people at large, what is in the way, what anybody waits for, when and how.
const GENERIC_WORDS: &str = "\
    somebody someone everybody nobody guys people team teams others mine ours yours myself itself himself one ones \
    everything anything nothing something thing things stuff bit part parts lot rest way side end case point \
    issue issues problem problems blocker blockers impediment impediments obstacle obstacles hurdle roadblock error \
    errors bug bugs ticket tickets trouble hiccup drama panic alarm fault failure failures reason mess \
    mind fix fixes hotfix workaround solution trick mistake bad reboot restart \
    access permission permissions approval approvals answer answers reply response word confirmation ok okay okays \
    green light sign off go ahead signoff clearance rights help info input news update updates \
    nod blessing verdict yes \
    really actually officially completely fully entirely successfully properly apparently luckily happily quickly \
    well fine great good perfect nice cool super awesome happy glad pleased sorry bye cheers ta thx ty merci danke \
    btw fwiw psa edit correction hooray hurray yay woohoo phew oh ah wow right true false best better \
    say says said tell told reported heard hear confirm confirmed checked looks looking see seen \
    know knows found turned turns whatever however instead either else once never ever more most much many few some \
    enough really even no nothing two three four five both prod production live everywhere place here there \
    ca able unable possible same argh ugh nope spoke fast timing timed hanging hangs failing fails failed crashing \
    crashes crashed dying died flapping acting refusing refuses";

/// What says when.
static WHEN: LazyLock<QuickSet<&str>> = LazyLock::new(|| WHEN_WORDS.split_whitespace().collect());

const WHEN_WORDS: &str = "\
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri yesterday tonight morning noon \
    afternoon evening night midnight day days week weeks weekend month months hour hours minute minutes min mins second \
    seconds moment time times while ago later earlier early late early recently meanwhile soon finally already just \
    january february march april june july august september october november december jan feb mar apr jun jul aug sep \
    sept oct nov dec eod sprint";

/// What says that something is over, where it does not stand behind "the".
static ENDS: LazyLock<QuickSet<&str>> = LazyLock::new(|| ENDS_WORDS.split_whitespace().collect());

const ENDS_WORDS: &str = "\
    fixed fix resolved resolve resolves solved sorted sort cleared clear clears unblocked unblocks unblocking blocked \
    blocking blocks stuck unstuck free freed frees gone over done finished finish complete completed completes closed \
    close closes closing merged merging merge shipped shipping ship deployed deploying deploy released releasing release \
    launched launching launch published rolled rolling rollout delivered deliver landed landing arrived arriving arrive \
    came come comes coming received granted given gave give approved approve signed issued restored renewed reset replaced \
    replace repaired reopened reopen open opened opens unlocked unlock lifted lift removed dropped raised extended \
    enabled activated installed created provided sent send brought bring handed hand answered replied responded agreed \
    accepted caved relented called wrote mailed stepped let lets letting works work worked working runs run ran running \
    moves move moved moving continue continues continuing proceed proceeding proceeds carry carrying carried resume resumed \
    resuming resumes start started starting starts begin began keep keeps kept goes went getting back track \
    business hold ice limbo up down online offline ready set available reachable accessible connected connects healthy \
    stable happening alive passes passed pass builds built building compiles boots loads logged log login logs wrapped \
    wraps ticked crossed tested verified validated managed needed needs need wait waiting longer anymore still taken took \
    care dealt past around round through out off away along forth together again now left use used using try trying tried \
    propagated healed lucky trust testing deploying coding progress progressing moot obsolete history relevant \
    matter matters holding stopping standing report look check note status question task role feedback love";
