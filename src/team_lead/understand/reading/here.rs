//! Where the answer is wanted.

use super::{Reading, Role};
use crate::team_lead::understand::words::Break;

impl Reading<'_> {
    /// Whether the digest is to be posted where it was asked for: "post it here", or a last "here".
    pub(super) fn find_here(&mut self) -> bool {
        let mut here = false;
        for at in 0..self.words.len() {
            if !self.words.get(at).is_some_and(|word| word.is(&["here"]))
                || matches!(self.role(at), Role::Phrase(_))
            {
                continue;
            }
            let before = |back: usize, options: &[&str]| {
                at.checked_sub(back)
                    .and_then(|before| self.words.get(before))
                    .is_some_and(|word| word.is(options))
            };
            let place = [
                "was", "were", "wasnt", "am", "im", "is", "isnt", "new", "being", "been", "havent", "not",
                "are", "out", "around", "from", "we", "i",
            ];
            let sent = (1..=4).any(|back| {
                before(back, &["post", "put", "send", "drop", "share", "reply", "answer", "publish", "show"])
            });
            let last = (at + 1..self.words.len())
                .all(|after| matches!(self.role(after), Role::Polite | Role::Time))
                && !before(1, &place);
            let first = at == 0 && self.words.get(1).is_none_or(|word| word.before != Break::None);
            if (sent || last || first) && !self.negated(at) {
                self.set(at..at + 1, Role::Here);
                here = true;
            }
        }
        here || self.says_this_channel()
    }

    pub(super) fn says_this_channel(&self) -> bool {
        self.words.windows(3).enumerate().any(|(at, three)| match three {
            [to, this, channel] => {
                to.is(&["in", "to"])
                    && this.is(&["this"])
                    && channel.is(&["channel", "thread"])
                    && !self.negated(at)
            }
            _ => false,
        })
    }
}
