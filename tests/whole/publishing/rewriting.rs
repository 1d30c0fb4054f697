//! Pages written again and again, by us and by people.

use twin::faults::Fault;
use twin::story::pages::HOME;

use super::*;

#[tokio::test]
async fn update_all_confluence_writes_three_pages_and_then_nothing() {
    let company = Company::story().await;
    let before: Vec<String> = PAGES.iter().map(|(_, id)| page(&company, id)).collect();
    let dana = company.cast.reader_email.clone();
    let digest = company.digest("update all Confluence", &dana).await;
    assert_eq!(actions(&digest), three("updated"), "{digest:#}");
    for ((agent, id), before) in PAGES.iter().zip(&before) {
        let storage = page(&company, id);
        // What people wrote is there byte for byte, their comment's anchor included.
        assert!(storage.starts_with(before), "{storage}");
        assert!(storage.contains("ac:inline-comment-marker"));
        assert!(region(&storage, agent).contains(" by caughtup for "), "{storage}");
        let told = published(&digest, agent);
        assert_eq!((told["id"].as_str(), told["target"].as_str()), (Some(*id), Some("confluence")));
        assert!(told["url"].as_str().unwrap().contains(id), "{told}");
        assert!(told["reason"].is_null() && told.get("diff").is_none(), "{told}");
        assert!(versions(&company, id).last().unwrap().message.contains(digest["run_id"].as_str().unwrap()));
    }
    assert!(digest["headline"].as_str().unwrap().contains("Published: Sprint board (updated)"), "{digest:#}");
    let after: Vec<String> = PAGES.iter().map(|(_, id)| page(&company, id)).collect();

    let again = company.digest("update all Confluence", &dana).await;
    assert_eq!(actions(&again), three("unchanged"), "{:#}", again["published"]);
    assert_eq!(PAGES.map(|(_, id)| page(&company, id)).to_vec(), after);
    assert_eq!(writes(company.twin.shared()).len(), 3, "{:?}", writes(company.twin.shared()));
    company.finish();
}

#[tokio::test]
async fn who_is_faster_between_our_read_and_our_write_keeps_their_edit() {
    let company = Company::story().await;
    company.twin.shared().faults.meanwhile("confluence", "PUT /wiki/api/v2/pages", |world| {
        let storage = world.confluence.pages[BOARD].versions.last().unwrap().storage.clone();
        let by = world.confluence.pages[BOARD].versions[0].author.clone();
        world.edit_page(BOARD, &format!("<p>Faster &mdash; than you</p>{storage}"), "", &by).unwrap();
    });
    let digest = company.digest("publish the sprint board", &company.cast.reader_email).await;
    assert_eq!(published(&digest, "sprint-board")["action"], "updated");
    let storage = page(&company, BOARD);
    assert!(storage.starts_with("<p>Faster &mdash; than you</p><p>Notes above"), "{storage}");
    assert_eq!(region(&storage, "sprint-board").matches("Generated ").count(), 1);
    let tried = writes(company.twin.shared());
    assert_eq!(tried, ["PUT /wiki/api/v2/pages/{id} 409", "PUT /wiki/api/v2/pages/{id} 200"]);
    company.finish();
}

#[tokio::test]
async fn an_edit_of_our_part_is_kept_until_somebody_says_overwrite() {
    let company = Company::story().await;
    let dana = company.cast.reader_email.clone();
    company.digest("publish the sprint board", &dana).await;
    let edited = edit(&company, BOARD, |storage| {
        let at = storage.find("caughtup.sprint-board.start").unwrap();
        let (before, ours) = storage.split_at(at);
        format!(
            "<p>New above</p>{before}{}",
            ours.replacen("Generated", "<strong>Mine!</strong> Generated", 1)
        )
    });
    let refused = company.digest("publish the sprint board", &dana).await;
    let told = published(&refused, "sprint-board");
    assert_eq!(told["action"], "refused");
    assert!(told["reason"].as_str().unwrap().contains("overwrite"), "{told}");
    assert_eq!(page(&company, BOARD), edited, "nothing of it was lost");

    let written = company.digest("publish the sprint board, overwrite", &dana).await;
    assert_eq!(published(&written, "sprint-board")["action"], "updated", "{:#}", written["published"]);
    let storage = page(&company, BOARD);
    assert!(storage.starts_with("<p>New above</p>") && !storage.contains("Mine!"), "{storage}");
    company.finish();
}

#[tokio::test]
async fn a_comment_on_our_words_is_no_edit_and_stays_on_them() {
    let company = Company::story().await;
    let dana = company.cast.reader_email.clone();
    company.digest("publish the sprint board", &dana).await;
    let mut marked = String::new();
    edit(&company, BOARD, |storage| {
        let ours = storage.find("caughtup.sprint-board.start").unwrap();
        let at = ours + storage[ours..].find("<h2>").unwrap() + 4;
        let end = at + storage[at..].find("</h2>").unwrap();
        marked = format!(
            "<h2><ac:inline-comment-marker ac:ref=\"q-1\">{}</ac:inline-comment-marker></h2>",
            &storage[at..end]
        );
        // What the editor adds when it saves is no edit either.
        let storage = format!("{}{}{}", &storage[..at - 4], marked, &storage[end + 5..]);
        storage
            .replace("<tbody>", "<colgroup><col /></colgroup><tbody>")
            .replace("<td>", "<td local-id=\"x\">")
    });
    let unchanged = company.digest("publish the sprint board", &dana).await;
    assert_eq!(published(&unchanged, "sprint-board")["action"], "unchanged", "{:#}", unchanged["published"]);
    let zofia = company.twin.shared().world().confluence.pages[BOARD].versions[0].author.clone();
    company.twin.shared().world().set_status("DCT-50", "Done", &zofia).unwrap();
    let updated = company.digest("publish the sprint board", &dana).await;
    assert_eq!(published(&updated, "sprint-board")["action"], "updated", "{:#}", updated["published"]);
    assert!(page(&company, BOARD).contains(&marked), "{}", page(&company, BOARD));
    company.finish();
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_shows_the_difference() {
    let company = Company::story().await;
    let output = company.run(&["update all Confluence", "--dry-run", "--format", "json"]).await;
    let digest: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(actions(&digest), three("dry-run"));
    for (agent, _) in PAGES {
        let diff = published(&digest, agent)["diff"].as_str().unwrap().to_owned();
        assert!(diff.lines().count() > 5 && diff.lines().all(|line| line.starts_with("+ ")), "{diff}");
    }
    let text = company.run(&["update all Confluence", "--dry-run"]).await;
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("what would change") && text.contains("\n+ "), "{text}");
    let standup = company.run(&["post standup", "--dry-run", "--format", "json"]).await;
    let standup: Value = serde_json::from_slice(&standup.stdout).unwrap();
    let all = actions(&standup);
    assert!(all.len() >= 2 && all.iter().all(|(_, action)| action == "dry-run"), "{all:?}");
    assert_eq!(writes(company.twin.shared()), Vec::<String>::new());
    company.finish();
}

#[tokio::test]
async fn a_missing_page_is_made_under_its_parent_once() {
    let place = "space = \"DCT\"\ntitle = \"Roadmap & risks 2027\"\nparent = \"Data Center Transition\"";
    let company = Company::story().await.but("page = \"163841\"", place);
    // The answer to the first attempt is lost: what was made has to be found.
    company.twin.shared().faults.next("confluence", Some("POST /wiki/api/v2/pages"), Fault::CutAfter, 1);
    let dana = company.cast.reader_email.clone();
    let made = company.digest("publish the roadmap", &dana).await;
    assert_eq!(published(&made, "roadmap")["action"], "created", "{:#}", made["published"]);
    let again = company.digest("publish the roadmap", &dana).await;
    assert_eq!(published(&again, "roadmap")["action"], "unchanged", "{:#}", again["published"]);
    assert_eq!(published(&again, "roadmap")["id"], published(&made, "roadmap")["id"]);
    let parents: Vec<Option<String>> = {
        let world = company.twin.shared().world();
        let titled = |page: &&twin::world::Page| page.versions[0].title == "Roadmap & risks 2027";
        world.confluence.pages.values().filter(titled).map(|page| page.parent.clone()).collect()
    };
    assert_eq!(parents, [Some(HOME.to_owned())]);
    company.finish();
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_not_repeated() {
    let company = Company::story().await;
    company.twin.shared().faults.next("confluence", Some("PUT /wiki/api/v2/pages"), Fault::CutAfter, 1);
    let before = versions(&company, BOARD).len();
    let digest = company.digest("publish the sprint board", &company.cast.reader_email).await;
    assert_eq!(published(&digest, "sprint-board")["action"], "updated", "{:#}", digest["published"]);
    assert_eq!(versions(&company, BOARD).len(), before + 1);
    company.finish();
}

#[tokio::test]
async fn two_agents_share_a_page() {
    let company = Company::story().await.but("page = \"163841\"", "page = \"163840\"");
    let dana = company.cast.reader_email.clone();
    let digest = company.digest("update all Confluence", &dana).await;
    assert_eq!(actions(&digest), three("updated"), "{:#}", digest["published"]);
    let storage = page(&company, BOARD);
    assert_ne!(region(&storage, "sprint-board"), region(&storage, "roadmap"));
    let again = company.digest("update all Confluence", &dana).await;
    assert_eq!(actions(&again), three("unchanged"), "{:#}", again["published"]);
    company.finish();
}
