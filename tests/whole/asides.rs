//! Risks snoozed and dismissed in Slack: from the menu beside a risk over the form to the next digests.

use serde_json::Value;
use twin::server::Shared;
use twin::world::Message;

use crate::company::Company;
use crate::schedules::Scene;
use crate::serving::{posts, wait};

/// Where a risk stands in what the bot posted: the message, and the menu beside it.
#[derive(Debug, Clone)]
struct Spot {
    ts: String,
    action: String,
    /// `01JD…:3`
    points_at: String,
}

fn risk(shared: &Shared, channel: &str, from: &str, key: &str) -> Option<Spot> {
    let world = shared.world();
    let messages = world.slack.channels[channel].messages.values();
    messages.filter(|message| message.ts.as_str() >= from).find_map(|message| {
        let blocks = message.blocks.as_ref()?.as_array()?;
        let of_key = |block: &&Value| {
            let text = block["text"]["text"].as_str().unwrap_or_default();
            let first = text.split(": ").next().unwrap_or_default();
            block["accessory"]["type"] == "overflow" && first.contains(key)
        };
        let menu = &blocks.iter().find(of_key)?["accessory"];
        let value = menu["options"][0]["value"].as_str()?;
        Some(Spot {
            ts: message.ts.clone(),
            action: menu["action_id"].as_str()?.to_owned(),
            points_at: value.strip_prefix("snooze:")?.to_owned(),
        })
    })
}

/// Everything that a digest says, its thread included.
fn said(company: &Company, channel: &str, digest: &Message) -> String {
    let thread = digest.thread_ts.clone().unwrap_or_else(|| digest.ts.clone());
    let of_digest = |message: &Message| message.ts >= digest.ts;
    let texts = company.twin.thread(channel, &thread).into_iter().filter(of_digest).map(|message| {
        let blocks = message.blocks.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |block: &Value| {
            let own = block["text"]["text"].as_str().unwrap_or_default();
            format!("{own}\n{}", block["elements"][0]["text"].as_str().unwrap_or_default())
        };
        blocks.iter().map(text).collect::<String>()
    });
    texts.collect()
}

struct Day {
    scene: Scene,
    _bot: caughtup::bot::Bot,
}

impl Day {
    async fn begin() -> Self {
        let scene = Scene::new().await;
        let bot = scene.serve().await;
        Self { scene, _bot: bot }
    }

    fn company(&self) -> &Company {
        &self.scene.company
    }

    /// The digest that somebody gets in their direct messages, whole.
    async fn check(&self, user: &str) -> (String, Message) {
        let twin = &self.company().twin;
        let dm = twin.dm(user);
        let before = posts(twin.shared(), &dm, "caughtup_digest").len();
        twin.says(user, &dm, "dct check", None);
        let there = |shared: &Shared| posts(shared, &dm, "caughtup_digest").get(before).cloned();
        let digest = wait(self.company(), "a digest", there).await;
        // The program's detail is its last part.
        let detail = |shared: &Shared| {
            let section = "Data Center Transition in detail";
            let parts = posts(shared, &dm, "caughtup_section");
            parts.into_iter().rfind(|part| part.ts > digest.ts && part.text.contains(section)).map(|_| ())
        };
        wait(self.company(), "its detail", detail).await;
        (dm, digest)
    }

    /// The menu beside a risk, pressed; and the form that it shows.
    async fn choose(&self, user: &str, channel: &str, spot: &Spot, what: &str) -> Value {
        let twin = &self.company().twin;
        let before = twin.shared().margin.modals().len();
        let value = format!("{what}:{}", spot.points_at);
        twin.press(user, (channel, &spot.ts), &spot.action, Some(&value)).expect("there is such a choice");
        let shown = |shared: &Shared| shared.margin.modals().get(before).cloned();
        wait(self.company(), "a form", shown).await.view
    }

    /// The answer in a conversation after the first so many.
    async fn answer(&self, channel: &str, nth: usize) -> Message {
        let look = |shared: &Shared| posts(shared, channel, "caughtup_reply").get(nth).cloned();
        wait(self.company(), "an answer", look).await
    }

    fn answers(&self, channel: &str) -> usize {
        posts(self.company().twin.shared(), channel, "caughtup_reply").len()
    }

    async fn send(&self, user: &str, channel: &str, values: &[(&str, &str)]) -> Message {
        let nth = self.answers(channel);
        self.company().twin.submit(user, values).unwrap();
        self.answer(channel, nth).await
    }

    fn risk(&self, channel: &str, from: &str, key: &str) -> Option<Spot> {
        risk(self.company().twin.shared(), channel, from, key)
    }
}

/// As a digest links it.
const KEY: &str = "|DCT-42>";

#[tokio::test]
async fn a_dismissed_risk_is_gone_until_its_facts_change() {
    let day = Day::begin().await;
    let (dana, marcus) = (day.company().cast.reader.clone(), day.company().cast.lead.clone());
    let (dm, first) = day.check(&dana).await;
    let spot = day.risk(&dm, "", KEY).expect("it stands among the risks");
    let form = day.choose(&dana, &dm, &spot, "dismiss").await;
    let told = form["blocks"][0]["text"]["text"].as_str().unwrap();
    assert!(told.contains("DCT-42"), "{told}");
    assert!(form.to_string().contains("everybody who reads Data Center Transition"), "{form}");

    // Without a reason Slack does not send it; with blanks it is sent, and comes back open.
    let twin = &day.company().twin;
    assert!(twin.submit(&dana, &[]).unwrap_err().contains("required"));
    twin.submit(&dana, &[("reason", "   ")]).unwrap();
    let wrong = |_: &Shared| twin.modal(&dana).filter(|modal| modal.errors.contains_key("reason"));
    wait(day.company(), "what is wrong with it", wrong).await;
    // Slack delivers what it is in doubt about again.
    twin.repeat_envelope(2);
    let answer = day.send(&dana, &dm, &[("reason", "known, vendor confirmed <!channel>")]).await;
    twin.repeat_envelope(1);
    assert_eq!(twin.modal(&dana), None, "it is closed");
    assert_eq!(answer.thread_ts, first.thread_ts, "in the digest's thread");
    assert!(answer.text.contains("DCT-42 is dismissed by Dana"), "{}", answer.text);
    assert!(!answer.text.contains("<!channel>"), "{}", answer.text);

    day.scene.move_to("2026-11-20T09:00:00Z").await;
    let (_, second) = day.check(&dana).await;
    assert!(day.risk(&dm, &second.ts, KEY).is_none(), "{}", said(day.company(), &dm, &second));
    let line = "1 risk is dismissed: DCT-42 (Dana: “known, vendor confirmed @channel”)";
    let whole = said(day.company(), &dm, &second);
    assert!(whole.contains(line), "{whole}");
    // It stays in the data that other programs read, and is everybody's who reads the program.
    let data = second.metadata.as_ref().unwrap().to_string();
    assert!(data.contains("DCT-42"), "{data}");
    let (other, theirs) = day.check(&marcus).await;
    assert!(day.risk(&other, &theirs.ts, KEY).is_none());
    assert!(said(day.company(), &other, &theirs).contains("DCT-42 (Dana: “"), "by whom and why");
    assert_eq!(day.answers(&dm), 1, "a form that is delivered twice counts once");

    let network = &day.company().cast.program_channels[1];
    twin.says(&marcus, network, "DCT-42 is blocked on the vendor until January now", None);
    day.scene.move_to("2026-11-20T10:00:00Z").await;
    let (_, third) = day.check(&dana).await;
    let whole = said(day.company(), &dm, &third);
    assert!(day.risk(&dm, &third.ts, KEY).is_some(), "{whole}");
    assert!(whole.contains("*back* · "), "{whole}");
    assert!(
        whole.contains("Dismissed by Dana on 20 Nov (“known, vendor confirmed @channel”); back because"),
        "{whole}"
    );
    assert!(!whole.contains("is dismissed:"), "{whole}");
    day.scene.company.finish();
}

#[tokio::test]
async fn a_snooze_ends_at_its_time_and_anybody_who_sees_the_risk_may_end_it_before() {
    let day = Day::begin().await;
    let cast = day.company().cast.clone();
    let (dana, marcus) = (cast.reader.clone(), cast.lead.clone());
    let (dm, _) = day.check(&dana).await;
    let spot = day.risk(&dm, "", KEY).unwrap();
    let form = day.choose(&dana, &dm, &spot, "snooze").await;
    let lasts: Vec<&str> = form["blocks"][1]["element"]["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| option["text"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(lasts, ["1 day", "3 days", "1 week", "Until something changes"]);
    let answer = day.send(&dana, &dm, &[("reason", "on it"), ("until", "3d")]).await;
    assert!(answer.text.contains("DCT-42 is snoozed by Dana until"), "{}", answer.text);

    // Everybody who may see it is told, and may end it: by its button, or in words.
    let list = day.scene.says(&marcus, &cast.digest_channel, "snoozed").await;
    assert!(
        list.contains("1. DCT-42") && list.contains("snoozed by Dana") && list.contains("“on it”"),
        "{list}"
    );
    let back = day.scene.says(&marcus, &cast.digest_channel, "unsnooze 1").await;
    assert!(back.contains("DCT-42 is back"), "{back}");
    day.company().twin.press(&dana, (&dm, &answer.ts), "back:risk", None).unwrap();
    let lines = |shared: &Shared| {
        let lines = shared.margin.ephemerals();
        lines.into_iter().find(|line| line.user == dana && line.text.contains("back already"))
    };
    wait(day.company(), "that it is back already", lines).await;
    day.scene.move_to("2026-11-20T09:00:00Z").await;
    let (_, second) = day.check(&dana).await;
    let spot = day.risk(&dm, &second.ts, KEY).expect("it is back");

    // Once more, and now until its time.
    day.choose(&dana, &dm, &spot, "snooze").await;
    let answer = day.send(&dana, &dm, &[("reason", "the vendor promised Monday"), ("until", "3d")]).await;
    day.scene.move_to("2026-11-23T08:59:00Z").await;
    let (_, third) = day.check(&dana).await;
    let whole = said(day.company(), &dm, &third);
    assert!(day.risk(&dm, &third.ts, KEY).is_none(), "{whole}");
    assert!(whole.contains("1 risk is snoozed: DCT-42 (Dana until today 09:"), "{whole}");
    day.scene.move_to("2026-11-23T09:30:00Z").await;
    let (_, fourth) = day.check(&dana).await;
    let whole = said(day.company(), &dm, &fourth);
    assert!(day.risk(&dm, &fourth.ts, KEY).is_some(), "{whole}");
    assert!(whole.contains("back because its time is over"), "{whole}");

    // Whoever has been told that it is back is not told again, and it stays.
    day.scene.move_to("2026-11-23T10:00:00Z").await;
    let (_, fifth) = day.check(&dana).await;
    let whole = said(day.company(), &dm, &fifth);
    assert!(day.risk(&dm, &fifth.ts, KEY).is_some() && !whole.contains("*back*"), "{whole}");
    drop(answer);
    day.scene.company.finish();
}

#[tokio::test]
async fn two_people_set_the_same_risk_aside_and_the_last_word_counts() {
    let day = Day::begin().await;
    let (dana, marcus) = (day.company().cast.reader.clone(), day.company().cast.lead.clone());
    let (dm, _) = day.check(&dana).await;
    let (other, _) = day.check(&marcus).await;
    let (mine, theirs) = (day.risk(&dm, "", KEY).unwrap(), day.risk(&other, "", KEY).unwrap());
    day.choose(&dana, &dm, &mine, "snooze").await;
    day.choose(&marcus, &other, &theirs, "dismiss").await;
    day.send(&dana, &dm, &[("reason", "later"), ("until", "change")]).await;
    day.send(&marcus, &other, &[("reason", "not ours")]).await;
    day.scene.move_to("2026-11-20T09:00:00Z").await;
    let (_, digest) = day.check(&dana).await;
    let whole = said(day.company(), &dm, &digest);
    assert!(whole.contains("1 risk is dismissed: DCT-42 (Marcus: “not ours”)"), "{whole}");
    assert!(!whole.contains("is snoozed"), "{whole}");
    day.scene.company.finish();
}

#[tokio::test]
async fn a_risk_is_set_aside_by_those_who_may_see_it_and_nobody_else_hears_of_it() {
    let day = Day::begin().await;
    let cast = day.company().cast.clone();
    let twin = &day.company().twin;
    let (dana, grace) = (cast.reader.clone(), cast.engineer.clone());
    let secret = "the escrow contract is blocked on outside counsel";
    twin.says(&dana, &cast.legal, secret, None);
    let (dm, _) = day.check(&dana).await;
    let spot = day.risk(&dm, "", "escrow").expect("an untracked blocker that she may see");

    let alone = |user: &str, words: &'static str| {
        let user = user.to_owned();
        move |shared: &Shared| {
            let lines = shared.margin.ephemerals();
            lines.into_iter().find(|line| line.user == user && line.text.contains(words)).map(|_| ())
        }
    };
    for (user, words) in
        [(&cast.guest, "can't help guests"), (&cast.outsider, "organisation"), (&grace, "not yours to see")]
    {
        let value = format!("dismiss:{}", spot.points_at);
        twin.press(user, (&dm, &spot.ts), &spot.action, Some(&value)).unwrap();
        wait(day.company(), words, alone(user, words)).await;
    }
    assert!(twin.shared().margin.modals().is_empty(), "no form for any of them");

    // Rights are looked up again when the form comes back: by then she is out of the channel.
    day.choose(&dana, &dm, &spot, "dismiss").await;
    let out = |inside: bool| {
        let mut world = twin.shared().world();
        let members = &mut world.slack.channels.get_mut(&cast.legal).unwrap().members;
        if inside {
            members.insert(dana.clone())
        } else {
            members.remove(&dana)
        };
    };
    out(false);
    twin.submit(&dana, &[("reason", "known")]).unwrap();
    wait(day.company(), "a refusal", alone(&dana, "not yours to see")).await;
    out(true);
    day.choose(&dana, &dm, &spot, "dismiss").await;
    let answer = day.send(&dana, &dm, &[("reason", "counsel signs on Monday")]).await;
    assert!(answer.text.contains("escrow"), "{}", answer.text);

    // She finds it in her list; in the open, and for who may not read the channel, there is no such thing.
    let list = day.scene.says(&dana, &cast.digest_channel, "snoozed").await;
    assert!(list.contains("escrow") && list.contains("counsel signs on Monday"), "{list}");
    let list = day.scene.says(&grace, &cast.digest_channel, "dismissed").await;
    assert!(list.contains("No risk that you can see"), "{list}");
    let list = day.scene.says(&grace, &cast.digest_channel, "bring back 1").await;
    assert!(list.contains("Nothing called 1"), "{list}");
    twin.press(&grace, (&dm, &answer.ts), "back:risk", None).unwrap();
    let lines = |shared: &Shared| {
        let lines = shared.margin.ephemerals();
        (lines.iter().filter(|line| line.user == grace && line.text.contains("not yours")).count() == 2)
            .then_some(())
    };
    wait(day.company(), "a second refusal", lines).await;
    day.scene.company.finish();
}
