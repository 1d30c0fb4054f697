//! What was written, in words: the same for every format.

use crate::domain::{Offer, Prose, Published};

/// Issues named where comments are told together.
const NAMED: usize = 6;

/// One line for each page and post; comments, of which there may be many, together.
pub fn lines(published: &[Published]) -> Vec<Prose> {
    let (comments, others): (Vec<&Published>, Vec<&Published>) =
        published.iter().partition(|one| one.target == "jira" && !one.title.contains(' '));
    others.into_iter().map(line).chain(told_together(&comments)).collect()
}

/// One publication: its title, linked, and what became of it.
pub fn line(one: &Published) -> Prose {
    let title = if one.url.is_empty() {
        Prose::new().quote(one.title.clone())
    } else {
        Prose::new().link(one.title.clone(), one.url.clone())
    };
    let changed = one.changed.as_deref().map(|changed| format!(" ({changed})")).unwrap_or_default();
    title.say(match (one.action.as_str(), one.target.as_str()) {
        ("created", "slack") => " posted".to_owned(),
        ("created", _) => format!(" created{changed}"),
        ("updated", _) => format!(" updated{changed}"),
        ("unchanged", _) => " says the same already, so nothing was written".to_owned(),
        ("dry-run", _) if one.diff.as_deref().is_none_or(str::is_empty) => {
            " would not be written: nothing changed".to_owned()
        }
        ("dry-run", _) => format!(" would be written{changed}; nothing was"),
        _ if one.is_unknown() => format!(": {}", one.reason.as_deref().unwrap_or_default()),
        _ => format!(" not written: {}", one.reason.as_deref().unwrap_or("it could not be done")),
    })
}

fn told_together(comments: &[&Published]) -> Vec<Prose> {
    let mut told = Vec::new();
    for (action, verb) in [
        ("created", "added"),
        ("updated", "updated"),
        ("unchanged", "unchanged"),
        ("dry-run", "would be written; nothing was"),
    ] {
        let of: Vec<&&Published> = comments.iter().filter(|one| one.action == action).collect();
        if of.is_empty() {
            continue;
        }
        let noun = if of.len() == 1 { "comment" } else { "comments" };
        let mut text = Prose::text(format!("{} {noun} in Jira {verb}: ", of.len()));
        for (at, one) in of.iter().take(NAMED).enumerate() {
            text = text.say(if at == 0 { "" } else { ", " }).link(one.title.clone(), one.url.clone());
        }
        if of.len() > NAMED {
            text = text.say(format!(" and {} more", of.len() - NAMED));
        }
        told.push(text);
    }
    // Each reason once: what ails one comment mostly ails all.
    let refused = comments.iter().filter(|one| one.action == "refused");
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in refused {
        let reason = one.reason.as_deref().unwrap_or("it could not be done");
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, keys)) => keys.push(&one.title),
            None => reasons.push((reason, vec![&one.title])),
        }
    }
    for (reason, keys) in reasons {
        let what = if reason.starts_with(Published::UNKNOWN) { "Comment on" } else { "No comment on" };
        told.push(Prose::text(format!("{what} {}: {reason}", keys.join(", "))));
    }
    told
}

/// The differences that a dry run shows, with what they are of.
pub fn differences(published: &[Published]) -> Vec<(String, String)> {
    let shown = published.iter().filter_map(|one| {
        let diff = one.diff.clone().filter(|diff| !diff.is_empty())?;
        Some((one.title.clone(), diff))
    });
    shown.collect()
}

/// What a button for an offer says, and what its press carries: `undo` or `overwrite`, with the version.
pub fn button(offer: &Offer) -> (&'static str, &'static str, u32) {
    match offer {
        Offer::Undo { version } => ("Undo", "undo", *version),
        Offer::Overwrite => ("Overwrite", "overwrite", 0),
    }
}
