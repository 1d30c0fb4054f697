//! Threads that Slack allows no call for: what was read of them before, and for whom.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::*;
use crate::domain::ChannelId;
use crate::sources::{ChannelScan, ErrorKind};

const THREADS: u32 = 3;

/// A workspace whose channels hold threads of one reply. Once it is `exhausted`, no thread is opened any more;
/// `said` counts what was added to the first thread, `gone` says that the second was deleted.
#[derive(Default)]
struct Talking {
    exhausted: AtomicBool,
    said: AtomicU32,
    gone: AtomicBool,
}

impl Talking {
    fn replies(&self, root: u32) -> Vec<Value> {
        let count = 1 + if root == 1 { self.said.load(Ordering::Relaxed) } else { 0 };
        let reply = |n: u32| json!({"ts": ts(root * 10 + n), "thread_ts": ts(root), "user": "U2", "text": format!("reply {n} of {root}")});
        (1..=count).map(reply).collect()
    }

    fn parent(&self, root: u32) -> Value {
        let replies = self.replies(root);
        json!({"ts": ts(root), "thread_ts": ts(root), "user": "U1", "text": format!("thread {root}"),
            "reply_count": replies.len(), "latest_reply": replies.last().unwrap()["ts"]})
    }

    fn answer(&self, seen: &Seen) -> Response {
        match seen.method.as_str() {
            "conversations.history" if seen.query.contains_key("latest") => ok(json!({"messages": []})),
            "conversations.history" => {
                let there = (1..=THREADS).filter(|root| *root != 2 || !self.gone.load(Ordering::Relaxed));
                ok(json!({"messages": there.map(|root| self.parent(root)).collect::<Vec<_>>()}))
            }
            "conversations.replies" if self.exhausted.load(Ordering::Relaxed) => too_many("120"),
            "conversations.replies" => {
                let root = (1..=THREADS).find(|root| ts(*root) == seen.query["ts"]).unwrap();
                let mut all = vec![self.parent(root)];
                all.extend(self.replies(root));
                ok(json!({"messages": all}))
            }
            _ => workspace(seen),
        }
    }
}

async fn talking() -> (Arc<Talking>, Up, Arc<Upstream>) {
    let talking = Arc::new(Talking::default());
    let answers = Arc::clone(&talking);
    let slack = Up::answering(move |seen| answers.answer(seen)).await;
    let upstream = slack.upstream("5s").await;
    (talking, slack, upstream)
}

fn open_channel() -> ChannelId {
    "C1".parse().unwrap()
}

async fn read(upstream: &Arc<Upstream>, channel: &ChannelId) -> (Arc<ChannelScan>, u64, Vec<String>) {
    let run = upstream.open(scope(Audience::Reader("U2".parse().unwrap()), Duration::from_secs(30)));
    let scan = run.scan(channel).await.expect("it is read");
    // People are counted as well: they are known for a minute.
    let hits = run.usage().cache_hits;
    (scan, hits, run.coverage().left_out)
}

fn said(scan: &ChannelScan) -> Vec<&str> {
    scan.messages.iter().map(|message| message.text.as_str()).collect()
}

#[tokio::test]
async fn a_thread_without_a_call_is_remembered_as_long_as_it_has_not_grown() {
    let (talking, slack, upstream) = talking().await;
    let (first, ..) = read(&upstream, &open_channel()).await;
    let everything = ["thread 1", "thread 2", "thread 3", "reply 1 of 1", "reply 1 of 2", "reply 1 of 3"];
    assert_eq!((said(&first), first.threads_unread), (everything.to_vec(), 0));

    talking.exhausted.store(true, Ordering::Relaxed);
    let (second, hits, left_out) = read(&upstream, &open_channel()).await;
    assert_eq!((said(&second), second.threads_unread), (everything.to_vec(), 0), "as if it had been read");
    assert_eq!((hits, left_out), (3 + 1, Vec::new()), "three threads, and people");
    assert_eq!(slack.seen("conversations.replies").len(), THREADS as usize, "nothing has grown");
    assert!(
        second.messages.iter().any(|message| message.is_reply() && message.permalink.contains("thread_ts="))
    );

    talking.said.store(1, Ordering::Relaxed);
    talking.gone.store(true, Ordering::Relaxed);
    let (third, hits, left_out) = read(&upstream, &open_channel()).await;
    assert_eq!(said(&third), ["thread 1", "thread 3", "reply 1 of 3"], "what grew is not told half");
    assert_eq!((third.threads_unread, hits), (1, 1 + 1));
    assert_eq!(left_out, [""; 0], "it was not we who held back");
    let turned_away = third.failed.threads.as_ref().map(|error| &error.kind);
    assert!(matches!(turned_away, Some(ErrorKind::RateLimited(_))), "{turned_away:?}");
    assert_eq!(slack.seen("conversations.history").len(), 2 + 1 + 1, "older messages once, news each time");

    talking.gone.store(false, Ordering::Relaxed);
    let (fourth, ..) = read(&upstream, &open_channel()).await;
    assert_eq!(fourth.threads_unread, 2, "what had gone was forgotten");
}

#[tokio::test]
async fn what_is_remembered_of_a_channel_is_only_for_those_who_may_read_it() {
    let (talking, _slack, upstream) = talking().await;
    let closed: ChannelId = "C2".parse().unwrap();
    assert_eq!(read(&upstream, &closed).await.0.messages.len(), 6, "a member reads it");
    assert!(upstream.store.get_scan("C2").await.unwrap().is_some());

    talking.exhausted.store(true, Ordering::Relaxed);
    for outsider in [
        Audience::Reader("U1".parse().unwrap()),
        Audience::Everyone,
        Audience::Channel("C1".parse().unwrap()),
    ] {
        let run = upstream.open(scope(outsider.clone(), Duration::from_secs(30)));
        let error = run.scan(&closed).await.expect_err("it is closed to them");
        assert_eq!(error.kind, ErrorKind::NotFound, "{outsider:?}");
        assert_eq!(run.coverage().messages, 0);
        let told = format!("{error} {:?}", run.coverage());
        assert!(!told.contains("closed") && !told.contains("C2") && !told.contains("reply"), "{told}");
    }
}

#[tokio::test]
async fn a_store_that_holds_something_else_is_no_hindrance() {
    let (_talking, _slack, upstream) = talking().await;
    upstream.store.put_scan("C1", None, b"{\"version\":1,\"threads\":[{}").await.unwrap();
    let (scan, ..) = read(&upstream, &open_channel()).await;
    assert_eq!((scan.messages.len(), scan.threads_unread), (6, 0));
    let kept = upstream.store.get_scan("C1").await.unwrap().unwrap().bytes;
    assert!(String::from_utf8(kept).unwrap().contains("reply 1 of 3"), "it was written anew");
}
