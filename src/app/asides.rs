//! Risks set aside from Slack: the form, what comes back with it, and the way back.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{App, here};
use crate::bot::desk::{Form, Press, Pressed};
use crate::bot::forms::Wish;
use crate::domain::{Aside, How, Prose};
use crate::render::{self, AsideForm, Telling};
use crate::team_lead::{Pointed, Refused, Span, words};

/// What a form brings back.
#[derive(Debug, Deserialize)]
struct Sent {
    choice: String,
    reason: String,
    until: Option<String>,
}

/// What "Bring back" carries.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    scope: String,
    finding: String,
}

impl App {
    /// The form about a risk.
    pub(super) async fn form(&self, wish: Wish) -> Form {
        let Some((how, pointed)) = pointed(&wish.choice, &wish.origin.channel, &wish.user) else {
            return Form::None(words::button_unknown().to_owned());
        };
        let found = match self.lead.pointed_at(&pointed).await {
            Ok(Ok(found)) => found,
            Ok(Err(refused)) => return Form::None(why_not(refused)),
            Err(error) => {
                tracing::warn!(%error, "a digest could not be looked up for a form");
                return Form::None(words::no_form().to_owned());
            }
        };
        let private = serde_json::to_string(&wish.origin).unwrap_or_default();
        Form::View(render::aside_form(&AsideForm {
            digest: &found.digest,
            finding: &found.finding,
            how,
            readers: &found.readers,
            private: &private,
        }))
    }

    /// Sets aside what a form says.
    pub(super) async fn set_aside(&self, press: &Press) -> Pressed {
        let sent = serde_json::from_str::<Sent>(&press.value).ok();
        let asked = sent.and_then(|sent| {
            let (how, pointed) = pointed(&sent.choice, &press.channel, &press.user)?;
            Some((Span { how, lasts: lasts(how, sent.until.as_deref())? }, pointed, sent.reason))
        });
        let Some((span, pointed, reason)) = asked else {
            return Pressed::Alone(words::button_unknown().to_owned());
        };
        match self.lead.set_aside(&pointed, span, &reason).await {
            Ok(Ok((scope, aside))) => self.said_aside(scope, &aside).await,
            Ok(Err(refused)) => Pressed::Alone(why_not(refused)),
            Err(error) => {
                tracing::warn!(%error, "a risk could not be set aside");
                Pressed::Alone(words::button_failed(&press.run_id))
            }
        }
    }

    async fn said_aside(&self, scope: String, aside: &Aside) -> Pressed {
        let said = Prose::new().strong(render::aside_subject(aside)).say(words::set_aside_by(aside.how));
        let said = said.person(&aside.name);
        let said = match aside.until {
            Some(until) => said.say(" until ").when(until),
            None => said,
        };
        let said = said.say(": ").quote(&aside.reason).say(words::comes_back(aside.until.is_some()));
        let carried = Carried { scope, finding: aside.finding.clone() };
        let value = serde_json::to_string(&carried).unwrap_or_default();
        let telling = Telling::new(self.config.timezone.iana_name().unwrap_or("UTC"), self.clock.now());
        here(render::aside_slack(said, &value, &telling))
    }

    /// Brings back what was set aside.
    pub(super) async fn bring_back(&self, press: &Press) -> Pressed {
        let Ok(Carried { scope, finding }) = serde_json::from_str(&press.value) else {
            return Pressed::Alone(words::button_unknown().to_owned());
        };
        match self.lead.bring_back(&press.user, &scope, &finding).await {
            Ok(Ok(Some(aside))) => {
                let telling = Telling::new("UTC", self.clock.now());
                here(render::said_slack(&[Prose::text(words::brought_back(&aside))], &telling))
            }
            Ok(Ok(None)) => Pressed::Alone(words::already_back().to_owned()),
            Ok(Err(refused)) => Pressed::Alone(why_not(refused)),
            Err(error) => {
                tracing::warn!(%error, "a risk could not be brought back");
                Pressed::Alone(words::button_failed(&press.run_id))
            }
        }
    }
}

fn why_not(refused: Refused) -> String {
    match refused {
        Refused::Forgotten => words::aside_too_old(),
        Refused::NotTheirs => words::may_not_aside(),
    }
    .to_owned()
}

/// `snooze:01JD…:3`: how, which digest, which of its findings.
fn pointed(
    choice: &str,
    channel: &crate::domain::ChannelId,
    user: &crate::domain::UserId,
) -> Option<(How, Pointed)> {
    let (how, rest) = choice.split_once(':')?;
    let (run, place) = rest.split_once(':')?;
    let how = match how {
        "snooze" => How::Snoozed,
        "dismiss" => How::Dismissed,
        _ => return None,
    };
    let run = serde_json::from_value(run.into()).ok()?;
    Some((how, Pointed { run, place: place.parse().ok()?, channel: channel.clone(), user: user.clone() }))
}

/// For how long, as the form says; nothing where it says something else.
fn lasts(how: How, until: Option<&str>) -> Option<Option<SignedDuration>> {
    let days = |days: i64| Some(Some(SignedDuration::from_hours(24 * days)));
    match (how, until) {
        (How::Dismissed, _) | (How::Snoozed, Some("change")) => Some(None),
        (How::Snoozed, Some("1d")) => days(1),
        (How::Snoozed, Some("3d")) => days(3),
        (How::Snoozed, Some("7d")) => days(7),
        (How::Snoozed, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_says_how_where_and_which() {
        let (channel, user) = ("C1".parse().unwrap(), "U1".parse().unwrap());
        let (how, found) = pointed("snooze:01JD0000000000000000000000:12", &channel, &user).unwrap();
        assert_eq!((how, found.place), (How::Snoozed, 12));
        for wrong in [
            "",
            "snooze",
            "snooze:x",
            "snooze:01JD0000000000000000000000:x",
            "eat:01JD0000000000000000000000:1",
        ] {
            assert_eq!(pointed(wrong, &channel, &user), None, "{wrong}");
        }
    }

    #[test]
    fn a_snooze_without_an_end_is_said_to_be_one() {
        assert_eq!(lasts(How::Snoozed, None), None);
        assert_eq!(lasts(How::Snoozed, Some("9d")), None);
        assert_eq!(lasts(How::Snoozed, Some("change")), Some(None));
        assert_eq!(lasts(How::Snoozed, Some("1d")), Some(Some(SignedDuration::from_hours(24))));
        assert_eq!(lasts(How::Dismissed, None), Some(None));
    }
}
