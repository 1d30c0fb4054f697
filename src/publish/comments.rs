//! Standup notes as comments in Jira: one for each person, issue and day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::canonical::fingerprint;
use super::{Errand, Outcome, about, is_unclear, pause};
use crate::domain::{CommentDraft, IssueKey, Published, Source};
use crate::render::{Telling, comment_adf};
use crate::sources::{ErrorKind, SourceError, concurrently};

/// The property by which a comment is found again.
const PROPERTY: &str = "caughtup.standup";
const ATTEMPTS: u32 = 4;

/// Writes the comments: issues side by side, one issue's comments one after another, as Jira allows an issue
/// 20 writes in two seconds.
pub async fn write(errand: &Errand<'_>, drafts: Vec<CommentDraft>) -> Vec<Outcome> {
    if drafts.is_empty() {
        return Vec::new();
    }
    let me = match errand.writing.jira_self().await {
        Ok(me) => me,
        Err(error) => {
            return drafts.iter().map(|draft| failed(start(draft), &error)).collect();
        }
    };
    let mut issues: Vec<(IssueKey, Vec<CommentDraft>)> = Vec::new();
    for draft in drafts {
        match issues.iter_mut().find(|(key, _)| *key == draft.issue) {
            Some((_, of_issue)) => of_issue.push(draft),
            None => issues.push((draft.issue.clone(), vec![draft])),
        }
    }
    let me = &me;
    let written = concurrently(issues.into_iter().map(|(_, of_issue)| async move {
        let mut outcomes = Vec::new();
        for draft in of_issue {
            outcomes.extend(Box::pin(one(errand, &draft, me)).await);
        }
        outcomes
    }));
    written.await.into_iter().flatten().collect()
}

fn start(draft: &CommentDraft) -> Published {
    Published { url: draft.url.clone(), ..about(draft.agent, "jira", draft.issue.to_string()) }
}

async fn one(errand: &Errand<'_>, draft: &CommentDraft, me: &str) -> Option<Outcome> {
    let telling = Telling::new(errand.config.timezone.iana_name().unwrap_or("UTC"), errand.request.at);
    // A comment that says nothing is none.
    let body = comment_adf(draft, &telling)?;
    let fingerprint = fingerprint(&body.to_string());
    let value = json!({"person": draft.person, "day": draft.day, "hash": fingerprint});
    let note = Note { errand, draft, me, body, value };
    Some(note.done().await)
}

/// One comment's way.
struct Note<'a> {
    errand: &'a Errand<'a>,
    draft: &'a CommentDraft,
    me: &'a str,
    body: Value,
    value: Value,
}

impl Note<'_> {
    async fn done(&self) -> Outcome {
        let mut published = start(self.draft);
        let mut error = None;
        let mut sent: Option<&str> = None;
        for attempt in 1..=ATTEMPTS {
            if attempt > 1 {
                pause(attempt).await;
            } else if tokio::time::Instant::now() >= self.errand.begin_until {
                return Outcome::failed(
                    published,
                    Source::Jira,
                    "there was no time left to comment: ask for it alone",
                );
            }
            match self.attempt(&mut published, &mut sent).await {
                Ok(outcome) => return outcome,
                Err(trouble) if is_unclear(&trouble) || trouble.kind == ErrorKind::Conflict => {
                    error = Some(trouble);
                }
                Err(trouble) => return failed(published, &trouble),
            }
        }
        match error {
            Some(error) if sent.is_some() && is_unclear(&error) => {
                Outcome::unknown(published, Source::Jira, &error)
            }
            Some(error) => failed(published, &error),
            None => Outcome::failed(published, Source::Jira, "it could not be written"),
        }
    }

    /// Looks first, every time: whoever gets no answer does not know whether it was done.
    async fn attempt(
        &self,
        published: &mut Published,
        sent: &mut Option<&'static str>,
    ) -> Result<Outcome, SourceError> {
        let writing = self.errand.writing;
        let listed =
            writing.own_comments(&self.draft.issue, self.me, PROPERTY, since(self.draft.day)).await?;
        let mine = listed.into_iter().find(|comment| {
            ["person", "day"].iter().all(|name| comment.property.get(name) == self.value.get(name))
        });
        if let Some(mine) = &mine {
            self.place(published, &mine.id);
            if mine.property.get("hash") == self.value.get("hash") {
                published.action = sent.unwrap_or("unchanged").to_owned();
                return Ok(Outcome::of(published.clone()));
            }
            if mine.touched {
                let why = "somebody has edited this comment since it was written, so it is left as it is";
                return Ok(Outcome::refused(published.clone(), why));
            }
        }
        let action = if mine.is_some() { "updated" } else { "created" };
        if self.errand.dry_run {
            published.action = "dry-run".to_owned();
            published.diff = Some(self.said(action));
            return Ok(Outcome::of(published.clone()));
        }
        *sent = Some(action);
        let id = mine.as_ref().map(|mine| mine.id.as_str());
        let id = writing.write_comment(&self.draft.issue, id, &self.body, PROPERTY, &self.value).await?;
        self.place(published, &id);
        published.action = action.to_owned();
        Ok(Outcome::of(published.clone()))
    }

    fn place(&self, published: &mut Published, id: &str) {
        id.clone_into(&mut published.id);
        published.url = format!("{}?focusedCommentId={id}", self.draft.url);
    }

    /// The comment as text, for a dry run.
    fn said(&self, action: &str) -> String {
        let telling = Telling::new(&self.errand.request.timezone, self.errand.request.at);
        let sign = if action == "updated" { "~" } else { "+" };
        let lines = self.draft.lines.iter().filter(|line| !line.is_empty());
        let lines = lines.map(|line| format!("{sign} {}", crate::render::prose_text(line, &telling)));
        std::iter::once(format!("{sign} {} · {}", self.draft.name, self.draft.day))
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn failed(published: Published, error: &SourceError) -> Outcome {
    Outcome::failed(published, Source::Jira, error.detail.clone())
}

/// A comment of a day is not made before it: zones are half a day apart at most.
fn since(day: Date) -> Timestamp {
    let start = day.checked_sub(1.day()).unwrap_or(day).to_zoned(TimeZone::UTC);
    start.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
}
