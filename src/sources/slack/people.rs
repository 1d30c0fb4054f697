//! Everybody in the workspace.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::domain::{People, Person, Source, UserId};
use crate::sources::limits::Bucket;
use crate::sources::timeline::both;
use crate::sources::{Opening, SourceError};

use super::client::{PAGE, SlackClient};
use super::wire::{Each, Readable, WireUser};

/// How long names, addresses and zones are good. Slack allows twenty pages of the list a minute, and
/// fifty people may ask at once; rights are not read from it.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// How long what Slack said is good for rights, where it allows no more questions.
pub(super) const GOOD_FOR_RIGHTS: Duration = Duration::from_secs(10);

/// A list of more people takes more pages than a minute has.
const FEW: usize = 2 * PAGE;

/// What the process knows of the workspace's people. The lock is held while they are read, so that
/// runs that begin together read them once.
#[derive(Debug, Default)]
pub(super) struct Directory(Mutex<Option<(Instant, Arc<People>)>>);

impl SlackClient {
    /// One person, as they are now: rights are decided by it. Slack tells of a hundred persons a minute, one by one;
    /// when more ask, everybody is listed instead, as they are within the last few seconds.
    ///
    /// # Errors
    /// When Slack does not show them or does not answer.
    pub async fn user(&self, id: &UserId) -> Result<Person, SourceError> {
        #[derive(Deserialize)]
        struct Info {
            user: serde_json::Value,
        }
        if self.door.free(&Bucket::slack("users.info")) == 0
            && let Some(person) = self.listed(id).await
        {
            return Ok(person);
        }
        let params = [("user", id.to_string())];
        let (info, home) = both(self.read::<Info>("users.info", &params), self.workspace()).await;
        let user = WireUser::read(&info?.user).ok_or_else(|| SourceError::protocol(Source::Slack))?;
        Ok(user.seen_from(&home?))
    }

    /// One person as the list has them now; nothing where it does not say, or is too long to be read for one person.
    async fn listed(&self, id: &UserId) -> Option<Person> {
        let mut known = self.directory.0.lock().await;
        let (read, people) = known.as_ref()?;
        if people.len() > FEW {
            return None;
        }
        if read.elapsed() < GOOD_FOR_RIGHTS {
            return people.get(id).cloned();
        }
        if self.door.free(&Bucket::slack("users.list")) < FEW.div_ceil(PAGE) {
            return None;
        }
        // Before it is asked for: what it says may be as old as the question.
        let asked = Instant::now();
        let people = Arc::new(self.users().await.ok()?);
        let person = people.get(id).cloned();
        *known = Some((asked, people));
        person
    }

    /// Everybody, and keeps them for the runs of the next minute.
    ///
    /// # Errors
    /// When Slack does not give the whole list.
    pub async fn everybody(&self) -> Result<Arc<People>, SourceError> {
        // Not under the lock: a run that comes meanwhile does not wait for a list that may hang.
        let people = Arc::new(self.users().await?);
        *self.directory.0.lock().await = Some((Instant::now(), Arc::clone(&people)));
        Ok(people)
    }

    /// Everybody, page by page.
    ///
    /// # Errors
    /// When Slack does not give the whole list.
    pub async fn users(&self) -> Result<People, SourceError> {
        #[derive(Deserialize)]
        struct Members {
            members: Each<WireUser>,
        }
        let params = [("limit", PAGE.to_string())];
        let (pages, home) = both(self.every::<Members>("users.list", &params), self.workspace()).await;
        let home = home?;
        let users = pages?.into_iter().flat_map(|page| page.members.items);
        Ok(People::new(users.map(|user| user.seen_from(&home))))
    }
}

/// Everybody, as of a minute ago at most.
pub(in crate::sources) async fn people(opening: &Opening) -> Result<Arc<People>, SourceError> {
    let client = opening.slack();
    let known = tokio::time::timeout_at(opening.run.deadline, client.directory.0.lock()).await;
    let mut known = known.map_err(|_| SourceError::timed_out(Source::Slack))?;
    if let Some((read, people)) = known.as_ref()
        && read.elapsed() < GOOD_FOR
    {
        opening.run.count_cache_hit();
        return Ok(Arc::clone(people));
    }
    match client.users().await {
        Ok(people) => {
            let people = Arc::new(people);
            *known = Some((Instant::now(), Arc::clone(&people)));
            Ok(people)
        }
        Err(error) => match known.as_ref() {
            // Yesterday's names are better than ids; nothing else depends on them.
            Some((_, people)) if error.is_limit() => {
                opening.run.count_cache_hit();
                Ok(Arc::clone(people))
            }
            _ => Err(error),
        },
    }
}
