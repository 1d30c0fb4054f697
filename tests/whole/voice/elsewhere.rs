//! Where posting is refused, the answer comes where it can be heard, with the reason.

use twin::faults::Fault;
use twin::server::Shared;

use crate::company::Company;
use crate::serving::{Served, until_idle, wait};

#[tokio::test]
async fn a_command_of_somebody_without_direct_messages_is_answered_where_it_was_typed() {
    for (method, refusal, why) in [
        ("conversations.open", "channel_not_found", "can't reach that conversation"),
        ("chat.postMessage", "messages_tab_disabled", "Messages Tab"),
    ] {
        let company = Company::story().await;
        let _served = Served::start(&company).await;
        let fault = Fault::SlackError(refusal.to_owned());
        company.twin.shared().faults.set("slack", Some(method), fault);
        company.twin.slash(&company.cast.reader, &company.cast.digest_channel, "/caughtup dct check");
        let told =
            |shared: &Shared| shared.margin.ephemerals().iter().find(|line| line.text.contains(why)).cloned();
        let line = wait(&company, "the answer", told).await;
        let shown = line.blocks.unwrap_or_default().to_string();
        assert!(shown.contains("Data Center Transition"), "{refusal}: {shown}");
        until_idle(&company).await;
        let lines = company.twin.shared().margin.ephemerals();
        assert_eq!(lines.iter().filter(|line| line.text.contains(why)).count(), 1, "{refusal}: once");
        company.finish();
    }
}

#[tokio::test]
async fn a_mention_that_its_channel_refuses_is_answered_in_direct_messages_with_the_reason() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let channel = company.cast.digest_channel.clone();
    company.twin.shared().world().slack.channels.get_mut(&channel).unwrap().is_archived = true;
    let text = format!("<@{}> dct check", company.cast.bot);
    company.twin.says(&company.cast.reader, &channel, &text, None);
    let digest = company.wait_for_digests(&company.cast.reader_dm.clone(), 1).await.remove(0);
    let shown = digest.blocks.unwrap().to_string();
    assert!(shown.contains("the channel is archived") && shown.contains(&channel), "{shown}");
    assert!(company.digests(&channel).is_empty());
    company.finish();
}

#[tokio::test]
async fn a_digest_wanted_here_says_why_it_cannot_come() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let channel = company.cast.digest_channel.clone();
    company.twin.shared().world().slack.channels.get_mut(&channel).unwrap().is_archived = true;
    company.twin.slash(&company.cast.reader, &channel, "/caughtup dct check here");
    let told = |shared: &Shared| {
        shared.margin.ephemerals().iter().find(|line| line.text.contains("archived")).cloned()
    };
    wait(&company, "the reason", told).await;
    until_idle(&company).await;
    company.finish();
}
