//! Sockets and workers apart: processes of different roles that share a store are one bot.

use super::{Served, at_rest, one_digest};
use crate::company::Company;

#[tokio::test]
async fn a_listener_takes_in_and_a_worker_answers() {
    let company = Company::story().await;
    let dm = company.cast.reader_dm.clone();
    let listener = Served::start_as(&company, "listener").await;
    let (ready, why) = listener.get("/readyz").await;
    assert!(ready == 200 && why.contains("slack connections: 2"), "{why}");
    let asked = company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
    let taken = company.twin.wait_for("the request to be acknowledged", |shared| {
        let acks = shared.ledger.acknowledgements();
        acks.iter().any(|ack| ack.after.is_some()).then_some(())
    });
    taken.await.unwrap();
    // Nobody works yet, and what is acknowledged is kept: the listener may go.
    listener.kill().await;
    assert!(company.twin.posts(&dm).iter().all(|message| message.ts == asked));
    let worker = Served::start_as(&company, "worker").await;
    let (ready, why) = worker.get("/readyz").await;
    assert!(ready == 200 && why.contains("slack connections: 0"), "{why}");
    at_rest(&company, 1).await;
    one_digest(&company, &dm, Some(&asked), "caught-up");
    assert_eq!(company.twin.shared().sockets.connections(), 0, "a worker holds no socket");
    company.finish();
}

#[tokio::test]
async fn in_memory_nobody_meets() {
    let company = Company::story().await;
    let company = company.but("[store]\nurl = \"sqlite:", "[store]\nurl = \"memory:\"\n# \"");
    let mut command = company.command(&["serve", "--role", "worker"]);
    let ended = command.output().await.unwrap();
    assert_eq!(ended.status.code(), Some(2));
    company.finish();
}
