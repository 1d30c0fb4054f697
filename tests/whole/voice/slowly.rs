//! Slack carries posts out late: each is there once in the end, and nothing says "Reading" for ever.

use std::time::Duration;

use twin::faults::Fault;
use twin::server::Shared;

use crate::company::Company;
use crate::serving::{Served, at_rest, one_digest, posts, wait};

const POST: Option<&str> = Some("chat.postMessage");
const UPDATE: Option<&str> = Some("chat.update");

/// Asks in direct messages while Slack is so slow; one whole digest and nothing else is there in the end.
async fn is_said_once(company: Company, slow: impl Fn(&Company)) {
    let _served = Served::start(&company).await;
    slow(&company);
    let dm = company.cast.reader_dm.clone();
    let asked = company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
    at_rest(&company, 1).await;
    one_digest(&company, &dm, Some(&asked), "caught-up");
    company.finish();
}

#[tokio::test]
async fn a_first_post_that_takes_eight_seconds_becomes_the_digest() {
    is_said_once(Company::story().await, |company| {
        company.twin.shared().faults.next("slack", POST, Fault::Late(Duration::from_secs(8)), 1);
    })
    .await;
}

#[tokio::test]
async fn posts_that_take_longer_than_a_read_may_are_waited_for() {
    let company = Company::story().await.with_tables("[limits]\nsource_timeout = \"3s\"");
    is_said_once(company, |company| {
        let faults = &company.twin.shared().faults;
        faults.next("slack", POST, Fault::Late(Duration::from_secs(5)), 3);
        faults.next("slack", UPDATE, Fault::Late(Duration::from_secs(5)), 2);
    })
    .await;
}

#[tokio::test]
async fn a_post_that_comes_after_it_was_given_up_is_taken_away() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    company.twin.shared().faults.next("slack", POST, Fault::Late(Duration::from_secs(35)), 1);
    let dm = company.cast.reader_dm.clone();
    let asked = company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
    wait(&company, "the late copy", |shared: &Shared| {
        let both = posts(shared, &dm, "caughtup_digest").len() == 1
            && posts(shared, &dm, "caughtup_progress").len() == 1;
        both.then_some(())
    })
    .await;
    wait(&company, "the late copy to be gone", |shared: &Shared| {
        posts(shared, &dm, "caughtup_progress").is_empty().then_some(())
    })
    .await;
    one_digest(&company, &dm, Some(&asked), "caught-up");
    assert!(served.soon("caughtup_posts_taken_back_total", |taken| taken >= 1.0).await);
    company.finish();
}

#[tokio::test]
async fn an_answer_that_cannot_replace_the_progress_takes_it_away() {
    for refusal in ["msg_too_long", "edit_window_closed"] {
        is_said_once(Company::story().await, |company| {
            company.twin.shared().faults.set("slack", UPDATE, Fault::SlackError(refusal.to_owned()));
        })
        .await;
    }
}

#[tokio::test]
async fn the_first_word_does_not_wait_for_what_the_agents_wait_for() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, dm) = (&company.cast.reader, &company.cast.reader_dm);
    // Whose channels they are is asked before any agent begins.
    let slow = Duration::from_secs(15);
    company.twin.shared().faults.set("slack", Some("users.conversations"), Fault::Delay(slow));
    company.twin.says(dana, dm, "get me caught up", None);
    let asked = tokio::time::Instant::now();
    wait(&company, "a first word", |shared| posts(shared, dm, "caughtup_progress").pop()).await;
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    company.twin.shared().faults.clear();
    at_rest(&company, 1).await;
    company.finish();
}
