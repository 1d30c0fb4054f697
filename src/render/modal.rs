//! What people press and fill in to set a risk aside, as Slack's blocks and views.

use serde_json::{Value, json};

use crate::domain::{Digest, Finding, How, Prose, RunId, defang, shorten};
use crate::render::slack::{SlackMessage, escape, said_slack, section};
use crate::render::time::Telling;

/// The most that Slack lets somebody type as a reason.
const REASON: usize = 300;
/// How much of what a risk says stands above the form, in characters.
const TOLD: usize = 600;

/// A form about a finding: snooze or dismiss.
#[derive(Debug, Clone, Copy)]
pub struct AsideForm<'a> {
    /// The digest that told it.
    pub digest: &'a Digest,
    /// Which of its findings.
    pub finding: &'a Finding,
    /// Snooze or dismiss.
    pub how: How,
    /// Who will read that it is set aside, and why: "everybody who reads Data Center Transition's digests".
    pub readers: &'a str,
    /// What comes back with the form: at most 3,000 characters.
    pub private: &'a str,
}

/// What stands beside a risk. Each choice says which digest and which of its findings: a message cannot know
/// which of a thread's digests is meant.
pub(super) fn menu(run: &RunId, place: usize) -> Value {
    let option = |label: &str, what: &str| {
        json!({
            "text": {"type": "plain_text", "text": label}, "value": format!("{what}:{run}:{place}"),
        })
    };
    json!({
        "type": "overflow", "action_id": format!("risk:{place}"),
        "options": [option("Snooze…", "snooze"), option("Dismiss…", "dismiss")],
    })
}

/// The view that asks for a reason and, to snooze, until when.
pub fn aside_form(form: &AsideForm<'_>) -> Value {
    let AsideForm { digest, finding, how, readers, private } = form;
    let telling = Telling::new(&digest.request.timezone, digest.request.at);
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let told = crate::render::plain::prose_text(&finding.why, &telling);
    let about = format!("*{}*\n{}", called(finding), escape(&shorten(&told, TOLD)));
    let mut blocks = vec![section(&about)];
    let (title, submit, lasts) = match how {
        How::Snoozed => {
            ("Snooze a risk", "Snooze", "It comes back at that time, or as soon as its facts change.")
        }
        How::Dismissed => ("Dismiss a risk", "Dismiss", "It comes back as soon as its facts change."),
    };
    if *how == How::Snoozed {
        let options: Vec<Value> =
            UNTIL.iter().map(|(value, label)| json!({"text": plain(label), "value": value})).collect();
        blocks.push(json!({
            "type": "input", "block_id": "until", "label": plain("For how long"),
            "element": {"type": "radio_buttons", "action_id": "until", "options": options, "initial_option": options.first()},
        }));
    }
    blocks.push(json!({
        "type": "input", "block_id": "reason", "label": plain("Why"),
        "element": {
            "type": "plain_text_input", "action_id": "reason", "min_length": 1, "max_length": REASON,
            "placeholder": plain("Known, the vendor has confirmed 4 Dec"),
        },
    }));
    let note = format!(
        "{lasts} Until then the digests say in one line that you set it aside, and why: to {readers}."
    );
    blocks.push(
        json!({"type": "context", "elements": [{"type": "mrkdwn", "text": escape(&note), "verbatim": true}]}),
    );
    json!({
        "type": "modal", "callback_id": "aside", "title": plain(title), "submit": plain(submit),
        "close": plain("Cancel"), "private_metadata": private, "blocks": blocks,
    })
}

/// For how long a risk can be snoozed, as data and as people read it.
const UNTIL: [(&str, &str); 4] =
    [("1d", "1 day"), ("3d", "3 days"), ("7d", "1 week"), ("change", "Until something changes")];

fn called(finding: &Finding) -> String {
    let title = escape(&shorten(&defang(&finding.title), 120));
    // Stars would end the bold type early.
    let title = title.replace('*', "∗");
    match finding.subject.parse::<crate::domain::IssueKey>() {
        Ok(key) => format!("{key} {title}"),
        Err(_) => title,
    }
}

/// What was set aside, said where it was, with a way back: `value` is what the button carries.
pub fn aside_slack(said: Prose, value: &str, telling: &Telling) -> SlackMessage {
    let mut message = said_slack(&[said], telling);
    let button = json!({
        "type": "button", "action_id": "back:risk", "value": value,
        "text": {"type": "plain_text", "text": "Bring back"},
    });
    let first = message.blocks.as_array_mut().and_then(|blocks| blocks.first_mut());
    if let Some(fields) = first.and_then(Value::as_object_mut) {
        fields.insert("accessory".to_owned(), button);
    }
    message
}
