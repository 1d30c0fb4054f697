//! Many people who ask, and what each of them was answered.

use std::collections::BTreeMap;

use twin::server::{Options, Shared};
use twin::story;
use twin::world::{Kind, Message, Person};

use super::{event_type, payload};
use crate::company::{Company, now};

/// One that asks for something.
#[derive(Debug)]
pub struct Asked {
    /// Where it is answered.
    pub channel: String,
    /// What it is answered to; nothing for a command, whose answer stands for itself.
    pub thread: Option<String>,
}

/// The story's company with so many more people in it.
pub async fn company(people: usize) -> Company {
    let mut world = story::company(now());
    for number in 0..people {
        world.people.push(Person {
            id: person(number),
            account_id: None,
            handle: format!("crowd{number}"),
            real_name: format!("Kim Crowd {number}"),
            display_name: format!("kim{number}"),
            email: Some(format!("crowd{number}@example.com")),
            tz: "Europe/London".to_owned(),
            title: String::new(),
            kind: Kind::Member,
            atlassian_app: false,
        });
    }
    Company::of(world, Options::recorded()).await
}

/// One of them.
pub fn person(number: usize) -> String {
    format!("U0CROWD{number:05}")
}

/// The public channels that the bot is in.
pub fn channels(company: &Company) -> Vec<String> {
    let world = company.twin.shared().world();
    let bot = &world.slack.bot_user;
    let open = world.slack.channels.values().filter(|place| {
        place.members.contains(bot)
            && !place.is_im
            && !place.is_private
            && !place.is_ext_shared
            && !place.is_archived
    });
    open.map(|place| place.id.clone()).collect()
}

/// Has one of them say something in their direct messages.
pub fn says(company: &Company, user: &str, text: &str) -> Asked {
    let channel = company.twin.dm(user);
    let ts = company.twin.says(user, &channel, text, None);
    Asked { channel, thread: Some(ts) }
}

/// How often each thread was answered, progress apart; and how often a conversation was outside of threads.
pub fn answers(shared: &Shared) -> BTreeMap<(String, Option<String>), usize> {
    let mut answers = BTreeMap::new();
    let world = shared.world();
    for (id, place) in &world.slack.channels {
        for message in place.messages.values().filter(|message| is_answer(message)) {
            *answers.entry((id.clone(), message.thread_ts.clone())).or_default() += 1;
        }
    }
    answers
}

/// The first message of an answer.
fn is_answer(message: &Message) -> bool {
    matches!(event_type(message), Some("caughtup_reply" | "caughtup_digest")) && payload(message)["part"] == 0
}

/// How many of those who asked were answered so often: never, once, more often.
pub fn tally(shared: &Shared, asked: &[Asked]) -> [usize; 3] {
    let answers = answers(shared);
    let mut tally = [0; 3];
    for one in asked {
        let count = answers.get(&(one.channel.clone(), one.thread.clone())).copied().unwrap_or_default();
        tally[count.min(2)] += 1;
    }
    tally
}

/// Those who were not, with all that is in their threads.
pub fn unanswered<'a>(shared: &Shared, asked: &'a [Asked]) -> Vec<(&'a Asked, Vec<Message>)> {
    let answers = answers(shared);
    let world = shared.world();
    let waiting =
        asked.iter().filter(|one| !answers.contains_key(&(one.channel.clone(), one.thread.clone())));
    let with_thread = waiting.map(|one| {
        let messages = world.slack.channels[&one.channel].messages.values();
        let theirs =
            |message: &&Message| message.thread_ts == one.thread || Some(&message.ts) == one.thread.as_ref();
        (one, messages.filter(theirs).cloned().collect())
    });
    with_thread.collect()
}

/// A number from the environment, for a longer run than CI's.
pub fn figure(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|figure| figure.parse().ok()).unwrap_or(usual)
}

/// Small numbers from a seed, spread evenly.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()) as usize
    }
}
