//! A blocker is over: its cases. The words are in `language/patterns/unblocked.txt`.

use super::reader::surest;

fn over(text: &str) -> bool {
    surest("unblocked", text).is_some()
}

#[test]
fn ends() {
    for text in [
        "unblocked",
        "We're unblocked now, thanks!",
        "fixed",
        "Fixed :tada:",
        "DCT-42 is resolved",
        "this was resolved this morning",
        "sorted, thanks",
        "no longer blocked",
        "back on track",
        "not blocked any more",
        "all fixed and deployed",
        "it has been fixed",
        "should be fixed now",
        "✅",
        "the blocker is gone",
        "behoben",
        "resuelto",
        "résolu",
        "resolvido",
        "nicht mehr blockiert",
        "got it fixed",
        "vendor came back, we can now proceed",
        "done",
        "resolved the blocker with Marco",
    ] {
        assert!(over(text), "{text}");
    }
}

#[test]
fn not_ends() {
    for text in [
        "not fixed yet",
        "is it fixed?",
        "is it fixed",
        "isn't resolved",
        "will be fixed tomorrow",
        "needs to be fixed",
        "once fixed we go",
        "until it is resolved",
        "almost fixed",
        "hopefully resolved soon",
        "trying to get it fixed",
        "how do we get unblocked?",
        "should be fixed by Friday",
        "still unresolved",
        "a fixed date",
        "when it's resolved, tell me",
        "fixed lol",
        "nicht behoben",
        "80% fixed",
        "&gt; fixed",
        "any chance this is sorted?",
        "this must be fixed first",
        "it has to be resolved before Friday",
        "I thought this was fixed",
        "fixed a typo in the plan",
        "Rows 4 and 6 can go on meanwhile, we have the PDUs on site.",
    ] {
        assert!(!over(text), "{text}");
    }
}
