//! Messages, replies, reactions and edits, as they come about.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::company::{Company, Said, Says, Spot};
use crate::domain::{Author, ChannelId, IssueKey, Message, MessageTs, Reaction, Standing, UserId};

impl Company {
    /// A member writes in a channel.
    pub(super) fn says(&mut self, channel: usize, by: usize, minutes: i64, text: String, says: Says) -> Spot {
        let author =
            self.members.get(by).map_or(Author::Bot("Robot".to_owned()), |m| Author::Person(m.id.clone()));
        self.post(channel, author, minutes, text, None, says)
    }

    /// A member writes in a thread.
    pub(super) fn replies(&mut self, root: &Spot, by: usize, minutes: i64, text: String, says: Says) -> Spot {
        let author =
            self.members.get(by).map_or(Author::Bot("Robot".to_owned()), |m| Author::Person(m.id.clone()));
        self.post(root.channel, author, minutes, text, Some(root.ts), says)
    }

    /// A bot writes, in a channel or in a thread.
    pub(super) fn bot_says(
        &mut self,
        channel: usize,
        minutes: i64,
        text: String,
        root: Option<&Spot>,
    ) -> Spot {
        let name = self.dice.pick(&["Jenkins", "Statusbot", "PagerDuty", "Jira Cloud"]);
        self.post(
            channel,
            Author::Bot(name.to_owned()),
            minutes,
            text,
            root.map(|root| root.ts),
            Says::Nothing,
        )
    }

    /// A guest writes, or somebody who has left since.
    pub(super) fn stranger_says(&mut self, channel: usize, minutes: i64, text: String) {
        let people = self.strangers.iter().filter(|person| person.standing != Standing::Bot);
        let ids: Vec<UserId> = people.map(|person| person.id.clone()).collect();
        let at = self.dice.below(ids.len());
        if let Some(id) = ids.into_iter().nth(at) {
            self.post(channel, Author::Person(id), minutes, text, None, Says::Nothing);
        }
    }

    fn post(
        &mut self,
        channel: usize,
        author: Author,
        minutes: i64,
        text: String,
        thread: Option<MessageTs>,
        says: Says,
    ) -> Spot {
        let number = i64::try_from(self.said.len()).unwrap_or(0);
        let ts = MessageTs::at(self.ago(minutes) + SignedDuration::from_micros(number));
        let at = self.channels.get(channel).or(self.channels.first());
        let id: Option<ChannelId> = at.map(|channel| channel.id.clone());
        let permalink =
            id.as_ref().map(|id| format!("https://acme.slack.com/archives/{id}/p{}", ts.digits()));
        let permalink = permalink.unwrap_or_default();
        if let Some(id) = id {
            let root = self.said.iter_mut().find(|s| Some(s.message.ts) == thread && s.message.channel == id);
            if let Some(root) = root {
                root.message.reply_count += 1;
                root.message.latest_reply = root.message.latest_reply.max(Some(ts));
            }
            let message = Message {
                channel: id,
                ts,
                thread,
                author,
                text,
                edited: None,
                reactions: Vec::new(),
                reply_count: 0,
                latest_reply: None,
                permalink: permalink.clone(),
            };
            self.said.push(Said { message, about: BTreeSet::new(), says });
        }
        Spot { channel, ts, permalink }
    }

    fn at(&mut self, spot: &Spot) -> Option<&mut Said> {
        self.said
            .iter_mut()
            .find(|said| said.message.ts == spot.ts && said.message.permalink == spot.permalink)
    }

    /// Says which issue a message's own words are about.
    pub(super) fn about(&mut self, spot: &Spot, key: &IssueKey) {
        if let Some(said) = self.at(spot) {
            said.about.insert(key.clone());
        }
    }

    /// Somebody reacts.
    pub(super) fn reacts(&mut self, spot: &Spot, by: usize, emoji: &str) {
        let Some(id) = self.members.get(by).map(|person| person.id.clone()) else { return };
        if let Some(said) = self.at(spot) {
            said.message.reactions.push(Reaction { name: emoji.to_owned(), users: BTreeSet::from([id]) });
        }
    }

    /// A message was edited: it says this now.
    pub(super) fn edits(&mut self, spot: &Spot, minutes: i64, text: String) {
        let at = MessageTs::at(self.ago(minutes));
        if let Some(said) = self.at(spot) {
            said.message.text = text;
            said.message.edited = Some(at);
        }
    }

    /// What a message says now.
    pub(super) fn text(&self, spot: &Spot) -> String {
        let found = self.said.iter().find(|said| said.message.permalink == spot.permalink);
        found.map(|said| said.message.text.clone()).unwrap_or_default()
    }
}
