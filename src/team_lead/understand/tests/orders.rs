//! Orders in other clauses than a plain imperative, with reasons, and beside what is to be read.

use super::*;

/// The words, and the names of all that is asked for, of which something is written.
const ORDERS: &[(&str, &str)] = &[
    ("make sure the roadmap page is up to date", "roadmap"),
    ("please ensure that the confluence pages are current", "update-confluence"),
    ("see to it that the standup gets posted", "post-standup"),
    ("make sure the standup is posted, I'm off today", "post-standup"),
    ("the standup needs to go out, do it please", "post-standup"),
    ("the standup hasn't been posted yet, please post it", "post-standup"),
    ("Confluence is out of date. Refresh all the pages please", "update-confluence"),
    ("the roadmap page needs an update, please do it", "roadmap"),
    ("all the pages are stale, please take care of it", "update-confluence"),
    ("do the standup posting please", "post-standup"),
    ("please run the confluence refresh", "update-confluence"),
    ("do an update of the roadmap page", "roadmap"),
    ("trigger the publication of the sprint board", "sprint-board"),
    ("can you get the roadmap up on confluence?", "roadmap"),
    ("put the sprint board up on the wiki please", "sprint-board"),
    ("go ahead and post the standup", "post-standup"),
    ("push out the standup", "post-standup"),
    ("go ahead, publish the tech roadmap", "tech-roadmap"),
    ("update the entire confluence", "update-confluence"),
    ("refresh every single confluence page", "update-confluence"),
    ("update all confluence, the whole lot", "update-confluence"),
    ("publish the sprint board because the review starts in five minutes", "sprint-board"),
    ("I have a dentist appointment, could you post the standup for me?", "post-standup"),
    ("post the standup please, gotta run", "post-standup"),
    ("we're late, please update all confluence", "update-confluence"),
    ("the customer call is at noon, publish the roadmap please", "roadmap"),
    ("leave my standup note as a comment in jira", "standup-note"),
    ("update the pages in confluence with the latest numbers", "update-confluence"),
    ("full status and post the standup", "full-status + post-standup"),
    ("post my standup and show me the sprint board", "post-standup + sprint-board"),
    ("update all confluence, then give me the end of week", "update-confluence + end-of-week"),
    ("what needs me? also, post the standup", "daily-assistant + post-standup"),
    ("get me caught up and then update all confluence please", "caught-up + update-confluence"),
    ("publish the roadmap and tell me what's at risk", "roadmap + program-monitor"),
    ("post standup plus initiative check", "post-standup + initiative-check"),
    ("update the roadmap page and run the dct check", "roadmap + program-monitor"),
    ("eod please & update all confluence", "end-of-day + update-confluence"),
    ("Hi team bot, please get the standup out, I'm boarding a plane", "post-standup"),
    ("Standup time! Post it please", "post-standup"),
    ("time to publish the roadmap, the steering committee meets in an hour", "roadmap"),
    ("publish the sprint board for me would you", "sprint-board"),
    ("I'd appreciate it if you could update all the confluence pages", "update-confluence"),
    ("kindly refresh the wiki", "update-confluence"),
    ("all our confluence pages need refreshing, please do so", "update-confluence"),
    ("roadmap page needs a refresh, do it please", "roadmap"),
    ("can you bring the roadmap page up to date?", "roadmap"),
    ("bring all our wiki pages up to date please", "update-confluence"),
    ("publish roadmap + sprint board", "roadmap + sprint-board"),
    ("please publish both roadmaps", "roadmap + tech-roadmap"),
    ("update sprint board page & roadmap page", "sprint-board + roadmap"),
    ("the technical roadmap should go to confluence, please publish it", "tech-roadmap"),
    ("upload the roadmap to the wiki please", "roadmap"),
    ("could u plz upload the tech roadmap to confluence", "tech-roadmap"),
    ("please send out the standup", "post-standup"),
    ("send the standup to the team channel please", "post-standup"),
    ("share the standup with the team", "post-standup"),
    ("submit my standup", "post-standup"),
    ("post standup and eod please", "post-standup + end-of-day"),
    ("post my standup, then the morning routine", "post-standup + morning-routine"),
    ("eow + update all confluence", "end-of-week + update-confluence"),
    ("update confluence, and after that the full status please", "update-confluence + full-status"),
    ("give me a full status for apollo and publish the roadmap", "full-status + roadmap"),
    ("please post the standup. Then tell me who mentioned me", "post-standup + daily-assistant"),
    ("I can't make it today, please post my standup", "post-standup"),
    ("I won't be there, post the standup for me", "post-standup"),
    ("sorry, running late! post the standup please", "post-standup"),
    ("phone is dying, post standup", "post-standup"),
    ("post standup!!!", "post-standup"),
    ("post standup now!! I'm in a hurry", "post-standup"),
    ("everything's ready, publish the roadmap", "roadmap"),
    ("numbers look good, publish the roadmap", "roadmap"),
    ("the sprint is closed. Publish the sprint board please", "sprint-board"),
    ("we just closed the sprint, publish the board", "sprint-board"),
    ("please push everything to confluence", "update-confluence"),
    ("run update confluence", "update-confluence"),
    ("start the confluence update", "update-confluence"),
    ("do a full confluence refresh", "update-confluence"),
    ("refresh all pages on the wiki, thx", "update-confluence"),
    ("sync all the pages to confluence", "update-confluence"),
    ("add my standup notes to the jira tickets", "standup-note"),
    ("comment my standup on the tickets", "standup-note"),
    ("put my standup note in jira as a comment", "standup-note"),
    ("please write my standup note into the jira issues", "standup-note"),
    ("attach the standup note to the tickets in jira", "standup-note"),
    ("post my standup note to jira only", "standup-note"),
    ("post the standup note as a jira comment", "standup-note"),
    ("please comment the standup note in Jira, I am in a workshop", "standup-note"),
    ("update all the pages but leave out the tech roadmap", "update-confluence - tech-roadmap"),
    ("update all confluence apart from the roadmap", "update-confluence - roadmap"),
    ("please refresh confluence without the sprint board", "update-confluence - sprint-board"),
];

/// What only reads.
const READS: &[(&str, &str)] = &[
    ("my tickets", "daily-assistant"),
    ("which tickets are assigned to me?", "daily-assistant"),
    ("show me my open issues", "daily-assistant"),
    ("is anything burning?", "program-monitor"),
    ("what's on fire", "program-monitor"),
    ("when are the milestones due", "roadmap"),
    ("epic deadlines please", "roadmap"),
    ("full status with the tech roadmap", "full-status + tech-roadmap"),
    ("full status on all programmes", "full-status"),
    ("I need the full status of the data center program", "full-status"),
    ("routine please", "morning-routine"),
    ("catch me up on dct before I meet the client", "caught-up"),
    ("the sprint board please, for my talk with Maria", "sprint-board"),
    ("what words do you understand", "help"),
    ("I'd like to know whether our initiatives are healthy", "initiative-check"),
    ("Quarterly review next week, I'd like to know whether our initiatives are healthy", "initiative-check"),
    ("whether the initiatives are healthy", "initiative-check"),
    ("are our initiatives healthy", "initiative-check"),
    ("what did I miss? I meet the client tomorrow", "caught-up"),
    ("full status please, I have a meeting next week", "full-status"),
    ("sprint status, the demo is tomorrow", "sprint-board"),
];

/// The agents of names that are joined by " + ", without what follows " - ".
fn agents(target: &str) -> Vec<AgentName> {
    let (wanted, out) = target.split_once(" - ").unwrap_or((target, ""));
    let all = |name: &str| match crate::workflows::named(name) {
        Some(workflow) => workflow.agents.to_vec(),
        None => vec![name.parse().unwrap()],
    };
    let mut agents: Vec<AgentName> = wanted.split(" + ").flat_map(all).collect();
    agents.retain(|agent| agent.as_str() != out);
    agents.sort();
    agents.dedup();
    agents
}

#[test]
fn an_order_is_heard_in_whatever_clause_it_stands() {
    let wrong = |(said, target): &&(&str, &str)| match understand(said, &vocabulary(), &now()) {
        Understood::Asked(asked) => asked.writes.is_empty() || asked.agents != agents(target),
        _ => true,
    };
    let wrong: Vec<_> = ORDERS.iter().filter(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_to_be_read_is_read() {
    let wrong = |(said, target): &&(&str, &str)| match understand(said, &vocabulary(), &now()) {
        Understood::Asked(asked) => !asked.writes.is_empty() || asked.agents != agents(target),
        Understood::Help => *target != "help",
        _ => true,
    };
    let wrong: Vec<_> = READS.iter().filter(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_only_named_beside_an_order_is_reported_and_not_written() {
    let Understood::Asked(asked) =
        understand("sprint board, and publish the tech roadmap", &vocabulary(), &now())
    else {
        panic!("it is understood");
    };
    assert_eq!(asked.agents, [AgentName::SprintBoard, AgentName::TechRoadmap]);
    assert_eq!(asked.writes, [AgentName::TechRoadmap]);
}
