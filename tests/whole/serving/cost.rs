//! What models cost, told to whoever may know it.

use std::time::Duration;

use caughtup::config::StoreUrl;
use caughtup::domain::{AgentName, Money, RunId, UserId};
use caughtup::store::{Bill, Call, Reserved, Store};

use super::{Served, at_rest, posts};
use crate::company::{Company, clock};

const MODEL: &str = "[llm]\nprovider = \"anthropic\"\nreasoning_model = \"claude-opus-5-5\"\n";

/// Books a call of today.
async fn spend(company: &Company, workflow: &str, person: Option<&str>, usd: f64) {
    let clock = clock();
    let url = StoreUrl::Sqlite(company.path("caughtup.db"));
    let store = Store::open(&url, clock.clone()).await.unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let person: Option<UserId> = person.map(|id| id.parse().unwrap());
    let call = Call {
        run: &RunId::new(clock.now()),
        day: clock.now().to_zoned(zone).date(),
        workflow,
        person: person.as_ref(),
        agent: AgentName::ProgramMonitor,
        model: "claude-opus-5-5",
        most: Money::from_usd(usd),
        run_cap: Money::from_usd(100.0),
        day_cap: Money::from_usd(100.0),
        lasts: Duration::from_secs(60),
    };
    let Reserved::Taken(id) = store.reserve(&call).await.unwrap() else { panic!("over the cap") };
    store.settle(id, &Bill { cost: Money::from_usd(usd), ..Bill::default() }).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn publishers_see_everybodys_cost_and_others_their_own() {
    let company = Company::story().await.with_tables(MODEL);
    let cast = company.cast.clone();
    let (dana, lead) = (cast.reader.clone(), cast.lead.clone());
    spend(&company, "full-status", Some(&dana), 0.75).await;
    spend(&company, "caught-up", Some(&lead), 1.5).await;
    spend(&company, "full-status", None, 0.25).await;

    let all = company.run(&["what did you cost this week?"]).await;
    let text = String::from_utf8(all.stdout).unwrap();
    assert!(text.contains("Today: $2.50 in 3 runs, of $20.00 a day"), "{text}");
    assert!(text.contains("By workflow: caught-up $1.50 (1 run), full-status $1.00 (2 runs)"), "{text}");
    assert!(text.contains("nobody in particular $0.25"), "{text}");

    let _served = Served::start(&company).await;
    let said = |channel: &str| -> Vec<String> {
        posts(company.twin.shared(), channel, "caughtup_reply").into_iter().map(|post| post.text).collect()
    };
    // Dana is a publisher of the story.
    company.twin.slash(&dana, &cast.digest_channel, "/caughtup cost");
    at_rest(&company, 1).await;
    let answers = said(&cast.reader_dm);
    assert!(answers.len() == 1 && answers[0].contains("$2.50 in 3 runs"), "{answers:?}");
    company.twin.slash(&lead, &cast.digest_channel, "/caughtup cost");
    at_rest(&company, 2).await;
    let world = company.twin.shared().world().slack.channels.clone();
    let own: Vec<String> = world
        .keys()
        .filter(|channel| channel.starts_with('D') && **channel != cast.reader_dm)
        .flat_map(|channel| said(channel))
        .collect();
    assert!(own.len() == 1 && own[0].contains("Today: $1.50 in 1 run"), "{own:?}");
    assert!(!own[0].contains("full-status") && !own[0].contains("2.50"), "{own:?}");
    // A channel's members are told nothing of it.
    company.twin.says(&dana, &cast.digest_channel, &format!("<@{}> cost", cast.bot), None);
    at_rest(&company, 3).await;
    let public = said(&cast.digest_channel);
    assert!(public.len() == 1 && !public[0].contains("2.50"), "{public:?}");
    company.finish();
}

#[tokio::test]
async fn without_a_model_there_is_no_bill() {
    let company = Company::story().await;
    let said = company.run(&["cost"]).await;
    assert!(String::from_utf8(said.stdout).unwrap().contains("No model is set up"));
    assert_eq!(said.status.code(), Some(4));
    company.finish();
}
