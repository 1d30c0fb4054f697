//! Answers that need no model: what the digest's own findings and evidence say.

use jiff::Timestamp;

use super::question::{Question, Which};
use crate::domain::{
    Change, Digest, Evidence, Finding, Inline, IssueKey, Line, Prose, Reply, Rule, Source, defang, shorten,
    span,
};

/// An answer, and what it is about.
pub(super) struct Answer {
    pub(super) reply: Reply,
    /// The finding's id: what "it" means from now on.
    pub(super) about: Option<String>,
}

/// Pieces of evidence in an answer.
const EVIDENCE: usize = 6;
/// How much of a text a draft repeats, in characters.
const DRAFTED: usize = 300;

/// Answers from what the one who asks may see of a digest.
///
/// `told` is the digest as it was shown, whose risks are counted; of it only what is in `visible` is spoken of.
pub(super) fn answer(
    question: &Question,
    told: &Digest,
    visible: &Digest,
    spoken_of: Option<&str>,
) -> Answer {
    let (Question::Why(which)
    | Question::More(which)
    | Question::Owner(which)
    | Question::Since(which)
    | Question::Nudge(which)) = question;
    let finding = match find(which, told, spoken_of) {
        Ok(finding) => finding,
        Err(why) => return said(why),
    };
    if !visible.findings.contains(finding) {
        return said("What that rests on can't be shown any more: a channel or program that it comes from is closed by now, to me or to you.".to_owned());
    }
    let reply = match question {
        Question::Why(_) => why(finding, told),
        Question::More(_) => more(finding, visible),
        Question::Owner(_) => owner_of(finding),
        Question::Since(_) => since(finding, told),
        Question::Nudge(_) => nudge(finding),
    };
    Answer { reply, about: Some(finding.id()) }
}

fn said(sentence: String) -> Answer {
    let line = Line { text: Prose::text(sentence), evidence: Vec::new() };
    Answer { reply: Reply { lines: vec![line], ..Reply::default() }, about: None }
}

/// The finding that is meant, or a sentence that says why there is none.
fn find<'a>(which: &Which, told: &'a Digest, spoken_of: Option<&str>) -> Result<&'a Finding, String> {
    let risks: Vec<&Finding> = told.risks().collect();
    let none = || "This digest has no risk to speak of.".to_owned();
    match which {
        Which::Key(key) => {
            let of_key = |finding: &&&Finding| finding.subject == *key;
            risks
                .iter()
                .find(of_key)
                .copied()
                .or_else(|| told.findings.iter().find(|f| f.subject == *key))
                .ok_or_else(|| {
                    let keys: Vec<&str> = risks
                        .iter()
                        .map(|f| f.subject.as_str())
                        .filter(|s| s.parse::<IssueKey>().is_ok())
                        .take(8)
                        .collect();
                    let speaks = if keys.is_empty() {
                        String::new()
                    } else {
                        format!(" It flags {}.", keys.join(", "))
                    };
                    format!("{key} isn't flagged in this digest.{speaks}")
                })
        }
        Which::Number(number) => {
            let at = number.checked_sub(1).and_then(|at| risks.get(at)).copied();
            at.ok_or_else(|| match risks.len() {
                0 => none(),
                1 => "This digest has one risk only.".to_owned(),
                n => format!("This digest has {n} risks: ask for one from 1 to {n}."),
            })
        }
        Which::Last => risks.last().copied().ok_or_else(none),
        Which::It => {
            let spoken = spoken_of.and_then(|id| told.findings.iter().find(|finding| finding.id() == id));
            spoken.or_else(|| risks.first().copied()).ok_or_else(none)
        }
    }
}

fn why(finding: &Finding, told: &Digest) -> Reply {
    let mut lines = vec![plain(subject(finding).say(": ").join(finding.why.clone()))];
    lines.push(plain(Prose::text(format!("It is flagged because {}.", watches(finding.rule)))));
    lines.extend(evidence(finding));
    lines.extend(next(finding));
    let note = told.compared.then(|| changed(finding.change).to_owned());
    Reply { lines, note, ..Reply::default() }
}

fn more(finding: &Finding, visible: &Digest) -> Reply {
    let mut lines = vec![plain(subject(finding).say(": ").join(finding.why.clone()))];
    lines.extend(evidence(finding));
    let same = |other: &&Finding| {
        other.id() != finding.id()
            && (other.under.as_deref() == Some(&finding.id()) || other.subject == finding.subject)
    };
    for other in visible.findings.iter().filter(same) {
        let text = Prose::text(format!("Also ({}): ", other.rule))
            .join(subject(other))
            .say(": ")
            .join(other.why.clone());
        lines.push(Line { text, evidence: other.evidence.iter().take(EVIDENCE).cloned().collect() });
    }
    for line in visible.summary.iter().filter(|line| line.subject == finding.subject) {
        lines.push(line.line.clone());
    }
    lines.extend(next(finding));
    Reply { lines, ..Reply::default() }
}

fn owner_of(finding: &Finding) -> Reply {
    let text = match (owner(finding), finding.evidence.first()) {
        (Owner::Is(name), _) => subject(finding).say(" is assigned to ").person(name).say(" in Jira."),
        (Owner::Nobody, _) => subject(finding).say(": nobody is assigned in Jira."),
        (Owner::Unknown, Some(first)) => subject(finding)
            .say(" names no Jira issue with an owner; ")
            .person(&first.author)
            .say(" said it."),
        (Owner::Unknown, None) => subject(finding).say(": nobody is known to own it."),
    };
    let jira = finding.evidence.iter().filter(|one| one.source == Source::Jira);
    let evidence: Vec<Evidence> = jira.chain(finding.evidence.first()).take(1).cloned().collect();
    let mut lines = vec![Line { text, evidence }];
    lines.extend(next(finding));
    Reply { lines, ..Reply::default() }
}

fn since(finding: &Finding, told: &Digest) -> Reply {
    let mut dated: Vec<&Evidence> = finding.evidence.iter().collect();
    dated.sort_by_key(|one| one.at);
    let told_at = told.request.at;
    let one = |words: &str, one: &Evidence| {
        let text = Prose::text(format!("{words}: ")).when(one.at).say(format!(
            " ({} before the digest), {} · ",
            ago(one.at, told_at),
            one.source.title()
        ));
        Line { text: text.person(&one.author), evidence: vec![one.clone()] }
    };
    let mut lines = vec![plain(subject(finding).say(": ").join(finding.why.clone()))];
    match dated.as_slice() {
        [] => {}
        [only] => lines.push(one("What it rests on is from", only)),
        [first, .., last] => {
            lines.extend([one("The earliest that it rests on", first), one("The latest", last)])
        }
    }
    let note = told.compared.then(|| changed(finding.change).to_owned());
    Reply { lines, note, ..Reply::default() }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    span(now.duration_since(at))
}

/// A polite, factual text with a link. It is shown, and sent by nobody but whoever asked for it.
fn nudge(finding: &Finding) -> Reply {
    let to = match owner(finding) {
        Owner::Is(name) => Some(name),
        // Where Jira names nobody, whoever the finding's next step names is asked.
        Owner::Nobody | Owner::Unknown => finding.action.0.iter().find_map(|inline| match inline {
            Inline::Person(name) => Some(name.clone()),
            _ => None,
        }),
    };
    let hello = to.as_deref().map_or_else(|| "Hi all".to_owned(), |name| format!("Hi {}", drafted(name)));
    let what = match finding.subject.parse::<IssueKey>() {
        Ok(key) => format!("{key} “{}”", drafted(&finding.title)),
        Err(_) => format!("“{}”", drafted(&finding.title)),
    };
    let url =
        finding.evidence.iter().find(|one| one.source == Source::Jira).or_else(|| finding.evidence.first());
    let link = url.map(|one| format!("\n{}", one.url)).unwrap_or_default();
    let text = format!(
        "{hello}, a question about {what}: {}. Could you bring it up to date, or say what it needs? Thank you!{link}",
        drafted(&words(&finding.why))
    );
    let lead = match &to {
        Some(name) => Prose::text("A draft for ").person(name).say(":"),
        None => Prose::text("Nobody is known to own it. A draft for its channel:"),
    };
    Reply {
        lines: vec![plain(lead)],
        draft: Some(text),
        note: Some("Nothing was sent: copy it where you want it.".to_owned()),
    }
}

/// Text for a draft: harmless, and without what would end its frame.
fn drafted(text: &str) -> String {
    shorten(&defang(text).replace('`', "'").replace('@', "＠"), DRAFTED)
}

/// A sentence without its mark-up, for a text that stands in no digest.
fn words(prose: &Prose) -> String {
    let telling = |inline: &Inline| match inline {
        Inline::When(at) => at.strftime("%-d %b").to_string(),
        Inline::Day(day) => day.strftime("%-d %b").to_string(),
        Inline::Quote(words) => format!("“{words}”"),
        Inline::Issue { key, title, .. } => format!("{key} {title}"),
        Inline::Text(words) | Inline::Strong(words) | Inline::Person(words) => words.clone(),
        Inline::Channel(name) => format!("#{name}"),
        Inline::Link { title, .. } => title.clone(),
        Inline::Label { text, .. } => text.clone(),
        Inline::Progress { done, total } => format!("{done} of {total}"),
    };
    prose.0.iter().map(telling).collect()
}

enum Owner {
    Is(String),
    Nobody,
    Unknown,
}

/// Who is assigned, as the evidence of the issue itself says: its last part is "assigned to …".
fn owner(finding: &Finding) -> Owner {
    let browse = format!("/browse/{}", finding.subject);
    let own = finding.evidence.iter().find(|one| one.source == Source::Jira && one.url.ends_with(&browse));
    let Some(last) = own.and_then(|one| one.excerpt.rsplit(" · ").next()) else { return Owner::Unknown };
    match last.strip_prefix("assigned to ") {
        Some(name) => Owner::Is(name.to_owned()),
        None if last == "nobody assigned" => Owner::Nobody,
        None => Owner::Unknown,
    }
}

fn evidence(finding: &Finding) -> impl Iterator<Item = Line> {
    finding.evidence.iter().take(EVIDENCE).map(|one| Line {
        text: Prose::text(format!("{} · ", one.source.title()))
            .person(&one.author)
            .say(" · ")
            .when(one.at)
            .say(": ")
            .quote(&one.excerpt),
        evidence: vec![one.clone()],
    })
}

fn next(finding: &Finding) -> Option<Line> {
    (!finding.action.is_empty()).then(|| plain(Prose::text("Next: ").join(finding.action.clone())))
}

fn subject(finding: &Finding) -> Prose {
    match finding.subject.parse::<IssueKey>() {
        Ok(key) => {
            let browse = format!("/browse/{key}");
            match finding.evidence.iter().find(|one| one.url.ends_with(&browse)) {
                Some(own) => Prose(vec![Inline::Issue {
                    key: key.to_string(),
                    title: finding.title.clone(),
                    url: own.url.clone(),
                }]),
                None => Prose::new().strong(key.to_string()).say(" ").quote(&finding.title),
            }
        }
        Err(_) => Prose::new().quote(&finding.title),
    }
}

fn plain(text: Prose) -> Line {
    Line { text, evidence: Vec::new() }
}

fn changed(change: Change) -> &'static str {
    match change {
        Change::New => "It was not in the digest before this one.",
        Change::Still => "It was in the digest before this one, as severe.",
        Change::Worse => "It was in the digest before this one, less severe.",
        Change::Better => "It was in the digest before this one, more severe.",
    }
}

/// What a rule watches for, to end "It is flagged because …".
fn watches(rule: Rule) -> &'static str {
    match rule {
        Rule::StaleTicket => "Slack talks of trouble with it, and no person has touched it in Jira since",
        Rule::QuietInitiative => "its date is near or past, and nothing has happened to it anywhere",
        Rule::Overdue => "its date has passed and it is not done",
        Rule::StatusContradiction => "two sources disagree on where it stands",
        Rule::UntrackedBlocker => "somebody says that work is stopped, and no issue is named for it",
        Rule::DateMismatch => "the tracking page and Jira give it different dates",
        Rule::SlippedDate => "its date was moved later",
        Rule::BlockedDependency => "it waits for something that is late itself, or due after it",
        Rule::Ownerless => "its date is near or past, and nobody is assigned",
        Rule::SprintRisk => "the sprint will not finish at its pace so far, or has grown",
        Rule::UnrecordedDecision => "it was decided in Slack, and no page or issue records it",
        Rule::StaleRisk => "the risk register's entry has not been looked at in time",
        Rule::UnansweredQuestion => "somebody was asked by name and has not answered",
    }
}
