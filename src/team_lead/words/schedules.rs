//! What is said about schedules, and about digests that are made unasked.

use jiff::{Timestamp, Zoned};

use crate::domain::{Cron, Schedule};

/// The channel's members, when a digest that was due could not be made.
pub fn unasked_failed(name: &str, why: &str) -> String {
    format!("The scheduled digest “{}” could not be made. {why}", harmless(name))
}

/// The schedule's maker, once, when its digests have no place to go to.
pub fn unasked_has_no_place(name: &str, channel: &str, code: &str) -> String {
    let place = if channel.starts_with('#') { channel.to_owned() } else { "its channel".to_owned() };
    let (why, remedy) = match code {
        "is_archived" => (format!("{place} is archived"), "it goes on if the channel is brought back"),
        "is_shared" => (
            format!(
                "people of other organisations are in {place} now, and what I would tell is not for them"
            ),
            "it goes on if they are not there any more",
        ),
        _ => (format!("I'm not in {place}, or it is gone"), "`/invite @caughtup` there if you want it back"),
    };
    let name = harmless(name);
    format!(
        "Your scheduled digest “{name}” can't be posted: {why}. The schedule stays: {remedy}, or say “delete schedule \
         {name}”. I won't say this again until something changes."
    )
}

/// A name as it can stand in any sentence.
pub fn harmless(name: &str) -> String {
    let plain: String = name.chars().map(|c| if "<>&*_~`\n".contains(c) { ' ' } else { c }).collect();
    crate::domain::defang(plain.split_whitespace().collect::<Vec<_>>().join(" ").as_str())
}

/// How schedules are asked for; `why` is what was not understood, if anything was.
pub fn how_to_schedule(why: &str) -> String {
    let why = if why.is_empty() {
        String::new()
    } else {
        format!("{why} I haven't scheduled or changed anything. ")
    };
    format!(
        "{why}Say it like this:\n\
         • “schedule full status for dct weekdays 8:30 in #dct-program”: what, when, where. The time is your own zone's \
         unless you name one (“8:30 Europe/London”); without a channel it is the one you say it in\n\
         • when: “weekdays 8:30”, “every Monday at 9am”, “Mon, Wed and Fri 8:45”, “daily at 17:00”, “first Monday of the \
         month 9:00”\n\
         • “schedules” lists them; “pause 3”, “resume 3”, “delete 3” and “run now 3” take a number or a name"
    )
}

/// What was made.
pub fn scheduled(
    number: i64,
    schedule: &Schedule,
    channel: &str,
    first: Option<Timestamp>,
    now: &Zoned,
) -> String {
    let when = cron_words(&schedule.cron);
    let first = first.map_or_else(String::new, |first| format!(" The first comes {}.", coming(first, now)));
    format!(
        "Done: “{}” is schedule {number}: {when} in #{channel}, for everybody there.{first} When nothing has changed it is \
         one line. Say “pause {number}”, “delete {number}” or “run now {number}” whenever you like.",
        schedule.name
    )
}

/// One schedule in the list.
pub fn schedule_line(
    number: i64,
    schedule: &Schedule,
    channel: &str,
    by: &str,
    paused: bool,
    next: Option<Timestamp>,
    now: &Zoned,
) -> String {
    let next = match (paused, next) {
        (true, _) => "paused".to_owned(),
        (false, Some(next)) => format!("next {}", coming(next, now)),
        (false, None) => "never again".to_owned(),
    };
    let when = cron_words(&schedule.cron);
    format!("{number}. “{}”: {when} in {channel} · {next} · {by}", harmless(&schedule.name))
}

/// The list.
pub fn schedules(lines: &[String]) -> String {
    match lines {
        [] => format!("There are no schedules that you can see. {}", how_to_schedule("")),
        lines => format!(
            "{}\nNext times are in your own zone. “pause 3”, “resume 3”, “delete 3” and “run now 3” take a number or a name.",
            lines.join("\n")
        ),
    }
}

/// A schedule that does not exist, or not for this person; or several of one name.
pub fn no_such_schedule(named: &str, numbers: &[i64]) -> String {
    if !numbers.is_empty() {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let named = harmless(named);
        return format!(
            "Several schedules are called “{named}”: say the number, {}.",
            super::listed(&numbers, "or")
        );
    }
    format!("I know no schedule “{}” that you can see. Say “schedules” for the list.", harmless(named))
}

/// Somebody who is neither a member nor may publish.
pub fn may_not_schedule(channel: &str) -> String {
    format!(
        "Only members of {channel} and people who may publish can have digests posted there, or change when they are. \
         Join it, or ask one of them. I haven't changed anything."
    )
}

/// A schedule that would write to Confluence or Jira, by somebody who may not.
pub fn only_publishers_schedule_writes() -> &'static str {
    "That writes to Confluence or Jira, and only people listed under `access.publishers` may have me do that. \
     I haven't changed anything."
}

/// A channel that does not exist, or not for this person.
pub fn no_such_channel(named: &str) -> String {
    let named = if named.starts_with('#') { harmless(named) } else { "that channel".to_owned() };
    format!(
        "I can't see {named}: check the name, and `/invite @caughtup` there if it is private. I haven't scheduled anything."
    )
}

/// A channel that the bot is not in.
pub fn invite_me_to(channel: &str) -> String {
    format!("I'm not in #{channel}: type `/invite @caughtup` there, then ask again.")
}

/// A channel that nobody can post in.
pub fn channel_archived(channel: &str) -> String {
    format!("#{channel} is archived, so nothing can be posted there. I haven't scheduled anything.")
}

/// A channel that people of other organisations are in.
pub fn channel_shared(channel: &str) -> String {
    format!(
        "People of other organisations are in #{channel}, and what I would tell is not for them. I haven't scheduled anything."
    )
}

/// A program that not everybody in the channel may know of.
pub fn program_closed_to(program: &str, channel: &str) -> String {
    format!(
        "Not everybody in #{channel} can open a channel of {program}, so I can't tell about it there. I haven't scheduled anything."
    )
}

/// A name that another schedule has.
pub fn name_taken(name: &str) -> String {
    format!(
        "There is a schedule “{}” already: give this one another name. I haven't scheduled anything.",
        harmless(name)
    )
}

/// A schedule rests.
pub fn schedule_paused(number: i64, name: &str) -> String {
    format!(
        "“{}” is paused. “resume {number}” has it go on; what is due meanwhile is not made up for.",
        harmless(name)
    )
}

/// A schedule goes on.
pub fn schedule_resumed(name: &str, next: Option<Timestamp>, now: &Zoned) -> String {
    let next = next.map_or_else(|| "never again".to_owned(), |next| coming(next, now));
    format!("“{}” goes on: next {next}.", harmless(name))
}

/// A schedule is gone.
pub fn schedule_deleted(name: &str) -> String {
    format!("“{}” is deleted. What it has posted stays.", harmless(name))
}

/// A schedule that only the file can take away.
pub fn schedule_of_file(number: i64, name: &str) -> String {
    format!(
        "“{}” stands in my configuration file, under `[[schedule]]`, and can only be taken out there. “pause {number}” \
         has it rest.",
        harmless(name)
    )
}

/// A schedule makes a digest now.
pub fn schedule_runs(name: &str, channel: &str) -> String {
    format!("“{}” is on its way to {channel}.", harmless(name))
}

/// An instant to come: "today 08:30", "tomorrow 08:30", "Mon 23 Nov 08:30".
fn coming(at: Timestamp, now: &Zoned) -> String {
    let at = at.to_zoned(now.time_zone().clone());
    let days = at.date().since(now.date()).map_or(i32::MAX, |span| span.get_days());
    let format = match days {
        0 => "today %H:%M",
        1 => "tomorrow %H:%M",
        _ if at.year() == now.year() => "%a %-d %b %H:%M",
        _ => "%a %-d %b %Y %H:%M",
    };
    at.strftime(format).to_string()
}

/// When a schedule is due, in words where there are short ones: "weekdays 08:30 Europe/London".
pub fn cron_words(cron: &Cron) -> String {
    let zone = cron.zone_name();
    in_words(cron.expression())
        .map_or_else(|| format!("cron {} {zone}", cron.expression()), |words| format!("{words} {zone}"))
}

fn in_words(expression: &str) -> Option<String> {
    let fields: Vec<&str> = expression.split(' ').collect();
    let [minute, hour, of_month, "*", of_week] = fields.as_slice() else { return None };
    let (minute, hour): (u8, u8) = (minute.parse().ok()?, hour.parse().ok()?);
    let upper = of_week.to_uppercase();
    let days = match (*of_month, upper.as_str()) {
        ("*", "*") => "every day".to_owned(),
        ("*", "MON-FRI" | "1-5") => "weekdays".to_owned(),
        ("*", "SAT,SUN") => "weekends".to_owned(),
        ("*", days) => match days.split_once('#') {
            Some((day, nth)) => {
                let nth = match nth {
                    "1" => "first",
                    "2" => "second",
                    "3" => "third",
                    "4" => "fourth",
                    "L" => "last",
                    _ => return None,
                };
                format!("{nth} {} of the month", day_name(day)?)
            }
            None => {
                let names: Option<Vec<String>> =
                    days.split(',').map(|day| day_name(day).map(str::to_owned)).collect();
                super::listed(&names?, "and")
            }
        },
        ("L", "*") => "last day of the month".to_owned(),
        (day, "*") => format!("day {} of the month", day.parse::<u8>().ok()?),
        _ => return None,
    };
    Some(format!("{days} {hour:02}:{minute:02}"))
}

fn day_name(short: &str) -> Option<&'static str> {
    Some(match short {
        "MON" | "1" => "Monday",
        "TUE" | "2" => "Tuesday",
        "WED" | "3" => "Wednesday",
        "THU" | "4" => "Thursday",
        "FRI" | "5" => "Friday",
        "SAT" | "6" => "Saturday",
        "SUN" | "0" | "7" => "Sunday",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn schedule(name: &str, cron: &str) -> Schedule {
        Schedule {
            name: name.to_owned(),
            request: "dct check".to_owned(),
            program: None,
            cron: Cron::new(cron, &TimeZone::get("Europe/London").unwrap()).unwrap(),
            channel: "C1".to_owned(),
            creator: None,
        }
    }

    #[test]
    fn what_people_are_told_about_schedules() {
        let now: Zoned = "2026-11-22T19:00[Asia/Tokyo]".parse().unwrap();
        let line = |number, cron, paused| {
            let schedule = schedule("dct check", cron);
            let next = schedule.cron.next_after(now.timestamp());
            schedule_line(number, &schedule, "#dct-program", "by Dana", paused, next, &now)
        };
        let crons = [
            "30 8 * * MON-FRI",
            "0 9 * * MON#1",
            "0 9 * * fri#l",
            "45 8 * * MON,WED,FRI",
            "0 9 L * *",
            "0 9 1 1 *",
            "*/15 9-17 * * 1-5",
        ];
        let lines: Vec<String> =
            crons.into_iter().zip(1..).map(|(cron, at)| line(at, cron, at == 2)).collect();
        let one = schedule("dct check", "30 8 * * MON-FRI");
        let first = one.cron.next_after(now.timestamp());
        let all = [
            schedules(&lines),
            schedules(&[]),
            scheduled(3, &one, "dct-program", first, &now),
            how_to_schedule("At what time?"),
            no_such_schedule("<!channel> *3*", &[]),
            no_such_schedule("morning", &[2, 5]),
            may_not_schedule("#dct-exec"),
            only_publishers_schedule_writes().to_owned(),
            no_such_channel("#zebra"),
            no_such_channel("C0123"),
            invite_me_to("dct-dba"),
            channel_archived("old"),
            channel_shared("launch"),
            program_closed_to("Data Center Transition", "general"),
            name_taken("morning"),
            schedule_paused(3, "morning"),
            schedule_resumed("morning", first, &now),
            schedule_deleted("morning"),
            schedule_of_file(1, "morning"),
            schedule_runs("morning", "#general"),
            unasked_failed("morning", "Because."),
            unasked_has_no_place("morning", "#general", "is_archived"),
            unasked_has_no_place("morning", "C1", "not_in_channel"),
            unasked_has_no_place("morning", "C1", "is_shared"),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
