//! Who may use whom.

use std::collections::BTreeSet;

use regex::Regex;

use super::sources::{File, product, read};

/// Each part of the house with the parts that it may use: ARCHITECTURE.md, "The house". Downwards only.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("insight", &["domain"]),
    ("render", &["domain"]),
    ("workflows", &["domain"]),
    ("config", &["domain", "workflows"]),
    ("telemetry", &[]),
    ("store", &["config", "domain"]),
    ("sources", &["config", "domain", "store"]),
    ("llm", &["config", "domain", "store"]),
    ("agents", &["config", "domain", "insight", "llm", "sources"]),
    ("publish", &["config", "domain", "render", "sources"]),
    (
        "team_lead",
        &[
            "agents",
            "config",
            "domain",
            "insight",
            "llm",
            "publish",
            "render",
            "sources",
            "store",
            "workflows",
        ],
    ),
    ("eval", &["config", "domain", "insight", "team_lead", "workflows"]),
    ("bot", &["domain", "sources", "store", "team_lead"]),
    ("doctor", &["bot", "config", "domain", "llm", "sources", "store"]),
    ("app", &["bot", "config", "domain", "llm", "render", "sources", "store", "team_lead"]),
    (
        "cli",
        &[
            "app",
            "bot",
            "config",
            "doctor",
            "domain",
            "eval",
            "render",
            "sources",
            "store",
            "team_lead",
            "telemetry",
            "workflows",
        ],
    ),
];

/// `src/bot/front.rs` is of `bot`, `src/app.rs` of `app`.
fn part_of(path: &str) -> &str {
    path.strip_prefix("src/").unwrap().split(['/', '.']).next().unwrap()
}

#[test]
fn every_part_uses_only_what_is_below_it() {
    let mention = Regex::new(r"\bcrate::(\w+|\{)").unwrap();
    let parts: BTreeSet<&str> = MAY_USE.iter().map(|(part, _)| *part).collect();
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for file in product() {
        let part = part_of(&file.path);
        if part == "lib" || part == "main" {
            continue;
        }
        met.insert(part.to_owned());
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == part) else {
            wrong.push(format!("{}: say in MAY_USE what `{part}` may use", file.path));
            continue;
        };
        let code = file.code();
        for found in mention.captures_iter(&code) {
            let (whole, used) = (found.get(0).unwrap(), &found[1]);
            if used != part && !allowed.contains(&used) {
                let line = File::line_of(&code, whole.start());
                wrong.push(format!("{}:{line}: {part} uses {used}", file.path));
            }
        }
        // From a file of the first level, `super::super` leaves the part as `crate::` would, unseen.
        let depth = file.path.matches('/').count() - usize::from(file.path.ends_with("/mod.rs"));
        let climbs = format!("{}:", "super::".repeat(depth + 1).trim_end_matches(':'));
        if code.contains(&climbs) {
            wrong.push(format!("{}: climbs out of its part with `super`", file.path));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(met.iter().map(String::as_str).collect::<BTreeSet<_>>(), parts, "a part in the table is gone");
}

#[test]
fn nobody_is_below_whom_they_use() {
    for (part, used) in MAY_USE {
        for below in *used {
            let (_, theirs) = MAY_USE.iter().find(|(name, _)| name == below).unwrap();
            assert!(!theirs.contains(part), "{part} and {below} use each other");
        }
    }
}

#[test]
fn what_is_pure_touches_nothing() {
    const IMPURE: &[&str] = &[
        "tokio",
        "reqwest",
        "sqlx",
        "futures",
        "axum",
        "async ",
        ".await",
        "SystemTime",
        "Instant::now",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
    ];
    for file in product() {
        let part = part_of(&file.path);
        if !["domain", "insight", "render", "workflows"].contains(&part) {
            continue;
        }
        let code = file.code();
        for word in IMPURE {
            assert!(!code.contains(word), "{}: {part} is pure, and says `{word}`", file.path);
        }
    }
}

/// One clock, which tests can set: whoever asks the machine what time it is cannot be tested at midnight.
#[test]
fn the_time_is_asked_of_one_clock() {
    // The clock itself; the demo's company, which is made for now; `Retry-After` as a date, which is
    // compared with the vendor's own clock and so with the machine's.
    const MAY_ASK: &[&str] = &["src/domain/clock.rs", "src/cli/demo.rs", "src/sources/http.rs"];
    let asking = |code: &str| code.contains("Timestamp::now") || code.contains("Zoned::now");
    let who: Vec<String> = product().into_iter().filter(|f| asking(&f.code())).map(|f| f.path).collect();
    let unexpected: Vec<_> = who.iter().filter(|path| !MAY_ASK.contains(&path.as_str())).collect();
    assert!(unexpected.is_empty(), "ask the injected clock instead: {unexpected:?}");
}

/// If the twin and the product shared a type, a misunderstanding of the wire would cancel itself out.
#[test]
fn the_twin_is_a_stranger() {
    let name = Regex::new(r"\btwin::").unwrap();
    for file in product() {
        let may = ["src/cli/demo.rs", "src/cli/slack_text.rs"].contains(&file.path.as_str());
        assert!(may || !name.is_match(&file.code()), "{} uses the twin", file.path);
    }
    let manifest = read("twin/Cargo.toml");
    assert!(!manifest.contains("caughtup"), "the twin must not know the product");
}

/// Secrets come from one place, so that one place can keep them out of logs.
#[test]
fn the_environment_is_read_in_one_place() {
    let asks = Regex::new(r"\benv::(var|vars|var_os|vars_os)\b").unwrap();
    for file in product() {
        let may = part_of(&file.path) == "config";
        assert!(may || !asks.is_match(&file.code()), "{} reads the environment", file.path);
    }
}
