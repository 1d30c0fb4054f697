//! Forms that Slack shows over a conversation.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sources::call::Safety;
use crate::sources::limits::Bucket;
use crate::sources::{ErrorKind, SourceError};

use super::client::SlackClient;

#[derive(Deserialize)]
struct Opened {}

impl SlackClient {
    /// Shows a form to whoever pressed something. What they pressed is good for three seconds and for one form:
    /// when somebody has shown it already, that is as good.
    ///
    /// # Errors
    /// When Slack refuses it or does not answer.
    pub async fn open_view(&self, trigger: &str, view: &Value) -> Result<(), SourceError> {
        let body = json!({"trigger_id": trigger, "view": view});
        let method = "views.open";
        let opened = self.write::<Opened>(method, body, Safety::Once, Bucket::slack(method), None).await;
        match opened {
            Err(error) if error.kind == ErrorKind::Refused("exchanged_trigger_id".to_owned()) => Ok(()),
            other => other.map(drop),
        }
    }
}
