//! Forms: what somebody chose is shown as a form at once, and the form that they send back is a job.
//!
//! Slack lets a form be shown for three seconds after the press, once. So showing one is no job: nothing of it
//! would be worth taking up after a restart, and a press that is delivered twice shows it once all the same.
//! What is in the form when it comes back is acknowledged like any request, once it is durable.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::task::TaskTracker;

use super::clicks::Click;
use super::desk::{Desk, Form};
use super::posting::{Posting, Trouble};
use crate::domain::{ChannelId, MessageTs, Standing, UserId};
use crate::team_lead::words;

/// What somebody pressed is good for three seconds, of which some have passed.
const TIME: Duration = Duration::from_millis(2_700);

/// A choice that asks for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who.
    pub user: UserId,
    /// What they chose: `snooze:01JD…:3`.
    pub choice: String,
    /// What lets a form be shown.
    pub trigger: String,
    /// Where they chose it.
    pub origin: Origin,
}

/// Where a form came from: it carries this, for where to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What was chosen.
    pub choice: String,
    /// The conversation.
    pub channel: ChannelId,
    /// The message.
    pub message: MessageTs,
    /// The thread that it is in.
    pub thread: Option<MessageTs>,
    /// Where to answer so that only they see it.
    pub url: String,
}

impl Wish {
    /// Reads a choice from the menu beside a risk; anything else is none.
    pub fn read(payload: &Value) -> Option<Self> {
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str);
        let ours = text("/actions/0/action_id")?.starts_with("risk:");
        if text("/type") != Some("block_actions") || !ours {
            return None;
        }
        let thread = text("/container/thread_ts").or_else(|| text("/message/thread_ts"));
        let choice = text("/actions/0/selected_option/value")?.to_owned();
        Some(Self {
            user: text("/user/id")?.parse().ok()?,
            trigger: text("/trigger_id")?.to_owned(),
            origin: Origin {
                choice: choice.clone(),
                channel: text("/container/channel_id").or_else(|| text("/channel/id"))?.parse().ok()?,
                message: text("/container/message_ts")?.parse().ok()?,
                thread: thread.and_then(|ts| ts.parse().ok()),
                url: text("/response_url").unwrap_or_default().to_owned(),
            },
            choice,
        })
    }
}

/// Reads a form that was sent back: what is to be done, or what is wrong with it, in Slack's words for an
/// acknowledgement; anything else is none.
pub fn sent(payload: &Value) -> Option<Result<Click, Value>> {
    let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str);
    if text("/type") != Some("view_submission") || text("/view/callback_id") != Some("aside") {
        return None;
    }
    let origin: Origin = serde_json::from_str(text("/view/private_metadata")?).ok()?;
    let reason = text("/view/state/values/reason/reason/value").unwrap_or_default().trim();
    if reason.is_empty() {
        let errors = json!({"response_action": "errors", "errors": {"reason": words::no_reason()}});
        return Some(Err(errors));
    }
    let until = text("/view/state/values/until/until/selected_option/value");
    let Origin { choice, channel, message, thread, url } = origin;
    Some(Ok(Click {
        user: text("/user/id")?.parse().ok()?,
        channel,
        message,
        thread,
        action: "aside:risk".to_owned(),
        value: json!({"choice": choice, "reason": reason, "until": until}).to_string(),
        // A form is sent back once: however often it is delivered, it is this one.
        at: text("/view/id")?.to_owned(),
        response_url: url,
    }))
}

/// Who shows forms.
#[derive(Clone)]
pub struct Forms {
    /// Who knows what is in them.
    pub desk: Desk,
    /// Who shows them.
    pub posting: Posting,
    /// Whether guests are answered.
    pub allow_guests: bool,
    /// Forms on their way: seconds, for which a process that ends waits.
    pub showing: TaskTracker,
}

impl Forms {
    /// Shows the form that somebody wishes for, or tells them why not.
    pub async fn show(self, wish: Wish) {
        let url = wish.origin.url.clone();
        let instead = match tokio::time::timeout(TIME, self.try_to_show(wish)).await {
            Ok(Ok(None)) => return,
            Ok(Ok(Some(instead))) => instead,
            Ok(Err(trouble)) => {
                tracing::warn!(%trouble, "a form could not be shown");
                words::no_form().to_owned()
            }
            Err(_) => {
                tracing::warn!("a form could not be shown within three seconds");
                words::no_form().to_owned()
            }
        };
        if let Err(trouble) = self.posting.respond(&url, &instead).await {
            tracing::warn!(%trouble, "nor could it be said why");
        }
    }

    async fn try_to_show(&self, wish: Wish) -> Result<Option<String>, Trouble> {
        let person = self.posting.person(&wish.user).await?;
        match person.map(|person| person.standing) {
            Some(Standing::Member) => {}
            Some(Standing::Guest) if self.allow_guests => {}
            Some(Standing::Guest) => return Ok(Some(words::guest_refused().to_owned())),
            Some(Standing::Outsider) => return Ok(Some(words::outsider_refused().to_owned())),
            _ => return Ok(Some(words::account_refused().to_owned())),
        }
        let trigger = wish.trigger.clone();
        match self.desk.form(wish).await {
            Form::View(view) => self.posting.show(&trigger, &view).await.map(|()| None),
            Form::None(why) => Ok(Some(why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen() -> Value {
        json!({
            "type": "block_actions", "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.2.abc",
            "container": {"type": "message", "message_ts": "2.000001", "channel_id": "C1", "thread_ts": "1.000001"},
            "channel": {"id": "C1", "name": "x"}, "response_url": "https://hooks.slack.com/actions/T1/1/x",
            "actions": [{"type": "overflow", "action_id": "risk:3", "block_id": "b", "action_ts": "3.1",
                         "selected_option": {"text": {"type": "plain_text", "text": "Snooze…"}, "value": "snooze:01JD:3"}}],
        })
    }

    fn form(reason: &str) -> Value {
        let origin = Wish::read(&chosen()).unwrap().origin;
        json!({
            "type": "view_submission", "user": {"id": "U2", "team_id": "T1"},
            "view": {"id": "V1", "callback_id": "aside", "private_metadata": serde_json::to_string(&origin).unwrap(),
                     "state": {"values": {
                         "reason": {"reason": {"type": "plain_text_input", "value": reason}},
                         "until": {"until": {"type": "radio_buttons", "selected_option": {"value": "3d"}}}}}},
        })
    }

    #[test]
    fn a_choice_becomes_a_form_and_the_form_a_job_of_its_own() {
        let wish = Wish::read(&chosen()).unwrap();
        assert_eq!((wish.choice.as_str(), wish.trigger.as_str()), ("snooze:01JD:3", "1.2.abc"));
        let click = sent(&form(" known ")).unwrap().unwrap();
        assert_eq!((&click.user, &click.channel), (&"U2".parse().unwrap(), &"C1".parse().unwrap()));
        assert_eq!(click.thread, Some("1.000001".parse().unwrap()));
        assert_eq!(
            serde_json::from_str::<Value>(&click.value).unwrap(),
            json!({"choice": "snooze:01JD:3", "reason": "known", "until": "3d"})
        );
        assert_eq!(click.job(), sent(&form(" known ")).unwrap().unwrap().job(), "delivered twice");
        let mut other = form("known");
        other["view"]["id"] = json!("V2");
        assert_ne!(sent(&other).unwrap().unwrap().job().key, click.job().key);
    }

    #[test]
    fn without_a_reason_the_form_stays_open() {
        let wrong = sent(&form("   ")).unwrap().unwrap_err();
        assert_eq!(wrong["response_action"], "errors");
        assert!(wrong["errors"]["reason"].is_string(), "under the field's own block");
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for (pointer, other) in [
            ("/type", json!("view_submission")),
            ("/actions/0/action_id", json!("other:3")),
            ("/actions/0/selected_option", json!(null)),
            ("/trigger_id", json!(null)),
        ] {
            let mut payload = chosen();
            *payload.pointer_mut(pointer).unwrap() = other;
            assert_eq!(Wish::read(&payload), None, "{pointer}");
        }
        for (pointer, other) in [
            ("/view/callback_id", json!("theirs")),
            ("/view/private_metadata", json!("")),
            ("/type", json!("view_closed")),
        ] {
            let mut payload = form("known");
            *payload.pointer_mut(pointer).unwrap() = other;
            assert_eq!(sent(&payload), None, "{pointer}");
        }
    }
}
