//! What texts of the file mean: zones, addresses, times, channels, schedules.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use genai::adapter::AdapterKind;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use url::Url;

use super::StoreUrl;
use super::problems::{Wrong, nearest, shown};
use crate::domain::{AgentName, ChannelId, Cron, CronError, IssueKey, ProgramKey, Tier, UserId};

/// An IANA zone.
pub(super) fn zone(text: &str) -> Result<TimeZone, Wrong> {
    if let Ok(zone) = TimeZone::get(text)
        && zone.iana_name().is_some()
    {
        return Ok(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let near = nearest(text, names.iter().map(String::as_str)).unwrap_or("Europe/London");
    let fix = format!("write an IANA zone; did you mean `{near}`?");
    Err(Wrong::new(format!("{} is not a time zone", shown(text)), fix))
}

/// A web address: http or https, a host, nothing after the path, no password.
pub(super) fn address(text: &str) -> Result<Url, Wrong> {
    let fix = "write an address such as https://acme.atlassian.net";
    let mut url = Url::parse(text).map_err(|problem| {
        // The text itself may hold a password: only the reason is repeated.
        Wrong::new(format!("is not an address: {problem}"), fix)
    })?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(Wrong::new("is not a web address", fix));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wrong::new(
            "has a user name or password in it",
            "remove what stands before the @: credentials come from the environment",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Wrong::new("goes on after its path", "remove everything from the ? or # on"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Where the state is kept.
pub(super) fn store(text: &str) -> Result<StoreUrl, Wrong> {
    if text == "memory:" {
        return Ok(StoreUrl::Memory);
    }
    if let Some(path) = text.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return match path {
            "" => Err(Wrong::new("names no file", "write sqlite:caughtup.db")),
            ":memory:" => Ok(StoreUrl::Memory),
            path => Ok(StoreUrl::Sqlite(PathBuf::from(path))),
        };
    }
    if ["redis:", "rediss:", "redis+", "rediss+"].iter().any(|scheme| text.starts_with(scheme)) {
        return redis(text);
    }
    Err(Wrong::new(
        "is not a store that caughtup knows",
        "write sqlite:caughtup.db, redis://host:6379 or memory:",
    ))
}

/// A Redis address.
pub(super) fn redis(text: &str) -> Result<StoreUrl, Wrong> {
    let fix = "write redis://host:6379, or rediss:// for TLS";
    let url = Url::parse(text).map_err(|problem| Wrong::new(format!("is not an address: {problem}"), fix))?;
    let known = match url.scheme() {
        "redis" | "rediss" | "redis+sentinel" | "rediss+sentinel" => url.has_host(),
        "redis+unix" | "unix" => true,
        _ => false,
    };
    match known {
        true => Ok(StoreUrl::Redis(SecretString::from(text.to_owned()))),
        false => Err(Wrong::new("is not a Redis address", fix)),
    }
}

/// A span of time: `10s`, `500ms`, `2m`.
pub(super) fn duration(text: &str) -> Result<Duration, Wrong> {
    let fix = "write a span such as \"10s\", \"500ms\" or \"2m\"";
    let span: SignedDuration =
        text.parse().map_err(|_| Wrong::new(format!("{} is not a span of time", shown(text)), fix))?;
    let longest = Duration::from_secs(60 * 60);
    match Duration::try_from(span) {
        Ok(span) if !span.is_zero() && span <= longest => Ok(span),
        _ => Err(Wrong::new(format!("{} is out of range", shown(text)), "choose a span from 1ms to 1h")),
    }
}

/// A Slack channel: `#name` or an id.
pub(super) fn channel(text: &str) -> Result<String, Wrong> {
    if let Some(name) = text.strip_prefix('#') {
        let odd = |c: char| c.is_whitespace() || c.is_uppercase() || matches!(c, '#' | '.' | ',' | '<' | '>');
        return match name {
            "" => Err(Wrong::new("names no channel", "write #name or the channel's id")),
            name if name.chars().count() > 80 || name.contains(odd) => Err(Wrong::new(
                format!("{} is not a channel's name", shown(text)),
                "names have up to 80 lower-case letters, digits, - and _: copy it from Slack",
            )),
            _ => Ok(text.to_owned()),
        };
    }
    if text.parse::<ChannelId>().is_ok() {
        return Ok(text.to_owned());
    }
    let plain = text.to_lowercase().replace(char::is_whitespace, "-");
    let fix = format!("write #{} or an id such as C0123456789", plain.chars().take(80).collect::<String>());
    Err(Wrong::new(format!("{} is not a channel", shown(text)), fix))
}

/// Somebody, by Slack id or e-mail address.
pub(super) fn person(text: &str) -> Result<String, Wrong> {
    let email = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace)
    });
    if email {
        return Ok(text.to_lowercase());
    }
    if text.parse::<UserId>().is_ok() {
        return Ok(text.to_owned());
    }
    let fix = "write a Slack user id such as U012AB3CD (profile → ⋮ → Copy member ID) or an e-mail address";
    Err(Wrong::new(format!("{} is not a person", shown(text)), fix))
}

/// A program's key.
pub(super) fn issue_key(text: &str) -> Result<IssueKey, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(format!("{} is not an issue's key", shown(text)), "write it as Jira does: `DCT-42`")
    })
}

pub(super) fn program_key(text: &str) -> Result<ProgramKey, Wrong> {
    text.parse().map_err(|_| {
        let plain: String = text
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' { c } else { '-' })
            .collect();
        let fix = format!("use lower-case letters, digits, - and _, such as `{plain}`");
        Wrong::new(format!("{} is not a program's key", shown(text)), fix)
    })
}

/// An agent's name.
pub(super) fn agent(text: &str) -> Result<AgentName, Wrong> {
    text.parse().map_err(|()| {
        let names = AgentName::ALL.map(AgentName::as_str);
        let near = nearest(text, names).unwrap_or("");
        let fix = format!("did you mean `{near}`? the agents are {}", names.join(", "));
        Wrong::new(format!("{} is not an agent", shown(text)), fix)
    })
}

/// A provider of models, by the name that the client library has for it.
pub(super) fn provider(text: &str) -> Result<AdapterKind, Wrong> {
    let plain = text.to_lowercase().replace('-', "_");
    let name = match plain.as_str() {
        "bedrock" => "bedrock_api",
        "google" => "gemini",
        name => name,
    };
    // `genai_1` and its like, which read addresses from the environment, are left out.
    let known = AdapterKind::from_lower_str(name).filter(|kind| AdapterKind::all().contains(kind));
    known.ok_or_else(|| {
        let near = nearest(name, AdapterKind::all().iter().map(AdapterKind::as_lower_str)).unwrap_or("anthropic");
        let fix = format!(
            "did you mean `{near}`? others are `anthropic`, `openai`, `gemini`, `bedrock`, `ollama`; a compatible \
             endpoint is one of them with `base_url`"
        );
        Wrong::new(format!("{} is not a provider of models", shown(text)), fix)
    })
}

/// Which model an agent gets; none for `none`.
pub(super) fn tier(text: &str) -> Result<Option<Tier>, Wrong> {
    match text.to_lowercase().as_str() {
        "none" => Ok(None),
        "writing" => Ok(Some(Tier::Writing)),
        "reasoning" => Ok(Some(Tier::Reasoning)),
        _ => {
            let what = format!("{} is not a kind of model", shown(text));
            Err(Wrong::new(what, "write \"reasoning\", \"writing\" or \"none\""))
        }
    }
}

/// Where to listen.
pub(super) fn listen(text: &str) -> Result<SocketAddr, Wrong> {
    let local = text.replace("localhost", "127.0.0.1");
    local.parse().map_err(|_| {
        Wrong::new(
            format!("{} is not an address to listen at", shown(text)),
            "write 127.0.0.1:8080 or 0.0.0.0:8080",
        )
    })
}

/// A five-field cron expression whose days come.
pub(super) fn cron(text: &str) -> Result<String, Wrong> {
    const MONTHS: &[&str] =
        &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let example = "write minute hour day month weekday, such as \"30 8 * * MON-FRI\"";
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        let what = format!("{} has {} fields instead of five", shown(text), fields.len());
        return Err(Wrong::new(what, example));
    };
    let checks = [
        (minute, "minute", CronField { low: 0, high: 59, names: &[], first: 0 }),
        (hour, "hour", CronField { low: 0, high: 23, names: &[], first: 0 }),
        (day, "day of the month", CronField { low: 1, high: 31, names: &[], first: 0 }),
        (month, "month", CronField { low: 1, high: 12, names: MONTHS, first: 1 }),
        (weekday, "weekday", CronField { low: 0, high: 7, names: DAYS, first: 0 }),
    ];
    for (field, name, rule) in checks {
        if !field.split(',').all(|part| rule.accepts(part)) {
            let what = format!("{} is not a {name}", shown(field));
            return Err(Wrong::new(
                what,
                format!("use {} to {}, *, lists, ranges or steps; {example}", rule.low, rule.high),
            ));
        }
    }
    let joined = fields.join(" ");
    match Cron::new(&joined, &TimeZone::UTC) {
        Ok(_) => Ok(joined),
        Err(CronError::Never(_)) => Err(Wrong::new(
            format!("{} is on days that never come", shown(text)),
            "name another day or month",
        )),
        Err(_) => Err(Wrong::new(format!("{} is not a cron expression", shown(text)), example)),
    }
}

struct CronField {
    low: usize,
    high: usize,
    names: &'static [&'static str],
    first: usize,
}

impl CronField {
    fn accepts(&self, part: &str) -> bool {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let step_ok = step.is_none_or(|step| step.parse::<usize>().is_ok_and(|n| n >= 1 && n <= self.high));
        let range_ok = match range.split_once('-') {
            Some((from, to)) => matches!((self.value(from), self.value(to)), (Some(a), Some(b)) if a <= b),
            None => range == "*" || self.value(range).is_some(),
        };
        step_ok && range_ok
    }

    fn value(&self, text: &str) -> Option<usize> {
        let named =
            self.names.iter().position(|name| name.eq_ignore_ascii_case(text)).map(|at| at + self.first);
        let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let value = named.or_else(|| if digits { text.parse().ok() } else { None })?;
        (self.low..=self.high).contains(&value).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_has_five_fields_within_their_ranges() {
        for good in
            ["30 8 * * MON-FRI", "*/15 * * * *", "0 9,17 1-15 jan-mar 0", "0 0 1 1 7", "5 4 * * sun,WED"]
        {
            assert!(cron(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "5-1 * * * *",
            "*/0 * * * *",
            "0 8 * * MONDAY",
            "@daily",
            "0 0 8 * * *",
            "a b c d e",
            "+1 * * * *",
            "0 9 30 2 *",
            "5/15 * * * *",
        ] {
            assert!(cron(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, millis) in
            [("10s", 10_000), ("500ms", 500), ("2m", 120_000), ("1m 30s", 90_000), ("1h", 3_600_000)]
        {
            assert_eq!(duration(text).unwrap(), Duration::from_millis(millis), "{text}");
        }
        for bad in ["10", "0s", "-5s", "2h", "ten seconds", ""] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_lose_their_last_slash_and_may_hold_no_password() {
        assert_eq!(address("http://127.0.0.1:80/api/").unwrap().as_str(), "http://127.0.0.1/api");
        let wrong = address("https://dana:hunter2@acme.example").unwrap_err();
        assert!(!format!("{wrong:?}").contains("hunter2"));
        for bad in ["acme.atlassian.net", "ftp://acme", "https://", "https://a.example/?x=1"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn channels_and_people_are_told_from_other_words() {
        for good in ["#dct-program", "#プロジェクト", "C0123456789", "G1"] {
            assert!(channel(good).is_ok(), "{good}");
        }
        assert!(channel("dct-program").unwrap_err().fix.contains("#dct-program"));
        for bad in ["#", "#Two Words", "general", "#a,b", "#UPPER"] {
            assert!(channel(bad).is_err(), "{bad}");
        }
        assert_eq!(person("Dana@Acme.com").unwrap(), "dana@acme.com");
        assert!(person("dana").is_err() && person("U012AB3CD").is_ok());
    }
}
