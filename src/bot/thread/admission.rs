//! Who is answered, and where: asked at every attempt, before anything is shown to anybody.

use std::future::Future;

use super::{Case, Halt};
use crate::bot::desk::Place;
use crate::bot::posting::{Spot, Trouble};
use crate::domain::Standing;
use crate::team_lead::{Board, words};

/// How often a person who cannot be looked up is tried again.
const LOOKUPS: u32 = 3;

/// Whether somebody is answered.
pub(super) enum Admitted {
    Yes,
    Refused(String),
    /// Nobody can say who asks, after several attempts. It is said so where Slack takes that; where it does not, it is
    /// away, and will know when it is back.
    Unknown(String),
    /// A bot: two of them could talk for ever.
    Silently,
}

impl Case<'_> {
    pub(super) async fn admit(&self) -> Result<Admitted, Halt> {
        self.admitting().await
    }

    /// Asks who it is that asks, beside whatever else is done for them.
    pub(super) fn admitting(&self) -> impl Future<Output = Result<Admitted, Halt>> + use<> {
        let (threads, received) = (self.threads.clone(), self.received.clone());
        let (run_id, failures) = (self.life.run_id.clone(), self.life.failures);
        async move {
            let person = match threads.posting.person(&received.user).await {
                Ok(Some(person)) => person,
                Ok(None) => return Ok(Admitted::Refused(words::account_refused().to_owned())),
                // Only the operator can mend that, and nobody could be told.
                Err(trouble @ Trouble::Token(_)) => return Err(trouble.into()),
                // Without knowing who asks nothing is shown; not for ever, and not without a word.
                Err(trouble) if failures >= LOOKUPS => {
                    tracing::error!(%run_id, %trouble, "nobody could say who asked");
                    return Ok(Admitted::Unknown(threads.desk.failed(&received.text, &run_id).await));
                }
                Err(trouble) => return Err(trouble.into()),
            };
            threads.members.learn(&person);
            Ok(match person.standing {
                Standing::Member => Admitted::Yes,
                Standing::Guest if threads.allow_guests => Admitted::Yes,
                Standing::Guest => Admitted::Refused(words::guest_refused().to_owned()),
                Standing::Outsider => Admitted::Refused(words::outsider_refused().to_owned()),
                Standing::Gone => Admitted::Refused(words::account_refused().to_owned()),
                Standing::Bot => Admitted::Silently,
            })
        }
    }

    pub(super) fn wants_here(&self) -> bool {
        matches!(&self.received.place, Place::Command { channel, .. } if !channel.as_str().starts_with('D'))
            && self.threads.desk.wants_here(&self.received.text)
    }

    /// A digest for the channel needs the bot in it. Posting the progress message is the test, since what
    /// counts is whether Slack takes it; the remedy is told to whoever asked, and to nobody else.
    pub(super) async fn may_post_here(&mut self) -> Result<bool, Halt> {
        let Place::Command { channel, response_url, .. } = self.received.place.clone() else {
            return Ok(true);
        };
        if self.life.to.is_none() {
            self.life.to = Some(Spot { channel: channel.clone(), thread: None });
        }
        let posting = self.threads.posting.clone();
        match self.show_progress(&posting, words::working(&Board::new())).await {
            Err(Halt::Slack(Trouble::Place(code))) => {
                self.threads.posting.respond(&response_url, &words::not_here(&code)).await?;
                Ok(false)
            }
            other => other.map(|()| true),
        }
    }
}
