//! Secrets: from the environment only. One that stands in the file is a problem, and is never repeated.

use std::collections::BTreeMap;

use secrecy::SecretString;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problems::{Problems, Wrong, holds_token};
use super::reading::is_secret_name;

/// Looks up an environment variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's own environment: the only place in the program that reads it.
#[allow(clippy::disallowed_methods, reason = "settings and secrets are read here and nowhere else")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// A secret from `NAME`, or from the file that `NAME_FILE` names. Empty counts as unset, since
/// container tools pass variables on whether they have a value or not.
pub(super) fn secret(name: &str, env: Env<'_>, problems: &Problems) -> Option<String> {
    let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
    let file_name = format!("{name}_FILE");
    match (set(name), set(&file_name)) {
        (None, None) => None,
        (Some(value), None) => Some(value),
        (Some(_), Some(_)) => {
            let what = format!("is set, and so is {file_name}");
            problems.elsewhere(name, Wrong::new(what, "unset one of them"));
            None
        }
        (None, Some(path)) => match std::fs::read_to_string(&path) {
            Ok(text) if text.trim().is_empty() => {
                let what = format!("names {path}, which is empty");
                problems.elsewhere(
                    &file_name,
                    Wrong::new(what, format!("write the secret into it, or set {name}")),
                );
                None
            }
            Ok(text) => Some(text.trim_end_matches(['\n', '\r']).to_owned()),
            Err(error) => {
                let what = format!("names {path}, which cannot be read: {error}");
                let fix = format!("make it readable for this user, or set {name} instead");
                problems.elsewhere(&file_name, Wrong::new(what, fix));
                None
            }
        },
    }
}

/// A Slack token, which says by its prefix what it is.
pub(super) fn slack_token(
    name: &str,
    prefix: &str,
    env: Env<'_>,
    problems: &Problems,
) -> Option<SecretString> {
    let token = secret(name, env, problems)?;
    // Tokens of apps that rotate them are wrapped: xoxe.xoxb-…
    let bare = token.strip_prefix("xoxe.").unwrap_or(&token);
    let found = [
        ("xoxb-", "a bot token (xoxb-…): that belongs in SLACK_BOT_TOKEN"),
        ("xapp-", "an app-level token (xapp-…): that belongs in SLACK_APP_TOKEN"),
        ("xoxp-", "a user token (xoxp-…): caughtup never acts as a person"),
    ]
    .into_iter()
    .find(|(known, _)| bare.starts_with(known));
    let whence = match prefix {
        "xoxb-" => "copy the Bot User OAuth Token from OAuth & Permissions; it begins with xoxb-",
        _ => "make an app-level token with connections:write under Basic Information; it begins with xapp-",
    };
    match found {
        Some((known, _)) if known == prefix && !token.contains(char::is_whitespace) => {
            Some(SecretString::from(token))
        }
        Some((known, _)) if known == prefix => {
            problems.elsewhere(name, Wrong::new("has white space within it", whence));
            None
        }
        Some((_, what)) => {
            problems.elsewhere(name, Wrong::new(format!("holds {what}"), whence));
            None
        }
        None => {
            let what = format!("does not begin with {prefix}");
            problems.elsewhere(name, Wrong::new(what, whence));
            None
        }
    }
}

/// Where a key's value should come from instead.
fn variable_for(path: &str) -> &'static str {
    let path = path.to_lowercase();
    match () {
        () if path.contains("app") => "SLACK_APP_TOKEN",
        () if path.contains("slack") || path.contains("bot") => "SLACK_BOT_TOKEN",
        () if path.contains("atlassian") || path.contains("jira") || path.contains("confluence") => {
            "ATLASSIAN_API_TOKEN"
        }
        () if path.contains("store") || path.contains("redis") => "REDIS_URL",
        () if path.contains("llm") => "the provider's variable, such as ANTHROPIC_API_KEY",
        () => "SLACK_BOT_TOKEN, SLACK_APP_TOKEN, ATLASSIAN_API_TOKEN, …",
    }
}

/// Names every secret that stands in the file: values that look like tokens, keys that say so,
/// passwords in addresses, and tokens in comments.
pub(super) fn in_file(table: &DeTable<'_>, text: &str, problems: &Problems) {
    for (key, value) in flatten(table) {
        let Some(written) = value.get_ref().as_str() else { continue };
        let named = key.rsplit('.').next().is_some_and(is_secret_name);
        if named || holds_token(written) || has_password(written) {
            found(value.span().start, &key, problems);
        }
    }
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if holds_token(line) && !problems.has_line_of(offset) {
            found(offset, "", problems);
        }
        offset += line.len();
    }
}

fn found(offset: usize, key: &str, problems: &Problems) {
    let fix =
        format!("remove it, replace it with a new one, and set {} in the environment", variable_for(key));
    problems.at(offset, key, Wrong::new("a secret stands in the file, where others can read it", fix));
}

fn has_password(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.password().is_some_and(|password| !password.is_empty()))
}

/// Every value of the file with its path.
fn flatten<'d>(table: &'d DeTable<'d>) -> BTreeMap<String, &'d Spanned<DeValue<'d>>> {
    let mut flat = BTreeMap::new();
    let mut open: Vec<(String, &'d Spanned<DeValue<'d>>)> =
        table.iter().map(|(key, value)| (key.get_ref().to_string(), value)).collect();
    while let Some((path, value)) = open.pop() {
        if let Some(table) = value.get_ref().as_table() {
            open.extend(table.iter().map(|(key, value)| (format!("{path}.{}", key.get_ref()), value)));
        } else if let Some(list) = value.get_ref().as_array() {
            open.extend(list.iter().enumerate().map(|(at, value)| (format!("{path}[{at}]"), value)));
        } else {
            flat.insert(path, value);
        }
    }
    flat
}
