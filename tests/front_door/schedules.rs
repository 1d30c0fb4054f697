//! Digests that nobody asked for: each slot once, whatever the clocks do and whoever dies.

use std::sync::atomic::Ordering;

use caughtup::domain::{Cron, RunId, Schedule};
use caughtup::store::{Bounds, Store};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use twin::faults::Fault;

use super::house::{DANA, DM, GENERAL, House};

/// The private channel, where a schedule of another time shows that the clock was looked at.
const ELSEWHERE: &str = "C0SECRET";

fn schedule(request: &str, cron: &str, zone: &str, channel: &str) -> Schedule {
    Schedule {
        name: format!("{request} in {channel}"),
        request: request.to_owned(),
        program: None,
        cron: Cron::new(cron, &TimeZone::get(zone).unwrap()).unwrap(),
        channel: channel.to_owned(),
        creator: Some(DANA.parse().unwrap()),
    }
}

async fn house(now: &str, schedules: &[Schedule]) -> (House, Store) {
    let house = House::at(now.parse().unwrap());
    let house = house.await;
    let store = house.store().await;
    for schedule in schedules {
        store.make_schedule(schedule, &RunId::new(house.clock.now())).await.unwrap();
    }
    (house, store)
}

impl House {
    /// Moves everybody's clock to an instant.
    fn move_to(&self, instant: &str) {
        let ahead = instant.parse::<Timestamp>().unwrap().duration_since(self.clock.now());
        assert!(ahead.is_positive(), "{instant} is over");
        self.clock.advance(ahead);
        self.twin.shared().world().clock.advance(ahead);
    }

    /// Waits until so many digests are in a channel and nothing is under way; then there are no more.
    async fn has(&self, store: &Store, channel: &str, digests: usize) {
        let there = || self.posts(channel, "caughtup_digest").len() >= digests;
        self.until(&format!("{digests} digests in {channel}"), there).await;
        self.at_rest(store).await;
        assert_eq!(self.posts(channel, "caughtup_digest").len(), digests, "{:#?}", self.twin.posts(channel));
        assert_eq!(self.posts(channel, "caughtup_section").len(), 2 * digests, "each whole");
        assert!(self.posts(channel, "caughtup_progress").is_empty(), "nobody waits for it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_last_sunday_of_october_a_slot_in_the_doubled_hour_fires_the_first_time() {
    let schedules = [
        schedule("full status", "30 1 * * *", "Europe/London", GENERAL),
        schedule("full status", "31 * * * *", "UTC", ELSEWHERE),
    ];
    let (house, store) = house("2026-10-24T23:50:00Z", &schedules).await;
    let _bot = house.bot().await;
    // 01:30 summer time.
    house.move_to("2026-10-25T00:30:05Z");
    house.has(&store, GENERAL, 1).await;
    let posted: f64 = house.posts(GENERAL, "caughtup_digest")[0].ts.parse().unwrap();
    assert!((0.0..60.0).contains(&(posted - 1_792_888_200.0)), "{posted} is not 00:30:00Z");
    // 01:30 again: the other schedule shows that it is over.
    house.move_to("2026-10-25T01:31:05Z");
    house.has(&store, ELSEWHERE, 1).await;
    assert_eq!(house.posts(GENERAL, "caughtup_digest").len(), 1);
    house.move_to("2026-10-26T01:30:05Z");
    house.has(&store, GENERAL, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_last_sunday_of_march_a_slot_in_the_missing_hour_fires_when_it_is_over() {
    let schedules = [
        schedule("full status", "30 1 * * *", "Europe/London", GENERAL),
        schedule("full status", "59 0 * * *", "UTC", ELSEWHERE),
    ];
    let (house, store) = house("2026-03-28T23:50:00Z", &schedules).await;
    let _bot = house.bot().await;
    house.move_to("2026-03-29T00:59:05Z");
    house.has(&store, ELSEWHERE, 1).await;
    assert!(house.posts(GENERAL, "caughtup_digest").is_empty());
    // From 01:00 on it is 02:00.
    house.move_to("2026-03-29T01:00:05Z");
    house.has(&store, GENERAL, 1).await;
    house.move_to("2026-03-30T00:30:05Z");
    house.has(&store, GENERAL, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_file_make_one_digest_of_a_slot() {
    let schedules = [
        schedule("full status", "30 8 * * *", "Europe/London", GENERAL),
        schedule("full status", "31 8 * * *", "Europe/London", ELSEWHERE),
    ];
    let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
    let (_one, _two) = (house.bot().await, house.bot().await);
    house.move_to("2026-11-23T08:30:01Z");
    house.has(&store, GENERAL, 1).await;
    house.move_to("2026-11-23T08:31:01Z");
    house.has(&store, ELSEWHERE, 1).await;
    assert_eq!(house.posts(GENERAL, "caughtup_digest").len(), 1);
    assert_eq!(house.runs.load(Ordering::SeqCst), 2, "each made once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_dies_between_the_claim_and_the_post_leaves_one_digest_to_the_next() {
    let schedules = [schedule("slow status", "30 8 * * *", "Europe/London", GENERAL)];
    let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
    let bot = house.bot().await;
    house.move_to("2026-11-23T08:30:01Z");
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    house.kill(bot).await;
    house.move_to("2026-11-23T08:31:01Z");
    house.gate.add_permits(9);
    let _bot = house.bot().await;
    house.has(&store, GENERAL, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_that_went_out_when_the_process_died_does_not_go_out_again() {
    let schedules = [schedule("full status", "30 8 * * *", "Europe/London", GENERAL)];
    let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
    house.twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 1);
    let bot = house.bot().await;
    house.move_to("2026-11-23T08:30:01Z");
    house.until("it is posted", || !house.posts(GENERAL, "caughtup_digest").is_empty()).await;
    house.kill(bot).await;
    house.move_to("2026-11-23T08:31:01Z");
    let _bot = house.bot().await;
    house.until("all is there", || house.posts(GENERAL, "caughtup_section").len() >= 2).await;
    house.has(&store, GENERAL, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_killed_and_is_taken_over_hours_later_is_skipped() {
    let schedules = [schedule("slow status", "30 8 * * *", "Europe/London", GENERAL)];
    let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
    let bot = house.bot().await;
    house.move_to("2026-11-23T08:30:01Z");
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    house.kill(bot).await;
    house.move_to("2026-11-23T11:30:01Z");
    house.gate.add_permits(9);
    let _bot = house.bot().await;
    house.at_rest(&store).await;
    assert!(house.twin.posts(GENERAL).is_empty());
    house.move_to("2026-11-24T08:30:01Z");
    house.has(&store, GENERAL, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_rests_or_is_deleted_is_not_posted() {
    let schedules = [
        schedule("full status", "30 8 * * *", "Europe/London", GENERAL),
        schedule("full status", "31 8 * * *", "Europe/London", ELSEWHERE),
    ];
    let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
    let number = store.schedule(&schedules[0].key()).await.unwrap().unwrap().number;
    store.pause_schedule(number, true).await.unwrap();
    let _bot = house.bot().await;
    house.move_to("2026-11-23T08:31:01Z");
    house.has(&store, ELSEWHERE, 1).await;
    // What was due while it rested is not made up for.
    store.pause_schedule(number, false).await.unwrap();
    house.move_to("2026-11-24T08:30:01Z");
    house.has(&store, GENERAL, 1).await;
    store.delete_schedule(number).await.unwrap();
    house.move_to("2026-11-25T08:31:01Z");
    house.has(&store, ELSEWHERE, 2).await;
    assert_eq!(house.posts(GENERAL, "caughtup_digest").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_fails_says_so_in_the_channel_once() {
    let schedules = [schedule("panic", "30 8 * * *", "Europe/London", GENERAL)];
    let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
    let _bot = house.bot().await;
    house.move_to("2026-11-23T08:30:01Z");
    house.until("it is said", || !house.posts(GENERAL, "caughtup_reply").is_empty()).await;
    house.at_rest(&store).await;
    let said = house.twin.posts(GENERAL);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].text.contains("“panic in C0GENERAL” could not be made"), "{}", said[0].text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_is_gone_shared_or_archived_is_told_to_the_schedules_maker_once() {
    for (what, said) in
        [("archived", "is archived"), ("left", "I'm not in"), ("shared", "other organisations")]
    {
        let schedules = [
            schedule("full status", "30 8 * * *", "Europe/London", GENERAL),
            schedule("full status", "31 8 * * *", "Europe/London", ELSEWHERE),
        ];
        let (house, store) = house("2026-11-23T08:00:00Z", &schedules).await;
        let change = |bad: bool| {
            let mut world = house.twin.shared().world();
            let channel = world.slack.channels.get_mut(GENERAL).unwrap();
            match what {
                "archived" => channel.is_archived = bad,
                "shared" => channel.is_ext_shared = bad,
                _ if bad => drop(channel.members.remove("U0SMALLBOT")),
                _ => drop(channel.members.insert("U0SMALLBOT".to_owned())),
            }
        };
        change(true);
        let _bot = house.bot().await;
        house.move_to("2026-11-23T08:31:01Z");
        house.has(&store, ELSEWHERE, 1).await;
        house.until("its maker is told", || !house.posts(DM, "caughtup_reply").is_empty()).await;
        house.move_to("2026-11-24T08:31:01Z");
        house.has(&store, ELSEWHERE, 2).await;
        let told = house.twin.posts(DM);
        assert_eq!(told.len(), 1, "{what}: {told:#?}");
        assert!(told[0].text.contains(said), "{}", told[0].text);
        assert!(house.twin.posts(GENERAL).is_empty(), "{what}");
        assert_eq!(house.runs.load(Ordering::SeqCst), 2, "nothing is read for nobody");
        // The schedule stays.
        change(false);
        house.move_to("2026-11-25T08:30:01Z");
        house.has(&store, GENERAL, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_of_the_file_finds_its_channel_by_name() {
    let (house, store) = house("2026-11-23T08:00:00Z", &[]).await;
    let mut morning = schedule("full status", "30 8 * * *", "Europe/London", "#general");
    morning.creator = None;
    store.declare_schedules(&[morning]).await.unwrap();
    let _bot = house.bot().await;
    house.move_to("2026-11-23T08:30:01Z");
    house.has(&store, GENERAL, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_is_due_while_the_queue_is_full_is_neither_refused_nor_lost() {
    let schedules = [schedule("full status", "30 8 * * *", "Europe/London", GENERAL)];
    let (mut house, store) = house("2026-11-23T08:29:57Z", &schedules).await;
    (house.jobs_at_once, house.bounds) = (Some(1), Bounds { all: 1, person: 1 });
    let bot = house.bot().await;
    let (omar, lien) = (house.twin.dm("U0OMAR"), house.twin.dm("U0LIEN"));
    house.twin.says("U0OMAR", &omar, "slow status", None);
    house.until("it works", || house.runs.load(Ordering::SeqCst) == 1).await;
    let waits = house.twin.says(DANA, DM, "full status", None);
    let ready = async |count: i64| {
        while store.job_counts().await.unwrap().ready < count {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    ready(1).await;
    house.twin.says("U0LIEN", &lien, "full status", None);
    house.until("a third is refused", || house.posts(&lien, "caughtup_reply").len() == 1).await;

    let due = "2026-11-23T08:30:01Z";
    // On a busy machine it may be that late already.
    if house.clock.now() < due.parse().unwrap() {
        house.move_to(due);
    }
    // Whoever waits is told so, and does not count as waiting for that moment.
    house.until("she is told that she waits", || house.posts(DM, "caughtup_progress").len() == 1).await;
    ready(2).await;
    assert!(house.twin.posts(GENERAL).is_empty(), "nobody is told that there is no room");
    house.twin.says("U0LIEN", &lien, "full status", None);
    house.until("a person still is", || house.posts(&lien, "caughtup_reply").len() == 2).await;

    house.gate.add_permits(9);
    house.has(&store, GENERAL, 1).await;
    house.one_digest(DM, Some(&waits));
    assert_eq!(house.posts(&omar, "caughtup_digest").len(), 1);
    assert!(house.posts(&lien, "caughtup_digest").is_empty());
    bot.stop().await;
}
