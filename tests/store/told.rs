//! What digests said, for as long as somebody may ask about it.

use caughtup::domain::{
    Asked, Audience, ChannelId, Clock, Coverage, Digest, MessageTs, Request, RunId, Synthesis, Timings,
    Usage, UserId, Window, WindowOrigin,
};
use jiff::SignedDuration;

use crate::places::{Place, now, on_every_store};

on_every_store! {
    a_thread_tells_its_last_digest
    what_is_kept_twice_is_kept_once
    what_was_told_is_forgotten_after_two_weeks
}

fn digest(clock: &Clock, headline: &str) -> Digest {
    let at = now(clock);
    let asked = Asked {
        name: "full-status".to_owned(),
        agents: vec![],
        programs: vec![],
        since: None,
        until: None,
        publish: true,
        writes: Vec::new(),
        overwrite: false,
        here: false,
    };
    Digest {
        run_id: RunId::new(at),
        request: Request {
            text: "что нового 🚦".to_owned(),
            asked,
            window: Window { since: at, until: at, origin: WindowOrigin::PreviousWorkingDay },
            reader: Some(ana()),
            audience: Audience::Reader(ana()),
            timezone: "UTC".to_owned(),
            at,
        },
        headline: headline.to_owned(),
        summary: vec![],
        findings: vec![],
        compared: false,
        gone: vec![],
        gone_titles: Default::default(),
        sections: vec![],
        gaps: vec![],
        published: vec![],
        coverage: Coverage::default(),
        usage: Usage::default(),
        timings: Timings::default(),
        synthesis: Synthesis::default(),
        lives: Default::default(),
    }
}

fn ana() -> UserId {
    "UANA".parse().unwrap()
}

fn channel() -> ChannelId {
    "C1".parse().unwrap()
}

fn thread(ts: &str) -> MessageTs {
    ts.parse().unwrap()
}

async fn a_thread_tells_its_last_digest(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let (one, other) = (thread("1795422660.000100"), thread("1795422660.000200"));
    let first = digest(clock, "first");
    store.keep_told(&ana(), &first).await.unwrap();
    assert_eq!(store.told_in(&channel(), one).await.unwrap(), None, "it is not posted yet");
    store.place_told(&first.run_id, &channel(), one).await.unwrap();
    let told = store.told_in(&channel(), one).await.unwrap().unwrap();
    assert_eq!((told.digest, told.asker, told.subject), (first.clone(), ana(), None));
    store.speak_of(&first.run_id, "DCT-42").await.unwrap();
    assert_eq!(store.told_in(&channel(), one).await.unwrap().unwrap().subject.as_deref(), Some("DCT-42"));

    clock.advance(SignedDuration::from_secs(1));
    let second = digest(clock, "second");
    store.keep_told(&ana(), &second).await.unwrap();
    store.place_told(&second.run_id, &channel(), one).await.unwrap();
    let told = store.told_in(&channel(), one).await.unwrap().unwrap();
    assert_eq!((told.digest.headline.as_str(), told.subject), ("second", None));
    // It was posted elsewhere after all.
    store.place_told(&second.run_id, &channel(), other).await.unwrap();
    assert_eq!(store.told_in(&channel(), one).await.unwrap().unwrap().digest.headline, "first");
    assert_eq!(store.told_in(&channel(), other).await.unwrap().unwrap().digest.headline, "second");
    assert_eq!(store.told_in(&"C2".parse().unwrap(), one).await.unwrap(), None);
}

async fn what_is_kept_twice_is_kept_once(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let once = digest(clock, "once");
    let at = thread("1795422660.000100");
    store.keep_told(&ana(), &once).await.unwrap();
    store.place_told(&once.run_id, &channel(), at).await.unwrap();
    store.speak_of(&once.run_id, "DCT-42").await.unwrap();
    let again = Digest { headline: "again".to_owned(), ..once.clone() };
    store.keep_told(&ana(), &again).await.unwrap();
    let told = store.told_in(&channel(), at).await.unwrap().unwrap();
    assert_eq!((told.digest, told.subject.as_deref()), (once, Some("DCT-42")));
    // Of what nobody kept there is nothing to say.
    let unknown = RunId::new(clock.now());
    store.place_told(&unknown, &channel(), thread("1795422660.000300")).await.unwrap();
    store.speak_of(&unknown, "DCT-1").await.unwrap();
    assert_eq!(store.told_in(&channel(), thread("1795422660.000300")).await.unwrap(), None);
}

async fn what_was_told_is_forgotten_after_two_weeks(place: Place) {
    let (store, clock) = (place.open().await, &place.clock);
    let at = thread("1795422660.000100");
    for headline in ["first", "second"] {
        let told = digest(clock, headline);
        store.keep_told(&ana(), &told).await.unwrap();
        store.place_told(&told.run_id, &channel(), at).await.unwrap();
        clock.advance(SignedDuration::from_hours(24 * 10));
        store.tidy().await.unwrap();
    }
    assert_eq!(store.told_in(&channel(), at).await.unwrap().unwrap().digest.headline, "second");
    clock.advance(SignedDuration::from_hours(24 * 10));
    store.tidy().await.unwrap();
    assert_eq!(store.told_in(&channel(), at).await.unwrap(), None);
}
