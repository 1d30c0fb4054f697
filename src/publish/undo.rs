//! Puts back what a page said before a version of ours, if nobody has edited it since.

use super::{is_unclear, pages, pause};
use crate::domain::{AgentName, PageId};
use crate::sources::{ErrorKind, SourceError, Writing};

const ATTEMPTS: u32 = 4;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// The page says again what it said before.
    Done,
    /// It did so already.
    Already,
    /// Somebody, perhaps we, has written it since: nothing was done.
    WrittenSince,
}

/// Undoes our `version` of a page. Doing so twice does it once. Gives the page's title and address as well.
///
/// # Errors
/// When Confluence does not let us, or does not answer.
pub async fn undo(
    writing: &Writing,
    agent: AgentName,
    page: &PageId,
    version: u32,
) -> Result<(Undone, String, String), SourceError> {
    let message = format!("{}undo of version {version}", pages::message_start(agent));
    let mut sent = false;
    let mut attempt = 1;
    loop {
        let now = writing.wiki_page(page).await?;
        let answer = |undone| Ok((undone, now.title.clone(), now.url.clone()));
        if now.version == version.saturating_add(1) && now.message == message {
            return answer(if sent { Undone::Done } else { Undone::Already });
        }
        let ours = now.version == version && now.message.starts_with(&pages::message_start(agent));
        let Some(before) = version.checked_sub(1).filter(|before| ours && *before > 0) else {
            return answer(Undone::WrittenSince);
        };
        let before = writing.wiki_version(page, Some(before)).await?;
        match writing.update_page(&now, &before.storage, &message).await {
            Ok(_) => return answer(Undone::Done),
            Err(error) if attempt < ATTEMPTS && is_unclear(&error) => sent = true,
            // Somebody was faster: the next look says so.
            Err(error)
                if attempt < ATTEMPTS
                    && matches!(error.kind, ErrorKind::Refused(_) | ErrorKind::Conflict) => {}
            Err(error) => return Err(error),
        }
        attempt += 1;
        pause(attempt).await;
    }
}
