//! Which issues a text or an address names.

use crate::domain::{IssueKey, Site};

/// The issue that an address on our site shows.
pub fn browsed(address: &str, site: &str) -> Option<IssueKey> {
    Site::of(site).issue_at(address)
}

/// The issues that a text names: by key in capitals, or by browse address on our site. A key inside
/// any other address is somebody else's.
pub fn named(text: &str, site: &str) -> Vec<IssueKey> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        match word.find("://") {
            Some(at) => {
                let start = word.get(..at).map_or(0, |before| {
                    before.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |p| {
                        // Past whatever stands before the scheme: a bracket, a quotation mark.
                        p + before.get(p..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8)
                    })
                });
                found.extend(word.get(start..).and_then(|address| browsed(address, site)));
            }
            None => found.extend(
                word.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).filter_map(bare),
            ),
        }
    }
    found
}

/// The issue that a query is about which is about one: `key = DCT-42`, as the editor writes it.
pub(super) fn only_one(query: &str) -> Option<IssueKey> {
    let (field, key) = query.split_once('=')?;
    let field = field.trim().to_lowercase();
    (field == "key" || field == "issuekey").then(|| key.trim().trim_matches('"').parse().ok())?
}

/// A key in capitals, perhaps with words behind it (`DCT-42-rollback`), but no number (`CVE-2024-1234`).
fn bare(piece: &str) -> Option<IssueKey> {
    let mut parts = piece.splitn(3, '-');
    let (project, number, rest) = (parts.next()?, parts.next()?, parts.next());
    let capitals = !project.chars().any(|c| c.is_lowercase());
    let plain_end = rest.is_none_or(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    if capitals && plain_end { format!("{project}-{number}").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        named(text, "https://acme.atlassian.net/").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn keys_and_our_addresses_count_others_do_not() {
        assert_eq!(
            found("DCT-42, (OPS_2-7) DCT-9's DCT-3-rollback"),
            ["DCT-42", "OPS_2-7", "DCT-9", "DCT-3"]
        );
        assert_eq!(found("see (https://ACME.atlassian.net/browse/DCT-42)."), ["DCT-42"]);
        assert_eq!(found("„https://acme.atlassian.net/browse/DCT-42?focused=1"), ["DCT-42"]);
        assert!(
            found(
                "https://other.atlassian.net/browse/DCT-42 https://acme.atlassian.net.evil.test/browse/DCT-1"
            )
            .is_empty()
        );
        assert!(found("dct-42 CVE-2024-1234 x-DCT-1 DCT-0 A-1 DCT- -42").is_empty());
    }

    #[test]
    fn no_site_names_nothing() {
        assert_eq!(browsed("https://acme.atlassian.net/browse/DCT-1", ""), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", address in "(http|ü)?(://)?.{0,20}/browse/.{0,8}") {
            found(&text);
            found(&address);
            browsed(&address, &text);
        }
    }
}
