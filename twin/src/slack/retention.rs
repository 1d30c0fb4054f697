//! What a workspace does to its history at large, for tests to have it do.

use super::sockets::events;
use crate::server::Twin;

impl Twin {
    /// A retention policy takes away what was said in a channel before an instant. Nobody is told.
    pub fn retain(&self, channel: &str, from: &str) {
        let mut world = self.shared().world();
        let Some(place) = world.slack.channels.get_mut(channel) else { return };
        place.messages.retain(|ts, _| ts.as_str() >= from);
        drop(world);
        self.shared().changes.ring();
    }

    /// Slack tells that a channel's history was changed at large, up to an instant.
    pub fn history_changed(&self, channel: &str, latest: &str) {
        events::history_changed(self.shared(), channel, latest);
    }
}
