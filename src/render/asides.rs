//! What people have set aside, as a digest tells it: in one line, and in a word when it is back.

use jiff::Timestamp;

use crate::domain::{Aside, Digest, Finding, How, IssueKey, Over, Prose, defang, shorten};
use crate::render::time::Telling;

/// How many are named in a digest's line.
const NAMED: usize = 4;
/// How much of a reason stands there, in characters.
const REASON: usize = 80;
/// How much of a title that stands for a subject.
const TITLE: usize = 40;

/// "2 risks are snoozed: DCT-42 (Priya until Tue 24 Nov 09:00: “known”), ROAD-7 (…)".
pub fn lines(digest: &Digest, telling: &Telling) -> Vec<String> {
    [How::Snoozed, How::Dismissed].into_iter().filter_map(|how| line(digest, how, telling)).collect()
}

fn line(digest: &Digest, how: How, telling: &Telling) -> Option<String> {
    let is_aside = |id: &str| digest.lives.get(id).is_some_and(|life| life.aside.is_some());
    // What was set aside together with the risk that it is folded under is one with it.
    let alone = |finding: &&Finding| finding.under.as_ref().is_none_or(|head| !is_aside(head));
    let findings = digest.findings.iter().filter(alone);
    let asides: Vec<&Aside> =
        findings.filter_map(|finding| digest.aside(finding)).filter(|aside| aside.how == how).collect();
    let verb = how.as_str();
    let count = match asides.len() {
        0 => return None,
        1 => format!("1 risk is {verb}"),
        many => format!("{many} risks are {verb}"),
    };
    let mut named: Vec<String> = asides.iter().take(NAMED).map(|aside| one(aside, telling)).collect();
    if asides.len() > NAMED {
        named.push(format!("{} more", asides.len() - NAMED));
    }
    Some(format!("{count}: {}", named.join(", ")))
}

fn one(aside: &Aside, telling: &Telling) -> String {
    let until = aside.until.map(|until| format!(" until {}", telling.instant(until))).unwrap_or_default();
    format!("{} ({}{until}: “{}”)", subject(aside), defang(&aside.name), reason(aside))
}

/// What people call it: its issue's key, else its title.
pub fn subject(aside: &Aside) -> String {
    let subject = aside.finding.split_once(' ').map_or("", |(_, subject)| subject);
    match subject.parse::<IssueKey>() {
        Ok(key) => key.to_string(),
        Err(_) => format!("“{}”", shorten(&defang(&aside.title), TITLE)),
    }
}

fn reason(aside: &Aside) -> String {
    shorten(&defang(&aside.reason), REASON)
}

/// " Dismissed by Priya on 17 Nov (“known, vendor confirmed”); back because Marco has written about it since."
pub fn back(text: Prose, (aside, over): &(Aside, Over), zone: &jiff::tz::TimeZone) -> Prose {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let how = match aside.how {
        How::Snoozed => " Snoozed by ",
        How::Dismissed => " Dismissed by ",
    };
    let text = text.say(how).person(&aside.name).say(" on ").day(day(aside.at)).say(" (");
    let text = text.quote(shorten(&aside.reason, REASON)).say("); back ");
    match over {
        Over::Time => text.say("because its time is over."),
        Over::Worse => text.say("because it got worse."),
        Over::State => text.say("because what Jira or Confluence says has changed."),
        Over::Said(who) if who.is_empty() => text.say("because something was said about it since."),
        Over::Said(who) => text.say("because of what ").person(who).say(" has said since."),
        Over::Again => text.say("because it was gone in between."),
    }
}
