//! What buttons below a publication do. Whoever presses one is looked up again: a right may be gone.

use crate::domain::{AgentName, PageId, RunId, Standing, Understood, UserId};
use crate::publish::{self, Aftermath, Undone};
use crate::sources::SourceError;

use super::TeamLead;

impl TeamLead {
    /// Whether somebody may have things written, as it stands now.
    ///
    /// # Errors
    /// When Slack cannot say who they are.
    pub async fn may_publish(&self, user: &UserId) -> Result<bool, SourceError> {
        let person = self.upstream.slack.user(user).await?;
        let admitted = match person.standing {
            Standing::Member => true,
            Standing::Guest => self.config.access.allow_guests,
            Standing::Outsider | Standing::Bot | Standing::Gone => false,
        };
        Ok(admitted && publish::may_write(&self.config, &person))
    }

    /// What a run has written that was asked for in these words; nothing where that is not known, because it is not
    /// known what the words ask for.
    pub async fn aftermath(&self, text: &str, run: &RunId) -> Option<Aftermath> {
        let asked = match (self.vocabulary.asked_by_name(text), self.understand(text, &self.config.timezone))
        {
            // What a schedule of the file asks for, by name.
            (Some(asked), _) | (None, Understood::Asked(asked)) => asked,
            (None, Understood::Help | Understood::Cost | Understood::Unclear(_)) => return None,
        };
        let writing = self.upstream.writing();
        Some(publish::aftermath(&self.config, &writing, run, &asked.writes).await)
    }

    /// Puts back what a page said before a version of ours, if nobody has written it since. Gives the page's
    /// title and address as well.
    ///
    /// # Errors
    /// When Confluence does not let us, or does not answer.
    pub async fn undo(
        &self,
        agent: AgentName,
        page: &PageId,
        version: u32,
    ) -> Result<(Undone, String, String), SourceError> {
        publish::undo(&self.upstream.writing(), agent, page, version).await
    }
}
