//! Questions about a digest, asked in its thread and answered from what its run has read.
//!
//! Nothing is read again but rights: what the one who asks may not see any more is not spoken of. The common
//! questions are answered by code; any other goes to a model, if there is one, under the checks of the digest
//! itself. A draft is shown, and never sent.

mod answer;
mod question;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::synthesis::Offer;
use super::{Began, TeamLead, plan, words};
use crate::domain::{
    Audience, ChannelId, Digest, Evidence, Finding, Line, Prose, Reply, RunId, Source, Tier, Understood,
    UserId,
};
use crate::llm::verify::{Claim, verify};
use crate::llm::{Asking, Job};
use crate::sources::{Scope, SourceError, Sources};
use crate::store::Told;

/// A reply in a digest's thread.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// The words.
    pub text: String,
    /// Who says them.
    pub asker: UserId,
    /// Where.
    pub channel: ChannelId,
    /// The run that answers.
    pub run_id: RunId,
    /// The digest.
    pub told: Told,
}

/// What comes of a reply in a digest's thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// It asks about the digest.
    Reply(Box<Reply>),
    /// It asks for something else.
    Elsewhere,
}

#[derive(Debug, Deserialize)]
struct Answered {
    sentences: Vec<Claim>,
}

/// Sentences of a model's answer.
const SENTENCES: usize = 4;

impl TeamLead {
    /// Answers what is asked about a digest.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn follow_up(&self, ask: FollowUp) -> anyhow::Result<Followed> {
        let began = Began::now(&self.config.limits);
        let asked = question::read(&ask.text);
        if asked.is_none()
            && !matches!(self.understand(&ask.text, &self.config.timezone), Understood::Unclear(_))
        {
            return Ok(Followed::Elsewhere);
        }
        let reply = |reply: Reply| Ok(Followed::Reply(Box::new(reply)));
        if !is_of_audience(&ask) {
            return reply(sentence(words::not_your_digest()));
        }
        let visible = match self.still_visible(&ask.told.digest, began).await {
            Ok(visible) => visible,
            Err(error) => {
                tracing::warn!("rights could not be looked up for a question: {error}");
                return reply(sentence(words::rights_unknown()));
            }
        };
        let told = &ask.told.digest;
        let Some(asked) = asked else {
            let answered = self.ask_model(&ask, &visible, began).await;
            return reply(answered.unwrap_or_else(|| what_can_be_asked(&visible)));
        };
        let answer = answer::answer(&asked, told, &visible, ask.told.subject.as_deref());
        if let Some(about) = &answer.about {
            self.upstream.store.speak_of(&told.run_id, about).await?;
        }
        reply(answer.reply)
    }

    /// The digest without what its readers may not see any more.
    async fn still_visible(&self, told: &Digest, began: Began) -> Result<Digest, SourceError> {
        let opening = self.upstream.begin(began.read_until);
        let now = self.clock.now();
        let sources = opening.open(Scope {
            audience: told.request.audience.clone(),
            since: now,
            compare_pages_since: now,
            deadline: began.read_until,
            keep: false,
        });
        let mut known = BTreeSet::new();
        for program in
            self.config.programs.iter().filter(|program| told.request.asked.programs.contains(&program.key))
        {
            if plan::may_know(program, &sources).await? {
                known.insert(program.key.clone());
            }
        }
        let open = open_channels(told, &sources).await?;
        let seen = |evidence: &[Evidence]| {
            evidence.iter().all(|one| channel_of(one).is_none_or(|channel| open.get(&channel) == Some(&true)))
        };
        // What is not of a program is the reader's own.
        let of_known = |finding: &Finding| finding.program.as_ref().is_none_or(|key| known.contains(key));
        let all_known = told.request.asked.programs.iter().all(|key| known.contains(key));
        let mut visible = told.clone();
        visible.findings.retain(|finding| of_known(finding) && seen(&finding.evidence));
        visible.summary.retain(|line| all_known && seen(&line.line.evidence));
        Ok(visible)
    }

    /// A model's answer, of which every sentence holds; nothing where there is none.
    async fn ask_model(&self, ask: &FollowUp, visible: &Digest, began: Began) -> Option<Reply> {
        let asking: Asking = self.asking(&ask.run_id, "follow-up", Some(&ask.asker))?;
        let agent = visible.request.asked.agents.first().copied()?;
        let tier = asking.tier(agent, Some(Tier::Writing))?;
        let offer = Offer::of(visible, None);
        if offer.lines() == 0 {
            return None;
        }
        let offer = offer.asking(&ask.text);
        let answer = asking.ask(Job::FollowUp, tier, agent, &offer.fields, began.read_until).await;
        let answered = answer.map(serde_json::from_value::<Answered>);
        match answered {
            Ok(Ok(answered)) => believed(answered, &offer),
            Ok(Err(error)) => {
                tracing::warn!("a model's answer was unusable: {error}");
                None
            }
            Err(error) => {
                tracing::warn!("a question was not put to a model: {error}");
                None
            }
        }
    }
}

fn believed(answered: Answered, offer: &Offer) -> Option<Reply> {
    let verified = verify(answered.sentences, &offer.offered);
    tracing::info!(
        kept = verified.kept.len(),
        dropped = verified.dropped.len(),
        "a model answered a question"
    );
    if !verified.trustworthy() {
        return None;
    }
    let said = verified
        .kept
        .iter()
        .map(|claim| Line { text: Prose::text(claim.text.trim()), evidence: offer.cited(&claim.evidence) });
    // What repeats somebody's words is shown as theirs: the evidence itself, in quotation marks.
    let quoted = verified.copied.iter().flat_map(|claim| offer.cited(&claim.evidence)).map(|one| Line {
        text: Prose::new().person(&one.author).say(", ").when(one.at).say(": ").quote(&one.excerpt),
        evidence: vec![one.clone()],
    });
    let mut lines: Vec<Line> = Vec::new();
    for line in said.chain(quoted) {
        if lines.len() < SENTENCES && !lines.contains(&line) {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| Reply { lines, ..Reply::default() })
}

/// Whether whoever asks is one of those whom the digest was made for. Slack lets nobody else into the thread;
/// a digest that went to somebody's direct messages instead of its channel is theirs alone to ask about.
fn is_of_audience(ask: &FollowUp) -> bool {
    match &ask.told.digest.request.audience {
        Audience::Reader(reader) => *reader == ask.asker,
        Audience::Channel(channel) => *channel == ask.channel || ask.told.asker == ask.asker,
        Audience::Everyone => ask.told.asker == ask.asker,
    }
}

/// Which of the channels that a digest rests on its readers may still read.
async fn open_channels(
    told: &Digest,
    sources: &Arc<Sources>,
) -> Result<BTreeMap<ChannelId, bool>, SourceError> {
    let findings = told.findings.iter().flat_map(|finding| &finding.evidence);
    let lines = told.summary.iter().flat_map(|line| &line.line.evidence);
    let channels: BTreeSet<ChannelId> = findings.chain(lines).filter_map(channel_of).collect();
    let mut open = BTreeMap::new();
    for channel in channels {
        let readable = sources.channel(channel.as_str()).await?.is_ok();
        open.insert(channel, readable);
    }
    Ok(open)
}

/// The channel that a message's permalink leads to: `…/archives/C0123456789/p…`.
pub(super) fn channel_of(evidence: &Evidence) -> Option<ChannelId> {
    if evidence.source != Source::Slack {
        return None;
    }
    let (_, rest) = evidence.url.split_once("/archives/")?;
    rest.split('/').next()?.parse().ok()
}

fn sentence(words: &str) -> Reply {
    let line = Line { text: Prose::text(words), evidence: Vec::new() };
    Reply { lines: vec![line], ..Reply::default() }
}

/// What is said to a question that nobody can answer: with examples that work here.
fn what_can_be_asked(visible: &Digest) -> Reply {
    let key = visible.risks().map(|risk| risk.subject.as_str()).find(|subject| !subject.contains("://"));
    sentence(&words::what_can_be_asked(key, visible.risks().count()))
}

#[cfg(test)]
mod tests;
