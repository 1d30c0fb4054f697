//! What of a model's answer comes into the digest.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::offer::{Of, Offer};
use crate::domain::{Confidence, Digest, Line, Prose, Rule, SummaryLine, Topic};
use crate::llm::verify::{Claim, verify};

/// Sentences that are shown.
const SENTENCES: usize = 5;

#[derive(Debug, Deserialize)]
struct Answer {
    order: Vec<String>,
    headline: Claim,
    sentences: Vec<Claim>,
}

/// Takes over what holds, or nothing when too much does not.
///
/// # Errors
/// When the answer is not of the schema.
pub(super) fn adopt(digest: &mut Digest, offer: &Offer, answer: Value) -> Result<(), String> {
    let answer: Answer = serde_json::from_value(answer).map_err(|error| error.to_string())?;
    let claims = answer.sentences.len();
    let headline = verify(vec![plain(answer.headline)], &offer.offered);
    let sentences = verify(answer.sentences.into_iter().map(plain).collect(), &offer.offered);
    let mut all = sentences.clone();
    all.kept.extend(headline.kept.iter().cloned());
    all.copied.extend(headline.copied.iter().cloned());
    all.dropped.extend(&headline.dropped);
    tracing::debug!(dropped = ?all.dropped, "claims that do not hold");
    digest.synthesis.kept += count(all.kept.len());
    digest.synthesis.dropped += count(all.dropped.len());
    if !all.trustworthy() {
        let of = claims + 1;
        digest.synthesis.left_out =
            Some(format!("{} of the model's {of} sentences were not in the evidence", all.dropped.len()));
        return Ok(());
    }
    // A sentence about one line says what that line says.
    let (connecting, repeating): (Vec<Claim>, Vec<Claim>) =
        sentences.kept.into_iter().partition(|claim| offer.lines_behind(&claim.evidence) > 1);
    digest.synthesis.repeated += count(repeating.len() + all.copied.len());
    rank(digest, offer, &answer.order);
    if let Some(first) = headline.kept.into_iter().next() {
        // The count of what needs the reader stays: it is exact, and it is what they look for.
        digest.headline = format!("{} {}", digest.headline, sentence(&first.text));
    }
    let line = |(place, claim): (i32, &Claim)| SummaryLine {
        topic: Topic::Lead,
        weight: -place,
        subject: format!("lead {place}"),
        line: Line { text: Prose::text(sentence(&claim.text)), evidence: offer.cited(&claim.evidence) },
    };
    digest.summary.splice(0..0, (1..).zip(connecting.iter().take(SENTENCES)).map(line));
    Ok(())
}

/// The one escape that a model may have copied from its prompt.
fn plain(claim: Claim) -> Claim {
    Claim { text: claim.text.replace("&amp;", "&").trim().to_owned(), ..claim }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Orders equals as the model ranks them: among risks of one severity, and among what needs the reader. Nothing
/// severe ever stands behind something less severe, and nothing goes.
fn rank(digest: &mut Digest, offer: &Offer, order: &[String]) {
    let mut findings: HashMap<&str, usize> = HashMap::new();
    let mut needs: HashMap<&str, usize> = HashMap::new();
    for (place, id) in order.iter().enumerate() {
        match offer.of.get(id) {
            Some(Of::Finding(id)) => drop(findings.entry(id).or_insert(place)),
            Some(Of::Summary(Topic::NeedsYou, subject)) => drop(needs.entry(subject).or_insert(place)),
            _ => {}
        }
    }
    let last = usize::MAX;
    digest.findings.sort_by_cached_key(|finding| {
        let asked = finding.rule == Rule::UnansweredQuestion;
        let rank = findings.get(finding.id().as_str()).copied().unwrap_or(last);
        (std::cmp::Reverse(finding.severity), finding.confidence == Confidence::Tentative, asked, rank)
    });
    digest.summary.sort_by_cached_key(|line| {
        let rank = match line.topic {
            Topic::NeedsYou => needs.get(line.subject.as_str()).copied().unwrap_or(last),
            _ => 0,
        };
        (line.topic, rank)
    });
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
