//! The list of what Slack can do here, and what each needs.

use super::call::{Call, Outcome};
use super::limits::Tier;

mod channels;
mod chat;
mod conversations;
mod history;
pub(super) mod post;
mod reactions;
mod streams;
mod users;
mod various;
mod views;

pub(super) use channels::direct;
pub(super) use chat::{link, remove};
pub(super) use reactions::{give, take};

/// Which token a method wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// None at all.
    None,
    /// A bot's.
    Bot,
    /// An app's.
    App,
    /// Either.
    Any,
    /// A person's, of which the twin has none.
    User,
}

/// A method.
pub(super) struct Method {
    pub name: &'static str,
    pub token: Token,
    pub tier: Tier,
    /// Any one of these will do to be let in; the method itself may ask for a particular one.
    pub scopes: &'static [&'static str],
    pub run: fn(&Call) -> Outcome,
}

const fn bot(
    name: &'static str,
    tier: Tier,
    scopes: &'static [&'static str],
    run: fn(&Call) -> Outcome,
) -> Method {
    Method { name, token: Token::Bot, tier, scopes, run }
}

const READ: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
const HISTORY: &[&str] = &["channels:history", "groups:history", "im:history", "mpim:history"];
const OPEN: &[&str] = &["channels:manage", "groups:write", "im:write", "mpim:write"];

/// Every method, in alphabetical order. Tiers as in the documentation of each.
static METHODS: &[Method] = &[
    bot("agents.sessions.setStatus", Tier::Three, &["chat:write"], views::session_status),
    Method { name: "api.test", token: Token::None, tier: Tier::Free, scopes: &[], run: various::api_test },
    Method {
        name: "apps.connections.open",
        token: Token::App,
        tier: Tier::Three,
        scopes: &["connections:write"],
        run: various::connections_open,
    },
    bot("assistant.threads.setStatus", Tier::Four, &["assistant:write", "chat:write"], views::thread_status),
    Method { name: "auth.test", token: Token::Any, tier: Tier::Free, scopes: &[], run: various::auth_test },
    bot("bots.info", Tier::Three, &["users:read"], users::bot_info),
    bot("chat.appendStream", Tier::Four, &["chat:write"], streams::append),
    bot("chat.delete", Tier::Three, &["chat:write"], chat::delete),
    bot("chat.getPermalink", Tier::Free, &[], chat::permalink),
    bot("chat.postEphemeral", Tier::Four, &["chat:write"], chat::post_ephemeral),
    bot("chat.postMessage", Tier::Posting, &["chat:write"], chat::post_message),
    bot("chat.scheduleMessage", Tier::Three, &["chat:write"], chat::schedule),
    bot("chat.startStream", Tier::Two, &["chat:write"], streams::start),
    bot("chat.stopStream", Tier::Two, &["chat:write"], streams::stop),
    bot("chat.update", Tier::Three, &["chat:write"], chat::update),
    bot("conversations.history", Tier::Three, HISTORY, history::history),
    bot("conversations.info", Tier::Three, READ, conversations::info),
    bot(
        "conversations.invite",
        Tier::Three,
        &["channels:manage", "channels:write.invites", "groups:write", "mpim:write"],
        channels::invite,
    ),
    bot("conversations.join", Tier::Three, &["channels:join"], channels::join),
    bot("conversations.list", Tier::Two, READ, conversations::list),
    bot("conversations.mark", Tier::Three, OPEN, channels::mark),
    bot("conversations.members", Tier::Four, READ, conversations::members),
    bot("conversations.open", Tier::Three, OPEN, channels::open),
    bot("conversations.replies", Tier::Three, HISTORY, history::replies),
    bot("files.info", Tier::Four, &["files:read"], various::file_info),
    bot("files.upload", Tier::Two, &[], various::file_upload),
    bot("pins.list", Tier::Two, &["pins:read"], various::pins),
    bot("reactions.add", Tier::Three, &["reactions:write"], reactions::add),
    bot("reactions.get", Tier::Three, &["reactions:read"], reactions::get),
    bot("reactions.remove", Tier::Two, &["reactions:write"], reactions::remove),
    Method {
        name: "search.messages",
        token: Token::User,
        tier: Tier::Two,
        scopes: &["search:read"],
        run: various::never,
    },
    bot("team.info", Tier::Three, &["team:read"], various::team_info),
    bot("usergroups.list", Tier::Two, &["usergroups:read"], various::usergroups),
    bot("users.conversations", Tier::Three, READ, conversations::of_user),
    bot("users.info", Tier::Four, &["users:read"], users::info),
    bot("users.list", Tier::Two, &["users:read"], users::list),
    bot("users.lookupByEmail", Tier::Three, &["users:read.email"], users::by_email),
    bot("users.profile.get", Tier::Four, &["users.profile:read"], users::profile),
    bot("views.open", Tier::Four, &[], views::open),
    bot("views.publish", Tier::Four, &[], views::publish),
];

/// The method of this name.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_once_and_in_order() {
        let names: Vec<_> = METHODS.iter().map(|method| method.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
    }
}
