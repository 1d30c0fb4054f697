//! What of Slack's the bot uses, and the scope that each needs. `manifest.yml` asks for exactly these.

/// Every Web API method that is called, with the bot scopes that it needs. Each line's scopes are from
/// the method's page in Slack's documentation.
pub const METHODS: &[(&str, &[&str])] = &[
    ("auth.test", &[]),
    ("chat.postEphemeral", &["chat:write"]),
    ("chat.postMessage", &["chat:write"]),
    ("chat.update", &["chat:write"]),
    ("chat.delete", &["chat:write"]),
    // Public and private channels, and direct messages with the bot. Group messages are not read.
    ("conversations.history", &["channels:history", "groups:history", "im:history"]),
    ("conversations.replies", &["channels:history", "groups:history", "im:history"]),
    ("conversations.list", &["channels:read", "groups:read"]),
    ("conversations.members", &["channels:read", "groups:read"]),
    ("conversations.open", &["im:write"]),
    ("users.conversations", &["channels:read", "groups:read"]),
    ("users.info", &["users:read", "users:read.email"]),
    ("users.list", &["users:read", "users:read.email"]),
    ("views.open", &[]),
];

/// Every event that is handled, with the scope that subscribing to it needs.
pub const EVENTS: &[(&str, &str)] = &[
    // What is asked.
    ("app_mention", "app_mentions:read"),
    ("message.im", "im:history"),
    // What happens in channels that the bot is in, so that they need not be read again.
    ("message.channels", "channels:history"),
    ("message.groups", "groups:history"),
    ("reaction_added", "reactions:read"),
    ("reaction_removed", "reactions:read"),
    // What ends that.
    ("channel_archive", "channels:read"),
    ("channel_deleted", "channels:read"),
    ("channel_history_changed", "channels:history"),
    ("channel_left", "channels:read"),
    ("group_archive", "groups:read"),
    ("group_deleted", "groups:read"),
    ("group_history_changed", "groups:history"),
    ("group_left", "groups:read"),
];

/// The slash command, and its scope.
pub const COMMAND: (&str, &str) = ("/caughtup", "commands");

/// What the app-level token needs: `apps.connections.open`. It is made by hand, not by the manifest.
pub const APP_SCOPES: &[&str] = &["connections:write"];
