//! What people hear when Slack is slow, refuses the bot, or takes its messages nowhere.

mod elsewhere;
mod slowly;
mod token;
mod truth;
