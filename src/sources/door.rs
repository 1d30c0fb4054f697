//! The one door through which every HTTP call goes: timeouts, retries, limits, counts, the timeline.

use crate::sources::SourceError;

/// One call to a vendor.
pub struct Call {}

/// A run's way out.
pub struct Door {}

impl Door {
    /// Makes a call.
    ///
    /// # Errors
    /// When the vendor did not give a usable answer within the call's time and retries.
    pub async fn send(&self, _call: Call) -> Result<serde_json::Value, SourceError> {
        unimplemented!()
    }
}
