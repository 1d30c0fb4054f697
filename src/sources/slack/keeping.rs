//! What is kept of a channel, in the store: who reads the channel, and how nobody overwrites what another has noted.
//!
//! Every change is made to the version that was seen, and made again when there is a newer one. One reader at a time
//! reads a channel, in all processes; the others wait and take what they get.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep, timeout_at};

use crate::domain::{ChannelId, MessageTs};
use crate::sources::Sources;
use crate::store::{Store, StoreError};

use super::heard::{Heard, What};
use super::kept::{Fresh, Kept};
use super::ranking::Claim;
use super::wire::WireChannel;

/// What an app has to be allowed for everything in its channels to be told to it. The last came into the manifest
/// together with the events: an app that lacks it was installed before there were any.
const HEARING: [&str; 3] = ["channels:history", "groups:history", "reactions:read"];

/// How long a turn to read a channel lasts: a reader that died holds nobody up for longer.
const TURN: Duration = Duration::from_secs(20);
/// How long a reader waits for another one's reading at most.
const PATIENCE: Duration = Duration::from_secs(8);
/// What must be left of a run's time for reading the channel itself.
const TO_READ: Duration = Duration::from_secs(5);
/// How often a reader looks whether another process has ended its turn.
const LOOK: Duration = Duration::from_millis(100);
/// How often a change is tried that others get ahead of.
const TRIES: usize = 50;

/// How much is kept of channels.
#[derive(Debug, Clone, Copy)]
pub struct Scans {
    /// For how long.
    pub age: Duration,
    /// In how many bytes, of all channels together.
    pub bytes: u64,
}

/// Whose turn it is in this process: whoever waits for it need not ask the store again and again.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    by_channel: Arc<Mutex<HashMap<ChannelId, Arc<Turn>>>>,
}

type Turn = tokio::sync::Mutex<()>;

impl Turns {
    fn of(&self, channel: &ChannelId) -> Arc<Turn> {
        let mut turns = self.by_channel.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(channel.clone()).or_default())
    }
}

/// What is known of a channel when its reading begins.
pub(super) struct Known {
    pub(super) kept: Kept,
    /// Whether nothing has to be read: all that happened since was heard, or somebody else has just read it.
    pub(super) is_warm: bool,
    /// Since when everything is heard, if it is.
    pub(super) epoch: Option<i64>,
    pub(super) began: Timestamp,
    /// The version of what is kept, if what is read may be kept.
    seen: Option<i64>,
    /// Under which name this reading has its turn in the store.
    holder: Option<String>,
    /// And its turn in this process.
    turn: Option<OwnedMutexGuard<()>>,
}

impl Known {
    /// Looks up what is known of a channel, waiting while somebody else is reading it.
    pub(super) async fn of(sources: &Sources, id: &ChannelId, claim: &mut Claim<'_>) -> Self {
        let hears = match sources.workspace().await {
            Ok(workspace) => {
                let granted = workspace.scopes.as_ref();
                HEARING.iter().all(|scope| granted.is_none_or(|granted| granted.contains(*scope)))
            }
            Err(_) => false,
        };
        match Self::wait(sources, id, hears, claim).await {
            Ok(known) => known,
            Err(error) => {
                tracing::warn!("what is kept of a channel could not be looked up: {error}");
                Self::nothing(sources.upstream.clock.now())
            }
        }
    }

    fn nothing(now: Timestamp) -> Self {
        let kept = Kept::nothing(now);
        Self { kept, is_warm: false, epoch: None, began: now, seen: None, holder: None, turn: None }
    }

    async fn wait(
        sources: &Sources,
        id: &ChannelId,
        hears: bool,
        claim: &mut Claim<'_>,
    ) -> Result<Self, StoreError> {
        let store = &sources.upstream.store;
        let known = Self::look(sources, id, hears, None).await?;
        if known.is_warm || !sources.scope.keep {
            return Ok(known);
        }
        let came = known.began;
        let left = sources.scope.deadline.saturating_duration_since(Instant::now()).saturating_sub(TO_READ);
        let patience = Instant::now() + PATIENCE.min(left);
        let turn = sources.upstream.turns.of(id);
        let (turn, mut waited) = match Arc::clone(&turn).try_lock_owned() {
            Ok(turn) => (Some(turn), false),
            Err(_) => {
                claim.step_aside();
                (timeout_at(patience, turn.lock_owned()).await.ok(), true)
            }
        };
        let name = format!("{:016x}", rand::random::<u64>());
        let mut holder = None;
        while turn.is_some() {
            if store.take_turn(id.as_str(), &name, TURN).await? {
                holder = Some(name);
                break;
            }
            if Instant::now() >= patience {
                break;
            }
            waited = true;
            claim.step_aside();
            sleep(LOOK).await;
        }
        // Whoever had the turn before has read the channel meanwhile, or may have.
        let mut known = Self::look(sources, id, hears, waited.then_some(came)).await?;
        if !known.is_warm && known.seen.is_none() {
            known.kept = Kept::nothing(known.began);
            known.seen = begin(store, id, &known.kept).await?;
        }
        (known.holder, known.turn) = (holder, turn);
        Ok(known)
    }

    /// What is known now. `came` says since when this reader has waited for others to read the channel.
    async fn look(
        sources: &Sources,
        id: &ChannelId,
        hears: bool,
        came: Option<Timestamp>,
    ) -> Result<Self, StoreError> {
        let began = sources.upstream.clock.now();
        // Before what is kept is looked at: what is missed from here on is missed by this reading, too.
        let epoch = if hears { sources.upstream.store.listening().await? } else { None };
        let (kept, seen) = kept(sources, id).await?;
        let just_read = came.is_some_and(|came| kept.from().is_some() && kept.read_at >= came - JUST_NOW);
        let is_warm = kept.is_warm(epoch, began) || just_read;
        Ok(Self { is_warm, kept, epoch, began, seen, ..Self::nothing(began) })
    }

    /// Keeps what was read, and lets others read.
    pub(super) async fn close(self, sources: &Sources, id: &ChannelId, fresh: Option<&Fresh>) {
        let store = &sources.upstream.store;
        if let (Some(seen), Some(fresh)) = (self.seen, fresh)
            && sources.scope.keep
            && !fresh.is_empty()
            && let Err(error) = self.save(sources, id, seen, fresh).await
        {
            tracing::warn!("what was read of a channel could not be kept: {error}");
        }
        if let Some(holder) = &self.holder
            && let Err(error) = store.end_turn(id.as_str(), holder).await
        {
            tracing::warn!("a turn to read could not be given up, and will end: {error}");
        }
    }

    async fn save(
        &self,
        sources: &Sources,
        id: &ChannelId,
        seen: i64,
        fresh: &Fresh,
    ) -> Result<(), StoreError> {
        let store = &sources.upstream.store;
        let age = SignedDuration::try_from(sources.upstream.scans.age).unwrap_or(SignedDuration::MAX);
        let oldest = self.began.checked_sub(age).unwrap_or(Timestamp::UNIX_EPOCH);
        for _ in 0..TRIES {
            // Nothing there any more: the bot has left the channel meanwhile.
            let Some(scan) = store.get_scan(id.as_str()).await? else { return Ok(()) };
            let mut kept = Kept::read(&scan.bytes).unwrap_or_else(|| Kept::nothing(self.began));
            kept.take(fresh.clone(), seen, self.began, self.epoch);
            kept.forget_before(MessageTs::at(oldest));
            if store.put_scan(id.as_str(), Some(scan.version), &kept.written()).await? {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Who has read a channel that recently has read it for those who were waiting for it, too.
const JUST_NOW: SignedDuration = SignedDuration::from_secs(10);

/// What is kept of a channel, and as which version. What is too old, or unreadable, is nothing, and has none.
async fn kept(sources: &Sources, id: &ChannelId) -> Result<(Kept, Option<i64>), StoreError> {
    let now = sources.upstream.clock.now();
    let Some(scan) = sources.upstream.store.get_scan(id.as_str()).await? else {
        return Ok((Kept::nothing(now), None));
    };
    let age = |kept: &Kept| Duration::try_from(now.duration_since(kept.read_at)).unwrap_or_default();
    match Kept::read(&scan.bytes).filter(|kept| age(kept) < sources.upstream.scans.age) {
        Some(kept) => Ok((kept, Some(scan.version))),
        None => Ok((Kept::nothing(now), None)),
    }
}

/// Makes an entry for a channel of which nothing is kept, before it is read: what is heard meanwhile is noted there.
async fn begin(store: &Store, id: &ChannelId, nothing: &Kept) -> Result<Option<i64>, StoreError> {
    let bytes = nothing.clone().written();
    if !store.put_scan(id.as_str(), None, &bytes).await? {
        // Too old, or of another version's making.
        let there = store.get_scan(id.as_str()).await?;
        store.put_scan(id.as_str(), there.map(|scan| scan.version), &bytes).await?;
    }
    Ok(store.get_scan(id.as_str()).await?.map(|scan| scan.version))
}

/// Forgets what is kept of channels that the bot is not in, and what is too old or too much.
pub(super) async fn forget_others(sources: &Sources, joined: &[WireChannel]) {
    if !sources.scope.keep {
        return;
    }
    let joined: BTreeSet<&str> = joined.iter().map(|channel| channel.id.as_str()).collect();
    let (store, scans) = (&sources.upstream.store, sources.upstream.scans);
    let forgotten = async {
        store.forget_scans_except(&joined).await?;
        store.forget_scans(scans.age, scans.bytes).await
    };
    if let Err(error) = forgotten.await {
        tracing::warn!("what should not be kept of channels any more could not be forgotten: {error}");
    }
}

/// Notes what happened in channels that are kept; what happened in others is not. It may come in any order, and
/// more than once.
///
/// # Errors
/// When it could not be noted, so that somebody has to read the channels again.
pub async fn hear(store: &Store, heard: Vec<Heard>, now: Timestamp) -> Result<(), StoreError> {
    let mut by_channel: BTreeMap<ChannelId, Vec<Heard>> = BTreeMap::new();
    for one in heard {
        match one.channel.clone() {
            Some(channel) => by_channel.entry(channel).or_default().push(one),
            // It may be any, and it is rare: all are read again.
            None => store.forget_scans_except(&BTreeSet::new()).await?,
        }
    }
    for (channel, heard) in by_channel {
        if heard.iter().any(|one| one.what == What::Over) {
            store.forget_scan(channel.as_str()).await?;
        } else {
            note(store, &channel, &heard, now).await?;
        }
    }
    Ok(())
}

async fn note(store: &Store, channel: &ChannelId, heard: &[Heard], now: Timestamp) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        let Some(scan) = store.get_scan(channel.as_str()).await? else { return Ok(()) };
        let Some(mut kept) = Kept::read(&scan.bytes) else {
            return store.forget_scan(channel.as_str()).await;
        };
        let mut changed = false;
        for one in heard {
            changed |= kept.hear(one, scan.version.saturating_add(1), now);
        }
        if !changed || store.put_scan(channel.as_str(), Some(scan.version), &kept.written()).await? {
            return Ok(());
        }
    }
    // Others were faster every time: the channel is read again rather than half known.
    store.forget_scan(channel.as_str()).await
}
