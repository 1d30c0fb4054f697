//! Each initiative's health in a word, with the reason and what it rests on.

use std::collections::BTreeSet;

use futures::future::BoxFuture;

use super::initiatives::{self, View};
use super::listing::{LINES, capital, list, named};
use super::{Agent, Brief, Scope, reading};
use crate::domain::{AgentName, Block, Finding, Line, Prose, Report, Section, Tier};
use crate::insight::health::Health;
use crate::insight::{Facts, display_name};

/// How many of those are named of which nothing has to be said.
const WELL_NAMED: usize = 12;

/// Reads what the program check reads, and tells of its initiatives alone.
pub struct InitiativeCheck;

impl Agent for InitiativeCheck {
    fn name(&self) -> AgentName {
        AgentName::InitiativeCheck
    }

    fn scope(&self) -> Scope {
        Scope::PerProgram
    }

    fn describes(&self) -> &'static str {
        "says of each initiative whether it is on track, at risk, off track or quiet, and why"
    }

    fn tier(&self) -> Option<Tier> {
        Some(Tier::Reasoning)
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let Some(program) = &brief.program else {
                anyhow::bail!("no program was given to {}", self.name())
            };
            let read = reading::program(brief, self.name(), program).await;
            let (facts, insight) = reading::insight(brief, self.name(), read.facts).await?;
            let views = initiatives::views(&facts, &insight.findings);
            let sections = vec![section(&views, &facts, brief)];
            let findings = about_initiatives(insight.findings, &facts);
            Ok(Report { findings, sections, gaps: read.gaps, ..Report::default() })
        })
    }
}

/// The findings whose subject is an initiative. One that was folded under another's, which is not
/// reported here, stands for itself.
fn about_initiatives(findings: Vec<Finding>, facts: &Facts) -> Vec<Finding> {
    let initiative =
        |finding: &Finding| finding.subject.parse().is_ok_and(|key| facts.initiatives.contains(&key));
    let mut findings: Vec<Finding> = findings.into_iter().filter(initiative).collect();
    let reported: BTreeSet<String> = findings.iter().map(Finding::id).collect();
    for finding in &mut findings {
        finding.under = finding.under.take().filter(|head| reported.contains(head));
        finding.program = Some(facts.program.key.clone());
    }
    findings
}

fn section(views: &[View<'_>], facts: &Facts, brief: &Brief) -> Section {
    let counts: Vec<String> = initiatives::by_health(views)
        .into_iter()
        .map(|(health, number)| format!("{number} {}", health.as_str()))
        .collect();
    let mut blocks = Vec::new();
    for health in Health::ALL {
        let of: Vec<&View<'_>> = views.iter().filter(|view| view.judged.health == health).collect();
        let title = capital(health.as_str());
        match health {
            Health::OffTrack | Health::AtRisk | Health::Quiet => {
                list(&mut blocks, &title, of.iter().map(|view| line(view, facts)).collect(), LINES);
            }
            Health::OnTrack | Health::Done if of.is_empty() => {}
            Health::OnTrack | Health::Done => {
                let text = named(Prose::text(format!("{title}: ")), &of, WELL_NAMED, |text, view| {
                    text.issue(view.issue)
                });
                let evidence = of.iter().flat_map(|view| view.judged.evidence.clone()).collect();
                blocks.push(Block::Plain(Line { text, evidence }));
            }
        }
    }
    Section {
        agent: AgentName::InitiativeCheck,
        program: Some(facts.program.key.clone()),
        title: match counts.is_empty() {
            true => format!("Initiatives · {}", facts.program.name),
            false => format!("Initiatives · {} · {}", facts.program.name, counts.join(", ")),
        },
        fact: initiatives::fact(views, facts, brief, ""),
        blocks,
    }
}

fn line(view: &View<'_>, facts: &Facts) -> Line {
    let issue = view.issue;
    let mut text = Prose::new().issue(issue).say(": ").join(view.judged.why.clone());
    if let Some(day) = issue.deadline() {
        text = text.say(" · due ").day(day);
    }
    text = match &issue.assignee {
        Some(user) => text.say(" · ").person(display_name(&facts.people, user)),
        None => text.say(" · nobody assigned"),
    };
    if let Some(words) = initiatives::progress_words(&view.progress) {
        text = text.say(format!(" · {words}"));
    }
    Line { text, evidence: view.judged.evidence.clone() }
}
