//! The front door: an envelope becomes a durable job, then it is acknowledged. What it tells of a channel is passed on;
//! nothing else happens here.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::desk::{Desk, Place, SlackPost};
use super::envelope::{Envelope, Received};
use super::forms::{Forms, Wish};
use super::listening::{Hearing, Listening};
use super::posting::{Part, Spot};
use crate::domain::{Clock, Person, RunId, Standing, UserId};
use crate::sources::slack::SlackClient;
use crate::store::{Bounds, Enqueued, NewJob, Refused, Store};
use crate::team_lead::words;

/// The pauses between attempts to list the workspace's people, doubled with every further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// The first pause between attempts to withdraw a request.
const FIRST_LOOK: Duration = Duration::from_millis(100);

/// How long a request may take to be stored: after three seconds Slack no longer listens, not even to an excuse.
const IN_TIME: Duration = Duration::from_millis(2500);
/// Slack gives an event to us again at once, after one minute and after five; never after that.
const FIRST_TIME_AGAIN: u64 = 1;
const LAST_TIME: u64 = 3;

/// Takes envelopes in.
#[derive(Clone)]
pub struct FrontDoor {
    store: Store,
    clock: Clock,
    /// Whether the store took in what was last given to it.
    takes: Arc<AtomicBool>,
    bounds: Bounds,
    desk: Desk,
    members: Members,
    intake: Intake,
    forms: Forms,
    listening: Listening,
}

impl FrontDoor {
    /// A door in front of a store.
    pub fn new(
        (store, clock): (Store, Clock),
        bounds: Bounds,
        desk: Desk,
        members: Members,
        intake: Intake,
        listening: Listening,
        forms: Forms,
    ) -> Self {
        let takes = Arc::new(AtomicBool::new(true));
        Self { store, clock, takes, bounds, desk, members, intake, listening, forms }
    }

    /// A socket is open, and what it hears of channels counts. `reported` is how many Slack believes there are.
    pub fn open(&self, reported: u64) -> Hearing {
        self.listening.open(reported)
    }

    /// Takes an envelope in and says what acknowledges it: nothing when its request could not be made
    /// durable, so that Slack sends it again.
    pub async fn take(&self, mut envelope: Envelope) -> Option<String> {
        let began = Instant::now();
        let _coming_in = self.intake.enter();
        let mut refused = None;
        let mut unstored = None;
        let outcome = match envelope.job() {
            None => match (&envelope.wish, &envelope.wrong) {
                (Some(wish), _) => {
                    self.forms.showing.spawn(self.forms.clone().show(Wish::clone(wish)));
                    "shown"
                }
                (None, Some(_)) => "sent back",
                (None, None) => "ignored",
            },
            Some(job) => match self.store(&job, &envelope.kind).await {
                Ok((outcome, why)) => {
                    refused = why;
                    outcome
                }
                Err(why) => {
                    unstored = Some((job, why));
                    "unstored"
                }
            },
        };
        metrics::counter!("caughtup_envelopes_total", "kind" => kind(&envelope), "outcome" => outcome)
            .increment(1);
        if let Some((job, why)) = unstored {
            // What comes again, comes under the same key. What does not is told to be repeated: not to be done twice.
            if why == Unstored::Perhaps && (envelope.is_given_once() || envelope.again == LAST_TIME) {
                let tasks = self.forms.showing.clone();
                tasks.spawn(withdraw(self.store.clone(), job.key, tasks.clone()));
            }
            return self.not_taken_in(envelope, why);
        }
        // What is kept of channels is brought up to date when this is acknowledged: nobody waits for it.
        if let Some(heard) = envelope.heard.take() {
            self.listening.hear(*heard);
        }
        let mut ack = json!({ "envelope_id": envelope.id });
        let line = envelope.request.as_ref().and_then(|request| self.line(request, refused));
        if let (Some(payload), Some(fields)) = (line.or(envelope.wrong), ack.as_object_mut()) {
            fields.insert("payload".to_owned(), payload);
        }
        metrics::histogram!("caughtup_ack_seconds").record(began.elapsed());
        Some(ack.to_string())
    }

    /// Makes a request durable, and says what came of it.
    async fn store(&self, job: &NewJob, kind: &str) -> Result<(&'static str, Option<Refused>), Unstored> {
        let stored = tokio::time::timeout(IN_TIME, self.store.enqueue_within(job, self.bounds)).await;
        let (perhaps, why) = match stored {
            Ok(Ok(enqueued)) => {
                if !self.takes.swap(true, Ordering::Relaxed) {
                    tracing::info!("requests can be stored again");
                }
                return Ok(match enqueued {
                    Enqueued::New(_) => ("accepted", None),
                    Enqueued::Duplicate => ("duplicate", None),
                    Enqueued::Refused(why) => {
                        count_refused(why);
                        ("refused", Some(why))
                    }
                    Enqueued::RefusedBefore(why) => ("duplicate", Some(why)),
                });
            }
            Ok(Err(error)) if error.is_told() => {
                self.takes.store(false, Ordering::Relaxed);
                (error.is_unsure(), error.to_string())
            }
            Ok(Err(error)) => (error.is_unsure(), error.to_string()),
            Err(_) => (true, "the store does not answer in time".to_owned()),
        };
        if self.takes.swap(false, Ordering::Relaxed) {
            tracing::error!(why, kind, "a request could not be stored, so it is not acknowledged");
        } else {
            tracing::debug!(why, kind, "nor could this one");
        }
        Err(if perhaps { Unstored::Perhaps } else { Unstored::Surely })
    }

    /// Tells whoever asked that nothing came of it, or perhaps did, and acknowledges what Slack gives to us only once.
    fn not_taken_in(&self, envelope: Envelope, why: Unstored) -> Option<String> {
        let id = json!({ "envelope_id": envelope.id });
        if let Some(click) = envelope.click {
            let posting = self.forms.posting.clone();
            let text = match why {
                Unstored::Surely => words::press_not_taken_in(),
                Unstored::Perhaps => words::press_perhaps_taken_in(),
            };
            self.forms.showing.spawn(async move {
                if let Err(trouble) = posting.respond(&click.response_url, text).await {
                    tracing::debug!(%trouble, "nobody could be told that a press was not taken in");
                }
            });
            return Some(id.to_string());
        }
        let request = envelope.request?;
        let (channel, thread) = match request.place {
            Place::Command { .. } => {
                let text = match why {
                    Unstored::Surely => words::not_taken_in(),
                    Unstored::Perhaps => words::perhaps_taken_in(),
                };
                let line = json!({ "response_type": "ephemeral", "text": text });
                return Some(json!({ "envelope_id": envelope.id, "payload": line }).to_string());
            }
            Place::DirectMessage { channel, ts, thread } | Place::Mention { channel, ts, thread } => {
                (channel, thread.unwrap_or(ts))
            }
            Place::Schedule { .. } => return None,
        };
        // Each of these comes to one process, once: nobody else says the same.
        let text = match envelope.again {
            FIRST_TIME_AGAIN => words::will_be_taken_in(),
            LAST_TIME => words::will_not_be_taken_in(),
            _ => return None,
        };
        let (posting, run) = (self.forms.posting.clone(), RunId::new(self.clock.now()));
        self.forms.showing.spawn(async move {
            let metadata = json!({ "event_type": "caughtup_notice" });
            let post = SlackPost { text: text.to_owned(), blocks: Value::Null, plainer: None, metadata };
            let spot = Spot { channel, thread: Some(thread) };
            if let Err(trouble) = posting.post(&spot, Part { run: &run, number: 0 }, &post).await {
                tracing::debug!(%trouble, "nobody could be told that a request was not taken in");
            }
        });
        None
    }

    /// What a command is answered at once, seen by whoever typed it alone. Before it is known that they
    /// are a full member, the line does not say what there is.
    fn line(&self, request: &Received, refused: Option<Refused>) -> Option<Value> {
        let Place::Command { .. } = request.place else { return None };
        let text = if let Some(why) = refused {
            words::no_room(why).to_owned()
        } else if let Some(why) = self.forms.posting.token_refused() {
            words::cannot_post(&why)
        } else if self.members.contains(&request.user) {
            self.desk.understood_line(&request.text)
        } else {
            words::received().to_owned()
        };
        Some(json!({ "response_type": "ephemeral", "text": text }))
    }
}

/// Why a request is not durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unstored {
    /// The store has not taken it in.
    Surely,
    /// The store has not answered in time: it may have taken it in, or do so when it goes on.
    Perhaps,
}

/// Withdraws what may be in the store and whose person was told to ask again, as soon as the store answers. What a
/// worker was faster to begin is answered, as they were told.
async fn withdraw(store: Store, key: String, tasks: TaskTracker) {
    let (began, mut pause) = (Instant::now(), FIRST_LOOK);
    // Closed when the process ends: then it is answered, as they were told as well.
    while began.elapsed() < LONGEST_PAUSE && !tasks.is_closed() {
        match store.withdraw(&key).await {
            Ok(withdrawn) => {
                return tracing::info!(key, withdrawn, "a request came in too late to be sure of");
            }
            Err(error) => tracing::debug!(key, %error, "a request could not be withdrawn yet"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(FIRST_PAUSE);
    }
}

fn count_refused(why: Refused) {
    let why = match why {
        Refused::Theirs => "person",
        Refused::All => "all",
    };
    metrics::counter!("caughtup_requests_refused_total", "why" => why).increment(1);
    tracing::warn!(why, "a request was not taken in: too many wait");
}

/// A label of few values, whatever Slack invents.
fn kind(envelope: &Envelope) -> &'static str {
    match envelope.kind.as_str() {
        "events_api" => "events_api",
        "slash_commands" => "slash_commands",
        "interactive" => "interactive",
        _ => "other",
    }
}

/// Envelopes on their way in. A burst of them is taken in before the first is worked on: in a small machine
/// the work would take the time that acknowledging needs.
#[derive(Debug, Clone, Default)]
pub struct Intake {
    count: Arc<watch::Sender<usize>>,
}

impl Intake {
    /// Counts an envelope for as long as the result lives.
    fn enter(&self) -> ComingIn {
        self.count.send_modify(|count| *count += 1);
        ComingIn(self.clone())
    }

    /// Waits until none is on its way, at most as long as given.
    pub async fn pass(&self, at_most: Duration) {
        let mut count = self.count.subscribe();
        let none = count.wait_for(|count| *count == 0);
        let _either_way = tokio::time::timeout(at_most, none).await;
    }
}

/// An envelope on its way in.
struct ComingIn(Intake);

impl Drop for ComingIn {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count -= 1);
    }
}

/// Who was a full member when they were last looked up. Good for a friendly line, not for rights.
#[derive(Debug, Clone, Default)]
pub struct Members {
    known: Arc<RwLock<HashSet<UserId>>>,
}

impl Members {
    /// Notes what somebody is.
    pub fn learn(&self, person: &Person) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if person.standing == Standing::Member {
            known.insert(person.id.clone());
        } else {
            known.remove(&person.id);
        }
    }

    /// Learns who there is, in the background of a process that starts: so the first command of somebody, too,
    /// is answered with what was understood.
    pub async fn learn_everybody(self, slack: SlackClient, stop: CancellationToken) {
        let mut pause = FIRST_PAUSE;
        loop {
            let listed = tokio::select! {
                () = stop.cancelled() => return,
                listed = slack.everybody() => listed,
            };
            match listed {
                Ok(people) => {
                    people.iter().for_each(|person| self.learn(person));
                    return tracing::info!(people = people.len(), "the workspace's people are known");
                }
                Err(error) => tracing::debug!(%error, "the workspace's people could not be listed yet"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }

    /// Whether somebody was one.
    pub fn contains(&self, user: &UserId) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains(user)
    }
}
