//! What is negated: "without the roadmap", "don't publish anything", "leave Jira out".

use super::words::{Break, Word, is};

/// Words that negate what follows. Where a text can be read both ways, more is negated, not less:
/// what is left out can be asked for again, what was written stays written.
pub(super) const NEGATORS: &[&str] = &[
    "dont",
    "not",
    "no",
    "without",
    "skip",
    "skipping",
    "except",
    "excluding",
    "exclude",
    "minus",
    "never",
    "omit",
    "cancel",
    "stop",
    "abort",
    "avoid",
    "ignore",
    "nor",
    "neither",
    "wont",
    "shouldnt",
    "mustnt",
    "neednt",
    "cant",
    "cannot",
    "doesnt",
    "isnt",
    "arent",
    "didnt",
    "havent",
    "hasnt",
    "wasnt",
    "dnt",
    "donot",
    "ohne",
    "sans",
    "sin",
    "nicht",
    "kein",
    "keine",
    "hold",
    "refrain",
    "remove",
    "unless",
];

/// Pairs that negate what follows.
const PAIRS: &[(&str, &str)] = &[
    ("other", "than"),
    ("apart", "from"),
    ("aside", "from"),
    ("instead", "of"),
    ("rather", "than"),
    ("leave", "out"),
];

/// The negators that deny an action rather than a thing: "don't publish and post".
const OF_ACTIONS: &[&str] = &[
    "dont", "not", "never", "stop", "cancel", "wont", "shouldnt", "mustnt", "avoid", "nor", "dnt", "donot",
    "cant", "cannot", "refrain", "hold", "no", "without",
];

/// Verbs that begin another instruction.
const VERBS: &[&str] = &[
    "show", "give", "run", "do", "get", "tell", "catch", "bring", "include", "keep", "add", "just", "only",
    "start", "make", "check",
];

/// Verbs that write: after a negated action they are negated as well.
const WRITING: &[&str] = &[
    "post",
    "posting",
    "publish",
    "publishing",
    "write",
    "writing",
    "update",
    "updating",
    "push",
    "pushing",
    "send",
    "sending",
    "comment",
    "commenting",
    "share",
    "sharing",
    "refresh",
    "sync",
    "submit",
    "change",
    "touch",
    "edit",
    "save",
    "upload",
];

/// Words that say that nothing is to be written.
const READ_ONLY: &[(&str, &str)] =
    &[("dry", "run"), ("read", "only"), ("only", "read"), ("just", "read"), ("only", "preview")];

/// A negator and what it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    /// The negator's first word.
    pub(super) at: usize,
    /// The words that it covers.
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Scope {
    pub(super) fn covers(&self, at: usize) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// What a word belongs to, as far as a negation minds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing that was recognised.
    Other,
    /// A phrase that asks for a workflow that only reads.
    Workflow,
    /// A phrase that asks for an agent, or a program's name.
    Thing,
    /// A phrase that writes.
    Writer,
    /// Politeness.
    Polite,
}

/// Every negation of a text. `part` says what a word belongs to.
pub(super) fn scopes(words: &[Word], part: impl Fn(usize) -> Part) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if part(at) != Part::Other || scopes.iter().any(|scope| scope.covers(at)) && !word.is(NEGATORS) {
            continue;
        }
        let next = words.get(at + 1);
        let pair = PAIRS.iter().any(|(a, b)| word.is(&[a]) && next.is_some_and(|next| next.is(&[b])));
        let leaves = word.is(&["leave", "keep", "take"])
            && words.iter().skip(at + 1).take(5).any(|word| word.is(&["out", "alone", "away"]));
        // "everything but the roadmap"
        let but = word.is(&["but"])
            && word.before == Break::None
            && at.checked_sub(1).is_some_and(|before| is(words, before, &["everything", "all"]));
        if !(word.is(NEGATORS) || pair || leaves || but) {
            continue;
        }
        if word.is(&["not", "isnt", "arent"])
            && next.is_some_and(|next| next.is(&["needed", "necessary", "required", "wanted", "today"]))
        {
            scopes.push(behind(words, at, &part));
            continue;
        }
        let from = at + 1 + usize::from(pair);
        scopes.push(Scope { at, from, to: end(words, at, from, &part) });
    }
    scopes
}

/// "the roadmap is not needed": the clause before the negator.
fn behind(words: &[Word], at: usize, part: &impl Fn(usize) -> Part) -> Scope {
    let mut from = at;
    let mut things = false;
    while from > 0 && words.get(from).is_some_and(|word| word.before == Break::None || from == at) {
        from -= 1;
        let thing = matches!(part(from), Part::Thing | Part::Writer | Part::Workflow);
        if things && !thing {
            break;
        }
        things = things || thing;
    }
    Scope { at, from, to: at }
}

fn end(words: &[Word], negator: usize, from: usize, part: &impl Fn(usize) -> Part) -> usize {
    let of_action = words.get(negator).is_some_and(|word| word.is(OF_ACTIONS));
    let positive_before =
        (0..negator).any(|at| matches!(part(at), Part::Workflow | Part::Thing | Part::Writer));
    let mut at = from;
    while let Some(word) = words.get(at) {
        if at > from || word.before == Break::Stop {
            match word.before {
                Break::Stop => break,
                Break::Comma | Break::Colon => {
                    let listed = next_part(words, at, part);
                    let goes_on = (positive_before && listed == Part::Thing)
                        || (of_action && (listed == Part::Writer || word.is(WRITING)));
                    if !goes_on {
                        break;
                    }
                }
                Break::None => {}
            }
        }
        if at > from && leads_to_the_whole(words, from, at, part) {
            break;
        }
        if part(at) == Part::Other
            && word.is(&["but", "just", "only", "instead", "however", "though"])
            && at > from
        {
            break;
        }
        if word.is(&["and", "then", "plus", "also"]) && at > from {
            let mut next = at + 1;
            while words
                .get(next)
                .is_some_and(|word| word.is(&["and", "then", "also", "the", "a", "my", "our", "please"]))
            {
                next += 1;
            }
            let verb = words.get(next).is_some_and(|word| word.is(VERBS));
            let writes = part(next) == Part::Writer || words.get(next).is_some_and(|word| word.is(WRITING));
            let workflow = part(next) == Part::Workflow && !of_action;
            if (verb && part(next) != Part::Thing) || workflow || (writes && !of_action) {
                break;
            }
        }
        at += 1;
    }
    at
}

/// "I don't want the roadmap in my full status": a thing is left out of what is wanted.
fn leads_to_the_whole(words: &[Word], from: usize, at: usize, part: &impl Fn(usize) -> Part) -> bool {
    let leads = words.get(at).is_some_and(|word| word.is(&["in", "from", "of", "inside", "within"]));
    let left_out = |before: usize| part(before) == Part::Thing;
    leads
        && next_part(words, at + 1, part) == Part::Workflow
        && (from..at).any(left_out)
        && (from..at).all(|before| part(before) != Part::Writer)
}

/// What the next word that matters belongs to.
fn next_part(words: &[Word], at: usize, part: &impl Fn(usize) -> Part) -> Part {
    (at..words.len().min(at + 4))
        .find(|next| {
            !words
                .get(*next)
                .is_some_and(|word| word.is(&["the", "a", "my", "our", "and", "or", "nor", "any"]))
        })
        .map_or(Part::Other, part)
}

/// Whether a word says that something is written.
pub(super) fn writes(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| word.is(WRITING))
}

/// Whether a negated stretch, or the text itself, says that nothing is to be written.
pub(super) fn forbids_writing(words: &[Word], scopes: &[Scope], part: impl Fn(usize) -> Part) -> bool {
    let negated = words.iter().enumerate().any(|(at, word)| {
        let writing =
            (word.is(WRITING) && part(at) == Part::Other) || word.is(&["confluence", "comments", "anything"]);
        scopes.iter().any(|scope| scope.covers(at)) && (writing || part(at) == Part::Writer)
    });
    let read_only = words.windows(2).any(|pair| match pair {
        [a, b] => READ_ONLY.iter().any(|(x, y)| a.is(&[x]) && b.is(&[y])),
        _ => false,
    });
    negated || read_only || words.iter().any(|word| word.is(&["readonly", "dryrun"]))
}

/// Whether the text takes everything back.
pub(super) fn calls_off(words: &[Word]) -> bool {
    let meant: Vec<&str> = words
        .iter()
        .map(|word| word.word.as_str())
        .filter(|word| {
            !["please", "oh", "ok", "sorry", "ah", "thanks", "actually", "no", "wait"].contains(word)
        })
        .collect();
    matches!(
        meant.as_slice(),
        ["never", "mind", ..]
            | ["nevermind", ..]
            | ["forget", "it" | "that" | "about", ..]
            | ["stop" | "cancel" | "abort"]
            | ["stop" | "cancel" | "abort", "it" | "that" | "this" | "everything"]
    )
}
