//! Initiatives: what is below them, how far it is, what waits for what.

use std::collections::{BTreeMap, BTreeSet};

use super::dependency::{End, end};
use crate::domain::{Issue, IssueKey, IssueLink, StatusCategory};

/// Issues by what stands above them.
#[derive(Debug, Clone)]
pub struct Tree<'a> {
    children: BTreeMap<&'a IssueKey, Vec<&'a Issue>>,
}

/// How far the work below an initiative is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// Pieces of work that are done.
    pub done: usize,
    /// All pieces of work.
    pub total: usize,
    /// The points of those that are done.
    pub points_done: f64,
    /// The points of all; nothing where nothing is estimated.
    pub points_total: f64,
}

impl<'a> Tree<'a> {
    /// Of these issues.
    pub fn of(issues: &'a BTreeMap<IssueKey, Issue>) -> Self {
        let mut children: BTreeMap<&IssueKey, Vec<&Issue>> = BTreeMap::new();
        for issue in issues.values() {
            if let Some(parent) = &issue.parent {
                children.entry(parent).or_default().push(issue);
            }
        }
        Self { children }
    }

    /// What stands directly below an issue.
    pub fn children(&self, key: &IssueKey) -> &[&'a Issue] {
        self.children.get(key).map_or(&[], Vec::as_slice)
    }

    /// Everything below an issue, however deep.
    pub fn below(&self, key: &IssueKey) -> Vec<&'a Issue> {
        let mut seen = BTreeSet::from([key]);
        let mut found: Vec<&'a Issue> = self.children(key).to_vec();
        let mut next = 0;
        while let Some(issue) = found.get(next).copied() {
            next += 1;
            // Links between levels can run in a circle.
            if seen.insert(&issue.key) {
                found.extend(self.children(&issue.key).iter().filter(|child| !seen.contains(&child.key)));
            }
        }
        let mut once = BTreeSet::from([key]);
        found.retain(|issue| once.insert(&issue.key));
        found
    }

    /// How far the work below an issue is. A piece of work is what is estimated with nothing estimated
    /// below it, else the lowest level there is: epics that only hold stories, and the sub-tasks of an
    /// estimated story, are not counted beside them.
    pub fn progress(&self, key: &IssueKey) -> Progress {
        let mut progress = Progress::default();
        for issue in self.pieces(key) {
            let points = issue.story_points.unwrap_or(0.0);
            progress.total += 1;
            progress.points_total += points;
            if issue.is_done() {
                progress.done += 1;
                progress.points_done += points;
            }
        }
        progress
    }

    fn pieces(&self, key: &IssueKey) -> Vec<&'a Issue> {
        let estimated = |issue: &&Issue| issue.story_points.is_some_and(|points| points > 0.0);
        let all = self.below(key);
        let within: BTreeSet<&IssueKey> = all.iter().map(|issue| &issue.key).collect();
        let mut pieces = Vec::new();
        let mut taken: BTreeSet<&IssueKey> = BTreeSet::new();
        for issue in &all {
            let own = self.below(&issue.key);
            let lowest = own.iter().all(|below| !within.contains(&below.key));
            let last_estimate = estimated(issue) && !own.iter().any(estimated);
            if (lowest || last_estimate) && !taken.contains(&issue.key) {
                taken.extend(own.iter().map(|below| &below.key));
                taken.insert(&issue.key);
                pieces.push(*issue);
            }
        }
        pieces
    }
}

/// What waits for what, as the links of either side say: each waiting issue with those that block it.
pub fn waits(issues: &BTreeMap<IssueKey, Issue>) -> BTreeMap<&IssueKey, BTreeSet<&IssueKey>> {
    let mut waits: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for issue in issues.values() {
        for link in issue.links.iter().filter(|link| link.other != issue.key) {
            let (waiting, other) = match end(link) {
                Some(End::Waits) => (&issue.key, &link.other),
                Some(End::IsWaitedFor) => (&link.other, &issue.key),
                None => continue,
            };
            waits.entry(waiting).or_default().insert(other);
        }
    }
    waits
}

/// The unfinished issues that block these and are none of them.
pub fn blocking(issues: &BTreeMap<IssueKey, Issue>) -> BTreeSet<IssueKey> {
    let open = issues.values().filter(|issue| !issue.is_done());
    let waits = |link: &&IssueLink| end(link) == Some(End::Waits);
    let links = open.flat_map(|issue| issue.links.iter().filter(waits));
    let done = |link: &&IssueLink| {
        link.other_status.as_ref().is_some_and(|status| status.category == StatusCategory::Done)
    };
    let others = links.filter(|link| !done(link)).map(|link| link.other.clone());
    others.filter(|other| !issues.contains_key(other)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::insight::world::issue;

    fn estimated(issue: Issue, points: f64) -> Issue {
        Issue { story_points: Some(points), ..issue }
    }

    fn all(list: impl IntoIterator<Item = Issue>) -> BTreeMap<IssueKey, Issue> {
        list.into_iter().map(|issue| (issue.key.clone(), issue)).collect()
    }

    fn key(text: &str) -> IssueKey {
        text.parse().unwrap()
    }

    #[test]
    fn what_blocks_open_work_from_outside_is_named_by_its_link() {
        let mut finished = issue("DCT-4").blocked_by("NET-4");
        finished.links[0].other_status = Some(issue("NET-4").done().status);
        let mut other_way = issue("DCT-5").blocked_by("NET-5");
        (other_way.links[0].reads, other_way.links[0].reads_back) = ("blocks".into(), "is blocked by".into());
        let linked = |mut issue: Issue, kind: &str, reads: &str, reads_back: &str| {
            let link = &mut issue.links[0];
            link.kind = kind.to_owned();
            (link.reads, link.reads_back) = (reads.to_owned(), reads_back.to_owned());
            issue
        };
        let relates = linked(issue("DCT-6").blocked_by("NET-6"), "Relates", "relates to", "relates to");
        let needs = issue("DCT-7").blocked_by("NET-7");
        let needs = linked(needs, "Dependency", "depends on", "is depended on by");
        let issues = all([
            issue("DCT-1").blocked_by("NET-1"),
            issue("DCT-2").blocked_by("DCT-1"),
            issue("DCT-3").blocked_by("NET-3").done(),
            finished,
            other_way,
            relates,
            needs,
        ]);
        assert_eq!(blocking(&issues), BTreeSet::from([key("NET-1"), key("NET-7")]));
    }

    #[test]
    fn stories_are_counted_not_the_epics_that_hold_them_nor_their_sub_tasks() {
        let issues = all([
            issue("ROAD-1"),
            issue("DCT-1").below("ROAD-1"),
            estimated(issue("DCT-2").below("DCT-1").done(), 3.0),
            estimated(issue("DCT-3").below("DCT-1"), 5.0),
            issue("DCT-4").below("DCT-3").done(),
            issue("DCT-5").below("DCT-3"),
            issue("DCT-6").below("ROAD-1").done(),
        ]);
        let progress = Tree::of(&issues).progress(&key("ROAD-1"));
        assert_eq!(progress, Progress { done: 2, total: 3, points_done: 3.0, points_total: 8.0 });
        assert_eq!(Tree::of(&issues).below(&key("ROAD-1")).len(), 6);
        assert_eq!(Tree::of(&issues).progress(&key("DCT-6")), Progress::default());
    }

    proptest! {
        /// Whoever is whose parent, in circles as well.
        #[test]
        fn nothing_is_counted_twice(parents in prop::collection::vec(0usize..12, 1..12), points in prop::collection::vec(0u8..5, 12)) {
            let issues = all(parents.iter().enumerate().map(|(n, parent)| {
                estimated(issue(&format!("DCT-{}", n + 1)).below(&format!("DCT-{}", parent + 1)), f64::from(points[n]))
            }));
            let tree = Tree::of(&issues);
            for key in issues.keys() {
                let below = tree.below(key);
                let distinct: BTreeSet<_> = below.iter().map(|issue| &issue.key).collect();
                prop_assert_eq!(distinct.len(), below.len());
                prop_assert!(!distinct.contains(key));
                let progress = tree.progress(key);
                prop_assert!(progress.total <= below.len() && progress.done <= progress.total);
                let sum: f64 = below.iter().filter_map(|issue| issue.story_points).sum();
                prop_assert!(progress.points_total <= sum);
            }
        }
    }
}
