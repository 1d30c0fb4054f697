//! How deep the calls of a run depend on each other. How long they take is for `ci/bench_latency.sh`.

use serde_json::Value;

use crate::company::Company;

/// The timeline that a run logged: every call with the one whose answer it needed.
struct Logged {
    calls: Vec<(String, Option<usize>)>,
    summary: Value,
}

impl Logged {
    async fn of(company: &Company, arguments: &[&str]) -> Self {
        let mut command = company.command(&[&["--log-format", "json", "run"], arguments].concat());
        command.env("CAUGHTUP_LOG", "warn,caughtup::sources::timeline=debug");
        let output = command.output().await.unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{log}");
        let entries: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let index = |value: &Value| value.as_u64().and_then(|index| usize::try_from(index).ok());
        let calls = entries.iter().filter(|entry| entry["message"] == "call");
        let calls =
            calls.map(|call| (call["call.name"].as_str().unwrap().to_owned(), index(&call["call.after"])));
        let summary = entries.iter().find(|entry| entry["run.chain"].is_string()).expect("the run's summary");
        Self { calls: calls.collect(), summary: summary.clone() }
    }

    /// How many calls deep a call is: 1 for one that needs no other.
    fn depth(&self, index: usize) -> usize {
        1 + self.calls[index].1.map_or(0, |before| self.depth(before))
    }

    /// The depth of the deepest call with this name.
    fn deepest(&self, name: &str) -> usize {
        let named = (0..self.calls.len()).filter(|&index| self.calls[index].0.contains(name));
        named
            .map(|index| self.depth(index))
            .max()
            .unwrap_or_else(|| panic!("{name} was not called: {:?}", self.calls))
    }
}

#[tokio::test]
async fn no_call_waits_for_one_that_it_does_not_need() {
    let company = Company::story().await;
    let run = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader]).await;
    // Whatever needs nobody's answer is asked first.
    for first in ["users.info", "users.conversations", "users.list", "auth.test", "rest/api/3/field"] {
        assert_eq!(run.deepest(first), 1, "{first}: {:?}", run.calls);
    }
    // Channels → members of the private ones → histories → threads → the threads that others left over.
    assert_eq!(run.deepest("conversations.members"), 2);
    assert_eq!(run.deepest("conversations.history"), 3, "older messages are read beside the newest");
    assert!(run.deepest("conversations.replies") <= 5);
    // Neither Jira nor Confluence waits for Slack's histories.
    assert_eq!(run.deepest("rest/agile/1.0/board"), 3);
    assert_eq!(run.deepest("rest/agile/1.0/sprint"), 4);
    assert_eq!(run.deepest("/versions"), 3);
    assert_eq!(run.deepest("/api/v2/pages/{id}"), 4, "earlier versions, all at once");
    // Initiatives, their children, theirs, …; the histories of each level beside the next one.
    assert!(run.deepest("search/jql") <= 7, "{:?}", run.calls);
    // Last what messages name and nobody has read, with its history.
    let deepest = (0..run.calls.len()).map(|index| run.depth(index)).max().unwrap();
    assert!(deepest <= 9, "{deepest} calls deep: {}", run.summary["run.chain"]);
    company.finish();
}

#[tokio::test]
async fn a_reader_named_by_address_costs_no_further_call() {
    let company = Company::story().await;
    let by_id = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader]).await;
    let by_email = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader_email]).await;
    assert_eq!(by_id.deepest("conversations.history"), by_email.deepest("conversations.history"));
    assert_eq!(company.twin.shared().ledger.calls("slack", "users.info").len(), 1, "only for the id");
    company.finish();
}

#[tokio::test]
async fn the_log_says_how_long_the_run_and_its_longest_chain_took() {
    let company = Company::story().await;
    let run = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader]).await;
    let (total, chain) =
        (run.summary["run.total_ms"].as_u64().unwrap(), run.summary["run.chain_ms"].as_u64().unwrap());
    assert!(chain <= total, "{chain} of {total} ms");
    assert_eq!(run.summary["run.calls"].as_u64().unwrap(), run.calls.len() as u64);
    let steps = run.summary["run.chain"].as_str().unwrap().split(" → ").count();
    assert!(steps >= 3, "{}", run.summary);
    company.finish();
}
