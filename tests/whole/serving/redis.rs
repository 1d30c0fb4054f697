//! What people in Slack see of each trouble of Redis, and that nothing which was acknowledged is lost.

use std::time::Duration;

use caughtup::store::Store;
use twin::faults::Fault;
use twin::server::Shared;
use twin::world::Message;

use super::{Served, at_rest, one_digest, posts, until_idle, wait};
use crate::company::{Company, clock};
use crate::server::{Server, free_port};

/// A company whose Slack gives messages again after seconds, not minutes.
async fn company(server: &Server) -> Company {
    let company = Company::story().await.over(server);
    company.twin.shared().sockets.change_habits(|habits| {
        habits.retries = [Duration::ZERO, Duration::from_secs(3), Duration::from_secs(6)];
    });
    company
}

fn ask(company: &Company) -> String {
    company.twin.says(&company.cast.reader, &company.cast.reader_dm, "get me caught up", None)
}

async fn notice(company: &Company) -> Message {
    let dm = company.cast.reader_dm.clone();
    wait(company, "a notice", |shared| posts(shared, &dm, "caughtup_notice").pop()).await
}

/// Asked while nothing can be kept: told so at once, and answered once when it can. A command is refused with a line.
async fn refused_then_answered(company: &Company, served: &Served, heal: impl AsyncFnOnce(), why: &str) {
    let (dana, dm) = (&company.cast.reader, company.cast.reader_dm.clone());
    let asked = ask(company);
    company.twin.slash(dana, &company.cast.digest_channel, "/caughtup get me caught up");
    let notice = notice(company).await;
    assert_eq!(notice.thread_ts.as_deref(), Some(asked.as_str()));
    assert!(notice.text.contains("can't take requests in at the moment"), "{}", notice.text);
    let said = |shared: &Shared| shared.margin.ephemerals().into_iter().next();
    let line = wait(company, "the command's line", said).await;
    assert!(line.text.contains("ask again in a few minutes"), "{}", line.text);
    let (status, ready) = served.get("/readyz").await;
    assert!(status == 503 && ready.contains(why), "{ready}");
    assert!(served.logged("could not be stored") <= 1, "one line, however many envelopes");
    heal().await;
    at_rest(company, 1).await;
    one_digest(company, &dm, Some(&asked), "caught-up");
    assert_eq!(posts(company.twin.shared(), &dm, "caughtup_notice").len(), 1);
    assert_eq!(served.get("/readyz").await.0, 200);
    assert_eq!(served.metric("caughtup_store_answers").await, Some(1.0));
}

#[tokio::test]
async fn down_at_the_start() {
    let server = Server::start(&[]).await;
    let company = company(&server).await.with_tables(
        "[[schedule]]\nname = \"morning\"\nworkflow = \"full-status\"\ncron = \"30 8 * * MON-FRI\"\nchannel = \"#general\"",
    );
    server.kill().await;
    let served = Served::start(&company).await;
    assert_eq!(served.metric("caughtup_store_answers").await, Some(0.0));
    refused_then_answered(&company, &served, async || server.run().await, "start it").await;
    let store = Store::open(&company.store(), clock()).await.unwrap();
    assert_eq!(
        store.schedules().await.unwrap().len(),
        1,
        "the file's schedules are declared when it is back"
    );
    company.finish();
}

#[tokio::test]
async fn a_password_that_is_wrong_is_said_and_not_waited_for() {
    let server = Server::with_password("hunter2").await;
    let company = Company::story().await;
    let mut command = company.command(&["serve"]);
    command.env("REDIS_URL", server.address(Some("hunter3")));
    let ended = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("refuses the password") && !said.contains("hunter"), "{said}");
    company.finish();
}

#[tokio::test]
async fn gone_in_the_middle_of_a_run() {
    let server = Server::start(&[]).await;
    let company = company(&server).await;
    let served = Served::start(&company).await;
    let dm = company.cast.reader_dm.clone();
    // Jira alone: Slack has not the calls for everything twice within a minute.
    company.twin.shared().faults.set("jira", None, Fault::Delay(Duration::from_millis(500)));
    let asked = company.twin.says(&company.cast.reader, &dm, "sprint board", None);
    let progress = wait(&company, "progress", |shared| posts(shared, &dm, "caughtup_progress").pop()).await;
    server.kill().await;
    let paused = wait(&company, "a word that it pauses", |shared| {
        posts(shared, &dm, "caughtup_progress").pop().filter(|post| post.text.contains("stop in the middle"))
    });
    assert_eq!(paused.await.ts, progress.ts, "in the place of the progress");
    server.run().await;
    at_rest(&company, 1).await;
    let shared = company.twin.shared();
    let digests = posts(shared, &dm, "caughtup_digest");
    assert_eq!(digests.iter().map(|digest| &digest.ts).collect::<Vec<_>>(), [&progress.ts]);
    assert_eq!(digests[0].thread_ts.as_deref(), Some(asked.as_str()));
    assert_eq!(
        (posts(shared, &dm, "caughtup_section").len(), posts(shared, &dm, "caughtup_progress").len()),
        (1, 0)
    );
    assert!(served.logged("no job could be claimed") <= 1, "one line, however long it lasts");
    company.finish();
}

#[tokio::test]
async fn read_only_as_a_replica_is() {
    let server = Server::start(&[]).await;
    let company = company(&server).await;
    let served = Served::start(&company).await;
    server.ask::<()>(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]).await;
    let heal = async || server.ask::<()>(&["REPLICAOF", "NO", "ONE"]).await;
    refused_then_answered(&company, &served, heal, "read-only").await;
    company.finish();
}

#[tokio::test]
async fn out_of_memory() {
    let server = Server::start(&[]).await;
    let company = company(&server).await;
    let served = Served::start(&company).await;
    server.ask::<()>(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let heal = async || server.ask::<()>(&["CONFIG", "SET", "maxmemory", "0"]).await;
    refused_then_answered(&company, &served, heal, "out of memory").await;
    company.finish();
}

/// Slower than an acknowledgement may be: Slack gives it again, and it is one request.
#[tokio::test]
async fn slow() {
    let server = Server::start(&[]).await;
    let company = company(&server).await;
    let served = Served::start(&company).await;
    server.ask::<()>(&["CLIENT", "PAUSE", "1200"]).await;
    let dm = company.cast.reader_dm.clone();
    let asked = ask(&company);
    at_rest(&company, 1).await;
    one_digest(&company, &dm, Some(&asked), "caught-up");
    assert!(posts(company.twin.shared(), &dm, "caughtup_notice").is_empty(), "a second is no trouble");
    server.ask::<()>(&["CLIENT", "PAUSE", "7000"]).await;
    let marcus = company.twin.dm(&company.cast.lead);
    let asked = company.twin.says(&company.cast.lead, &marcus, "get me caught up", None);
    let told = |shared: &Shared| posts(shared, &marcus, "caughtup_notice").pop();
    wait(&company, "a notice", told).await;
    let digest = |shared: &Shared| posts(shared, &marcus, "caughtup_digest").pop();
    wait(&company, "the digest", digest).await;
    until_idle(&company).await;
    one_digest(&company, &marcus, Some(&asked), "caught-up");
    assert_eq!(served.get("/readyz").await.0, 200);
    company.finish();
}

/// Nothing dies, but the store stops for five seconds, twice, in the middle of what was acknowledged.
#[tokio::test]
async fn stalled_in_the_middle_of_runs() {
    let server = Server::start(&[]).await;
    let company = super::crowd::company(6).await.over(&server);
    let served = Served::start(&company).await;
    let asked: Vec<_> =
        (0..6).map(|n| super::crowd::says(&company, &super::crowd::person(n), "sprint board")).collect();
    for _ in 0..2 {
        // Whatever is under way has to wait for the next thing that it asks the store.
        served
            .until_metric("caughtup_envelopes_total{kind=\"events_api\",outcome=\"accepted\"}", |n| n >= 6.0)
            .await;
        server.ask::<()>(&["CLIENT", "PAUSE", "5000"]).await;
        server.ask::<String>(&["PING"]).await;
    }
    until_idle(&company).await;
    assert_eq!(super::crowd::tally(company.twin.shared(), &asked), [0, 6, 0]);
    for one in &asked {
        let digests = posts(company.twin.shared(), &one.channel, "caughtup_digest");
        assert_eq!(digests.len(), 1, "{:#?}", company.twin.posts(&one.channel));
    }
    assert_eq!(served.logged("a run failed"), 0);
    company.finish();
}

/// A command whose request may have been taken in is told that nobody knows, and asking again does not double it.
#[tokio::test]
async fn too_slow_for_a_command() {
    let server = Server::start(&[]).await;
    let company = company(&server).await;
    let _served = Served::start(&company).await;
    let dana = &company.cast.reader;
    server.ask::<()>(&["CLIENT", "PAUSE", "4000"]).await;
    company.twin.slash(dana, &company.cast.digest_channel, "/caughtup sprint board");
    let said = |shared: &Shared| shared.margin.ephemerals().into_iter().next();
    let line = wait(&company, "the command's line", said).await;
    assert!(line.text.contains("can't say whether I have this one"), "{}", line.text);
    assert!(!line.text.contains("Nothing was started"), "{}", line.text);
    // Whichever way it went, it is either answered once or never.
    server.ask::<String>(&["PING"]).await;
    at_rest(&company, 1).await;
    let dm = company.cast.reader_dm.clone();
    let answered = posts(company.twin.shared(), &dm, "caughtup_digest").len();
    assert!(answered <= 1);
    company.twin.slash(dana, &company.cast.digest_channel, "/caughtup sprint board");
    at_rest(&company, 2).await;
    assert_eq!(posts(company.twin.shared(), &dm, "caughtup_digest").len(), answered + 1);
    company.finish();
}

/// One run needs no store: it is made, and says what it lacks.
#[tokio::test]
async fn a_run_of_the_command_line_is_made_without() {
    let server = Server::start(&[]).await;
    let company = Company::story().await.over(&server);
    server.kill().await;
    let digest = company.digest("get me caught up", &company.cast.reader_email).await;
    let gaps = digest["gaps"].to_string();
    assert!(gaps.contains("this one is not remembered"), "{gaps}");
    assert!(!digest["findings"].as_array().unwrap().is_empty());
    company.finish();
}
