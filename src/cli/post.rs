//! `--post`: a digest that was asked for on the command line, posted in a channel.

use crate::app::App;
use crate::domain::{ChannelId, Digest};
use crate::render;
use crate::sources::slack::Post;

/// Posts the digest and its sections as one thread.
///
/// # Errors
/// When Slack does not take a post; what was posted before stays.
pub async fn post(app: &App, channel: &ChannelId, digest: &Digest, names: &[String]) -> anyhow::Result<()> {
    let (main, replies) = render::digest_slack(digest, names);
    let slack = &app.upstream.slack;
    let thread = slack.post(channel, None, &as_post(main)).await?;
    for reply in replies {
        slack.post(channel, Some(thread), &as_post(reply)).await?;
    }
    Ok(())
}

fn as_post(message: render::SlackMessage) -> Post {
    Post { text: message.text, blocks: message.blocks, metadata: message.metadata }
}
