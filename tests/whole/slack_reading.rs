//! Which channels are read for whom, and what is said of the others.

use std::collections::BTreeSet;
use std::process::Output;

use jiff::SignedDuration;
use serde_json::Value;
use twin::faults::Fault;
use twin::server::Options;
use twin::story;
use twin::world::{Message, World};

use crate::company::{Company, findings, now, record};

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    eprintln!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// The names of the channels whose history was asked for.
fn asked(company: &Company) -> BTreeSet<String> {
    let shared = company.twin.shared();
    let calls = shared.ledger.calls("slack", "conversations.history");
    let world = shared.world();
    let ids = calls.iter().flat_map(|call| call.query.iter().filter(|(name, _)| name == "channel"));
    ids.map(|(_, id)| world.slack.channels[id].name.clone()).collect()
}

fn post(world: &mut World, channel: &str, by: &str, hours_ago: i64, text: &str) {
    let at = now() - SignedDuration::from_hours(hours_ago);
    let ts = format!("{}.000777", at.as_second());
    let message =
        Message { ts: ts.clone(), user: Some(by.to_owned()), text: text.to_owned(), ..Message::default() };
    world.slack.channels.get_mut(channel).unwrap().messages.insert(ts, message);
}

#[tokio::test]
async fn channels_are_read_by_any_of_their_names_and_what_cannot_be_read_is_a_gap_with_its_remedy() {
    let cast = story::cast();
    let mut world = story::company(now());
    let archived = world.slack.channels.values().find(|channel| channel.is_archived).unwrap().id.clone();
    post(&mut world, &archived, &cast.lead, 30, "One last word before this closes");
    let options = Options { record: record(), ..Options::default() };
    let company = Company::of(world, options).await.channels([
        "#dct-migration-weekend",
        cast.program_channels[1].as_str(),
        "#dct-kickoff",
        "#dct-vendors",
        "#dct-dba",
        "#no-such-channel",
    ]);
    let output = company.run(&["dct check", "--as", &cast.lead]).await;
    let told = said(&output);
    assert_eq!(output.status.code(), Some(3));
    let expected = ["dct-cutover", "dct-kickoff", "dct-network", "dct-vendors"].map(str::to_owned);
    assert_eq!(asked(&company), expected.into(), "renamed, archived, by its id, and shared with a partner");
    assert!(told.contains("Read: 4 channels"));
    assert!(told.contains("the bot is not a member of #dct-dba: `/invite @caughtup` there"));
    assert!(told.contains("a channel of the configuration cannot be seen"));
    assert!(!told.contains("no-such-channel"), "it may be private, and somebody else's");
    company.finish();
}

#[tokio::test]
async fn a_channel_with_guests_in_it_reads_only_itself() {
    let here = "dct-facilities";
    let company = Company::story().await;
    let output = check_for(&company, here).await;
    let told = said(&output);
    assert_eq!(asked(&company), [here.to_owned()].into(), "a guest may read no other");
    let digest: Value = serde_json::from_str(&told).unwrap();
    let archive = {
        let shared = company.twin.shared();
        let world = shared.world();
        let id = world.slack.channels.values().find(|channel| channel.name == here).unwrap().id.clone();
        format!("/archives/{id}/")
    };
    for evidence in digest["evidence"].as_object().unwrap().values() {
        if evidence["source"] == "slack" {
            assert!(evidence["url"].as_str().unwrap().contains(&archive), "{evidence}");
        }
    }
    for other in ["dct-dba", "dct-legal", "dct-exec"] {
        assert!(!told.contains(&format!("#{other}")), "{other} is named to a guest");
    }
    company.finish();
}

#[tokio::test]
async fn a_channel_shared_with_a_partner_gets_no_digest() {
    let company = Company::story().await;
    let output = check_for(&company, "dct-vendors").await;
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(asked(&company).is_empty(), "nothing is read for people of other organisations");
    company.finish();
}

/// A check of the program, made for a channel's members.
async fn check_for(company: &Company, channel: &str) -> std::process::Output {
    let lead = company.cast.lead.clone();
    let post = format!("#{channel}");
    company.run(&["dct check", "--as", &lead, "--post", &post, "--dry-run", "--format", "json"]).await
}

#[tokio::test]
async fn a_channel_of_members_reads_public_channels_and_no_private_one() {
    let company = Company::story().await;
    let lead = company.cast.lead.clone();
    let output = company.run(&["dct check", "--as", &lead, "--post", "#dct-program", "--dry-run"]).await;
    let told = said(&output);
    let asked = asked(&company);
    assert!(asked.contains("dct-program") && asked.contains("dct-network"), "{asked:?}");
    assert!(!asked.contains("dct-legal") && !asked.contains("dct-exec"), "{asked:?}");
    assert!(!told.contains("dct-legal") && !told.contains("dct-exec"));
    company.finish();
}

#[tokio::test]
async fn where_members_cannot_be_read_private_channels_are_closed_to_everybody_and_not_named() {
    let company = Company::story().await;
    let faults = &company.twin.shared().faults;
    faults.set("slack", Some("conversations.members"), Fault::SlackError("missing_scope".to_owned()));
    let lead = company.cast.lead.clone();
    let output = company.run(&["dct check", "--as", &lead]).await;
    let told = said(&output);
    assert_eq!(output.status.code(), Some(3));
    assert!(told.contains("conversations.members"), "the gap says what is missing");
    assert!(!told.contains("dct-legal") && !told.contains("dct-exec"), "{told}");
    let asked = asked(&company);
    assert!(asked.contains("dct-program"));
    assert!(!asked.contains("dct-legal") && !asked.contains("dct-exec"), "{asked:?}");
    company.finish();
}

#[tokio::test]
async fn digests_in_a_row_cover_every_thread_and_what_was_read_once_stays_known() {
    let company = Company::story().await;
    let lead = company.cast.lead.clone();
    let unopened = async || {
        let output = company.run(&["dct check", "--as", &lead]).await;
        let told = said(&output);
        let words: Vec<&str> = told.split_whitespace().collect();
        let place =
            words.windows(2).position(|two| two[1].starts_with("thread") && two[0].parse::<usize>().is_ok());
        place.filter(|_| told.contains("not opened")).map_or(0, |at| words[at].parse::<usize>().unwrap())
    };
    let mut left = Vec::new();
    while left.last() != Some(&0) {
        left.push(unopened().await);
        assert!(left.len() <= 8, "{left:?}");
        // Of the fifty calls of a minute, four are kept for whoever posts.
        let falling = left.windows(2).all(|two| two[1] == two[0].saturating_sub(46));
        assert!(falling, "each digest reads forty-six more: {left:?}");
    }

    let shared = company.twin.shared();
    let whole = company.digest("dct check", &lead).await;
    shared.faults.set("slack", Some("conversations.replies"), Fault::RateLimited { retry_after: 120 });
    let remembered = company.digest("dct check", &lead).await;
    assert!(remembered["usage"]["cache_hits"].as_u64().unwrap() > 50, "{}", remembered["usage"]);
    assert_eq!(findings(&remembered), findings(&whole));
    let gaps = |digest: &Value| digest["gaps"].clone();
    assert_eq!(gaps(&remembered), gaps(&whole), "a thread that is remembered is no gap");
    company.finish();
}
