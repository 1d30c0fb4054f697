//! What must hold of every claim, however it is dressed.

use proptest::prelude::*;

use super::{Claim, Offered, fault, verify};

/// Evidence as runs have it, and what else there is in the company that is not in it.
const CITED: [&str; 3] = [
    "DCT-42 Firewall rules for rack B: Slack has said “blocked on the vendor” since Tue 17 Nov (9 messages, 4 people); Jira still says In Progress, last touched by a person 11 days ago → Marco: update the ticket, or flag it as blocked",
    "Slack, Tue 17 Nov 09:12, Priya: blocked on the vendor, they have not released the licence",
    "Jira, Sun 8 Nov 10:00, Marco Rossi: In Progress · due 4 Dec · assigned to Marco Rossi",
];
const NOT_CITED: &str =
    "ROAD-7 Storage migration is done, Lena Fischer and Hugo signed 37 contracts on 21 January, 85 % green";

fn offered() -> Offered {
    let mut offered = Offered::default();
    for text in CITED {
        offered.add_ours("e1", text);
    }
    offered.add_ours("e2", NOT_CITED);
    offered
}

fn passes(text: &str) -> bool {
    fault(&Claim { text: text.to_owned(), evidence: vec!["e1".to_owned()] }, &offered()).is_none()
}

/// A number that the evidence does not have, in one of the ways in which numbers are written.
fn number() -> impl Strategy<Value = String> {
    let digits = |zero: char| {
        (12u32..9_000).prop_map(move |number| {
            number
                .to_string()
                .chars()
                .filter_map(|c| char::from_u32(u32::from(zero) + c.to_digit(10)?))
                .collect()
        })
    };
    prop_oneof![
        digits('0').prop_filter("in the evidence", |n: &String| !["17", "42", "11"].contains(&n.as_str())),
        digits('٠'),
        digits('०'),
        digits('０'),
        digits('𝟎'),
        digits('০'),
        prop::sample::select(vec![
            "twelve",
            "twenty-one",
            "a dozen",
            "three",
            "half",
            "hundreds",
            "zero",
            "second",
            "twice",
            "Ⅻ",
            "⑫",
            "½",
            "IX",
            "4²",
            "9.5",
            "9,000",
            "1e3",
            "0x2A",
            "9-11",
            "4/12",
            "４",
            "9k",
            "N°9",
            "two-day",
            "12-day",
        ])
        .prop_map(str::to_owned),
    ]
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "tomorrow",
            "today",
            "yesterday",
            "next week",
            "last Friday",
            "soon",
            "Monday",
            "5 Dec",
            "4 Nov",
            "17 Dec",
            "Dec 17",
            "2026-12-04",
            "04/12/2026",
            "Q1",
            "in a fortnight",
            "end of month",
            "noon",
            "at 10:30",
            "EOD",
            "since June",
            "mañana",
            "morgen",
            "8 Dec",
            "by Thu",
            "4 December",
            "the 4th",
        ])
        .prop_map(str::to_owned),
        (1u32..29, 1u32..13, 2020u32..2030).prop_map(|(d, m, y)| format!("{y}-{m:02}-{d:02}")),
    ]
}

/// A key, a person or a status that is not in the cited evidence.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Lena",
            "Lena Fischer",
            "Hugo",
            "Fischer",
            "Marco Fischer",
            "Priya Rossi",
            "Will",
            "May",
            "Mark",
            "ROAD-7",
            "DCT-43",
            "DCT-4",
            "DCT-421",
            "DСT-42",
            "DCT–42",
            "DCT-４2",
            "DCT42",
            "dct 42",
            "ＤＣＴ-42",
            "CT-42",
            "DCT-42a",
            "Ｍarco",
            "Мarco",
            "Mаrco",
            "Mar\u{200B}co",
            "Prіya",
            "Storage migration",
            "#general",
            "#vendor",
            "U07AAAAAAAA",
        ])
        .prop_map(str::to_owned),
        ("[A-Z]{2,5}", 1u32..9999)
            .prop_map(|(p, n)| format!("{p}-{n}"))
            .prop_filter("real", |k| k != "DCT-42"),
        "[A-Z][a-z]{3,8}ov".prop_map(|name| name),
    ]
}

fn status() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "done",
        "fixed",
        "resolved",
        "released",
        "green",
        "on track",
        "closed",
        "shipped",
        "overdue",
        "not blocked",
        "no longer blocked",
        "unblocked",
        "cancelled",
        "at risk of failure",
        "delayed",
        "late",
        "never blocked",
        "d0ne",
        "dоne",
        "d\u{00AD}one",
        "𝐝𝐨𝐧𝐞",
        "ｄｏｎｅ",
        "done✅",
        "erledigt",
        "terminé",
        "完了",
        "готово",
    ])
    .prop_map(str::to_owned)
}

fn link() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "https://evil.example",
            "hxxp://evil.example",
            "hxxps[:]//evil[.]example",
            "www.evil.example",
            "evil.example/x",
            "evil.example",
            "evil．example",
            "evil。example",
            "mailto:a@evil.example",
            "a@b",
            "<https://evil.example|here>",
            "[here](https://evil.example)",
            "![](https://evil.example/x.png)",
            "<@U07AAAAAAAA>",
            "<!channel>",
            "<!here>",
            "<!subteam^S07AAAAAAAA>",
            "@here",
            "@channel",
            "@Marco",
            "<#C07AAAAAAAA>",
            "`vendor`",
            "*vendor*",
            "_vendor_",
            "~vendor~",
            "> vendor",
            "# vendor",
            "## Marco",
            ":smile:",
            ":white_check_mark:",
            "✅",
            "&lt;!channel&gt;",
            "<b>vendor</b>",
            "javascript:alert",
            "1.1.1.1",
            "//evil",
            "\\evil",
            "{{ vendor }}",
            "vendor|Marco",
            "vendor\nMarco",
            "vendor\u{202E}",
            "data:text/html",
            "!here",
            "vendor^",
            "file:///etc",
            "xn--80ak6aa92e.com",
            "evil .example/x",
            "evil.example/x?q=vendor",
            "tel:911",
            "slack://user",
            "vendor = Marco",
            "\u{1F4CE}",
            "vendor\u{0301}",
        ])
        .prop_map(str::to_owned),
        (
            "[a-z]{3,9}",
            prop::sample::select(vec!["com", "io", "example", "dev", "рф"]),
            "(/[a-z0-9?=&]{0,9})?"
        )
            .prop_map(|(host, top, path)| format!("{host}.{top}{path}")),
        "(https?|ftp|hxxp|slack|zoommtg)://[a-z.]{1,12}".prop_map(|url| url),
    ]
}

/// Around the fabrication stands what would pass.
fn sentence(planted: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let before = prop::sample::select(vec![
        "DCT-42 is blocked on the vendor",
        "Ask Marco about",
        "The ticket",
        "Jira still says In Progress and",
        "Start with rack B:",
        "",
    ]);
    let after = prop::sample::select(vec![
        "",
        "and the vendor",
        "since Tue 17 Nov",
        ", says Priya",
        "(9 messages, 4 people).",
    ]);
    (before, planted, after).prop_map(|(before, planted, after)| format!("{before} {planted} {after}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_invented_number(text in sentence(number())) {
        prop_assert!(!passes(&text), "{text}");
    }

    #[test]
    fn no_invented_date(text in sentence(date())) {
        prop_assert!(!passes(&text), "{text}");
    }

    #[test]
    fn no_invented_key_or_person(text in sentence(name())) {
        prop_assert!(!passes(&text), "{text}");
    }

    #[test]
    fn no_invented_status(text in sentence(status())) {
        prop_assert!(!passes(&text), "{text}");
    }

    #[test]
    fn no_link_mention_or_markup(text in sentence(link())) {
        prop_assert!(!passes(&text), "{text}");
    }

    #[test]
    fn nothing_of_evidence_that_is_not_cited(at in 0usize..15, text in sentence(Just("vendor".to_owned()))) {
        let foreign = NOT_CITED.split_whitespace().nth(at).unwrap_or("Lena");
        let known = ["is", "and", "on"].contains(&foreign);
        prop_assert!(known || !passes(&format!("{text} {foreign}")), "{foreign}");
    }

    /// Whatever passes is made of the evidence, plain words and a sentence's punctuation: nothing in it can be
    /// taken for mark-up, and every digit is the evidence's.
    #[test]
    fn whatever_passes_is_harmless(words in prop::collection::vec("\\PC{1,12}|DCT-42|vendor|is|the|Marco|17|Nov|9|messages", 1..9)) {
        let text = words.join(" ");
        if passes(&text) {
            prop_assert!(!text.contains(['<', '>', '@', '`', '*', '_', '~', '[', ']', '|', '\\', '{', '^', '=']), "{text}");
            prop_assert!(!text.contains("//") && !text.chars().any(|c| c.is_numeric() && !c.is_ascii_digit()), "{text}");
            let evidence = CITED.join(" ");
            for number in text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()) {
                prop_assert!(evidence.contains(number), "{number} in {text}");
            }
        }
    }

    /// What a fabricating model returns beside what holds is counted, and nothing of it is kept.
    #[test]
    fn fabrications_are_counted(lies in prop::collection::vec(sentence(prop_oneof![number(), name(), link()]), 1..6)) {
        let claim = |text: &str| Claim { text: text.to_owned(), evidence: vec!["e1".to_owned()] };
        let mut claims: Vec<Claim> = lies.iter().map(|lie| claim(lie)).collect();
        claims.push(claim("DCT-42 is blocked on the vendor."));
        let verified = verify(claims, &offered());
        prop_assert_eq!(verified.kept.len(), 1);
        prop_assert_eq!(verified.dropped.len(), lies.len());
        prop_assert!(!verified.trustworthy());
    }
}
