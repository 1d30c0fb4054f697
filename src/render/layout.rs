//! What a digest says, in which order, whatever it will look like.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::domain::{
    AgentName, Change, Confidence, Digest, Evidence, Finding, Inline, IssueKey, Prose, Rule, Severity, Topic,
    Usage, WindowOrigin, defang, shorten,
};
use crate::render::time::Telling;
use crate::render::{asides, published};

/// How many risks stand in the digest itself. A reader has forty seconds; the rest is in the thread.
const RISKS_SHOWN: usize = 7;

/// How many lines of one topic stand in the digest itself.
const LINES_SHOWN: usize = 6;

/// How many things are named that are gone, and how long their titles may be: it is good news, and behind the reader.
const GONE: usize = 6;
const GONE_TITLE: usize = 60;

/// A line with its marker and what it rests on.
#[derive(Debug, Clone)]
pub struct Item {
    /// 🔴, 🟠, 🟡 or nothing.
    pub marker: Option<&'static str>,
    /// What it says.
    pub text: Prose,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The finding that it tells, by its place in the digest: something that can be set aside.
    pub finding: Option<usize>,
}

/// A titled list.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// Its lines.
    pub items: Vec<Item>,
    /// How many more of them are in [`Layout::overflow`].
    pub more: usize,
    /// A last line.
    pub note: Option<String>,
}

impl Group {
    /// The line below the list; `elsewhere` is where the others are: `in the thread`, `below`.
    pub fn last_line(&self, elsewhere: &str) -> Option<String> {
        let more = (self.more > 0).then(|| format!("{} more {elsewhere}", self.more));
        match (more, &self.note) {
            (Some(more), Some(note)) => Some(format!("{more} · {note}")),
            (more, note) => more.or_else(|| note.clone()),
        }
    }
}

/// The digest, laid out.
#[derive(Debug, Clone)]
pub struct Layout {
    /// What was asked, for which programs, since when.
    pub title: String,
    /// Does the reader have to do something?
    pub headline: String,
    /// The digest itself.
    pub groups: Vec<Group>,
    /// What was read, what was not, what it cost.
    pub footer: Vec<String>,
    /// Risks and lines that did not fit: shown before the sections, in the thread.
    pub overflow: Vec<Group>,
}

impl Layout {
    /// Lays out a digest; `names` are the programs' names by which people know them.
    pub fn of(digest: &Digest, names: &[String]) -> Self {
        let telling = Telling::new(&digest.request.timezone, digest.request.at);
        let mut groups = Vec::new();
        let mut overflow = Vec::new();
        let (lead, _) = topic(digest, Topic::Lead, "In short");
        groups.extend(lead);
        let (needs, more_needs) = topic(digest, Topic::NeedsYou, "Needs you");
        groups.extend(needs);
        let (risks, more_risks) = risks(digest, &telling);
        groups.extend(risks);
        overflow.extend(more_needs);
        overflow.extend(more_risks);
        for (about, title) in [
            (Topic::Decided, "Decided"),
            (Topic::Shipped, "Shipped"),
            (Topic::Plan, "Plan"),
            (Topic::News, "Also new"),
        ] {
            let (shown, more) = topic(digest, about, title);
            groups.extend(shown);
            overflow.extend(more);
        }
        groups.extend(written(digest));
        Self {
            title: title(digest, names, &telling),
            headline: digest.headline.clone(),
            groups,
            footer: footer(digest),
            overflow,
        }
    }
}

fn title(digest: &Digest, names: &[String], telling: &Telling) -> String {
    let request = &digest.request;
    let mut parts = vec![workflow_title(&request.asked.name)];
    match names {
        [] => {}
        [one] => parts.push(one.clone()),
        [one, two] => parts.push(format!("{one} and {two}")),
        many => parts.push(format!("{} programs", many.len())),
    }
    let since = telling.instant(request.window.since);
    parts.push(match request.window.origin {
        WindowOrigin::LastDigest if digest.is_unasked() => format!("since {since}, the last digest"),
        WindowOrigin::LastDigest => format!("since {since}, your last digest"),
        WindowOrigin::PreviousWorkingDay => format!("since {since}, the last working day"),
        WindowOrigin::Asked => format!("since {since}"),
    });
    parts.join(" · ")
}

/// `caught-up` as a title: `Caught up`.
fn workflow_title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn topic(digest: &Digest, topic: Topic, title: &str) -> (Option<Group>, Option<Group>) {
    let items = digest.summary.iter().filter(|line| line.topic == topic).map(|line| Item {
        marker: None,
        text: line.line.text.clone(),
        evidence: line.line.evidence.clone(),
        finding: None,
    });
    split(title, items.collect(), LINES_SHOWN)
}

/// What was written. All of it: whoever had something written wants to know of each.
fn written(digest: &Digest) -> Option<Group> {
    let item = |text| Item { marker: None, text, evidence: Vec::new(), finding: None };
    let items: Vec<Item> = published::lines(&digest.published).into_iter().map(item).collect();
    let group = |items| Group { title: "Published".to_owned(), items, more: 0, note: None };
    (!items.is_empty()).then(|| group(items))
}

/// The items that fit, with a count of the others; and the others.
fn split(title: &str, mut items: Vec<Item>, shown: usize) -> (Option<Group>, Option<Group>) {
    if items.is_empty() {
        return (None, None);
    }
    // "1 more in the thread" takes the room of the line that it hides.
    let rest = if items.len() > shown + 1 { items.split_off(shown) } else { Vec::new() };
    let group = |title: String, items, more| Group { title, items, more, note: None };
    let shown = group(title.to_owned(), items, rest.len());
    let others = (!rest.is_empty()).then(|| group(format!("{title}, continued"), rest, 0));
    (Some(shown), others)
}

/// The risks that are shown, and those that follow in the thread. A digest that nobody asked for leads with
/// what changed since the last one: what stands as before is a count, and in the thread.
fn risks(digest: &Digest, telling: &Telling) -> (Option<Group>, Vec<Group>) {
    let leads = |head: &&Finding| !digest.is_unasked() || !digest.compared || is_news(head, digest);
    let (shown, known): (Vec<&Finding>, Vec<&Finding>) = digest.risks().partition(leads);
    let items = |heads: &[&Finding]| heads.iter().map(|head| risk(head, digest)).collect::<Vec<_>>();
    let (shown, others) = split("Risks", items(&shown), RISKS_SHOWN);
    let mut elsewhere: Vec<Group> = others.into_iter().collect();
    let mut notes = Vec::new();
    if !known.is_empty() {
        notes.push(match known.len() {
            1 => "1 known risk stands as before".to_owned(),
            many => format!("{many} known risks stand as before"),
        });
        let title = "Risks that stand as before".to_owned();
        elsewhere.push(Group { title, items: items(&known), more: 0, note: None });
    }
    if !digest.gone.is_empty() {
        notes.push(format!("gone since the last digest: {}", gone_subjects(digest)));
    }
    notes.extend(asides::lines(digest, telling));
    if notes.is_empty() {
        return (shown, elsewhere);
    }
    let none = Group { title: "Risks".to_owned(), items: Vec::new(), more: 0, note: None };
    let mut group = shown.unwrap_or(none);
    group.note = Some(notes.join(" · "));
    (Some(group), elsewhere)
}

/// Whether a risk, or one that is folded under it, is not as it was.
fn is_news(head: &Finding, digest: &Digest) -> bool {
    std::iter::once(head).chain(digest.folded(head)).any(|finding| finding.change != Change::Still)
}

/// Ids are `"<rule> <subject>"`; people know issues by their titles as well, and all else by those alone.
fn gone_subjects(digest: &Digest) -> String {
    let mut subjects: Vec<&str> = Vec::new();
    for (_, subject) in digest.gone.iter().filter_map(|id| id.split_once(' ')) {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    let (links, things): (Vec<&str>, Vec<&str>) =
        subjects.into_iter().partition(|subject| subject.contains("://"));
    let call = |subject: &&str| match digest.gone_titles.get(*subject) {
        Some(title) if subject.parse::<IssueKey>().is_ok() => {
            format!("{subject} {}", shorten(&defang(title), GONE_TITLE))
        }
        Some(title) => format!("“{}”", shorten(&defang(title), GONE_TITLE)),
        None => (*subject).to_owned(),
    };
    let mut named: Vec<String> = things.iter().take(GONE).map(call).collect();
    match things.len().saturating_sub(GONE) {
        0 => {}
        rest => named.push(format!("{rest} more")),
    }
    match links.len() {
        0 => {}
        1 => named.push("1 thread".to_owned()),
        many => named.push(format!("{many} threads")),
    }
    named.join(", ")
}

fn risk(head: &Finding, digest: &Digest) -> Item {
    let marker = match head.severity {
        Severity::High => "🔴",
        Severity::Medium => "🟠",
        Severity::Low => "🟡",
    };
    let life = digest.life(head);
    let back = life.and_then(|life| life.back.as_ref());
    let zone = TimeZone::get(&digest.request.timezone).unwrap_or(TimeZone::UTC);
    let mut text = Prose::new();
    // Without a last digest everything is new, and saying so of each line says nothing.
    text = match head.change {
        _ if back.is_some() => text.strong("back").say(" · "),
        _ if !digest.compared => text,
        Change::New => text.strong("new").say(" · "),
        Change::Worse => text.strong("worse").say(" · "),
        Change::Better => text.strong("better").say(" · "),
        Change::Still => text,
    };
    let day = |at: jiff::Timestamp| at.to_zoned(zone.clone()).date();
    if let Some(since) =
        life.and_then(|life| life.since).map(day).filter(|since| *since < day(digest.request.at))
    {
        // Others may know of it for longer than these readers.
        let known = if head.change == Change::New && back.is_none() { "known since " } else { "since " };
        text = text.say(known).day(since).say(" · ");
    }
    if head.confidence == Confidence::Tentative {
        text = text.say("worth a look · ");
    }
    text = text.join(subject(head)).say(": ").join(head.why.clone());
    let mut evidence = head.evidence.clone();
    for folded in digest.folded(head) {
        if !is_said(head, folded) {
            text = text.say("; also ");
            if folded.subject != head.subject {
                text = text.join(subject(folded)).say(" ");
            }
            text = text.join(folded.why.clone());
        }
        evidence.extend(folded.evidence.iter().filter(|one| !head.evidence.contains(one)).cloned());
    }
    if !head.action.is_empty() {
        text = text.say(" → ").join(head.action.clone());
    }
    if let Some(back) = back {
        text = asides::back(text.say("."), back, &zone);
    }
    // Several rows of one page are one link.
    let mut linked = BTreeSet::new();
    evidence.retain(|one| linked.insert(one.url.clone()));
    let finding = digest.findings.iter().position(|finding| std::ptr::eq(finding, head));
    Item { marker: Some(marker), text, evidence, finding }
}

/// Whether a risk's own reason or step has what one that is folded under it adds.
fn is_said(head: &Finding, folded: &Finding) -> bool {
    let added = folded.why.0.as_slice();
    let in_why = || !added.is_empty() && head.why.0.windows(added.len()).any(|said| said == added);
    let in_step = || match (added, head.action.0.first()) {
        ([Inline::Text(added)], Some(Inline::Text(step))) => step.starts_with(added.as_str()),
        _ => false,
    };
    folded.subject == head.subject && (in_why() || in_step())
}

/// The subject by title: linked with its key where it is an issue.
fn subject(finding: &Finding) -> Prose {
    let is_key = finding.subject.parse::<crate::domain::IssueKey>().is_ok();
    let own =
        finding.evidence.iter().find(|e| is_key && e.url.ends_with(&format!("/browse/{}", finding.subject)));
    match own {
        Some(evidence) => Prose(vec![Inline::Issue {
            key: finding.subject.clone(),
            title: finding.title.clone(),
            url: evidence.url.clone(),
        }]),
        None if is_key => Prose::new().strong(finding.subject.clone()).say(" ").quote(finding.title.clone()),
        // A sprint's name is nobody's words.
        None if finding.rule == Rule::SprintRisk => Prose::new().strong(finding.title.clone()),
        None => Prose::new().quote(finding.title.clone()),
    }
}

fn footer(digest: &Digest) -> Vec<String> {
    let coverage = &digest.coverage;
    let mut read = Vec::new();
    if coverage.channels > 0 {
        read.push(format!(
            "{} ({})",
            count(coverage.channels, "channel"),
            count(coverage.messages, "message")
        ));
    }
    if coverage.issues > 0 {
        read.push(count(coverage.issues, "issue"));
    }
    if coverage.pages > 0 {
        read.push(count(coverage.pages, "page"));
    }
    // A board without a sprint has no issues to count.
    if read.is_empty() && coverage.boards > 0 {
        read.push(count(coverage.boards, "board"));
    }
    let read = (!read.is_empty()).then(|| format!("Read: {}.", read.join(", ")));
    let said: Vec<String> =
        read.into_iter().chain(coverage.left_out.iter().map(|why| sentence(why))).collect();
    // That nothing could be read is the headline.
    let mut lines = Vec::new();
    lines.extend((!said.is_empty()).then(|| said.join(" ")));
    for gap in distinct_gaps(digest) {
        lines.push(format!("⚠️ {gap}"));
    }
    lines.push(format!("{} · {}", seconds(digest.timings.total_ms), cost(digest)));
    lines
}

/// With a capital and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.trim_end_matches('.').chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{capital}{}.", letters.as_str())
}

/// Two agents that miss the same thing for the same reason miss it once.
fn distinct_gaps(digest: &Digest) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for gap in &digest.gaps {
        let line = match gap.source {
            // "Jira is failing" names it already.
            Some(source) if gap.reason.starts_with(source.title()) => gap.reason.clone(),
            Some(source) => format!("{}: {}", source.title(), gap.reason),
            None => format!("{}: {}", gap.agent, gap.reason),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

/// Which model it took, how much of it, and what is missing for the lack of one.
fn cost(digest: &Digest) -> String {
    let (usage, synthesis) = (&digest.usage, &digest.synthesis);
    let spent = || {
        let cached = match usage.cached_tokens {
            0 => String::new(),
            cached => format!(" ({} cached)", thousands(cached)),
        };
        format!(
            "{} tokens in{cached}, {} out, {}{}",
            thousands(usage.input_tokens + usage.cached_tokens),
            thousands(usage.output_tokens),
            dollars(usage.usd),
            spent_by(usage)
        )
    };
    let model = synthesis.model.as_deref().unwrap_or("a model");
    match (&synthesis.left_out, usage.llm_calls) {
        (None, 0) => "no model, $0.00".to_owned(),
        (Some(why), 0) => format!("no model: {why}, $0.00"),
        (None, _) => format!("{model}: {}", spent()),
        (Some(why), _) => format!("computed without {model}: {why} · {}", spent()),
    }
}

/// Whose questions the money went to, where that is more than one's, and what caching saved.
fn spent_by(usage: &Usage) -> String {
    let mut by_agent: BTreeMap<AgentName, f64> = BTreeMap::new();
    for one in &usage.by_agent {
        *by_agent.entry(one.agent).or_default() += one.usd;
    }
    let shares = by_agent.iter().filter(|_| by_agent.len() > 1);
    let mut aside: Vec<String> = shares.map(|(agent, usd)| format!("{agent} {}", dollars(*usd))).collect();
    if usage.saved_usd > 0.0 {
        aside.push(format!("caching saved {}", dollars(usage.saved_usd)));
    }
    if aside.is_empty() { String::new() } else { format!(" ({})", aside.join(", ")) }
}

/// Cents where they say something, else as many digits as do.
fn dollars(usd: f64) -> String {
    if usd > 0.0 && usd < 0.1 { format!("${usd:.4}") } else { format!("${usd:.2}") }
}

/// `12,340`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 issue`, `96 issues`.
fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
