//! Waiting for something to happen: told of every change, never polling, and never in vain for long.

use std::time::Duration;

use serde_json::Value;

use super::front::PATIENCE;
use crate::server::{Shared, Twin};

impl Twin {
    /// Waits until `look` finds what it looks for; it is asked again after every change.
    ///
    /// # Errors
    /// After 20 seconds, with everything that did arrive.
    pub async fn wait_for<T>(&self, what: &str, look: impl FnMut(&Shared) -> Option<T>) -> anyhow::Result<T> {
        self.wait_within(PATIENCE, what, look).await
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// When it is over, with everything that did arrive.
    pub async fn wait_within<T>(
        &self,
        patience: Duration,
        what: &str,
        mut look: impl FnMut(&Shared) -> Option<T>,
    ) -> anyhow::Result<T> {
        let mut changes = self.shared().changes.listen();
        let watching = async {
            loop {
                if let Some(found) = look(self.shared()) {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        match tokio::time::timeout(patience, watching).await {
            Ok(found) => Ok(found),
            Err(_) => anyhow::bail!("waited {patience:?} in vain for {what}\n{}", account(self.shared())),
        }
    }
}

/// What did arrive, for whoever waited for something else.
fn account(shared: &Shared) -> String {
    let mut lines = vec![format!("{} websockets open", shared.sockets.connections())];
    for exchange in shared.ledger.exchanges() {
        let error = exchange.response.get("error").and_then(Value::as_str).unwrap_or_default();
        lines.push(format!("{} {} {} {error}", exchange.vendor, exchange.operation, exchange.status));
    }
    // The last calls tell more than the first.
    let surplus = lines.len().saturating_sub(60);
    lines.drain(1..surplus.max(1));
    for envelope in shared.ledger.acknowledgements() {
        let fate = envelope.after.map_or("not acknowledged".into(), |after| format!("after {after:?}"));
        lines.push(format!("envelope {} x{} {fate}", envelope.kind, envelope.deliveries));
    }
    let world = shared.world();
    for channel in world.slack.channels.values() {
        let ours =
            channel.messages.values().filter(|message| message.bot_id.as_ref() == Some(&world.slack.bot_id));
        for message in ours {
            let text: String = message.text.chars().take(160).collect();
            lines.push(format!("posted in {} {}: {text}", channel.id, message.ts));
        }
    }
    drop(world);
    for line in shared.margin.ephemerals() {
        let text: String = line.text.chars().take(160).collect();
        lines.push(format!("ephemeral in {} for {}: {text}", line.channel, line.user));
    }
    lines.join("\n")
}
