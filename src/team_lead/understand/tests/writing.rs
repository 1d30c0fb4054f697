//! Who is asked to write: what must, and what must never.

use super::politeness::{AFTER, POLITE};
use super::*;

/// The words, who is to write, and whether over people's edits.
const WRITES: &[(&str, &str)] = &[
    ("update all Confluence", "sprint-board roadmap tech-roadmap"),
    ("please update all of the confluence pages", "sprint-board roadmap tech-roadmap"),
    ("publish everything to confluence", "sprint-board roadmap tech-roadmap"),
    ("Could you refresh Confluence?", "sprint-board roadmap tech-roadmap"),
    ("update all confluence except the tech roadmap", "sprint-board roadmap"),
    ("update-confluence", "sprint-board roadmap tech-roadmap"),
    ("update all confluence, overwrite", "sprint-board roadmap tech-roadmap !"),
    ("post standup", "daily-update standup-note"),
    ("Please post our stand up", "daily-update standup-note"),
    ("can you post the standup?", "daily-update standup-note"),
    ("sorry to bother you: post today's standup", "daily-update standup-note"),
    ("when you have a minute, publish the roadmap", "roadmap"),
    ("any chance you could publish the roadmap?", "roadmap"),
    ("bring confluence up to date", "sprint-board roadmap tech-roadmap"),
    ("add standup notes as jira comments", "standup-note"),
    ("write the standup notes into jira", "standup-note"),
    ("post standup notes to jira", "standup-note"),
    ("post my standup notes", "daily-update standup-note"),
    ("post my standup note", "daily-update standup-note"),
    ("post standup but skip jira", "daily-update"),
    ("add standup notes to jira", "standup-note"),
    ("publish the sprint board", "sprint-board"),
    ("publish sprint board", "sprint-board"),
    ("Publish the roadmap, please", "roadmap"),
    ("publish the tech roadmap", "tech-roadmap"),
    ("republish the roadmap now", "roadmap"),
    ("can you publish the roadmap?", "roadmap"),
    ("publish the sprint board and the roadmap", "sprint-board roadmap"),
    ("publish the sprint board, the roadmap and the tech roadmap", "sprint-board roadmap tech-roadmap"),
    ("publish both the roadmap and the tech roadmap", "roadmap tech-roadmap"),
    ("publish the roadmap to confluence", "roadmap"),
    ("publish the roadmap for dct", "roadmap"),
    ("update the roadmap page", "roadmap"),
    ("refresh the sprint board page", "sprint-board"),
    ("update the roadmap in confluence", "roadmap"),
    ("write the sprint board to confluence", "sprint-board"),
    ("update the sprint board and roadmap pages", "sprint-board roadmap"),
    ("push the tech roadmap to confluence", "tech-roadmap"),
    ("full status and publish the roadmap", "roadmap"),
    ("publish the roadmap and full status please", "roadmap"),
    ("monday kickoff and publish the sprint board", "sprint-board"),
    ("publish the sprint board, overwrite", "sprint-board !"),
    ("publish the sprint board, overwrite it", "sprint-board !"),
    ("publish the sprint board and overwrite", "sprint-board !"),
    // Clauses: what is the matter, and what is to be done about it.
    ("I need the standup posted", "daily-update standup-note"),
    ("would you mind posting the standup?", "daily-update standup-note"),
    ("it's ten o'clock, post the standup", "daily-update standup-note"),
    ("the standup is ready, post it", "daily-update standup-note"),
    ("put the standup in the team channel", "daily-update standup-note"),
    ("the roadmap page is stale, please refresh it", "roadmap"),
    ("get the sprint board published", "sprint-board"),
    ("put the roadmap on its Confluence page", "roadmap"),
    ("could we get the roadmap page updated?", "roadmap"),
    ("Confluence is stale, please refresh all the pages", "sprint-board roadmap tech-roadmap"),
    ("I'd like all of confluence updated", "sprint-board roadmap tech-roadmap"),
    ("get everything into confluence", "sprint-board roadmap tech-roadmap"),
    ("update confluence, but leave out the sprint board", "roadmap tech-roadmap"),
    ("copy the standup notes into Jira", "standup-note"),
    ("the standup notes belong in jira, please add them there", "standup-note"),
    ("I need the standup notes on the jira tickets", "standup-note"),
];

/// Nothing of this may ever write.
const NEVER: &[&str] = &[
    "",
    "sprint board",
    "the roadmap",
    "roadmap page",
    "tech roadmap",
    "standup",
    "standup note",
    "full status",
    "get me caught up",
    "morning routine",
    "end of week",
    "monday kickoff",
    "start my week",
    "sprint board in confluence",
    // One may update, refresh or write by looking.
    "update the roadmap",
    "refresh the sprint board",
    "give me an update on the roadmap",
    "roadmap update",
    "sprint board update",
    "write the standup for yesterday",
    "draft my standup",
    // Questions and accounts.
    "when was the roadmap published?",
    "did anyone update the roadmap page?",
    "did you publish the roadmap",
    "who published the sprint board",
    "was the sprint board published?",
    "publish the roadmap?",
    "should we publish the roadmap",
    "should i publish the sprint board?",
    "how do I publish the roadmap",
    "who can publish the roadmap?",
    "why is the roadmap page not updated",
    "published the roadmap",
    "i published the roadmap yesterday",
    "Omar is publishing the sprint board",
    "we update the roadmap page every monday",
    "I will publish the roadmap myself",
    "bob said publish the roadmap",
    "bob said post standup",
    "if the sprint is done publish the sprint board",
    "unless somebody objects, publish the roadmap",
    "remind me to publish the roadmap",
    "ask dana to publish the roadmap",
    // Not now.
    "publish the roadmap tomorrow",
    "publish the roadmap on friday",
    "publish the roadmap at 17:00",
    "post standup on monday",
    "publish the roadmap every monday",
    // Somebody else's words.
    "“publish the roadmap”",
    "she wrote \"publish the roadmap\"",
    "`publish the roadmap`",
    "> publish the roadmap",
    "the help says “update all confluence”",
    // Typos.
    "pubilsh the roadmap",
    "publsh the sprint board",
    "udpate all confluense",
    "udpate the roadmap page",
    "psot standup",
    "refersh the sprint board page",
    // Negated.
    "don't publish the roadmap",
    "full status, but don't publish the roadmap",
    "full status without publishing",
    "publish nothing",
    "never publish the sprint board",
    "publish the roadmap, dry run",
    "publish the roadmap — no, don't",
    "do not update the roadmap page",
    "don't post standup",
    "cancel: publish the roadmap",
    // Something else is meant.
    "publish the zebra roadmap of doom",
    "publish a blog post about the roadmap",
    "write me a poem about the roadmap",
    "publish the roadmap to slack and twitter",
    "update my jira tickets",
    "overwrite",
    "overwrite the roadmap",
    "delete the roadmap page",
    "is it possible to publish the roadmap",
    "maybe publish the roadmap",
    "perhaps post the standup",
    "write the standup notes",
    "who wrote the standup notes into jira?",
    "are the standup notes in jira?",
    "the standup notes in jira are wrong",
    "i will put the standup into jira",
    "don't add the standup notes to the tickets",
    "when marco is back, publish the roadmap",
    "if dana agrees, post the standup",
    "hey bob said: publish the roadmap",
    "sorry, who said publish the roadmap",
    "is confluence up to date?",
    "did you get the standup posted",
    "do you think we should publish the roadmap?",
    "psot todays standup",
    "lets not publish the roadmap",
    // Accounts, wishes, conditions and other deeds, however near to an order.
    "do you ever post the standup by yourself?",
    "could the roadmap be published by mistake?",
    "who gets the standup when you post it?",
    "I wish someone would update confluence",
    "the standup has been posted already",
    "what if I publish the roadmap",
    "does Dana post the standup?",
    "it's not the time to post the standup",
    "the sprint board page looks good",
    "when you post the standup, who sees it?",
    "last week you updated all confluence",
    "the roadmap page is stale",
    "confluence needs an update",
    "we post the standup in #team",
    "Lena is posting the standup",
    "I have posted the standup",
    "post standup: what does it do?",
    "is confluence being updated",
    "publishing the roadmap takes ages",
    "the pages are out of date",
    "can I publish the roadmap?",
    "who would post the standup if I'm away?",
    "let me post the standup",
    "I need to post the standup before ten",
    "they want the roadmap published",
    "Ana needs the standup posted",
    "Ana is right, I should post the standup",
    "get me the roadmap page",
    "I need the roadmap page",
    "write the team's standup",
    "have the pages been updated?",
    "tell Bob to update confluence",
    "Bob, did you update confluence",
    "we are about to publish the roadmap",
    "can you undo the last publish",
    "is the standup posted",
    "rollback the roadmap page",
    "post mortem of the standup",
    "good thing you posted the standup",
    "imagine we update all confluence",
    "the button says update all confluence",
    "is it too early to post the standup?",
    "the standup needs to be posted by ten",
    "who forgot to post the standup?",
    "we used to post the standup by hand",
    "it would be nice if confluence was up to date",
    "can anybody publish the roadmap?",
    "I am not sure we should publish the roadmap",
    "why don't you post the standup automatically?",
    "please ask before you publish the roadmap",
    "stop, don't post it",
    "the roadmap should not be published",
    "what will change when you update confluence?",
    "could you explain how to publish the roadmap?",
    "please tell me who posted the standup",
    "you posted the standup in the wrong channel",
    "Posting the standup is Ana's job",
    "please wait with publishing the roadmap",
    "show me the diff before updating confluence",
    "preview the confluence update",
    "it's done, the roadmap is published",
    "the roadmap is published, thanks",
    "is it ok to post the standup now?",
    "have you posted the standup yet?",
    "Tom says update all confluence",
    "Ana: post the standup",
    "my question is, post the standup or not",
    "somebody should publish the roadmap",
    "confluence pages",
    "update",
    "the standup post looks odd",
    "I love how you update all confluence",
    "we need to talk about who posts the standup",
    "my plan is to publish the roadmap",
    "the plan is simple: post the standup, update confluence",
    "drop the roadmap page",
    "share the roadmap page",
    "send me the roadmap page",
    "copy the roadmap page",
    "copy all the pages in confluence",
    "I have the standup notes in jira",
    "the standup notes are in jira",
    "get the standup notes from jira",
    "I want the roadmap",
    "get the sprint board in confluence",
    "bring me the roadmap page",
    "have the pages",
    "put the standup together",
    "write up the standup",
    "save the roadmap page",
    "log the standup",
    "leave the standup notes",
    "standup, confluence",
    "the roadmap page, please",
    "the roadmap, update",
];

fn writers(text: &str) -> String {
    let Understood::Asked(asked) = understand(text, &vocabulary(), &now()) else { return String::new() };
    let mut names: Vec<&str> = asked.writes.iter().map(|agent| agent.as_str()).collect();
    if asked.overwrite {
        names.push("!");
    }
    assert!(asked.writes.iter().all(|agent| asked.agents.contains(agent)), "{text}: {asked:?}");
    names.join(" ")
}

#[test]
fn who_is_asked_to_write_writes() {
    let wrong: Vec<String> = WRITES
        .iter()
        .map(|(said, meant)| (said, meant, writers(said)))
        .filter(|(_, meant, told)| *meant != told)
        .map(|(said, meant, told)| format!("{said:?}: meant {meant:?}, told {told:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nobody_writes_who_was_not_asked_to() {
    let wrong: Vec<String> = NEVER
        .iter()
        .map(|said| (said, writers(said)))
        .filter(|(_, told)| !told.is_empty())
        .map(|(said, told)| format!("{said:?} writes {told}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_request_by_name_writes_what_its_name_says() {
    let writes = |name: &str| vocabulary().asked_by_name(name).unwrap().writes;
    assert_eq!(writes("post-standup"), [AgentName::DailyUpdate, AgentName::StandupNote]);
    for name in ["full-status", "sprint-board", "roadmap", "monday kickoff", "caught-up"] {
        assert!(writes(name).is_empty(), "{name}");
    }
}

proptest! {
    #[test]
    fn what_reads_writes_nothing(pick in 0usize..1000, before in 0usize..100, after in 0usize..100) {
        let reading: Vec<&str> = SAID.iter()
            .filter(|(_, meant)| !meant.contains("update-confluence") && !meant.contains("post-standup"))
            .map(|(said, _)| *said)
            .filter(|said| !said.contains("publish") && !said.contains("page") && !said.contains("notes") && !said.contains("comment"))
            .collect();
        let text = format!("{} {} {}", POLITE[before % POLITE.len()], reading[pick % reading.len()], AFTER[after % AFTER.len()]);
        prop_assert_eq!(writers(&text), "", "{}", text);
    }
}
