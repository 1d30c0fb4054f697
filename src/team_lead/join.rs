//! What the agents brought, as one digest: each thing once, most important first, compared with the last.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{
    Audience, Confidence, Digest, Finding, Gap, ProgramKey, Request, Rule, RunId, Section, SummaryLine,
    Synthesis, Timings, Topic,
};
use crate::sources::Sources;
use crate::store::{DigestRecord, KnownFinding, Store, audience_key};
use crate::team_lead::dispatch::TaskResult;
use crate::team_lead::lives::Lives;
use crate::team_lead::{headline, trend};

/// How far back a trend is drawn.
const TREND: Duration = Duration::from_secs(30 * 24 * 3600);

/// What the audience was told last.
#[derive(Debug, Default)]
pub struct Known {
    last: Option<DigestRecord>,
    /// What it was told before that, for as long as a trend is worth looking at.
    earlier: Vec<(Timestamp, Vec<KnownFinding>)>,
}

impl Known {
    /// Reads it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(store: &Store, audience: &Audience) -> anyhow::Result<Self> {
        Self::of(store, &audience_key(audience)).await
    }

    /// As [`Known::read`], for readers whom the store knows by another name than their audience's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(store: &Store, readers: &str) -> anyhow::Result<Self> {
        Ok(Self {
            last: store.last_digest(readers).await?,
            earlier: store.findings_over_time(readers, TREND).await?,
        })
    }

    /// Whether every risk that it told of is still among these.
    pub fn all_in(&self, findings: &[Finding]) -> bool {
        let now: HashSet<String> = findings.iter().map(Finding::id).collect();
        self.standing().all(|known| now.contains(&known.id))
    }

    /// The risks that it told of and that are there until they are mended. A date that slipped is news of its
    /// window: that it is no longer told does not mean that it is gone.
    fn standing(&self) -> impl Iterator<Item = &KnownFinding> {
        let slipped = format!("{} ", Rule::SlippedDate);
        let findings = self.last.iter().flat_map(|last| &last.findings);
        findings.filter(move |known| !known.id.starts_with(&slipped))
    }

    /// What could not be read for it.
    pub fn gaps(&self) -> &[Gap] {
        self.last.as_ref().map_or(&[], |last| &last.gaps)
    }

    /// When the last digest was made.
    pub fn last_digest(&self) -> Option<Timestamp> {
        self.last.as_ref().map(|last| last.at)
    }
}

/// Everything that the join needs.
pub struct Joined<'a> {
    /// The run.
    pub run_id: RunId,
    /// What was asked.
    pub request: &'a Request,
    /// What the agents brought, in the plan's order.
    pub results: Vec<TaskResult>,
    /// What could not be read before the agents began.
    pub gaps: Vec<Gap>,
    /// What the audience was told last.
    pub known: &'a Known,
    /// What is known of findings beside that.
    pub lives: &'a Lives,
    /// What was read.
    pub sources: &'a Sources,
    /// How long it took.
    pub total: Duration,
}

/// One digest out of the agents' reports.
pub fn join(joined: Joined<'_>) -> Digest {
    let Joined { run_id, request, results, mut gaps, known, lives, sources, total } = joined;
    let mut timings = Timings { total_ms: millis(total), agents: BTreeMap::new() };
    let mut summary = Vec::new();
    let mut findings = Vec::new();
    let mut sections = Vec::new();
    for result in results {
        let longest = timings.agents.entry(result.agent).or_default();
        *longest = (*longest).max(millis(result.took));
        summary.extend(result.report.summary);
        findings.extend(result.report.findings);
        sections.extend(result.report.sections);
        gaps.extend(result.report.gaps);
    }
    let findings = unite(findings);
    let summary = said_once(summary, &findings);
    let mut digest = Digest {
        run_id,
        request: request.clone(),
        headline: String::new(),
        summary,
        synthesis: Synthesis::default(),
        findings,
        compared: known.last_digest().is_some(),
        gone: Vec::new(),
        gone_titles: BTreeMap::new(),
        lives: BTreeMap::new(),
        sections: sections.into_iter().filter(|section: &Section| !section.blocks.is_empty()).collect(),
        gaps: distinct(gaps),
        published: Vec::new(),
        coverage: sources.coverage(),
        usage: sources.usage(),
        timings,
    };
    lives.tell(&mut digest, known.last.as_ref());
    if digest.gaps.is_empty() {
        (digest.gone, digest.gone_titles) = gone(&digest, known);
    }
    digest.headline = headline::headline(&digest);
    trend::show(&mut digest, &known.earlier);
    digest
}

/// Each finding once, most severe first; the same rule on the same subject found for two programs is
/// one finding.
fn unite(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let mut united: Vec<Finding> = findings.into_iter().filter(|finding| seen.insert(finding.id())).collect();
    // Stable: within one severity the rules' own order stays; questions, which several agents bring, come last.
    united.sort_by_key(|finding| {
        let asked = finding.rule == Rule::UnansweredQuestion;
        (std::cmp::Reverse(finding.severity), finding.confidence == Confidence::Tentative, asked)
    });
    united
}

/// Findings of the last digest that are no more, among the programs that were checked again; and what they were
/// about is called, by subject.
fn gone(digest: &Digest, known: &Known) -> (Vec<String>, BTreeMap<String, String>) {
    let now: HashSet<String> = digest.findings.iter().map(Finding::id).collect();
    let checked = |program: &Option<ProgramKey>| {
        program.as_ref().is_some_and(|key| digest.checked_programs().contains(key))
    };
    let gone = || known.standing().filter(|f| checked(&f.program) && !now.contains(&f.id));
    let titled = gone().filter(|f| !f.title.is_empty()).filter_map(|f| {
        let (_, subject) = f.id.split_once(' ')?;
        Some((subject.to_owned(), f.title.clone()))
    });
    (gone().map(|f| f.id.clone()).collect(), titled.collect())
}

/// Most important first; what two agents noticed, or what a finding says anyway, is said once. What
/// needs the reader stays even when a finding is about the same issue: it is another thing to do.
fn said_once(mut summary: Vec<SummaryLine>, findings: &[Finding]) -> Vec<SummaryLine> {
    summary.sort_by_key(|line| (line.topic, std::cmp::Reverse(line.weight)));
    let flagged: HashSet<&str> = findings.iter().map(|finding| finding.subject.as_str()).collect();
    let mut seen: HashSet<(bool, String)> = HashSet::new();
    summary.retain(|line| {
        let personal = line.topic == Topic::NeedsYou;
        let repeated = line.topic == Topic::Plan && flagged.contains(line.subject.as_str());
        !line.line.evidence.is_empty() && !repeated && seen.insert((personal, line.subject.clone()))
    });
    summary
}

fn distinct(gaps: Vec<Gap>) -> Vec<Gap> {
    let mut seen = HashSet::new();
    gaps.into_iter().filter(|gap| seen.insert(gap.clone())).collect()
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
