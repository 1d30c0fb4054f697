//! Slack, read and posted to.

mod channels;
mod client;
mod flatten;
mod heard;
mod keeping;
mod kept;
mod lately;
mod people;
mod post;
mod ranking;
mod refusal;
mod scan;
mod threads;
mod token;
mod views;
mod wire;

pub use client::{SlackClient, Workspace};
pub use heard::Heard;
pub use keeping::{Scans, Turns, hear};
pub use post::{NewMessage, OwnPost};
pub use token::Token;
pub use wire::{Author as WireAuthor, Each, Readable, WireChannel, WireMessage, WireUser};

pub(super) use channels::{Rights, channel, channels, everywhere};
pub(super) use people::people;
pub(super) use ranking::Budget;
pub(super) use scan::scan;
