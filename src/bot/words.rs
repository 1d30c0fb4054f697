//! Placeholder until `words` is merged.
#![allow(missing_docs)]
pub fn received() -> String {
    "Got it.".to_owned()
}
