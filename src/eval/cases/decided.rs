//! `unrecorded-decision`: something was decided in Slack and nobody wrote it down.

use super::Plant;
use crate::domain::Rule;
use crate::eval::company::{Company, DAY, HOUR, Says, Spot};
use crate::eval::language::{Bank, DECISIONS, Gaps, NOT_DECISIONS, OPTIONS};
use crate::eval::work::Place;

const RULE: Rule = Rule::UnrecordedDecision;
const UNRECORDED: Says = Says::Decision { recorded: false };
const RECORDED: Says = Says::Decision { recorded: true };

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let (spot, _) = decide(company, &DECISIONS, 60..200, UNRECORDED);
        note(company, "said in a channel", true, &spot);
    },
    |company| {
        let (spot, _) = decide(company, &DECISIONS, 52..300, UNRECORDED);
        note(company, "said in a channel, once more", true, &spot);
    },
    |company| {
        let (spot, _) = decide(company, &DECISIONS, 80..250, UNRECORDED);
        let by = company.member(&[]);
        company.replies(&spot, by, 40 * HOUR, "great, finally".to_owned(), Says::Nothing);
        company.reacts(&spot, by, "tada");
        note(company, "applauded", true, &spot);
    },
    |company| {
        let (spot, _) = decide(company, &DECISIONS, 60..200, UNRECORDED);
        let (other, today) = (option(company), company.today());
        company.paper.log(today, other.1, DAY);
        note(company, "the log holds another decision", true, &spot);
    },
    |company| {
        let (spot, _) = decide(company, &DECISIONS, 60..200, UNRECORDED);
        let place = Place::Below(company.umbrella());
        let key = company.issue(place);
        let text = format!("{} ({key})", company.text(&spot));
        company.edits(&spot, 50 * HOUR, text);
        company.about(&spot, &key);
        let by = company.member(&[]);
        company.comments(&key, by, 30 * HOUR, "rebased the branch".to_owned());
        note(company, "about an issue whose comments speak of something else", true, &spot);
    },
];

pub(super) const DECOYS: &[Plant] = &[
    |company| {
        let (spot, option) = decide(company, &DECISIONS, 60..200, RECORDED);
        let day = company.day(-2);
        company.paper.log(day, option.1, DAY);
        note(company, "in the decision log", false, &spot);
    },
    |company| {
        let (spot, option) = decide(company, &DECISIONS, 60..200, RECORDED);
        let day = company.day(-2);
        let text = format!("We {}", option.0);
        company.paper.log(day, &text, DAY);
        note(company, "in the decision log, in the same words", false, &spot);
    },
    |company| {
        let (spot, option) = decide(company, &DECISIONS, 60..200, RECORDED);
        let place = Place::Below(company.umbrella());
        let key = company.issue(place);
        let text = format!("{} ({key})", company.text(&spot));
        company.edits(&spot, 50 * HOUR, text);
        company.about(&spot, &key);
        let by = company.member(&[]);
        company.comments(&key, by, 45 * HOUR, format!("For the record: {}.", option.1));
        note(company, "in a comment of its issue", false, &spot);
    },
    |company| {
        let (spot, _) = decide(company, &DECISIONS, 3..40, UNRECORDED);
        note(company, "too fresh", false, &spot);
    },
    undecided,
    undecided,
    undecided,
    undecided,
    |company| {
        let chosen = option(company);
        let text = company.words_to(&DECISIONS, Gaps { option: chosen.0, name: "Kim", ..Gaps::default() });
        let channel = company.channel();
        let spot = company.bot_says(channel, 90 * HOUR, text, None);
        note(company, "said by a bot", false, &spot);
    },
];

fn undecided(company: &mut Company) {
    let (spot, _) = decide(company, &NOT_DECISIONS, 60..200, Says::Nothing);
    note(company, "nothing was decided", false, &spot);
}

/// Something that could be decided, and that nobody in this company has spoken of.
fn option(company: &mut Company) -> (&'static str, &'static str) {
    let spoken = |company: &Company, option: &(&str, &str)| {
        let begin: String = option.0.chars().skip(5).collect::<String>().to_lowercase();
        company.said.iter().any(|said| said.message.text.to_lowercase().contains(&begin))
    };
    let fresh: Vec<(&str, &str)> =
        OPTIONS.iter().filter(|option| !spoken(company, option)).copied().collect();
    if fresh.is_empty() { company.dice.pick(OPTIONS) } else { company.dice.pick(&fresh) }
}

fn decide(
    company: &mut Company,
    bank: &Bank,
    hours: std::ops::Range<i64>,
    says: Says,
) -> (Spot, (&'static str, &'static str)) {
    let option = option(company);
    let (channel, by) = (company.channel(), company.member(&[]));
    let with = company.member(&[by]);
    let name = company.first_name(with);
    let text = company.words_to(bank, Gaps { option: option.0, name: &name, ..Gaps::default() });
    let minutes = company.dice.between(hours.start, hours.end) * HOUR;
    (company.says(channel, by, minutes, text, says), option)
}

fn note(company: &mut Company, kind: &'static str, holds: bool, spot: &Spot) {
    let text = company.text(spot);
    company.case(RULE, kind, holds, &spot.permalink, text);
}
