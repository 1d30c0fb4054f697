//! `kill -9` at the worst moments, then another process on the same file: the request is finished, once.

use std::time::Duration;

use twin::faults::Fault;
use twin::server::Shared;

use super::{Served, at_rest, one_digest, posts, wait};
use crate::company::Company;

/// Longer than any test: what is delayed so long has not happened when the process is killed.
const NEVER: Duration = Duration::from_secs(600);

struct Scene {
    company: Company,
    served: Served,
    dm: String,
    asked: String,
}

impl Scene {
    /// Asks a serving process, with these calls of Slack answered late.
    async fn with(slow: &str, by: Duration) -> Self {
        let company = Company::story().await;
        let served = Served::start(&company).await;
        company.twin.shared().faults.set("slack", Some(slow), Fault::Delay(by));
        let dm = company.cast.reader_dm.clone();
        let asked = company.twin.says(&company.cast.reader, &dm, "get me caught up", None);
        Self { company, served, dm, asked }
    }

    fn delay(&self, what: &str, by: Duration) {
        self.company.twin.shared().faults.set("slack", Some(what), Fault::Delay(by));
    }

    async fn shown(&self, kind: &str) -> String {
        let look = |shared: &Shared| posts(shared, &self.dm, kind).into_iter().next();
        wait(&self.company, kind, look).await.ts
    }

    fn sections(&self) -> usize {
        posts(self.company.twin.shared(), &self.dm, "caughtup_section").len()
    }

    /// Kills it and lets another one go on. Gives how many sections there were when it was killed, and the
    /// digest's id.
    async fn killed(self) -> (usize, usize, String) {
        self.served.kill().await;
        let shared = self.company.twin.shared();
        let posted = posts(shared, &self.dm, "caughtup_section").len();
        shared.faults.clear();
        let _next = Served::start(&self.company).await;
        at_rest(&self.company, 1).await;
        let digest = one_digest(&self.company, &self.dm, Some(&self.asked), "caught-up");
        let all = posts(self.company.twin.shared(), &self.dm, "caughtup_section").len();
        self.company.finish();
        (posted, all, digest.ts)
    }
}

#[tokio::test]
async fn before_anything_was_said() {
    let scene = Scene::with("users.info", NEVER).await;
    let acknowledged = |shared: &Shared| {
        shared.ledger.acknowledgements().iter().any(|ack| ack.after.is_some()).then_some(())
    };
    wait(&scene.company, "the acknowledgement", acknowledged).await;
    assert!(scene.company.twin.posts(&scene.dm).is_empty());
    let (posted, all, _) = scene.killed().await;
    assert!(posted == 0 && all > 0);
}

#[tokio::test]
async fn while_the_agents_read() {
    let scene = Scene::with("conversations.history", NEVER).await;
    let progress = scene.shown("caughtup_progress").await;
    let (posted, _, digest) = scene.killed().await;
    assert_eq!(posted, 0);
    assert_eq!(digest, progress, "the message that showed the progress becomes the digest");
}

#[tokio::test]
async fn when_the_progress_was_posted_and_the_process_does_not_know() {
    let scene = Scene::with("conversations.history", NEVER).await;
    // The post is made; its answer never comes.
    scene.company.twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 1);
    let progress = scene.shown("caughtup_progress").await;
    let (_, _, digest) = scene.killed().await;
    assert_eq!(digest, progress, "it is found again");
}

#[tokio::test]
async fn between_the_digest_and_its_sections() {
    let scene = Scene::with("conversations.history", Duration::from_millis(500)).await;
    let progress = scene.shown("caughtup_progress").await;
    scene.delay("chat.postMessage", NEVER);
    let digest = scene.shown("caughtup_digest").await;
    assert_eq!(digest, progress);
    let (posted, all, digest) = scene.killed().await;
    assert!(posted == 0 && all > 0);
    assert_eq!(digest, progress);
}

#[tokio::test]
async fn in_the_middle_of_the_sections() {
    let scene = Scene::with("conversations.history", Duration::from_millis(500)).await;
    scene.shown("caughtup_progress").await;
    // So slow that the second section is not there when the first is seen.
    scene.delay("chat.postMessage", Duration::from_secs(2));
    scene.shown("caughtup_section").await;
    assert_eq!(scene.sections(), 1);
    let (posted, all, _) = scene.killed().await;
    assert!(posted < all, "{posted} of {all}");
}

#[tokio::test]
async fn when_a_section_was_posted_and_the_process_does_not_know() {
    let scene = Scene::with("conversations.history", Duration::from_millis(500)).await;
    scene.shown("caughtup_progress").await;
    scene.company.twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 1);
    scene.shown("caughtup_section").await;
    let (posted, all, _) = scene.killed().await;
    assert!(posted >= 1 && posted <= all);
}
