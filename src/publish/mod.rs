//! What agents would write, written: our part of Confluence pages, comments in Jira, a post in Slack.
//!
//! ```text
//! drafts ─ who may? ─▶ read ─ merge ─▶ write ─ no answer? look ─▶ Published
//! ```
//!
//! Everything here can be done twice: what is there already is found, by a marker in the page, a property of the
//! comment, the metadata of the message. Nothing is written when nothing changed, in a dry run, or for
//! somebody who may not. What went wrong is said, and never half done.

mod aftermath;
mod canonical;
mod changes;
mod comments;
mod merge;
mod pages;
mod posts;
mod region;
mod remarks;
mod rights;
mod undo;

use tokio::time::Instant;

use crate::config::Config;
use crate::domain::{AgentName, Draft, Gap, Person, Published, Request, RunId, Source};
use crate::sources::{SourceError, Writing, concurrently};

pub use aftermath::{Aftermath, aftermath};
pub use rights::may_write;
pub use undo::{Undone, undo};

/// What is to be written, for whom, and how far one may go.
pub struct Errand<'a> {
    /// Where things are written.
    pub config: &'a Config,
    /// What was asked.
    pub request: &'a Request,
    /// The run.
    pub run: &'a RunId,
    /// Who asked.
    pub person: Option<&'a Person>,
    /// Whether they may write.
    pub allowed: bool,
    /// Whether nothing may be written.
    pub dry_run: bool,
    /// The way out.
    pub writing: &'a Writing,
    /// Nothing is begun after this.
    pub begin_until: Instant,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Written {
    /// What was written, or was not, and why.
    pub published: Vec<Published>,
    /// What failed, for those who count failures.
    pub gaps: Vec<Gap>,
}

/// Writes the drafts of those agents that were asked to write.
pub async fn publish(errand: &Errand<'_>, drafts: Vec<Draft>) -> Written {
    let writes = &errand.request.asked.writes;
    if !errand.allowed {
        return Written {
            published: writes.iter().map(|agent| rights::not_allowed(*agent, errand.config)).collect(),
            gaps: Vec::new(),
        };
    }
    let (mut pages, mut comments, mut posts) = (Vec::new(), Vec::new(), Vec::new());
    for draft in drafts {
        match draft {
            Draft::Page(page) if writes.contains(&page.agent) => pages.push(page),
            Draft::Comment(comment) if writes.contains(&comment.agent) => comments.push(comment),
            Draft::Post(post) if writes.contains(&post.agent) => posts.push(post),
            Draft::Page(_) | Draft::Comment(_) | Draft::Post(_) => {}
        }
    }
    // Side by side; pages one after another where two agents share one, or they would stand in each other's way.
    let pages = concurrently(
        pages::by_place(errand.config, pages).into_iter().map(|same| pages::write(errand, same)),
    );
    let comments = comments::write(errand, comments);
    let posts = concurrently(posts.into_iter().map(|post| posts::write(errand, post)));
    let (pages, comments, posts) = futures::join!(pages, comments, posts);
    let mut written = Written::default();
    for outcome in pages.into_iter().flatten().chain(comments).chain(posts) {
        written.gaps.extend(outcome.gap);
        written.published.push(outcome.published);
    }
    written.published.sort_by_key(|one| one.agent);
    written
}

/// What came of one draft.
struct Outcome {
    published: Published,
    gap: Option<Gap>,
}

impl Outcome {
    fn of(published: Published) -> Self {
        Self { published, gap: None }
    }

    /// It was not written, for a reason that is nobody's failure.
    fn refused(mut published: Published, reason: impl Into<String>) -> Self {
        published.action = "refused".to_owned();
        published.reason = Some(reason.into());
        Self { published, gap: None }
    }

    /// Nobody knows whether it was written: no answer came, and it could not be looked up.
    fn unknown(published: Published, source: Source, error: &SourceError) -> Self {
        let reason = format!("{}: {}", Published::UNKNOWN, error.detail);
        Self::failed(published, source, reason)
    }

    /// It could not be written.
    fn failed(published: Published, source: Source, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let gap = Gap { agent: published.agent, source: Some(source), reason: reason.clone() };
        Self { gap: Some(gap), ..Self::refused(published, reason) }
    }
}

/// Something that is about to be written.
fn about(agent: AgentName, target: &str, title: impl Into<String>) -> Published {
    Published {
        agent,
        target: target.to_owned(),
        id: String::new(),
        url: String::new(),
        action: String::new(),
        reason: None,
        diff: None,
        title: title.into(),
        changed: None,
        offer: None,
    }
}

/// Whether a call may have been carried out although its answer did not come.
fn is_unclear(error: &SourceError) -> bool {
    error.is_unclear()
}

/// A little while, longer with every attempt, and never the same for two who stand in each other's way.
async fn pause(attempt: u32) {
    let jitter = u64::from(rand::random::<u8>());
    tokio::time::sleep(std::time::Duration::from_millis(u64::from(attempt) * 80 + jitter)).await;
}
