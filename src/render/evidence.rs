//! Numbers for evidence: `e1`, `e2`, …, in the order in which a reader meets it.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{Digest, Evidence};

/// The ids of a digest's evidence.
pub struct EvidenceIds<'a> {
    ids: HashMap<&'a Evidence, String>,
    ordered: Vec<&'a Evidence>,
}

impl<'a> EvidenceIds<'a> {
    /// Numbers what the summary and the findings rest on.
    pub fn of(digest: &'a Digest) -> Self {
        let summary = digest.summary.iter().flat_map(|line| &line.line.evidence);
        let findings = digest.findings.iter().flat_map(|finding| &finding.evidence);
        let mut numbered = Self { ids: HashMap::new(), ordered: Vec::new() };
        for evidence in summary.chain(findings) {
            if !numbered.ids.contains_key(evidence) {
                numbered.ordered.push(evidence);
                numbered.ids.insert(evidence, format!("e{}", numbered.ordered.len()));
            }
        }
        numbered
    }

    /// The ids of these, without repetition.
    pub fn ids(&self, evidence: &[Evidence]) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for id in evidence.iter().filter_map(|one| self.ids.get(one)) {
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        ids
    }

    /// Every piece by its id.
    pub fn all(&self) -> BTreeMap<&str, &'a Evidence> {
        self.ordered.iter().filter_map(|one| Some((self.ids.get(*one)?.as_str(), *one))).collect()
    }
}
