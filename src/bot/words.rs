//! Every fixed sentence that the bot says, so that its tone can be reviewed in one place: warm, short,
//! and always with a next step. Plain text; who shows it escapes it.

use jiff::{Timestamp, Zoned, tz::TimeZone};

use crate::domain::{AgentName, Asked, Window, WindowOrigin};
use crate::team_lead::understand::Vocabulary;
use crate::workflows::BUILT_IN;

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

/// How far one agent has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It reads.
    Working,
    /// It is done.
    Done,
    /// It could not do its work; why.
    Failed(String),
}

/// One agent's line while the others work.
pub fn progress_line(agent: AgentName, program: Option<&str>, progress: &Progress) -> String {
    let title = match program {
        Some(program) => format!("{} · {program}", agent_title(agent)),
        None => agent_title(agent).to_owned(),
    };
    match progress {
        Progress::Working => format!("◌ {title}"),
        Progress::Done => format!("✓ {title}"),
        Progress::Failed(why) => format!("✗ {title}: {why}"),
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

/// What can be asked.
pub fn help(vocabulary: &Vocabulary) -> String {
    let workflows: Vec<String> =
        BUILT_IN.iter().map(|workflow| format!("• “{}”: {}", workflow.said, workflow.describes)).collect();
    let agents: Vec<String> = AgentName::ALL.map(|agent| agent.as_str().replace('-', " ")).to_vec();
    let own = vocabulary.own_workflows();
    let own = if own.is_empty() { String::new() } else { format!("\nYour own: {}.", own.join(", ")) };
    let programs = match vocabulary.program_names().as_slice() {
        [] => String::new(),
        names => format!("\nPrograms: {}.", names.join(", ")),
    };
    format!(
        "I read Slack, Jira and Confluence and tell you where things stand and what needs you. Ask me in your own words:\n\
         {}{own}\n\
         Or one thing at a time: {}.{programs}\n\
         Add a time (“since Monday”, “last 3 days”), a program, or what to leave out (“full status, but don't publish anything”).",
        workflows.join("\n"),
        agents.join(", "),
    )
}

/// The answer to words that could not be understood. Nothing was done.
pub fn not_understood(why: Option<&str>, vocabulary: &Vocabulary) -> String {
    let why = why.unwrap_or("I'm not sure what you'd like me to do.");
    let said: Vec<String> = BUILT_IN.iter().map(|workflow| format!("“{}”", workflow.said)).collect();
    let agents: Vec<String> = AgentName::ALL.map(|agent| agent.as_str().replace('-', " ")).to_vec();
    let own = vocabulary.own_workflows().into_iter().map(|name| format!("“{name}”"));
    let said: Vec<String> = said.into_iter().chain(own).collect();
    let programs = match vocabulary.program_names().as_slice() {
        [] => String::new(),
        names => format!("\nPrograms: {}.", names.join(", ")),
    };
    format!(
        "{why} I haven't done anything. You can ask for {}.\nOr for one of these: {}.{programs}\nSay “help” for more.",
        listed(&said, "or"),
        agents.join(", "),
    )
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

/// What is said when some or all of the agents that were asked do not work yet. `None` when all do.
pub fn not_available_yet(asked: &Asked, missing: &[AgentName]) -> Option<String> {
    if missing.is_empty() {
        return None;
    }
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    let names = listed(&names, "and");
    Some(match asked.agents.iter().all(|agent| missing.contains(agent)) {
        true => format!(
            "“{}” isn't available yet: {names} {are} still to come. Until then, try “get me caught up”.",
            asked.name
        ),
        false => format!("{names} {are} not available yet; you get the rest of “{}”.", asked.name),
    })
}

/// The line where a slash command was typed, once the digest has been posted elsewhere.
pub fn posted_elsewhere() -> &'static str {
    "Your digest is in our direct messages. Add “here” to your request to post one in this channel instead."
}

/// What is said when a run failed as a whole. `why` is safe for every reader.
pub fn failed(why: &str, run: &str) -> String {
    let why = why.trim_end_matches('.');
    format!(
        "I couldn't make this digest: {why}. Please ask again in a few minutes; if it keeps failing, whoever runs me can look up run {run}."
    )
}

/// What is said when the bot is ending and the request will be finished by the next process.
pub fn resuming() -> &'static str {
    "I was restarted while working on this. I'm picking it up again; there is nothing you need to do."
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
        let asked = vocabulary().asked_by_name("full-status").unwrap();
        let missing = [AgentName::SprintBoard, AgentName::Roadmap];
        let all = [
            help(&vocabulary()),
            not_understood(None, &vocabulary()),
            not_understood(Some("I don't know a program called “zebra”."), &vocabulary()),
            guest_refused().to_owned(),
            outsider_refused().to_owned(),
            not_available_yet(&asked, &missing).unwrap(),
            not_available_yet(&asked, &asked.agents).unwrap(),
            posted_elsewhere().to_owned(),
            failed("Jira did not accept the token.", "01JD"),
            resuming().to_owned(),
            progress_line(AgentName::ProgramMonitor, Some("Apollo"), &Progress::Working),
            progress_line(AgentName::DailyUpdate, None, &Progress::Done),
            progress_line(
                AgentName::DailyAssistant,
                None,
                &Progress::Failed("Slack did not answer".to_owned()),
            ),
        ];
        assert_eq!(not_available_yet(&asked, &[]), None);
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
