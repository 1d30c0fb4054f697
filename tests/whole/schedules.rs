//! Schedules, with the true team lead on the story: made by talking, posted when due, silent where they must be.

use caughtup::app::App;
use caughtup::bot::Bot;
use caughtup::config::Config;
use caughtup::domain::Clock;
use jiff::Timestamp;
use twin::server::{Options, Shared};
use twin::story;
use twin::world::Message;

use crate::company::Company;
use crate::serving::{at_rest, idle, posts, wait, whole};

/// A Friday, 8:00 in London.
const MORNING: &str = "2026-11-20T08:00:00Z";

/// A company on a morning of ours, and the bot in this process, with a clock that a test moves.
pub struct Scene {
    pub company: Company,
    pub clock: Clock,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(|_| {}, "").await
    }

    /// With another story, and more in the configuration's file.
    pub async fn with(change: impl FnOnce(&mut twin::world::World), tables: &str) -> Self {
        let now: Timestamp = MORNING.parse().unwrap();
        let mut world = story::company(now);
        change(&mut world);
        let company = Company::of(world, Options::recorded()).await.with_tables(tables);
        Self { company, clock: Clock::starting_at(now) }
    }

    /// The bot in this process, with its own clock, as `caughtup serve` starts it.
    pub async fn serve(&self) -> Bot {
        let api = self.company.twin.slack_api_url();
        let env = |name: &str| {
            let value = match name {
                "SLACK_API_URL" => api.as_str(),
                "SLACK_BOT_TOKEN" => story::cast::BOT_TOKEN,
                "SLACK_APP_TOKEN" => story::cast::APP_TOKEN,
                "ATLASSIAN_EMAIL" => story::cast::ATLASSIAN_EMAIL,
                "ATLASSIAN_API_TOKEN" => story::cast::ATLASSIAN_TOKEN,
                _ => return None,
            };
            Some(value.to_owned())
        };
        let config = Config::load(&self.company.configuration(), &env).unwrap();
        let app = App::build(config, self.clock.clone()).await.unwrap();
        let bot = app.serve(caughtup::bot::Role::All).await.unwrap();
        let twin = &self.company.twin;
        let open = |shared: &Shared| (shared.sockets.connections() > 0).then_some(());
        twin.wait_for("the bot to connect", open).await.unwrap();
        bot
    }

    /// Moves everybody's clock, once what is under way has ended: work that the clock runs away from is given to another.
    pub async fn move_to(&self, instant: &str) {
        idle(&self.company, &self.clock).await;
        let ahead = instant.parse::<Timestamp>().unwrap().duration_since(self.clock.now());
        assert!(ahead.is_positive(), "{instant} is over");
        self.clock.advance(ahead);
        self.company.twin.shared().world().clock.advance(ahead);
    }

    /// What somebody is answered in their direct messages when they type a command in a channel.
    pub async fn says(&self, user: &str, channel: &str, text: &str) -> String {
        let dm = self.company.twin.dm(user);
        let before = posts(self.company.twin.shared(), &dm, "caughtup_reply").len();
        self.company.twin.slash(user, channel, &format!("/caughtup {text}"));
        let reply = |shared: &Shared| posts(shared, &dm, "caughtup_reply").get(before).cloned();
        wait(&self.company, text, reply).await.text
    }

    async fn digests(&self, count: usize) -> Vec<Message> {
        let here = &self.company.cast.digest_channel;
        let there = |shared: &Shared| {
            let found = posts(shared, here, "caughtup_digest");
            (found.len() >= count).then_some(found)
        };
        wait(&self.company, "digests in the channel", there).await
    }
}

fn blocks(message: &Message) -> String {
    message.blocks.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_is_made_by_talking_and_posts_for_its_channel_what_changed_since_its_last_one() {
    let mut scene = Scene::new().await;
    // So few that Slack's limits let every thread be read within the minute that this test takes: what is
    // left out of one digest and not of the next is a change.
    scene.company = scene.company.channels(["#dct-program", "#dct-network"]);
    let _bot = scene.serve().await;
    let (dana, here) = (scene.company.cast.reader.clone(), scene.company.cast.digest_channel.clone());
    let channel = format!("schedule dct check weekdays 8:30 in <#{here}|dct-program> called Morning");
    let made = scene.says(&dana, &scene.company.cast.standup_channel, &channel).await;
    assert!(made.contains("“Morning” is schedule 1: weekdays 08:30 Europe/London in #dct-program"), "{made}");
    assert!(made.contains("first comes today 08:30"), "{made}");
    assert!(scene.company.twin.posts(&here).is_empty(), "nothing is posted before it is due");

    scene.move_to("2026-11-20T08:30:01Z").await;
    let first = scene.digests(1).await.remove(0);
    at_rest(&scene.company, 2).await;
    let shared = scene.company.twin.shared();
    let sections = posts(shared, &here, "caughtup_section");
    assert!(!sections.is_empty() && sections.iter().all(|one| one.thread_ts.as_ref() == Some(&first.ts)));
    assert!(!blocks(&first).contains("Needs you") && !blocks(&first).contains("your last digest"));
    assert!(!blocks(&first).contains("Late:"), "{}", blocks(&first));
    assert!(posts(shared, &here, "caughtup_progress").is_empty());
    let payload = first.metadata.as_ref().unwrap()["event_payload"].clone();
    assert_eq!(
        (&payload["programs"], &payload["workflow"]),
        (&serde_json::json!(["dct"]), &serde_json::json!("program-monitor"))
    );

    // Asked for at once: nothing has changed since, and that is one line.
    let runs = scene.says(&dana, &here, "run now morning").await;
    assert!(runs.contains("on its way to #dct-program"), "{runs}");
    let second = scene.digests(2).await.remove(1);
    at_rest(&scene.company, 4).await;
    assert!(second.text.starts_with("Nothing changed since today 08:30: "), "{}", second.text);
    assert!(
        second.text.contains(" channels, ") && second.text.contains(" known risks stand"),
        "{}",
        second.text
    );
    assert!(!second.text.contains('\n'));
    assert_eq!(posts(shared, &here, "caughtup_section").len(), sections.len(), "and nothing in its thread");
    let known = &second.metadata.as_ref().unwrap()["event_payload"]["findings"];
    // A date that slipped was news of the first one's window.
    let lasting = |findings: &serde_json::Value| -> Vec<serde_json::Value> {
        let all = findings.as_array().unwrap().iter();
        all.filter(|finding| finding["rule"] != "slipped-date").cloned().collect()
    };
    assert_eq!(lasting(known), lasting(&payload["findings"]));

    // Not on Saturday and Sunday; on Monday what is new comes first, and what stands is a count.
    scene.company.twin.says(
        &scene.company.cast.lead,
        &here,
        "Blocked: the customs broker has not released the racks, nobody can rack anything",
        None,
    );
    scene.move_to("2026-11-23T08:30:01Z").await;
    let third = scene.digests(3).await.remove(2);
    at_rest(&scene.company, 5).await;
    let said = blocks(&third);
    assert!(said.contains("since Fri 08:30, the last digest"), "{said}");
    assert!(said.contains("*new*") && said.contains("customs broker"), "{said}");
    assert!(said.contains("stand as before"), "{said}");
    scene.company.finish();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schedules_are_listed_paused_resumed_and_deleted() {
    let scene = Scene::new().await;
    let _bot = scene.serve().await;
    let (dana, lead) = (scene.company.cast.reader.clone(), scene.company.cast.lead.clone());
    let (here, exec) = (scene.company.cast.digest_channel.clone(), scene.company.cast.exec.clone());
    let none = scene.says(&dana, &here, "schedules").await;
    assert!(none.contains("no schedules"), "{none}");
    scene.says(&dana, &here, "schedule dct check weekdays 8:30 here").await;
    let hidden = scene.says(&lead, &exec, "schedule dct check every monday at 9am").await;
    assert!(hidden.starts_with("Done:"), "{hidden}");
    let list = scene.says(&dana, &here, "schedules").await;
    assert!(list.contains("1. “dct check”: weekdays 08:30 Europe/London in #dct-program"), "{list}");
    assert!(list.contains("next today 08:30") && list.contains("by Dana"), "{list}");
    assert!(!list.contains("2."), "a channel that she is not in has no schedules for her: {list}");
    let other = scene.says(&dana, &here, "pause 2").await;
    assert!(other.contains("I know no schedule"), "{other}");
    assert!(scene.says(&lead, &exec, "schedules").await.contains("2. “dct check”: Monday 09:00"));

    assert!(scene.says(&dana, &here, "pause dct check").await.contains("is paused"));
    assert!(scene.says(&dana, &here, "schedules").await.contains("· paused ·"));
    assert!(scene.says(&dana, &here, "resume 1").await.contains("goes on: next today 08:30"));
    assert!(scene.says(&dana, &here, "delete 1").await.contains("is deleted"));
    assert!(scene.says(&dana, &here, "schedules").await.contains("no schedules"));
    scene.company.finish();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_or_was_not_understood_is_told_and_nothing_is_scheduled() {
    let cast = story::cast::cast();
    let outside = cast.engineer.clone();
    let remove = |world: &mut twin::world::World| {
        for channel in world.slack.channels.values_mut().filter(|channel| !channel.is_im) {
            channel.members.remove(&outside);
        }
    };
    let scene = Scene::with(remove, "").await;
    let _bot = scene.serve().await;
    let (dana, here) = (&cast.reader, &cast.digest_channel);
    for (user, said, answer) in [
        (
            &cast.engineer,
            format!("schedule dct check weekdays 8:30 in <#{here}>"),
            "Only members of #dct-program",
        ),
        (&cast.guest, format!("schedule dct check weekdays 8:30 in <#{here}>"), "can't help guests"),
        (&cast.guest, "schedules".to_owned(), "can't help guests"),
        (dana, format!("schedule dct check every weekday morning in <#{here}>"), "At what time?"),
        (dana, format!("schedule dct check weekdays at 9 in <#{here}>"), "In the morning or in the evening?"),
        (dana, format!("schedule zebra check weekdays 8:30 in <#{here}>"), "zebra"),
        (dana, format!("schedule what needs me weekdays 8:30 in <#{here}>"), "for your eyes only"),
        (dana, format!("schedule dct check weekdays 8:30 in <#{}>", cast.without_bot), "/invite @caughtup"),
        (dana, format!("schedule dct check weekdays 8:30 in <#{}>", cast.exec), "I can't see that channel"),
        (
            dana,
            "schedule dct check weekdays 8:30 in #nowhere-at-all".to_owned(),
            "I can't see #nowhere-at-all",
        ),
    ] {
        let reply = scene.says(user, here, &said).await;
        assert!(reply.contains(answer), "{said}: {reply}");
    }
    // Marcus is a member and may not publish.
    let writes = scene.says(&cast.lead, here, "schedule update all confluence weekdays 8:30 here").await;
    assert!(!writes.contains("Done:"), "{writes}");
    assert!(scene.says(dana, here, "schedules").await.contains("no schedules"));
    assert!(scene.company.twin.posts(here).is_empty());
    scene.company.finish();
}

const OF_THE_FILE: &str = r##"
[[schedule]]
name = "dct morning digest"
workflow = "program-monitor"
program = "dct"
cron = "30 8 * * *"
timezone = "Europe/London"
channel = "#dct-program"
"##;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_was_missed_an_hour_ago_is_posted_late_with_a_word_about_it() {
    let scene = Scene::with(|_| {}, OF_THE_FILE).await;
    scene.serve().await.stop().await;
    scene.move_to("2026-11-20T09:30:00Z").await;
    let _bot = scene.serve().await;
    let digest = scene.digests(1).await.remove(0);
    at_rest(&scene.company, 1).await;
    assert!(digest.text.starts_with("Late: this was due today 08:30"), "{}", digest.text);
    assert!(blocks(&digest).contains("_Late: this was due today 08:30"), "{}", blocks(&digest));
    whole(
        &digest,
        &posts(scene.company.twin.shared(), &scene.company.cast.digest_channel, "caughtup_section"),
        "program-monitor",
    );
    // The file's can be paused here, and taken away only there.
    let (dana, here) = (&scene.company.cast.reader, &scene.company.cast.digest_channel);
    assert!(scene.says(dana, here, "delete dct morning digest").await.contains("configuration file"));
    let list = scene.says(dana, here, "schedules").await;
    assert!(
        list.contains("“dct morning digest”: every day 08:30") && list.contains("from the configuration"),
        "{list}"
    );
    scene.company.finish();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_was_missed_three_hours_ago_is_skipped() {
    let scene = Scene::with(|_| {}, OF_THE_FILE).await;
    scene.serve().await.stop().await;
    scene.move_to("2026-11-20T11:30:00Z").await;
    let _bot = scene.serve().await;
    scene.move_to("2026-11-21T08:30:01Z").await;
    let digests = scene.digests(1).await;
    at_rest(&scene.company, 1).await;
    assert_eq!(digests.len(), 1);
    assert!(!digests[0].text.contains("Late:"), "{}", digests[0].text);
    scene.company.finish();
}
