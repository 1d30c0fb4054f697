//! Which channels there are, and which of them the audience may read.
//!
//! Rights are read in every run, before anything else: access that was taken back must not live on. Only where Slack
//! allows for no more calls do runs of the same few seconds share an answer (`lately`). Where rights cannot be read,
//! the answer is no.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use crate::domain::{Audience, Channel, ChannelId, Person, Standing, UserId};
use crate::sources::timeline::{both, concurrently};
use crate::sources::{Channels, ErrorKind, Missing, SourceError, Sources};

use super::client::{PAGE, SlackClient};
use super::keeping::forget_others;
use super::wire::{Each, WireChannel};

/// The channels that the bot is in, by what the audience may do with them.
#[derive(Debug, Default)]
pub(in crate::sources) struct Rights {
    /// Those that it may read.
    pub(in crate::sources) visible: Arc<Channels>,
    /// Lower-case names, former ones too, and ids of those that it may not.
    hidden: BTreeSet<String>,
    /// The same of those whose members could not be read: nobody may, until they can.
    unknown: BTreeMap<String, SourceError>,
    /// Whether the audience may know that a public channel exists which the bot is not in.
    sees_public: bool,
}

/// Who reads, with what is needed to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reader {
    /// A member of the workspace: public channels and their own private ones.
    Member(UserId),
    /// A guest or an outsider: only their own channels, public ones included.
    Guest(UserId),
    /// A channel's members: public channels and that one.
    Channel(ChannelId),
    /// Anybody of the workspace.
    Everyone,
}

/// What decides whether a channel is read.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    Yes,
    No,
    IfMember(UserId),
}

impl Reader {
    fn new(audience: &Audience, person: Option<&Person>) -> Self {
        match (audience, person.map(|person| person.standing)) {
            (Audience::Reader(id), Some(Standing::Member)) => Self::Member(id.clone()),
            (Audience::Reader(id), _) => Self::Guest(id.clone()),
            (Audience::Channel(id), _) => Self::Channel(id.clone()),
            (Audience::Everyone, _) => Self::Everyone,
        }
    }

    /// Whether this reader may read a channel. `outsiders` says that the channel the digest goes to has
    /// guests or people of other organisations in it, who may read nothing else.
    fn rule(&self, channel: &WireChannel, outsiders: bool) -> Rule {
        match self {
            Self::Member(_) | Self::Everyone if !channel.private => Rule::Yes,
            Self::Member(id) | Self::Guest(id) => Rule::IfMember(id.clone()),
            Self::Channel(here) if *here == channel.id => Rule::Yes,
            Self::Channel(_) if !channel.private && !outsiders => Rule::Yes,
            Self::Channel(_) | Self::Everyone => Rule::No,
        }
    }
}

#[derive(Deserialize)]
struct ChannelPage {
    channels: Each<WireChannel>,
}

#[derive(Deserialize)]
struct MemberPage {
    members: Each<UserId>,
}

impl SlackClient {
    /// The public and private channels that the bot is in.
    ///
    /// # Errors
    /// When Slack does not give the whole list.
    pub async fn joined_channels(&self) -> Result<Vec<WireChannel>, SourceError> {
        self.joined.get((), self.is_scarce("users.conversations"), self.all_joined()).await
    }

    async fn all_joined(&self) -> Result<Vec<WireChannel>, SourceError> {
        match self.list("users.conversations", "public_channel,private_channel").await {
            Ok(mut channels) => {
                // The list holds only what the bot is in, and so does not say it.
                for channel in &mut channels {
                    channel.member = Some(channel.member.unwrap_or(true));
                }
                Ok(channels)
            }
            Err(error) if error.kind == ErrorKind::Refused("unknown_method".to_owned()) => {
                let all = self.list("conversations.list", "public_channel,private_channel").await?;
                Ok(all.into_iter().filter(|channel| channel.member == Some(true)).collect())
            }
            Err(error) => Err(error),
        }
    }

    /// All channels that the bot can know of: public ones, and private ones that it is in.
    ///
    /// # Errors
    /// When Slack does not give the whole list.
    pub async fn all_channels(&self) -> Result<Vec<WireChannel>, SourceError> {
        self.list("conversations.list", "public_channel,private_channel").await
    }

    /// The members of a channel.
    ///
    /// # Errors
    /// When Slack does not give the whole list.
    pub async fn members(&self, channel: &ChannelId) -> Result<BTreeSet<UserId>, SourceError> {
        let method = "conversations.members";
        let ask = async {
            let params = [("channel", channel.to_string()), ("limit", PAGE.to_string())];
            let pages = self.every::<MemberPage>(method, &params).await?;
            Ok(pages.into_iter().flat_map(|page| page.members.items).collect())
        };
        self.members.get(channel.clone(), self.is_scarce(method), ask).await
    }

    async fn list(&self, method: &'static str, types: &str) -> Result<Vec<WireChannel>, SourceError> {
        let params = [
            ("types", types.to_owned()),
            ("exclude_archived", "false".to_owned()),
            ("limit", PAGE.to_string()),
        ];
        let pages = self.every::<ChannelPage>(method, &params).await?;
        let channels = pages.into_iter().flat_map(|page| page.channels.items);
        Ok(channels.filter(|channel| !channel.direct).collect())
    }
}

/// The audience's rights to the channels that the bot is in.
pub(in crate::sources) async fn channels(sources: &Sources) -> Result<Rights, SourceError> {
    let client = sources.slack();
    let audience = &sources.scope.audience;
    let person = async {
        match audience {
            Audience::Reader(id) => sources.opening.person(id).await.map(Some),
            Audience::Channel(_) | Audience::Everyone => Ok(None),
        }
    };
    let known = both(sources.opening.joined(), person);
    let around = both(sources.workspace(), strangers(sources));
    let ((joined, person), (workspace, strangers)) = both(known, around).await;
    let (joined, person) = (joined?, person?);
    forget_others(sources, &joined).await;
    let reader = Reader::new(audience, person.as_deref());
    let outsiders = match &reader {
        Reader::Channel(here) => {
            strangers? || joined.iter().any(|channel| channel.id == *here && channel.shared)
        }
        _ => false,
    };

    let asked = joined.iter().map(|channel| {
        let rule = reader.rule(channel, outsiders);
        let client = &client;
        async move {
            let may = match rule {
                Rule::Yes => Ok(true),
                Rule::No => Ok(false),
                Rule::IfMember(id) => client.members(&channel.id).await.map(|all| all.contains(&id)),
            };
            (channel, may)
        }
    });
    let sees_public = match &reader {
        Reader::Member(_) | Reader::Everyone => true,
        Reader::Guest(_) => false,
        Reader::Channel(_) => !outsiders,
    };
    let mut rights = Rights { sees_public, ..Rights::default() };
    let mut visible =
        Channels { bot: workspace.ok().map(|workspace| workspace.user.clone()), ..Channels::default() };
    for (channel, may) in concurrently(asked).await {
        match may {
            Ok(true) => admit(&mut visible, channel.clone()),
            Ok(false) => rights.hidden.extend(names(channel)),
            Err(error) => {
                rights.unknown.extend(names(channel).into_iter().map(|name| (name, error.clone())));
            }
        }
    }
    visible.some_hidden = !rights.hidden.is_empty();
    rights.visible = Arc::new(visible);
    Ok(rights)
}

/// Whether somebody sits in the channel that the digest goes to who may not read every public channel.
async fn strangers(sources: &Sources) -> Result<bool, SourceError> {
    let Audience::Channel(here) = &sources.scope.audience else { return Ok(false) };
    let client = sources.slack();
    let (members, people) = both(client.members(here), sources.people()).await;
    let (members, people) = (members?, people?);
    let restricted = |id: &UserId| {
        people.get(id).is_none_or(|person| matches!(person.standing, Standing::Guest | Standing::Outsider))
    };
    Ok(members.iter().any(restricted))
}

fn admit(visible: &mut Channels, channel: WireChannel) {
    for former in &channel.previous_names {
        visible.former_names.insert(former.to_lowercase(), channel.id.clone());
    }
    let id = channel.id.clone();
    visible.by_id.insert(id, seen(channel));
}

fn seen(channel: WireChannel) -> Channel {
    Channel {
        id: channel.id,
        name: channel.name,
        private: channel.private,
        archived: channel.archived,
        joined: channel.member == Some(true),
        shared: channel.shared,
    }
}

fn names(channel: &WireChannel) -> Vec<String> {
    let former = channel.previous_names.iter().map(|name| name.to_lowercase());
    former.chain([channel.name.to_lowercase(), channel.id.to_string().to_lowercase()]).collect()
}

/// The public channels that the bot is not in, for saying so when one of them is asked for.
pub(in crate::sources) async fn everywhere(sources: &Sources) -> Result<Channels, SourceError> {
    let mut all = Channels::default();
    for mut channel in sources.slack().all_channels().await? {
        if !channel.private {
            channel.member = Some(false);
            admit(&mut all, channel);
        }
    }
    Ok(all)
}

/// Finds a channel for the audience; see [`Sources::channel`].
pub(in crate::sources) async fn channel(
    sources: &Sources,
    asked: &str,
) -> Result<Result<Channel, Missing>, SourceError> {
    let wanted = wanted(asked);
    let rights = sources.rights().await?;
    if let Some(found) = find(&rights.visible, &wanted) {
        return Ok(Ok(found.clone()));
    }
    if let Some(error) = rights.unknown.get(&wanted) {
        return Err(error.clone());
    }
    if rights.hidden.contains(&wanted) {
        sources.run.leave_out("sources you may not see were left out");
        return Ok(Err(Missing::Hidden));
    }
    // A public channel without the bot is worth naming: its remedy is an invitation. To a guest or in
    // a channel with outsiders even its existence is not shown.
    if !rights.sees_public {
        return Ok(Err(Missing::Unknown));
    }
    let everywhere = sources.everywhere().await?;
    Ok(find(&everywhere, &wanted).cloned().ok_or(Missing::Unknown))
}

/// `#Name`, `name`, `C123` or `<#C123|name>`, as it is compared.
fn wanted(asked: &str) -> String {
    let bare = asked.trim().trim_start_matches("<#").trim_end_matches('>').trim_start_matches('#');
    bare.split('|').next().unwrap_or(bare).trim().to_lowercase()
}

/// By id, then by name, then by former name: a name in use wins over one that was given up.
fn find<'a>(channels: &'a Channels, wanted: &str) -> Option<&'a Channel> {
    let by_id = || channels.by_id.get(&wanted.to_uppercase().parse::<ChannelId>().ok()?);
    let by_name = || channels.by_id.values().find(|channel| channel.name.to_lowercase() == wanted);
    let by_former = || channels.by_id.get(channels.former_names.get(wanted)?);
    by_id().or_else(by_name).or_else(by_former)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(id: &str, name: &str, private: bool) -> WireChannel {
        WireChannel {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            previous_names: vec![format!("old-{name}")],
            private,
            archived: false,
            shared: false,
            member: Some(true),
            direct: false,
        }
    }

    fn user(id: &str) -> UserId {
        id.parse().unwrap()
    }

    fn person(standing: Standing) -> Person {
        Person {
            id: user("U1"),
            name: String::new(),
            full_name: String::new(),
            email: None,
            timezone: None,
            standing,
        }
    }

    #[test]
    fn a_reader_reads_public_channels_and_their_own() {
        let reader = Reader::new(&Audience::Reader(user("U1")), Some(&person(Standing::Member)));
        assert_eq!(reader.rule(&wire("C1", "open", false), false), Rule::Yes);
        assert_eq!(reader.rule(&wire("C2", "closed", true), false), Rule::IfMember(user("U1")));
    }

    #[test]
    fn a_guest_reads_only_their_own_even_among_public_ones() {
        for standing in [Standing::Guest, Standing::Outsider, Standing::Gone, Standing::Bot] {
            let reader = Reader::new(&Audience::Reader(user("U1")), Some(&person(standing)));
            assert_eq!(reader.rule(&wire("C1", "open", false), false), Rule::IfMember(user("U1")));
        }
    }

    #[test]
    fn a_channel_reads_public_channels_and_itself_and_outsiders_only_itself() {
        let reader = Reader::new(&Audience::Channel("C9".parse().unwrap()), None);
        assert_eq!(reader.rule(&wire("C9", "here", true), true), Rule::Yes);
        assert_eq!(reader.rule(&wire("C1", "open", false), false), Rule::Yes);
        assert_eq!(reader.rule(&wire("C1", "open", false), true), Rule::No);
        assert_eq!(reader.rule(&wire("C2", "closed", true), false), Rule::No);
    }

    #[test]
    fn everyone_reads_public_channels() {
        let reader = Reader::new(&Audience::Everyone, None);
        assert_eq!(reader.rule(&wire("C1", "open", false), false), Rule::Yes);
        assert_eq!(reader.rule(&wire("C2", "closed", true), false), Rule::No);
    }

    #[test]
    fn channels_are_found_by_any_of_their_names() {
        let mut channels = Channels::default();
        admit(&mut channels, wire("C1", "dct-program", false));
        admit(&mut channels, wire("C2", "old-dct-program", false));
        let found = |asked: &str| find(&channels, &wanted(asked)).map(|channel| channel.id.to_string());
        for asked in ["#DCT-Program", "dct-program", "C1", " <#C1|dct-program> ", "c1"] {
            assert_eq!(found(asked).as_deref(), Some("C1"), "{asked}");
        }
        assert_eq!(found("old-dct-program").as_deref(), Some("C2"), "a name in use wins");
        assert_eq!(found("#old-old-dct-program").as_deref(), Some("C2"), "a former name");
        assert_eq!(found("nowhere"), None);
    }
}
