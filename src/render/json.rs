//! A digest as the data that other programs rely on: `caughtup.digest/1`.

use serde_json::{Map, Value, json};

use crate::domain::{Aside, Digest, Gap, Published, Synthesis, defang};
use crate::render::evidence::EvidenceIds;
use crate::render::markdown::section_markdown;
use crate::render::plain::prose_text;
use crate::render::time::Telling;

/// The name and version of the digest's shape.
pub const DIGEST_SCHEMA: &str = "caughtup.digest/1";

/// The whole digest.
pub fn digest_json(digest: &Digest) -> Value {
    let ids = EvidenceIds::of(digest);
    let request = &digest.request;
    let telling = Telling::new(&request.timezone, request.at);
    let summary: Vec<Value> = digest
        .summary
        .iter()
        .map(|line| json!({"text": prose_text(&line.line.text, &telling), "evidence": ids.ids(&line.line.evidence)}))
        .collect();
    let findings: Vec<Value> = digest
        .findings
        .iter()
        .map(|finding| {
            let mut value = json!({
                "rule": finding.rule, "severity": finding.severity, "confidence": finding.confidence,
                "change": finding.change, "under": finding.under, "program": finding.program,
                "subject": finding.subject, "title": defang(&finding.title),
                "why": prose_text(&finding.why, &telling), "action": prose_text(&finding.action, &telling),
                "evidence": ids.ids(&finding.evidence),
            });
            if let (Some(fields), Some(aside)) = (value.as_object_mut(), digest.aside(finding)) {
                fields.insert("aside".to_owned(), set_aside(aside));
            }
            value
        })
        .collect();
    let sections: Vec<Value> = digest
        .sections
        .iter()
        .map(|section| {
            json!({"agent": section.agent, "title": defang(&section.title), "markdown": section_markdown(section, &telling)})
        })
        .collect();
    let evidence: Map<String, Value> = ids
        .all()
        .into_iter()
        .map(|(id, one)| {
            let value = json!({
                "source": one.source, "url": one.url, "at": one.at, "author": defang(&one.author), "excerpt": one.excerpt,
            });
            (id.to_owned(), value)
        })
        .collect();
    json!({
        "schema": DIGEST_SCHEMA,
        "run_id": digest.run_id,
        "request": {
            "text": request.text, "workflow": request.asked.name, "programs": request.asked.programs,
            "since": request.window.since, "until": request.window.until, "reader": request.reader,
        },
        "headline": digest.headline,
        "summary": summary,
        "findings": findings,
        "sections": sections,
        "evidence": evidence,
        "gaps": gaps(&digest.gaps),
        // What limits and rights kept from being read is nobody's failure, so it is no gap, and the exit code is 0:
        // in a busy company it is so on every first run, and a gap would not tell it from an outage any more. Who
        // reads the data can tell from this that something is missing, as people can from the footer.
        "coverage": digest.coverage,
        "published": published(&digest.published),
        "usage": usage(digest),
        "timings": digest.timings,
    })
}

/// Who has set a finding aside: it stays in the data, and is no risk that people are shown.
fn set_aside(aside: &Aside) -> Value {
    json!({
        "how": aside.how, "by": aside.by, "at": aside.at, "until": aside.until, "reason": defang(&aside.reason),
    })
}

/// What was written, in the contract's words; a difference only where there is one.
fn published(published: &[Published]) -> Vec<Value> {
    let one = |one: &Published| {
        let mut value = json!({
            "agent": one.agent, "target": one.target, "id": one.id, "url": one.url, "action": one.action,
            "reason": one.reason,
        });
        if let (Some(fields), Some(diff)) = (value.as_object_mut(), &one.diff) {
            fields.insert("diff".to_owned(), json!(diff));
        }
        value
    };
    published.iter().map(one).collect()
}

/// What it used; with a model also how many of its claims held, and why there is less of it than there could be.
fn usage(digest: &Digest) -> Value {
    let mut usage = json!(digest.usage);
    let synthesis = &digest.synthesis;
    if let (Some(fields), true) = (usage.as_object_mut(), *synthesis != Synthesis::default()) {
        fields.insert("claims_kept".to_owned(), synthesis.kept.into());
        fields.insert("claims_dropped".to_owned(), synthesis.dropped.into());
        fields.insert("model_left_out".to_owned(), synthesis.left_out.clone().into());
    }
    usage
}

/// Gaps as data.
pub fn gaps(gaps: &[Gap]) -> Value {
    gaps.iter().map(|gap| json!({"agent": gap.agent, "source": gap.source, "reason": gap.reason})).collect()
}

/// What a request that was refused or not understood prints.
pub fn reply_json(text: &str) -> Value {
    json!({"schema": "caughtup.reply/1", "done": false, "text": text})
}
