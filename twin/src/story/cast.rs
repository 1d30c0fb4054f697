//! Names for what the demo and the tests speak of.

use super::channels::PROGRAM;
use super::fields::{BOARD, PLATFORM_BOARD, SPRINT_NOW};
use super::ids::{channel_id, user_id};
use super::pages;
use super::people::MAIL;

/// The bot's token. Nobody's.
pub const BOT_TOKEN: &str = "xoxb-0000000000-fiction-kestrel-freight";
/// The app-level token. Nobody's.
pub const APP_TOKEN: &str = "xapp-1-A07FICTION-0000000000-kestrel-freight";
/// The Atlassian account's e-mail address.
pub const ATLASSIAN_EMAIL: &str = "caughtup@kestrel-freight.example";
/// Its API token. Nobody's.
pub const ATLASSIAN_TOKEN: &str = "fiction-atlassian-token-kestrel-freight";
/// The Atlassian site as people's links name it.
pub const SITE: &str = "https://kestrel-freight.atlassian.net";
/// The workspace's domain.
pub const DOMAIN: &str = "kestrel-freight";
/// The scopes that the bot's token has: those that the product's manifest asks for, and no other, so that
/// a call which needs one more is refused here as it would be in a real workspace.
pub const BOT_SCOPES: [&str; 12] = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "users:read",
    "users:read.email",
];

/// Who and what the story is about, by id.
#[derive(Debug, Clone)]
pub struct Cast {
    /// The bot's user.
    pub bot: String,
    /// Dana, the program manager: the main reader. In `dct-legal`, not in `dct-exec`.
    pub reader: String,
    /// Her e-mail address.
    pub reader_email: String,
    /// Marcus, the engineering lead: in every channel of the program.
    pub lead: String,
    /// His e-mail address.
    pub lead_email: String,
    /// Grace, a test engineer: in neither private channel.
    pub engineer: String,
    /// Gwen, a guest of `dct-facilities`.
    pub guest: String,
    /// Ruth of the partner, met in `dct-vendors`.
    pub outsider: String,
    /// Oskar, who left.
    pub gone: String,
    /// The program's channels, in the order of [`PROGRAM`].
    pub program_channels: Vec<String>,
    /// The private channel that the reader is in.
    pub legal: String,
    /// The private channel that the reader is not in, and the bot is.
    pub exec: String,
    /// The channel that the bot is not in.
    pub without_bot: String,
    /// `#dct-program`.
    pub digest_channel: String,
    /// `#team-standup`.
    pub standup_channel: String,
    /// The reader's direct message with the bot.
    pub reader_dm: String,
    /// The team's board.
    pub board: u64,
    /// Another team's board, whose sprint is healthy.
    pub other_board: u64,
    /// The active sprint of the team's board.
    pub sprint: u64,
    /// The tracking pages: status table, risk register, decision log.
    pub pages: Vec<String>,
    /// The program's initiatives.
    pub initiatives: Vec<String>,
}

/// The cast.
pub fn cast() -> Cast {
    Cast {
        bot: user_id("caughtup"),
        reader: user_id("dana"),
        reader_email: format!("dana@{MAIL}"),
        lead: user_id("marcus"),
        lead_email: format!("marcus@{MAIL}"),
        engineer: user_id("grace"),
        guest: user_id("gwen"),
        outsider: user_id("ruth"),
        gone: user_id("oskar"),
        program_channels: PROGRAM.iter().map(|name| channel_id(name)).collect(),
        legal: channel_id("dct-legal"),
        exec: channel_id("dct-exec"),
        without_bot: channel_id("dct-dba"),
        digest_channel: channel_id("dct-program"),
        standup_channel: channel_id("team-standup"),
        reader_dm: channel_id("dm-dana-caughtup"),
        board: BOARD,
        other_board: PLATFORM_BOARD,
        sprint: SPRINT_NOW,
        pages: [pages::STATUS, pages::RISKS, pages::DECISIONS].map(str::to_owned).to_vec(),
        initiatives: (1..=20).map(|number| format!("ROAD-{number}")).collect(),
    }
}
