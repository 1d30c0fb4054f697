//! Something was decided: its cases. The words are in `language/patterns/decision.txt`.

use super::reader::surest;

fn decides(text: &str) -> bool {
    surest("decision", text).is_some()
}

#[test]
fn decisions() {
    for text in [
        "Decision: keep dual power through January",
        "We decided to keep dual power",
        "we've agreed on 5 Dec",
        "we'll go with option B",
        "going with Postgres",
        "Final call: ship on Monday",
        "we agreed not to move the date",
        "The team has decided against it",
        "it was decided to wait",
        "Wir haben beschlossen, zu warten",
        "Outcome of the review: two racks instead of three",
        "we have chosen the smaller switch",
        "the board approved it, we move in May",
        "Verdict: no second line",
        "agreed with the landlord: we keep the cage",
        "leadership signed off on the new budget",
        "we keep the old names, that's final",
        "DECISION use the spare array",
        "*Decision* (DCT-42): backups move to 02:00",
        "picked the small switch for DCT-42. the big one was too loud",
        "DCT-42 is a go, Carla gave the ok",
        "after the vote: 5 for the old names, 1 against",
        "we keep the old names, decided this morning with procurement",
        "after a lengthy debate we opt for the small switch",
        "from now on every rack gets two labels",
    ] {
        assert!(decides(text), "{text}");
    }
}

#[test]
fn no_decisions() {
    for text in [
        "should we decide today?",
        "not decided",
        "we haven't decided on a vendor",
        "let's decide tomorrow",
        "who decided that?",
        "to be decided",
        "if we decided to wait",
        "we might go with B",
        "undecided",
        "have we agreed on it?",
        "decision needed by Friday",
        "&gt; we decided to wait",
        "once we have decided, I'll tell you",
        "agreed!",
        "waiting for a decision on this: buy or rent",
        "we agreed to talk tomorrow",
        "nothing has been decided",
        "I'd go with the smaller one",
        "should we go with the smaller one?",
        "Approved.",
        "Resolved, pushes go through. Merci!",
        "Readme it is.",
        "Aloud it is, I'll add the minutes.",
        "Quota mails go out at 16:00 from now on, not at midnight.",
        "Dana can you confirm the head count for the site visit? That was Ruth's mail…",
        "the timeout is decided by the customer in the settings",
        "I've decided nothing",
        "we decided last year to keep dual power",
        "the fix is deployed and confirmed by the customer",
        "they went with Mongo at my previous company",
        "let's keep an eye on DCT-42",
        "let's use the spare rack to reproduce it",
        "going with the old laptop today",
        "Tom agreed to review it",
        "the user picked a date in the past and it crashes",
        "Conclusion: DCT-42 is caused by the proxy",
        "PR for DCT-42 was approved by Tom",
        "I decided to rewrite the test first",
        "everything is installed and signed off by facilities",
        "picked DCT-42 from the backlog",
        "picked the wrong branch, rebasing",
        "DCT-42: test plan is in review",
        "DCT-42: PR is in review",
        "DCT-42: the doc went in review",
        "That was Ruth's mail from last month. I confirmed eight, so nothing is open here.",
    ] {
        assert!(!decides(text), "{text}");
    }
}
