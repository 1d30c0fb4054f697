//! `unanswered-question`: somebody was asked by name and nobody has answered for 24 hours of weekdays.

use super::Plant;
use crate::domain::Rule;
use crate::eval::company::{Company, HOUR, Says, Spot};
use crate::eval::language::{ANSWERS, Gaps, NOT_QUESTIONS, NUDGES, QUESTIONS, SMALL_TALK};
use crate::eval::people::{BOT, SHARED_NAME};

const RULE: Rule = Rule::UnansweredQuestion;

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        note(company, "by a mention", true, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        note(company, "by a mention, once more", true, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::FirstName);
        note(company, "by a first name", true, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let root = {
            let text = company.words(&SMALL_TALK, "");
            let by = company.member(&[]);
            company.says(scene.channel, by, scene.minutes + HOUR, text, Says::Nothing)
        };
        let text = scene.words(company, By::Mention);
        let spot =
            company.replies(&root, scene.asker, scene.minutes, text, Says::Question { asked: scene.asked });
        note(company, "in a thread", true, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        let text = company.words(&NUDGES, "");
        company.replies(&spot, scene.asker, scene.minutes - 20 * HOUR, text.clone(), Says::Nothing);
        note(company, "only the asker replied", true, &spot, &text);
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        let other = company.member(&[scene.asker, scene.asked]);
        company.reacts(&spot, other, "+1");
        note(company, "a thumb of somebody else", true, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        company.bot_says(
            scene.channel,
            scene.minutes - HOUR,
            "I can't help with that".to_owned(),
            Some(&spot),
        );
        note(company, "only a bot replied", true, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        let text = company.words(&SMALL_TALK, "");
        company.says(scene.channel, scene.asked, scene.minutes - 9 * HOUR, text.clone(), Says::Nothing);
        note(company, "the asked wrote of something else", true, &spot, &text);
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        company.reacts(&spot, scene.asked, "eyes");
        note(company, "the asked has seen it", true, &spot, "");
    },
];

pub(super) const DECOYS: &[Plant] = &[
    answered,
    answered,
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        let emoji = company.dice.pick(&["+1", "white_check_mark"]);
        company.reacts(&spot, scene.asked, emoji);
        note(company, "a thumb or a tick of the asked", false, &spot, emoji);
    },
    |company| {
        let scene = Scene::old(company);
        let spot = scene.ask(company, By::Mention);
        let text = format!("{} {}", company.mention(scene.asker), company.words(&ANSWERS, ""));
        company.says(scene.channel, scene.asked, scene.minutes - 4 * HOUR, text.clone(), Says::Nothing);
        note(company, "answered in the channel", false, &spot, &text);
    },
    |company| {
        let mut scene = Scene::old(company);
        scene.minutes = company.dice.between(1, 18) * HOUR;
        let spot = scene.ask(company, By::Mention);
        note(company, "too fresh", false, &spot, "");
    },
    |company| {
        let mut scene = Scene::old(company);
        scene.minutes = scene.before_weekend(company);
        let spot = scene.ask(company, By::Mention);
        note(company, "a weekend lies between", false, &spot, "");
    },
    nobody_asked,
    nobody_asked,
    nobody_asked,
    |company| {
        let scene = Scene::old(company);
        let text =
            company.words_to(&QUESTIONS, Gaps { address: &format!("{SHARED_NAME},"), ..Gaps::default() });
        let spot = company.says(scene.channel, scene.asker, scene.minutes, text, Says::Nothing);
        note(company, "two people have that name", false, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let text = scene.words(company, By::Mention);
        let spot = company.bot_says(scene.channel, scene.minutes, text, None);
        note(company, "asked by a bot", false, &spot, "");
    },
    |company| {
        let scene = Scene::old(company);
        let text = company.words_to(&QUESTIONS, Gaps { address: &format!("<@{BOT}>"), ..Gaps::default() });
        let spot = company.says(scene.channel, scene.asker, scene.minutes, text, Says::Nothing);
        note(company, "a bot is asked", false, &spot, "");
    },
];

fn answered(company: &mut Company) {
    let scene = Scene::old(company);
    let by = if company.dice.one_in(2) { By::Mention } else { By::FirstName };
    let spot = scene.ask(company, by);
    let who = if company.dice.one_in(3) { company.member(&[scene.asker]) } else { scene.asked };
    let text = company.words(&ANSWERS, "");
    company.replies(&spot, who, scene.minutes - 2 * HOUR, text.clone(), Says::Nothing);
    note(company, "answered in its thread", false, &spot, &text);
}

fn nobody_asked(company: &mut Company) {
    let scene = Scene::old(company);
    let (mention, name) = (company.mention(scene.asked), company.first_name(scene.asked));
    let text = company.words_to(&NOT_QUESTIONS, Gaps { mention: &mention, name: &name, ..Gaps::default() });
    let spot = company.says(scene.channel, scene.asker, scene.minutes, text, Says::Nothing);
    note(company, "nobody is asked anything by name", false, &spot, "");
}

/// How somebody is addressed.
#[derive(Clone, Copy)]
enum By {
    Mention,
    FirstName,
}

struct Scene {
    channel: usize,
    asker: usize,
    asked: usize,
    minutes: i64,
}

impl Scene {
    /// Long enough ago that more than a day of weekdays has passed.
    fn old(company: &mut Company) -> Self {
        let channel = company.channel();
        let (asker, asked) = company.pair(channel, true);
        let mut minutes = company.dice.between(30, 220) * HOUR;
        while company.weekday_hours_since(company.ago(minutes)) < 28 {
            minutes += 7 * HOUR;
        }
        Self { channel, asker, asked, minutes }
    }

    /// Before the last weekend when that was less than a day of weekdays ago; else some hours ago.
    fn before_weekend(&self, company: &Company) -> i64 {
        let near = |hours: &i64| company.weekday_hours_since(company.ago(hours * HOUR)) <= 20;
        (1..80).filter(near).max().unwrap_or(1) * HOUR
    }

    fn words(&self, company: &mut Company, by: By) -> String {
        let address = match by {
            By::Mention => company.mention(self.asked),
            By::FirstName => {
                let name = company.first_name(self.asked);
                format!("{name}{}", company.dice.pick(&[",", ":", " -"]))
            }
        };
        let phrase = company.phrase(&QUESTIONS);
        let gaps = Gaps { address: &address, ..Gaps::default() };
        let text = crate::eval::language::fill(phrase, gaps, &mut company.dice);
        match by {
            By::Mention => crate::eval::language::rough(&text, &mut company.dice),
            // A name is at the start only while nothing stands before it.
            By::FirstName => text,
        }
    }

    fn ask(&self, company: &mut Company, by: By) -> Spot {
        let text = self.words(company, by);
        company.says(self.channel, self.asker, self.minutes, text, Says::Question { asked: self.asked })
    }
}

fn note(company: &mut Company, kind: &'static str, holds: bool, spot: &Spot, answer: &str) {
    let mut text = company.text(spot);
    if !answer.is_empty() {
        text = format!("{text} → {answer}");
    }
    company.case(RULE, kind, holds, &spot.permalink, text);
}
