//! Real payloads, read by the product's types without a panic and without losing what it needs.
//!
//! They are not ours to keep in the repository: `CAUGHTUP_SHARED` names the folder that holds `samples/`.
//! Without it these tests have nothing to read and say so.

mod slack;

use std::path::PathBuf;

/// The folder of one collection of samples, if there are any.
#[allow(clippy::disallowed_methods, reason = "where test data lies is no setting of the product")]
fn samples(collection: &str) -> Option<PathBuf> {
    let Ok(shared) = std::env::var("CAUGHTUP_SHARED") else {
        println!("skipped: CAUGHTUP_SHARED does not say where the samples are");
        return None;
    };
    let folder = PathBuf::from(shared).join("samples").join(collection);
    assert!(folder.is_dir(), "{} is no folder", folder.display());
    Some(folder)
}

/// Every file below a folder with one of these endings, by path.
fn files(folder: &std::path::Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
