//! One digest with everything in it, as each format shows it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::layout::Layout;
use super::{digest_json, digest_markdown, digest_slack, digest_text};
use crate::domain::{
    AgentName, AgentUsage, Aside, Asked, Audience, Block, Change, Confidence, Coverage, Digest, Evidence,
    Facts, Finding, Gap, How, Inline, Life, Line, Over, Prose, Request, Rule, Section, Severity, Source,
    SummaryLine, Synthesis, Tier, Timings, Topic, Usage, Window, WindowOrigin,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn evidence(source: Source, url: &str, excerpt: &str) -> Evidence {
    Evidence {
        source,
        url: url.to_owned(),
        at: at("2026-11-17T09:00:00Z"),
        author: "Priya".to_owned(),
        excerpt: excerpt.to_owned(),
    }
}

fn finding(severity: Severity, subject: &str, change: Change) -> Finding {
    Finding {
        rule: Rule::StaleTicket,
        severity,
        confidence: Confidence::Firm,
        change,
        under: None,
        program: Some("dct".parse().unwrap()),
        subject: subject.to_owned(),
        title: "Firewall rules for rack B <!channel> *now*".to_owned(),
        why: Prose::text("Slack has said ")
            .quote("blocked on the vendor, see https://evil.example")
            .say(" since Tuesday"),
        action: Prose::text("ask ").person("Marco"),
        evidence: vec![
            evidence(Source::Slack, "https://acme.slack.com/archives/C1/p1?thread_ts=1.0&cid=C1", "blocked"),
            evidence(Source::Jira, &format!("https://acme.atlassian.net/browse/{subject}"), "In Progress"),
        ],
    }
}

pub(super) fn digest() -> Digest {
    let needs = |weight, subject: &str, text: Prose| SummaryLine {
        topic: Topic::NeedsYou,
        weight,
        subject: subject.to_owned(),
        line: Line {
            text,
            evidence: vec![evidence(Source::Slack, "https://acme.slack.com/archives/C1/p2", "may we?")],
        },
    };
    Digest {
        run_id: "01JD0000000000000000000000".parse().unwrap(),
        request: Request {
            text: "get me caught up".to_owned(),
            asked: Asked {
                name: "caught-up".to_owned(),
                agents: vec![AgentName::DailyAssistant, AgentName::ProgramMonitor],
                programs: vec!["dct".parse().unwrap()],
                since: None,
                until: None,
                publish: true,
                writes: Vec::new(),
                overwrite: false,
                here: false,
            },
            at: at("2026-11-19T08:30:00Z"),
            window: Window {
                since: at("2026-11-18T17:40:00Z"),
                until: at("2026-11-19T08:30:00Z"),
                origin: WindowOrigin::LastDigest,
            },
            reader: Some("U1".parse().unwrap()),
            audience: Audience::Reader("U1".parse().unwrap()),
            timezone: "Europe/London".to_owned(),
        },
        headline: "One thing needs you. One risk is new.".to_owned(),
        summary: vec![needs(
            1,
            "q",
            Prose::new().person("Priya").say(" asked you ").quote("may we move <it> & when?"),
        )],
        synthesis: Synthesis::default(),
        findings: vec![
            finding(Severity::High, "DCT-42", Change::New),
            finding(Severity::Low, "DCT-7", Change::Still),
        ],
        compared: true,
        gone: vec![
            "overdue DCT-31".to_owned(),
            "ownerless DCT-8".to_owned(),
            "sprint-risk sprint:32".to_owned(),
        ],
        gone_titles: BTreeMap::from(
            [("DCT-31", "Sign off the *rack* plan"), ("sprint:32", "DCT Sprint 32")]
                .map(|(subject, title)| (subject.to_owned(), title.to_owned())),
        ),
        lives: BTreeMap::new(),
        sections: vec![Section {
            agent: AgentName::ProgramMonitor,
            program: Some("dct".parse().unwrap()),
            title: "Data Center Transition in detail".to_owned(),
            fact: String::new(),
            blocks: vec![
                Block::Heading("Moved".to_owned()),
                Block::Bullet(Line {
                    text: Prose(vec![Inline::Issue {
                        key: "DCT-9".to_owned(),
                        title: "Rack `plan`".to_owned(),
                        url: "https://acme.atlassian.net/browse/DCT-9".to_owned(),
                    }]),
                    evidence: vec![],
                }),
            ],
        }],
        gaps: vec![Gap {
            agent: AgentName::ProgramMonitor,
            source: Some(Source::Confluence),
            reason: "no answer within 10 s".to_owned(),
        }],
        published: vec![],
        coverage: Coverage { channels: 12, messages: 418, issues: 96, pages: 5, ..Coverage::default() },
        usage: Usage::default(),
        timings: Timings { total_ms: 3140, agents: BTreeMap::from([(AgentName::ProgramMonitor, 3000)]) },
    }
}

fn names() -> Vec<String> {
    vec!["Data Center Transition".to_owned()]
}

#[test]
fn reads_well_in_a_terminal() {
    insta::assert_snapshot!(digest_text(&digest(), &names()));
}

#[test]
fn reads_well_as_markdown() {
    insta::assert_snapshot!(digest_markdown(&digest(), &names()));
}

#[test]
fn reads_well_in_slack() {
    let (main, replies) = digest_slack(&digest(), &names());
    insta::assert_json_snapshot!((main.text, main.blocks, main.metadata));
    insta::assert_json_snapshot!(
        replies.iter().map(|reply| (&reply.text, &reply.blocks)).collect::<Vec<_>>()
    );
}

#[test]
fn is_the_data_of_the_contract() {
    let json = digest_json(&digest());
    let evidence = json["evidence"].as_object().unwrap();
    let cited = json["findings"].as_array().unwrap().iter().chain(json["summary"].as_array().unwrap());
    for line in cited {
        let ids = line["evidence"].as_array().unwrap();
        assert!(!ids.is_empty());
        assert!(ids.iter().all(|id| evidence.contains_key(id.as_str().unwrap())));
    }
    insta::assert_json_snapshot!(json);
}

/// Every text of every block, wherever it stands.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(text) = map.get("text").and_then(Value::as_str) {
                found.push(text.to_owned());
            }
            map.values().for_each(|inner| texts(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| texts(inner, found)),
        _ => {}
    }
}

#[test]
fn stays_within_slacks_limits_however_much_there_is_to_say() {
    let mut digest = digest();
    for number in 1..400 {
        let mut many = finding(Severity::Medium, &format!("DCT-{}", number + 100), Change::New);
        many.why = Prose::text("🔥 ".repeat(900));
        digest.findings.push(many);
        digest.summary.push(SummaryLine {
            topic: Topic::Decided,
            weight: 0,
            subject: number.to_string(),
            line: Line { text: Prose::new().quote("x".repeat(4000)), evidence: vec![] },
        });
    }
    let (main, replies) = digest_slack(&digest, &names());
    assert!(replies.len() > 10, "what does not fit continues in the thread");
    for message in std::iter::once(&main).chain(&replies) {
        let mut found = Vec::new();
        texts(&message.blocks, &mut found);
        assert!(message.blocks.as_array().unwrap().len() <= 50);
        assert!(found.iter().all(|text| text.chars().count() <= 3000 && !text.is_empty()));
        assert!(found.iter().map(|text| text.chars().count()).sum::<usize>() <= 13_200);
        assert!(message.text.chars().count() < 4000);
        assert!(message.metadata.to_string().len() < 16_000);
    }
}

#[test]
fn mentions_nobody_and_links_nowhere_else() {
    let (main, replies) = digest_slack(&digest(), &names());
    for message in std::iter::once(&main).chain(&replies) {
        let shown = format!("{} {}", message.text, message.blocks);
        assert!(
            !shown.contains("<!channel") && !shown.contains("<@") && !shown.contains("evil.example"),
            "{shown}"
        );
    }
}

#[test]
fn the_footer_says_what_models_took_and_for_whom() {
    let mut told = digest();
    let of = |agent, usd| AgentUsage {
        agent,
        tier: Tier::Reasoning,
        input_tokens: 3_000,
        cached_tokens: 500,
        output_tokens: 200,
        usd,
    };
    told.synthesis.model = Some("some-model".to_owned());
    told.usage = Usage {
        llm_calls: 2,
        input_tokens: 6_000,
        cached_tokens: 1_000,
        output_tokens: 400,
        usd: 0.0345,
        saved_usd: 0.2,
        by_agent: vec![of(AgentName::ProgramMonitor, 0.03), of(AgentName::DailyUpdate, 0.0045)],
        ..Usage::default()
    };
    let footer = Layout::of(&told, &[]).footer.join("\n");
    assert!(
        footer.contains(
            "some-model: 7,000 tokens in (1,000 cached), 400 out, $0.0345 (program-monitor $0.0300, daily-update $0.0045, caching saved $0.20)"
        ),
        "{footer}"
    );
    told.usage.by_agent.truncate(1);
    told.usage.saved_usd = 0.0;
    let footer = Layout::of(&told, &[]).footer.join("\n");
    assert!(footer.ends_with("400 out, $0.0345"), "{footer}");
}

fn aside(finding: &Finding, how: How, reason: &str) -> Aside {
    Aside {
        finding: finding.id(),
        title: finding.title.clone(),
        how,
        by: "U7".parse().unwrap(),
        name: "Priya".to_owned(),
        at: at("2026-11-17T10:00:00Z"),
        until: (how == How::Snoozed).then(|| at("2026-11-24T10:00:00Z")),
        reason: reason.to_owned(),
        facts: Facts::of(finding),
        channels: Default::default(),
    }
}

/// A digest of which one risk is snoozed, one dismissed with what was folded under it, and one back.
fn lived() -> Digest {
    let mut digest = digest();
    let mut folded = finding(Severity::Medium, "DCT-8", Change::New);
    folded.under = Some("stale-ticket DCT-7".to_owned());
    digest.findings.push(folded);
    digest.findings.push(finding(Severity::Low, "DCT-9", Change::Still));
    digest.findings.push(finding(Severity::Low, "DCT-10", Change::Worse));
    let life = |life: Life| Life { since: Some(at("2026-11-12T08:00:00Z")), ..life };
    let lives = digest.findings.iter().map(|finding| {
        let own = match finding.subject.as_str() {
            "DCT-42" => {
                let aside = aside(finding, How::Dismissed, "known, vendor confirmed <!here>");
                Life { back: Some((aside, Over::Said("Marco".to_owned()))), ..Life::default() }
            }
            "DCT-7" => Life { aside: Some(aside(finding, How::Dismissed, "not ours")), ..Life::default() },
            "DCT-9" => Life {
                aside: Some(aside(finding, How::Snoozed, "see https://evil.example on *Monday*")),
                ..Life::default()
            },
            _ => Life::default(),
        };
        (finding.id(), life(own))
    });
    digest.lives = lives.collect();
    digest
}

#[test]
fn says_what_is_set_aside_and_what_is_back() {
    let text = digest_text(&lived(), &names());
    let risks = text.split("\nRisks\n").nth(1).unwrap().split("\nRead: ").next().unwrap();
    insta::assert_snapshot!(risks);
}

#[test]
fn what_is_set_aside_stays_in_the_data_with_who_and_why() {
    let data = digest_json(&lived());
    let of = |subject: &str| {
        data["findings"].as_array().unwrap().iter().find(|one| one["subject"] == subject).unwrap().clone()
    };
    assert_eq!(
        of("DCT-9")["aside"],
        serde_json::json!({
            "how": "snoozed", "by": "U7", "at": "2026-11-17T10:00:00Z", "until": "2026-11-24T10:00:00Z",
            "reason": "see [link] on *Monday*",
        })
    );
    assert_eq!(of("DCT-7")["aside"]["until"], Value::Null);
    for shown in ["DCT-42", "DCT-8", "DCT-10"] {
        assert_eq!(of(shown).get("aside"), None, "{shown}");
    }
}

#[test]
fn the_form_asks_why_and_says_who_will_read_it() {
    let (digest, readers) = (digest(), "everybody who reads Data Center Transition's digests");
    let form = |how| {
        super::aside_form(&super::AsideForm {
            digest: &digest,
            finding: &digest.findings[0],
            how,
            readers,
            private: "{}",
        })
    };
    insta::assert_json_snapshot!(form(How::Snoozed));
    let dismiss = form(How::Dismissed);
    assert!(dismiss["blocks"].as_array().unwrap().iter().all(|block| block["block_id"] != "until"));
    for view in [form(How::Snoozed), dismiss] {
        for label in ["title", "submit", "close"] {
            assert!(view[label]["text"].as_str().unwrap().chars().count() <= 24, "{label}");
        }
    }
}

#[test]
fn every_risk_that_is_shown_can_be_set_aside_within_slacks_limits() {
    let mut digest = digest();
    digest.compared = false;
    digest.findings = (0..60).map(|n| finding(Severity::High, &format!("DCT-{n}"), Change::New)).collect();
    let (main, replies) = digest_slack(&digest, &names());
    let mut menus = 0;
    for message in std::iter::once(&main).chain(&replies) {
        let blocks = message.blocks.as_array().unwrap();
        assert!(blocks.len() <= 50, "{} blocks", blocks.len());
        for menu in blocks.iter().map(|block| &block["accessory"]).filter(|menu| menu["type"] == "overflow") {
            menus += 1;
            for option in menu["options"].as_array().unwrap() {
                assert!(option["value"].as_str().unwrap().len() <= 150);
            }
        }
    }
    assert_eq!(menus, 60);
}

#[test]
fn what_a_risk_says_already_is_not_said_again_below_it() {
    let mut digest = digest();
    let head = finding(Severity::High, "DCT-42", Change::New);
    let said = |folded: Prose| {
        let below = Finding { rule: Rule::Overdue, under: Some(head.id()), why: folded, ..head.clone() };
        digest.findings = vec![head.clone(), below];
        digest_text(&digest, &names())
    };
    let mut said = said;
    assert!(!said(Prose::text(" since Tuesday")).contains("; also"));
    assert!(!said(Prose::text("ask ")).contains("; also"), "its step has it");
    let other = said(Prose::text("nobody is assigned"));
    assert!(other.contains("; also nobody is assigned"), "{other}");
}
