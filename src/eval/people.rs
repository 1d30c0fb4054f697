//! Who is there.

use super::dice::Dice;
use super::language::NAMES;
use crate::domain::{Person, Standing, UserId};

/// Two people share this first name, so nobody is named by it.
pub(super) const SHARED_NAME: &str = "Alex";

/// Members, of whom two share a first name, and those who do not count as such: a guest, somebody who
/// left, and bots.
pub(super) fn people(dice: &mut Dice) -> (Vec<Person>, Vec<Person>) {
    let mut names = NAMES.to_vec();
    dice.shuffle(&mut names);
    let mut names: Vec<(String, String)> =
        names.iter().take(15).map(|(first, last)| ((*first).to_owned(), (*last).to_owned())).collect();
    for last in ["Moreau", "Hughes"] {
        names.push((SHARED_NAME.to_owned(), last.to_owned()));
    }
    let mut all = Vec::new();
    for (number, (first, last)) in names.into_iter().enumerate() {
        let id: Option<UserId> = format!("U0EVAL{number:02}").parse().ok();
        let handle = format!("{}{}", first.to_lowercase(), number);
        // Some show their first name, some their handle, some their whole name.
        let name = match number % 3 {
            0 => first.clone(),
            1 => handle.clone(),
            _ => format!("{first} {last}"),
        };
        all.extend(id.map(|id| Person {
            id,
            name,
            full_name: format!("{first} {last}"),
            email: Some(format!("person{number}@acme.example")),
            timezone: None,
            standing: Standing::Member,
        }));
    }
    let stranger = |id: &str, name: &str, standing: Standing| {
        Some(Person {
            id: id.parse().ok()?,
            name: name.to_owned(),
            full_name: name.to_owned(),
            email: None,
            timezone: None,
            standing,
        })
    };
    let strangers = [
        stranger("U0GUEST", "Robin Guest", Standing::Guest),
        stranger("U0LEFT", "Kim Departed", Standing::Gone),
        stranger(BOT, "Statusbot", Standing::Bot),
    ];
    (all, strangers.into_iter().flatten().collect())
}

/// A bot that has an account.
pub(super) const BOT: &str = "U0BOT";

/// How colleagues call somebody.
pub(super) fn first_name(person: &Person) -> &str {
    person.full_name.split(' ').next().unwrap_or(&person.full_name)
}
