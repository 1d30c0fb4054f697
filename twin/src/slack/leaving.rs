//! What people take back and what they end, for tests to make them do.

use super::call::is_member;
use super::methods::take;
use super::sockets::events;
use crate::server::Twin;

impl Twin {
    /// Somebody takes their reaction back.
    pub fn unreact(&self, user: &str, channel: &str, ts: &str, emoji: &str) {
        let gone = take(&mut self.shared().world(), channel, ts, user, emoji);
        if gone {
            events::reaction(self.shared(), "reaction_removed", channel, ts, user, emoji);
            self.shared().changes.ring();
        }
    }

    /// Somebody takes the bot, or a person, out of a channel.
    pub fn kick(&self, by: &str, channel: &str, user: &str) {
        let (bot, private) = {
            let mut world = self.shared().world();
            let bot = world.slack.bot_user == user;
            let Some(place) = world.slack.channels.get_mut(channel) else { return };
            if !place.members.remove(user) {
                return;
            }
            (bot, place.is_private)
        };
        if bot {
            let name = if private { "group_left" } else { "channel_left" };
            events::over(self.shared(), name, channel, by);
        }
        self.shared().changes.ring();
    }

    /// Somebody closes a channel for writing.
    pub fn archive(&self, by: &str, channel: &str) {
        let heard = {
            let mut world = self.shared().world();
            let Some(place) = world.slack.channels.get_mut(channel) else { return };
            place.is_archived = true;
            let private = place.is_private;
            // Of public channels every app hears it, of private ones those that are in it.
            let heard = world.slack.channels.get(channel).is_some_and(|place| is_member(&world, place));
            (!private || heard).then_some(if private { "group_archive" } else { "channel_archive" })
        };
        if let Some(name) = heard {
            events::over(self.shared(), name, channel, by);
        }
        self.shared().changes.ring();
    }
}
