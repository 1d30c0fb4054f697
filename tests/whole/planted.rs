//! What somebody could write where the bot reads.

use twin::world::{Message, World};

/// A text that would like to be a mention, a link, mark-up, or to turn the line around.
pub const NASTY: &str = "<!channel> <!here> <@U07AAAAAAAA> <!subteam^S07AAAAAAAA|@all> @here <https://evil.example/a?b|click> https://evil.example/c [x](http://evil.example) `` ` *_~ \u{202E}evil\u{2066} |";

/// Plants it in messages that matter, issue titles, page cells and display names.
pub fn nasty(world: &mut World) {
    let channel = twin::story::cast().program_channels[1].clone();
    let reader = twin::story::cast().lead;
    let author = twin::story::cast().reader;
    for (minutes, text) in [
        (300, format!("We are blocked on the badge reader {NASTY}")),
        (310, format!("DCT-42 is blocked {NASTY}")),
        (320, format!("Decision: we take the blue cage {NASTY}")),
        (4_000, format!("<@{reader}> can you say who orders the cage? {NASTY}")),
    ] {
        say(world, &channel, &author, minutes, &text);
    }
    for issue in world.jira.issues.values_mut() {
        issue.summary = format!("{} {NASTY}", issue.summary);
    }
    for person in &mut world.people {
        person.display_name = format!("{} {NASTY}", person.display_name);
        person.real_name = format!("{} {NASTY}", person.real_name);
    }
    let cell = NASTY.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for version in world.confluence.pages.values_mut().flat_map(|page| page.versions.iter_mut()) {
        version.title = format!("{} {NASTY}", version.title);
        version.storage = version.storage.replace("</p></td>", &format!(" {cell}</p></td>"));
    }
}

/// Somebody says something that many minutes ago.
pub fn say(world: &mut World, channel: &str, user: &str, minutes_ago: i64, text: &str) -> String {
    let at = world.clock.now().as_second() - 60 * minutes_ago;
    let place = world.slack.channels.get_mut(channel).unwrap();
    let ts = (0..)
        .map(|n| format!("{at}.{:06}", 777_000 + n))
        .find(|ts| !place.messages.contains_key(ts))
        .unwrap();
    let message =
        Message { ts: ts.clone(), user: Some(user.to_owned()), text: text.to_owned(), ..Message::default() };
    place.messages.insert(ts.clone(), message);
    ts
}

/// Plants these texts into every field that people write freely, in Slack, Jira and Confluence.
pub fn everywhere(world: &mut World, texts: &[String]) {
    let mut turn = texts.iter().cycle();
    let mut next = || turn.next().cloned().unwrap_or_default();
    for channel in world.slack.channels.values_mut() {
        (channel.topic, channel.purpose) = (next(), next());
        for message in channel.messages.values_mut().filter(|message| message.subtype.is_none()) {
            message.text = format!("{} {}", next(), message.text);
            message.text.push_str(&next());
            for file in message.files.iter_mut().filter_map(|files| files.as_array_mut()).flatten() {
                (file["name"], file["title"]) = (next().into(), next().into());
            }
        }
    }
    for person in &mut world.people {
        (person.display_name, person.title) = (next(), next());
        person.real_name = format!("{}{}", person.real_name, next());
    }
    for issue in world.jira.issues.values_mut() {
        issue.summary = format!("{} {}", issue.summary, next()).replace(['\n', '\r'], " ");
        issue.labels.push(next().replace(char::is_whitespace, "_"));
        for comment in &mut issue.comments {
            comment.body = document(&next());
        }
        issue.description = Some(document(&next()));
    }
    for sprint in &mut world.jira.sprints {
        sprint.goal = next();
        sprint.name = format!("{} {}", sprint.name, next());
    }
    for version in world.confluence.pages.values_mut().flat_map(|page| page.versions.iter_mut()) {
        version.title = format!("{} {}", version.title, next());
        version.message = next();
        let cell = in_storage(&next());
        version.storage = version.storage.replace("</p></td>", &format!(" {cell}</p></td>"));
    }
}

/// A comment's or a description's document; ADF has no empty text nodes.
fn document(text: &str) -> serde_json::Value {
    let text = if text.is_empty() { "-" } else { text };
    let paragraph = serde_json::json!({"type": "paragraph", "content": [{"type": "text", "text": text}]});
    serde_json::json!({"type": "doc", "version": 1, "content": [paragraph]})
}

/// What XML allows of a text, escaped.
fn in_storage(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    allowed.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
