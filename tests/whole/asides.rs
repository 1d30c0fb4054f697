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

fn risk(shared: &Shared, channel: &str, after: &str, key: &str) -> Option<Spot> {
    let world = shared.world();
    let messages = world.slack.channels[channel].messages.values();
    let found = messages.filter(|message| message.ts.as_str() > after).find_map(|message| {
        let blocks = message.blocks.as_ref()?.as_array()?;
        let of_key = |block: &&Value| {
            let text = block["text"]["text"].as_str().unwrap_or_default();
            let first = text.split(": ").next().unwrap_or_default();
            block["accessory"]["type"] == "overflow" && first.contains(&format!("|{key}>"))
        };
        let menu = &blocks.iter().find(of_key)?["accessory"];
        let value = menu["options"][0]["value"].as_str()?;
        Some(Spot {
            ts: message.ts.clone(),
            action: menu["action_id"].as_str()?.to_owned(),
            points_at: value.strip_prefix("snooze:")?.to_owned(),
        })
    });
    found
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
        // The program's detail is its last part: by then it is recorded, or will be before the next.
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

    fn risk(&self, channel: &str, after: &str, key: &str) -> Option<Spot> {
        risk(self.company().twin.shared(), channel, after, key)
    }
}

const KEY: &str = "DCT-42";

#[tokio::test]
async fn a_dismissed_risk_is_gone_until_its_facts_change() {
    let day = Day::begin().await;
    let (dana, marcus) = (day.company().cast.reader.clone(), day.company().cast.lead.clone());
    let (dm, first) = day.check(&dana).await;
    let spot = day.risk(&dm, "", KEY).expect("it stands among the risks");
    let form = day.choose(&dana, &dm, &spot, "dismiss").await;
    let told = form["blocks"][0]["text"]["text"].as_str().unwrap();
    assert!(told.contains(KEY), "{told}");
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

    day.scene.move_to("2026-11-20T09:00:00Z");
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

    twin.shared().world().assign(KEY, None, "dana").unwrap();
    day.scene.move_to("2026-11-20T10:00:00Z");
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
