//! How reasons begin and go on.

use crate::team_lead::understand::words::Word;

/// What changes nothing about a reason.
pub(super) const FILLERS: &[&str] = &[
    "really",
    "just",
    "already",
    "still",
    "also",
    "quite",
    "very",
    "so",
    "too",
    "unfortunately",
    "sadly",
    "and",
    "because",
    "cos",
    "coz",
    "cuz",
    "bc",
    "since",
    "as",
    "then",
    "now",
    "today",
    "sorry",
    "right",
    "a",
    "an",
    "the",
    "bit",
    "currently",
    "probably",
    "actually",
    "even",
    "all",
];

/// None of these is in a plain reason: what tells, doubts, puts off, forbids or is another's to decide.
pub(super) const FATAL: &[&str] = &[
    "if",
    "when",
    "whenever",
    "once",
    "unless",
    "until",
    "till",
    "whether",
    "before",
    "after",
    "while",
    "said",
    "says",
    "say",
    "saying",
    "told",
    "tell",
    "tells",
    "quote",
    "quoting",
    "wrote",
    "writes",
    "written",
    "read-only",
    "joking",
    "kidding",
    "joke",
    "testing",
    "test",
    "trying",
    "practising",
    "practicing",
    "example",
    "should",
    "would",
    "might",
    "maybe",
    "perhaps",
    "must",
    "dont",
    "not",
    "never",
    "no",
    "isnt",
    "arent",
    "wasnt",
    "doesnt",
    "didnt",
    "havent",
    "hasnt",
    "without",
    "but",
    "though",
    "however",
    "instead",
    "wait",
    "hold",
    "holding",
    "first",
    "doubt",
    "doubts",
    "unsure",
    "minds",
    "fence",
    "think",
    "guess",
    "hope",
    "wonder",
    "wondering",
    "wrong",
    "mistake",
    "mistakes",
    "error",
    "errors",
    "draft",
    "approve",
    "approves",
    "approved",
    "sign",
    "agree",
    "agrees",
    "confirm",
    "confirms",
    "decide",
    "decides",
    "posted",
    "published",
    "posts",
    "publishes",
    "updated",
    "updates",
    "sent",
    "sends",
    "refreshed",
    "cancel",
    "cancelled",
    "canceled",
    "stop",
    "stopped",
    "undo",
    "idea",
    "question",
    "concern",
    "concerns",
    "manually",
    "myself",
    "himself",
    "herself",
    "charge",
    "responsible",
    "talking",
    "thinking",
    "considering",
    "planning",
    "supposed",
    "allowed",
    "afraid",
    "worried",
    "against",
    "job",
    "else",
    "what",
    "why",
    "who",
    "how",
    "where",
];

/// What puts off, except where it says when something takes place.
const PUTS_OFF: &[&str] = &["later", "tomorrow", "next"];

/// With what a clause begins that is parted by no more than "and" or "so".
pub(super) const BEGINS: &[&str] = &["i", "im", "ive", "we", "were", "weve", "its", "it", "my"];

const AM: &[&str] = &["im", "i am", "we are", "were", "ill be", "i will be"];
const WAS: &[&str] = &["i was", "we were", "i have been", "ive been", "i been"];
const STATES: &[&str] = &[
    "late",
    "on",
    "in",
    "at",
    "off",
    "away",
    "out",
    "stuck",
    "running",
    "travelling",
    "traveling",
    "driving",
    "boarding",
    "commuting",
    "leaving",
    "heading",
    "sick",
    "ill",
    "unwell",
    "busy",
    "swamped",
    "slammed",
    "buried",
    "tired",
    "offline",
    "remote",
    "double",
    "happy",
    "ready",
    "done",
    "finished",
    "behind",
    "presenting",
    "joining",
    "walking",
    "flying",
    "rushing",
    "unable",
    "good",
    "ooo",
    "satisfied",
];
const HAVE: &[&str] = &["i have", "ive got", "i got", "we have", "weve got", "have", "got", "i ve got"];
const MUST: &[&str] =
    &["gotta", "i gotta", "i have to", "i need to", "have to", "need to", "i must", "ive got to"];
const GO: &[&str] =
    &["run", "go", "leave", "catch", "dash", "jump", "board", "drive", "present", "rush", "join"];
const CANNOT: &[&str] = &[
    "i cant",
    "i cannot",
    "cant",
    "cannot",
    "i couldnt",
    "i can not",
    "i wont",
    "we cant",
    "we cannot",
    "im unable to",
    "i am unable to",
    "i wont be able to",
    "i am not able to",
];
const ATTEND: &[&str] = &[
    "attend",
    "make",
    "join",
    "be",
    "come",
    "dial",
    "talk",
    "access",
    "reach",
    "speak",
    "connect",
    "participate",
];
const IT_IS: &[&str] = &["it is", "its", "it", "this is", "that is", "thats", "they are", "theyre", "this"];
const PRESSING: &[&str] = &[
    "urgent",
    "important",
    "late",
    "getting",
    "due",
    "critical",
    "overdue",
    "friday",
    "monday",
    "almost",
    "nearly",
    "time",
    "high",
    "asap",
    "pressing",
    "needed",
    "noon",
];
const CHECKED: &[&str] = &[
    "checked",
    "reviewed",
    "read",
    "finished",
    "cleaned",
    "closed",
    "looked",
    "verified",
    "proofread",
    "filled",
    "seen",
    "completed",
    "double",
];
const EVENTS: &[&str] = &[
    "meeting",
    "meetings",
    "call",
    "retro",
    "review",
    "demo",
    "sync",
    "steerco",
    "planning",
    "audit",
    "qbr",
    "townhall",
    "workshop",
    "presentation",
    "interview",
    "train",
    "flight",
    "plane",
    "bus",
    "deadline",
    "dentist",
    "doctor",
    "doctors",
    "appointment",
    "class",
    "kids",
    "school",
    "committee",
    "allhands",
    "refinement",
    "grooming",
    "lunch",
    "conference",
    "offsite",
    "retrospective",
];
const IS_ON: &[&str] = &[
    "is", "are", "starts", "start", "begins", "begin", "in", "at", "soon", "coming", "kicks", "shortly",
    "tonight", "started", "to", "meets", "sits", "next", "tomorrow",
];
const PEOPLE: &[&str] = &[
    "customer",
    "customers",
    "client",
    "clients",
    "exec",
    "execs",
    "executives",
    "boss",
    "manager",
    "managers",
    "vp",
    "director",
    "directors",
    "cto",
    "ceo",
    "team",
    "people",
    "everyone",
    "everybody",
    "leadership",
    "management",
    "stakeholders",
    "auditors",
    "sponsor",
    "sponsors",
    "folks",
    "lead",
    "leads",
    "colleagues",
    "they",
];
const WAIT: &[&str] = &[
    "waiting",
    "wait",
    "waits",
    "read",
    "reads",
    "reading",
    "look",
    "looks",
    "looking",
    "see",
    "sees",
    "need",
    "needs",
    "want",
    "wants",
    "expect",
    "expects",
    "expecting",
    "asking",
    "open",
    "opens",
    "chasing",
    "relies",
    "rely",
    "pinging",
    "keeps",
    "keep",
    "asked",
    "chased",
    "pinged",
    "uses",
    "use",
    "depend",
    "depends",
    "meets",
];
const WHAT: &[&str] = &["it", "them", "that", "this", "everything", "those"];
const FOR: &[&str] = &["for", "in", "at", "asap", "soon", "quickly", "ready", "fresh", "by"];

/// What a request is for.
pub(super) const PURPOSES: &[&str] = &["for", "to", "because", "before", "so", "cos", "in"];

/// What leaves something out.
pub(super) const EXCLUDES: &[&str] = &["not", "except", "without", "excluding", "skip", "leave", "minus"];

/// Whether a polite word is one that a reason starts with.
pub(super) fn starts(word: &str) -> bool {
    BEGINS.contains(&word) || PEOPLE.contains(&word)
}

pub(super) fn begins(word: &Word) -> bool {
    BEGINS.contains(&word.said.as_str())
}

/// Whether the words, of which small ones are gone, are a reason.
pub(super) fn fit(said: &[&str]) -> bool {
    if has(said, PUTS_OFF) {
        return is_an_event(said);
    }
    is_a_state(said)
        || is_a_bare_state(said)
        || is_ready(said)
        || is_a_duty(said)
        || is_an_absence(said)
        || is_pressing(said)
        || is_checked(said)
        || is_an_event(said)
        || is_of_people(said)
        || is_a_purpose(said)
        || is_a_need(said)
}

/// What is left after one of the beginnings.
fn after<'a, 's>(said: &'a [&'s str], begins: &[&str]) -> Option<&'a [&'s str]> {
    begins
        .iter()
        .filter_map(|begin| {
            let begin: Vec<&str> = begin.split(' ').collect();
            said.starts_with(&begin).then(|| said.get(begin.len()..)).flatten()
        })
        .min_by_key(|rest| rest.len())
}

fn first(said: &[&str], list: &[&str]) -> bool {
    said.first().is_some_and(|word| list.contains(word))
}

fn has(said: &[&str], list: &[&str]) -> bool {
    said.iter().any(|word| list.contains(word))
}

/// "I'm late", "we're in a hurry", and not "I'm on it".
fn is_a_state(said: &[&str]) -> bool {
    let now = after(said, AM).is_some_and(|rest| first(rest, STATES));
    let past = after(said, WAS).is_some_and(|rest| {
        first(rest, &["off", "away", "out", "sick", "ill", "ooo", "travelling", "traveling"])
    });
    (now || past) && !has(said, WHAT)
}

/// "running late", without saying who.
fn is_a_bare_state(said: &[&str]) -> bool {
    first(said, &["running", "stuck", "boarding", "travelling", "traveling", "driving", "late", "sick"])
        && !has(said, WHAT)
        && said.len() <= 6
}

/// "everything's ready", "the numbers look good".
fn is_ready(said: &[&str]) -> bool {
    let rest: Vec<&str> = said
        .iter()
        .copied()
        .filter(|word| !["is", "are", "look", "looks", "seem", "in"].contains(word))
        .collect();
    first(&rest, &["everything", "numbers", "data", "figures", "dates", "it", "its", "everybody"])
        && rest.len() > 1
        && rest
            .iter()
            .skip(1)
            .all(|word| ["ready", "good", "fine", "set", "final", "correct", "place", "ok"].contains(word))
}

/// "gotta run", "I have a meeting".
fn is_a_duty(said: &[&str]) -> bool {
    after(said, MUST).is_some_and(|rest| first(rest, GO) && !has(rest, WHAT))
        || after(said, HAVE).is_some_and(|rest| has(rest, EVENTS) && !has(rest, WHAT))
}

/// "I can't attend the call".
fn is_an_absence(said: &[&str]) -> bool {
    after(said, CANNOT).is_some_and(|rest| first(rest, ATTEND) && !has(rest, &["sure", "certain", "sense"]))
}

/// "it's urgent".
fn is_pressing(said: &[&str]) -> bool {
    after(said, IT_IS).is_some_and(|rest| first(rest, PRESSING)) || matches!(said, ["urgent"])
}

/// "I've checked the numbers".
fn is_checked(said: &[&str]) -> bool {
    after(said, &["ive", "i have", "weve", "we have", "i", "we"]).is_some_and(|rest| first(rest, CHECKED))
}

/// "the quarterly review is at noon".
fn is_an_event(said: &[&str]) -> bool {
    let event = said.iter().take(4).position(|word| EVENTS.contains(word));
    event.is_some_and(|at| {
        let before = said.get(..at).unwrap_or_default();
        let then = said.get(at + 1..).unwrap_or_default();
        before.iter().all(|word| !["is", "are", "i", "he", "she", "they", "in"].contains(word))
            && first(then, IS_ON)
            && !has(then, WHAT)
    })
}

/// "my boss is asking for it".
fn is_of_people(said: &[&str]) -> bool {
    let who = said.iter().take(3).position(|word| PEOPLE.contains(word));
    who.is_some_and(|at| {
        let before = said.get(..at).unwrap_or_default();
        let then: Vec<&str> =
            said.iter().skip(at + 1).copied().filter(|word| !["is", "are"].contains(word)).collect();
        let asked = first(&then, &["asked", "asking"]);
        let wants = first(&then, &["need", "needs", "want", "wants", "expect", "expects", "keeps", "keep"]);
        before
            .iter()
            .all(|word| ["my", "our", "your", "all", "some", "product", "senior", "big"].contains(word))
            && first(&then, WAIT)
            && (!asked || then.get(1) == Some(&"for"))
            && !(wants && then.get(1) == Some(&"to"))
    })
}

/// "so I can go home": "so" and "then" are gone by now.
fn is_a_purpose(said: &[&str]) -> bool {
    after(said, &["i can", "we can", "i could", "that i can", "that we can", "people can", "everyone can"])
        .is_some_and(|rest| {
            first(rest, GO)
                || first(
                    rest,
                    &["prepare", "see", "log", "finish", "relax", "sleep", "rest", "focus", "start"],
                )
        })
}

/// "it's being reworked", said of what is left out.
pub(super) fn is_of_it(said: &[&str]) -> bool {
    after(said, IT_IS).is_some_and(|rest| !rest.is_empty() && !has(rest, PUTS_OFF))
}

/// "I need it for the call", "I want to be prepared".
fn is_a_need(said: &[&str]) -> bool {
    if after(said, &["i need to be", "i want to be", "id like to be", "we want to be"])
        .is_some_and(|rest| first(rest, &["prepared", "ready", "informed", "current"]))
    {
        return true;
    }
    after(said, &["i need", "we need", "i want", "we want", "need"])
        .is_some_and(|rest| first(rest, WHAT) && rest.get(1).is_some_and(|word| FOR.contains(word)))
}
