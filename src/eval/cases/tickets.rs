//! `stale-ticket`: Slack talks of trouble with an issue and nobody tells Jira.

use super::Plant;
use crate::domain::{IssueKey, Rule};
use crate::eval::company::{Company, DAY, HOUR, Says, Spot};
use crate::eval::language::{ABOUT_WORK, BLOCKERS, FREE_AGAIN, NOT_BLOCKERS, NOT_SORTED, SORTED};
use crate::eval::work::Place;

const RULE: Rule = Rule::StaleTicket;
const OPEN: Says = Says::Blocker { open: true };
const OVER: Says = Says::Blocker { open: false };

pub(super) const HOLDS: &[Plant] = &[
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        scene.note(company, "said in a channel", true, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        scene.note(company, "said in a channel, old", true, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker_in_thread(company, OPEN);
        scene.note(company, "said in a thread whose parent names it", true, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        for _ in 0..2 {
            let by = company.member(&[]);
            let text = company.words(&NOT_SORTED, "it");
            let minutes = scene.minutes - company.dice.between(1, 20) * HOUR;
            company.replies(&blocker, by, minutes, text, Says::Nothing);
        }
        company.reacts(&blocker, scene.other, "eyes");
        scene.note(company, "asked about in its thread", true, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        company.automated(&scene.key, 5 * HOUR);
        let text =
            company.dice.pick(&["Build passed: fixed", "Incident resolved", "Unblocked by automation"]);
        company.bot_says(scene.channel, 6 * HOUR, text.to_owned(), Some(&blocker));
        scene.note(company, "only automation and bots moved", true, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        let stranger = company.member(&[scene.by, scene.owner]);
        let (said, unrelated) = ("the coffee machine", company.channel());
        let text = company.words(&FREE_AGAIN, said);
        company.says(unrelated, stranger, scene.minutes - 10 * HOUR, text, Says::Nothing);
        scene.note(company, "something else was unblocked", true, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let spots = scene.buzz(company, 6, 4);
        company.case(RULE, "buzzing", true, &scene.key, spots);
    },
];

pub(super) const DECOYS: &[Plant] = &[
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OVER);
        let by = company.member(&[]);
        let text = company.words(&SORTED, "it");
        company.replies(&blocker, by, scene.minutes - 5 * HOUR, text.clone(), Says::Nothing);
        scene.told(company, "taken back in its thread", &blocker, &text);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker_in_thread(company, OVER);
        let by = company.member(&[]);
        let text = company.words(&SORTED, "it");
        let root = Spot { ts: scene.root(company, &blocker), ..blocker.clone() };
        company.replies(&root, by, scene.minutes - 9 * HOUR, text.clone(), Says::Nothing);
        scene.told(company, "a reply's blocker, taken back in the thread", &blocker, &text);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OVER);
        let by = company.member(&[]);
        let emoji = company.dice.pick(&["white_check_mark", "heavy_check_mark"]);
        company.reacts(&blocker, by, emoji);
        scene.told(company, "ticked off by somebody", &blocker, ":white_check_mark:");
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OVER);
        scene.freed(company, &blocker, scene.by, "taken back in the channel by its author");
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OVER);
        scene.freed(company, &blocker, scene.owner, "taken back in the channel by the assignee");
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OVER);
        let written = company.written(&scene.key);
        let text = company.words(&ABOUT_WORK, &written);
        company.edits(&blocker, scene.minutes - 2 * HOUR, text);
        scene.note(company, "edited: it says something else now", false, &blocker);
    },
    not_a_blocker,
    not_a_blocker,
    not_a_blocker,
    |company| {
        let mut scene = Scene::new(company);
        scene.minutes = company.dice.between(2, 20) * HOUR;
        let blocker = scene.blocker(company, OPEN);
        scene.note(company, "too fresh", false, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        let text = "chased them on the phone, answer tomorrow".to_owned();
        company.comments(&scene.key, scene.owner, scene.minutes - 3 * HOUR, text);
        scene.note(company, "somebody commented since", false, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        company.changed(
            &scene.key,
            scene.other,
            scene.minutes - 7 * HOUR,
            "priority",
            (None, Some("High".into())),
        );
        scene.note(company, "somebody changed it since", false, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let text = company.words(&BLOCKERS, scene.key.as_str());
        let spot = company.bot_says(scene.channel, scene.minutes, text, None);
        scene.note(company, "said by a bot", false, &spot);
    },
    |company| {
        let scene = Scene::new(company);
        let longer: Option<IssueKey> = format!("{}7", scene.key).parse().ok();
        let text = company.words(&BLOCKERS, &format!("{}7", scene.key));
        let spot = company.says(scene.channel, scene.by, scene.minutes, text, OPEN);
        longer.iter().for_each(|key| company.about(&spot, key));
        scene.note(company, "another issue, whose key begins alike", false, &spot);
    },
    |company| {
        let scene = Scene::new(company);
        let there = format!("<https://other-org.atlassian.net/browse/{0}|{0}>", scene.key);
        let text = company.words(&BLOCKERS, &there);
        let spot = company.says(scene.channel, scene.by, scene.minutes, text, Says::Murky);
        scene.note(company, "an issue of another site", false, &spot);
    },
    |company| {
        let scene = Scene::new(company);
        let theirs = scene.key.as_str().replace("DCT", "INFRA");
        let text = company.words(&BLOCKERS, &theirs);
        let spot = company.says(scene.channel, scene.by, scene.minutes, text, Says::Murky);
        scene.note(company, "an issue of another project with the same number", false, &spot);
    },
    |company| {
        let scene = Scene::new(company);
        let blocker = scene.blocker(company, OPEN);
        company.closes(&scene.key, scene.owner, scene.minutes + DAY);
        // Done before it was said to be blocked: that is a contradiction, and no stale ticket.
        scene.note(company, "done", false, &blocker);
    },
    |company| {
        let scene = Scene::new(company);
        let spots = scene.buzz(company, 7, 2);
        company.case(RULE, "two people talking", false, &scene.key, spots);
    },
    |company| {
        let scene = Scene::new(company);
        let spots = scene.buzz(company, 4, 4);
        company.case(RULE, "four messages", false, &scene.key, spots);
    },
];

fn not_a_blocker(company: &mut Company) {
    let scene = Scene::new(company);
    let written = if company.dice.one_in(2) { company.written(&scene.key) } else { scene.key.to_string() };
    let text = company.words(&NOT_BLOCKERS, &written);
    let names = !text.starts_with(['&', '"']) && !text.contains('`');
    let spot = company.says(scene.channel, scene.by, scene.minutes, text, Says::Nothing);
    if names {
        company.about(&spot, &scene.key);
    }
    scene.note(company, "no blocker is asserted", false, &spot);
}

/// An issue that nobody has touched for long, and who talks about it where.
pub(super) struct Scene {
    pub(super) key: IssueKey,
    pub(super) channel: usize,
    pub(super) by: usize,
    pub(super) owner: usize,
    pub(super) other: usize,
    /// When it is said, in minutes ago.
    pub(super) minutes: i64,
}

impl Scene {
    pub(super) fn new(company: &mut Company) -> Self {
        let owner = company.member(&[]);
        let by = company.member(&[owner]);
        let other = company.member(&[owner, by]);
        let place = match company.dice.below(3) {
            0 => Place::Loose,
            _ => Place::Below(company.umbrella()),
        };
        let touched = company.dice.between(15, 30) * DAY;
        let key = company.untouched(place, owner, other, touched);
        let minutes = company.dice.between(26, 12 * 24) * HOUR;
        Self { key, channel: company.channel(), by, owner, other, minutes }
    }

    /// Somebody says in the channel that it is blocked.
    pub(super) fn blocker(&self, company: &mut Company, says: Says) -> Spot {
        let written = company.written(&self.key);
        let text = company.words(&BLOCKERS, &written);
        let spot = company.says(self.channel, self.by, self.minutes, text, says);
        company.about(&spot, &self.key);
        spot
    }

    /// Somebody says so below a message that names it.
    pub(super) fn blocker_in_thread(&self, company: &mut Company, says: Says) -> Spot {
        let written = company.written(&self.key);
        let text = company.words(&ABOUT_WORK, &written);
        let root = company.says(self.channel, self.other, self.minutes + 3 * HOUR, text, Says::Nothing);
        company.about(&root, &self.key);
        let text = company.words(&BLOCKERS, "this");
        company.replies(&root, self.by, self.minutes, text, says)
    }

    fn root(&self, company: &Company, spot: &Spot) -> crate::domain::MessageTs {
        let found = company.said.iter().find(|said| said.message.permalink == spot.permalink);
        found.map_or(spot.ts, |said| said.message.root())
    }

    fn freed(&self, company: &mut Company, blocker: &Spot, by: usize, kind: &'static str) {
        let written = company.written(&self.key);
        let text = company.words(&FREE_AGAIN, &written);
        let spot = company.says(self.channel, by, self.minutes - 4 * HOUR, text.clone(), Says::Nothing);
        company.about(&spot, &self.key);
        self.told(company, kind, blocker, &text);
    }

    /// So many people write so many messages about it.
    fn buzz(&self, company: &mut Company, messages: i64, people: usize) -> String {
        let mut who = vec![self.by, self.owner, self.other];
        while who.len() < people {
            let next = company.member(&who);
            who.push(next);
        }
        who.truncate(people);
        let mut last = String::new();
        for number in 0..messages {
            let by = who.get(usize::try_from(number).unwrap_or(0) % people).copied().unwrap_or(self.by);
            let written = company.written(&self.key);
            last = company.words(&ABOUT_WORK, &written);
            let minutes = self.minutes.min(10 * DAY) - number * 2 * HOUR;
            let spot = company.says(self.channel, by, minutes.max(HOUR), last.clone(), Says::Nothing);
            company.about(&spot, &self.key);
        }
        format!("{messages} messages by {people} people, such as: {last}")
    }

    pub(super) fn note(&self, company: &mut Company, kind: &'static str, holds: bool, spot: &Spot) {
        let text = company.text(spot);
        company.case(RULE, kind, holds, &self.key, text);
    }

    fn told(&self, company: &mut Company, kind: &'static str, blocker: &Spot, end: &str) {
        let text = format!("{} → {end}", company.text(blocker));
        company.case(RULE, kind, false, &self.key, text);
    }
}
