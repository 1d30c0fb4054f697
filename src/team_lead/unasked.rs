//! Digests that nobody asks for: for a channel, in the schedule's zone, since its own last one.

use super::case::Case;
use super::{Ask, Began, Outcome, Reader, TeamLead, Watch};
use crate::domain::{Change, ChannelId, Digest, RunId, Schedule, Understood, WindowOrigin};
use crate::publish;
use crate::team_lead::join::Known;
use crate::team_lead::understand::Vocabulary;

impl TeamLead {
    /// Makes the digest of a schedule, for the members of a channel.
    ///
    /// # Errors
    /// As [`TeamLead::answer`].
    pub async fn unasked(
        &self,
        schedule: &Schedule,
        channel: &ChannelId,
        run_id: RunId,
        watch: &dyn Watch,
    ) -> anyhow::Result<Outcome> {
        let ask = Ask {
            text: schedule.request.clone(),
            reader: Reader::Nobody,
            channel: Some(channel.clone()),
            programs: schedule.program.iter().cloned().collect(),
            since: None,
            operator: false,
            dry_run: false,
        };
        let began = Began::now(&self.config.limits);
        let opening = self.upstream.begin(began.read_until);
        let unasked = Some((schedule, channel));
        let case = Case { lead: self, opening: &opening, began, ask: &ask, run_id: &run_id, watch, unasked };
        crate::sources::beside(case.answer(), opening.look_around()).await
    }
}

/// What a schedule of the file asks for, by name. Somebody's words are read as they would be today.
pub fn asked_by_name(schedule: &Schedule, vocabulary: &Vocabulary) -> Option<Understood> {
    let of_file = schedule.creator.is_none();
    of_file.then(|| {
        let asked = vocabulary.asked_by_name(&schedule.request);
        asked.map_or(Understood::Unclear(None), Understood::Asked)
    })
}

impl Case<'_> {
    /// Whether a schedule may cause writes now: whoever runs the bot wrote those of the file, and who made
    /// one in Slack must be allowed to publish every time that it is due.
    pub(super) async fn schedule_may_write(&self, schedule: &Schedule) -> bool {
        let Some(creator) = &schedule.creator else { return true };
        match self.opening.person(creator).await {
            Ok(person) => publish::may_write(&self.lead.config, &person),
            Err(error) => {
                tracing::warn!(schedule = schedule.name, %error, "nobody can say whether its maker may publish");
                false
            }
        }
    }
}

/// Whether a digest says nothing that its readers' last one did not say: no risk came, went or changed, there
/// is no news, nothing was written or kept from being written, and everything could be read that could be then.
pub fn nothing_changed(digest: &Digest, known: &Known) -> bool {
    let same = digest.findings.iter().all(|finding| finding.change == Change::Still);
    let unread_before = known.gaps();
    digest.request.window.origin == WindowOrigin::LastDigest
        && digest.compared
        && same
        && digest.gone.is_empty()
        // What went while something could not be read is not said to be gone, and is no standing still either.
        && known.all_in(&digest.findings)
        && digest.summary.is_empty()
        && digest.published.iter().all(|published| published.action == "unchanged")
        && digest.gaps.iter().all(|gap| unread_before.contains(gap))
}
