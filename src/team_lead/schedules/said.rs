//! What somebody says about schedules: "schedule full status for dct weekdays 8:30 in #dct-program",
//! "schedules", "pause 3".

use std::sync::LazyLock;

use regex::Regex;

use super::when::{self, When, Word, ZoneSaid};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Say which there are.
    List,
    /// Make one.
    Make(Wish),
    /// Change one, by its name or number.
    Change(Verb, String),
    /// Something about schedules that is not understood; why.
    Unclear(String),
}

/// What is to be done with a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Have it rest.
    Pause,
    /// Have it go on.
    Resume,
    /// Take it away.
    Delete,
    /// Have it make a digest now.
    RunNow,
}

/// A schedule as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What it is to ask for, as it was said.
    pub request: String,
    /// When, as cron has it.
    pub cron: String,
    /// In which zone; the speaker's own where none was named.
    pub zone: ZoneSaid,
    /// Where: an id or `#name`; where it was said when no channel was named.
    pub channel: Option<String>,
    /// What it is to be called.
    pub name: Option<String>,
}

static CHANNEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let before = r"(?:^|\b(?:in|into|to|on|at)\s+|\s)";
    Regex::new(&format!(r"(?i){before}(?:<#([CG][A-Z0-9]+)(?:\|[^<>]*)?>|(#[^\s,;<>]+))")).ok()
});
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\b(?:called|named)\s+(?:["“”'‘]([^"“”'’]+)["“”'’]|([^"“”]+)$)"#).ok());
static MARKUP: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[@!][^<>]*>").ok());

/// What a text says about schedules; `None` when it is about something else.
pub fn read(text: &str) -> Option<Command> {
    let text = MARKUP.as_ref()?.replace_all(text, " ");
    let text = text.trim().trim_end_matches(['.', '!', '?']).trim_end();
    let words = words_of(text);
    let polite =
        ["please", "hey", "hi", "hello", "caughtup", "/caughtup", "can", "could", "would", "you", "pls"];
    let start = words.iter().position(|word| !polite.contains(&word.low.as_str()))?;
    let words = words.get(start..)?;
    let first = words.first()?.low.as_str();
    if asks_for_list(words) {
        return Some(Command::List);
    }
    if let Some((verb, rest)) = verb(words) {
        return Some(change(verb, rest));
    }
    if !matches!(first, "schedule" | "schedules") {
        return None;
    }
    let rest = words.get(1..).unwrap_or_default();
    if let Some((verb, rest)) = verb(rest) {
        return Some(change(verb, rest));
    }
    // "Schedules" with more words is no command: whoever asks about them is told what can be said.
    if first == "schedules" || rest.is_empty() || rest.iter().all(|word| word.low == "help") {
        return Some(Command::Unclear(String::new()));
    }
    // The text is read again from after the word, since names and channels stand in it as they were said.
    let at = text.to_lowercase().find("schedule").map_or(0, |at| at + "schedule".len());
    Some(wish(text.get(at..).unwrap_or_default()).map_or_else(Command::Unclear, Command::Make))
}

fn asks_for_list(words: &[Word]) -> bool {
    let about = ["schedules", "schedule"];
    let small = [
        "list", "show", "me", "us", "my", "our", "the", "all", "what", "which", "see", "view", "are",
        "there", "of", "do", "we", "i", "have", "give", "any", "every",
    ];
    let named = words.iter().filter(|word| about.contains(&word.low.as_str())).count() == 1;
    let alone = words.len() == 1 && words.iter().all(|word| word.low == "schedules");
    let listed = words
        .iter()
        .any(|word| matches!(word.low.as_str(), "list" | "show" | "what" | "which" | "see" | "view"));
    let rest =
        words.iter().all(|word| about.contains(&word.low.as_str()) || small.contains(&word.low.as_str()));
    alone || (named && listed && rest)
}

fn verb(words: &[Word]) -> Option<(Verb, &[Word])> {
    let is = |at: usize, said: &str| words.get(at).is_some_and(|word| word.low == said);
    let verb = match words.first()?.low.as_str() {
        "pause" => Verb::Pause,
        "resume" | "unpause" => Verb::Resume,
        "delete" | "remove" | "cancel" | "unschedule" => Verb::Delete,
        "run" if is(1, "now") => return Some((Verb::RunNow, words.get(2..)?)),
        "run" if is(1, "schedule") || (is(1, "the") && is(2, "schedule")) => Verb::RunNow,
        // "Run 3 now" can mean nothing else; "run full status now" is a request.
        "run" if words.get(1).is_some_and(|word| number(&word.low).is_some()) => Verb::RunNow,
        _ => return None,
    };
    Some((verb, words.get(1..)?))
}

fn change(verb: Verb, rest: &[Word]) -> Command {
    let mut rest = rest;
    while let [first, more @ ..] = rest
        && ["the", "schedule", "number", "no", "my", "our"].contains(&first.low.as_str())
        && !more.is_empty()
    {
        rest = more;
    }
    if let [more @ .., last] = rest
        && matches!(last.low.as_str(), "please" | "now")
        && !more.is_empty()
    {
        rest = more;
    }
    let said: Vec<&str> = rest.iter().map(|word| word.said.as_str()).collect();
    let named = said.join(" ").trim_matches(['"', '“', '”', '\'', '‘', '’', '.', ',']).to_owned();
    if named.is_empty() { Command::Unclear("Which one?".to_owned()) } else { Command::Change(verb, named) }
}

/// "3", "#3", "3.".
pub fn number(said: &str) -> Option<i64> {
    said.trim_start_matches('#').trim_end_matches('.').parse().ok().filter(|number| *number > 0)
}

fn wish(text: &str) -> Result<Wish, String> {
    let (text, name) = cut_name(text);
    let (text, channel) = cut_channel(&text)?;
    let words = words_of(&text);
    let When { cron, words: span, zone } = when::find(&words)?;
    let left: Vec<&Word> =
        words.iter().enumerate().filter(|(at, _)| !span.contains(at)).map(|(_, word)| word).collect();
    if let Some(stray) = stray(&left) {
        return Err(format!("I don't know what “{stray}” means for a schedule."));
    }
    let here: usize = match left.as_slice() {
        [.., last] if last.low == "here" => 1,
        [.., this, place] if this.low == "this" && place.low == "channel" => 2,
        _ => 0,
    };
    let mut request: Vec<&str> = left.iter().take(left.len() - here).map(|word| word.said.as_str()).collect();
    let small = |word: &&str| {
        matches!(
            word.to_lowercase().as_str(),
            "in" | "for" | "at" | "on" | "and" | "please" | "a" | "an" | "to" | "post" | "run"
        )
    };
    while request.last().is_some_and(small) {
        request.pop();
    }
    if request.is_empty() {
        return Err("What should I post then?".to_owned());
    }
    Ok(Wish { request: request.join(" "), cron, zone: zone.unwrap_or(ZoneSaid::Mine), channel, name })
}

/// A word that would change when it is due, in a way that was not read. A day that comes first is a name's:
/// "schedule monday kickoff mondays 8:30".
fn stray(left: &[&Word]) -> Option<String> {
    const TIMES: [&str; 31] = [
        "every",
        "each",
        "weekday",
        "weekdays",
        "weekly",
        "monthly",
        "hourly",
        "weekend",
        "weekends",
        "fortnightly",
        "biweekly",
        "except",
        "unless",
        "until",
        "till",
        "excluding",
        "starting",
        "beginning",
        "alternate",
        "other",
        "first",
        "second",
        "third",
        "fourth",
        "month",
        "twice",
        "hour",
        "hours",
        "minutes",
        "or",
        "tomorrow",
    ];
    let spans = ["since", "last", "from", "past", "this", "previous"];
    left.iter().enumerate().find_map(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| left.get(at)).map_or("", |word| word.low.as_str());
        let before_that = at.checked_sub(2).and_then(|at| left.get(at)).map_or("", |word| word.low.as_str());
        let span = spans.contains(&before) || spans.contains(&before_that);
        let time = TIMES.contains(&word.low.as_str()) || (at > 0 && when::is_weekday(&word.low));
        (time && !span).then(|| word.said.clone())
    })
}

fn cut_name(text: &str) -> (String, Option<String>) {
    let Some(found) = NAME.as_ref().and_then(|name| name.captures(text)) else {
        return (text.to_owned(), None);
    };
    let name = found.get(1).or_else(|| found.get(2)).map(|name| name.as_str().trim().to_owned());
    let whole = found.get(0).map_or(0..0, |whole| whole.range());
    // What follows an unquoted name up to the end of the text may be where: it stays.
    let (name, rest) = match name {
        Some(name) if found.get(2).is_some() => {
            match CHANNEL.as_ref().and_then(|channel| channel.find(&name)) {
                Some(place) => {
                    let (own, rest) = name.split_at(place.start());
                    (Some(own.trim().to_owned()), rest.to_owned())
                }
                None => (Some(name), String::new()),
            }
        }
        name => (name, String::new()),
    };
    let kept = format!(
        "{} {rest} {}",
        text.get(..whole.start).unwrap_or_default(),
        text.get(whole.end..).unwrap_or_default()
    );
    (kept, name.filter(|name| !name.is_empty()))
}

fn cut_channel(text: &str) -> Result<(String, Option<String>), String> {
    let Some(channel) = CHANNEL.as_ref() else { return Ok((text.to_owned(), None)) };
    let named: Vec<String> = channel
        .captures_iter(text)
        .filter_map(|found| found.get(1).or_else(|| found.get(2)).map(|name| name.as_str().to_owned()))
        .collect();
    match named.as_slice() {
        [] => Ok((text.to_owned(), None)),
        [one] => Ok((channel.replace(text, " ").into_owned(), Some(one.clone()))),
        _ => Err("Please one channel per schedule.".to_owned()),
    }
}

/// The words of a text.
pub fn words_of(text: &str) -> Vec<Word> {
    let pieces =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|piece| !piece.is_empty());
    let word = |piece: &str| Word {
        said: piece.to_owned(),
        low: piece
            .to_lowercase()
            .trim_matches(['"', '“', '”', '(', ')', ':', '!', '?'])
            .trim_end_matches('.')
            .to_owned(),
    };
    pieces.map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str) -> Wish {
        match read(text) {
            Some(Command::Make(wish)) => wish,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_schedule_is_a_request_a_time_and_a_place() {
        let expected = Wish {
            request: "full status for dct".to_owned(),
            cron: "30 8 * * MON-FRI".to_owned(),
            zone: ZoneSaid::Mine,
            channel: Some("#dct-program".to_owned()),
            name: None,
        };
        for said in [
            "schedule full status for dct weekdays 8:30 in #dct-program",
            "schedule full status for dct in #dct-program every weekday at 8:30",
            "Please schedule weekdays 8:30 full status for dct in #dct-program.",
            "<@U0BOT> schedule full status for dct on weekdays at 8:30 to #dct-program",
        ] {
            assert_eq!(wish(said), expected, "{said}");
        }
        let by_id = wish("schedule full status for dct weekdays 8:30 in <#C0123|dct-program>");
        assert_eq!(by_id.channel.as_deref(), Some("C0123"));
        assert_eq!(wish("schedule full status weekdays 8:30 here").channel, None);
        assert_eq!(wish("schedule full status weekdays 8:30 in this channel").request, "full status");
        assert_eq!(wish("schedule daily update weekdays 9:00 in #x").request, "daily update");
        assert_eq!(wish("schedule morning routine every weekday morning 8:30").request, "morning routine");
        assert_eq!(wish("schedule monday kickoff mondays 8:30").request, "monday kickoff");
        assert_eq!(wish("schedule end of day daily at 17:00").request, "end of day");
        assert_eq!(wish("schedule dct check since monday fridays 9:00").request, "dct check since monday");
    }

    #[test]
    fn a_schedule_may_have_a_name() {
        for said in [
            "schedule dct check weekdays 8:30 in #dct called Morning digest",
            "schedule dct check weekdays 8:30 called \"Morning digest\" in #dct",
            "schedule dct check weekdays 8:30 called “Morning digest” in #dct",
            "schedule dct check weekdays 8:30 called Morning digest in #dct",
        ] {
            let wish = wish(said);
            assert_eq!(wish.name.as_deref(), Some("Morning digest"), "{said}");
            assert_eq!(
                (wish.request.as_str(), wish.channel.as_deref()),
                ("dct check", Some("#dct")),
                "{said}"
            );
        }
    }

    #[test]
    fn schedules_are_listed_and_changed() {
        for said in [
            "schedules",
            "show schedules",
            "list all the schedules",
            "what schedules are there?",
            "schedule list",
        ] {
            assert_eq!(read(said), Some(Command::List), "{said}");
        }
        for (said, verb, named) in [
            ("pause 3", Verb::Pause, "3"),
            ("resume #3", Verb::Resume, "#3"),
            ("schedule pause dct morning digest", Verb::Pause, "dct morning digest"),
            ("delete the schedule “dct morning digest”", Verb::Delete, "dct morning digest"),
            ("run now dct morning digest", Verb::RunNow, "dct morning digest"),
            ("run schedule 3 now", Verb::RunNow, "3"),
            ("run 3 now", Verb::RunNow, "3"),
            ("please cancel schedule 2", Verb::Delete, "2"),
        ] {
            assert_eq!(read(said), Some(Command::Change(verb, named.to_owned())), "{said}");
        }
    }

    #[test]
    fn what_is_about_something_else_stays_that() {
        for said in [
            "full status",
            "run full status now",
            "are we on schedule?",
            "is the dct schedule at risk",
            "get me caught up",
            "what slipped on the schedule of dct since monday",
            "",
        ] {
            assert_eq!(read(said), None, "{said}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_scheduled() {
        for (said, why) in [
            ("schedule", ""),
            ("schedule full status", "At what time?"),
            ("schedule full status every weekday morning in #x", "At what time?"),
            ("schedule full status every other monday 9:00", "every|other"),
            ("schedule full status weekdays 8:30 except fridays", "except"),
            ("schedule full status weekdays 8:30 but not friday", "friday"),
            ("schedule full status first monday 9:00", "first"),
            ("schedule full status daily 9:00 until christmas", "until"),
            ("schedule weekdays 8:30 in #x", "What should I post"),
            ("schedule full status weekdays 8:30 in #x and #y", "one channel"),
            ("pause", "Which one?"),
        ] {
            match read(said) {
                Some(Command::Unclear(because)) => {
                    assert!(why.split('|').any(|why| because.contains(why)), "{said}: {because}");
                }
                other => panic!("{said}: {other:?}"),
            }
        }
    }
}
