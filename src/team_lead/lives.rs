//! How findings stand with a digest's readers: since when they are there, and what somebody set aside.
//!
//! "New" is told to each audience by its own last digest. "Since" is the program's: the earliest day on which
//! somebody was told who saw no more than these readers do. That is a channel that they may read, since its
//! digests rest on public channels and that one alone, or themselves. What a reader's own digests saw earlier
//! is told to nobody else, for it may have been read where others may not.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    Aside, Audience, Change, Digest, Finding, Life, Over, Person, Request, Severity, Standing,
};
use crate::sources::Sources;
use crate::store::{Began, DigestRecord, Kept, KnownFinding, Store, audience_key, scope, scope_of};

/// Who has not been told of a risk for so long knows nothing of it.
const LATELY: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What is known of findings beside what the readers were told themselves.
#[derive(Debug, Default)]
pub struct Lives {
    asides: Vec<Kept>,
    began: Vec<Began>,
}

impl Lives {
    /// Reads it, as far as the audience may know.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(
        store: &Store,
        sources: &Sources,
        request: &Request,
        person: Option<&Person>,
    ) -> anyhow::Result<Self> {
        let programs = &request.asked.programs;
        let mut scopes: Vec<String> = programs.iter().map(scope_of).collect();
        scopes.push(audience_key(&request.audience));
        let asides = store.asides(&scopes).await?;
        // A guest may not even read every public channel: nobody's history is known to be theirs.
        let shares = person.is_none_or(|person| person.standing == Standing::Member);
        let lately = request.at.checked_sub(LATELY).unwrap_or(Timestamp::MIN);
        let mut began = if shares { store.lives(programs, lately).await? } else { Vec::new() };
        let mut open = BTreeMap::new();
        for one in &began {
            if !open.contains_key(&one.channel) {
                let readable = sources.channel(one.channel.as_str()).await.is_ok_and(|found| found.is_ok());
                open.insert(one.channel.clone(), readable);
            }
        }
        began.retain(|one| open.get(&one.channel) == Some(&true));
        Ok(Self { asides, began })
    }

    /// Compares a digest's findings with what its readers were told last, and says of each how it stands.
    pub fn tell(&self, digest: &mut Digest, last: Option<&DigestRecord>) {
        let known: BTreeMap<&str, &KnownFinding> =
            last.iter().flat_map(|last| &last.findings).map(|known| (known.id.as_str(), known)).collect();
        let Digest { request, findings, lives, .. } = digest;
        for finding in findings {
            let id = finding.id();
            let was = known.get(id.as_str()).copied();
            let aside = self.aside(finding, &request.audience);
            let over = aside.map(|aside| over(aside, finding, was, last, request.at));
            let counts = over == Some(None);
            // Who reads this has not been shown it since it was set aside.
            let fresh = aside.is_some_and(|aside| last.is_none_or(|last| last.at <= aside.at));
            let hidden = fresh || was.is_some_and(|was| was.aside);
            finding.change = match was {
                Some(was) if counts || !hidden => change(finding.severity, was.severity),
                _ => Change::New,
            };
            let back = aside.cloned().zip(over.flatten()).filter(|_| finding.change == Change::New);
            let since = Some(self.since(&id, was, request.at));
            lives.insert(id, Life { since, aside: aside.filter(|_| counts).cloned(), back });
        }
    }

    fn aside(&self, finding: &Finding, audience: &Audience) -> Option<&Aside> {
        let (of, id) = (scope(finding, audience), finding.id());
        self.asides.iter().find(|kept| kept.scope == of && kept.aside.finding == id).map(|kept| &kept.aside)
    }

    fn since(&self, id: &str, was: Option<&KnownFinding>, now: Timestamp) -> Timestamp {
        let told = self.began.iter().filter(|one| one.finding == id).map(|one| one.since);
        told.chain(was.and_then(|was| was.since)).chain([now]).min().unwrap_or(now)
    }
}

fn change(now: Severity, was: Severity) -> Change {
    match was.cmp(&now) {
        Ordering::Less => Change::Worse,
        Ordering::Greater => Change::Better,
        Ordering::Equal => Change::Still,
    }
}

/// Why an aside is over for these readers. What their last digest told in spite of it, or found gone, stays
/// theirs to see: what is over stays over.
fn over(
    aside: &Aside,
    finding: &Finding,
    was: Option<&KnownFinding>,
    last: Option<&DigestRecord>,
    now: Timestamp,
) -> Option<Over> {
    let since = last.is_some_and(|last| last.at > aside.at);
    let shown = was.is_some_and(|was| !was.aside);
    // A digest that did not look at its program still remembers a program's finding.
    let gone = was.is_none() && finding.program.is_some();
    let changed = aside.over(finding, now);
    changed.or_else(|| (since && (shown || gone)).then_some(Over::Again))
}

#[cfg(test)]
mod tests;
