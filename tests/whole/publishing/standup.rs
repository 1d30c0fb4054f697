//! "Post standup": comments in Jira and one post, each once.

use std::collections::BTreeMap;

use twin::faults::Fault;
use twin::world::Message;

use super::*;

/// Our comments: the property's person and day with the issue, and what the comment says.
fn comments(company: &Company) -> BTreeMap<(String, String), Vec<(String, String)>> {
    let world = company.twin.shared().world();
    let mut found: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for issue in world.jira.issues.values() {
        for comment in &issue.comments {
            if let Some(property) = comment.properties.get("caughtup.standup") {
                let key = (issue.key.clone(), format!("{} {}", property["person"], property["day"]));
                found.entry(key).or_default().push((comment.id.clone(), comment.body.to_string()));
            }
        }
    }
    found
}

fn posts(company: &Company) -> Vec<Message> {
    let posts = company.twin.posts(&company.cast.standup_channel);
    let ours = |message: &Message| {
        message.metadata.as_ref().is_some_and(|metadata| metadata["event_type"] == "caughtup_post")
    };
    posts.into_iter().filter(ours).collect()
}

fn all(digest: &Value, agent: &str, action: &str) -> bool {
    let of: Vec<_> = actions(digest).into_iter().filter(|(name, _)| name == agent).collect();
    !of.is_empty() && of.iter().all(|(_, done)| done == action)
}

#[tokio::test]
async fn post_standup_comments_and_posts_once_and_changes_them_in_place() {
    let company = Company::story().await;
    let dana = company.cast.reader_email.clone();
    let first = company.digest("post standup", &dana).await;
    assert!(
        all(&first, "standup-note", "created") && all(&first, "daily-update", "created"),
        "{:#}",
        first["published"]
    );
    let (noted, posted) = (comments(&company), posts(&company));
    assert!(noted.len() > 3 && noted.values().all(|of_one| of_one.len() == 1), "{noted:?}");
    let first_post: Vec<&Message> = posted
        .iter()
        .filter(|post| post.thread_ts.is_none() || post.thread_ts.as_ref() == Some(&post.ts))
        .collect();
    assert_eq!(first_post.len(), 1, "{posted:#?}");
    let told = published(&first, "daily-update");
    assert_eq!(
        (told["target"].as_str(), told["id"].as_str()),
        (Some("slack"), Some(first_post[0].ts.as_str()))
    );
    assert_eq!(
        told["url"].as_str(),
        company.twin.permalink(&company.cast.standup_channel, &first_post[0].ts).as_deref()
    );

    let second = company.digest("post standup", &dana).await;
    assert!(
        all(&second, "standup-note", "unchanged") && all(&second, "daily-update", "unchanged"),
        "{:#}",
        second["published"]
    );
    assert_eq!(comments(&company), noted);
    let told = |posts: &[Message]| {
        posts.iter().map(|post| (post.ts.clone(), post.blocks.clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&posts(&company)), told(&posted));

    // Something happens to one of the issues.
    let ((key, whose), was) = noted.iter().next().map(|(key, was)| (key.clone(), was[0].clone())).unwrap();
    let account = whose.split('"').nth(1).unwrap().to_owned();
    {
        let mut world = company.twin.shared().world();
        let done = world.jira.issues[&key].resolved.is_some();
        world.set_status(&key, if done { "In Progress" } else { "Done" }, &account).unwrap();
    }
    let third = company.digest("post standup", &dana).await;
    let changed: Vec<&Value> =
        third["published"].as_array().unwrap().iter().filter(|one| one["action"] == "updated").collect();
    assert!(changed.iter().any(|one| one["id"] == was.0.as_str()), "{:#}", third["published"]);
    assert!(
        !third["published"].as_array().unwrap().iter().any(|one| one["action"] == "created"),
        "{:#}",
        third["published"]
    );
    let now = comments(&company);
    assert_eq!(now.keys().collect::<Vec<_>>(), noted.keys().collect::<Vec<_>>());
    assert!(now.values().all(|of_one| of_one.len() == 1));
    let is = &now[&(key, whose)][0];
    assert!(is.0 == was.0 && is.1 != was.1, "the same comment says something else: {is:?}");
    assert_eq!(published(&third, "daily-update")["action"], "updated");
    assert_eq!(posts(&company).len(), posted.len());
    company.finish();
}

#[tokio::test]
async fn answers_that_are_lost_double_nothing() {
    let company = Company::story().await;
    let faults = &company.twin.shared().faults;
    faults.next("jira", Some("POST /rest/api/3/issue/{issueIdOrKey}/comment"), Fault::CutAfter, 3);
    faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 1);
    let digest = company.digest("post standup", &company.cast.reader_email).await;
    assert!(
        all(&digest, "standup-note", "created") && all(&digest, "daily-update", "created"),
        "{:#}",
        digest["published"]
    );
    assert!(comments(&company).values().all(|of_one| of_one.len() == 1), "{:?}", comments(&company));
    let roots = posts(&company)
        .into_iter()
        .filter(|post| post.thread_ts.as_ref().is_none_or(|root| *root == post.ts));
    assert_eq!(roots.count(), 1);
    company.finish();
}

#[tokio::test]
async fn a_jira_that_refuses_leaves_the_post_and_says_so() {
    let company = Company::story().await;
    company.twin.shared().faults.set("jira", Some("/comment"), Fault::Status(403));
    let digest = company.digest("post standup", &company.cast.reader_email).await;
    assert!(
        all(&digest, "standup-note", "refused") && all(&digest, "daily-update", "created"),
        "{:#}",
        digest["published"]
    );
    assert!(
        digest["gaps"].as_array().unwrap().iter().any(|gap| gap["agent"] == "standup-note"),
        "{digest:#}"
    );
    assert!(comments(&company).is_empty());
    company.finish();
}
