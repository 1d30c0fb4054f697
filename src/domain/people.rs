//! People, as Slack knows them.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::UserId;

/// What somebody is to the workspace, which decides what they may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// A full member.
    Member,
    /// A guest of one or several channels.
    Guest,
    /// Somebody of another organisation.
    Outsider,
    /// An app or bot.
    Bot,
    /// An account that was deactivated.
    Gone,
}

/// One person or bot of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The Slack id.
    pub id: UserId,
    /// The name to show: display name, else real name, else handle.
    pub name: String,
    /// The full name, by which Jira and people's sentences may know them.
    pub full_name: String,
    /// The e-mail address, lower case, where Slack gives it.
    pub email: Option<String>,
    /// The IANA zone that they chose in Slack.
    pub timezone: Option<String>,
    /// What they are to the workspace.
    pub standing: Standing,
}

/// Everybody of the workspace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Listed")]
pub struct People {
    by_id: HashMap<UserId, Person>,
    /// Who has an address; of several, whom it most likely means.
    #[serde(skip_serializing)]
    by_email: HashMap<String, UserId>,
    /// Who has a full name, in small letters.
    #[serde(skip_serializing)]
    by_name: HashMap<String, Vec<UserId>>,
    /// Who is shown by the same name as somebody else.
    #[serde(skip_serializing)]
    alike: HashSet<UserId>,
}

/// What is kept of them: the rest follows from it.
#[derive(Deserialize)]
struct Listed {
    by_id: HashMap<UserId, Person>,
}

impl From<Listed> for People {
    fn from(listed: Listed) -> Self {
        Self::new(listed.by_id.into_values())
    }
}

impl People {
    /// From a list.
    pub fn new(people: impl IntoIterator<Item = Person>) -> Self {
        let mut all = Self {
            by_id: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
            ..Self::default()
        };
        let mut ordered: Vec<&Person> = all.by_id.values().collect();
        ordered.sort_by_key(|person| (person.standing != Standing::Member, &person.id));
        for person in ordered {
            if let Some(email) = &person.email {
                all.by_email.entry(email.clone()).or_insert_with(|| person.id.clone());
            }
            all.by_name.entry(small(&person.full_name)).or_default().push(person.id.clone());
        }
        let mut shown: HashMap<String, Vec<&UserId>> = HashMap::new();
        for person in all.by_id.values().filter(|person| person.standing != Standing::Bot) {
            shown.entry(small(&person.name)).or_default().push(&person.id);
        }
        all.alike = shown.into_values().filter(|same| same.len() > 1).flatten().cloned().collect();
        all
    }

    /// One person.
    pub fn get(&self, id: &UserId) -> Option<&Person> {
        self.by_id.get(id)
    }

    /// The person with this e-mail address, in any case; full members before others.
    pub fn by_email(&self, email: &str) -> Option<&Person> {
        self.get(self.by_email.get(&small(email))?)
    }

    /// Everybody of this full name, in any case.
    pub fn by_full_name(&self, name: &str) -> impl Iterator<Item = &Person> {
        self.by_name.get(&small(name)).into_iter().flatten().filter_map(|id| self.get(id))
    }

    /// The name to show for an id, in full where several are shown by the same; the id itself when nobody is
    /// known by it.
    pub fn name(&self, id: &UserId) -> String {
        self.get(id).map_or_else(
            || id.to_string(),
            |person| match self.alike.contains(id) && !person.full_name.trim().is_empty() {
                true => person.full_name.clone(),
                false => person.name.clone(),
            },
        )
    }

    /// Whether this is a person rather than a bot or an unknown.
    pub fn is_human(&self, id: &UserId) -> bool {
        self.get(id).is_none_or(|person| person.standing != Standing::Bot)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Everybody, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_id.values()
    }
}

/// As addresses and names are compared.
fn small(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_shown_by_the_same_name_is_named_in_full() {
        let person = |id: &str, name: &str, full_name: &str| Person {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            full_name: full_name.to_owned(),
            email: None,
            timezone: None,
            standing: Standing::Member,
        };
        let people = People::new([
            person("U1", "alex", "Alex Moreno"),
            person("U2", "Alex", "Alex Lind"),
            person("U3", "Sam", "Sam Ito"),
        ]);
        let named = ["U1", "U2", "U3"].map(|id| people.name(&id.parse().unwrap()));
        assert_eq!(named, ["Alex Moreno", "Alex Lind", "Sam"]);
    }
}
