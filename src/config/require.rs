//! Which secrets a command cannot do without.

use std::path::Path;

use secrecy::SecretString;

use super::problems::{ConfigProblems, Problems, Wrong};
use super::{Config, Env};

/// Something that a command cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Slack's Web API: `SLACK_BOT_TOKEN`.
    SlackBot,
    /// Socket Mode: `SLACK_APP_TOKEN`.
    SlackApp,
    /// Jira and Confluence: `ATLASSIAN_EMAIL` and `ATLASSIAN_API_TOKEN`.
    Atlassian,
}

impl Need {
    fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::SlackBot => &[(
                "SLACK_BOT_TOKEN",
                "set it to the Bot User OAuth Token (xoxb-…) from the Slack app's OAuth & Permissions page",
            )],
            Self::SlackApp => &[(
                "SLACK_APP_TOKEN",
                "set it to an app-level token (xapp-…) with connections:write from the Slack app's Basic Information page",
            )],
            Self::Atlassian => &[
                (
                    "ATLASSIAN_EMAIL",
                    "set it to the e-mail address of the Atlassian account whose API token is used",
                ),
                (
                    "ATLASSIAN_API_TOKEN",
                    "set it to an API token from id.atlassian.com → Security → API tokens",
                ),
            ],
        }
    }
}

/// Notes every variable that is needed and set neither directly nor through a file.
pub(super) fn check(needs: &[Need], env: Env<'_>, problems: &Problems) {
    let set = |name: &str| env(name).is_some_and(|value| !value.trim().is_empty());
    for (name, fix) in needs.iter().flat_map(|need| need.variables()) {
        if !set(name) && !set(&format!("{name}_FILE")) {
            let what = format!("is not set, and neither is {name}_FILE");
            problems.elsewhere(name, Wrong::new(what, *fix));
        }
    }
}

impl Config {
    /// The bot token.
    ///
    /// # Errors
    /// When there is none.
    pub fn require_slack_bot(&self) -> Result<&SecretString, ConfigProblems> {
        self.slack.bot_token.as_ref().ok_or_else(|| missing(Need::SlackBot))
    }

    /// The app-level token.
    ///
    /// # Errors
    /// When there is none.
    pub fn require_slack_app(&self) -> Result<&SecretString, ConfigProblems> {
        self.slack.app_token.as_ref().ok_or_else(|| missing(Need::SlackApp))
    }

    /// Jira's and Confluence's account and token.
    ///
    /// # Errors
    /// When either is missing.
    pub fn require_atlassian(&self) -> Result<(&str, &SecretString), ConfigProblems> {
        let atlassian = &self.atlassian;
        let both = atlassian.email.as_deref().zip(atlassian.token.as_ref());
        both.ok_or_else(|| missing(Need::Atlassian))
    }
}

fn missing(need: Need) -> ConfigProblems {
    let problems = Problems::new(Path::new("environment"), "");
    check(&[need], &|_| None, &problems);
    problems.finish(&[]).err().unwrap_or_else(|| ConfigProblems::of_file(Path::new(""), "is missing", ""))
}
