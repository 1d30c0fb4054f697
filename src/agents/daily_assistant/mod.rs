//! What needs the reader: questions and mentions without an answer, threads they take part in, issues
//! that are theirs and due, what moved on their work since they last looked.

mod conversations;
mod issues;

use std::sync::Arc;

use futures::future::BoxFuture;

use super::listing::{LINES, list};
use super::{Agent, Brief, Scope, reading};
use crate::domain::{
    AgentName, Gap, Line, People, Person, Program, Report, Section, Source, SummaryLine, Tier, Topic,
};
use crate::insight::Facts;
use crate::sources::both;

/// How many channels are read for one person: Slack allows 50 histories a minute.
const CHANNELS_READ: usize = 50;

/// Reads for one person. Its findings are personal and never go to a channel.
pub struct DailyAssistant;

impl Agent for DailyAssistant {
    fn name(&self) -> AgentName {
        AgentName::DailyAssistant
    }

    fn scope(&self) -> Scope {
        Scope::Once
    }

    fn tier(&self) -> Option<Tier> {
        Some(Tier::Writing)
    }

    fn describes(&self) -> &'static str {
        "finds what needs you: unanswered questions, your threads, your issues and their dates"
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let Some(reader) = &brief.reader else {
                return Ok(Report { gaps: vec![no_reader(brief)], ..Report::default() });
            };
            let ((facts, mut gaps), (mine, more_gaps)) =
                both(conversations(brief, reader), assigned(brief, reader)).await;
            gaps.extend(more_gaps);

            let (facts, insight) = reading::insight(brief, self.name(), facts).await?;
            let mut news = conversations::news(&facts, &insight, reader);
            news.summary.extend(issues::needs(&mine, &facts));
            let findings =
                insight.findings.into_iter().filter(|f| f.rule == crate::domain::Rule::UnansweredQuestion);
            let findings =
                findings.filter(|finding| conversations::put_to(finding, &insight.signals, reader)).collect();
            let mut blocks = Vec::new();
            list(&mut blocks, "Your threads", news.threads, LINES);
            list(&mut blocks, "Your issues", issues::moved(&mine, &facts, reader), LINES);
            let section = Section {
                agent: self.name(),
                program: None,
                title: "Your briefing".to_owned(),
                // What needs the reader is counted by the digest itself.
                fact: String::new(),
                blocks,
            };
            gaps.dedup();
            Ok(Report { summary: news.summary, findings, sections: vec![section], gaps, ..Report::default() })
        })
    }
}

/// Why it is not known whom to look for.
fn no_reader(brief: &Brief) -> Gap {
    let agent = AgentName::DailyAssistant;
    match &brief.reader_unknown {
        Some(error) => {
            let reason = format!("who the reader is could not be looked up: {}", error.detail);
            Gap { agent, source: Some(error.origin), reason }
        }
        None => {
            let reason = "nobody is named as the reader: ask in Slack, or say who with --as".to_owned();
            Gap { agent, source: None, reason }
        }
    }
}

/// A line of the digest that the reader has to act on.
fn needs_you(weight: i32, subject: String, line: Line) -> SummaryLine {
    SummaryLine { topic: Topic::NeedsYou, weight, subject, line }
}

/// Everything that was said where the reader may read.
async fn conversations(brief: &Brief, reader: &Person) -> (Facts, Vec<Gap>) {
    let agent = AgentName::DailyAssistant;
    let mut gaps = Vec::new();
    let (people, channels) = both(brief.sources.people(), brief.sources.channels()).await;
    let people = people.unwrap_or_else(|error| {
        gaps.push(reading::gap(agent, &error));
        Arc::new(People::new([reader.clone()]))
    });
    let names = match channels {
        Ok(channels) => {
            let mut joined: Vec<_> = channels.by_id.values().filter(|c| c.joined && !c.archived).collect();
            // What the programs talk in comes first; the limit cuts off the rest.
            joined.sort_by_key(|channel| (!in_programs(&brief.programs, channel), channel.name.clone()));
            joined.into_iter().take(CHANNELS_READ).map(|channel| channel.id.to_string()).collect()
        }
        Err(error) => {
            gaps.push(reading::gap(agent, &error));
            Vec::new()
        }
    };
    let read = reading::channels(brief, agent, &names).await;
    gaps.extend(read.gaps);
    let facts = Facts {
        channels: read.channels,
        messages: read.messages,
        blind: read.blind,
        ..reading::facts(brief, super::nobody(), people)
    };
    (facts, gaps)
}

fn in_programs(programs: &[Program], channel: &crate::domain::Channel) -> bool {
    let named = |name: &String| {
        name.trim_start_matches('#').eq_ignore_ascii_case(&channel.name) || *name == channel.id.as_str()
    };
    programs.iter().any(|program| program.channels.iter().any(named))
}

/// The reader's issues: the Slack reader and the Jira account are the same if their e-mail is.
async fn assigned(brief: &Brief, reader: &Person) -> (Vec<crate::domain::Issue>, Vec<Gap>) {
    let agent = AgentName::DailyAssistant;
    let Some(email) = &reader.email else {
        let reason = "Slack does not show your e-mail address, so your Jira account is not known".to_owned();
        return (Vec::new(), vec![Gap { agent, source: Some(Source::Jira), reason }]);
    };
    let account = match brief.sources.account(email).await {
        Ok(account) => account,
        Err(error) => return (Vec::new(), vec![reading::gap(agent, &error)]),
    };
    // People without a Jira account have no issues there; that is not a gap.
    let Some(account) = account.as_ref() else { return (Vec::new(), Vec::new()) };
    match brief.sources.assigned(&account.account_id).await {
        Ok(issues) => {
            let gap = reading::histories(brief, agent, issues.iter());
            (issues.to_vec(), gap.into_iter().collect())
        }
        Err(error) => (Vec::new(), vec![reading::gap(agent, &error)]),
    }
}
