//! Undo and Overwrite, pressed in Slack.

use twin::faults::Fault;
use twin::world::Message;

use super::*;
use crate::serving::{Served, posts, wait};

/// The message with a button, once it is there; the `nth` of that kind.
async fn offered(company: &Company, channel: &str, action: &str, nth: usize) -> Message {
    let has = |message: &Message| {
        let blocks = message.blocks.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        blocks.iter().any(|block| block["accessory"]["action_id"] == action)
    };
    let look = |shared: &Shared| {
        let world = shared.world();
        world.slack.channels[channel].messages.values().filter(|message| has(message)).nth(nth).cloned()
    };
    wait(company, "a button", look).await
}

async fn press(company: &Company, user: &str, message: &Message, channel: &str, action: &str) {
    company.twin.press(user, (channel, &message.ts), action, None).expect("there is such a button");
}

/// The `nth` answer in a conversation.
async fn answered(company: &Company, channel: &str, nth: usize) -> Message {
    let look = |shared: &Shared| posts(shared, channel, "caughtup_reply").get(nth).cloned();
    wait(company, "an answer", look).await
}

#[tokio::test]
async fn undo_restores_the_page_once_and_not_over_an_edit() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    let before = page(&company, BOARD);
    let asked = company.twin.says(&dana, &dm, "publish the sprint board", None);
    let message = offered(&company, &dm, "undo:sprint-board", 0).await;
    assert_eq!(message.thread_ts.as_deref(), Some(asked.as_str()));
    assert_ne!(page(&company, BOARD), before);

    press(&company, &dana, &message, &dm, "undo:sprint-board").await;
    let answer = answered(&company, &dm, 0).await;
    assert!(answer.text.contains("says again what it said before"), "{}", answer.text);
    assert_eq!(answer.thread_ts.as_deref(), Some(asked.as_str()));
    assert_eq!(page(&company, BOARD), before, "byte for byte");
    let count = versions(&company, BOARD).len();

    press(&company, &dana, &message, &dm, "undo:sprint-board").await;
    let answer = answered(&company, &dm, 1).await;
    assert!(answer.text.contains("already"), "{}", answer.text);
    assert_eq!(versions(&company, BOARD).len(), count, "nothing twice");

    company.twin.says(&dana, &dm, "publish the sprint board", None);
    let message = offered(&company, &dm, "undo:sprint-board", 1).await;
    let edited = edit(&company, BOARD, |storage| format!("<p>A person was here.</p>{storage}"));
    press(&company, &dana, &message, &dm, "undo:sprint-board").await;
    let answer = answered(&company, &dm, 2).await;
    assert!(answer.text.contains("has been written again since"), "{}", answer.text);
    assert_eq!(page(&company, BOARD), edited);
    company.finish();
}

#[tokio::test]
async fn a_button_is_for_publishers_and_the_others_are_told_kindly() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, here) = (company.cast.reader.clone(), company.cast.digest_channel.clone());
    let text = format!("<@{}> publish the sprint board", company.cast.bot);
    company.twin.says(&dana, &here, &text, None);
    let message = offered(&company, &here, "undo:sprint-board", 0).await;
    let written = page(&company, BOARD);
    let before = company.twin.ephemerals().len();
    press(&company, &company.cast.lead, &message, &here, "undo:sprint-board").await;
    let look = |shared: &Shared| shared.margin.ephemerals().get(before).cloned();
    let line = wait(&company, "a line for the one who pressed", look).await;
    assert_eq!((&line.user, &line.channel), (&company.cast.lead, &here));
    assert!(line.text.contains("publishers"), "{}", line.text);
    assert_eq!(page(&company, BOARD), written);
    // The envelope was acknowledged like every other, at once.
    let acknowledged = company.twin.shared().ledger.acknowledgements();
    let ours: Vec<_> = acknowledged.iter().filter(|one| one.kind == "interactive").collect();
    assert!(ours.len() == 1 && ours[0].after.is_some(), "{ours:?}");
    company.finish();
}

#[tokio::test]
async fn overwrite_writes_over_an_edit_and_can_be_undone() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    company.twin.says(&dana, &dm, "publish the sprint board", None);
    offered(&company, &dm, "undo:sprint-board", 0).await;
    let edited =
        edit(&company, BOARD, |storage| storage.replacen("Generated", "<strong>Mine!</strong> Generated", 1));
    company.twin.says(&dana, &dm, "publish the sprint board", None);
    let message = offered(&company, &dm, "overwrite:sprint-board", 0).await;
    assert_eq!(page(&company, BOARD), edited);
    // Slack sends an envelope again when it is in doubt.
    company.twin.repeat_envelope(2);
    press(&company, &dana, &message, &dm, "overwrite:sprint-board").await;
    let answer = answered(&company, &dm, 0).await;
    assert!(answer.text.contains("updated"), "{}", answer.text);
    assert!(!page(&company, BOARD).contains("Mine!"));
    let undo = offered(&company, &dm, "undo:sprint-board", 1).await;
    press(&company, &dana, &undo, &dm, "undo:sprint-board").await;
    answered(&company, &dm, 1).await;
    assert_eq!(page(&company, BOARD), edited);
    company.finish();
}

/// The page is written, and nothing that comes after it reaches Slack until the process is killed.
#[tokio::test]
async fn a_process_killed_after_writing_writes_nothing_twice() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    let before = versions(&company, BOARD).len();
    company.twin.shared().faults.set("slack", Some("chat.update"), Fault::Hang);
    company.twin.says(&dana, &dm, "publish the sprint board", None);
    let written =
        |shared: &Shared| (shared.world().confluence.pages[BOARD].versions.len() > before).then_some(());
    wait(&company, "the page to be written", written).await;
    served.kill().await;
    company.twin.shared().faults.clear();
    let _again = Served::start(&company).await;
    offered(&company, &dm, "undo:sprint-board", 0).await;
    assert_eq!(versions(&company, BOARD).len(), before + 1);
    company.finish();
}
