use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Asked, Confidence, Coverage, Evidence, Facts, How, Prose, Rule, RunId, Source, Synthesis, Timings, Usage,
    Window, WindowOrigin,
};

fn at(hours: i64) -> Timestamp {
    "2026-11-17T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

fn finding(severity: Severity, status: &str) -> Finding {
    Finding {
        rule: Rule::Overdue,
        severity,
        confidence: Confidence::Firm,
        change: Change::New,
        under: None,
        program: Some("dct".parse().unwrap()),
        subject: "DCT-1".to_owned(),
        title: "Racks".to_owned(),
        why: Prose::text("was due"),
        action: Prose::new(),
        evidence: vec![Evidence {
            source: Source::Jira,
            url: "https://acme.atlassian.net/browse/DCT-1".to_owned(),
            at: at(-99),
            author: "Marco".to_owned(),
            excerpt: status.to_owned(),
        }],
    }
}

fn digest(hours: i64, findings: Vec<Finding>) -> Digest {
    let now = at(hours);
    Digest {
        run_id: RunId::new(now),
        request: Request {
            text: String::new(),
            asked: Asked {
                name: "program-monitor".to_owned(),
                agents: vec![crate::domain::AgentName::ProgramMonitor],
                programs: vec!["dct".parse().unwrap()],
                since: None,
                until: None,
                publish: true,
                writes: Vec::new(),
                overwrite: false,
                here: false,
            },
            at: now,
            window: Window { since: now, until: now, origin: WindowOrigin::LastDigest },
            reader: Some("U1".parse().unwrap()),
            audience: Audience::Reader("U1".parse().unwrap()),
            timezone: "UTC".to_owned(),
        },
        headline: String::new(),
        summary: Vec::new(),
        synthesis: Synthesis::default(),
        findings,
        compared: true,
        gone: Vec::new(),
        gone_titles: BTreeMap::new(),
        lives: BTreeMap::new(),
        sections: Vec::new(),
        gaps: Vec::new(),
        published: Vec::new(),
        coverage: Coverage::default(),
        usage: Usage::default(),
        timings: Timings::default(),
    }
}

fn dismissed(hours: i64, finding: &Finding) -> Lives {
    let aside = Aside {
        finding: finding.id(),
        title: String::new(),
        how: How::Dismissed,
        by: "U2".parse().unwrap(),
        name: "Priya".to_owned(),
        at: at(hours),
        until: None,
        reason: "known".to_owned(),
        facts: Facts::of(finding),
        channels: Default::default(),
    };
    Lives { asides: vec![Kept { number: 1, scope: "program:dct".to_owned(), aside }], began: Vec::new() }
}

/// One digest after another, each compared with the one before.
struct Reader {
    last: Option<DigestRecord>,
}

impl Reader {
    fn told(&mut self, lives: &Lives, hours: i64, findings: Vec<Finding>) -> Digest {
        let mut digest = digest(hours, findings);
        lives.tell(&mut digest, self.last.as_ref());
        self.last = Some(DigestRecord::of(&digest));
        digest
    }
}

/// What a digest says of its only finding: how it changed, whether it is shown, why it is back.
fn of(digest: &Digest) -> (Change, bool, Option<Over>) {
    let finding = &digest.findings[0];
    let back = digest.life(finding).and_then(|life| life.back.clone()).map(|(_, over)| over);
    (finding.change, digest.risks().count() == 1, back)
}

#[test]
fn new_still_worse_better_each_against_the_readers_own_last_digest() {
    let (nothing, mut reader) = (Lives::default(), Reader { last: None });
    let mut told = |hours, severity| of(&reader.told(&nothing, hours, vec![finding(severity, "To Do")])).0;
    assert_eq!(told(0, Severity::Low), Change::New);
    assert_eq!(told(1, Severity::Low), Change::Still);
    assert_eq!(told(2, Severity::High), Change::Worse);
    assert_eq!(told(3, Severity::Medium), Change::Better);
}

#[test]
fn since_is_the_programs_and_goes_on_from_digest_to_digest() {
    let began = |channel: &str, hours| Began {
        finding: "overdue DCT-1".to_owned(),
        channel: channel.parse().unwrap(),
        since: at(hours),
    };
    let lives = Lives { asides: Vec::new(), began: vec![began("C1", -48), began("C2", -72)] };
    let mut reader = Reader { last: None };
    let first = reader.told(&lives, 0, vec![finding(Severity::Low, "To Do")]);
    let since = |digest: &Digest| digest.life(&digest.findings[0]).unwrap().since;
    assert_eq!(
        (of(&first).0, since(&first)),
        (Change::New, Some(at(-72))),
        "new to them, known to the program"
    );
    let later = reader.told(&Lives::default(), 24, vec![finding(Severity::Low, "To Do")]);
    assert_eq!(since(&later), Some(at(-72)), "what they were told once stays so");
    let alone = Reader { last: None }.told(&Lives::default(), 24, vec![finding(Severity::Low, "To Do")]);
    assert_eq!(since(&alone), Some(at(24)));
}

#[test]
fn what_is_dismissed_is_hidden_and_comes_back_once_with_its_reason() {
    let one = finding(Severity::Low, "To Do");
    let lives = dismissed(1, &one);
    let mut reader = Reader { last: None };
    reader.told(&Lives::default(), 0, vec![one.clone()]);
    assert_eq!(of(&reader.told(&lives, 2, vec![one.clone()])), (Change::Still, false, None));
    let changed = finding(Severity::Low, "Blocked");
    assert_eq!(of(&reader.told(&lives, 3, vec![changed.clone()])), (Change::New, true, Some(Over::State)));
    assert_eq!(of(&reader.told(&lives, 4, vec![changed])), (Change::Still, true, None));
    // What is over stays over, also when the facts are again what they were.
    assert_eq!(of(&reader.told(&lives, 5, vec![one])), (Change::Still, true, None));
}

#[test]
fn facts_that_change_before_the_next_digest_are_told_as_well() {
    let one = finding(Severity::Low, "To Do");
    let mut reader = Reader { last: None };
    reader.told(&Lives::default(), 0, vec![one.clone()]);
    let worse = reader.told(&dismissed(1, &one), 2, vec![finding(Severity::High, "To Do")]);
    assert_eq!(of(&worse), (Change::New, true, Some(Over::Worse)));
}

#[test]
fn a_risk_that_was_gone_in_between_is_a_new_one() {
    let one = finding(Severity::Low, "To Do");
    let lives = dismissed(1, &one);
    let mut reader = Reader { last: None };
    reader.told(&lives, 2, vec![one.clone()]);
    reader.told(&lives, 3, vec![]);
    assert_eq!(of(&reader.told(&lives, 4, vec![one.clone()])), (Change::New, true, Some(Over::Again)));
    // Who never heard of it has no such history: for them it is set aside as for everybody.
    assert_eq!(of(&Reader { last: None }.told(&lives, 4, vec![one])), (Change::New, false, None));
}

#[test]
fn what_is_of_another_program_is_another_risk() {
    let one = finding(Severity::Low, "To Do");
    let mut lives = dismissed(1, &one);
    lives.asides[0].scope = "program:other".to_owned();
    assert!(of(&Reader { last: None }.told(&lives, 2, vec![one.clone()])).1);
    lives.asides[0].scope = "reader:U1".to_owned();
    assert!(of(&Reader { last: None }.told(&lives, 2, vec![one.clone()])).1);
    let own = Finding { program: None, ..one };
    assert!(!of(&Reader { last: None }.told(&lives, 2, vec![own])).1, "of no program: the reader's own");
}

#[test]
fn what_is_folded_under_a_dismissed_risk_stands_for_itself() {
    let head = finding(Severity::High, "To Do");
    let folded = Finding { rule: Rule::Ownerless, under: Some(head.id()), ..finding(Severity::Low, "To Do") };
    let mut reader = Reader { last: None };
    let both = vec![head.clone(), folded.clone()];
    let before = reader.told(&Lives::default(), 0, both.clone());
    assert_eq!(before.risks().map(|risk| risk.rule).collect::<Vec<_>>(), [Rule::Overdue]);
    let after = reader.told(&dismissed(1, &head), 2, both);
    assert_eq!(after.risks().map(|risk| risk.rule).collect::<Vec<_>>(), [Rule::Ownerless]);
}

#[test]
fn what_came_or_got_worse_leads() {
    let risk = |number: usize, severity, change| Finding {
        subject: format!("DCT-{number}"),
        change,
        ..finding(severity, "To Do")
    };
    let mut digest = digest(
        0,
        vec![
            risk(1, Severity::High, Change::Still),
            risk(2, Severity::High, Change::Better),
            risk(3, Severity::Medium, Change::Worse),
            risk(4, Severity::Low, Change::New),
        ],
    );
    let order = |digest: &Digest| digest.risks().map(|risk| risk.subject.clone()).collect::<Vec<_>>();
    assert_eq!(order(&digest), ["DCT-3", "DCT-4", "DCT-2", "DCT-1"]);
    digest.compared = false;
    assert_eq!(
        order(&digest),
        ["DCT-1", "DCT-2", "DCT-3", "DCT-4"],
        "without a last digest by severity alone"
    );
}

proptest! {
    /// However often digests are made, somebody is shown every risk whose facts are not those dismissed.
    #[test]
    fn no_history_hides_what_has_changed(days in prop::collection::vec((0_u8..3, 0_u8..3, any::<bool>()), 1..8)) {
        let severities = [Severity::Low, Severity::Medium, Severity::High];
        let was = finding(Severity::Medium, "status 1");
        let lives = dismissed(1, &was);
        let mut reader = Reader { last: None };
        for (hours, (severity, status, there)) in (2..).zip(days) {
            let now = finding(severities[usize::from(severity)], &format!("status {status}"));
            let findings = if there { vec![now.clone()] } else { vec![] };
            let digest = reader.told(&lives, hours, findings);
            let changed = now.severity > was.severity || status != 1;
            if there && changed {
                prop_assert!(of(&digest).1, "{:?}", digest.lives);
            }
        }
    }
}
