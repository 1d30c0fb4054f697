//! The ticker: a slot that is due becomes a durable job, once, whichever process notices it first.
//!
//! It looks again every second, because schedules are made by other processes, too, and because the
//! machine's clock may be set or its lid be closed. What was missed while nobody looked is late for two
//! hours, and then skipped.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::domain::{Clock, Due, Schedule};
use crate::store::{Enqueued, NewJob, Planned, Store, StoreError};

/// How often it is looked, at least.
const LOOK: Duration = Duration::from_secs(1);
/// A slot older than this is of no use to anybody any more.
pub const TOO_LATE: SignedDuration = SignedDuration::from_hours(2);

/// Makes jobs of slots until told to stop; `undeclared` is what the file says and the store does not know yet.
pub async fn tick(store: Store, mut undeclared: Vec<Schedule>, clock: Clock, stop: CancellationToken) {
    let mut readable = true;
    loop {
        let next = match planned(&store, &mut undeclared).await {
            Ok(planned) => {
                readable = true;
                look(&store, &planned, clock.now()).await
            }
            Err(error) => {
                // Once, not every second while it lasts.
                if std::mem::replace(&mut readable, false) && !error.is_told() {
                    tracing::error!(%error, "the schedules could not be read");
                }
                None
            }
        };
        let until = next.map(|next| next.duration_since(clock.now()).unsigned_abs());
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(until.unwrap_or(LOOK).min(LOOK)) => {}
        }
    }
}

async fn planned(store: &Store, undeclared: &mut Vec<Schedule>) -> Result<Vec<Planned>, StoreError> {
    if !undeclared.is_empty() {
        store.declare_schedules(undeclared).await?;
        undeclared.clear();
    }
    store.schedules().await
}

/// Makes jobs of what is due now; gives when something is due next.
async fn look(store: &Store, planned: &[Planned], now: Timestamp) -> Option<Timestamp> {
    let mut next: Option<Timestamp> = None;
    for one in planned.iter().filter(|one| !one.paused) {
        if let Err(error) = settle(store, one, now).await
            && !error.is_told()
        {
            tracing::error!(%error, schedule = one.schedule.name, "a schedule could not be looked after");
        }
        let coming = one.schedule.cron.next_after(now);
        next = next.into_iter().chain(coming).min();
    }
    next
}

async fn settle(store: &Store, one: &Planned, now: Timestamp) -> Result<(), StoreError> {
    let name = &one.schedule.name;
    match owed(one, now) {
        Owed::Nothing => Ok(()),
        Owed::Slot(slot) => {
            let due = Due { schedule: one.schedule.clone(), slot, at_once: false };
            if let Enqueued::New(job) = store.enqueue(&NewJob::due(&due)).await? {
                metrics::counter!("caughtup_schedule_slots_total", "outcome" => "due").increment(1);
                tracing::info!(schedule = name, %slot, job, "a digest is due");
            }
            store.settle_schedule(one.number, slot).await
        }
        Owed::TooLate(slot) => {
            skipped(name, slot, now);
            store.settle_schedule(one.number, slot).await
        }
    }
}

/// Says that a slot was missed for good.
pub fn skipped(name: &str, slot: Timestamp, now: Timestamp) {
    metrics::counter!("caughtup_schedule_slots_total", "outcome" => "skipped").increment(1);
    tracing::warn!(schedule = name, %slot, %now, "a digest was due while nobody could make it, and is skipped");
}

/// What a schedule owes its readers.
#[derive(Debug, PartialEq, Eq)]
enum Owed {
    Nothing,
    /// The newest slot, and with it those before it: one digest tells the news of all.
    Slot(Timestamp),
    /// Only slots that are too old: the first of them.
    TooLate(Timestamp),
}

fn owed(one: &Planned, now: Timestamp) -> Owed {
    let cron = &one.schedule.cron;
    let recent = now.checked_sub(TOO_LATE).map_or(one.settled, |recent| recent.max(one.settled));
    if let Some(newest) = cron.between(recent, now).last() {
        return Owed::Slot(newest);
    }
    // One after the other, each is settled and said; of a long absence only what is recent is counted.
    let week = recent.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(one.settled);
    match cron.between(one.settled.max(week), recent).last() {
        Some(missed) => Owed::TooLate(missed),
        None => Owed::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::Cron;

    fn planned(cron: &str, settled: &str) -> Planned {
        let cron = Cron::new(cron, &TimeZone::get("Europe/London").unwrap()).unwrap();
        Planned {
            number: 1,
            schedule: Schedule {
                name: "morning".to_owned(),
                request: "full-status".to_owned(),
                program: None,
                cron,
                channel: "#general".to_owned(),
                creator: None,
            },
            of_file: true,
            settled: settled.parse().unwrap(),
            paused: false,
        }
    }

    fn owes(cron: &str, settled: &str, now: &str) -> Owed {
        owed(&planned(cron, settled), now.parse().unwrap())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_slot_is_owed_from_its_instant_on_and_once() {
        let morning = |settled, now| owes("30 8 * * *", settled, now);
        assert_eq!(morning("2026-11-22T08:30:00Z", "2026-11-23T08:29:59.999Z"), Owed::Nothing);
        let slot = Owed::Slot(at("2026-11-23T08:30:00Z"));
        assert_eq!(morning("2026-11-22T08:30:00Z", "2026-11-23T08:30:00Z"), slot);
        assert_eq!(morning("2026-11-22T08:30:00Z", "2026-11-23T10:29:00Z"), slot);
        assert_eq!(morning("2026-11-23T08:30:00Z", "2026-11-23T08:30:01Z"), Owed::Nothing);
    }

    #[test]
    fn what_was_made_at_8_31_is_not_due_at_8_30() {
        assert_eq!(owes("30 8 * * *", "2026-11-23T08:31:00Z", "2026-11-23T08:31:01Z"), Owed::Nothing);
    }

    #[test]
    fn after_two_hours_it_is_skipped_and_of_several_only_the_newest_is_posted() {
        let too_late = Owed::TooLate(at("2026-11-23T08:30:00Z"));
        assert_eq!(owes("30 8 * * *", "2026-11-20T08:30:00Z", "2026-11-23T11:30:00Z"), too_late);
        let newest = Owed::Slot(at("2026-11-23T11:15:00Z"));
        assert_eq!(owes("*/15 * * * *", "2026-11-20T08:30:00Z", "2026-11-23T11:16:00Z"), newest);
        // Nobody was there for a year.
        assert_eq!(owes("30 8 * * *", "2025-11-20T08:30:00Z", "2026-11-23T11:30:00Z"), too_late);
        assert_eq!(owes("0 9 1 1 *", "2025-11-20T08:30:00Z", "2026-11-23T11:30:00Z"), Owed::Nothing);
    }

    #[test]
    fn the_doubled_hour_owes_one_slot() {
        let slot = Owed::Slot(at("2026-10-25T00:30:00Z"));
        assert_eq!(owes("30 1 * * *", "2026-10-24T00:30:00Z", "2026-10-25T00:30:01Z"), slot);
        assert_eq!(owes("30 1 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:01Z"), Owed::Nothing);
    }
}
