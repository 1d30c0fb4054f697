//! `untracked-blocker`: an open blocker of work that nobody has an issue for.

use super::Plant;
use crate::domain::Rule;
use crate::eval::company::{Company, DAY, HOUR, Says, Spot};
use crate::eval::language::{BLOCKERS, ERRANDS, NOT_BLOCKERS, NOT_SORTED, SMALL_TALK, SORTED};
use crate::eval::people::BOT;
use crate::eval::work::Place;

const RULE: Rule = Rule::UntrackedBlocker;
const OPEN: Says = Says::Blocker { open: true };
const OVER: Says = Says::Blocker { open: false };

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let spot = errand(company, OPEN);
        note(company, "said in a channel", true, &spot, "");
    },
    |company| {
        let spot = errand(company, OPEN);
        note(company, "said in a channel, once more", true, &spot, "");
    },
    |company| {
        let spot = errand(company, OPEN);
        let by = company.member(&[]);
        let text = company.words(&NOT_SORTED, "it");
        company.replies(&spot, by, 2 * HOUR, text.clone(), Says::Nothing);
        company.reacts(&spot, by, "sob");
        note(company, "asked about in its thread", true, &spot, &text);
    },
    |company| {
        let (channel, by) = (company.channel(), company.member(&[]));
        let text = company.words(&SMALL_TALK, "");
        let minutes = company.dice.between(10, 150) * HOUR;
        let root = company.says(channel, by, minutes + HOUR, text, Says::Nothing);
        let work = company.dice.pick(ERRANDS);
        let text = company.words(&BLOCKERS, work);
        let spot = company.replies(&root, by, minutes, text, OPEN);
        note(company, "said in a thread", true, &spot, "");
    },
    |company| {
        let spot = errand(company, OPEN);
        company.bot_says(spot.channel, 3 * HOUR, "Alert resolved, all fixed".to_owned(), Some(&spot));
        note(company, "only a bot said that it is over", true, &spot, "");
    },
    |company| {
        let (channel, by) = (company.channel(), company.member(&[]));
        let text = company.words(&SMALL_TALK, "");
        let minutes = company.dice.between(10, 150) * HOUR;
        let spot = company.says(channel, by, minutes, text, OPEN);
        let work = company.dice.pick(ERRANDS);
        let text = company.words(&BLOCKERS, work);
        company.edits(&spot, minutes - HOUR, text);
        note(company, "edited: it is a blocker now", true, &spot, "");
    },
    |company| {
        let spot = errand(company, OPEN);
        let text = format!("{} (UTF-8 and COVID-19 have nothing to do with it)", company.text(&spot));
        company.edits(&spot, HOUR, text);
        note(company, "what it names is no issue", true, &spot, "");
    },
];

pub(super) const DECOYS: &[Plant] = &[
    closed,
    closed,
    |company| {
        let spot = errand(company, OVER);
        let by = company.member(&[]);
        company.reacts(&spot, by, "white_check_mark");
        note(company, "ticked off", false, &spot, ":white_check_mark:");
    },
    |company| {
        let spot = errand(company, OVER);
        let by = company.member(&[]);
        let text = company.words(&NOT_SORTED, "it");
        let reply = company.replies(&spot, by, 5 * HOUR, text, Says::Nothing);
        company.reacts(&reply, by, "white_check_mark");
        note(company, "a tick in its thread", false, &spot, ":white_check_mark: on a reply");
    },
    not_a_blocker,
    not_a_blocker,
    not_a_blocker,
    not_a_blocker,
    |company| {
        let place = Place::Below(company.umbrella());
        let key = company.issue(place);
        let written = company.written(&key);
        let text = company.words(&BLOCKERS, &written);
        let (channel, by) = (company.channel(), company.member(&[]));
        let spot = company.says(channel, by, 40 * HOUR, text, OPEN);
        company.about(&spot, &key);
        note(company, "it names an issue", false, &spot, "");
    },
    |company| {
        let place = Place::Below(company.umbrella());
        let key = company.issue(place);
        let (channel, by) = (company.channel(), company.member(&[]));
        let root = company.says(channel, by, 50 * HOUR, format!("thread for {key}"), Says::Nothing);
        company.about(&root, &key);
        let text = company.words(&BLOCKERS, "it");
        let spot = company.replies(&root, by, 49 * HOUR, text, OPEN);
        note(company, "its thread names an issue", false, &spot, "");
    },
    |company| {
        // Whether it counts as open without an issue until the reply came is nobody's business any more.
        let spot = errand(company, Says::Murky);
        let place = Place::Below(company.umbrella());
        let key = company.issue(place);
        let by = company.member(&[]);
        let said =
            company.dice.pick(&["raised {k} for it", "tracked as {k}", "see {k}", "{k} is the ticket"]);
        let reply = company.replies(&spot, by, 4 * HOUR, said.replace("{k}", key.as_str()), Says::Nothing);
        company.about(&reply, &key);
    },
    |company| {
        let work = company.dice.pick(ERRANDS);
        let text = company.words(&BLOCKERS, work);
        let channel = company.channel();
        let spot = company.bot_says(channel, 30 * HOUR, text, None);
        note(company, "said by a bot", false, &spot, "");
    },
    |company| {
        let spot = errand(company, OPEN);
        let found = company.said.iter_mut().find(|said| said.message.permalink == spot.permalink);
        if let (Some(said), Ok(bot)) = (found, BOT.parse()) {
            said.message.author = crate::domain::Author::Person(bot);
        }
        note(company, "said by a bot with an account", false, &spot, "");
    },
];

fn closed(company: &mut Company) {
    let spot = errand(company, OVER);
    let by = company.member(&[]);
    let text = company.words(&SORTED, "it");
    let minutes = company.dice.between(1, 9) * HOUR;
    company.replies(&spot, by, minutes, text.clone(), Says::Nothing);
    note(company, "taken back in its thread", false, &spot, &text);
}

fn not_a_blocker(company: &mut Company) {
    let work = company.dice.pick(ERRANDS);
    let text = company.words(&NOT_BLOCKERS, work);
    let (channel, by) = (company.channel(), company.member(&[]));
    let minutes = company.dice.between(2, 200) * HOUR;
    let spot = company.says(channel, by, minutes, text, Says::Nothing);
    note(company, "no blocker is asserted", false, &spot, "");
}

fn errand(company: &mut Company, says: Says) -> Spot {
    let work = company.dice.pick(ERRANDS);
    let text = company.words(&BLOCKERS, work);
    let (channel, by) = (company.channel(), company.member(&[]));
    let minutes = company.dice.between(12, 10 * 24) * HOUR + DAY / 2;
    company.says(channel, by, minutes, text, says)
}

fn note(company: &mut Company, kind: &'static str, holds: bool, spot: &Spot, end: &str) {
    let mut text = company.text(spot);
    if !end.is_empty() {
        text = format!("{text} → {end}");
    }
    company.case(RULE, kind, holds, &spot.permalink, text);
}
