//! The queue: how much may wait, who is before whom, and how long that takes.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use super::{Job, Store, StoreError, ask, millis};
use crate::domain::UserId;

/// So many who wait are looked at, those who have waited longest.
pub(super) const LOOKED_AT: usize = 1_000;
/// So many jobs that ended lately say how long one takes.
pub(super) const LATELY: usize = 20;

/// How many jobs that somebody waits for may wait. What comes by itself is not counted: there are only so many
/// schedules, each slot becomes one job, and what cannot be made in time is skipped as too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// In all.
    pub all: usize,
    /// Of one person.
    pub person: usize,
}

/// Why a job was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Too many of that person's wait.
    Theirs,
    /// Too many wait altogether.
    All,
}

/// The jobs that wait, and those that are worked on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Whose jobs are worked on, in the order in which they were begun.
    pub running: Vec<Option<UserId>>,
    /// Those whose time has come, the longest waiting first.
    pub waiting: Vec<Waiting>,
    /// How long jobs took lately.
    pub usually: Option<Duration>,
}

/// A job that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// Who waits for it.
    pub person: Option<UserId>,
    /// Since when it could have been begun.
    pub since: Timestamp,
    /// Whether its person was told how long that may take.
    pub told: bool,
}

impl Refused {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Theirs => "theirs",
            Self::All => "all",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        [Self::Theirs, Self::All].into_iter().find(|refused| refused.as_str() == text)
    }
}

impl Queue {
    /// One that nobody waits in; who is worked for is told by id, nobody as the empty text.
    pub(super) fn of(running: impl IntoIterator<Item = String>, usually: Option<i64>) -> Self {
        let usually = usually.and_then(|took| u64::try_from(took).ok()).map(Duration::from_millis);
        let running = running.into_iter().map(|person| person.parse().ok()).collect();
        Self { running, waiting: Vec::new(), usually }
    }

    /// The places in `waiting` in the order in which they will be begun, if those under way end in the order in which
    /// they were begun and nobody else comes. That is how claims go: whoever has fewest under way is next.
    pub fn order(&self) -> Vec<usize> {
        let mut running: VecDeque<Option<&UserId>> = self.running.iter().map(Option::as_ref).collect();
        let mut busy: BTreeMap<&UserId, usize> = BTreeMap::new();
        for person in running.iter().flatten() {
            *busy.entry(person).or_default() += 1;
        }
        // Of each person only the first can be next.
        let mut by_person: BTreeMap<Option<&UserId>, VecDeque<usize>> = BTreeMap::new();
        for (place, one) in self.waiting.iter().enumerate() {
            by_person.entry(one.person.as_ref()).or_default().push_back(place);
        }
        let mut order = Vec::with_capacity(self.waiting.len());
        while order.len() < self.waiting.len() {
            if let Some(Some(person)) = running.pop_front()
                && let Some(count) = busy.get_mut(person)
            {
                *count = count.saturating_sub(1);
            }
            let under_way =
                |person: Option<&UserId>| person.and_then(|person| busy.get(person)).copied().unwrap_or(0);
            let next = by_person
                .iter()
                .filter_map(|(person, places)| Some((under_way(*person), *places.front()?, *person)))
                .min();
            let Some((_, place, person)) = next else { break };
            if let Some(places) = by_person.get_mut(&person) {
                places.pop_front();
            }
            if let Some(person) = person {
                *busy.entry(person).or_default() += 1;
            }
            running.push_back(person);
            order.push(place);
        }
        order
    }

    /// How long it takes until a job begins before which there are so many, if one takes `usually`. Where jobs wait,
    /// every worker there is has one.
    pub fn wait(&self, before: usize, usually: Duration) -> Duration {
        let turns = u32::try_from(before + 1).unwrap_or(u32::MAX);
        let workers = u32::try_from(self.running.len().max(1)).unwrap_or(u32::MAX);
        usually.saturating_mul(turns) / workers
    }
}

impl Store {
    /// The queue as it stands. `kind` is the kind of jobs whose length is told.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn queue(&self, kind: &str) -> Result<Queue, StoreError> {
        ask!(self, queue(kind, self.now()))
    }

    /// Takes a job that waits in order to tell its person that it does; nothing when it does not wait any more, or
    /// they were told and are not to be told `again`. It is to be handed back, and has its place then.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim_to_tell(
        &self,
        id: i64,
        worker: &str,
        lease: Duration,
        again: bool,
    ) -> Result<Option<Job>, StoreError> {
        let until = self.now().saturating_add(millis(lease));
        ask!(self, claim_to_tell(id, worker, until, again))
    }

    /// Takes a job that was refused and of which that has not been told.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim_refused(&self, worker: &str, lease: Duration) -> Result<Option<Job>, StoreError> {
        let now = self.now();
        ask!(self, claim(worker, now, now.saturating_add(millis(lease)), true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person(number: usize) -> Option<UserId> {
        (number > 0).then(|| format!("U{number}").parse().unwrap())
    }

    fn queue(running: &[usize], waiting: &[usize]) -> Queue {
        let one = |(place, of): (usize, &usize)| Waiting {
            id: i64::try_from(place).unwrap(),
            kind: "ask".to_owned(),
            person: person(*of),
            since: Timestamp::UNIX_EPOCH,
            told: false,
        };
        Queue {
            running: running.iter().map(|of| person(*of)).collect(),
            waiting: waiting.iter().enumerate().map(one).collect(),
            usually: None,
        }
    }

    #[test]
    fn somebodys_one_comes_before_anothers_ten() {
        // 1 has both workers and eight more waiting; 2 came last of all.
        assert_eq!(queue(&[1, 1], &[1, 1, 1, 1, 1, 1, 1, 1, 2]).order()[..3], [8, 0, 1]);
        // 2 is worked for, too, and they take turns.
        assert_eq!(queue(&[1, 2], &[1, 1, 1, 2, 2]).order(), [0, 3, 1, 4, 2]);
        // What nobody waits for has waited longest.
        assert_eq!(queue(&[1], &[0, 2, 1]).order(), [0, 1, 2]);
        assert_eq!(queue(&[], &[]).order(), Vec::<usize>::new());
    }

    #[test]
    fn the_wait_is_in_turns_of_all_workers() {
        let minute = Duration::from_secs(60);
        let four = queue(&[1, 2, 3, 4], &[5; 9]);
        assert_eq!(four.wait(0, minute), minute / 4, "one of four ends after a quarter");
        assert_eq!(four.wait(7, minute), minute * 2);
        assert_eq!(queue(&[], &[1]).wait(0, minute), minute);
    }

    proptest! {
        #[test]
        fn everybody_has_one_place_and_nobody_overtakes_themselves(
            running in prop::collection::vec(0usize..4, 0..6),
            waiting in prop::collection::vec(0usize..6, 0..40),
        ) {
            let order = queue(&running, &waiting).order();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..waiting.len()).collect::<Vec<_>>());
            for of in 0..6 {
                let own: Vec<usize> = order.iter().copied().filter(|place| waiting[*place] == of).collect();
                prop_assert!(own.is_sorted());
            }
        }
    }
}
