//! Who did something, and whether it was a person.

use serde_json::Value;

use super::wire::{WireUser, read};
use crate::domain::JiraUser;

/// What Atlassian's rule engine is called. Some answers leave its account type out.
const AUTOMATION: &str = "automation for jira";

/// Somebody, if somebody is named.
pub fn user(value: &Value) -> Option<JiraUser> {
    let wire: WireUser = read(value)?;
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let id = given(wire.account_id).or(given(wire.key)).or_else(|| given(wire.name.clone()));
    let name = given(wire.display_name).or(given(wire.name));
    // An anonymised account has lost its id and still has a name.
    let account_id = id.or_else(|| name.clone())?;
    let name = name.unwrap_or_else(|| account_id.clone());
    let human = wire.account_type.as_deref() != Some("app") && name.to_lowercase() != AUTOMATION;
    Some(JiraUser {
        account_id,
        name,
        email: given(wire.email_address).map(|email| email.trim().to_lowercase()),
        human,
        active: wire.active.unwrap_or(true),
    })
}

/// The account that `email` belongs to, among what a user search found.
///
/// A profile may hide its address. Then Jira still finds the account by it, and an only hit is
/// believed; of several none is, because the search matches names as well.
pub fn account(found: &Value, email: &str) -> Option<JiraUser> {
    let wanted = email.trim().to_lowercase();
    let all = found.as_array().map_or(&[][..], Vec::as_slice);
    let kind = |value: &Value| value.get("accountType").and_then(Value::as_str).map(str::to_owned);
    let people: Vec<JiraUser> = all
        .iter()
        .filter(|value| matches!(kind(value).as_deref(), None | Some("atlassian")))
        .filter_map(user)
        .filter(|user| user.human && user.active)
        .collect();
    if let Some(exact) = people.iter().find(|user| user.email.as_deref() == Some(wanted.as_str())) {
        return Some(exact.clone());
    }
    match people.as_slice() {
        [only] if only.email.is_none() && all.len() == 1 => Some(only.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn apps_are_not_people_but_customers_and_people_who_left_are() {
        let human = |value: Value| user(&value).unwrap().human;
        assert!(human(json!({"accountId": "1", "displayName": "Mia", "accountType": "atlassian"})));
        assert!(human(json!({"accountId": "1", "displayName": "Mia", "accountType": "customer"})));
        assert!(human(json!({"accountId": "1", "displayName": "Former user", "active": false})));
        assert!(!human(json!({"accountId": "1", "displayName": "Deploy Bot", "accountType": "app"})));
        assert!(!human(json!({"accountId": "557058:f5", "displayName": "Automation for Jira"})));
        assert_eq!(user(&json!(null)), None);
        assert_eq!(user(&json!({})), None);
    }

    #[test]
    fn data_center_and_anonymised_users_keep_an_identity() {
        let dc = user(
            &json!({"name": "admin", "key": "JIRAUSER1", "displayName": "Ada", "emailAddress": "A@B.c "}),
        )
        .unwrap();
        assert_eq!(
            (dc.account_id.as_str(), dc.name.as_str(), dc.email.as_deref()),
            ("JIRAUSER1", "Ada", Some("a@b.c"))
        );
        assert_eq!(user(&json!({"accountId": "", "displayName": "Runjuu"})).unwrap().account_id, "Runjuu");
    }

    #[test]
    fn the_exact_address_wins_and_a_hidden_one_only_when_it_is_alone() {
        let found = |value: Value| account(&value, "Mia@Acme.com").map(|user| user.account_id);
        let mia = json!({"accountId": "mia", "displayName": "Mia", "accountType": "atlassian", "emailAddress": "mia@acme.com"});
        let hidden = json!({"accountId": "x", "displayName": "Mia K", "accountType": "atlassian", "emailAddress": null});
        let other =
            json!({"accountId": "y", "displayName": "mia@acme.com's twin", "emailAddress": "twin@acme.com"});
        let app = json!({"accountId": "z", "displayName": "Bot", "accountType": "app", "emailAddress": "mia@acme.com"});
        assert_eq!(found(json!([hidden, mia])), Some("mia".into()));
        assert_eq!(found(json!([hidden])), Some("x".into()));
        assert_eq!(found(json!([hidden, other])), None);
        assert_eq!(found(json!([other])), None);
        assert_eq!(found(json!([app])), None);
        assert_eq!(found(json!({"errorMessages": []})), None);
    }
}
