//! Everything that was said to the twin and what it answered.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::changes::Changes;

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// `slack`, `jira`, `confluence`, `anthropic` or `openai`.
    pub vendor: &'static str,
    /// Slack: the method (`conversations.history`). Others: method and path template
    /// (`GET /rest/api/3/issue/{issueIdOrKey}`), or method and raw path when no route matched.
    pub operation: String,
    /// The path as it was called.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// Content type of the request's body.
    pub content_type: Option<String>,
    /// The request's arguments: JSON body, or form as an object of strings, or null.
    pub request: Value,
    /// HTTP status of the answer.
    pub status: u16,
    /// The answer, null when it was not JSON.
    pub response: Value,
    /// Whether no route matched: the vendor has no such call, or the twin does not know it.
    pub unknown: bool,
    /// Whether a fault made the answer, so that it need not be the vendor's.
    pub faulted: bool,
    /// When the request had been read.
    pub at: Instant,
    /// How long the answer took.
    pub took: Duration,
}

/// How an envelope fared.
#[derive(Debug, Clone)]
pub struct Acknowledgement {
    /// The envelope's id.
    pub envelope_id: String,
    /// Its type: `events_api`, `slash_commands`, `interactive`.
    pub kind: String,
    /// How long it took from sending to its acknowledgement; `None` while there is none.
    pub after: Option<Duration>,
    /// The payload that came with the acknowledgement.
    pub payload: Option<Value>,
    /// How often it was sent.
    pub deliveries: u32,
}

/// The list of exchanges and acknowledgements.
#[derive(Debug)]
pub struct Ledger {
    entries: Mutex<Entries>,
    record: Option<Mutex<File>>,
    changes: Changes,
}

#[derive(Debug, Default)]
struct Entries {
    exchanges: Vec<Exchange>,
    acknowledgements: Vec<Acknowledgement>,
}

impl Ledger {
    /// An empty one, which also appends to `record` when given.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn new(record: Option<&Path>) -> anyhow::Result<Self> {
        let record = match record {
            Some(path) => Some(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)),
            None => None,
        };
        Ok(Self { entries: Mutex::default(), record, changes: Changes::default() })
    }

    /// Adds an exchange.
    pub fn add(&self, exchange: Exchange) {
        if let Some(record) = &self.record {
            let line = json!({
                "vendor": exchange.vendor, "operation": exchange.operation, "path": exchange.path,
                "query": exchange.query, "content_type": exchange.content_type,
                "request": exchange.request, "status": exchange.status,
                "response": exchange.response, "unknown": exchange.unknown,
                "faulted": exchange.faulted,
            });
            let mut file = record.lock().unwrap_or_else(PoisonError::into_inner);
            // One write per line, so that several twins may append to one file.
            let _best_effort = file.write_all(format!("{line}\n").as_bytes());
        }
        self.entries().exchanges.push(exchange);
        self.changes.ring();
    }

    /// Notes that an envelope was sent, again or for the first time.
    pub fn envelope_sent(&self, envelope_id: &str, kind: &str) {
        let mut entries = self.entries();
        if let Some(known) = entries.acknowledgements.iter_mut().find(|a| a.envelope_id == envelope_id) {
            known.deliveries += 1;
            drop(entries);
            self.changes.ring();
            return;
        }
        entries.acknowledgements.push(Acknowledgement {
            envelope_id: envelope_id.to_owned(),
            kind: kind.to_owned(),
            after: None,
            payload: None,
            deliveries: 1,
        });
        drop(entries);
        self.changes.ring();
    }

    /// Notes an acknowledgement; the first one counts.
    pub fn envelope_acknowledged(&self, envelope_id: &str, after: Duration, payload: Option<Value>) {
        let mut entries = self.entries();
        if let Some(known) =
            entries.acknowledgements.iter_mut().find(|a| a.envelope_id == envelope_id && a.after.is_none())
        {
            known.after = Some(after);
            known.payload = payload;
        }
        drop(entries);
        self.changes.ring();
    }

    /// Rings whenever an exchange or an acknowledgement is added.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Every exchange so far, in the order in which they ended.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.entries().exchanges.clone()
    }

    /// The exchanges of one operation.
    pub fn calls(&self, vendor: &str, operation: &str) -> Vec<Exchange> {
        let entries = self.entries();
        let hits = entries.exchanges.iter().filter(|e| e.vendor == vendor && e.operation.contains(operation));
        hits.cloned().collect()
    }

    /// What was called when and with which status, without what was said: there may be much of it.
    pub fn times(&self, vendor: &str) -> Vec<(String, u16, Instant)> {
        let entries = self.entries();
        let hits = entries.exchanges.iter().filter(|e| e.vendor == vendor);
        hits.map(|e| (e.operation.clone(), e.status, e.at)).collect()
    }

    /// The calls that no vendor has: a test that caused one must fail.
    pub fn unknown(&self) -> Vec<String> {
        let entries = self.entries();
        let hits = entries.exchanges.iter().filter(|e| e.unknown);
        hits.map(|e| format!("{} {}", e.vendor, e.operation)).collect()
    }

    /// How every envelope fared.
    pub fn acknowledgements(&self) -> Vec<Acknowledgement> {
        self.entries().acknowledgements.clone()
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
