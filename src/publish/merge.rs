//! What a page becomes when our part of it is written. Pure.

use crate::domain::AgentName;
use crate::sources::confluence::StorageError;

use super::canonical::{canonical, fingerprint};
use super::region::{self, Found};
use super::{changes, remarks};

/// What is to be done with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merge {
    /// It says what it should say.
    Unchanged,
    /// It is to be written.
    Write(Change),
    /// Somebody has changed our part since we wrote it.
    Edited,
    /// Our part's markers are not as we left them.
    Broken(&'static str),
}

/// A page's next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The whole page.
    pub storage: String,
    /// What our part said before; nothing where there was none.
    pub before: String,
    /// What it says now.
    pub after: String,
    /// Inline comments whose words are gone.
    pub lost_remarks: usize,
}

impl Change {
    /// A page that says nothing but our part.
    ///
    /// # Errors
    /// When our part is not well-formed.
    pub fn whole(agent: AgentName, inner: &str) -> Result<Self, StorageError> {
        let storage = region::append("", agent, inner, &fingerprint(&canonical(inner)?))?;
        Ok(Self { storage, before: String::new(), after: inner.to_owned(), lost_remarks: 0 })
    }

    /// What changed, in a sentence.
    pub fn sentence(&self) -> String {
        let mut said =
            changes::sentence(&self.before, &self.after).unwrap_or_else(|| "the text changed".to_owned());
        match self.lost_remarks {
            0 => {}
            1 => said.push_str("; one inline comment lost its place, as its words are gone"),
            n => said.push_str(&format!("; {n} inline comments lost their places, as their words are gone")),
        }
        said
    }

    /// What changed, line by line.
    pub fn difference(&self) -> String {
        changes::difference(&self.before, &self.after)
    }
}

/// What is known of what stands in our part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum There {
    /// Nothing: its fingerprint has to tell.
    Unknown,
    /// It is what we wrote, however Confluence spells it now.
    Ours,
    /// Whatever it is, it may be lost.
    Expendable,
}

/// What the page `storage` becomes when our part of it says `inner`.
///
/// # Errors
/// When the page is not well-formed: then nothing in it can be replaced safely.
pub fn merge(storage: &str, agent: AgentName, inner: &str, known: There) -> Result<Merge, StorageError> {
    let wanted = fingerprint(&canonical(inner)?);
    let found = match region::find(storage, agent)? {
        Found::Broken(how) => return Ok(Merge::Broken(how)),
        Found::None => None,
        Found::One(region) => Some(region),
    };
    let Some(region) = found else {
        let storage = region::append(storage, agent, inner, &wanted)?;
        let after = inner.to_owned();
        return Ok(Merge::Write(Change { storage, before: String::new(), after, lost_remarks: 0 }));
    };
    let before = storage.get(region.inner.clone()).unwrap_or_default().to_owned();
    let there = fingerprint(&canonical(&before)?);
    let untouched = there == region.fingerprint || known == There::Ours;
    // What we wrote last may be spelt in a way that Confluence has changed and we do not know: what counts
    // then is what we meant to write.
    if there == wanted || (untouched && region.fingerprint == wanted) {
        return Ok(Merge::Unchanged);
    }
    if !untouched && known != There::Expendable {
        return Ok(Merge::Edited);
    }
    let (after, lost_remarks) = remarks::carry(&before, inner);
    let storage = region::replace(storage, agent, &region, &after, &wanted);
    Ok(Merge::Write(Change { storage, before, after, lost_remarks }))
}

/// Whether our part says the same in both versions of a page.
pub fn same_part(one: &str, other: &str, agent: AgentName) -> bool {
    let part = |storage: &str| match region::find(storage, agent) {
        Ok(Found::One(region)) => canonical(storage.get(region.inner).unwrap_or_default()).ok(),
        _ => None,
    };
    matches!((part(one), part(other)), (Some(one), Some(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: AgentName = AgentName::Roadmap;

    fn written(storage: &str, inner: &str, known: There) -> Change {
        match merge(storage, AGENT, inner, known).unwrap() {
            Merge::Write(change) => change,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_is_written_twice() {
        let first = written("<p>human</p>", "<p>one</p>", There::Unknown);
        assert_eq!((first.before.as_str(), first.sentence().as_str()), ("", "the text changed"));
        assert_eq!(merge(&first.storage, AGENT, "<p>one</p>", There::Unknown).unwrap(), Merge::Unchanged);
        let normalised = first.storage.replace("<p>one</p>", "<p local-id=\"7\">one</p><p />");
        assert_eq!(merge(&normalised, AGENT, "<p>one</p>", There::Unknown).unwrap(), Merge::Unchanged);
        let second = written(&normalised, "<p>two</p>", There::Unknown);
        assert!(second.storage.contains("<p>human</p>") && !second.storage.contains("one"));
    }

    #[test]
    fn an_edit_is_kept_unless_it_may_be_lost() {
        let first = written("", "<p>one</p>", There::Unknown).storage;
        let edited = first.replace("<p>one</p>", "<p>one and a half</p>");
        assert_eq!(merge(&edited, AGENT, "<p>two</p>", There::Unknown).unwrap(), Merge::Edited);
        assert_eq!(merge(&edited, AGENT, "<p>one</p>", There::Unknown).unwrap(), Merge::Edited);
        assert_eq!(merge(&edited, AGENT, "<p>one and a half</p>", There::Unknown).unwrap(), Merge::Unchanged);
        assert_eq!(merge(&edited, AGENT, "<p>one</p>", There::Ours).unwrap(), Merge::Unchanged);
        assert!(written(&edited, "<p>one</p>", There::Expendable).storage.contains("<p>one</p>"));
        assert!(written(&edited, "<p>two</p>", There::Ours).storage.contains("<p>two</p>"));
        assert!(
            same_part(&edited, &format!("<p>x</p>{edited}"), AGENT) && !same_part(&edited, &first, AGENT)
        );
    }

    #[test]
    fn a_comment_alone_is_no_edit() {
        let first = written("", "<p>one two</p>", There::Unknown).storage;
        let remarked =
            first.replace("two", "<ac:inline-comment-marker ac:ref=\"r\">two</ac:inline-comment-marker>");
        assert_eq!(merge(&remarked, AGENT, "<p>one two</p>", There::Unknown).unwrap(), Merge::Unchanged);
        let next = written(&remarked, "<p>three two</p>", There::Unknown);
        assert!(
            next.storage.contains("<p>three <ac:inline-comment-marker ac:ref=\"r\">two<"),
            "{}",
            next.storage
        );
        let gone = written(&remarked, "<p>three</p>", There::Unknown);
        assert!(gone.sentence().ends_with("one inline comment lost its place, as its words are gone"));
    }

    #[test]
    fn a_page_that_is_not_well_formed_is_left_alone() {
        assert!(merge("<p>", AGENT, "<p>one</p>", There::Expendable).is_err());
    }
}
