//! Digests that nobody asks for: for a channel, in the schedule's zone, since its own last one.

use super::case::Case;
use super::{Ask, Began, Outcome, Reader, TeamLead, Watch};
use crate::domain::{
    Asked, Change, ChannelId, Digest, Person, RunId, Schedule, Standing, Understood, WindowOrigin,
};
use crate::team_lead::join::Known;
use crate::team_lead::understand::Vocabulary;
use crate::workflows;

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

    /// Whether somebody may cause writes.
    pub(super) fn is_publisher(&self, person: &Person) -> bool {
        let listed = |entry: &String| {
            entry == person.id.as_str()
                || person.email.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(entry))
        };
        person.standing == Standing::Member && self.config.access.publishers.iter().any(listed)
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
    pub(super) async fn schedule_may_write(&self, schedule: &Schedule) -> anyhow::Result<bool> {
        let Some(creator) = &schedule.creator else { return Ok(true) };
        Ok(self.lead.is_publisher(&*self.opening.person(creator).await?))
    }
}

/// Whether a request writes to Confluence or Jira.
pub fn writes(asked: &Asked) -> bool {
    let named = |name: &str| workflows::named(name).is_some_and(|workflow| workflow.writes);
    let notes = asked.agents.contains(&crate::domain::AgentName::StandupNote);
    asked.publish && (notes || !asked.writes.is_empty() || asked.name.split(" + ").any(named))
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
