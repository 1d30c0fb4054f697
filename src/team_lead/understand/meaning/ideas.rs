//! The ideas that requests are made of, and the words for each.

use crate::team_lead::understand::words::{Word, is};

/// An idea and its words.
pub(super) const IDEAS: &[(&str, &str)] = &[
    // What others want of one.
    (
        "need",
        "need needs needed require requires required want wants wanted expect expects expected expecting wait waits waiting awaiting \
         await hanging chasing chase chases depend depends depending owe owes owed outstanding unanswered pending \
         due hung holding bottleneck",
    ),
    (
        "ask",
        "ask asks asked asking ping pings pinged pinging mention mentions mentioned mentioning question questions \
         tagged tagging message messages messaged request requests requested requesting query queries dm dms ping",
    ),
    (
        "reply",
        "reply replies replied replying respond responds responded responding response responses answer answers \
         answered answering unanswered react acknowledge",
    ),
    (
        "attention",
        "attention input reply answer response decision approval feedback court action involvement",
    ),
    (
        "duty",
        "todo todos task tasks plate priority priorities duties responsibilities tackle focus prioritise prioritize attend \
         deal handle agenda inbox items care assignments workload homework",
    ),
    ("mine", "my mine"),
    ("you", "you u yourself"),
    // Whom and what it is about.
    (
        "team",
        "team teams everyone everybody people folks colleagues teammates each others other crew squad members",
    ),
    ("work", "work works worked working did done doing busy accomplish accomplished progress activity"),
    ("sprint", "sprint sprints iteration burndown velocity sprintboard"),
    ("roadmap", "roadmap roadmaps"),
    ("tech", "tech technical technology engineering eng architecture engineers cto technically"),
    ("program", "program programs programme programmes crossfunctional"),
    (
        "risk",
        "risk risks risky blocker blockers blocked blocking blocks impediment impediments stuck trouble danger \
         obstacle obstacles endangered jeopardy threatened escalations escalation roadblocks roadblock",
    ),
    ("initiative", "initiative initiatives"),
    ("standup", "standup standups scrum"),
    ("say", "say text paste notes draft write words summary script talk tell report present bring"),
    // When.
    ("day", "today todays day"),
    ("yesterday", "yesterday yesterdays"),
    ("week", "week weeks weekly friday"),
    ("morning", "morning mornings am gm"),
    (
        "routine",
        "routine thing round rounds ritual briefing brief kickoff usual prep briefings checkin warmup rundown coffee",
    ),
    ("start", "start starts starting begin beginning kick open ready prepare prep kickstart"),
    (
        "close",
        "end ends ending close closing wrap wrapping finish finishing leave leaving conclude concluding over closeout",
    ),
    // What happened.
    (
        "done",
        "done finished finish complete completed completes achieve achieved accomplish accomplished closed shipped \
         ship delivered deliver wins accomplishments achievements resolved finalised finalized accomplishing",
    ),
    (
        "summary",
        "summary summaries summarise summarize summarised summarized sum recap recaps overview digest roundup \
         rundown highlights wrapup tldr retrospective outline gist nutshell resume resumen résumé short",
    ),
    (
        "news",
        "miss missed missing new news happened happen happening happens changed change changes went developments \
         latest developed occurred transpired discuss discussed talk talked",
    ),
    ("away", "away gone vacation holiday holidays pto absent absence ooo sick offline leave"),
    ("back", "back returned return returning"),
    ("catch", "catch caught catchup brief fill loop speed"),
    // How things are.
    (
        "state",
        "status state stand stands standing health healthy shape track looking look looks doing going faring \
         progress progressing coming situation picture condition along position",
    ),
    (
        "overall",
        "overall whole everything complete entire full total general big broad across altogether comprehensive \
         company wide generally everywhere",
    ),
    (
        "late",
        "late overdue behind delayed slipping slipped slip delay delays deadline deadlines dates due quiet ownerless",
    ),
    // Ourselves.
    (
        "able",
        "able capable capabilities commands command features feature abilities functions skills options examples",
    ),
    ("can", "can could may able"),
    ("what", "what which how who whats"),
];

/// Whether a word is the one who asks, as someone of whom something is wanted: "show me", "can I have" and "I need
/// the roadmap" are no more than manners.
pub(super) fn is_me(words: &[Word], at: usize) -> bool {
    let before = |options: &[&str]| at.checked_sub(1).is_some_and(|before| is(words, before, options));
    if is(words, at, &["me", "myself"]) {
        return !before(&[
            "give", "show", "tell", "get", "send", "help", "let", "bring", "catch", "fill", "update",
            "brief", "remind", "run", "make", "write", "draft", "prepare", "do", "pull", "find", "read",
            "fetch", "hand", "pass", "put", "keep", "inform", "excuse", "clue", "walk", "take", "hit",
            "giving", "showing", "telling", "getting", "sum", "around",
        ]);
    }
    if is(words, at, &["i"]) && before(&["do", "did", "have", "am", "should", "must"]) {
        return true;
    }
    is(words, at, &["i"])
        && !before(&["can", "could", "may", "might", "while", "when", "since", "because", "if"])
        && (is(words, at + 2, &["to"]) || !is(words, at + 1, &["need", "have"]))
        && !is(
            words,
            at + 1,
            &[
                "want", "would", "like", "just", "am", "was", "were", "missed", "miss", "dont", "wonder",
                "know", "really", "came", "got", "also", "think", "guess", "hope", "only", "love",
            ],
        )
}
