//! What a model is shown of a digest: its lines, and the evidence that they rest on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::{
    Change, Digest, Evidence, Finding, Inline, IssueKey, Prose, Severity, Source, SummaryLine, Topic,
};
use crate::llm::verify::Offered;
use crate::llm::{Field, Fields, Id, Quoted};
use crate::render::{Telling, prose_text};

/// How much is shown at most, in bytes: some 8,000 tokens of English, and no more of any other script.
const BUDGET: usize = 24_000;
/// Pieces of evidence of one line: both sides and the next best.
const EVIDENCE: usize = 4;
/// How much of a line is shown, in characters.
const LINE: usize = 420;
/// How much of a piece of evidence is shown, in characters.
const EXCERPT: usize = 160;
/// How much of a name is shown, in characters.
const NAME: usize = 60;
/// Lines of one kind.
const RISKS: usize = 24;
const NEEDS: usize = 8;
const NEWS: usize = 6;

/// A line of the digest that a model may speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Of {
    /// A finding, by its id.
    Finding(String),
    /// A sentence of the summary, by its topic and subject.
    Summary(Topic, String),
}

/// What is shown, and what it stands for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offer {
    /// The prompt's data.
    pub(crate) fields: Fields,
    /// What citing each id vouches for.
    pub(crate) offered: Offered,
    /// The evidence behind each id.
    pub(crate) evidence: BTreeMap<String, Evidence>,
    /// The lines that rest on each id.
    pub(crate) resting: BTreeMap<String, BTreeSet<String>>,
    /// The lines, by their ids.
    pub(crate) of: BTreeMap<String, Of>,
}

impl Offer {
    /// Shows what costs most to miss first, until the budget is used up.
    pub(crate) fn of(digest: &Digest, reader: Option<&str>) -> Self {
        let telling = Telling::new(&digest.request.timezone, digest.request.at);
        let mut showing = Showing {
            telling,
            ids: HashMap::new(),
            lines: Vec::new(),
            shown: Vec::new(),
            used: 0,
            offer: Self::default(),
        };
        let summary = |topic: Topic| digest.summary.iter().filter(move |line| line.topic == topic);
        for line in summary(Topic::NeedsYou).take(NEEDS) {
            showing.summary('n', "needs the reader", line);
        }
        for finding in digest.risks().take(RISKS) {
            showing.finding(finding, digest);
        }
        for (topic, kind) in [
            (Topic::Decided, "decided"),
            (Topic::Plan, "plan"),
            (Topic::News, "news"),
            (Topic::Shipped, "shipped"),
        ] {
            for line in summary(topic).take(NEWS) {
                showing.summary('s', kind, line);
            }
        }
        let Showing { telling, lines, shown, mut offer, .. } = showing;
        let quoted = |text: &str| Field::Quoted(Quoted::of(text, NAME * 3));
        offer.fields = vec![
            ("now", quoted(&telling.instant(digest.request.at))),
            ("reader", quoted(reader.unwrap_or("everybody in a channel"))),
            ("headline", quoted(&digest.headline)),
            ("lines", Field::List(lines)),
            ("evidence", Field::List(shown)),
        ];
        offer
    }

    /// How many lines are shown.
    pub(crate) fn lines(&self) -> usize {
        self.of.len()
    }

    /// The same, with a question in place of the reader and the headline.
    pub(crate) fn asking(mut self, question: &str) -> Self {
        self.fields.retain(|(name, _)| !["reader", "headline"].contains(name));
        self.fields.push(("question", Field::Quoted(Quoted::of(question, LINE))));
        self
    }

    /// The evidence of these ids.
    pub(crate) fn cited(&self, ids: &[String]) -> Vec<Evidence> {
        ids.iter().filter_map(|id| self.evidence.get(id).cloned()).collect()
    }

    /// How many lines rest on some of this evidence.
    pub(crate) fn lines_behind(&self, ids: &[String]) -> usize {
        ids.iter().filter_map(|id| self.resting.get(id)).flatten().collect::<BTreeSet<_>>().len()
    }
}

struct Showing {
    telling: Telling,
    ids: HashMap<Evidence, Id>,
    lines: Vec<Fields>,
    shown: Vec<Fields>,
    used: usize,
    offer: Offer,
}

impl Showing {
    fn summary(&mut self, letter: char, kind: &'static str, line: &SummaryLine) {
        let mut said = Said::default();
        said.prose(&line.line.text, &self.telling, 0);
        let of = Of::Summary(line.topic, line.subject.clone());
        self.line(letter, kind, &said, &line.line.evidence, of);
    }

    fn finding(&mut self, head: &Finding, digest: &Digest) {
        let telling = &self.telling;
        let change = match head.change {
            _ if !digest.compared => "",
            Change::New => "new · ",
            Change::Worse => "worse · ",
            Change::Better => "better · ",
            Change::Still => "",
        };
        let mut said = Said::default();
        said.ours(change);
        said.subject(head);
        said.ours(": ");
        said.prose(&head.why, telling, PHRASE);
        let mut evidence = head.evidence.clone();
        for folded in digest.folded(head) {
            said.ours("; also ");
            if folded.subject != head.subject {
                said.subject(folded);
                said.ours(" ");
            }
            said.prose(&folded.why, telling, PHRASE);
            evidence.extend(folded.evidence.iter().filter(|one| !head.evidence.contains(one)).cloned());
        }
        if !head.action.is_empty() {
            said.ours(" → ");
            said.prose(&head.action, telling, 0);
        }
        let kind = match head.severity {
            Severity::High => "high risk",
            Severity::Medium => "medium risk",
            Severity::Low => "low risk",
        };
        self.line('r', kind, &said, &evidence, Of::Finding(head.id()));
    }

    fn line(&mut self, letter: char, kind: &'static str, said: &Said, evidence: &[Evidence], of: Of) {
        let quoted = Quoted::of(&said.whole, LINE);
        let evidence: Vec<&Evidence> = evidence.iter().take(EVIDENCE).collect();
        let new: usize = evidence
            .iter()
            .filter(|one| !self.ids.contains_key(**one))
            .map(|one| one.excerpt.len() + one.author.len() + 50)
            .sum();
        let cost = quoted.to_string().len() + 30 + new;
        if self.used + cost > BUDGET || evidence.is_empty() {
            return;
        }
        self.used += cost;
        let id = Id::new(letter, self.lines.len() + 1);
        let mut ids = Vec::new();
        for one in evidence {
            let evidence_id = self.evidence(one);
            let offered = &mut self.offer.offered;
            said.ours.iter().for_each(|ours| offered.add_ours(evidence_id.as_str(), ours));
            said.theirs.iter().for_each(|theirs| offered.add_theirs(evidence_id.as_str(), theirs));
            self.offer.resting.entry(evidence_id.to_string()).or_default().insert(id.to_string());
            if !ids.contains(&evidence_id) {
                ids.push(evidence_id);
            }
        }
        self.offer.of.insert(id.to_string(), of);
        self.lines.push(vec![
            ("id", Field::Id(id)),
            ("kind", Field::Word(kind)),
            ("text", Field::Quoted(quoted)),
            ("evidence", Field::Ids(ids)),
        ]);
    }

    fn evidence(&mut self, one: &Evidence) -> Id {
        if let Some(id) = self.ids.get(one) {
            return id.clone();
        }
        let id = Id::new('e', self.ids.len() + 1);
        let at = self.telling.instant(one.at);
        let offered = &mut self.offer.offered;
        offered.add_ours(id.as_str(), &format!("{}, {at}, {}", one.source.title(), one.author));
        offered.add_theirs(id.as_str(), &one.author);
        match one.source {
            // An issue's excerpt is its status, date and owner, put together by code.
            Source::Jira => {
                offered.add_ours(id.as_str(), &one.excerpt);
                // But people choose their names, and a name can be as long as an order.
                if let Some((_, owner)) = one.excerpt.rsplit_once("assigned to ") {
                    offered.add_theirs(id.as_str(), owner);
                }
            }
            Source::Slack | Source::Confluence => offered.add_theirs(id.as_str(), &one.excerpt),
        }
        self.offer.evidence.insert(id.to_string(), one.clone());
        self.shown.push(vec![
            ("id", Field::Id(id.clone())),
            ("source", Field::Word(one.source.title())),
            ("at", Field::Quoted(Quoted::of(&at, NAME))),
            ("author", Field::Quoted(Quoted::of(&one.author, NAME))),
            ("text", Field::Quoted(Quoted::of(&one.excerpt, EXCERPT))),
        ]);
        self.ids.insert(one.clone(), id.clone());
        id
    }
}

/// How many words of a quotation in a finding count as code's: the phrase in which a rule saw a blocker.
const PHRASE: usize = 5;

/// What a line says: as a whole, and apart by who wrote it.
#[derive(Default)]
struct Said {
    whole: String,
    ours: Vec<String>,
    theirs: Vec<String>,
}

impl Said {
    fn ours(&mut self, words: &str) {
        self.whole.push_str(words);
        match self.ours.last_mut() {
            Some(last) => last.push_str(words),
            None => self.ours.push(words.to_owned()),
        }
    }

    fn theirs(&mut self, words: &str) {
        self.whole.push_str(words);
        self.theirs.push(words.to_owned());
        // What stands on both sides of it does not stand together.
        self.ours.push(String::new());
    }

    /// A finding's key, which is code's, and its title, which is not.
    fn subject(&mut self, finding: &Finding) {
        if finding.subject.parse::<IssueKey>().is_ok() {
            self.ours(&finding.subject);
            self.whole.push(' ');
        }
        self.theirs(&finding.title);
    }

    /// `phrase`: how many words of a quotation count as code's.
    fn prose(&mut self, prose: &Prose, telling: &Telling, phrase: usize) {
        for inline in &prose.0 {
            let shown = prose_text(&Prose(vec![inline.clone()]), telling);
            match inline {
                Inline::Quote(words) => {
                    self.theirs(&shown);
                    let phrase: Vec<&str> = words.split_whitespace().take(phrase).collect();
                    self.ours.push(phrase.join(" "));
                    self.ours.push(String::new());
                }
                Inline::Issue { key, title, .. } => {
                    self.ours(key);
                    self.whole.push(' ');
                    self.theirs(title);
                }
                Inline::Link { .. } | Inline::Label { .. } => self.theirs(&shown),
                _ => self.ours(&shown),
            }
        }
    }
}
