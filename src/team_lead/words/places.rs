//! What is said when something cannot be said where it belongs.

/// The line for somebody who wants a digest in a channel that takes none.
pub fn not_here(code: &str) -> String {
    if ["not_in_channel", "channel_not_found"].iter().any(|absent| code.contains(absent)) {
        return "I'm not in this channel: type `/invite @caughtup` here, then ask again.".to_owned();
    }
    format!(
        "I can't post here: {}. Ask again without “here”, and the answer comes in our direct messages.",
        because(code)
    )
}

/// Above an answer in direct messages to what was asked in a channel.
pub fn answered_elsewhere(channel: &str, code: &str) -> String {
    format!("I couldn't answer in <#{channel}>: {}. So here it is.", because(code))
}

/// Above an answer to a command where it was typed, seen by nobody else.
pub fn for_you_alone(code: &str) -> String {
    format!(
        "I couldn't write to you in direct messages: {}. So here is the answer, for you alone; it is gone when you reload Slack.",
        because(code)
    )
}

/// The answer to a command while Slack refuses the bot's token.
pub fn cannot_post(why: &str) -> String {
    format!(
        "I can't read or post anything at the moment: Slack refuses my token (`{why}`). Please tell whoever runs me: \
         `SLACK_BOT_TOKEN` has to be replaced. Your request is kept for a few hours and answered once that is done."
    )
}

fn because(code: &str) -> &'static str {
    let is = |part: &str| code.contains(part);
    if is("is_archived") {
        "the channel is archived"
    } else if is("not_in_channel") || is("channel_not_found") {
        "I can't reach that conversation"
    } else if is("restricted_action") {
        "only some people may post there"
    } else if is("messages_tab_disabled") {
        "my Messages Tab is switched off, which whoever runs me can change under App Home in the app's settings"
    } else if is("scope") {
        "I lack a right for it, which whoever runs me can give me in the app's settings"
    } else {
        "Slack doesn't let me post there"
    }
}
