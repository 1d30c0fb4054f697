//! Which versions of a page a run compares.

use jiff::Timestamp;
use serde_json::Value;

use crate::sources::jira::instant;

/// Bodies of earlier versions that are read of one page. A page that is saved every few minutes has
/// hundreds; a dozen show what changed, at most a few saves late.
pub const MOST: usize = 12;

/// A version's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub number: u32,
    pub at: Timestamp,
    /// Account id.
    pub by: Option<String>,
}

/// Reads a version's head.
pub fn version(value: &Value) -> Option<Version> {
    let number = value.get("number").and_then(Value::as_u64)?;
    Some(Version {
        number: u32::try_from(number).ok()?,
        at: value.get("createdAt").and_then(instant)?,
        by: value.get("authorId").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned),
    })
}

/// Whether a list that is read newest first has come to the version that was in force at `since`.
pub fn reaches(listed: &[Version], since: Timestamp) -> bool {
    // A server that sorts the other way round has not come anywhere until its last page.
    let newest_first = match (listed.first(), listed.last()) {
        (Some(first), Some(last)) => first.number >= last.number,
        _ => false,
    };
    newest_first && listed.iter().any(|version| version.at <= since)
}

/// What is to be compared with the version `current`, newest first: everything since `since`, and the
/// one in force at that instant. Nothing when the page has not changed since.
pub fn to_compare(mut listed: Vec<Version>, current: &Version, since: Timestamp) -> Vec<Version> {
    if current.at <= since {
        return Vec::new();
    }
    listed.retain(|version| version.number < current.number);
    listed.sort_by_key(|version| std::cmp::Reverse(version.number));
    listed.dedup_by_key(|version| version.number);
    let in_force = listed.iter().position(|version| version.at <= since);
    listed.truncate(in_force.map_or(listed.len(), |at| at + 1));
    listed
}

/// At most `most` of them, evenly apart, the last always among them: it is what the page said before.
pub fn evenly(versions: &[Version], most: usize) -> Vec<Version> {
    if versions.len() <= most || most == 0 {
        return versions.to_vec();
    }
    // From the end: (k + 1) * len / most - 1 is the last one of the k-th of `most` equal parts.
    let chosen = (0..most).map(|k| (k + 1) * versions.len() / most - 1);
    chosen.filter_map(|at| versions.get(at).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn numbered(number: u32) -> Version {
        Version { number, at: at(i64::from(number) * 100), by: None }
    }

    fn numbers(versions: &[Version]) -> Vec<u32> {
        versions.iter().map(|version| version.number).collect()
    }

    #[test]
    fn the_one_in_force_is_the_last_to_be_compared() {
        let listed = || [9, 8, 7, 6, 5].map(numbered).to_vec();
        assert_eq!(numbers(&to_compare(listed(), &numbered(9), at(650))), [8, 7, 6]);
        assert_eq!(numbers(&to_compare(listed(), &numbered(9), at(700))), [8, 7]);
        assert_eq!(numbers(&to_compare(listed(), &numbered(9), at(900))), [0; 0]);
        assert_eq!(numbers(&to_compare(listed(), &numbered(9), at(1))), [8, 7, 6, 5]);
        // Saved again between the two calls.
        assert_eq!(numbers(&to_compare(listed(), &numbered(8), at(650))), [7, 6]);
    }

    #[test]
    fn a_list_in_the_wrong_order_is_read_to_its_end() {
        let listed = [5, 6, 7].map(numbered);
        assert!(!reaches(&listed, at(650)));
        assert!(reaches(&[7, 6].map(numbered), at(650)));
        assert!(!reaches(&[8, 7].map(numbered), at(650)));
    }

    #[test]
    fn a_head_is_read_with_whatever_is_missing() {
        let read =
            version(&json!({"number": 3, "createdAt": "2026-11-02T09:15:30.000Z", "message": ""})).unwrap();
        assert_eq!((read.number, read.by), (3, None));
        assert_eq!(version(&json!({"number": -1, "createdAt": "2026-11-02T09:15:30.000Z"})), None);
        assert_eq!(version(&json!(null)), None);
    }

    proptest! {
        #[test]
        fn few_are_chosen_in_order_and_the_oldest_is_kept(count in 1_u32..300, most in 1_usize..20) {
            let all: Vec<Version> = (1..=count).rev().map(numbered).collect();
            let chosen = numbers(&evenly(&all, most));
            prop_assert_eq!(chosen.len(), most.min(all.len()));
            prop_assert_eq!(chosen.last(), Some(&1));
            prop_assert!(chosen.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }
}
