//! Whether Slack takes the bot's token, asked at the start and now and then.
//!
//! Sockets are opened with another token: they stay open, and requests come in, when nothing can be read or posted any
//! more. Every call that is refused notes it; this finds out when nobody calls, and when it is over.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::sources::slack::SlackClient;

/// How often Slack is asked. `auth.test` may be called hundreds of times a minute.
const WELL: Duration = Duration::from_secs(60);
const REFUSED: Duration = Duration::from_secs(10);

/// Asks until told to stop.
pub async fn watch(slack: SlackClient, stop: CancellationToken) {
    metrics::gauge!("caughtup_slack_token_refused").set(0.0);
    loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return,
            asked = slack.auth_test() => asked,
        };
        if let Err(error) = &asked {
            tracing::debug!(%error, "Slack could not be asked about the bot's token");
        }
        let pause = if slack.token().refused().is_some() { REFUSED } else { WELL };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
