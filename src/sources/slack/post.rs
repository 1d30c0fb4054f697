//! Posting: what the bot says in Slack. Nothing unfurls, so that no link is followed for a reader.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::domain::{ChannelId, MessageTs, Source, UserId};
use crate::sources::call::{Call, Safety};
use crate::sources::limits::Bucket;
use crate::sources::{ErrorKind, SourceError};

use super::client::{MOST_PAGES, SlackClient};
use super::wire::{Each, WireMessage};

/// A message to post.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Where.
    pub channel: ChannelId,
    /// The thread, for a reply.
    pub thread: Option<MessageTs>,
    /// What notifications and clients without blocks show.
    pub text: String,
    /// The blocks, as Slack has them.
    pub blocks: Option<Value>,
    /// What other programs read, and what a post is found again by.
    pub metadata: Option<Value>,
    /// How long it may wait for its turn under the limits; `None` for as long as it takes. What did not get its
    /// turn was certainly not posted.
    pub patience: Option<Duration>,
    /// Whether others may be posted to the channel first: somebody may be waiting for a first word.
    pub gives_way: bool,
}

/// A message that the bot has posted before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPost {
    /// Its id.
    pub ts: MessageTs,
    /// Its metadata.
    pub metadata: Value,
}

#[derive(Deserialize)]
struct Posted {
    ts: MessageTs,
}

#[derive(Deserialize)]
struct Nothing {}

impl SlackClient {
    /// Posts a message and gives its id. It may have been posted although an error comes back (a
    /// timeout, a broken connection): look with [`Self::own_posts`] before posting again.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn post_message(&self, message: &NewMessage) -> Result<MessageTs, SourceError> {
        let mut body = json!({
            "channel": message.channel,
            "text": message.text,
            "unfurl_links": false,
            "unfurl_media": false,
        });
        set(&mut body, "thread_ts", message.thread.map(|ts| json!(ts)));
        set(&mut body, "blocks", message.blocks.clone());
        set(&mut body, "metadata", message.metadata.clone());
        let bucket = Bucket::posting(&message.channel);
        let bucket = if message.gives_way { bucket.giving_way() } else { bucket };
        let posted: Posted =
            self.write("chat.postMessage", body, Safety::Once, bucket, message.patience).await?;
        Ok(posted.ts)
    }

    /// Changes a message of ours. Doing so twice is as good as once.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn update_message(&self, ts: MessageTs, message: &NewMessage) -> Result<(), SourceError> {
        let mut body = json!({"channel": message.channel, "ts": ts, "text": message.text});
        set(&mut body, "blocks", message.blocks.clone());
        set(&mut body, "metadata", message.metadata.clone());
        let bucket = Bucket::slack("chat.update");
        // What matters only now is not worth a second attempt.
        let safety = if message.patience.is_some() { Safety::Once } else { Safety::Repeatable };
        let updated: Result<Nothing, SourceError> =
            self.write("chat.update", body, safety, bucket, message.patience).await;
        updated.map(|_| ())
    }

    /// How many messages could be changed now without waiting.
    pub fn free_changes(&self) -> usize {
        self.door.free(&Bucket::slack("chat.update"))
    }

    /// Deletes a message of ours. One that is gone already is as good as deleted.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn delete_message(&self, channel: &ChannelId, ts: MessageTs) -> Result<(), SourceError> {
        let body = json!({"channel": channel, "ts": ts});
        match self.done("chat.delete", body, Safety::Repeatable).await {
            Err(error) if error.detail.contains("message_not_found") => Ok(()),
            other => other,
        }
    }

    /// Shows a line to one person in a channel, gone when they reload.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn post_ephemeral(&self, user: &UserId, message: &NewMessage) -> Result<(), SourceError> {
        let mut body = json!({"channel": message.channel, "user": user, "text": message.text});
        set(&mut body, "thread_ts", message.thread.map(|ts| json!(ts)));
        set(&mut body, "blocks", message.blocks.clone());
        self.done("chat.postEphemeral", body, Safety::Once).await
    }

    /// The direct message channel with somebody, opened if need be.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn open_dm(&self, user: &UserId) -> Result<ChannelId, SourceError> {
        #[derive(Deserialize)]
        struct Opened {
            channel: Direct,
        }
        #[derive(Deserialize)]
        struct Direct {
            id: ChannelId,
        }
        let method = "conversations.open";
        let body = json!({"users": user});
        let opened: Opened =
            self.write(method, body, Safety::Repeatable, Bucket::slack(method), None).await?;
        Ok(opened.channel.id)
    }

    /// Answers a slash command or a button at the address that came with it: five times at most, within 30
    /// minutes. The address is the permission, so no token goes there.
    ///
    /// # Errors
    /// When the address is not Slack's, or Slack refuses or does not answer.
    pub async fn respond(&self, response_url: &Url, payload: &Value) -> Result<(), SourceError> {
        if !self.is_slack(response_url) {
            let detail = "the answer's address is not Slack's";
            return Err(SourceError::new(Source::Slack, ErrorKind::Refused(detail.to_owned()), detail));
        }
        let call = Call::post(Source::Slack, "response_url", response_url.clone())
            .json(payload.clone())
            .bucket(Bucket::responding());
        self.door.answer(call).await.map(|_| ())
    }

    /// The bot's own messages with metadata in a thread, or in a channel since `since`: what is found here
    /// must not be posted again.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn own_posts(
        &self,
        channel: &ChannelId,
        thread: Option<MessageTs>,
        since: MessageTs,
    ) -> Result<Vec<OwnPost>, SourceError> {
        #[derive(Deserialize)]
        struct Messages {
            messages: Each<WireMessage>,
        }
        let us = self.workspace().await?;
        let mut params = vec![
            ("channel", channel.to_string()),
            ("limit", "200".to_owned()),
            ("include_all_metadata", "true".to_owned()),
            ("oldest", since.to_string()),
            ("inclusive", "true".to_owned()),
        ];
        params.extend(thread.map(|root| ("ts", root.to_string())));
        let method = if thread.is_some() { "conversations.replies" } else { "conversations.history" };
        let mut found = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let page = self.page::<Messages>(method, &params, cursor.as_deref(), None).await?;
            let ours = page
                .content
                .messages
                .items
                .into_iter()
                .filter(|message| message.author.user.as_ref() == Some(&us.user));
            found.extend(
                ours.filter_map(|message| Some(OwnPost { ts: message.ts, metadata: message.metadata? })),
            );
            match page.next {
                Some(next) if cursor.as_deref() != Some(&next) => cursor = Some(next),
                _ => break,
            }
        }
        Ok(found)
    }

    async fn done(&self, method: &'static str, body: Value, safety: Safety) -> Result<(), SourceError> {
        self.write::<Nothing>(method, body, safety, Bucket::slack(method), None).await.map(|_| ())
    }

    /// Slack's own hosts over TLS, or wherever the API was configured to be.
    fn is_slack(&self, url: &Url) -> bool {
        let of_slack = |name: &str| {
            ["slack.com", "slack-gov.com"]
                .iter()
                .any(|home| name == *home || name.strip_suffix(home).is_some_and(|sub| sub.ends_with('.')))
        };
        let official =
            matches!(url.host(), Some(Host::Domain(name)) if of_slack(name)) && url.scheme() == "https";
        official || (url.host().is_some() && url.host() == self.host())
    }
}

fn set(body: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(fields), Some(value)) = (body.as_object_mut(), value) {
        fields.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::sources::Door;

    #[test]
    fn answers_go_to_slack_and_nowhere_else() {
        let client = |api: &str| {
            let config = config::Slack {
                connections: 1,
                api_url: api.parse().unwrap(),
                bot_token: None,
                app_token: None,
            };
            SlackClient::new(&config, Door::new(std::time::Duration::from_secs(1)))
        };
        let slack = client("https://slack.com/api");
        let may = |client: &SlackClient, url: &str| client.is_slack(&url.parse().unwrap());
        assert!(may(&slack, "https://hooks.slack.com/commands/T1/1/x"));
        assert!(!may(&slack, "http://hooks.slack.com/commands/T1/1/x"));
        assert!(!may(&slack, "https://notslack.com/x"));
        assert!(!may(&slack, "https://slack.com.evil.example/x"));
        assert!(!may(&slack, "http://127.0.0.1:9/x"));
        assert!(may(&client("http://127.0.0.1:8080/api"), "http://127.0.0.1:8080/commands/x"));
    }
}
