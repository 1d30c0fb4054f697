//! What the words of an order are. A verb counts only when it is spelt well.

use crate::team_lead::understand::words::Word;

/// What is to be done with a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It is made public: no place need be named.
    Publish,
    /// It is made new where it is.
    Update,
    /// It is put somewhere.
    Put,
    /// It is said to the team.
    Post,
    /// It is written beside something.
    Comment,
    /// It is wanted somewhere: the place says what is to be done.
    Bring,
}

use Deed::{Bring, Comment, Post, Publish, Put, Update};

/// Each as it is told, as it is minded ("posting") and as it is needed ("posted").
const VERBS: &[(Deed, &str, &str, &str)] = &[
    (Publish, "publish", "publishing", "published"),
    (Publish, "republish", "republishing", "republished"),
    (Update, "update", "updating", "updated"),
    (Update, "refresh", "refreshing", "refreshed"),
    (Update, "sync", "syncing", "synced"),
    (Update, "regenerate", "regenerating", "regenerated"),
    (Put, "put", "putting", "put"),
    (Put, "push", "pushing", "pushed"),
    (Put, "write", "writing", "written"),
    (Put, "copy", "copying", "copied"),
    (Put, "add", "adding", "added"),
    (Put, "record", "recording", "recorded"),
    (Put, "log", "logging", "logged"),
    (Put, "transfer", "transferring", "transferred"),
    (Put, "turn", "turning", "turned"),
    (Put, "save", "saving", "saved"),
    (Put, "attach", "attaching", "attached"),
    (Put, "upload", "uploading", "uploaded"),
    (Put, "file", "filing", "filed"),
    (Put, "paste", "pasting", "pasted"),
    (Put, "stick", "sticking", "stuck"),
    (Put, "place", "placing", "placed"),
    (Put, "export", "exporting", "exported"),
    (Put, "mirror", "mirroring", "mirrored"),
    (Post, "post", "posting", "posted"),
    (Post, "send", "sending", "sent"),
    (Post, "share", "sharing", "shared"),
    (Post, "submit", "submitting", "submitted"),
    (Comment, "comment", "commenting", "commented"),
];

/// Said of a thing that somebody wants: "I need the roadmap published".
const NEEDS: &[&[&str]] = &[
    &["i", "need"],
    &["i", "want"],
    &["we", "need"],
    &["we", "want"],
    &["need"],
    &["id", "like"],
    &["id", "love"],
    &["wed", "like"],
    &["i", "would", "like"],
    &["we", "would", "like"],
    &["get"],
    &["bring"],
    &["have"],
];

/// The same after "can" and "could".
const ASKED_FOR: &[&[&str]] = &[&["i", "get"], &["i", "have"], &["we", "get"], &["we", "have"]];

/// Neither of these changes what is to be written.
const FILLERS: &str = "\
    the teh hte a an my our your its their this these those of now today todays morning good evening \
    afternoon mornings daily latest current fresh newest own again right away everybody everybodys \
    everyones teams please also then and both well ahead over go \
    single finally straight once more too";

/// Polite words that say something in an order.
const MATTER: &str = "\
    all everyone everybody team there get need want like love id wed have i we would with at bring";

/// What a clause that merely tells something has none of: conditions, somebody's words, wishes, doubts, the past,
/// what is to come, and other deeds.
const NOT_PLAIN: &str = "\
    if when whenever once unless until till after before as while provided assuming suppose supposing \
    whether should would could might may maybe perhaps must shall can will wont ill hell shell theyll \
    well youll going gonna about say says said saying tell tells told ask asks asked asking want wants \
    wanted write writes wrote think thinks thought hope hopes wish believe guess suggest suggests \
    suggested recommend know knows wonder wondering remind reminds forgot forget hate love like likes \
    dislike was wasnt had did used been who what why how which where joke joking kidding example \
    command phrase sentence quote typed type typing button called named means mean meaning tomorrow \
    later soon next never nobody nothing allowed supposed meant able bot automatically always usually \
    every often ever let lets try trying tried broken fail fails failed failing wrong bad dangerous \
    safe wise secret confidential wait somebody someone anyone busy responsible job turn idea question \
    there note";

fn listed(list: &str, word: &Word) -> bool {
    list.split(' ').any(|listed| listed == word.said)
}

/// Whether a word is such a verb, as it is told.
pub(in super::super) fn is_verb(word: &Word) -> bool {
    verb(word).is_some()
}

/// The verb that a word is, as it is told.
pub(super) fn verb(word: &Word) -> Option<Deed> {
    let told = |entry: &&(Deed, &str, &str, &str)| word.said == entry.1;
    VERBS.iter().find(told).map(|entry| entry.0)
}

pub(super) fn minded(word: &Word) -> Option<Deed> {
    VERBS.iter().find(|entry| word.said == entry.2).map(|entry| entry.0)
}

pub(super) fn needed(word: &Word) -> Option<Deed> {
    VERBS.iter().find(|entry| word.said == entry.3).map(|entry| entry.0)
}

pub(super) fn is_filler(word: &Word) -> bool {
    listed(FILLERS, word)
}

pub(super) fn is_article(word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.is(&["the", "our", "my", "this"]))
}

/// What "when you have a minute" starts with.
pub(super) fn starts_suiting(word: Option<&Word>) -> bool {
    word.is_some_and(|word| word.is(&["when", "whenever", "once", "if"]))
}

/// What it ends with.
pub(super) fn ends_suiting(word: Option<&Word>) -> bool {
    word.is_some_and(|word| {
        word.is(&[
            "moment", "moments", "minute", "minutes", "min", "mins", "sec", "second", "seconds", "time",
            "chance",
        ])
    })
}

pub(super) fn matters(word: &Word) -> bool {
    listed(MATTER, word) || verb(word).is_some()
}

/// What is to be done, and the words that name with what. `minds` says that "posting" may lead, `may` that
/// "I get" may.
pub(super) fn deed<'w>(said: &[&'w Word], minds: bool, may: bool) -> Option<(Deed, Vec<&'w Word>)> {
    let (first, rest) = said.split_first()?;
    if let Some(deed) = verb(first).or_else(|| minded(first).filter(|_| minds)) {
        // "put up the roadmap on the wiki", "push out the standup".
        let particle = usize::from(rest.first().is_some_and(|word| word.is(&["up", "out"])));
        let out = first.is(&["push", "put"]) && rest.first().is_some_and(|word| word.is(&["out"]));
        return Some((if out { Post } else { deed }, rest.get(particle..)?.to_vec()));
    }
    // "leave the note as a comment": without one, it is left alone.
    let comment = |word: &&&Word| word.is(&["comment", "comments"]);
    let beside = rest.iter().any(|word| word.is(&["as"])) && rest.iter().any(|word| comment(&word));
    if first.said == "leave" && (beside || rest.first().is_some_and(|word| comment(&word))) {
        return Some((Comment, rest.to_vec()));
    }
    // "confluence update": nothing but its name.
    if let [place, noun] = said
        && place.is(&["confluence"])
        && matches!(noun.said.as_str(), "update" | "refresh" | "sync")
    {
        return Some((Update, vec![*place]));
    }
    let leads = NEEDS.iter().chain(ASKED_FOR.iter().filter(|_| may));
    let lead = leads.filter(|lead| starts(said, lead)).map(|lead| lead.len()).max()?;
    let rest = said.get(lead..)?;
    let (up, others): (Vec<&Word>, Vec<&Word>) = rest.iter().partition(|word| word.is(&["up", "date"]));
    if up.len() == 2 {
        return Some((Update, others));
    }
    // What is brought up is shown.
    if first.said == "bring" && !up.is_empty() {
        return None;
    }
    let Some((at, deed)) = rest.iter().enumerate().find_map(|(at, word)| Some((at, needed(word)?))) else {
        return Some((Bring, rest.to_vec()));
    };
    let others = rest.iter().enumerate().filter(|(other, _)| *other != at);
    Some((deed, others.map(|(_, word)| *word).collect()))
}

fn starts(said: &[&Word], lead: &[&str]) -> bool {
    said.len() > lead.len() && said.iter().zip(lead).all(|(word, lead)| word.said == *lead)
}

/// Whether a clause merely tells something: "it's ten o'clock", "the pages are out of date".
pub(super) fn is_circumstance(all: &[&Word]) -> bool {
    let plain = all.iter().all(|word| {
        !listed(NOT_PLAIN, word)
            && verb(word).is_none_or(|_| word.is(&["refresh", "update"]))
            && minded(word).is_none_or(|_| word.is(&["refreshing", "updating"]))
            && needed(word).is_none()
            && !word.asked
    });
    let first = |words: &[&str]| all.first().is_some_and(|word| words.contains(&word.said.as_str()));
    let told = all.iter().any(|word| {
        word.is(&[
            "is", "are", "look", "looks", "seem", "seems", "need", "needs", "belong", "belongs", "has",
            "have",
        ])
    }) || first(&["it", "its", "im", "were", "the", "our", "my", "standup"]);
    plain && told && (2..=10).contains(&all.len())
}
