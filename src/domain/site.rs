//! The place where people browse Jira, and which issue an address there shows.

use url::Url;

use super::IssueKey;

/// A Jira site, as people's browsers know it.
#[derive(Debug, Clone)]
pub struct Site(Option<Url>);

impl Site {
    /// The site at an address; one that is none shows no issue.
    pub fn of(address: &str) -> Self {
        Self(Url::parse(address.trim_end_matches('/')).ok())
    }

    /// The issue that an address on this site shows: `/browse/KEY`, `…/issues/KEY`, `?selectedIssue=KEY`. What stands
    /// behind a key, as the full stop of a sentence does, is not part of it.
    pub fn issue_at(&self, address: &str) -> Option<IssueKey> {
        let url = Url::parse(address.trim()).ok()?;
        let site = self.0.as_ref()?;
        let same_place = url.host_str() == site.host_str()
            && url.port() == site.port()
            && matches!(url.scheme(), "http" | "https")
            && url.username().is_empty();
        let path = url.path().strip_prefix(site.path().trim_end_matches('/'))?;
        if !same_place {
            return None;
        }
        let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let selected = url.query_pairs().find(|(name, _)| name == "selectedIssue");
        if let Some(key) = selected.and_then(|(_, key)| key.split(ends).next()?.parse().ok()) {
            return Some(key);
        }
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        segments.find(|segment| matches!(*segment, "browse" | "issues"))?;
        segments.next()?.split(ends).next()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(address: &str) -> Option<String> {
        Site::of("https://acme.atlassian.net/").issue_at(address).map(|key| key.to_string())
    }

    #[test]
    fn an_issue_has_more_addresses_than_one() {
        for path in [
            "browse/DCT-42?focused=1",
            "browse/DCT-42).",
            "jira/software/projects/DCT/issues/DCT-42",
            "jira/software/c/projects/DCT/issues/DCT-42?jql=x",
            "jira/core/projects/DCT/issues/DCT-42/",
            "issues/DCT-42",
            "jira/software/projects/DCT/boards/3?selectedIssue=DCT-42",
            "jira/software/projects/DCT/boards/3/timeline?a=1&selectedIssue=DCT-42#top",
        ] {
            assert_eq!(
                shown(&format!("https://acme.atlassian.net/{path}")).as_deref(),
                Some("DCT-42"),
                "{path}"
            );
        }
        assert_eq!(shown("http://ACME.atlassian.net/browse/DCT-42").as_deref(), Some("DCT-42"));
    }

    #[test]
    fn other_addresses_show_none() {
        for address in [
            "https://acme.atlassian.net/jira/software/projects/DCT/boards/3",
            "https://acme.atlassian.net/issues/?jql=key=DCT-42",
            "https://acme.atlassian.net/wiki/spaces/DCT/pages/1/DCT-42",
            "https://other.atlassian.net/browse/DCT-42",
            "https://acme.atlassian.net.evil.test/browse/DCT-42",
            "https://acme.atlassian.net@evil.test/browse/DCT-42",
            "DCT-42",
        ] {
            assert_eq!(shown(address), None, "{address}");
        }
        assert_eq!(
            Site::of("").issue_at("https://acme.atlassian.net/browse/DCT-42").map(|key| key.to_string()),
            None
        );
    }
}
