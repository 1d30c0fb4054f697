//! Real payloads, read by the product's types. They live outside of the repository: `CAUGHTUP_SHARED`
//! names the folder, and without it these tests say so and pass.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may fail loudly, and says why it did not run"
)]

mod adf;
mod confluence;
mod jira;
mod slack;

use std::path::PathBuf;

/// A folder of samples, when they are there.
fn samples(name: &str) -> Option<PathBuf> {
    let shared = caughtup::config::environment("CAUGHTUP_SHARED");
    let folder = shared.map(|shared| PathBuf::from(shared).join("samples").join(name));
    if folder.is_none() {
        println!("not run: CAUGHTUP_SHARED does not name the folder that holds samples/{name}");
    }
    folder
}

/// The files of a folder with this ending, in order.
fn files(folder: &std::path::Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be listed");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there are samples in {}", folder.display());
    files
}
