//! Files stay small enough to be read, and belong to no machine.

use regex::Regex;

use super::sources::{File, files, read};

/// Above this many lines a file is named, so that somebody splits it when they are there.
const LONG: usize = 400;
/// Above this many it does not land.
const TOO_LONG: usize = 600;

fn every_source() -> Vec<File> {
    ["src", "twin", "tests", "ci"].into_iter().flat_map(|folder| files(folder, &[".rs", ".py"])).collect()
}

#[test]
fn files_can_be_read_in_one_go() {
    let mut long: Vec<(usize, String)> = every_source()
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LONG)
        .collect();
    long.sort();
    for (lines, path) in &long {
        println!("{lines} lines, to be split by idea: {path}");
    }
    let too_long: Vec<_> = long.iter().filter(|(lines, _)| *lines > TOO_LONG).collect();
    assert!(too_long.is_empty(), "{too_long:?}");
}

#[test]
fn main_only_begins() {
    assert!(read("src/main.rs").lines().count() < 40);
}

/// Names that say nothing of what is inside.
#[test]
fn no_file_is_named_after_nothing() {
    const EMPTY: &[&str] =
        &["utils", "util", "helpers", "helper", "common", "manager", "service", "handler", "misc"];
    for file in every_source() {
        let nothing = file.path.split(['/', '.']).find(|part| EMPTY.contains(part));
        assert!(nothing.is_none(), "{}: what is it about?", file.path);
    }
}

#[test]
fn nothing_names_a_machine_or_a_private_registry() {
    // Written so that this file does not hold what it looks for.
    let homes = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/")).join("|");
    let scratch = format!("/{}/[a-z]", "tmp");
    let path = Regex::new(&format!(r#"(^|[\s"'`=(:])({homes}|{scratch})"#)).unwrap();
    let endings =
        [".rs", ".py", ".md", ".toml", ".yml", ".sh", ".sql", ".snap", ".json", ".txt", "run", "Dockerfile"];
    let mut all: Vec<File> = ["src", "twin", "tests", "ci", ".ci", "scripts"]
        .into_iter()
        .flat_map(|f| files(f, &endings))
        .collect();
    let tops = [
        "Cargo.toml",
        "Cargo.lock",
        "Dockerfile",
        "ARCHITECTURE.md",
        "manifest.yml",
        "caughtup.example.toml",
    ];
    all.extend(tops.map(|name| File { path: name.to_owned(), text: read(name) }));
    for file in &all {
        for (number, line) in file.text.lines().enumerate() {
            assert!(!path.is_match(line), "{}:{}: a path of one machine: {line}", file.path, number + 1);
        }
    }
    // Whoever clones this gets every crate and package from where everybody does.
    let lock = read("Cargo.lock");
    let sources: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert!(!sources.is_empty());
    let public = r#""registry+https://github.com/rust-lang/crates.io-index""#;
    assert!(sources.iter().all(|source| *source == public), "a crate that is not from crates.io");
    let requirements = read("ci/requirements.txt");
    assert!(!requirements.contains("://") && !requirements.contains("--"), "packages by name, from PyPI");
}
