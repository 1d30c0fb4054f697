//! One agent's part of one Confluence page.

use super::merge::{self, Change, Merge, There};
use super::{Errand, Outcome, about, is_unclear, pause};
use crate::config::{Config, PublishTarget};
use crate::domain::{AgentName, Offer, PageDraft, PageId, Published, RunId, Source};
use crate::render::{Made, page_storage};
use crate::sources::confluence::{NewPage, WikiPage};
use crate::sources::{ErrorKind, SourceError};

/// How often a page is read again when somebody was faster or an answer did not come.
const ATTEMPTS: u32 = 6;

/// Drafts that go to the same page, together, in order.
pub fn by_place(config: &Config, drafts: Vec<PageDraft>) -> Vec<Vec<PageDraft>> {
    let place = |agent: AgentName| {
        let target = target(config, agent)?;
        Some((target.page.clone(), target.space.clone(), target.title.clone()))
    };
    let mut groups: Vec<Vec<PageDraft>> = Vec::new();
    for draft in drafts {
        let here = place(draft.agent);
        let same =
            |group: &&mut Vec<PageDraft>| group.first().is_some_and(|first| place(first.agent) == here);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(draft),
            None => groups.push(vec![draft]),
        }
    }
    groups
}

pub(super) fn target(config: &Config, agent: AgentName) -> Option<&PublishTarget> {
    config.publish.iter().find(|target| target.agent == agent)
}

/// Writes the drafts of one page.
pub async fn write(errand: &Errand<'_>, drafts: Vec<PageDraft>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for draft in drafts {
        outcomes.push(Box::pin(write_one(errand, &draft)).await);
    }
    outcomes
}

/// How a version of ours begins to say what it is.
pub fn message_start(agent: AgentName) -> String {
    format!("caughtup: {agent} · ")
}

/// What a version of ours says it is.
pub fn message(agent: AgentName, run: &RunId) -> String {
    format!("{}run {run}", message_start(agent))
}

async fn write_one(errand: &Errand<'_>, draft: &PageDraft) -> Outcome {
    let published = about(draft.agent, "confluence", draft.title.clone());
    let Some(target) = target(errand.config, draft.agent) else {
        let fix = format!("no page is configured for it: add `[publish.{}]`", draft.agent);
        return Outcome::refused(published, fix);
    };
    let made = Made {
        at: errand.writing.clock().now(),
        by: errand.person.map_or_else(|| "the operator".to_owned(), |person| person.name.clone()),
        timezone: errand.config.timezone.iana_name().unwrap_or("UTC").to_owned(),
    };
    let inner = page_storage(draft, &made);
    let job =
        Job { errand, agent: draft.agent, target, draft, inner, message: message(draft.agent, errand.run) };
    job.done(published).await
}

/// One page's way.
struct Job<'a> {
    errand: &'a Errand<'a>,
    agent: AgentName,
    target: &'a PublishTarget,
    draft: &'a PageDraft,
    /// What our part shall say.
    inner: String,
    /// What the version says that this run writes.
    message: String,
}

/// How one attempt went.
enum Attempt {
    Done(Outcome),
    /// To be looked at again: somebody was faster, or an answer did not come.
    Again(SourceError),
}

impl Job<'_> {
    async fn done(&self, mut published: Published) -> Outcome {
        let mut last: Option<SourceError> = None;
        for attempt in 1..=ATTEMPTS {
            if attempt > 1 {
                pause(attempt).await;
            } else if tokio::time::Instant::now() >= self.errand.begin_until {
                return Outcome::failed(
                    published,
                    Source::Confluence,
                    "there was no time left to write it: ask for it alone",
                );
            }
            // Whether this run may have written already, without an answer.
            let sent = last.as_ref().is_some_and(is_unclear);
            match self.attempt(&mut published, sent).await {
                Attempt::Done(outcome) => return outcome,
                Attempt::Again(error) => {
                    tracing::debug!(agent = %self.agent, attempt, %error, "a page is read and merged again");
                    last = Some(error);
                }
            }
        }
        match last {
            Some(error) if is_unclear(&error) => Outcome::unknown(published, Source::Confluence, &error),
            error => {
                let why = error.map_or_else(String::new, |error| self.explain(&error));
                Outcome::failed(published, Source::Confluence, why)
            }
        }
    }

    async fn attempt(&self, published: &mut Published, sent: bool) -> Attempt {
        let page = match self.locate().await {
            Ok(page) => page,
            Err(error) if sent && is_unclear(&error) => return Attempt::Again(error),
            // The page was written, or not, and nobody can look.
            Err(error) if sent => {
                return Attempt::Done(Outcome::unknown(published.clone(), Source::Confluence, &error));
            }
            Err(error) => return Attempt::Done(self.failed(published, &error)),
        };
        let Some(page) = page else { return self.create(published).await };
        published.id = page.id.to_string();
        published.url.clone_from(&page.url);
        published.title.clone_from(&page.title);
        let merged = match self.merge(&page).await {
            Ok(merged) => merged,
            Err(error) => return Attempt::Done(self.failed(published, &error)),
        };
        Attempt::Done(match merged {
            Merge::Unchanged => self.unchanged(published.clone(), &page, sent),
            Merge::Edited => {
                published.offer = Some(Offer::Overwrite);
                Outcome::refused(
                    published.clone(),
                    "somebody has changed our part of the page since it was last written, and I don't undo people's edits. \
                     Say “overwrite” with it to write anyway",
                )
            }
            Merge::Broken(how) => {
                let why = format!(
                    "our part of the page cannot be told from the rest: {how}. Take what is left of it out of the page and ask again"
                );
                Outcome::refused(published.clone(), why)
            }
            Merge::Write(change) if self.errand.dry_run => dry(published.clone(), &change),
            Merge::Write(change) => return self.update(published, &page, &change).await,
        })
    }

    async fn merge(&self, page: &WikiPage) -> Result<Merge, SourceError> {
        let try_it = |known: There| {
            merge::merge(&page.storage, self.agent, &self.inner, known).map_err(|error| {
                tracing::warn!(page = %page.id, %error, "a page is not well-formed");
                let detail = "the page is in a form that could not be read, so it is left alone";
                SourceError::new(Source::Confluence, ErrorKind::Protocol, detail)
            })
        };
        let overwrite = self.errand.request.asked.overwrite;
        match try_it(if overwrite { There::Expendable } else { There::Unknown })? {
            Merge::Edited if self.is_as_we_left_it(page).await => try_it(There::Ours),
            merged => Ok(merged),
        }
    }

    /// Whether our part is what it was at the last version that we wrote: then what differs is only how
    /// Confluence spells it.
    async fn is_as_we_left_it(&self, page: &WikiPage) -> bool {
        let writing = self.errand.writing;
        let Ok(versions) = writing.wiki_versions(&page.id).await else { return false };
        let start = message_start(self.agent);
        // A page that we made says nothing about its first version.
        let ours = versions.iter().find(|(_, message)| message.starts_with(&start));
        let number = ours.map_or(1, |(number, _)| *number);
        if ours.is_some() && number == page.version {
            return true;
        }
        match writing.wiki_version(&page.id, Some(number)).await {
            Ok(ours) => merge::same_part(&ours.storage, &page.storage, self.agent),
            Err(_) => false,
        }
    }

    /// It says what it should: perhaps because this run has written it, in an attempt whose end nobody saw.
    fn unchanged(&self, mut published: Published, page: &WikiPage, sent: bool) -> Outcome {
        let by_this_run = page.message == self.message;
        published.action = match (by_this_run || sent, page.version) {
            (true, 1) => "created",
            (true, _) => "updated",
            (false, _) => "unchanged",
        }
        .to_owned();
        if by_this_run && page.version > 1 {
            published.offer = Some(Offer::Undo { version: page.version });
        }
        Outcome::of(published)
    }

    async fn update(&self, published: &mut Published, page: &WikiPage, change: &Change) -> Attempt {
        match self.errand.writing.update_page(page, &change.storage, &self.message).await {
            Ok(version) => {
                published.action = "updated".to_owned();
                published.changed = Some(change.sentence());
                published.offer = Some(Offer::Undo { version });
                Attempt::Done(Outcome::of(published.clone()))
            }
            Err(error) if is_unclear(&error) => {
                published.changed = Some(change.sentence());
                Attempt::Again(error)
            }
            // Somebody was faster, or Confluence is not done with what it was doing. Whose edit it is, and whether it is
            // in the way, shows when the page is read again.
            Err(error) if error.kind == ErrorKind::Conflict => Attempt::Again(error),
            // A title that was taken meanwhile: reading again shows it.
            Err(error) if matches!(error.kind, ErrorKind::Refused(_)) => {
                match self.errand.writing.wiki_page(&page.id).await {
                    Ok(now) if now.version != page.version => Attempt::Again(error),
                    _ => Attempt::Done(self.failed(published, &error)),
                }
            }
            Err(error) => Attempt::Done(self.failed(published, &error)),
        }
    }

    /// The page, if there is one: the one that the configuration names, or the one of its title.
    async fn locate(&self) -> Result<Option<WikiPage>, SourceError> {
        let writing = self.errand.writing;
        if let Some(id) = &self.target.page {
            return writing.wiki_page(id).await.map(Some);
        }
        let space = writing.wiki_space(self.target.space.as_deref().unwrap_or_default()).await?;
        writing.wiki_titled(&space, self.title()).await
    }

    fn title(&self) -> &str {
        self.target.title.as_deref().unwrap_or(&self.draft.title)
    }

    async fn create(&self, published: &mut Published) -> Attempt {
        self.title().clone_into(&mut published.title);
        let whole = match Change::whole(self.agent, &self.inner) {
            Ok(whole) => whole,
            Err(error) => {
                tracing::error!(agent = %self.agent, %error, "a draft is not well-formed");
                return Attempt::Done(self.failed(published, &SourceError::protocol(Source::Confluence)));
            }
        };
        if self.errand.dry_run {
            return Attempt::Done(dry(published.clone(), &whole));
        }
        let page = match self.new_page(&whole).await {
            Ok(page) => page,
            Err(error) => return Attempt::Done(self.failed(published, &error)),
        };
        match self.errand.writing.create_page(&page).await {
            Ok(made) => {
                published.id = made.id.to_string();
                published.url = made.url;
                published.action = "created".to_owned();
                published.changed = Some(whole.sentence());
                Attempt::Done(Outcome::of(published.clone()))
            }
            Err(error) if is_unclear(&error) => {
                published.changed = Some(whole.sentence());
                Attempt::Again(error)
            }
            Err(error) if error.kind == ErrorKind::Conflict => Attempt::Again(error),
            // Somebody may have made it at the same moment: then it is found by its title.
            Err(error) if matches!(error.kind, ErrorKind::Refused(_)) => match self.locate().await {
                Ok(Some(_)) => Attempt::Again(error),
                _ => Attempt::Done(self.failed(published, &error)),
            },
            Err(error) => Attempt::Done(self.failed(published, &error)),
        }
    }

    async fn new_page(&self, whole: &Change) -> Result<NewPage, SourceError> {
        let writing = self.errand.writing;
        let space = writing.wiki_space(self.target.space.as_deref().unwrap_or_default()).await?;
        let parent = match self.target.parent.as_deref() {
            None => None,
            Some(parent) => Some(self.parent(&space, parent).await?),
        };
        Ok(NewPage { space, parent, title: self.title().to_owned(), storage: whole.storage.clone() })
    }

    /// The parent, by title, else by id: a page may be called "2026".
    async fn parent(&self, space: &str, parent: &str) -> Result<PageId, SourceError> {
        if let Some(page) = self.errand.writing.wiki_titled(space, parent).await? {
            return Ok(page.id);
        }
        parent.parse().map_err(|_| {
            let detail = format!(
                "there is no page “{parent}” to create it under: check `parent` under `[publish.{}]`",
                self.agent
            );
            SourceError::new(Source::Confluence, ErrorKind::Refused("parent".to_owned()), detail)
        })
    }

    fn failed(&self, published: &Published, error: &SourceError) -> Outcome {
        let mut published = published.clone();
        if let (true, Some(id)) = (published.id.is_empty(), &self.target.page) {
            published.id = id.to_string();
        }
        Outcome::failed(published, Source::Confluence, self.explain(error))
    }

    fn explain(&self, error: &SourceError) -> String {
        let place = match &self.target.page {
            Some(id) => format!("page {id}"),
            None => format!("“{}”", self.title()),
        };
        match error.kind {
            ErrorKind::NotFound => format!(
                "Confluence does not let the bot's account read or edit {place} (404): check `[publish.{}]` and the page's restrictions",
                self.agent
            ),
            ErrorKind::Conflict => format!(
                "others kept changing {place} while it was to be written (409), so it was left as it is: ask again in a few minutes"
            ),
            _ => error.detail.clone(),
        }
    }
}

fn dry(mut published: Published, change: &Change) -> Outcome {
    published.action = "dry-run".to_owned();
    published.changed = Some(change.sentence());
    published.diff = Some(change.difference());
    Outcome::of(published)
}
