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

/// How often a run is looked at: what a call needs it waits for in every run, what it merely came after (two
/// answers that arrived the other way round) in some.
const LOOKS: usize = 5;

/// What waits longer than it needs to.
fn late(run: &Logged) -> Vec<String> {
    let most = [
        // Whatever needs nobody's answer is asked first.
        ("users.info", 1),
        ("users.conversations", 1),
        ("users.list", 1),
        ("auth.test", 1),
        ("rest/api/3/field", 1),
        // Channels → members of the private ones → histories, older messages beside the newest → threads → the
        // threads that others left over.
        ("conversations.members", 2),
        ("conversations.history", 3),
        ("conversations.replies", 5),
        // Neither Jira nor Confluence waits for Slack's histories.
        ("rest/agile/1.0/board/{boardId}/sprint", 3),
        ("rest/agile/1.0/sprint", 4),
        // What left a sprint is asked where its histories say that much joined.
        ("rest/agile/1.0/board/{boardId}/issue", 6),
        ("/versions", 3),
        // Earlier versions, all at once.
        ("/api/v2/pages/{id}", 4),
        // Initiatives, their children, theirs, …; the histories of each level beside the next one.
        ("search/jql", 7),
        // Last what messages name and nobody has read, with its history.
        ("", 9),
    ];
    let late = most.into_iter().filter(|&(name, most)| run.deepest(name) > most);
    late.map(|(name, most)| format!("“{name}” is {} calls deep, not {most}", run.deepest(name))).collect()
}

#[tokio::test]
async fn no_call_waits_for_one_that_it_does_not_need() {
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        let company = Company::story().await;
        let run = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader]).await;
        company.finish();
        let late = late(&run);
        if late.is_empty() {
            return;
        }
        looks.push((late, run.summary["run.chain"].clone()));
    }
    panic!("in each of {LOOKS} runs something waits: {looks:#?}");
}

#[tokio::test]
async fn a_reader_named_by_address_costs_no_further_call() {
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        let company = Company::story().await;
        let by_id = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader]).await;
        let by_email = Logged::of(&company, &["get me caught up", "--as", &company.cast.reader_email]).await;
        assert_eq!(company.twin.shared().ledger.calls("slack", "users.info").len(), 1, "only for the id");
        company.finish();
        let depths = [&by_id, &by_email].map(|run| run.deepest("conversations.history"));
        if depths[1] <= depths[0] {
            return;
        }
        looks.push(depths);
    }
    panic!("in each of {LOOKS} runs the address waits longer than the id: {looks:?}");
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
