//! What is wrong with a configuration, all of it at once, the way a compiler would say it.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line and column in the file, from one; `None` for what is not in it.
    pub place: Option<(usize, usize)>,
    /// The key's path (`program[0].channels`) or the variable's name.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

/// Everything that is wrong with a configuration. Shown as a list, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblems {
    /// The file, as it was named.
    pub file: String,
    /// What is wrong: the file's lines first, then what is missing from it, then variables.
    pub problems: Vec<Problem>,
}

impl std::error::Error for ConfigProblems {}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => write!(f, "{} has a problem", self.file)?,
            n => write!(f, "{} has {n} problems", self.file)?,
        }
        for problem in &self.problems {
            let Problem { place, key, what, fix } = problem;
            match place {
                Some((line, column)) => write!(f, "\n\n{}:{line}:{column}: ", self.file)?,
                None => write!(f, "\n\n")?,
            }
            if !key.is_empty() {
                write!(f, "{key}: ")?;
            }
            write!(f, "{what}\n    fix: {fix}")?;
        }
        Ok(())
    }
}

/// Why a value will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) fix: String,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into() }
    }
}

/// Collects problems while a file is read, and knows which byte is on which line.
#[derive(Debug)]
pub(super) struct Problems {
    file: String,
    text: String,
    found: RefCell<Vec<Problem>>,
}

impl Problems {
    pub(super) fn new(file: &Path, text: &str) -> Self {
        Self { file: file.display().to_string(), text: text.to_owned(), found: RefCell::default() }
    }

    /// Notes a problem with something at a byte of the file.
    pub(super) fn at(&self, offset: usize, key: &str, wrong: Wrong) {
        self.note(Some(self.place(offset)), key, wrong);
    }

    /// Notes a problem with something that is not in the file: a missing key, a variable.
    pub(super) fn elsewhere(&self, key: &str, wrong: Wrong) {
        self.note(None, key, wrong);
    }

    fn note(&self, place: Option<(usize, usize)>, key: &str, wrong: Wrong) {
        // The one door through which words about a configuration leave: no token passes it.
        let problem = Problem { place, key: redact(key), what: redact(&wrong.what), fix: redact(&wrong.fix) };
        let mut found = self.found.borrow_mut();
        if !found.contains(&problem) {
            found.push(problem);
        }
    }

    fn place(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// Whether a problem is already known on the line that holds this byte.
    pub(super) fn has_line_of(&self, offset: usize) -> bool {
        let (line, _) = self.place(offset);
        self.found.borrow().iter().any(|problem| problem.place.is_some_and(|(l, _)| l == line))
    }

    /// The lines that have a problem so far.
    pub(super) fn lines(&self) -> Vec<usize> {
        self.found.borrow().iter().filter_map(|problem| problem.place).map(|(line, _)| line).collect()
    }

    /// What was found, or nothing when all is well. Where lines could not be parsed, each is reported
    /// once, and keys that seem to be missing may only have been lost: they are not held against the file.
    pub(super) fn finish(self, unparsed: &[usize]) -> Result<(), ConfigProblems> {
        let mut problems = self.found.into_inner();
        let mut seen = Vec::new();
        problems.retain(|problem| match problem.place {
            Some((line, _)) if unparsed.contains(&line) => {
                let first = !seen.contains(&line);
                seen.push(line);
                first
            }
            Some(_) => unparsed.is_empty() || problem.what != MISSING,
            None => unparsed.is_empty() || is_variable(&problem.key),
        });
        problems.sort_by_key(|p| (p.place.is_none(), p.place, is_variable(&p.key)));
        match problems.is_empty() {
            true => Ok(()),
            false => Err(ConfigProblems { file: self.file, problems }),
        }
    }
}

impl ConfigProblems {
    /// A problem with the file as a whole.
    pub(super) fn of_file(path: &Path, what: &str, fix: &str) -> Self {
        let problem = Problem { place: None, key: String::new(), what: what.to_owned(), fix: fix.to_owned() };
        Self { file: path.display().to_string(), problems: vec![problem] }
    }
}

/// What is said of a key that has to be there.
pub(super) const MISSING: &str = "is missing";

fn is_variable(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// The prefixes of Slack's, Atlassian's and the model providers' tokens.
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:xox[a-z](?:\.xox[a-z])?-|xapp-|ATATT|ATSTT|ATCTT|sk-(?:ant-|proj-)?|AIza)[0-9A-Za-z][0-9A-Za-z_=.-]*").ok()
});

/// Whether a text holds what looks like a token.
pub(super) fn holds_token(text: &str) -> bool {
    TOKEN.as_ref().is_some_and(|token| {
        token.find_iter(text).any(|found| {
            // "task-force" holds "sk-f…": a token begins a word.
            let before = text.get(..found.start()).and_then(|t| t.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        })
    })
}

/// The text with everything that looks like a token left out.
pub(super) fn redact(text: &str) -> String {
    if !holds_token(text) {
        return text.to_owned();
    }
    TOKEN.as_ref().map_or_else(String::new, |token| token.replace_all(text, "…").into_owned())
}

/// A value as it may be repeated to the person who wrote it: short, on one line.
pub(super) fn shown(value: &str) -> String {
    let line: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    let more = if value.chars().count() > 60 { "…" } else { "" };
    format!("`{line}{more}`")
}

/// The candidate that a writer of `word` most probably meant.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let wanted = plain(word);
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&wanted, &plain(candidate)), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_seen_wherever_they_stand() {
        for text in
            ["xoxb-1-abc", "url?token=xoxb-12", "xapp-1-A", "ATATT3xFf", "sk-ant-abc", "xoxe.xoxb-1-a"]
        {
            assert!(holds_token(text), "{text}");
            assert_eq!(redact(&format!("a {text} b")).matches("1-").count(), 0);
        }
        for text in ["xoxb-…", "task-force", "risk-register", "data center", "sk-"] {
            assert!(!holds_token(text), "{text}");
        }
    }

    #[test]
    fn the_nearest_key_is_the_one_that_was_meant() {
        let keys = ["timezone", "program", "workflow", "schedule", "rules"];
        assert_eq!(nearest("timeZone", keys), Some("timezone"));
        assert_eq!(nearest("programs", keys), Some("program"));
        assert_eq!(nearest("shedule", keys), Some("schedule"));
    }
}
