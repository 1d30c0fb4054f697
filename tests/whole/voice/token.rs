//! A bot token that Slack refuses: whoever watches knows at once, and whoever asks is told.

use twin::faults::Fault;
use twin::server::Shared;

use crate::company::Company;
use crate::serving::{Served, one_digest, until_idle, wait};

/// Has Slack refuse the bot's token, but not the app's.
fn refuse(company: &Company) {
    for method in ["auth.test", "users.", "conversations.", "chat."] {
        let fault = Fault::SlackError("token_revoked".to_owned());
        company.twin.shared().faults.set("slack", Some(method), fault);
    }
}

#[tokio::test]
async fn a_refused_token_is_said_at_the_start_and_while_it_lasts() {
    let company = Company::story().await;
    refuse(&company);
    let served = Served::start(&company).await;
    served.until_logged("Slack refuses the bot's token").await;
    let (status, said) = served.get("/readyz").await;
    assert_eq!(status, 503, "{said}");
    assert!(said.contains("token_revoked") && said.contains("SLACK_BOT_TOKEN"), "{said}");
    assert!(served.soon("caughtup_slack_token_refused", |refused| refused == 1.0).await);
    company.twin.slash(&company.cast.lead, &company.cast.digest_channel, "/caughtup dct check");
    let told = |shared: &Shared| {
        shared.margin.ephemerals().iter().find(|line| line.text.contains("SLACK_BOT_TOKEN")).cloned()
    };
    let line = wait(&company, "the acknowledgement", told).await;
    assert!(line.text.contains("token_revoked") && !line.text.contains(twin::story::cast::BOT_TOKEN));
    company.twin.shared().faults.clear();
    served.until_logged("Slack takes the bot's token again").await;
    assert_eq!(served.get("/readyz").await.0, 200);
    // What was asked meanwhile is answered.
    until_idle(&company).await;
    let dm = company.twin.dm(&company.cast.lead);
    assert_eq!(company.digests(&dm).len(), 1);
    assert_eq!(served.logged("Slack refuses the bot's token"), 0, "it is said once, and was at the start");
    company.finish();
}

#[tokio::test]
async fn a_token_that_is_revoked_later_is_noticed_by_whoever_asks() {
    let company = Company::story().await;
    let served = Served::start(&company).await;
    let (dana, dm) = (&company.cast.reader, &company.cast.reader_dm);
    refuse(&company);
    let asked = company.twin.says(dana, dm, "get me caught up", None);
    served.until_logged("Slack refuses the bot's token").await;
    assert_eq!(served.get("/readyz").await.0, 503);
    company.twin.shared().faults.clear();
    served.until_logged("Slack takes the bot's token again").await;
    until_idle(&company).await;
    one_digest(&company, dm, Some(&asked), "caught-up");
    assert_eq!(served.logged("Slack refuses the bot's token"), 1);
    company.finish();
}
