use serde_json::{Value, json};

use super::*;
use crate::sources::slack::wire::Readable;

fn ts(seconds: i64) -> MessageTs {
    format!("{seconds}.000100").parse().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn message(at: i64, said: &str) -> WireMessage {
    WireMessage::read(&json!({"ts": ts(at).to_string(), "user": "U1", "text": said})).unwrap()
}

fn parent(at: i64, latest: i64, count: u32) -> WireMessage {
    let object = json!({
        "ts": ts(at).to_string(), "thread_ts": ts(at).to_string(), "user": "U1", "text": format!("thread {at}"),
        "reply_count": count, "latest_reply": ts(latest).to_string(),
    });
    WireMessage::read(&object).unwrap()
}

fn reply(root: i64, at: i64, said: &str) -> WireMessage {
    let object = json!({
        "ts": ts(at).to_string(), "thread_ts": ts(root).to_string(), "user": "U1", "text": said,
        "reactions": [{"name": "eyes", "users": ["U2"]}], "edited": {"ts": "9.000000"},
    });
    WireMessage::read(&object).unwrap()
}

fn thread(root: i64, latest: i64, said: &str) -> Thread {
    let mark = Mark { latest_reply: ts(latest), reply_count: 1 };
    Thread::new(mark, [(ts(latest), Arc::new(reply(root, latest, said)))].into(), Some(ts(latest)), at(1000))
}

fn part(from: i64, messages: Vec<WireMessage>) -> Option<Part> {
    let messages = messages.into_iter().map(|message| (message.ts, Arc::new(message))).collect();
    Some(Part { from: ts(from), messages, whole: true })
}

/// A channel with these messages and threads, read from its beginning.
fn kept(messages: Vec<WireMessage>, threads: Vec<(i64, Thread)>) -> Kept {
    let mut kept = Kept::nothing(at(1000));
    let threads = threads.into_iter().map(|(root, thread)| (ts(root), None, thread)).collect();
    kept.take(Fresh { newer: part(0, messages), threads, ..Fresh::default() }, 1, at(1000), Some(7));
    kept
}

fn hear(kept: &mut Kept, event: Value) -> bool {
    let mut whole = json!({"channel": "C1", "channel_type": "channel"});
    whole.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
    let heard = Heard::read(&whole).unwrap_or_else(|| panic!("not heard: {whole}"));
    kept.hear(&heard, 2, at(2000))
}

fn said(kept: &Kept) -> Vec<&str> {
    kept.since(ts(0)).map(|message| message.text.as_str()).collect()
}

#[test]
fn a_thread_is_known_as_long_as_it_has_not_grown() {
    let kept = kept(vec![parent(10, 20, 1)], vec![(10, thread(10, 20, "مرحبا 👋"))]);
    let kept = Kept::read(&kept.clone().written()).expect("it is readable");
    let mark = |latest, count| Some(Mark { latest_reply: ts(latest), reply_count: count });
    let replies: Vec<_> = kept.replies(ts(10), mark(20, 1)).expect("as it was").collect();
    assert_eq!(replies, [&Arc::new(reply(10, 20, "مرحبا 👋"))]);
    for other in [None, mark(21, 1), mark(20, 2)] {
        assert!(!kept.knows(ts(10), other), "{other:?}");
    }
    assert!(!kept.knows(ts(11), mark(20, 1)));
}

#[test]
fn what_was_listened_to_is_warm_and_what_was_read_long_ago_is_not() {
    let kept = kept(vec![message(10, "x")], vec![]);
    assert!(kept.is_warm(Some(7), at(1000)));
    assert!(kept.is_warm(Some(7), at(1000 + 11 * 3600)));
    for (epoch, now) in [(None, 1000), (Some(8), 1000), (Some(7), 1000 + 12 * 3600)] {
        assert!(!kept.is_warm(epoch, at(now)), "{epoch:?} {now}");
    }
    assert!(!Kept::nothing(at(1000)).is_warm(None, at(1000)), "nothing was read");
}

#[test]
fn what_is_read_again_replaces_what_was_there_and_forgets_what_is_gone() {
    let mut kept = kept(
        vec![message(10, "old"), parent(20, 21, 1), parent(30, 31, 1), message(40, "x")],
        vec![(20, thread(20, 21, "a")), (30, thread(30, 31, "b"))],
    );
    assert_eq!(kept.edge(2), Some(ts(30)), "the watermark is later than that");
    assert_eq!(kept.edge(9), Some(ts(0)));
    let newer = part(20, vec![parent(20, 25, 2), message(40, "y"), message(50, "new")]);
    kept.take(Fresh { newer, ..Fresh::default() }, 2, at(2000), Some(8));
    assert_eq!(said(&kept), ["old", "thread 20", "y", "new"]);
    assert!(kept.threads.is_empty(), "one has grown, the other's first message is gone");
    assert!(kept.is_warm(Some(8), at(2000)) && !kept.is_warm(Some(7), at(2000)));
}

#[test]
fn a_reading_that_was_cut_short_leaves_nothing_unseen_behind_it() {
    let mut kept = kept(vec![message(10, "old")], vec![]);
    let mut newer = part(100, vec![message(100, "new")]);
    newer.as_mut().unwrap().whole = false;
    kept.take(Fresh { newer, ..Fresh::default() }, 2, at(2000), Some(8));
    assert_eq!((said(&kept), kept.from()), (vec!["new"], Some(ts(100))));
    let older = part(5, vec![message(10, "old"), message(50, "between")]);
    kept.take(Fresh { older, ..Fresh::default() }, 3, at(3000), Some(8));
    assert_eq!((said(&kept), kept.from()), (vec!["old", "between", "new"], Some(ts(5))));
}

#[test]
fn who_began_to_read_later_knows_better() {
    let mut kept = kept(vec![message(10, "as it is")], vec![]);
    let late = part(0, vec![message(10, "as it was")]);
    kept.take(Fresh { newer: late, ..Fresh::default() }, 1, at(999), Some(7));
    assert_eq!(said(&kept), ["as it is"]);
}

#[test]
fn what_is_heard_while_a_channel_is_read_comes_on_top_of_what_was_read() {
    let mut kept = Kept::nothing(at(1000));
    hear(&mut kept, json!({"type": "message", "user": "U1", "text": "meanwhile", "ts": ts(70).to_string()}));
    hear(
        &mut kept,
        json!({"type": "message", "subtype": "message_deleted", "ts": ts(72).to_string(),
        "deleted_ts": ts(60).to_string()}),
    );
    hear(
        &mut kept,
        json!({"type": "reaction_added", "user": "U2", "reaction": "white_check_mark",
        "item": {"type": "message", "channel": "C1", "ts": ts(50).to_string()}, "event_ts": ts(71).to_string()}),
    );
    let newer = part(0, vec![message(50, "read"), message(60, "deleted meanwhile")]);
    kept.take(Fresh { newer, ..Fresh::default() }, 1, at(1000), Some(7));
    assert_eq!(said(&kept), ["read", "meanwhile"]);
    assert_eq!(kept.messages[&ts(50)].reactions[0].name, "white_check_mark");
    assert!(kept.is_warm(Some(7), at(1000)));
}

#[test]
fn a_scan_that_forgot_what_was_heard_since_a_reading_began_is_not_warm() {
    let mut kept = Kept::nothing(at(1000));
    for n in 0..600 {
        let event = json!({"type": "message", "user": "U1", "text": "x", "ts": ts(n).to_string()});
        kept.hear(
            &Heard::read(&json!({"type": "message", "channel": "C1", "user": "U1", "text": "x",
            "ts": event["ts"]}))
            .unwrap(),
            2 + n,
            at(1000),
        );
    }
    assert!(kept.heard.len() <= 500);
    kept.take(Fresh { newer: part(0, vec![]), ..Fresh::default() }, 1, at(1000), Some(7));
    assert!(!kept.is_warm(Some(7), at(1000)));
}

#[test]
fn deleted_words_are_nowhere_any_more() {
    let mut kept = kept(vec![message(10, "harmless")], vec![]);
    let secret =
        |at: i64| json!({"type": "message", "user": "U1", "text": "hunter2", "ts": ts(at).to_string()});
    hear(&mut kept, secret(2000));
    hear(
        &mut kept,
        json!({"type": "message", "user": "U1", "text": "hunter2", "ts": ts(2001).to_string(),
        "thread_ts": ts(2000).to_string()}),
    );
    assert!(String::from_utf8(kept.clone().written()).unwrap().contains("hunter2"));
    for gone in [2000, 2001] {
        hear(
            &mut kept,
            json!({"type": "message", "subtype": "message_deleted", "ts": ts(3000 + gone).to_string(),
            "deleted_ts": ts(gone).to_string(), "previous_message": {"ts": ts(gone).to_string(), "text": "hunter2"}}),
        );
    }
    hear(&mut kept, secret(2000));
    assert!(!String::from_utf8(kept.clone().written()).unwrap().contains("hunter2"));
    assert_eq!(said(&kept), ["harmless"]);
}

#[test]
fn the_words_under_a_tombstone_are_gone_though_they_had_been_edited() {
    let mut edited = parent(10, 20, 1);
    (edited.text, edited.edited) = ("hunter2".to_owned(), Some(ts(15)));
    let mut kept = kept(vec![edited, message(30, "x")], vec![(10, thread(10, 20, "a reply"))]);
    hear(
        &mut kept,
        json!({"type": "message", "subtype": "message_changed", "ts": ts(40).to_string(),
        "message": {"ts": ts(10).to_string(), "thread_ts": ts(10).to_string(), "subtype": "tombstone", "user": "USLACKBOT",
            "text": "This message was deleted."}, "previous_message": {"text": "hunter2"}}),
    );
    assert!(!String::from_utf8(kept.clone().written()).unwrap().contains("hunter2"));
    let mark = Mark::of(&kept.messages[&ts(10)]);
    assert!(kept.messages[&ts(10)].housekeeping && kept.knows(ts(10), mark), "its replies are still said");
}

#[test]
fn a_thread_whose_beginning_is_not_kept_wakes_up() {
    let mut kept = kept(vec![message(100, "x")], vec![]);
    kept.forget_before(ts(50));
    hear(
        &mut kept,
        json!({"type": "message", "user": "U1", "text": "again", "ts": ts(200).to_string(),
        "thread_ts": ts(10).to_string()}),
    );
    let woken = kept.woken(ts(150));
    assert_eq!((woken.len(), woken[0].ts, woken[0].latest_reply), (1, ts(10), Some(ts(200))));
    assert!(woken[0].housekeeping, "nothing of it is shown before it was read");
    assert!(kept.woken(ts(201)).is_empty());
}

#[test]
fn no_more_is_written_than_there_is_room_for() {
    let long = "long ".repeat(700);
    let messages = (1..3000).map(|n| message(n * 10, &long)).collect();
    let mut kept = kept(messages, vec![]);
    let bytes = kept.written();
    assert!(bytes.len() <= MOST_BYTES, "{}", bytes.len());
    let read = Kept::read(&bytes).unwrap();
    assert!(read.messages.len() > 500 && read.messages.contains_key(&ts(29990)), "the latest stay");
    assert_eq!(read.from().as_ref(), read.messages.keys().next(), "and it is known from where on");
}

#[test]
fn what_cannot_be_read_is_nothing() {
    let whole = kept(vec![message(10, "x")], vec![]).written();
    for end in 0..whole.len() {
        assert_eq!(Kept::read(&whole[..end]), None, "{end}");
    }
    assert_eq!(Kept::read(br#"{"version":1,"threads":[]}"#), None);
    assert_eq!(Kept::read(&[0xff, 0x00, 0x80]), None);
}
