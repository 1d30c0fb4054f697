//! What is kept of channels: how little is read again, and that nothing is missed or kept for it.

use std::collections::BTreeMap;
use std::time::Duration;

use caughtup::config::StoreUrl;
use caughtup::store::Store;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use twin::server::Options;
use twin::story;
use twin::world::{Channel, Message, World};

use crate::company::{Company, clock, now, record};
use crate::serving::Served;

const CHANNELS: usize = 30;

fn id(number: usize) -> String {
    format!("C0WARM{number:04}")
}

/// The story's people, and thirty channels in which something is said; one in three has a thread. The bot is in no
/// other: the story has more threads than Slack allows calls for in one digest.
fn talkative(now: Timestamp) -> World {
    let mut world = story::company(now);
    let people: Vec<String> = world.people.iter().map(|person| person.id.clone()).collect();
    let bot = world.slack.bot_user.clone();
    for channel in world.slack.channels.values_mut().filter(|channel| !channel.is_im) {
        channel.members.remove(&bot);
    }
    for number in 0..CHANNELS {
        let ts = |minutes: i64| {
            let at = now - SignedDuration::from_mins(minutes);
            format!("{}.{:06}", at.as_second(), number + 1)
        };
        let mut messages = BTreeMap::new();
        for minutes in [60_i64, 50, 40, 30] {
            let text = format!("Rack {number} stands, {minutes} minutes ago");
            let user = Some(story::cast().engineer);
            let message = Message { ts: ts(minutes), user, text, ..Message::default() };
            messages.insert(message.ts.clone(), message);
        }
        if number % 3 == 0 {
            let root = ts(50);
            messages.get_mut(&root).unwrap().thread_ts = Some(root.clone());
            let text = format!("Cabling of rack {number} is done");
            let user = Some(story::cast().lead);
            let reply = Message { ts: ts(45), thread_ts: Some(root), user, text, ..Message::default() };
            messages.insert(reply.ts.clone(), reply);
        }
        let channel = Channel {
            id: id(number),
            name: format!("warm-{number}"),
            created: (now - SignedDuration::from_hours(24 * 40)).as_second(),
            creator: story::cast().lead,
            members: people.iter().cloned().collect(),
            messages,
            ..Channel::default()
        };
        world.slack.channels.insert(channel.id.clone(), channel);
    }
    world
}

async fn thirty_channels() -> Company {
    let options = Options { record: record(), ..Options::default() };
    Company::of(talkative(now()), options).await.channels((0..CHANNELS).map(id))
}

/// Calls to a method of Slack's so far.
fn calls(company: &Company, method: &str) -> usize {
    company.twin.shared().ledger.calls("slack", method).len()
}

/// Reads of channels so far: pages of history, and of threads.
fn reads(company: &Company) -> (usize, usize) {
    (calls(company, "conversations.history"), calls(company, "conversations.replies"))
}

/// A digest, and what of channels was read for it.
async fn read(company: &Company, reader: &str) -> (Value, (usize, usize)) {
    let before = reads(company);
    let digest = company.digest("get me caught up since yesterday", reader).await;
    let after = reads(company);
    (digest, (after.0 - before.0, after.1 - before.1))
}

async fn store(company: &Company) -> Store {
    Store::open(&StoreUrl::Sqlite(company.path("caughtup.db")), clock()).await.unwrap()
}

/// What is kept of a channel, as text.
async fn kept(store: &Store, channel: &str) -> Option<String> {
    let scan = store.get_scan(channel).await.unwrap()?;
    Some(String::from_utf8(scan.bytes).unwrap())
}

/// Waits until something is so of what is kept.
async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), waiting).await.is_ok(), "never: {what}");
}

async fn until_kept(store: &Store, channel: &str, words: &str, there: bool) {
    until(&format!("{words} kept: {there}"), async || {
        kept(store, channel).await.is_some_and(|text| text.contains(words)) == there
    })
    .await;
}

/// What is told of all that was said, whoever said it.
fn told(digest: &Value) -> String {
    digest["evidence"].to_string()
}

#[tokio::test]
async fn once_the_bot_listens_nothing_is_read_twice() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let reader = company.cast.reader.clone();
    let (cold, reads_cold) = read(&company, &reader).await;
    assert!(reads_cold.0 >= CHANNELS && reads_cold.1 >= CHANNELS / 3, "{reads_cold:?}");
    let (warm, reads_warm) = read(&company, &reader).await;
    assert_eq!(reads_warm, (0, 0), "all that has happened since was heard");
    assert_eq!(warm["coverage"]["channels"], cold["coverage"]["channels"]);
    assert_eq!(warm["coverage"]["messages"], cold["coverage"]["messages"]);
    assert_eq!(told(&warm), told(&cold));

    let (_, other) = read(&company, &company.cast.lead.clone()).await;
    assert_eq!(other.1, 0, "{other:?}");
    served.terminate().await;
    company.finish();
}

#[tokio::test]
async fn people_who_ask_at_once_have_a_channel_read_once() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let cast = company.cast.clone();
    let people = [&cast.reader, &cast.lead, &cast.engineer];
    for person in people {
        company.twin.says(person, &company.twin.dm(person), "get me caught up since yesterday", None);
    }
    for person in people {
        company.wait_for_digests(&company.twin.dm(person), 1).await;
    }
    let pages = company.twin.shared().ledger.calls("slack", "conversations.history");
    let newest = |channel: &str| {
        let of_it = |(name, value): &(String, String)| name == "channel" && value == channel;
        let since = |(name, _): &(String, String)| name == "oldest";
        pages.iter().filter(|page| page.query.iter().any(of_it) && page.query.iter().any(since)).count()
    };
    for number in 0..CHANNELS {
        assert_eq!(newest(&id(number)), 1, "warm-{number}");
    }
    served.terminate().await;
    company.finish();
}

#[tokio::test]
async fn what_is_said_edited_deleted_answered_and_approved_is_heard_and_needs_no_reading() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let cast = company.cast.clone();
    let store = store(&company).await;
    let (_, cold) = read(&company, &cast.reader).await;
    assert!(cold.0 >= CHANNELS);

    let twin = &company.twin;
    let blocked =
        twin.says(&cast.engineer, &id(1), "We are blocked by the switches, DCT-1 cannot go on", None);
    let edited = twin.says(&cast.engineer, &id(2), "We are blocked by nothing at all", None);
    twin.edit(&id(2), &edited, "We are blocked by the vendor's late delivery of optics");
    let deleted = twin.says(&cast.engineer, &id(4), "We are blocked by hunter2", None);
    until_kept(&store, &id(4), "hunter2", true).await;
    twin.delete(&id(4), &deleted);
    let reply = twin.says(&cast.lead, &id(1), "The switches arrive on Friday", Some(&blocked));
    twin.react(&cast.lead, &id(1), &reply, "white_check_mark");
    twin.react(&cast.reader, &id(1), &blocked, "eyes");
    twin.unreact(&cast.reader, &id(1), &blocked, "eyes");
    until_kept(&store, &id(1), "white_check_mark", true).await;
    until_kept(&store, &id(2), "late delivery of optics", true).await;
    until_kept(&store, &id(4), "hunter2", false).await;

    let (warm, reads_warm) = read(&company, &cast.reader).await;
    assert_eq!(reads_warm, (0, 0));
    let evidence = told(&warm);
    assert!(evidence.contains("late delivery of optics"), "{evidence}");
    assert!(!evidence.contains("order of switches"), "it was answered and approved: {evidence}");
    assert!(!evidence.contains("nothing at all") && !evidence.contains("hunter2"));

    // As if it had all been read.
    store.forget_scans_except(&std::collections::BTreeSet::new()).await.unwrap();
    let (fresh, again) = read(&company, &cast.reader).await;
    assert!(again.0 >= CHANNELS);
    assert_eq!(warm["coverage"]["messages"], fresh["coverage"]["messages"]);
    assert_eq!(evidence, told(&fresh));
    served.terminate().await;
    company.finish();
}

#[tokio::test]
async fn a_gap_is_noticed_and_only_what_is_new_is_read() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let cast = company.cast.clone();
    read(&company, &cast.reader).await;
    assert_eq!(read(&company, &cast.reader).await.1, (0, 0));

    let store = store(&company).await;
    let epoch = store.listening().await.unwrap();
    assert!(epoch.is_some());
    company.twin.drop_sockets();
    until("a gap is noticed", async || {
        let now = store.listening().await.unwrap();
        now.is_some() && now != epoch
    })
    .await;
    let (_, after_a_cut) = read(&company, &cast.reader).await;
    assert_eq!(after_a_cut, (CHANNELS, 0), "one page of each, and no thread has grown");
    // Each of the sockets was cut, and may have been noticed by itself.
    until("the gap is filled", async || read(&company, &cast.reader).await.1 == (0, 0)).await;

    // Nobody listens, and something is said.
    served.kill().await;
    company.twin.drop_sockets();
    company.twin.shared().sockets.subscribe(&[]);
    let root = company.twin.says(
        &cast.engineer,
        &id(5),
        &format!("<@{}> could you have the lift repaired?", cast.reader),
        None,
    );
    company.twin.says(&cast.lead, &id(5), "It is repaired tomorrow", Some(&root));
    let served = Served::start(&company).await;
    let (digest, after_a_restart) = read(&company, &cast.reader).await;
    assert_eq!(after_a_restart, (CHANNELS, 1), "the one thread that is new");
    assert!(told(&digest).contains("the lift repaired"));
    served.terminate().await;
    company.finish();
}

#[tokio::test]
async fn nothing_is_kept_of_channels_that_the_bot_has_left() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let cast = company.cast.clone();
    let store = store(&company).await;
    read(&company, &cast.reader).await;
    for number in 7..10 {
        assert!(kept(&store, &id(number)).await.is_some());
    }
    company.twin.kick(&cast.lead, &id(7), &cast.bot);
    company.twin.archive(&cast.lead, &id(8));
    for number in [7, 8] {
        until("it is forgotten", async || kept(&store, &id(number)).await.is_none()).await;
    }
    // Nobody hears it, but the next run does not find it among its channels.
    served.terminate().await;
    company.twin.kick(&cast.lead, &id(9), &cast.bot);
    let (_, reads_after) = read(&company, &cast.reader).await;
    assert!(reads_after.0 > 0);
    assert!(kept(&store, &id(9)).await.is_none());
    company.finish();
}

#[tokio::test]
async fn a_person_who_was_taken_out_of_a_private_channel_gets_nothing_of_what_is_kept_of_it() {
    let mut world = talkative(now());
    let private = world.slack.channels.get_mut(&id(3)).unwrap();
    private.is_private = true;
    let words = format!("<@{}> could you approve the secret merger?", story::cast().reader);
    for message in private.messages.values_mut().filter(|message| message.thread_ts.is_none()) {
        message.text.clone_from(&words);
    }
    let options = Options { record: record(), ..Options::default() };
    let company = Company::of(world, options).await.channels((0..CHANNELS).map(id));
    let served = Served::start(&company).await;
    let cast = company.cast.clone();
    let (before, _) = read(&company, &cast.reader).await;
    assert!(told(&before).contains("secret merger"));
    company.twin.kick(&cast.lead, &id(3), &cast.reader);
    let (after, reads_after) = read(&company, &cast.reader).await;
    assert_eq!(reads_after, (0, 0), "the rest is warm");
    assert!(!after.to_string().contains("merger"), "{after}");
    assert!(kept(&store(&company).await, &id(3)).await.is_some(), "others may still read it");
    served.terminate().await;
    company.finish();
}

#[tokio::test]
async fn two_processes_that_ask_at_once_read_a_channel_once() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let reader = company.cast.reader.clone();
    let ask = ["run", "get me caught up since yesterday", "--as", &reader, "--format", "json"];
    // Both have their configuration before either begins to read it.
    let (mut one, mut two) = (company.command(&ask), company.command(&ask));
    let (one, two) = tokio::join!(one.output(), two.output());
    let digest = |output: std::io::Result<std::process::Output>| -> Value {
        serde_json::from_slice(&output.unwrap().stdout).unwrap()
    };
    let (one, two) = (digest(one), digest(two));
    let mut per_channel: BTreeMap<String, usize> = BTreeMap::new();
    for call in company.twin.shared().ledger.calls("slack", "conversations.history") {
        // The page before the scope is another one.
        if call.query.iter().any(|(name, _)| name == "oldest") {
            let channel = call.query.iter().find(|(name, _)| name == "channel").unwrap().1.clone();
            *per_channel.entry(channel).or_default() += 1;
        }
    }
    assert!(per_channel.values().all(|count| *count == 1), "{per_channel:?}");
    assert_eq!(one["coverage"]["messages"], two["coverage"]["messages"]);
    served.terminate().await;
    company.finish();
}

/// An import or a bulk action: Slack tells that history was changed, and not in which channel.
#[tokio::test]
async fn nothing_is_kept_of_a_history_that_was_changed_at_large() {
    let company = thirty_channels().await;
    let served = Served::start(&company).await;
    let cast = company.cast.clone();
    let store = store(&company).await;
    read(&company, &cast.reader).await;
    until_kept(&store, &id(2), "60 minutes ago", true).await;
    let newest = {
        let world = company.twin.shared().world();
        world.slack.channels[&id(2)].messages.keys().next_back().unwrap().clone()
    };
    company.twin.retain(&id(2), &newest);
    company.twin.history_changed(&id(2), &newest);
    until("its words are gone", async || {
        kept(&store, &id(2)).await.is_none_or(|text| !text.contains("60 minutes ago"))
    })
    .await;
    let (_, again) = read(&company, &cast.reader).await;
    assert!(again.0 > 0, "{again:?}");
    until_kept(&store, &id(2), "30 minutes ago", true).await;
    until_kept(&store, &id(2), "60 minutes ago", false).await;
    served.terminate().await;
    company.finish();
}

/// A retention policy, of which nobody is told, takes what is too far back to be looked at again.
#[tokio::test]
async fn what_a_retention_policy_has_taken_is_not_kept_beyond_the_next_reading() {
    let now = now();
    let mut world = talkative(now);
    let channel = world.slack.channels.get_mut(&id(2)).unwrap();
    let ts = |number: i64| {
        let at = now - SignedDuration::from_mins(10 * (700 - number));
        format!("{}.{:06}", at.as_second(), 500)
    };
    for number in 0..600 {
        let (user, text) = (Some(story::cast().engineer), format!("Entry {number:04} of the log"));
        channel.messages.insert(ts(number), Message { ts: ts(number), user, text, ..Message::default() });
    }
    let options = Options { record: record(), ..Options::default() };
    let company = Company::of(world, options).await.channels([id(2)]);
    let reader = company.cast.reader.clone();
    read(&company, &reader).await;
    let store = store(&company).await;
    until_kept(&store, &id(2), "Entry 0000", true).await;
    let of_it = |company: &Company| {
        let pages = company.twin.shared().ledger.calls("slack", "conversations.history");
        pages.iter().filter(|page| page.query.iter().any(|(_, value)| *value == id(2))).count()
    };
    let before = of_it(&company);
    read(&company, &reader).await;
    assert_eq!(of_it(&company) - before, 2, "the newest page, and whether the oldest message is still there");

    company.twin.retain(&id(2), &ts(50));
    read(&company, &reader).await;
    let text = kept(&store, &id(2)).await.unwrap();
    assert!(!text.contains("Entry 0000") && !text.contains("Entry 0049"), "it is gone in Slack");
    assert!(text.contains("Entry 0050") && text.contains("Entry 0599"), "and nothing else is");
    company.finish();
}
