//! What the sockets hear of channels, taken to the store; and whether anything may have been missed.
//!
//! Slack gives each event to one of the app's sockets, and all that a process says in the store is: so far I have heard
//! everything that was given to me. As long as some process says so and none has missed anything, what is
//! kept of channels needs no reading. Something may have been missed when a socket broke, when none was open, when
//! more came than could be noted, and when a process died: then channels are read again from where they were read
//! last. A socket that Slack announced the end of, and whose successor was open before, has missed nothing.
//!
//! Acknowledgements never wait for this: an event is put into a queue, and what is lost from it with the process is
//! noticed by the others, or by its successor.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::domain::Clock;
use crate::sources::slack::{self, Heard, Scans};
use crate::store::{Store, StoreError};

/// Events that wait to be noted. Slack sends no more than 30,000 an hour.
const WAITING: usize = 10_000;
/// How many are noted together.
const TOGETHER: usize = 256;
/// How often a process says that it listens, and how long it is believed: a process that died is noticed then.
const BEAT: Duration = Duration::from_secs(2);
const BELIEVED: Duration = Duration::from_secs(6);
/// So long Slack may count a socket that was closed in order.
const PARTING: Duration = Duration::from_secs(3);
/// How often what is too old or too much is forgotten.
const PURGE: Duration = Duration::from_secs(3600);

/// Where the sockets put what they hear.
#[derive(Debug, Clone)]
pub struct Listening {
    queue: mpsc::Sender<Heard>,
    state: Arc<State>,
}

/// What was put there.
#[derive(Debug)]
pub struct Listened {
    queue: mpsc::Receiver<Heard>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    sockets: AtomicUsize,
    /// How many connections Slack counted when it last said so; 0 when that was taken in.
    reported: AtomicU64,
    /// When sockets were closed in order, of late.
    parted: Mutex<VecDeque<Instant>>,
    /// How many of the reported ones were nobody's then.
    ghosts: AtomicU64,
    missed: AtomicBool,
    changed: Notify,
}

/// A place to put things, and the other end of it.
pub fn begin() -> (Listening, Listened) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let state = Arc::new(State::default());
    (Listening { queue: sender, state: Arc::clone(&state) }, Listened { queue: receiver, state })
}

impl Listening {
    /// Takes in what was heard. Never waits.
    pub fn hear(&self, heard: Heard) {
        if self.queue.try_send(heard).is_err() {
            self.state.miss();
        }
    }

    /// Counts a socket for as long as the result lives. `reported` is how many Slack counts.
    pub fn open(&self, reported: u64) -> Hearing {
        self.state.sockets.fetch_add(1, Ordering::SeqCst);
        self.state.reported.store(reported, Ordering::SeqCst);
        self.state.changed.notify_one();
        Hearing { state: Arc::clone(&self.state), ended_well: false }
    }
}

impl State {
    /// How many sockets Slack may count as ours.
    fn held(&self) -> usize {
        let mut parted = self.parted.lock().unwrap_or_else(PoisonError::into_inner);
        while parted.front().is_some_and(|at| at.elapsed() > PARTING) {
            parted.pop_front();
        }
        self.sockets.load(Ordering::SeqCst) + parted.len()
    }

    fn miss(&self) {
        self.missed.store(true, Ordering::SeqCst);
        self.changed.notify_one();
    }
}

/// A socket that hears.
#[derive(Debug)]
pub struct Hearing {
    state: Arc<State>,
    ended_well: bool,
}

impl Hearing {
    /// Ends a socket of which it is known that nothing was sent into it and lost.
    pub fn end_well(mut self) {
        self.ended_well = true;
        self.state.parted.lock().unwrap_or_else(PoisonError::into_inner).push_back(Instant::now());
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.state.sockets.fetch_sub(1, Ordering::SeqCst);
        if self.ended_well {
            self.state.changed.notify_one();
        } else {
            self.state.miss();
        }
    }
}

/// Notes what is heard until every socket and its acknowledgements are gone.
pub async fn note(mut listened: Listened, store: Store, scans: Scans, clock: Clock) {
    let id = format!("{}-{:016x}", std::process::id(), rand::random::<u64>());
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut purge = interval_at(Instant::now() + PURGE, PURGE);
    let (mut listens, mut doubt) = (false, Doubt::default());
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = listened.state.changed.notified() => {}
            _ = beat.tick() => {}
            count = listened.queue.recv_many(&mut batch, TOGETHER) => {
                if count == 0 {
                    break;
                }
                if let Err(error) = slack::hear(&store, std::mem::take(&mut batch), clock.now()).await {
                    if !error.is_told() {
                        tracing::warn!("events could not be noted, so channels will be read again: {error}");
                    }
                    listened.state.miss();
                }
                continue;
            }
            _ = purge.tick() => {
                if let Err(error) = store.forget_scans(scans.age, scans.bytes).await {
                    tracing::warn!("what is kept of channels could not be tidied: {error}");
                }
                continue;
            }
        }
        match say(&listened.state, &store, &id, listens, &mut doubt).await {
            Ok(now) => listens = now,
            Err(error) => {
                tracing::debug!("nobody could be told that this process listens: {error}");
                listened.state.missed.store(true, Ordering::SeqCst);
                doubt.nobody_tells();
            }
        }
    }
    if let Err(error) = store.stop_listening(&id).await {
        tracing::debug!("nobody could be told that this process stops listening: {error}");
    }
}

/// Says whether this process listens, and gives back what it said.
async fn say(
    state: &State,
    store: &Store,
    id: &str,
    listens: bool,
    doubt: &mut Doubt,
) -> Result<bool, StoreError> {
    // Before the sockets are counted: each counts itself before it says what Slack counts.
    let reported = state.reported.swap(0, Ordering::SeqCst);
    if reported > 0 {
        doubt.hear(reported);
    }
    if state.sockets.load(Ordering::SeqCst) == 0 {
        if listens {
            store.stop_listening(id).await?;
        }
        return Ok(false);
    }
    let missed = state.missed.swap(false, Ordering::SeqCst);
    if missed {
        metrics::counter!("caughtup_listening_gaps_total").increment(1);
        tracing::info!(
            "something may have been missed: channels are read again from where they were read last"
        );
    }
    store.listen(id, BELIEVED, missed, state.held()).await?;
    if doubt.is_open()
        && let Some(held) = store.sockets().await?
        && let Some(ghosts) = doubt.settle(held)
    {
        if ghosts > state.ghosts.swap(ghosts, Ordering::SeqCst) {
            tell_of_ghosts(ghosts);
        }
        #[allow(clippy::cast_precision_loss, reason = "there are ten at most")]
        metrics::gauge!("caughtup_slack_ghost_connections").set(ghosts as f64);
    }
    Ok(true)
}

/// Whether Slack counts connections that are nobody's. At a start Slack counts a socket before its process does, and
/// another process tells of its own with the next beat: only what is still nobody's a beat later is a ghost. While the
/// store cannot be read nobody knows what the others hold, and when it is back they are the last to have told it.
#[derive(Debug, Default)]
struct Doubt {
    /// How many Slack counts.
    reported: Option<u64>,
    /// Until when others may still tell of theirs.
    until: Option<Instant>,
    /// The most that the processes have held since.
    held: u64,
}

impl Doubt {
    fn hear(&mut self, reported: u64) {
        let until = self.until.max(Some(Instant::now() + BEAT));
        *self = Self { reported: Some(reported), until, held: 0 };
    }

    /// The store has failed. It may have done so for everybody, and a beat that fails takes longer than others.
    fn nobody_tells(&mut self) {
        *self = Self { until: Some(Instant::now() + BELIEVED), held: 0, ..*self };
    }

    fn is_open(&self) -> bool {
        self.reported.is_some()
    }

    /// How many are nobody's, when that can be said.
    fn settle(&mut self, held: u64) -> Option<u64> {
        let reported = self.reported?;
        self.held = self.held.max(held);
        let ghosts = reported.saturating_sub(self.held);
        if ghosts > 0 && self.until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        self.reported = None;
        Some(ghosts)
    }
}

/// Slack may count connections that are long gone, for hours, and gives them their share of the events.
fn tell_of_ghosts(ghosts: u64) {
    tracing::warn!(
        ghosts,
        "Slack counts connections that none of the bot's processes holds: what it sends there is late, because it \
             has to send it again. End what else connects with this SLACK_APP_TOKEN; a connection that is gone is \
             forgotten by Slack in time"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_what_is_nobodys_a_beat_later_is_a_ghost() {
        let mut doubt = Doubt::default();
        assert_eq!(doubt.settle(1), None, "Slack has said nothing");
        doubt.hear(2);
        assert_eq!(doubt.settle(1), None, "the second socket has just opened");
        assert_eq!(doubt.settle(2), Some(0));
        assert!(!doubt.is_open());
        doubt.hear(3);
        assert_eq!(doubt.settle(2), None);
        tokio::time::advance(BEAT).await;
        assert_eq!(doubt.settle(1), Some(1), "the two that were held are nobody's ghosts");
    }

    #[tokio::test(start_paused = true)]
    async fn while_the_store_says_nothing_no_connection_is_called_a_ghost() {
        let mut doubt = Doubt::default();
        doubt.hear(6);
        for _ in 0..10 {
            tokio::time::advance(BEAT).await;
            doubt.nobody_tells();
        }
        assert_eq!(doubt.settle(2), None, "it is back, and the others have not told it of theirs yet");
        doubt.hear(6);
        tokio::time::advance(BEAT).await;
        assert_eq!(doubt.settle(2), None, "nor when Slack says it again");
        tokio::time::advance(BEAT).await;
        assert_eq!(doubt.settle(6), Some(0));
        doubt.hear(7);
        doubt.nobody_tells();
        tokio::time::advance(BELIEVED).await;
        assert_eq!(doubt.settle(6), Some(1), "and what is nobody's all the while is one");
    }
}
