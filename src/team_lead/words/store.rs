//! What people are told while nothing can be kept.

/// To whoever typed a command: Slack gives it to us once.
pub fn not_taken_in() -> &'static str {
    "I can't take requests in at the moment, because what I keep them in doesn't answer. Nothing was started; please ask again in a few minutes."
}

/// The same when it did not answer in time: it may have the request, or have it yet.
pub fn perhaps_taken_in() -> &'static str {
    "What I keep requests in answers too slowly at the moment, so I can't say whether I have this one. If I have, its answer comes by itself. If there is none in a few minutes, please ask again."
}

/// The same to whoever pressed a button or sent a form.
pub fn press_perhaps_taken_in() -> &'static str {
    "What I keep requests in answers too slowly at the moment, so I can't say whether I have this one. If I have, you'll hear of it. If you don't in a few minutes, please try again."
}

/// To whoever pressed a button or sent a form.
pub fn press_not_taken_in() -> &'static str {
    "I couldn't do that: what I keep requests in doesn't answer at the moment. Nothing was changed; please try again in a few minutes."
}

/// In the thread of a message that Slack will give to us again.
pub fn will_be_taken_in() -> &'static str {
    "I can't take requests in at the moment, because what I keep them in doesn't answer. You need not repeat this: Slack will hand it to me again within six minutes, and I'll answer as soon as I can keep it."
}

/// In the thread of a message that Slack has given to us for the last time.
pub fn will_not_be_taken_in() -> &'static str {
    "I still can't take this in, and Slack won't hand it to me again. Please ask once more in a while."
}

/// In the place of the progress, while a run cannot go on.
pub fn pausing() -> &'static str {
    "I had to stop in the middle: what I keep my work in doesn't answer. I'll go on from here by myself when it does."
}

/// What a digest lacks that was made without the store.
pub fn nothing_is_remembered() -> &'static str {
    "The store can't be reached: what is new is told without your last digest, and this one is not remembered."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_told_while_nothing_can_be_kept() {
        let all = [
            not_taken_in(),
            press_not_taken_in(),
            perhaps_taken_in(),
            press_perhaps_taken_in(),
            will_be_taken_in(),
            will_not_be_taken_in(),
            pausing(),
            nothing_is_remembered(),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
