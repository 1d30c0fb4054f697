//! The files of the house as text.

use std::path::{Path, PathBuf};

/// A file, by its path from the top.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The code that ships: without comments, and without the tests below it.
    pub fn code(&self) -> String {
        let shipped = self.text.split("#[cfg(test)]").next().unwrap();
        let code = shipped.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
        code.collect::<Vec<_>>().join("\n")
    }

    /// The line of a place in [`File::code`], counted from one.
    pub fn line_of(code: &str, offset: usize) -> usize {
        code.get(..offset).unwrap().matches('\n').count() + 1
    }

    /// Whether the compiler sees it only when it builds tests.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "properties.rs")
    }
}

/// The top of the tree.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One file's text.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder with one of these endings, in order.
pub fn files(folder: &str, endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    collect(&top().join(folder), endings, &mut found);
    found.sort();
    assert!(!found.is_empty(), "nothing below {folder}: this test would prove nothing");
    let path = |found: &PathBuf| found.strip_prefix(top()).unwrap().to_str().unwrap().to_owned();
    found.iter().map(|found| File { path: path(found), text: read(&path(found)) }).collect()
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

/// The code of the product that ships.
pub fn product() -> Vec<File> {
    files("src", &[".rs"]).into_iter().filter(|file| !file.is_test()).collect()
}
