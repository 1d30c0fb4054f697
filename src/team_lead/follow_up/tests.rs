//! Answers that need no model, as people read them.

use jiff::SignedDuration;

use super::answer::answer;
use super::question;
use crate::config::StoreUrl;
use crate::domain::{Clock, Digest, Prose, Reply};
use crate::render::{Telling, prose_text};
use crate::store::Store;
use crate::team_lead::synthesis::tests::digest;

fn shown(reply: &Reply, digest: &Digest) -> String {
    let telling = Telling::new("UTC", digest.request.at);
    let tell = |prose: &Prose| prose_text(prose, &telling);
    let mut out: Vec<String> = reply
        .lines
        .iter()
        .map(|line| {
            let links: Vec<&str> = line.evidence.iter().map(|one| one.url.as_str()).collect();
            format!("{} {}", tell(&line.text), links.join(" ")).trim().to_owned()
        })
        .collect();
    out.extend(reply.draft.iter().map(|draft| format!("---\n{draft}\n---")));
    out.extend(reply.note.clone());
    out.join("\n")
}

fn ask(words: &str, visible: &Digest, spoken_of: Option<&str>) -> String {
    let told = digest();
    let question = question::read(words).unwrap();
    format!("> {words}\n{}", shown(&answer(&question, &told, visible, spoken_of).reply, &told))
}

#[test]
fn what_people_get() {
    let told = digest();
    let answers = [
        ask("why is DCT-42 flagged?", &told, None),
        ask("more on 2", &told, None),
        ask("who owns it?", &told, Some("stale-ticket ROAD-7")),
        ask("who owns 3?", &told, None),
        ask("since when?", &told, Some("stale-ticket DCT-42")),
        ask("draft a nudge to the owner", &told, None),
        ask("why is DCT-99 flagged?", &told, None),
        ask("more on 9", &told, None),
    ];
    insta::assert_snapshot!(answers.join("\n\n"));
}

#[test]
fn what_may_not_be_seen_any_more_is_not_spoken_of() {
    let mut visible = digest();
    visible.findings.retain(|finding| finding.subject != "DCT-42");
    for words in ["why is DCT-42 flagged?", "more on 1", "draft a nudge for DCT-42", "who owns it?"] {
        let told = ask(words, &visible, Some("stale-ticket DCT-42"));
        assert!(told.contains("can't be shown any more"), "{told}");
        assert!(!told.contains("vendor") && !told.contains("Marco") && !told.contains("archives"), "{told}");
    }
    assert!(ask("more on 2", &visible, None).contains("ROAD-7"), "risks are counted as they were shown");
}

#[test]
fn a_draft_cannot_be_turned_into_something_else() {
    let mut told = digest();
    told.findings[0].title = "``` <!channel> @here https://evil.example".to_owned();
    let question = question::read("draft a nudge for 1").unwrap();
    let draft = answer(&question, &told, &told, None).reply.draft.unwrap();
    assert!(
        !draft.contains('`') && !draft.contains("evil") && !draft.contains('@') && !draft.contains("<!"),
        "{draft}"
    );
}

/// What a digest rests on is there for whoever asks in its thread, and gone after two weeks.
#[tokio::test]
async fn it_is_kept_by_its_thread_and_not_for_ever() {
    let clock = Clock::system();
    let store = Store::open(&StoreUrl::Memory, clock.clone()).await.unwrap();
    let (channel, root) = ("D0000000001".parse().unwrap(), "1763366400.000100".parse().unwrap());
    let other = "1763366400.000200".parse().unwrap();
    let (asker, digest) = ("U0000000001".parse().unwrap(), digest());
    store.keep_told(&asker, &digest).await.unwrap();
    assert_eq!(store.told_in(&channel, root).await.unwrap(), None, "not before it was posted");
    store.place_told(&digest.run_id, &channel, root).await.unwrap();
    store.keep_told(&asker, &digest).await.unwrap();
    store.speak_of(&digest.run_id, "stale-ticket DCT-42").await.unwrap();
    let told = store.told_in(&channel, root).await.unwrap().unwrap();
    assert_eq!((told.asker, told.subject.as_deref()), (asker, Some("stale-ticket DCT-42")));
    assert_eq!((told.digest.findings, told.digest.sections.len()), (digest.findings, 0));
    assert_eq!(store.told_in(&channel, other).await.unwrap(), None);
    clock.advance(SignedDuration::from_hours(15 * 24));
    store.tidy().await.unwrap();
    assert_eq!(store.told_in(&channel, root).await.unwrap(), None);
}
