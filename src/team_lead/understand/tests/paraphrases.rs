//! Other people's words for the same requests: typos, politeness in many styles, English as a second language,
//! capitals, emoji, several wishes at once, and what is not wanted.

use super::*;

const PARAPHRASES: &[(&str, &str)] = &[
    // Politeness around anything.
    ("Sorry to bother you again, where is the sprint?", "sprint-board"),
    ("apologies for the interruption: show me the roadmap", "roadmap"),
    ("Excuse me, could I please have the full status?", "full-status"),
    ("Hope you had a nice weekend! Roadmap when you get a sec, please.", "roadmap"),
    ("if it's not too much trouble, the initiative check", "initiative-check"),
    ("I was wondering if you could run the program check", "program-monitor"),
    ("Would you be so kind as to give me the sprint status? Much appreciated!", "sprint-board"),
    ("do me a favour and get me caught up, you're the best", "caught-up"),
    ("quick question: what's blocked?", "program-monitor"),
    ("at your earliest convenience, the tech roadmap. Kind regards", "tech-roadmap"),
    ("kindly do the needful and post the standup", "post-standup"),
    ("sorry to disturb you, post the standup please, many thanks in advance", "post-standup"),
    ("hey there friend, how are you doing? sprint board plz, take your time", "sprint-board"),
    ("morning routine asap, need it now", "morning-routine"),
    ("it would be great if you could catch me up", "caught-up"),
    ("any chance you could show the roadmap?", "roadmap"),
    ("ok cool, thanks a million. now the eod summary", "eod-summary"),
    ("Greetings! Please to give the full status, thank you very much", "full-status"),
    // English as a second language.
    ("please inform me what is new", "caught-up"),
    ("what I have missed?", "caught-up"),
    ("how it is going the sprint?", "sprint-board"),
    ("the sprint, it goes well?", "sprint-board"),
    ("I would like to see roadmap of engineering", "tech-roadmap"),
    ("which of the initiatives are delayed?", "initiative-check"),
    ("what people did yesterday?", "daily-update since=11-17T00:00 until=11-18T00:00"),
    ("can you please to show me status of all programs", "program-monitor"),
    // Typos, capitals and emoji.
    ("ful statuss pls", "full-status"),
    ("rodmap", "roadmap"),
    ("spritn board plz", "sprint-board"),
    ("intiative check", "initiative-check"),
    ("WHAT DID I MISS???", "caught-up"),
    ("FULL STATUS NOW", "full-status"),
    ("🚀🚀 morning routine 🚀", "morning-routine"),
    (":sunny: kick off my morning :coffee:", "morning-routine"),
    ("tech raodmap :eyes:", "tech-roadmap"),
    ("end of the dya", "end-of-day"),
    // Questions about one thing.
    ("will we make the sprint goal?", "sprint-board"),
    ("is the sprint in trouble", "sprint-board"),
    ("how far along is the sprint?", "sprint-board"),
    ("are any initiatives slipping?", "initiative-check"),
    ("which initiatives will miss their deadline?", "initiative-check"),
    ("who is working on what?", "daily-update"),
    ("what is everyone up to", "daily-update"),
    ("is anything stuck?", "program-monitor"),
    ("do I owe anybody an answer?", "daily-assistant"),
    ("who's waiting on me?", "daily-assistant"),
    ("my open questions", "daily-assistant"),
    ("does anyone need something from me?", "daily-assistant"),
    ("any decisions in dct since Tuesday?", "program-monitor @dct since=11-17T00:00"),
    ("technical version of the roadmap", "tech-roadmap"),
    // What words mean together.
    ("did anyone ask me something?", "daily-assistant"),
    ("who have I not replied to?", "daily-assistant"),
    ("is there anything I have to respond to?", "daily-assistant"),
    ("who's blocked waiting for me?", "daily-assistant"),
    ("how are we doing against the roadmap?", "roadmap"),
    ("what's at risk on the roadmap?", "roadmap"),
    ("what isn't done in the sprint yet?", "sprint-board"),
    ("the sprint, how is it going?", "sprint-board"),
    ("what does the roadmap look like for tech leadership?", "tech-roadmap"),
    ("what's going on with apollo?", "program-monitor @apollo"),
    ("steering committee in ten minutes, I need the full status", "full-status !publish"),
    ("do my usual morning round", "morning-routine"),
    ("what sort of things can I ask you?", "help"),
    ("great work everyone", "unclear"),
    ("who needs a coffee?", "unclear"),
    ("recap of today", "eod-summary since=11-18T00:00"),
    ("what has been shipped today?", "eod-summary since=11-18T00:00"),
    ("how was the week?", "end-of-week"),
    ("recap the week", "end-of-week"),
    ("get me ready for the day", "morning-routine"),
    ("how is everything going?", "full-status"),
    ("is everything on track? thx", "full-status"),
    ("keep me in the loop", "caught-up"),
    // What is written, and where.
    ("bring confluence up to date", "update-confluence"),
    ("refresh every page in the wiki please", "update-confluence"),
    ("post today's standup", "post-standup since=11-18T00:00"),
    ("share the standup with the team", "post-standup"),
    ("get the standup posted", "post-standup"),
    ("leave the standup notes as comments on the tickets", "standup-note"),
    ("put the standup into jira", "standup-note"),
    ("record standup notes in the jira issues", "standup-note"),
    ("write the standup notes", "daily-update"),
    ("maybe post the standup", "unclear"),
    // Several wishes at once.
    ("roadmap please, and how's the sprint?", "sprint-board + roadmap"),
    ("what needs me? and the full status as well", "full-status + daily-assistant"),
    ("initiative check, tech roadmap and roadmap", "roadmap + tech-roadmap + initiative-check"),
    // What is not wanted.
    ("I don't want the roadmap in my full status", "full-status -roadmap"),
    ("no sprint board in the morning routine please", "morning-routine -sprint-board"),
    ("leave the roadmap out of the full status", "full-status -roadmap"),
    ("give me the full status but I do not need the sprint board", "full-status -sprint-board"),
    ("everything but the roadmap", "full-status -roadmap"),
    ("bring me the roadmap", "roadmap"),
    ("get me the sprint board", "sprint-board"),
    ("wrap it up for today", "end-of-day since=11-18T00:00"),
    ("closing out the week", "end-of-week"),
    ("leave a standup comment on each ticket", "standup-note"),
    ("do skip the roadmap", "unclear"),
    ("full status, skip slack", "unclear"),
    ("skip slack", "unclear"),
    ("full status, but don't post it to slack", "full-status !publish"),
    ("let's not post the standup", "unclear"),
    ("please never update the wiki pages", "unclear"),
    // Another's work.
    ("kick bob from the channel", "unclear"),
    ("bake a cake for the sprint", "unclear"),
    ("sorry to bother you, what time is lunch?", "unclear"),
    // What was decided, what is the matter, and what is one's own.
    ("what was decided today", "eod-summary since=11-18T00:00"),
    ("which decisions did we take?", "eod-summary"),
    ("any decisions yesterday?", "eod-summary since=11-17T00:00 until=11-18T00:00"),
    ("what shipped this week", "end-of-week since=11-16T00:00"),
    ("which tickets are overdue", "program-monitor"),
    ("any ownerless issues?", "program-monitor"),
    ("what slipped?", "program-monitor"),
    ("what's holding up apollo", "program-monitor @apollo"),
    ("where do slack and jira disagree", "program-monitor"),
    ("is any initiative quiet", "initiative-check"),
    ("my open threads", "daily-assistant"),
    ("sum up what I missed, been in workshops all day", "caught-up !publish"),
    ("the spend on models today", "cost"),
    ("both roadmaps", "roadmap + tech-roadmap"),
    ("active sprint pls", "sprint-board"),
    ("are we on pace", "sprint-board"),
    ("whats everyone up to", "daily-update"),
    ("which programs can I ask about", "help"),
    ("set the sprint goal to shipping", "unclear"),
    // Things by what they are for.
    ("what needs my approval?", "daily-assistant"),
    ("did I miss any questions", "daily-assistant"),
    ("am I on the hook for anything", "daily-assistant"),
    ("what should worry us", "program-monitor"),
    ("is anything going off the rails", "program-monitor"),
    ("any bad news on dct", "program-monitor @dct"),
    ("how many points did we burn", "sprint-board"),
    ("what's planned for next quarter", "roadmap"),
    ("which epics slipped", "roadmap"),
    ("what came out of today", "eod-summary since=11-18T00:00"),
    ("progress per person", "daily-update"),
    ("are we hitting our initiative dates", "initiative-check"),
    ("sprint board, and publish the tech roadmap", "sprint-board + tech-roadmap"),
];

#[test]
fn other_peoples_words_are_understood() {
    let vocabulary = vocabulary();
    let wrong: Vec<String> = PARAPHRASES
        .iter()
        .map(|(said, meant)| (said, meant, told(&vocabulary, said, &now())))
        .filter(|(_, meant, told)| *meant != told)
        .map(|(said, meant, told)| format!("{said:?}\n  meant {meant}\n  told  {told}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), PARAPHRASES.len(), wrong.join("\n"));
}

#[test]
fn where_an_answer_goes_does_not_tell_which_programs_there_are() {
    let vocabulary = vocabulary();
    for (known, unknown, here) in [
        ("dct check here", "banana check here", true),
        ("payments here", "banana here", true),
        ("dct check here since monday", "banana check here since monday", true),
        ("dct check", "banana check", false),
        ("full status for apollo, i wasn't here", "full status for banana, i wasn't here", false),
        ("full status for apollo, but not here", "full status for banana, but not here", false),
    ] {
        assert_eq!(says_here(known, &vocabulary, &now()), here, "{known}");
        assert_eq!(says_here(unknown, &vocabulary, &now()), here, "{unknown}");
    }
}
