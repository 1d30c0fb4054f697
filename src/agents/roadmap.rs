//! The roadmap: initiatives by pillar and quarter, how they stand, how far they are, what moved.

use futures::future::BoxFuture;

use super::initiatives::{self, Initiatives, OfProgram, View, on_page};
use super::listing::{LINES, count, list};
use super::{Agent, Brief, Scope, news, reading};
use crate::domain::{
    AgentName, Block, Draft, Finding, Issue, Line, PageDraft, PagePart, Prose, Report, Section,
    StatusCategory, SummaryLine, Tone, defang,
};
use crate::insight::display_name;

/// Reads the programs' roadmaps. Jira alone.
pub struct Roadmap;

impl Agent for Roadmap {
    fn name(&self) -> AgentName {
        AgentName::Roadmap
    }

    fn scope(&self) -> Scope {
        Scope::OverPrograms
    }

    fn describes(&self) -> &'static str {
        "shows the initiatives by pillar and quarter: status, health, date, owner, progress, what moved"
    }

    fn work<'a>(&'a self, brief: &'a Brief) -> BoxFuture<'a, anyhow::Result<Report>> {
        Box::pin(async move {
            let Initiatives { programs, gaps } =
                initiatives::read(brief, self.name(), brief.only(self.name())).await?;
            // A page is not replaced by half of itself.
            let drafts = match gaps.is_empty() && !programs.is_empty() {
                true => vec![Draft::Page(page(&programs, brief))],
                false => Vec::new(),
            };
            let mut sections = Vec::new();
            for program in &programs {
                let told = in_this_digest(program, brief).await?;
                sections.push(section(program, told.as_deref().unwrap_or(&program.findings), brief));
            }
            Ok(Report {
                summary: programs.iter().flat_map(|program| summary(program, brief)).collect(),
                sections,
                gaps,
                drafts,
                ..Report::default()
            })
        })
    }
}

/// What the program check finds, when it is part of the same digest: then the word for an initiative's
/// health is the one that its risks say. Everything has been read already, for the same audience. The
/// page, which others read, is told from Jira alone.
async fn in_this_digest(program: &OfProgram, brief: &Brief) -> anyhow::Result<Option<Vec<Finding>>> {
    if !brief.request.asked.agents.contains(&AgentName::ProgramMonitor) {
        return Ok(None);
    }
    let read = reading::program(brief, AgentName::Roadmap, &program.facts.program).await;
    let (_, insight) = reading::insight(brief, AgentName::ProgramMonitor, read.facts).await?;
    Ok(Some(insight.findings))
}

/// What moved, for the digest itself: initiatives that were finished, dates that moved.
pub fn summary(program: &OfProgram, brief: &Brief) -> Vec<SummaryLine> {
    let facts = &program.facts;
    let initiative = |issue: &Issue| facts.initiatives.contains(&issue.key);
    let mut summary = news::moved_dates(facts, &brief.target_field, initiative);
    summary.extend(news::shipped(facts, initiative));
    summary
}

fn section(program: &OfProgram, findings: &[Finding], brief: &Brief) -> Section {
    let facts = &program.facts;
    let views = initiatives::views(facts, findings);
    let moves = initiatives::moves(facts, &brief.target_field, &facts.window);
    let mut blocks = Vec::new();
    let mut title = format!("Roadmap · {} · {}", facts.program.name, count(views.len(), "initiative"));
    let moved: std::collections::BTreeSet<&str> =
        moves.iter().filter_map(|moved| Some(moved.line.evidence.first()?.url.as_str())).collect();
    let moved = moved.len();
    if moved > 0 {
        title.push_str(&format!(", {moved} moved"));
    }
    if !views.is_empty() {
        blocks.push(Block::Plain(Line { text: healths(&views, false), evidence: Vec::new() }));
    }
    let others = moves.into_iter().filter(|moved| !moved.in_digest).map(|moved| moved.line).collect();
    list(&mut blocks, "Moved", others, LINES);
    blocks.extend(pillars(&views, facts));
    let moved = if moved > 0 { format!("; {moved} moved") } else { String::new() };
    let fact = initiatives::fact(&views, facts, brief, &moved);
    Section { agent: AgentName::Roadmap, program: Some(facts.program.key.clone()), title, fact, blocks }
}

/// The initiatives, pillar by pillar.
pub fn pillars(views: &[View<'_>], facts: &crate::insight::Facts) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (pillar, views) in initiatives::by_pillar(views) {
        let lines = views.iter().map(|view| line(view, facts)).collect();
        list(&mut blocks, &pillar, lines, LINES);
    }
    blocks
}

fn line(view: &View<'_>, facts: &crate::insight::Facts) -> Line {
    let issue = view.issue;
    let mut text =
        Prose::new().issue(issue).say(" · ").label(view.judged.health.as_str(), view.judged.health.tone());
    if !view.judged.why.is_empty() {
        text = text.say(": ").join(view.judged.why.clone());
    }
    if !issue.is_done() {
        text = text.say(format!(" · {}", defang(&issue.status.name)));
        text = match issue.deadline() {
            Some(day) => text.say(" · due ").day(day),
            None => text.say(" · no date"),
        };
    }
    text = match &issue.assignee {
        Some(user) => text.say(" · ").person(display_name(&facts.people, user)),
        None => text.say(" · nobody assigned"),
    };
    if let Some(words) = initiatives::progress_words(&view.progress).filter(|_| !issue.is_done()) {
        text = text.say(format!(" · {words}"));
    }
    if let Some(quarter) = &issue.quarter {
        text = text.say(format!(" · {}", defang(quarter)));
    }
    Line { text, evidence: view.judged.evidence.clone() }
}

/// "2 off track · 5 at risk · 13 on track", in words or in colours.
pub fn healths(views: &[View<'_>], coloured: bool) -> Prose {
    let all = initiatives::by_health(views);
    all.iter().enumerate().fold(Prose::new(), |text, (index, (health, number))| {
        let text = if index > 0 { text.say(" · ") } else { text };
        match coloured {
            true => text.say(format!("{number} ")).label(health.as_str(), health.tone()),
            false => text.say(format!("{number} {}", health.as_str())),
        }
    })
}

fn page(programs: &[OfProgram], brief: &Brief) -> PageDraft {
    let programs = on_page(programs);
    PageDraft {
        agent: AgentName::Roadmap,
        title: "Roadmap".to_owned(),
        from: made_from(&programs),
        parts: programs.iter().flat_map(|program| parts(program, brief, programs.len() > 1)).collect(),
    }
}

/// "the Jira roadmap of Data Center Transition".
pub fn made_from(programs: &[&OfProgram]) -> String {
    let names: Vec<&str> = programs.iter().map(|program| program.facts.program.name.as_str()).collect();
    format!("the Jira roadmap of {}", names.join(", "))
}

/// A program's part of the page: how it stands, the initiatives of each pillar, what moved.
pub fn parts(program: &OfProgram, brief: &Brief, named: bool) -> Vec<PagePart> {
    let facts = &program.facts;
    let views = initiatives::views(facts, &program.findings);
    let mut parts = Vec::new();
    if named {
        parts.push(PagePart::Heading(facts.program.name.clone()));
    }
    if views.is_empty() {
        parts.push(PagePart::Text(Prose::text("No initiative is on this roadmap.")));
        return parts;
    }
    let text = Prose::text(format!("{}: ", count(views.len(), "initiative"))).join(healths(&views, true));
    parts.push(PagePart::Text(
        text.say(". Health is told from Jira: dates, owners, blocks and dependencies."),
    ));
    for (pillar, views) in initiatives::by_pillar(&views) {
        parts.push(PagePart::Heading(pillar));
        let head = ["Initiative", "Quarter", "Status", "Health", "Target", "Owner", "Progress"];
        let rows = views.iter().map(|view| row(view, facts)).collect();
        parts.push(PagePart::Table { head: head.map(str::to_owned).to_vec(), rows });
    }
    parts.extend(what_moved(program, brief));
    parts
}

fn row(view: &View<'_>, facts: &crate::insight::Facts) -> Vec<Prose> {
    let issue = view.issue;
    let none = || Prose::text("–");
    let health = Prose::new().label(view.judged.health.as_str(), view.judged.health.tone());
    let health = match view.judged.why.is_empty() {
        true => health,
        false => health.say(" ").join(view.judged.why.clone()),
    };
    let progress = match view.progress.total {
        0 => none(),
        total => {
            let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let bar = Prose::new().progress(whole(view.progress.done), whole(total));
            match view.progress.points_total > 0.0 {
                true => bar.say(format!(
                    ", {} of {} points",
                    super::listing::number(view.progress.points_done),
                    super::listing::number(view.progress.points_total)
                )),
                false => bar,
            }
        }
    };
    vec![
        Prose::new().issue(issue),
        issue.quarter.as_deref().map_or_else(none, |quarter| Prose::text(defang(quarter))),
        Prose::new().label(issue.status.name.clone(), tone(issue)),
        health,
        issue.deadline().map_or_else(none, |day| Prose::new().day(day)),
        issue
            .assignee
            .as_ref()
            .map_or_else(none, |user| Prose::new().person(display_name(&facts.people, user))),
        progress,
    ]
}

fn tone(issue: &Issue) -> Tone {
    match issue.status.category {
        _ if issue.is_blocked() => Tone::Bad,
        StatusCategory::ToDo => Tone::Neutral,
        StatusCategory::InProgress => Tone::Active,
        StatusCategory::Done => Tone::Good,
    }
}

/// What moved in the last `lookback_days`, dated.
fn what_moved(program: &OfProgram, brief: &Brief) -> Vec<PagePart> {
    let facts = &program.facts;
    let window = initiatives::standing_window(facts);
    let first = crate::sources::day(window.since, &facts.zone);
    let moves = initiatives::moves(facts, &brief.target_field, &window);
    let mut parts = vec![PagePart::Heading("What moved".to_owned())];
    if moves.is_empty() {
        parts.push(PagePart::Text(Prose::text("Nothing since ").day(first).say(".")));
        return parts;
    }
    let dated = moves.into_iter().map(|moved| {
        let day = crate::sources::day(moved.at, &facts.zone);
        Prose::new().day(day).say(": ").join(moved.line.text)
    });
    parts.push(PagePart::Bullets(dated.collect()));
    parts
}
