use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::domain::{Change, Prose};

const JIRA: &str = "https://acme.atlassian.net/browse/DCT-42";

fn at(hours: i64) -> Timestamp {
    "2026-11-17T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

fn evidence(source: Source, url: &str, hours: i64, author: &str, excerpt: &str) -> Evidence {
    Evidence {
        source,
        url: url.to_owned(),
        at: at(hours),
        author: author.to_owned(),
        excerpt: excerpt.to_owned(),
    }
}

fn said(hours: i64, author: &str) -> Evidence {
    let url = format!("https://acme.slack.com/archives/C1/p{}", 1_000_000 + hours);
    evidence(Source::Slack, &url, hours, author, "blocked on the vendor")
}

/// A blocker that Priya raised two days before it is set aside.
fn finding() -> Finding {
    let jira = evidence(Source::Jira, JIRA, -200, "Marco", "In Progress · due 4 Dec · assigned to Marco");
    Finding {
        rule: Rule::StaleTicket,
        severity: Severity::Medium,
        confidence: Confidence::Firm,
        change: Change::New,
        under: None,
        program: Some("dct".parse().unwrap()),
        subject: "DCT-42".to_owned(),
        title: "Firewall rules for rack B".to_owned(),
        why: Prose::text("Slack has said so for 2 days"),
        action: Prose::new(),
        evidence: vec![said(-48, "Priya"), jira],
    }
}

fn aside(until: Option<i64>) -> Aside {
    let finding = finding();
    Aside {
        finding: finding.id(),
        title: finding.title.clone(),
        how: if until.is_some() { How::Snoozed } else { How::Dismissed },
        by: "U1".parse().unwrap(),
        name: "Dana".to_owned(),
        at: at(0),
        until: until.map(at),
        reason: "known".to_owned(),
        facts: Facts::of(&finding),
        channels: BTreeSet::new(),
    }
}

/// The finding, with one thing changed.
fn but(change: impl FnOnce(&mut Finding)) -> Finding {
    let mut finding = finding();
    change(&mut finding);
    finding
}

#[test]
fn what_changes_by_itself_changes_nothing() {
    let older = but(|finding| {
        finding.why = Prose::text("Slack has said so for 9 days, 12 messages");
        finding.action = Prose::text("ask Lena today");
        finding.change = Change::Still;
        finding.evidence.reverse();
        finding.evidence[0].at = at(30);
    });
    assert_eq!(aside(None).over(&older, at(24 * 60)), None);
}

#[test]
fn facts_that_change_end_it() {
    let state = |excerpt: &'static str| but(move |finding| finding.evidence[1].excerpt = excerpt.to_owned());
    for (now, why) in [
        (but(|finding| finding.severity = Severity::High), Over::Worse),
        (state("Blocked · due 4 Dec · assigned to Marco"), Over::State),
        (state("In Progress · due 11 Dec · assigned to Marco"), Over::State),
        (state("In Progress · due 4 Dec · assigned to Lena"), Over::State),
        (but(|f| f.evidence.push(evidence(Source::Confluence, "p", 0, "Lena", "green"))), Over::State),
        (but(|finding| finding.evidence.push(said(1, "Marco"))), Over::Said("Marco".to_owned())),
    ] {
        for until in [None, Some(72)] {
            assert_eq!(aside(until).over(&now, at(2)).as_ref(), Some(&why), "{now:?}");
        }
    }
    let mut doubted = aside(None);
    doubted.facts.firm = false;
    assert_eq!(doubted.over(&finding(), at(1)), Some(Over::Worse));
}

#[test]
fn less_to_see_is_no_change() {
    let aside = aside(None);
    assert_eq!(aside.over(&but(|finding| finding.severity = Severity::Low), at(1)), None);
    assert_eq!(aside.over(&but(|finding| finding.confidence = Confidence::Tentative), at(1)), None);
    let elsewhere = but(|finding| finding.evidence = vec![said(-30, "Somebody in an open channel")]);
    assert_eq!(aside.over(&elsewhere, at(1)), None, "another part of the same facts, said before");
}

#[test]
fn the_same_people_saying_it_again_end_a_dismissal_and_no_snooze() {
    let again = but(|finding| finding.evidence.push(said(1, "Priya")));
    assert_eq!(aside(None).over(&again, at(2)), Some(Over::Said("Priya".to_owned())));
    assert_eq!(aside(Some(72)).over(&again, at(2)), None);
}

#[test]
fn an_edited_message_says_something_else() {
    let message = |words: &str| {
        but(|finding| {
            finding.rule = Rule::UntrackedBlocker;
            finding.evidence[0].excerpt = words.to_owned();
            finding.subject = finding.evidence[0].url.clone();
        })
    };
    let aside = Aside { facts: Facts::of(&message("the scanner is broken")), ..aside(Some(72)) };
    assert_eq!(aside.over(&message("the scanner is broken"), at(2)), None);
    let now = message("the scanner and the backup are broken");
    assert_eq!(aside.over(&now, at(2)), Some(Over::Said("Priya".to_owned())));
}

#[test]
fn a_sprint_may_move_on_but_not_grow() {
    let sprint = |issues: &[(&str, &str)]| {
        but(|finding| {
            finding.rule = Rule::SprintRisk;
            let issue = |(key, status): &(&str, &str)| {
                evidence(Source::Jira, &format!("https://j/{key}"), -9, "Marco", status)
            };
            finding.evidence = issues.iter().map(issue).collect();
        })
    };
    let aside = Aside { facts: Facts::of(&sprint(&[("A-1", "To Do")])), ..aside(None) };
    assert_eq!(aside.over(&sprint(&[("A-1", "In Progress")]), at(9)), None);
    assert_eq!(aside.over(&sprint(&[("A-1", "To Do"), ("A-2", "To Do")]), at(9)), Some(Over::State));
}

fn anything() -> impl Strategy<Value = Finding> {
    let severity = prop_oneof![Just(Severity::Low), Just(Severity::Medium), Just(Severity::High)];
    let one =
        (0_usize..3, 0_u8..4, -90_i64..90, "[a-c]", "[x-z]{1,2}").prop_map(|(source, n, hours, by, says)| {
            let source = [Source::Slack, Source::Jira, Source::Confluence][source];
            evidence(source, &format!("https://e/{n}"), hours, &by, &says)
        });
    (severity, any::<bool>(), prop::collection::vec(one, 0..6)).prop_map(|(severity, firm, evidence)| {
        but(|finding| {
            finding.severity = severity;
            finding.confidence = if firm { Confidence::Firm } else { Confidence::Tentative };
            finding.evidence = evidence;
        })
    })
}

proptest! {
    /// Whatever is hidden had all its facts when it was set aside.
    #[test]
    fn a_finding_whose_facts_changed_is_never_hidden(then in anything(), now in anything()) {
        let aside = Aside { facts: Facts::of(&then), ..aside(None) };
        if aside.over(&now, at(1)).is_none() {
            prop_assert!(now.severity <= then.severity);
            prop_assert!(now.confidence == Confidence::Tentative || then.confidence == Confidence::Firm);
            for one in &now.evidence {
                let known = then.evidence.iter().any(|was| (&was.url, &was.excerpt) == (&one.url, &one.excerpt));
                prop_assert!(known || (one.source == Source::Slack && one.at <= aside.at), "{one:?}");
            }
        }
    }

    /// As long as nothing changes it stays hidden, and not a moment longer than was said.
    #[test]
    fn a_snooze_lasts_until_its_time_and_ends_there(finding in anything(), hours in 1_i64..500, later in 0_i64..500) {
        let now = Aside { facts: Facts::of(&finding), at: at(100), until: Some(at(100 + hours)), ..aside(Some(0)) };
        let expected = (later >= hours).then_some(Over::Time);
        prop_assert_eq!(now.over(&finding, at(100 + later)), expected);
    }

    /// Neither the order in which things were read nor reading them twice is a change.
    #[test]
    fn order_is_no_fact(finding in anything()) {
        let mut other = finding.clone();
        other.evidence.reverse();
        other.evidence.extend(finding.evidence.clone());
        prop_assert_eq!(Facts::of(&finding).state, Facts::of(&other).state);
    }
}
