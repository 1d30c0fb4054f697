//! What people say, with what it means, on Wednesday 18 November 2026, 10:15 in London.

mod cost;
mod harmless;
mod orders;
mod paraphrases;
mod politeness;
mod put_off;
mod windows;
mod writing;

use jiff::Zoned;
use proptest::prelude::*;

use super::*;
use crate::config::UserWorkflow;
use crate::domain::{AgentName, Program, ProgramKey, WindowOrigin};

fn now() -> Zoned {
    "2026-11-18T10:15[Europe/London]".parse().unwrap()
}

fn program(key: &str, name: &str, aliases: &[&str]) -> Program {
    Program {
        key: key.parse().unwrap(),
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        channels: vec![],
        roadmap_jql: None,
        boards: vec![],
        pages: vec![],
        digest_channel: None,
    }
}

fn vocabulary() -> Vocabulary {
    let programs = [
        program("dct", "Data Center Transition", &["data center", "dc transition"]),
        program("apollo", "Apollo", &["moonshot"]),
        program("pay", "Payments Revamp", &["payments"]),
    ];
    let kickoff = UserWorkflow {
        name: "monday kickoff".to_owned(),
        triggers: vec!["monday kickoff".to_owned(), "start my week".to_owned()],
        agents: vec![AgentName::DailyAssistant, AgentName::SprintBoard, AgentName::InitiativeCheck],
    };
    Vocabulary::of(&programs, &[kickoff])
}

/// A reading in one line: `name -removed @programs since=… until=… !publish here`.
fn told(vocabulary: &Vocabulary, text: &str, now: &Zoned) -> String {
    let asked = match understand(text, vocabulary, now) {
        Understood::Asked(asked) => asked,
        Understood::Help => return "help".to_owned(),
        Understood::Cost => return "cost".to_owned(),
        Understood::Unclear(_) => return "unclear".to_owned(),
    };
    let mut line = asked.name.clone();
    let whole = asked.name.split(" + ").filter_map(|name| vocabulary.asked_by_name(name));
    let mut missing: Vec<AgentName> =
        whole.flat_map(|whole| whole.agents).filter(|agent| !asked.agents.contains(agent)).collect();
    missing.sort();
    missing.dedup();
    missing.iter().for_each(|agent| line += &format!(" -{agent}"));
    if !asked.programs.is_empty() {
        let keys: Vec<&str> = asked.programs.iter().map(ProgramKey::as_str).collect();
        line += &format!(" @{}", keys.join(","));
    }
    let time = |at: jiff::Timestamp| at.to_zoned(now.time_zone().clone()).strftime("%m-%dT%H:%M").to_string();
    asked.since.iter().for_each(|at| line += &format!(" since={}", time(*at)));
    asked.until.iter().for_each(|at| line += &format!(" until={}", time(*at)));
    if !asked.publish {
        line += " !publish";
    }
    if asked.here {
        line += " here";
    }
    line
}

const SAID: &[(&str, &str)] = &[
    // Said by many people, before there was a rule.
    ("", "caught-up"),
    ("<@U0BOT>", "caught-up"),
    ("get me caught up", "caught-up"),
    ("Get me caught up please :pray:", "caught-up"),
    ("<@U0BOT> catch me up!", "caught-up"),
    ("hey, could you catch me up on everything?", "caught-up"),
    ("what did I miss?", "caught-up"),
    ("What’d I miss", "caught-up"),
    ("what have i missed since monday", "caught-up since=11-16T00:00"),
    ("bring me up to speed", "caught-up"),
    ("can you get me up to speed with the data center", "caught-up @dct"),
    ("fill me in", "caught-up"),
    ("anything new?", "caught-up"),
    ("what's new", "caught-up"),
    ("what's happening", "caught-up"),
    ("I was out last week, what did I miss", "caught-up since=11-09T00:00 until=11-16T00:00"),
    ("catch me up, I've been away", "caught-up"),
    ("GET ME CAUGHT UP", "caught-up"),
    ("cath me up", "unclear"),
    ("get me cuaght up", "caught-up"),
    ("tl;dr please", "caught-up"),
    ("tldr", "caught-up"),
    ("give me a summary", "caught-up"),
    ("quick update?", "caught-up"),
    ("update me on dct", "caught-up @dct"),
    ("brief me", "caught-up"),
    ("I'm back from vacation, catch me up for the last two weeks", "caught-up since=11-04T10:15"),
    ("morning routine", "morning-routine"),
    ("good morning", "morning-routine"),
    ("Good morning! ☀️", "morning-routine"),
    ("Good morning, full status please", "full-status"),
    ("run my morning routine", "morning-routine"),
    ("mornign routine", "morning-routine"),
    ("start my day", "morning-routine"),
    ("morning briefing", "morning-routine"),
    ("full status", "full-status"),
    ("Full Status!", "full-status"),
    ("ful status", "full-status"),
    ("full statsu", "full-status"),
    ("full-status", "full-status"),
    ("give me the full status for DCT", "full-status @dct"),
    ("where do we stand?", "full-status"),
    ("where does Apollo stand", "program-monitor @apollo"),
    ("status of everything", "full-status"),
    ("what is the overall status", "full-status"),
    ("how are we doing", "full-status"),
    ("are we on track?", "full-status"),
    ("status", "full-status"),
    ("dct status", "full-status @dct"),
    ("status of payments since yesterday", "full-status @pay since=11-17T00:00"),
    ("the whole picture please", "full-status"),
    ("update all Confluence", "update-confluence"),
    ("update all confluence pages", "update-confluence"),
    ("please update all of the confluence pages", "update-confluence"),
    ("refresh all confluence pages", "update-confluence"),
    ("publish everything to confluence", "update-confluence"),
    ("publish all pages", "update-confluence"),
    ("Could you refresh Confluence?", "update-confluence"),
    ("udpate all confluense", "update-confluence"),
    ("update confluence for dct", "update-confluence @dct"),
    ("end of day", "end-of-day"),
    ("eod", "end-of-day"),
    ("EOD wrap", "end-of-day"),
    ("wrap up the day", "end-of-day"),
    ("wrap up today", "end-of-day since=11-18T00:00"),
    ("what did we get done today?", "end-of-day since=11-18T00:00"),
    ("let's call it a day", "end-of-day"),
    ("end of week", "end-of-week"),
    ("weekly wrap", "end-of-week"),
    ("weekly wrap-up please", "end-of-week"),
    ("wrap up the week", "end-of-week"),
    ("wrap up this week", "end-of-week since=11-16T00:00"),
    ("eow report", "end-of-week"),
    ("week in review", "end-of-week"),
    ("post standup", "post-standup"),
    ("post the stand-up", "post-standup"),
    ("Please post our stand up", "post-standup"),
    ("send the standup", "post-standup"),
    ("psot standup", "unclear"),
    ("post standup notes to jira", "standup-note"),
    ("can you post the standup?", "post-standup"),
    ("send me the standup", "daily-update"),
    // Single agents.
    ("daily assistant", "daily-assistant"),
    ("daily-assistant", "daily-assistant"),
    ("what needs me?", "daily-assistant"),
    ("what needs my attention", "daily-assistant"),
    ("what's on my plate today", "daily-assistant since=11-18T00:00"),
    ("what do i need to do", "daily-assistant"),
    ("who is waiting for me", "daily-assistant"),
    ("my todos", "daily-assistant"),
    ("dct check", "program-monitor @dct"),
    ("data center check", "program-monitor @dct"),
    ("data centre check please", "program-monitor @dct"),
    ("check on apollo", "program-monitor @apollo"),
    ("program check", "program-monitor"),
    ("cross-functional program check", "program-monitor"),
    ("program-monitor for moonshot", "program-monitor @apollo"),
    ("dct", "program-monitor @dct"),
    ("what about payments?", "program-monitor @pay"),
    ("dct and apollo check", "program-monitor @dct,apollo"),
    ("any blockers?", "program-monitor"),
    ("what's blocking dct?", "program-monitor @dct"),
    ("sprint board", "sprint-board"),
    ("show me the sprint", "sprint-board"),
    ("how's the sprint going?", "sprint-board"),
    ("sprnt board", "sprint-board"),
    ("sprint-board and roadmap", "sprint-board + roadmap"),
    ("roadmap and the sprint board", "sprint-board + roadmap"),
    ("roadmap", "roadmap"),
    ("road map", "roadmap"),
    ("rodamap please", "roadmap"),
    ("tech roadmap", "tech-roadmap"),
    ("technical roadmap and roadmap", "roadmap + tech-roadmap"),
    ("status of the roadmap", "roadmap"),
    ("give me an update on the tech roadmap", "tech-roadmap"),
    ("daily update", "daily-update"),
    ("standup", "daily-update"),
    ("draft my standup", "daily-update"),
    ("write the standup for yesterday", "daily-update since=11-17T00:00 until=11-18T00:00"),
    ("today's standup", "daily-update since=11-18T00:00"),
    ("eod summary", "eod-summary"),
    ("initiative check", "initiative-check"),
    ("how are the initiatives doing", "initiative-check"),
    ("standup note", "standup-note"),
    ("monday kickoff", "monday kickoff"),
    ("Start my week!", "monday kickoff"),
    ("monday kickoff and roadmap", "monday kickoff + roadmap"),
    // Several at once.
    ("full status and post standup", "full-status + post-standup"),
    ("full status and the tech roadmap", "full-status + tech-roadmap"),
    ("full status and sprint board", "full-status"),
    ("get me caught up and then wrap up the day", "caught-up + end-of-day"),
    ("catch me up on dct and apollo", "caught-up @dct,apollo"),
    (
        "full status for dct, apollo and payments since last tuesday",
        "full-status @dct,apollo,pay since=11-17T00:00",
    ),
    ("full status of the dc transition", "full-status @dct"),
    ("fulll status for appollo", "full-status @apollo"),
    ("full status for appollo", "full-status @apollo"),
    // Time.
    ("get me caught up since Monday", "caught-up since=11-16T00:00"),
    ("get me caught up since mon", "caught-up since=11-16T00:00"),
    ("get me caught up since wednesday", "caught-up since=11-18T00:00"),
    ("get me caught up since last wednesday", "caught-up since=11-11T00:00"),
    ("get me caught up since 9am", "caught-up since=11-18T09:00"),
    ("get me caught up since 9:30", "caught-up since=11-18T09:30"),
    ("get me caught up since 5 pm", "caught-up since=11-17T17:00"),
    ("get me caught up since yesterday 17:40", "caught-up since=11-17T17:40"),
    ("get me caught up since monday at 9am", "caught-up since=11-16T09:00"),
    ("get me caught up since 3 Nov", "caught-up since=11-03T00:00"),
    ("get me caught up since Nov 3rd", "caught-up since=11-03T00:00"),
    ("get me caught up since the 3rd of November", "caught-up since=11-03T00:00"),
    ("get me caught up since 2026-11-03", "caught-up since=11-03T00:00"),
    ("get me caught up since 2026-11-03T09:00:00Z", "caught-up since=11-03T09:00"),
    ("last 3 days", "caught-up since=11-15T10:15"),
    ("full status last three days", "full-status since=11-15T10:15"),
    ("catch me up for the past 90 minutes", "caught-up since=11-18T08:45"),
    ("catch me up over the last couple of hours", "caught-up since=11-18T08:15"),
    ("catch me up: last 24h", "caught-up since=11-17T10:15"),
    ("catch me up on the past day", "caught-up since=11-17T10:15"),
    ("what happened in the past week", "caught-up since=11-11T10:15"),
    ("what happened last week", "caught-up since=11-09T00:00 until=11-16T00:00"),
    ("what happened yesterday", "caught-up since=11-17T00:00 until=11-18T00:00"),
    ("what changed this week", "caught-up since=11-16T00:00"),
    ("what's new today", "caught-up since=11-18T00:00"),
    ("what did I miss while I was out last week?", "caught-up since=11-09T00:00 until=11-16T00:00"),
    ("what did I miss while I was on vacation", "caught-up"),
    ("what happened over the weekend", "caught-up since=11-14T00:00 until=11-16T00:00"),
    ("catch me up since the weekend", "caught-up since=11-14T00:00"),
    ("catch me up since lunch", "caught-up since=11-17T12:00"),
    ("catch me up since last night", "caught-up since=11-17T18:00"),
    ("catch me up since this morning", "caught-up since=11-18T00:00"),
    ("catch me up since my last digest", "caught-up"),
    ("catch me up since 2 days ago", "caught-up since=11-16T10:15"),
    ("catch me up from monday to yesterday", "caught-up since=11-16T00:00 until=11-18T00:00"),
    ("catch me up since last month", "caught-up since=10-01T00:00"),
    ("what did i miss sicne yesterady", "caught-up since=11-17T00:00"),
    ("since monday", "caught-up since=11-16T00:00"),
    ("get me caught up since tomorrow", "unclear"),
    ("get me caught up since 2027-01-01", "unclear"),
    ("get me caught up since 3 Dec 2026", "unclear"),
    ("get me caught up since the dawn of time", "unclear"),
    ("full status, since I have a meeting", "full-status"),
    // Negation.
    ("full status, but don't publish anything", "full-status !publish"),
    ("full status but don’t publish", "full-status !publish"),
    ("full status, do not update confluence", "full-status !publish"),
    ("full status without publishing", "full-status !publish"),
    ("full status, dry run", "full-status !publish"),
    ("full status without the roadmap", "full-status -roadmap"),
    ("full status without the roadmap since monday", "full-status -roadmap since=11-16T00:00"),
    ("full status except the sprint board and roadmap", "full-status -sprint-board -roadmap"),
    ("full status, no roadmap, sprint board", "full-status -sprint-board -roadmap"),
    ("full status. no need for the roadmap", "full-status -roadmap"),
    ("get me caught up, no standup", "caught-up -daily-update"),
    ("no standup, full status", "full-status"),
    ("get me caught up but skip the daily update please", "caught-up -daily-update"),
    ("morning routine, not the sprint board", "morning-routine -sprint-board"),
    ("morning routine, leave the sprint board out", "morning-routine -sprint-board"),
    ("full status, the roadmap is not needed", "full-status -roadmap"),
    ("everything except the roadmap", "full-status -roadmap"),
    ("full status for everything except apollo", "full-status @dct,pay"),
    ("full status without payments", "full-status @dct,apollo"),
    ("update all confluence except the tech roadmap", "update-confluence -tech-roadmap"),
    ("update all confluence without the roadmap", "update-confluence -roadmap"),
    ("post standup but skip jira", "post-standup -standup-note"),
    ("get me caught up, but don't post standup", "caught-up !publish"),
    ("don't post standup", "unclear"),
    ("don't update all confluence", "unclear"),
    ("please do not update confluence and post standup", "unclear"),
    ("don't run full status", "unclear"),
    ("not the sprint board, just the roadmap", "roadmap"),
    ("don't forget the roadmap", "roadmap"),
    ("nothing but the roadmap", "roadmap"),
    ("nothing else than the sprint board", "sprint-board"),
    ("full status, no rush", "full-status"),
    ("never mind", "unclear"),
    ("stop", "unclear"),
    ("full status without the sprint board, roadmap and program check", "unclear"),
    ("update all confluence, but not on fridays", "unclear"),
    // Where it goes.
    ("full status here", "full-status here"),
    ("full status here please", "full-status here"),
    ("post the full status here", "full-status here"),
    ("get me caught up in here", "caught-up here"),
    ("dct check here since monday", "program-monitor @dct since=11-16T00:00 here"),
    ("get me caught up, i wasn't here", "caught-up"),
    ("get me caught up, I was not here last week", "caught-up since=11-09T00:00 until=11-16T00:00"),
    ("here", "caught-up here"),
    // Help.
    ("help", "help"),
    ("?", "help"),
    ("what can you do?", "help"),
    ("hi, what can I ask you", "help"),
    ("how does this work?", "help"),
    ("can you help me get caught up", "caught-up"),
    // Manners of several countries.
    ("hola, full status por favor", "full-status"),
    ("Bonjour ! full status s'il vous plaît, merci", "full-status"),
    ("hallo, bitte full status. danke!", "full-status"),
    ("full status お願いします", "full-status"),
    ("I would like you to post the standup, thank you so much!", "post-standup"),
    ("&gt; full status &amp; tech roadmap", "full-status + tech-roadmap"),
    ("“full status”", "full-status"),
    ("/caughtup full status", "full-status"),
    ("caughtup full status", "full-status"),
    // Not ours, or not for certain.
    ("tell me a joke", "unclear"),
    ("thanks!", "unclear"),
    ("hi", "unclear"),
    ("who won the game", "unclear"),
    ("delete all issues in Jira", "unclear"),
    ("delete the roadmap", "unclear"),
    ("👍", "unclear"),
    ("what is the meaning of life", "unclear"),
    ("lorem ipsum dolor sit amet", "unclear"),
    ("order pizza for the standup", "unclear"),
    ("full status for project zebra", "unclear"),
    ("full status for Zebra", "unclear"),
    ("zebra check", "unclear"),
    ("confluence", "unclear"),
    ("update", "unclear"),
    ("post", "unclear"),
    ("who updated confluence?", "unclear"),
    ("did you update confluence", "unclear"),
    ("did anyone post standup?", "unclear"),
    ("should i post standup?", "unclear"),
    ("how do I update all confluence pages", "unclear"),
    ("when do we post standup", "unclear"),
    ("past standup", "unclear"),
    ("I will post standup myself", "unclear"),
    ("bob said update all confluence", "unclear"),
    // A second round, said after the rules were written.
    ("Where do we stand on the data center transition since Thursday?", "full-status @dct since=11-12T00:00"),
    ("pls catch me up on apollo since last friday, thx", "caught-up @apollo since=11-13T00:00"),
    ("What have I missed in the last two days?", "caught-up since=11-16T10:15"),
    ("can you give me a rundown of what happened yesterday", "caught-up since=11-17T00:00 until=11-18T00:00"),
    ("I've been out since Friday - what did I miss?", "caught-up since=11-13T00:00"),
    ("bring me up to date, but leave out the standup", "caught-up -daily-update"),
    ("full status, skip confluence", "full-status !publish"),
    ("full status but please don't post anything anywhere", "full-status !publish"),
    ("only the sprint board please", "sprint-board"),
    ("I'd like the sprint board and initiative check for apollo", "sprint-board + initiative-check @apollo"),
    ("end of week summary", "end-of-week"),
    ("end of day summary please", "end-of-day"),
    ("eow", "end-of-week"),
    ("time to wrap up the day", "end-of-day"),
    ("publish all the confluence pages please", "update-confluence"),
    ("refresh the Confluence pages", "update-confluence"),
    ("update confluense", "update-confluence"),
    ("would you mind posting standup", "post-standup"),
    ("what are the risks for dct?", "program-monitor @dct"),
    ("is apollo on track?", "program-monitor @apollo"),
    ("how is data center doing this week", "program-monitor @dct since=11-16T00:00"),
    ("status update for payments", "full-status @pay"),
    ("show me the technical roadmap", "tech-roadmap"),
    ("get me caught up on everything except apollo", "caught-up @dct,pay"),
    ("get me caught up without the daily assistant", "caught-up -daily-assistant"),
    ("catch me up from 9am", "caught-up since=11-18T09:00"),
    ("catch me up since 17:40", "caught-up since=11-17T17:40"),
    ("what changed since november 3", "caught-up since=11-03T00:00"),
    ("what changed in the past 2 weeks", "caught-up since=11-04T10:15"),
    ("what happened while we were away over the weekend", "caught-up since=11-14T00:00 until=11-16T00:00"),
    ("don't publish, just give me the full status", "full-status !publish"),
    ("full status — but nothing should be published", "full-status !publish"),
    ("write me a poem about the roadmap", "unclear"),
    ("book a meeting room", "unclear"),
    ("update my jira tickets", "unclear"),
    ("can you post a message to #general", "unclear"),
    ("remind me to post standup", "unclear"),
];

#[test]
fn people_are_understood() {
    let vocabulary = vocabulary();
    let wrong: Vec<String> = SAID
        .iter()
        .map(|(said, meant)| (said, meant, told(&vocabulary, said, &now())))
        .filter(|(_, meant, told)| *meant != told)
        .map(|(said, meant, told)| format!("{said:?}\n  meant {meant}\n  told  {told}"))
        .collect();
    assert!(SAID.len() >= 150);
    assert!(wrong.is_empty(), "{} of {} are misunderstood:\n{}", wrong.len(), SAID.len(), wrong.join("\n"));
}

#[test]
fn days_begin_where_the_asker_is_also_when_clocks_change() {
    let vocabulary = vocabulary();
    for (at, said, meant) in [
        // Clocks went back in New York on 1 November 2026: that Sunday has 25 hours.
        ("2026-11-02T08:00[America/New_York]", "caught up since sunday", "caught-up since=11-01T00:00"),
        ("2026-11-02T08:00[America/New_York]", "caught up last 2 days", "caught-up since=10-31T08:00"),
        ("2026-11-02T08:00[America/New_York]", "caught up last 48 hours", "caught-up since=10-31T09:00"),
        // In Santiago the clocks skip midnight on 6 September 2026.
        ("2026-09-07T08:00[America/Santiago]", "caught up since sunday", "caught-up since=09-06T01:00"),
        ("2026-11-16T00:05[Asia/Tokyo]", "caught up this week", "caught-up since=11-16T00:00"),
        ("2026-11-22T12:00[Asia/Tokyo]", "caught up over the weekend", "caught-up since=11-21T00:00"),
        ("2026-01-05T12:00[Asia/Tokyo]", "caught up since 20 December", "caught-up since=12-20T00:00"),
        ("2026-11-16T12:00[Asia/Tokyo]", "caught up since 17 Nov", "unclear"),
        ("2026-11-16T13:00[Asia/Tokyo]", "caught up since lunch", "caught-up since=11-16T12:00"),
    ] {
        assert_eq!(told(&vocabulary, said, &at.parse().unwrap()), meant, "{said} at {at}");
    }
}

#[test]
fn the_default_window_is_the_last_digest_else_the_previous_working_day() {
    let Understood::Asked(asked) = understand("", &vocabulary(), &now()) else { panic!("nothing asked") };
    let last = "2026-11-12T17:40:00Z".parse().unwrap();
    let found = window(&asked, Some(last), &now());
    assert_eq!((found.since, found.origin), (last, WindowOrigin::LastDigest));
    for (at, since) in [
        ("2026-11-18T10:15[Europe/London]", "2026-11-17T00:00:00Z"),
        ("2026-11-16T10:15[Europe/London]", "2026-11-13T00:00:00Z"),
        ("2026-11-15T10:15[Europe/London]", "2026-11-13T00:00:00Z"),
        ("2026-11-16T10:15[Asia/Tokyo]", "2026-11-12T15:00:00Z"),
    ] {
        let found = window(&asked, None, &at.parse().unwrap());
        assert_eq!(
            (found.since, found.origin),
            (since.parse().unwrap(), WindowOrigin::PreviousWorkingDay),
            "{at}"
        );
    }
    let ahead = "2030-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(window(&asked, Some(ahead), &now()).origin, WindowOrigin::PreviousWorkingDay);
}

#[test]
fn a_since_option_is_read_as_people_write_it() {
    for (text, since) in [
        ("2026-11-03T09:00:00Z", "2026-11-03T09:00:00Z"),
        ("2026-11-03T09:00:00+01:00", "2026-11-03T08:00:00Z"),
        ("2026-11-03", "2026-11-03T00:00:00Z"),
        ("2026-11-03 14:30", "2026-11-03T14:30:00Z"),
        ("3d", "2026-11-15T10:15:00Z"),
        ("90m", "2026-11-18T08:45:00Z"),
        ("2 hours", "2026-11-18T08:15:00Z"),
        ("1 week", "2026-11-11T10:15:00Z"),
        ("P2D", "2026-11-16T10:15:00Z"),
        ("yesterday", "2026-11-17T00:00:00Z"),
        ("monday", "2026-11-16T00:00:00Z"),
        ("last week", "2026-11-09T00:00:00Z"),
        ("last 3 days", "2026-11-15T10:15:00Z"),
        ("since tuesday", "2026-11-17T00:00:00Z"),
        ("9:30", "2026-11-18T09:30:00Z"),
        ("9am", "2026-11-18T09:00:00Z"),
    ] {
        assert_eq!(parse_since(text, &now()), Ok(since.parse().unwrap()), "{text}");
    }
    // It is a day further on Kiritimati, and the reader may be there.
    let evening = now().timestamp().to_zoned(jiff::tz::TimeZone::get("America/Los_Angeles").unwrap());
    let ahead = (evening.date() + jiff::Span::new().days(1)).to_string();
    assert!(is_since("monday", &evening).is_ok() && is_since("soon", &evening).is_err());
    assert_eq!(parse_since(&ahead, &evening).is_err(), is_since(&ahead, &evening).is_ok(), "{ahead}");
    for bad in [
        "",
        "soon",
        "tomorrow",
        "2030-01-01",
        "2030-01-01T00:00:00Z",
        "monday and more",
        "12",
        "-",
        "2026-13-45",
    ] {
        assert!(parse_since(bad, &now()).is_err(), "{bad} gives {:?}", parse_since(bad, &now()));
    }
}

#[test]
fn an_unknown_program_is_named_and_no_other() {
    let Understood::Unclear(Some(why)) = understand("full status for project zebra", &vocabulary(), &now())
    else {
        panic!("a program that nobody knows was accepted")
    };
    // Who asks is not known here, and so not which programs they may hear of.
    assert!(why.contains("zebra") && !why.contains("Data Center"), "{why}");
}

#[test]
fn every_workflow_and_agent_can_be_asked_for_by_its_name() {
    let vocabulary = vocabulary();
    let names = crate::workflows::BUILT_IN
        .iter()
        .map(|workflow| workflow.name)
        .chain(AgentName::ALL.map(AgentName::as_str));
    for name in names {
        for said in [name.to_owned(), name.replace('-', " "), name.to_uppercase()] {
            assert_eq!(told(&vocabulary, &said, &now()), name, "{said}");
        }
        assert!(vocabulary.asked_by_name(name).is_some());
    }
    for workflow in crate::workflows::BUILT_IN {
        assert_eq!(told(&vocabulary, workflow.said, &now()), workflow.name);
    }
}

const WRITERS: &[&str] = &[
    "update all confluence",
    "post standup",
    "publish everything to confluence",
    "refresh all confluence pages",
    "send the standup",
];
const NOT: &[&str] =
    &["don't", "do not", "never", "please don't", "no, don't", "you should not", "stop, don't", "DON’T"];

proptest! {
    #[test]
    fn no_text_panics(text in "(?s).{0,120}") {
        let _ = understand(&text, &vocabulary(), &now());
        let _ = parse_since(&text, &now());
    }

    #[test]
    fn no_heap_of_our_own_words_panics(picks in proptest::collection::vec(0usize..5000, 0..14)) {
        let heap: Vec<&str> = SAID.iter().flat_map(|(said, _)| said.split_whitespace()).collect();
        let text: Vec<&str> = picks.iter().map(|pick| heap[pick % heap.len()]).collect();
        let read = understand(&text.join(" "), &vocabulary(), &now());
        if let Understood::Asked(asked) = read {
            prop_assert!(asked.agents.is_sorted() && !asked.agents.is_empty());
            prop_assert!(asked.since.is_none_or(|since| since <= now().timestamp()));
            prop_assert!(asked.until.is_none_or(|until| asked.since.is_some_and(|since| since < until)));
        }
    }

    #[test]
    fn a_negated_writer_never_writes(writer in 0usize..100, not in 0usize..100, around in 0usize..4) {
        let negated = format!("{} {}", NOT[not % NOT.len()], WRITERS[writer % WRITERS.len()]);
        let text = match around {
            0 => negated,
            1 => format!("full status, but {negated}"),
            2 => format!("{negated}, just give me the full status"),
            _ => format!("get me caught up and {negated} please"),
        };
        if let Understood::Asked(asked) = understand(&text, &vocabulary(), &now()) {
            prop_assert!(!asked.publish && !asked.agents.contains(&AgentName::StandupNote), "{text}: {asked:?}");
        }
    }
}
