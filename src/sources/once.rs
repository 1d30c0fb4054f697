//! Single flight: each thing is asked once per run.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::timeline::{self, CallRef};
use super::{Shared, SourceError};

/// Things by key, each asked for by the first who wants it and waited for by the others.
///
/// A failure is an answer too: it stays for the run, so that a vendor that is down is not asked again
/// by every agent. When the one who asks is cancelled or panics, the next in line asks instead.
#[derive(Debug)]
pub(super) struct Once<K, V> {
    cells: Mutex<HashMap<K, Cell<V>>>,
}

type Cell<V> = Arc<OnceCell<Answered<V>>>;

#[derive(Debug)]
struct Answered<V> {
    value: Shared<V>,
    /// The call that completed it, which whoever takes the answer has waited for as well.
    last: Option<CallRef>,
}

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self { cells: Mutex::default() }
    }
}

impl<K: Eq + Hash, V> Once<K, V> {
    /// The thing under `key`, from `ask` if nobody has asked yet.
    pub(super) fn get(
        &self,
        key: K,
        ask: impl Future<Output = Result<V, SourceError>>,
    ) -> impl Future<Output = Shared<V>> {
        let cell = {
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(key).or_default())
        };
        // On the heap, as the whole reading of a thing would otherwise lie in each asker's future.
        let ask = Box::pin(ask);
        async move {
            let answered = cell
                .get_or_init(|| async {
                    let (value, last) = timeline::traced(ask).await;
                    Answered { value: value.map(Arc::new), last }
                })
                .await;
            timeline::consume(answered.last);
            answered.value.clone()
        }
    }

    /// Everything that has been answered so far, failures left out.
    pub(super) fn answered(&self) -> Vec<Arc<V>> {
        let cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.values().filter_map(|cell| cell.get()?.value.as_ref().ok().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::domain::Source;
    use crate::sources::timeline::{Recorder, both, branch};

    #[tokio::test]
    async fn concurrent_askers_share_one_call() {
        let once = Once::default();
        let asked = AtomicUsize::new(0);
        let ask = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok::<_, SourceError>(7)
        };
        let all = futures::future::join_all((0..5).map(|_| once.get("k", ask()))).await;
        assert!(all.iter().all(|got| got.as_deref() == Ok(&7)));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_failure_stays_for_the_run() {
        let once: Once<&str, u8> = Once::default();
        let failing = async { Err(SourceError::timed_out(Source::Jira)) };
        assert!(once.get("k", failing).await.is_err());
        assert!(once.get("k", async { Ok(1) }).await.is_err());
        assert!(once.get("other", async { Ok(1) }).await.is_ok());
        assert_eq!(once.answered().len(), 1);
    }

    #[tokio::test]
    async fn a_cancelled_asker_leaves_the_question_to_the_next() {
        let once: Once<&str, u8> = Once::default();
        let never = once.get("k", std::future::pending());
        let next = once.get("k", async { Ok(2) });
        tokio::select! {
            biased;
            _ = never => unreachable!("it never ends"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(next.await.as_deref(), Ok(&2));
    }

    #[tokio::test]
    async fn a_panic_does_not_poison_the_others() {
        use futures::FutureExt as _;
        let once: Once<&str, u8> = Once::default();
        let panicking = std::panic::AssertUnwindSafe(once.get("k", async { panic!("a defect") }));
        assert!(panicking.catch_unwind().await.is_err());
        assert_eq!(once.get("k", async { Ok(3) }).await.as_deref(), Ok(&3));
    }

    #[tokio::test]
    async fn who_waits_for_an_answer_waits_for_its_calls() {
        let recorder = Recorder::new();
        let once: Once<&str, ()> = Once::default();
        let ask = |name: &'static str| {
            let recorder = &recorder;
            once.get("k", async move {
                let index = recorder.sent(name.to_owned());
                tokio::task::yield_now().await;
                recorder.answered(index);
                Ok(())
            })
        };
        let (first, ()) = branch(both(ask("shared"), async {
            ask("not asked again").await.expect("it is there");
            let index = recorder.sent("then".to_owned());
            recorder.answered(index);
        }))
        .await;
        first.expect("it was asked");
        let calls = recorder.timeline().calls;
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[1].after, Some(0));
    }
}
