//! Whether Slack takes the bot's token, as far as the last call knows.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is known of the token in this process. Copies are the same.
#[derive(Debug, Clone, Default)]
pub struct Token {
    refused: Arc<Mutex<Option<String>>>,
}

impl Token {
    /// Why Slack refuses it, in Slack's own word; nothing while it takes it.
    pub fn refused(&self) -> Option<String> {
        self.known().clone()
    }

    /// Slack has refused it. It is said once while that lasts.
    pub(super) fn refuse(&self, why: &str) {
        if self.known().replace(why.to_owned()).is_none() {
            metrics::gauge!("caughtup_slack_token_refused").set(1.0);
            tracing::error!(
                why,
                "Slack refuses the bot's token: nothing can be read or posted there. Set SLACK_BOT_TOKEN to the token \
                 under OAuth & Permissions in the app's settings and start again; if the app was removed, install it again"
            );
        }
    }

    /// Slack has done something for it.
    pub(super) fn accept(&self) {
        if self.known().take().is_some() {
            metrics::gauge!("caughtup_slack_token_refused").set(0.0);
            tracing::info!("Slack takes the bot's token again");
        }
    }

    fn known(&self) -> MutexGuard<'_, Option<String>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
