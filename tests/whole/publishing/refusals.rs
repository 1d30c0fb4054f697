//! What may not be written, or cannot be: nothing is half done, and it is said.

use std::collections::BTreeSet;

use twin::faults::Fault;

use super::*;

#[tokio::test]
async fn whoever_is_no_publisher_gets_the_report_and_is_told() {
    let company = Company::story().await;
    let digest = company.digest("update all Confluence", &company.cast.lead_email).await;
    assert_eq!(actions(&digest), three("refused"));
    let told = published(&digest, "sprint-board");
    assert!(told["reason"].as_str().unwrap().contains("access.publishers"), "{told}");
    assert!(!digest["sections"].as_array().unwrap().is_empty(), "the report is there");
    let standup = company.digest("post standup", &company.cast.lead_email).await;
    assert_eq!(
        actions(&standup),
        [
            ("daily-update".to_owned(), "refused".to_owned()),
            ("standup-note".to_owned(), "refused".to_owned())
        ]
    );
    assert_eq!(writes(company.twin.shared()), Vec::<String>::new());
    company.finish();
}

#[tokio::test]
async fn what_only_reads_never_writes() {
    let company = Company::story().await;
    for request in ["full status", "sprint board", "update the roadmap", "update all Confluence, dry run"] {
        let output = company.run(&[request, "--as", &company.cast.reader_email, "--format", "json"]).await;
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        // What is not understood is a reply, which has nothing published either.
        let published = said.get("published").cloned().unwrap_or_else(|| serde_json::json!([]));
        assert_eq!(published, serde_json::json!([]), "{request}");
    }
    assert_eq!(writes(company.twin.shared()), Vec::<String>::new());
    company.finish();
}

#[tokio::test]
async fn a_page_that_may_not_be_edited_is_named_and_the_others_are_written() {
    let company = Company::story().await;
    let before = page(&company, BOARD);
    company.twin.shared().world().confluence.pages.get_mut(BOARD).unwrap().editors = Some(BTreeSet::new());
    let output =
        company.run(&["update all Confluence", "--as", &company.cast.reader_email, "--format", "json"]).await;
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let digest: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = published(&digest, "sprint-board");
    assert_eq!(told["action"], "refused");
    let reason = told["reason"].as_str().unwrap();
    assert!(
        reason.contains("404") && reason.contains("163840") && reason.contains("publish.sprint-board"),
        "{reason}"
    );
    assert_eq!(published(&digest, "roadmap")["action"], "updated");
    assert_eq!(page(&company, BOARD), before);
    company.finish();
}

#[tokio::test]
async fn a_token_without_rights_and_a_confluence_that_is_down_are_said() {
    let company = Company::story().await;
    let before = versions(&company, BOARD).len();
    for (fault, says) in
        [(Fault::Unauthorized, "401"), (Fault::Status(403), "403"), (Fault::Status(503), "503")]
    {
        let faults = &company.twin.shared().faults;
        faults.set("confluence", Some("/wiki/api/v2/pages"), fault);
        let digest = company.digest("publish the sprint board", &company.cast.reader_email).await;
        faults.clear();
        let told = published(&digest, "sprint-board");
        assert_eq!(told["action"], "refused", "{told}");
        assert!(told["reason"].as_str().unwrap().contains(says), "{told}");
        let gap = digest["gaps"].as_array().unwrap().iter().find(|gap| gap["agent"] == "sprint-board");
        assert_eq!(gap.unwrap()["source"], "confluence", "{digest:#}");
    }
    assert_eq!(versions(&company, BOARD).len(), before);
    company.finish();
}

#[tokio::test]
async fn markers_that_were_pulled_apart_are_left_alone() {
    let company = Company::story().await;
    let dana = company.cast.reader_email.clone();
    company.digest("publish the sprint board", &dana).await;
    // Somebody copies a stretch of the page, our part's beginning with it.
    let edited = edit(&company, BOARD, |storage| {
        let at = storage.find("<p><ac:structured-macro ac:name=\"anchor\"").unwrap();
        let end = at + storage[at..].find("</p>").unwrap() + 4;
        format!("{storage}{}", &storage[at..end])
    });
    let digest = company.digest("publish the sprint board, overwrite", &dana).await;
    let told = published(&digest, "sprint-board");
    assert_eq!(told["action"], "refused");
    assert!(told["reason"].as_str().unwrap().contains("more than once"), "{told}");
    assert_eq!(page(&company, BOARD), edited);
    company.finish();
}
