//! Every fixed sentence that the bot says, so that its tone can be reviewed in one place: warm, short,
//! and always with a next step. Plain text; who shows it escapes it.

mod asides;
mod cost;
mod places;
mod queue;
mod schedules;
mod store;

use jiff::{Timestamp, Zoned, tz::TimeZone};

use crate::agents::REGISTRY;
use crate::domain::{AgentName, Asked, RunId, Window, WindowOrigin};
use crate::publish::{Aftermath, Undone};
use crate::workflows::BUILT_IN;

use super::understand::Vocabulary;
use super::{AgentState, Board};

pub use asides::*;
pub use cost::{Bills, cost_is_private, no_model, what_all_cost, what_you_cost};
pub use places::*;
pub use queue::{no_room, waiting};
pub use schedules::*;
pub use store::*;

/// An agent, as a person would call it.
pub fn agent_title(agent: AgentName) -> &'static str {
    match agent {
        AgentName::DailyAssistant => "What needs you",
        AgentName::ProgramMonitor => "Program check",
        AgentName::SprintBoard => "Sprint board",
        AgentName::Roadmap => "Roadmap",
        AgentName::TechRoadmap => "Tech roadmap",
        AgentName::DailyUpdate => "Standup",
        AgentName::EodSummary => "Day's summary",
        AgentName::InitiativeCheck => "Initiative check",
        AgentName::StandupNote => "Standup notes in Jira",
    }
}

/// Who is working and who is done, while the reader waits.
pub fn working(board: &Board) -> String {
    let line = |(agent, state): (&AgentName, &AgentState)| {
        let title = agent_title(*agent);
        match state {
            AgentState::Working => format!("◌ {title}"),
            AgentState::Done => format!("✓ {title}"),
            AgentState::Failed => format!("✗ {title}: could not be done"),
        }
    };
    let lines: Vec<String> = board.iter().map(line).collect();
    match lines.as_slice() {
        [] => "Reading Slack, Jira and Confluence…".to_owned(),
        lines => format!("Reading Slack, Jira and Confluence…\n{}", lines.join("\n")),
    }
}

/// What is starting: the first thing that anybody sees. `programs` are names; none for all of them.
pub fn starting(asked: &Asked, programs: &[String], window: &Window, now: &Zoned) -> String {
    let doing = match asked.name.as_str() {
        "caught-up" => "Getting you caught up".to_owned(),
        "morning-routine" => "Your morning routine".to_owned(),
        "full-status" => "Full status".to_owned(),
        "update-confluence" => "Updating Confluence".to_owned(),
        "end-of-day" => "Wrapping up the day".to_owned(),
        "end-of-week" => "Wrapping up the week".to_owned(),
        "post-standup" => "Posting the standup".to_owned(),
        name => name.split(" + ").map(title_of).collect::<Vec<_>>().join(" + "),
    };
    let on = match programs {
        [] => String::new(),
        programs => format!(" on {}", listed(programs, "and")),
    };
    let time = window_words(window, now);
    let reading = match asked.agents.len() {
        1 => "one agent is reading…".to_owned(),
        n => format!("{n} agents are reading…"),
    };
    let nothing_written = if asked.publish { "" } else { " Nothing will be written." };
    format!("{doing}{on} {time} — {reading}{nothing_written}")
}

fn title_of(name: &str) -> String {
    match (name.parse::<AgentName>(), BUILT_IN.iter().find(|workflow| workflow.name == name)) {
        (Ok(agent), _) => agent_title(agent).to_owned(),
        (_, Some(workflow)) => capitalised(workflow.said),
        _ => capitalised(name),
    }
}

/// "since Thursday 17:40, your last digest", "from Monday 00:00 to Friday 18:00".
pub fn window_words(window: &Window, now: &Zoned) -> String {
    let zone = now.time_zone();
    let since = moment(window.since, zone, now);
    // A window that ends with the run is open: only one that the words closed has an end.
    let closed = now.timestamp().duration_since(window.until).as_secs() > 60;
    match (closed, window.origin) {
        (true, _) => format!("from {since} to {}", moment(window.until, zone, now)),
        (false, WindowOrigin::Asked) => format!("since {since}"),
        (false, WindowOrigin::LastDigest) => format!("since {since}, the last digest"),
        (false, WindowOrigin::PreviousWorkingDay) => format!("since {since}, the previous working day"),
    }
}

/// A time as one would say it today: no date within six days, no year within this year.
fn moment(at: Timestamp, zone: &TimeZone, now: &Zoned) -> String {
    let at = at.to_zoned(zone.clone());
    let days = now.date().since(at.date()).map_or(i32::MAX, |span| span.get_days());
    let format = match days {
        0 => "today %H:%M",
        1 => "yesterday %H:%M",
        2..=6 => "%A %H:%M",
        _ if at.year() == now.year() => "%-d %B %H:%M",
        _ => "%-d %B %Y %H:%M",
    };
    at.strftime(format).to_string()
}

/// What can be asked. `programs` are the names of those that whoever asks may know of.
pub fn help(vocabulary: &Vocabulary, programs: &[String]) -> String {
    let workflows: Vec<String> =
        BUILT_IN.iter().map(|workflow| format!("• “{}”: {}", workflow.said, workflow.describes)).collect();
    let agents: Vec<String> =
        REGISTRY.iter().map(|agent| format!("• “{}”: {}", spoken(agent.name()), agent.describes())).collect();
    let own = vocabulary.own_workflows();
    let own = if own.is_empty() { String::new() } else { format!("\nYour own: {}.", own.join(", ")) };
    format!(
        "I read Slack, Jira and Confluence and tell you where things stand and what needs you. Ask me in your own words:\n\
         {}{own}\n\
         Or one thing at a time:\n{}{}\n\
         Add a time (“since Monday”, “last 3 days”), a program, or what to leave out (“get me caught up, but no standup”).\n\
         Or have it come by itself: “schedule full status weekdays 8:30 in #channel”; “schedules” lists what does.",
        workflows.join("\n"),
        agents.join("\n"),
        programs_line(programs),
    )
}

/// The answer to words that could not be understood. Nothing was done.
pub fn not_understood(why: Option<&str>, vocabulary: &Vocabulary, programs: &[String]) -> String {
    let why = why.unwrap_or("I'm not sure what you'd like me to do.");
    let own = vocabulary.own_workflows().into_iter().map(|name| format!("“{name}”"));
    let said: Vec<String> =
        BUILT_IN.iter().map(|workflow| format!("“{}”", workflow.said)).chain(own).collect();
    let agents: Vec<String> = REGISTRY.iter().map(|agent| spoken(agent.name())).collect();
    format!(
        "{why} I haven't done anything. You can ask for {}.\nOr for one of these: {}.{}\nSay “help” for more.",
        listed(&said, "or"),
        agents.join(", "),
        programs_line(programs),
    )
}

/// An agent's name as one would say it: `program monitor`.
fn spoken(agent: AgentName) -> String {
    agent.as_str().replace('-', " ")
}

fn programs_line(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("\nPrograms: {}.", names.join(", ")) }
}

/// The answer to somebody who may not be answered and of whom nothing more is known.
pub fn account_refused() -> &'static str {
    "Sorry, I can't answer this account. If you think I should, ask whoever runs me."
}

/// What a guest is told.
pub fn guest_refused() -> &'static str {
    "Sorry, I can't help guests here: my digests draw on channels and pages that are for full members. \
     A colleague who is one can ask me and pass on what you need."
}

/// What somebody of another organisation is told.
pub fn outsider_refused() -> &'static str {
    "Sorry, I only answer people of the organisation that runs me. Your contact there can ask me and pass on what you need."
}

/// The answer in a channel to what is for one person only.
pub fn personal_only() -> &'static str {
    "What needs you is for your eyes only, and this is a channel. Ask me in a direct message."
}

/// The answer when everything that was asked for was also taken back.
pub fn nothing_left_to_do() -> &'static str {
    "That leaves nothing for me to do, so I haven't done anything."
}

/// The answer when there is no program that could be checked. The same whether there is none at all or
/// none that the reader may know of.
pub fn no_program() -> &'static str {
    "There is no program that I could check for you. Programs are set up under `[[program]]` in my configuration, and you need to be able to open at least one of a program's channels."
}

/// The answer about a program that does not exist, or not for this reader: nobody can tell which.
pub fn no_such_program(said: &str) -> String {
    format!("I don't know a program called “{said}” that you can open. I haven't done anything.")
}

/// The answer in a channel that people of other organisations are in.
pub fn shared_channel() -> &'static str {
    "People of other organisations are in this channel, and what I would tell is not for them. Ask me in a direct message."
}

/// The acknowledgement of a command before it is known who sent it.
pub fn received() -> &'static str {
    "Got it. The answer comes in our direct messages."
}

/// The line where a slash command was typed, once the digest has been posted elsewhere.
pub fn posted_elsewhere() -> &'static str {
    "Your digest is in our direct messages. Add “here” to your request to post one in this channel instead."
}

/// The answer to a button that nothing is known of.
pub fn button_unknown() -> &'static str {
    "I don't know this button any more. Ask me again, and press the one in the new answer."
}

/// The answer to a button of somebody who may not write.
pub fn button_refused() -> &'static str {
    "Sorry, only those whom my configuration names as publishers may do that. Ask one of them to press it."
}

/// What is said when what a button does failed unexpectedly.
pub fn button_failed(run: &RunId) -> String {
    format!(
        "Something went wrong, and I can't tell whether that was done. Please look, and press it again in a few minutes if it wasn't; if it keeps failing, whoever runs me can look up run {run} in the log."
    )
}

/// What came of an undo, after the page's title.
pub fn undone(how: &Undone) -> &'static str {
    match how {
        Undone::Done => " says again what it said before.",
        Undone::Already => " was put back already; nothing more was done.",
        Undone::WrittenSince => {
            " has been written again since, so I left it as it is. Its earlier versions are in the page's history."
        }
    }
}

/// What is said when a page could not be put back; `known` is whether nothing was done for certain.
pub fn not_undone(why: &str, known: bool) -> String {
    if known {
        format!("I couldn't put the page back: {why}. Nothing was changed.")
    } else {
        format!(
            "I can't tell whether the page was put back: {why}. Please look, and press it again if it wasn't."
        )
    }
}

/// What the Overwrite button asks for, in words.
pub fn overwrite(agent: AgentName) -> String {
    format!("publish the {}, overwrite", spoken(agent))
}

/// The answer to somebody who asks about a digest that was made for others.
pub fn not_your_digest() -> &'static str {
    "This digest was made for somebody else, so I can't answer questions about it here. Ask me for your own."
}

/// The answer to a question when Slack does not say what may be seen.
pub fn rights_unknown() -> &'static str {
    "Slack doesn't tell me at the moment what you may see, so I'd rather not say. Please ask again in a few minutes."
}

/// The answer to a question about a digest that could not be answered; `key` is an issue that it flags.
pub fn what_can_be_asked(key: Option<&str>, risks: usize) -> String {
    let examples = match (key, risks) {
        (_, 0) => {
            return "I can't answer that from what this digest rests on. For something new, say for example “get me caught up”.".to_owned();
        }
        (Some(key), 1) => {
            format!("“why is {key} flagged?”, “who owns it?”, “since when?”, “draft a nudge to the owner”")
        }
        (Some(key), _) => format!(
            "“why is {key} flagged?”, “more on 2”, “who owns it?”, “since when?”, “draft a nudge to the owner”"
        ),
        (None, _) => {
            "“why is 1 flagged?”, “more on 1”, “since when?”, “draft a nudge to the owner”".to_owned()
        }
    };
    format!(
        "I can't answer that from what this digest rests on. You can ask {examples}; or for something new, “get me caught up”."
    )
}

/// What is said when a run failed as a whole; what it has written, as far as that is known.
pub fn run_failed(run: &RunId, written: Option<&Aftermath>) -> String {
    let none = Aftermath::default();
    let known = written.unwrap_or(&none);
    let pages: Vec<String> = known.pages.iter().map(|(title, url)| link(title, url)).collect();
    let was = match (pages.as_slice(), known.all) {
        ([], true) => "I couldn't make this digest, and nothing was written.".to_owned(),
        ([], false) if written.is_none() => "I couldn't make this digest.".to_owned(),
        ([], false) => {
            "I couldn't make this digest. Some of what it was to write may be written, so please look there first.".to_owned()
        }
        (pages, true) => {
            format!("I couldn't make this digest, but this was written: {}.", listed(pages, "and"))
        }
        (pages, false) => format!(
            "I couldn't make this digest, but this was written: {}. More of it may be, so please look there first.",
            listed(pages, "and")
        ),
    };
    format!(
        "{was} Please ask again in a few minutes; if it keeps failing, whoever runs me can look up run {run} in the log."
    )
}

/// A link as Slack has it; the title is a page's, and anybody's.
fn link(title: &str, url: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "¦");
    format!("<{url}|{title}>")
}

fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::of(&[], &[])
    }

    fn run() -> RunId {
        "01JD0000000000000000000000".parse().unwrap()
    }

    fn pages(count: usize) -> Vec<(String, String)> {
        let page = |n| (format!("Board <{n}>"), format!("https://example.atlassian.net/wiki/pages/{n}"));
        (1..=count).map(page).collect()
    }

    fn now() -> Zoned {
        "2026-11-23T09:15[Europe/London]".parse().unwrap()
    }

    fn window(since: &str, until: Option<&str>, origin: WindowOrigin) -> Window {
        let until = until.map_or(now().timestamp(), |until| until.parse().unwrap());
        Window { since: since.parse().unwrap(), until, origin }
    }

    #[test]
    fn the_first_line_says_what_starts() {
        let asked = vocabulary().asked_by_name("caught-up").unwrap();
        let last = window("2026-11-19T17:40:00Z", None, WindowOrigin::LastDigest);
        let dct = ["Data Center Transition".to_owned()];
        let mut quiet = vocabulary().asked_by_name("roadmap").unwrap();
        quiet.publish = false;
        let closed = window("2026-11-09T00:00:00Z", Some("2026-11-16T00:00:00Z"), WindowOrigin::Asked);
        let lines = [starting(&asked, &dct, &last, &now()), starting(&quiet, &[], &closed, &now())];
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_people_are_told() {
        let all = [
            help(&vocabulary(), &["Data Center Transition".to_owned()]),
            not_understood(None, &vocabulary(), &[]),
            not_understood(Some("I don't know a program called “zebra”."), &vocabulary(), &[]),
            guest_refused().to_owned(),
            outsider_refused().to_owned(),
            posted_elsewhere().to_owned(),
            run_failed(&run(), None),
            run_failed(&run(), Some(&Aftermath { pages: Vec::new(), all: true })),
            run_failed(&run(), Some(&Aftermath::default())),
            run_failed(&run(), Some(&Aftermath { pages: pages(1), all: true })),
            run_failed(&run(), Some(&Aftermath { pages: pages(3), all: false })),
            account_refused().to_owned(),
            personal_only().to_owned(),
            nothing_left_to_do().to_owned(),
            no_program().to_owned(),
            no_such_program("zebra"),
            shared_channel().to_owned(),
            received().to_owned(),
            not_here("not_in_channel"),
            not_here("is_archived"),
            not_here("restricted_action"),
            answered_elsewhere("C0123", "is_archived"),
            answered_elsewhere("C0123", "something_new"),
            for_you_alone("messages_tab_disabled"),
            cannot_post("token_revoked"),
            button_unknown().to_owned(),
            button_refused().to_owned(),
            button_failed(&"01JD0000000000000000000000".parse().unwrap()),
            format!("The page{}", undone(&Undone::Done)),
            format!("The page{}", undone(&Undone::Already)),
            format!("The page{}", undone(&Undone::WrittenSince)),
            not_undone("Confluence does not let the bot's account edit it", true),
            not_undone("Confluence did not answer in time", false),
            working(&Board::from([
                (AgentName::DailyUpdate, AgentState::Done),
                (AgentName::ProgramMonitor, AgentState::Failed),
            ])),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn times_are_said_as_one_would_say_them_today() {
        for (at, said) in [
            ("2026-11-23T08:00:00Z", "today 08:00"),
            ("2026-11-22T08:00:00Z", "yesterday 08:00"),
            ("2026-11-19T17:40:00Z", "Thursday 17:40"),
            ("2026-11-03T00:00:00Z", "3 November 00:00"),
            ("2025-12-03T00:00:00Z", "3 December 2025 00:00"),
        ] {
            assert_eq!(moment(at.parse().unwrap(), now().time_zone(), &now()), said);
        }
    }
}
