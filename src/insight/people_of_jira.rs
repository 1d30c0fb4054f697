//! Jira's people, found in Slack: by e-mail address, else by a full name that only one person has.

use crate::domain::{JiraUser, People, Standing, UserId};

/// The Slack id of a Jira account.
pub fn slack_id<'a>(people: &'a People, user: &JiraUser) -> Option<&'a UserId> {
    if let Some(found) = user.email.as_deref().and_then(|email| people.by_email(email)) {
        return Some(&found.id);
    }
    // An address that both sides show and that differs is another person of the same name.
    let mut same = people.by_full_name(&user.name).filter(|person| {
        let addresses_differ = user.email.is_some() && person.email.is_some();
        person.standing != Standing::Bot && !addresses_differ
    });
    match (same.next(), same.next()) {
        (Some(person), None) => Some(&person.id),
        _ => None,
    }
}

/// The name by which Slack's readers know a Jira account; Jira's own where they do not.
pub fn display_name(people: &People, user: &JiraUser) -> String {
    slack_id(people, user).map_or_else(|| user.name.clone(), |id| people.name(id))
}
