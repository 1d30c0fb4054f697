//! A message of its own in a channel: the standup, posted once and changed in place when it is said again.
//!
//! The channel's members are not those who asked. A line that rests on a message which they may not
//! be able to read does not go there.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::canonical::fingerprint;
use super::{Errand, Outcome, about, is_unclear, pause};
use crate::domain::{Block, ChannelId, Evidence, MessageTs, PostDraft, Published, Source};
use crate::render::{SlackMessage, Telling, post_slack};
use crate::sources::slack::NewMessage;
use crate::sources::{ErrorKind, SourceError};

/// How far back a message of the same key is looked for.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(48);
const ATTEMPTS: u32 = 4;
const EVENT: &str = "caughtup_post";

/// Writes the post.
pub async fn write(errand: &Errand<'_>, draft: PostDraft) -> Outcome {
    let published = about(draft.agent, "slack", draft.title.clone());
    if tokio::time::Instant::now() >= errand.begin_until {
        return Outcome::failed(
            published,
            Source::Slack,
            "there was no time left to post it: ask for it alone",
        );
    }
    match Box::pin(post(errand, &draft, published.clone())).await {
        Ok(outcome) => outcome,
        Err(error) if is_unclear(&error) => Outcome::unknown(published, Source::Slack, &error),
        Err(error) => Outcome::failed(published, Source::Slack, explain(&error, &draft.channel)),
    }
}

fn explain(error: &SourceError, channel: &str) -> String {
    match &error.kind {
        ErrorKind::Refused(code) if ["not_in_channel", "channel_not_found"].contains(&code.as_str()) => {
            invite(channel)
        }
        _ => error.detail.clone(),
    }
}

fn invite(channel: &str) -> String {
    let channel = channel.trim_start_matches('#');
    format!(
        "the bot is in no channel {channel}: `/invite @caughtup` it there, or check `standup_channel` under `[team]`"
    )
}

async fn post(
    errand: &Errand<'_>,
    draft: &PostDraft,
    mut published: Published,
) -> Result<Outcome, SourceError> {
    let slack = errand.writing.slack();
    let joined = slack.joined_channels().await?;
    let bare = draft.channel.trim_start_matches('#');
    let is = |name: &str, id: &ChannelId| id.as_str() == bare || name.eq_ignore_ascii_case(bare);
    let Some(channel) = joined.iter().find(|channel| is(&channel.name, &channel.id)) else {
        return Ok(Outcome::failed(published, Source::Slack, invite(&draft.channel)));
    };
    if channel.shared {
        let why = "people of other organisations are in that channel, and this is not for them";
        return Ok(Outcome::refused(published, why));
    }
    let open: BTreeSet<&str> = joined
        .iter()
        .filter(|other| !other.private || other.id == channel.id)
        .map(|other| other.id.as_str())
        .collect();
    let blocks: Vec<Block> = draft.blocks.iter().filter(|block| may_go(block, &open)).cloned().collect();
    let telling = Telling::new(errand.config.timezone.iana_name().unwrap_or("UTC"), errand.request.at);
    let parts = post_slack(draft.agent, &draft.title, &blocks, &telling);
    let wall = Wall { errand, draft, channel: channel.id.clone() };
    let mut actions = Vec::new();
    let mut first: Option<MessageTs> = None;
    for (number, part) in parts.iter().enumerate() {
        let (ts, action) = wall.part(number, part, first, &mut published).await?;
        first = first.or(ts);
        actions.push(action);
    }
    published.action = ["dry-run", "created", "updated"]
        .into_iter()
        .find(|action| actions.contains(action))
        .unwrap_or("unchanged")
        .to_owned();
    if let Some(ts) = first {
        published.id = ts.to_string();
        published.url = slack.workspace().await?.permalink(&channel.id, ts, None);
    }
    Ok(Outcome::of(published))
}

/// Whether everybody in the channel may know what a line rests on.
fn may_go(block: &Block, open: &BTreeSet<&str>) -> bool {
    let public = |evidence: &Evidence| {
        evidence.source != Source::Slack || channel_of(&evidence.url).is_some_and(|id| open.contains(id))
    };
    match block {
        Block::Bullet(line) | Block::Plain(line) => line.evidence.iter().all(public),
        Block::Heading(_) | Block::Chart(_) => true,
    }
}

/// The channel in a permalink.
fn channel_of(url: &str) -> Option<&str> {
    url.split_once("/archives/")?.1.split(['/', '?']).next()
}

/// A channel, and one draft's messages on it.
struct Wall<'a> {
    errand: &'a Errand<'a>,
    draft: &'a PostDraft,
    channel: ChannelId,
}

impl Wall<'_> {
    /// One message of the post: the first in the channel, the others in its thread.
    async fn part(
        &self,
        number: usize,
        part: &SlackMessage,
        thread: Option<MessageTs>,
        published: &mut Published,
    ) -> Result<(Option<MessageTs>, &'static str), SourceError> {
        let slack = self.errand.writing.slack();
        let hash = fingerprint(&format!("{}{}", part.text, part.blocks));
        let message = NewMessage {
            channel: self.channel.clone(),
            thread,
            text: part.text.clone(),
            blocks: Some(part.blocks.clone()),
            patience: None,
            gives_way: false,
            metadata: Some(json!({
                "event_type": EVENT,
                "event_payload": {"key": self.draft.key, "part": number, "hash": hash, "run_id": self.errand.run},
            })),
        };
        let mut sent = None;
        let mut attempt = 1;
        loop {
            let outcome = match self.look(number, thread).await {
                Ok(Some((ts, there))) if there == hash => {
                    return Ok((Some(ts), sent.unwrap_or("unchanged")));
                }
                Ok(found) if self.errand.dry_run => {
                    let diff = published.diff.get_or_insert_default();
                    diff.push_str(&shown(part, found.is_some()));
                    return Ok((found.map(|(ts, _)| ts), "dry-run"));
                }
                Ok(Some((ts, _))) => {
                    sent = Some("updated");
                    slack.update_message(ts, &message).await.map(|()| (Some(ts), "updated"))
                }
                Ok(None) => {
                    sent = Some("created");
                    slack.post_message(&message).await.map(|ts| (Some(ts), "created"))
                }
                Err(error) => Err(error),
            };
            match outcome {
                Err(error) if is_unclear(&error) && attempt < ATTEMPTS => {
                    attempt += 1;
                    pause(attempt).await;
                }
                other => return other,
            }
        }
    }

    /// The message of this key that was posted before, with the fingerprint of what it says.
    async fn look(
        &self,
        number: usize,
        thread: Option<MessageTs>,
    ) -> Result<Option<(MessageTs, String)>, SourceError> {
        let now = self.errand.writing.clock().now();
        let since = MessageTs::at(now.checked_sub(LOOK_BACK).unwrap_or(now));
        let posts = self.errand.writing.slack().own_posts(&self.channel, thread, since).await?;
        let found = posts.iter().find_map(|post| {
            let payload = post.metadata.get("event_payload")?;
            let key = payload.get("key").and_then(Value::as_str) == Some(self.draft.key.as_str());
            let part = payload.get("part").and_then(Value::as_u64) == u64::try_from(number).ok();
            let hash = payload.get("hash").and_then(Value::as_str).unwrap_or_default();
            (key && part).then(|| (post.ts, hash.to_owned()))
        });
        Ok(found)
    }
}

fn shown(part: &SlackMessage, there: bool) -> String {
    let sign = if there { "~" } else { "+" };
    let texts = part.blocks.as_array().into_iter().flatten();
    let lines: Vec<String> = texts
        .filter_map(|block| block.pointer("/text/text").and_then(Value::as_str))
        .flat_map(str::lines)
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{sign} {line}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Line, Prose};

    #[test]
    fn what_not_everybody_may_read_does_not_go_to_a_channel() {
        let open = BTreeSet::from(["C1"]);
        let block = |url: &str| {
            let evidence = Evidence {
                source: Source::Slack,
                url: url.to_owned(),
                at: jiff::Timestamp::UNIX_EPOCH,
                author: String::new(),
                excerpt: String::new(),
            };
            Block::Bullet(Line { text: Prose::text("x"), evidence: vec![evidence] })
        };
        assert!(may_go(&block("https://acme.slack.com/archives/C1/p1?thread_ts=1.0&cid=C1"), &open));
        assert!(!may_go(&block("https://acme.slack.com/archives/C2/p1"), &open));
        assert!(!may_go(&block("https://acme.slack.com/elsewhere"), &open));
    }
}
