//! Socket Mode: tickets, connections, envelopes under way.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::call::Refusal;
use crate::server::Shared;
use crate::wire::Wire;

pub(crate) mod delivery;
pub(crate) mod events;
pub(crate) mod link;

/// An app may hold so many connections.
const MOST_CONNECTIONS: usize = 10;
/// How long a ticket is good for.
const TICKET_LIFE: Duration = Duration::from_secs(30);
/// How long an app has to acknowledge.
const DEADLINE: Duration = Duration::from_secs(3);
/// When an event is sent again: at once, after a minute, after five.
const RETRIES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(60), Duration::from_secs(300)];
/// How long a trigger is good for.
const TRIGGER_LIFE: Duration = Duration::from_secs(3);

/// The workspace's open websockets.
#[derive(Debug, Default)]
pub struct Sockets {
    state: Mutex<State>,
    tasks: Mutex<JoinSet<()>>,
    habits: Mutex<Habits>,
}

/// What Slack does in figures. Tests that have no six minutes for a redelivery have it do so sooner.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// How many connections an app may hold.
    pub most_connections: usize,
    /// How long a ticket is good for.
    pub ticket_life: Duration,
    /// How long an app has to acknowledge.
    pub deadline: Duration,
    /// The pauses before an event is sent again.
    pub retries: [Duration; 3],
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            most_connections: MOST_CONNECTIONS,
            ticket_life: TICKET_LIFE,
            deadline: DEADLINE,
            retries: RETRIES,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    tickets: HashMap<String, Instant>,
    triggers: HashMap<String, Trigger>,
    connections: Vec<Connection>,
    /// Whose turn it is.
    turn: usize,
    /// When each envelope was last sent.
    sent: HashMap<String, Moment>,
    acknowledged: HashSet<String>,
    waiting: HashMap<String, oneshot::Sender<Option<Value>>>,
    /// How many more copies of each envelope are sent.
    extra_copies: u32,
    disabled: bool,
    /// How many connections there have been.
    greeted: usize,
    /// What the app subscribed to; none for everything.
    subscriptions: Option<BTreeSet<String>>,
    count: u64,
}

/// What lets an app open a view for whoever pressed something.
#[derive(Debug)]
struct Trigger {
    made: Instant,
    user: String,
    exchanged: bool,
}

#[derive(Debug)]
struct Connection {
    id: u64,
    outbox: mpsc::UnboundedSender<Frame>,
    deaf: watch::Sender<bool>,
    wire: Wire,
}

/// What is written to a connection.
#[derive(Debug)]
enum Frame {
    Text(String),
    Close,
    /// The connection is gone, and goes on being counted.
    Vanish,
}

/// A new ticket's address.
pub(super) fn ticket(shared: &Arc<Shared>) -> String {
    let app = shared.world().slack.app_id.clone();
    let mut state = shared.sockets.state();
    state.count += 1;
    // Not a secret worth guarding on loopback, but opaque, and never the same twice.
    let ticket =
        format!("{:08x}-{:04x}", state.count.wrapping_mul(0x9e37_79b9) & 0xffff_ffff, state.count & 0xffff);
    state.tickets.insert(ticket.clone(), Instant::now());
    format!("ws://{}/link/?ticket={ticket}&app_id={app}", shared.slack)
}

impl Sockets {
    /// How many connections are open, ghosts included.
    pub fn connections(&self) -> usize {
        self.state().connections.len()
    }

    /// How many connections there have been in all.
    pub fn greeted(&self) -> usize {
        self.state().greeted
    }

    /// How many of the connections are open and hear.
    pub fn hearing(&self) -> usize {
        self.state().connections.iter().filter(|connection| !*connection.deaf.borrow()).count()
    }

    /// Slack's figures.
    pub fn habits(&self) -> Habits {
        *self.habits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has it have others.
    pub fn change_habits(&self, change: impl FnOnce(&mut Habits)) {
        change(&mut self.habits.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Uses up a ticket.
    fn redeem(&self, ticket: &str) -> bool {
        let made = self.state().tickets.remove(ticket);
        made.is_some_and(|made| made.elapsed() < self.habits().ticket_life)
    }

    /// Uses up a trigger, as opening a modal does, and says whose it was.
    pub(super) fn spend_trigger(&self, trigger: &str) -> Result<String, Refusal> {
        match self.state().triggers.get_mut(trigger) {
            None => Err("invalid_trigger_id".into()),
            Some(found) if found.exchanged => Err("exchanged_trigger_id".into()),
            Some(found) if found.made.elapsed() >= TRIGGER_LIFE => Err("expired_trigger_id".into()),
            Some(found) => {
                found.exchanged = true;
                Ok(found.user.clone())
            }
        }
    }

    /// A new trigger, of whoever pressed something.
    pub(super) fn trigger(&self, user: &str) -> String {
        let mut state = self.state();
        state.count += 1;
        let trigger = format!("{}.{}.{:032x}", state.count, 3_485_157_640_u64, state.count);
        let made = Trigger { made: Instant::now(), user: user.to_owned(), exchanged: false };
        state.triggers.insert(trigger.clone(), made);
        trigger
    }

    /// Ids as Slack makes them: unlike each other, and unlike those of another twin.
    pub(super) fn fresh_id(&self) -> String {
        let mut state = self.state();
        state.count += 1;
        let count = state.count;
        drop(state);
        let nanos = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map(|since| since.subsec_nanos())
            .unwrap_or_default();
        format!("{nanos:08x}-{:04x}-4{:03x}-8000-{count:012x}", count >> 12 & 0xffff, count & 0xfff)
    }

    /// Which events the app subscribed to in its manifest (`message.channels`, `app_mention`, …); all by default.
    pub fn subscribe(&self, events: &[&str]) {
        self.state().subscriptions = Some(events.iter().map(|event| (*event).to_owned()).collect());
    }

    fn subscribed(&self, event: &str) -> bool {
        self.state().subscriptions.as_ref().is_none_or(|events| events.contains(event))
    }

    /// Sends every envelope so many times, each copy to the next connection.
    pub fn repeat_envelope(&self, times: u32) {
        self.state().extra_copies = times.saturating_sub(1);
    }

    /// Makes the connections that are open now ghosts: they stay open, take their share of the envelopes,
    /// and neither read nor write. `false` brings them back.
    pub fn deaf(&self, deaf: bool) {
        for connection in &self.state().connections {
            connection.deaf.send_replace(deaf);
        }
    }

    /// Cuts every connection without a word.
    pub fn drop_sockets(&self) {
        for connection in self.state().connections.drain(..) {
            connection.wire.cut();
        }
    }

    /// Cuts this many of the connections that hear, and keeps counting them: ghosts, which take their share of the
    /// envelopes. Slack does so with connections whose end it has not noticed.
    pub fn leave_ghosts(&self, count: usize) {
        let state = self.state();
        let hearing = state.connections.iter().filter(|connection| !*connection.deaf.borrow());
        for connection in hearing.take(count) {
            connection.deaf.send_replace(true);
            let _gone = connection.outbox.send(Frame::Vanish);
        }
    }

    /// Notices which connections are ghosts, and counts them no more.
    pub fn forget_ghosts(&self) {
        self.state().connections.retain(|connection| {
            let deaf = *connection.deaf.borrow();
            if deaf {
                let _gone = connection.outbox.send(Frame::Close);
            }
            !deaf
        });
    }

    /// Tells every connection that it will end, and ends it about ten seconds later.
    pub fn warn_disconnect(&self) {
        let ids = self.disconnect("warning", false);
        let closing: Vec<_> = {
            let state = self.state();
            let ours = state.connections.iter().filter(|connection| ids.contains(&connection.id));
            ours.map(|connection| connection.outbox.clone()).collect()
        };
        self.spawn(async move {
            tokio::time::sleep(Duration::from_secs(10)).await;
            for outbox in closing {
                let _gone = outbox.send(Frame::Close);
            }
        });
    }

    /// Asks every connection to be opened anew, and closes it.
    pub fn refresh_connections(&self) {
        self.disconnect("refresh_requested", true);
    }

    /// Socket Mode is switched off: connections end, and new ones end at once.
    pub fn link_disabled(&self) {
        self.state().disabled = true;
        self.disconnect("link_disabled", true);
    }

    /// Socket Mode is switched on again.
    pub fn link_enabled(&self) {
        self.state().disabled = false;
    }

    fn disconnect(&self, reason: &str, close: bool) -> Vec<u64> {
        let text = disconnect(reason);
        let state = self.state();
        for connection in &state.connections {
            let _gone = connection.outbox.send(Frame::Text(text.clone()));
            if close {
                let _gone = connection.outbox.send(Frame::Close);
            }
        }
        state.connections.iter().map(|connection| connection.id).collect()
    }

    /// Runs a task until the twin ends.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Ends every task.
    pub(crate) fn end(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn disconnect(reason: &str) -> String {
    json!({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}).to_string()
}

const HOST: &str = "applink-twin";
