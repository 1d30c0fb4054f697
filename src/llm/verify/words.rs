//! The words that a claim may use without evidence, and those that it may never turn around.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that hold a sentence together and assert nothing of what was read: no number, amount, time, status,
/// denial, name, cause or dependency is among them. "May", "Will" and "Mark" are names as well, so they are not.
const PLAIN: &str = "
    a an the this that these those it its it's they them their there here he she his her him we our us you your
    and or but so because as if while whereas when where which who whom whose what why how than then though
    although also too each either
    is are was were be been being am has have had having do does did doing can could should would must shall
    of to in on at by for from with into onto under between among about against across before during through
    toward towards beyond within along beside besides around per via
    say says saying ask asks asking tell tells telling show shows showing call calls name names mean means look
    looks looking see sees check checks read reads find finds talk talks speak speaks discuss clarify settle
    decide confirm compare follow take takes bring brings give gives put puts keep keeps start starts begin get
    gets let lets make makes help helps turn turns go goes come comes stand stands sit sits rest rests lead leads
    point points suggest suggests seem seems appear appears concern concerns matter matters touch touches relate
    relates connect connects share shares agree disagree disagrees differ differs match matches conflict
    conflicts need needs deserve deserves
    same other another together alongside apart instead rather such own main important worth clear unclear
    important whether however therefore thus hence
    someone somebody person people team teams reader owner owners side sides
    issue issues ticket tickets message messages thread threads page pages channel channels line lines evidence
    source sources report work item items piece task tasks topic topics question questions risk risks date dates
    plan plans status word words thing things case cases reason reasons point attention look place way
    slack jira confluence
";

/// Words of state. One that the evidence denies or supposes may not be asserted.
const STATUS: &str = "
    done blocked resolved fixed shipped closed finished complete completed started approved cancelled canceled
    overdue late green red amber yellow ready live released deployed signed unblocked stuck merged answered agreed
    decided assigned moved delayed slipped open waiting confirmed delivered rejected accepted broken down up off
    working tested verified installed migrated ordered paid safe gone lost missing available unavailable track
    blocker blockers blocking flagged paused dropped
";

/// Plain words that no number counts: what stands before the number decides then.
const CONNECTING: &str = "
    a an the this that these those and or but so because as if while whereas when where which who is are was were has
    have had does did can could should would must of to in on at by for from with into under between against before
    during through per via
";

const DENIALS: &str = "
    not no never nobody none nothing neither nor cannot without hardly isn't aren't wasn't weren't hasn't haven't
    hadn't don't doesn't didn't can't couldn't won't wouldn't shouldn't ain't cant dont isnt
    nicht kein keine nie sin nunca pas jamais não sem non
";

const SUPPOSITIONS: &str = "
    if when once until unless should would could might may will shall must whether maybe perhaps possibly probably
    hopefully expect expects expected plan plans planned want wants hope hopes going needs need almost nearly
    i'll we'll wenn falls si quand se
";

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// Whether a word asserts nothing.
pub(super) fn is_plain(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(PLAIN));
    WORDS.contains(word)
}

/// Whether no number can count a word.
pub(super) fn connects(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(CONNECTING));
    WORDS.contains(word)
}

/// Whether a word is one of state.
pub(super) fn is_status(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(STATUS));
    WORDS.contains(word)
}

/// Whether a word denies what follows it.
pub(super) fn denies(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(DENIALS));
    WORDS.contains(word)
}

/// Whether what follows a word is only supposed, wished or asked for.
pub(super) fn supposes(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(SUPPOSITIONS));
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_plain_word_asserts_anything() {
        for word in PLAIN.split_whitespace() {
            assert!(!is_status(word) && !denies(word), "{word}");
        }
        let never = "one two first second all most half both many few more less twice dozen today tomorrow soon \
                     next last now monday january since until will may mark because-of caused blocks depends";
        for word in never.split_whitespace() {
            assert!(!is_plain(word), "{word}");
        }
    }
}
