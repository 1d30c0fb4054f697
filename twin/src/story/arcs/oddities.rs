//! What a workspace holds beside prose: scripts from right to left, code, files, blocks, very long texts.

use serde_json::json;

use crate::story::talk::{message, with_blocks};
use crate::story::telling::Telling;
use crate::world::Message;

/// Nothing here means anything to a rule; all of it must be read without breaking.
pub fn tell(t: &mut Telling) {
    many_scripts(t);
    only_blocks(t);
    a_log_of_forty_thousand_characters(t);
    files_and_subtypes(t);
    deploys(t);
}

fn many_scripts(t: &mut Telling) {
    let c = t.calendar.clone();
    t.talk.thread("dct-program", c.at(6, 8, 0), &[
        ("layla", 0, "صباح الخير جميعًا، اكتملت جولة القاعة الثانية اليوم 🌞 (Good morning, the walk through hall 2 is complete.)"),
        ("shira", 12, "בוקר טוב! התמונות מהסיור יפות מאוד"),
        ("aiko", 5, "おはようございます。写真ありがとうございます 📸"),
        ("jonas", 15, "Guten Morgen! Ab 10 Uhr bin ich in Halle 2 erreichbar."),
        ("minh", 6, "Chào buổi sáng, hall 2 trông sạch quá 👏"),
    ]);
    t.talk.say("random", "tess", c.at(2, 12, 0), "Lunch today: 🍜 in London, 🥙 in Berlin, 🍱 in Tokyo. Zalgo from the menu printer: r̵̢̛a̶͇͝m̷̰̐e̸͖̽n̶̯̈ and a family 👨‍👩‍👧‍👦 discount");
    t.talk.say("dct-network", "erik", c.at(6, 10, 25), "Config of the day:\n```\ninterface Ethernet12\n   description <uplink> & \"spare\"\n   mtu 9214\n   no shutdown\n```\nMind the `&amp;` that the template makes of `&`.");
}

/// The text is empty; all there is stands in the blocks.
fn only_blocks(t: &mut Telling) {
    let c = t.calendar.clone();
    let blocks = json!([
        {"type": "header", "text": {"type": "plain_text", "text": "Rehearsal crew", "emoji": true}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Bridge*: opens at 05:45 London\n*Coffee*: 05:30 :coffee:"}},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Posted by the crew sheet"}]}
    ]);
    t.talk.put("dct-cutover", c.at(3, 9, 0), None, with_blocks("deploybot", "", blocks));
}

fn a_log_of_forty_thousand_characters(t: &mut Telling) {
    let c = t.calendar.clone();
    let mut text = String::from("Whole output of the cable test, for those who asked:\n```\n");
    let mut port = 0;
    while text.chars().count() < 39_900 {
        port += 1;
        text.push_str(&format!(
            "leaf-{:02} Ethernet{:<3} pass  length {:>3} m  loss 0.{:02} dB\n",
            port / 48 + 1,
            port % 48 + 1,
            port * 7 % 90 + 3,
            port * 13 % 60
        ));
    }
    let room = 40_000 - 4 - text.chars().count();
    text.push_str(&"=".repeat(room));
    text.push_str("\n```");
    t.talk.say("dct-network", "haruto", c.at(7, 7, 30), &text);
}

fn files_and_subtypes(t: &mut Telling) {
    let c = t.calendar.clone();
    let file = json!([{
        "id": "F07RACKPLAN", "created": c.at(3, 8, 30).as_second(), "timestamp": c.at(3, 8, 30).as_second(),
        "name": "rack-plan-hall-2.pdf", "title": "Rack plan hall 2", "mimetype": "application/pdf", "filetype": "pdf",
        "pretty_type": "PDF", "size": 482_113, "mode": "hosted", "is_external": false, "is_public": true
    }]);
    let said = Message { files: Some(file), ..message("layla", "Rack plan for hall 2, as built") };
    t.talk.put("dct-facilities", c.at(3, 8, 30), None, said);
    let bare = json!([{"id": "F07PHOTO", "name": "IMG_2231.jpg", "title": "IMG_2231.jpg", "mimetype": "image/jpeg", "filetype": "jpg", "size": 2_113_004, "mode": "hosted"}]);
    t.talk.put("dct-facilities", c.at(6, 9, 15), None, Message { files: Some(bare), ..message("yara", "") });
    let topic = Message {
        subtype: Some("channel_topic".to_owned()),
        ..message(
            "dana",
            "<@dana> set the channel topic: Cutover plan, dates and decisions. Details go to the other dct channels",
        )
    };
    t.talk.put("dct-program", c.at(9, 9, 0), None, topic);
    let renamed = Message {
        subtype: Some("channel_name".to_owned()),
        ..message(
            "priya",
            "<@priya> has renamed the channel from \"dct-migration-weekend\" to \"dct-cutover\"",
        )
    };
    t.talk.put("dct-cutover", c.at(8, 9, 0), None, renamed);
    let me = Message {
        subtype: Some("me_message".to_owned()),
        ..message("ines", "is making tea for the third floor")
    };
    t.talk.put("random", c.at(2, 14, 30), None, me);
    let root = t.talk.say("dct-storage", "oskar", c.at(9, 9, 30), "My last day today. Notes on the old arrays are in the storage space, the passwords in the vault. It was a pleasure 🫶");
    t.talk.answer(&root, "lena", c.at(9, 9, 50), "Danke für alles, Oskar!");
    let broadcast = Message {
        subtype: Some("thread_broadcast".to_owned()),
        ..message("maja", "Farewell cake is in the kitchen, for those who are here 🎂")
    };
    t.talk.put("dct-storage", c.at(9, 13, 0), Some(&root), broadcast);
}

fn deploys(t: &mut Telling) {
    let c = t.calendar.clone();
    for k in 1..10 {
        for (hour, service, build) in
            [(9, "tracking-api", 4_410), (13, "label-service", 2_207), (16, "edge-config", 918)]
        {
            let build = build - k * 3;
            let text = format!(
                "Deploy of `{service}` build {build} to *staging-fra2* finished in {} s",
                40 + k * 7 % 31
            );
            let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": text.clone()}}]);
            t.talk.put("deploys", c.at(k, hour, 20), None, with_blocks("deploybot", &text, blocks));
        }
    }
    let keyed =
        "Deploy of `tracking-api` from branch `fix/DCT-44-DCT-46-blocked-test` to *staging-fra2* finished";
    t.talk.say("dct-apps", "deploybot", c.at(2, 9, 40), keyed);
    let legacy = Message {
        user: None,
        username: Some("carrier-status".to_owned()),
        subtype: Some("bot_message".to_owned()),
        attachments: Some(
            json!([{"id": 1, "color": "2eb886", "fallback": "Both carriers up", "text": "Both carriers up, loss 0.02 %"}]),
        ),
        ..message("pager", "")
    };
    t.talk.put("dct-network", c.at(3, 7, 0), None, legacy);
}
