//! Questions in a digest's thread.

use twin::model::Behaviour;
use twin::world::Message;

use super::keys;
use crate::company::Company;
use crate::serving::{Served, at_rest, posts};

/// Asks in a thread and gives the answer, once everything is at rest.
async fn ask(company: &Company, done: i64, user: &str, channel: &str, thread: &str, words: &str) -> String {
    let before = posts(company.twin.shared(), channel, "caughtup_reply").len();
    company.twin.says(user, channel, words, Some(thread));
    at_rest(company, done).await;
    let answers = posts(company.twin.shared(), channel, "caughtup_reply");
    assert_eq!(answers.len(), before + 1, "{words}: one answer\n{answers:#?}");
    // Timestamps order them, and the last is the new one.
    let answer: Message = answers.into_iter().max_by(|a, b| a.ts.cmp(&b.ts)).unwrap();
    assert_eq!(answer.thread_ts.as_deref(), Some(thread), "{words}");
    answer.text
}

/// The issues that a digest's message flags, in the order of its metadata.
fn flagged(digest: &Message) -> Vec<String> {
    let payload = &digest.metadata.as_ref().unwrap()["event_payload"];
    let subjects = payload["findings"].as_array().unwrap().iter().filter_map(|f| f["subject"].as_str());
    subjects
        .filter(|subject| !keys(subject).is_empty() && !subject.contains("://"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn questions_are_answered_from_the_digest_without_a_model() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    let root = company.twin.says(&dana, &dm, "get me caught up", None);
    at_rest(&company, 1).await;
    let digest = posts(company.twin.shared(), &dm, "caughtup_digest").remove(0);
    let key = flagged(&digest).remove(0);
    let posted = company.twin.shared().ledger.calls("slack", "chat.postMessage").len();

    let why = ask(&company, 2, &dana, &dm, &root, &format!("why is {key} flagged?")).await;
    assert!(why.contains(&key) && why.contains("It is flagged because") && why.contains("|Jira ↗>"), "{why}");
    let owner = ask(&company, 3, &dana, &dm, &root, "who owns it?").await;
    assert!(owner.contains(&key) && (owner.contains("assigned")), "{owner}");
    let since = ask(&company, 4, &dana, &dm, &root, "since when?").await;
    assert!(since.contains(&key) && since.contains("before the digest"), "{since}");
    let more = ask(&company, 5, &dana, &dm, &root, "more on 2").await;
    assert!(more.contains("↗>"), "{more}");
    let nudge = ask(&company, 6, &dana, &dm, &root, &format!("draft a nudge to the owner of {key}")).await;
    assert!(
        nudge.contains("```")
            && nudge.contains("Nothing was sent")
            && nudge.contains(&format!("/browse/{key}")),
        "{nudge}"
    );
    let unknown = ask(&company, 7, &dana, &dm, &root, "what will the weather be?").await;
    assert!(unknown.contains("You can ask"), "{unknown}");
    let calls = company.twin.shared().ledger.calls("slack", "chat.postMessage").len();
    assert_eq!(calls, posted + 6, "a draft is shown and not sent");
    // Something new is a new digest.
    company.twin.says(&dana, &dm, "dct check", Some(&root));
    at_rest(&company, 8).await;
    assert_eq!(posts(company.twin.shared(), &dm, "caughtup_digest").len(), 2);
    company.finish();
}

#[tokio::test]
async fn in_a_channel_its_members_may_ask() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, lead, here) =
        (company.cast.reader.clone(), company.cast.lead.clone(), company.cast.digest_channel.clone());
    let root = company.twin.says(&dana, &here, &format!("<@{}> dct check", company.cast.bot), None);
    at_rest(&company, 1).await;
    let words = format!("<@{}> more on 1", company.cast.bot);
    let more = ask(&company, 2, &lead, &here, &root, &words).await;
    assert!(more.contains("↗>"), "{more}");
    company.finish();
}

#[tokio::test]
async fn what_its_reader_may_not_read_any_more_is_not_repeated() {
    let company = Company::story().await;
    let _served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    let root = company.twin.says(&dana, &dm, "get me caught up", None);
    at_rest(&company, 1).await;
    let digest = posts(company.twin.shared(), &dm, "caughtup_digest").remove(0);
    let private = company.cast.legal.clone();
    let payload = digest.metadata.as_ref().unwrap()["event_payload"].clone();
    let subjects: Vec<&str> =
        payload["findings"].as_array().unwrap().iter().filter_map(|f| f["subject"].as_str()).collect();
    let there = subjects.iter().filter(|subject| subject.contains(&private)).count();
    assert!(there > 0, "the story has a finding in her private channel: {subjects:?}");
    // She leaves every channel of the program.
    for channel in
        company.twin.shared().world().slack.channels.values_mut().filter(|c| !c.id.starts_with('D'))
    {
        channel.members.retain(|member| *member != dana);
        channel.is_private = true;
    }
    let said = ask(&company, 2, &dana, &dm, &root, "why is 1 flagged?").await;
    assert!(said.contains("can't be shown any more"), "{said}");
    company.finish();
}

#[tokio::test]
async fn a_models_answer_is_checked_like_everything_else() {
    let company = Company::story().await.with_model("");
    let _served = Served::start(&company).await;
    let (dana, dm) = (company.cast.reader.clone(), company.cast.reader_dm.clone());
    let root = company.twin.says(&dana, &dm, "get me caught up", None);
    at_rest(&company, 1).await;
    for (done, behaviour) in (2..).zip([Behaviour::Exfiltrating, Behaviour::Fabricating, Behaviour::Refusing])
    {
        company.twin.shared().model.behave(behaviour);
        let said = ask(&company, done, &dana, &dm, &root, "what did they say of the licence?").await;
        for never in ["evil.example", "<!", "<@", "@here", "2031-", "Zebulon", "Ottoline"] {
            assert!(!said.contains(never), "{never} in {said}");
        }
    }
    // An honest one repeats what was said, and it is shown as somebody's words.
    company.twin.shared().model.behave(Behaviour::Obedient);
    let said = ask(&company, 5, &dana, &dm, &root, "what did they say of the licence?").await;
    assert!(said.contains('“') && said.contains("↗>"), "{said}");
    company.finish();
}
