//! What models are told comes in by one door.

use regex::Regex;

use super::sources::{product, read};

/// Fetched text could get into a prompt if somebody built one by hand, or if the data of a prompt had a kind that
/// holds any text.
#[test]
fn only_quoted_text_gets_into_a_prompt() {
    let built = Regex::new(r"\bPrompt \{").unwrap();
    let quoted = Regex::new(r"\bQuoted\(").unwrap();
    let mut prompts = Vec::new();
    let mut quotes = Vec::new();
    for file in product() {
        let code = file.code();
        if built.is_match(&code) {
            prompts.push(file.path.clone());
        }
        // `Field::Quoted(…)` holds one that exists; the type itself is made in one place.
        if quoted.find_iter(&code).any(|found| !code.get(..found.start()).unwrap().ends_with("Field::")) {
            quotes.push(file.path.clone());
        }
    }
    assert_eq!(prompts, ["src/llm/mod.rs", "src/llm/prompts.rs"], "the type, and the one who builds it");
    assert_eq!(quotes, ["src/llm/prompts.rs", "src/llm/quote.rs"], "the field's declaration, and who quotes");

    let code = read("src/llm/prompts.rs");
    let (_, field) = code.split_once("pub enum Field {").unwrap();
    let (field, _) = field.split_once("\n}").unwrap();
    let kinds: Vec<&str> = field.lines().map(str::trim).filter(|line| line.contains('(')).collect();
    let expected =
        ["Quoted(Quoted),", "Word(&'static str),", "Id(Id),", "Ids(Vec<Id>),", "List(Vec<Fields>),"];
    assert_eq!(kinds, expected, "a kind of data that holds any text would be a second door");
}

/// A template's first line says what it is for, and all that are asked for are there.
#[test]
fn every_template_is_asked_for_and_says_why() {
    let asked = read("src/config/prompts.rs");
    for file in super::sources::files("prompts", &[".md"]) {
        if file.path.ends_with("README.md") {
            continue;
        }
        assert!(asked.contains(&format!("../../{}", file.path)), "nothing asks for {}", file.path);
        assert!(file.text.starts_with("{# "), "{} does not say what it is for", file.path);
    }
}
