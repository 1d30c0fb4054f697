//! What is said of what was written is so.

use std::path::Path;

use caughtup::app::App;
use caughtup::config::Config;
use caughtup::domain::RunId;
use caughtup::team_lead::words;
use twin::faults::Fault;
use twin::story;

use crate::company::{Company, clock, now};
use crate::publishing::{BOARD, PAGES, published, versions};

#[tokio::test]
async fn a_run_that_failed_tells_which_pages_it_has_written() {
    let company = Company::story().await;
    let app = app(&company).await;
    let request = "update all Confluence";
    let other = RunId::new(now());
    let before = app.lead.aftermath(request, &other).await;
    assert!(words::run_failed(&other, before.as_ref()).contains("nothing was written"), "{before:?}");
    let digest = company.digest(request, &company.cast.reader_email).await;
    let run: RunId = digest["run_id"].as_str().unwrap().parse().unwrap();
    let written = app.lead.aftermath(request, &run).await;
    let said = words::run_failed(&run, written.as_ref());
    assert!(!said.contains("nothing was written"), "{said}");
    for (agent, page) in PAGES {
        let told = published(&digest, agent);
        assert_eq!(told["action"], "updated");
        assert!(said.contains(told["url"].as_str().unwrap()), "{page}: {said}");
    }
    let again = app.lead.aftermath(request, &other).await;
    assert_eq!(again, before, "another run has written nothing");
    // What cannot be looked up is not claimed, nor what is not understood.
    company.twin.shared().faults.set("confluence", None, Fault::Status(500));
    let unknown = app.lead.aftermath(request, &run).await;
    assert!(words::run_failed(&run, unknown.as_ref()).contains("may be written"), "{unknown:?}");
    for words_of_no_sense in ["colourless green ideas", "post standup"] {
        let unknown = app.lead.aftermath(words_of_no_sense, &run).await;
        assert!(!words::run_failed(&run, unknown.as_ref()).contains("nothing was written"), "{unknown:?}");
    }
    company.finish();
}

#[tokio::test]
async fn a_conflict_that_passes_is_written_and_one_that_does_not_is_told() {
    let company = Company::story().await;
    let faults = company.twin.shared().faults.clone();
    let before = versions(&company, BOARD).len();
    faults.next("confluence", Some("PUT /wiki"), Fault::Status(409), 2);
    let digest = company.digest("publish the sprint board", &company.cast.reader_email).await;
    assert_eq!(published(&digest, "sprint-board")["action"], "updated", "{digest:#}");
    assert_eq!(versions(&company, BOARD).len(), before + 1);
    faults.set("confluence", Some("PUT /wiki"), Fault::Status(409));
    let digest = company.digest("publish the roadmap", &company.cast.reader_email).await;
    let told = published(&digest, "roadmap");
    assert_eq!(told["action"], "refused");
    assert!(told["reason"].as_str().unwrap().contains("409"), "{told}");
    company.finish();
}

#[tokio::test]
async fn a_page_that_nobody_could_look_at_after_its_write_was_cut_is_not_said_to_be_unwritten() {
    let company = Company::story().await;
    let faults = company.twin.shared().faults.clone();
    let broken = faults.clone();
    faults.next("confluence", Some("PUT /wiki"), Fault::CutAfter, 1);
    faults.meanwhile("confluence", "PUT /wiki", move |_| {
        broken.set("confluence", Some("GET /wiki/api/v2/pages/"), Fault::Status(500));
    });
    let before = versions(&company, BOARD).len();
    let arguments = ["publish the sprint board", "--as", &company.cast.reader_email, "--format", "text"];
    let output = company.run(&arguments).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(versions(&company, BOARD).len(), before + 1, "it was written");
    assert!(text.contains("it is not known whether this was written"), "{text}");
    assert!(!text.contains("not written:"), "{text}");
    company.finish();
}

/// The bot's parts in this process.
async fn app(company: &Company) -> App {
    let api = company.twin.slack_api_url();
    let env = |name: &str| {
        let value = match name {
            "SLACK_API_URL" => api.as_str(),
            "SLACK_BOT_TOKEN" => story::cast::BOT_TOKEN,
            "SLACK_APP_TOKEN" => story::cast::APP_TOKEN,
            "ATLASSIAN_EMAIL" => story::cast::ATLASSIAN_EMAIL,
            "ATLASSIAN_API_TOKEN" => story::cast::ATLASSIAN_TOKEN,
            _ => return None,
        };
        Some(value.to_owned())
    };
    let path = company.configuration();
    let config = Config::load(Path::new(&path), &env).unwrap();
    App::build(config, clock()).await.unwrap()
}
