//! `--post`: a digest that was asked for on the command line, posted in a channel.

use crate::app::App;
use crate::domain::MessageTs;
use crate::domain::{ChannelId, Digest};
use crate::render;
use crate::sources::slack::NewMessage;

/// Posts the digest and its sections as one thread.
///
/// # Errors
/// When Slack does not take a post; what was posted before stays.
pub async fn post(app: &App, channel: &ChannelId, digest: &Digest, names: &[String]) -> anyhow::Result<()> {
    let (main, replies) = render::digest_slack(digest, names);
    let slack = &app.upstream.slack;
    let thread = slack.post_message(&message(channel, None, main)).await?;
    for reply in replies {
        slack.post_message(&message(channel, Some(thread), reply)).await?;
    }
    Ok(())
}

fn message(channel: &ChannelId, thread: Option<MessageTs>, made: render::SlackMessage) -> NewMessage {
    NewMessage {
        channel: channel.clone(),
        thread,
        text: made.text,
        blocks: Some(made.blocks),
        metadata: Some(made.metadata),
        patience: None,
        gives_way: false,
    }
}
