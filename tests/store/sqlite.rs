//! What is true of a file alone.

use std::path::PathBuf;

use caughtup::config::StoreUrl;
use caughtup::domain::Clock;
use caughtup::store::{NewJob, Store};
use serde_json::json;

use crate::places::Place;

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_named() {
    let nowhere = StoreUrl::Sqlite(PathBuf::from("/nonexistent/caughtup.db"));
    let error = Store::open(&nowhere, Clock::system()).await.err().unwrap().to_string();
    assert!(error.contains("/nonexistent/caughtup.db"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::sqlite().await;
    let store = place.open().await;
    let (key, kind) = ("k".to_owned(), "ask".to_owned());
    store.enqueue(&NewJob { key, kind, person: None, payload: json!({}) }).await.unwrap();
    for path in [place.file(), place.file().with_extension("db-wal")] {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}
