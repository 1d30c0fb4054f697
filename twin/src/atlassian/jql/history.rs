//! WAS and CHANGED: what the changelog says a field held.

use jiff::{Timestamp, ToSpan};

use crate::world::{ChangeItem, Issue, World};

use super::fields::Known;
use super::{Asker, Operand, Operator, Predicate, Refused, Term, Test, compare, dates};

/// A time in which a field held one value, and who gave it that value.
struct Spell {
    id: Option<String>,
    name: Option<String>,
    since: Timestamp,
    until: Timestamp,
    by: Option<String>,
}

/// The test of a WAS or CHANGED, without its NOT.
pub fn test<'w>(
    world: &'w World,
    asker: &'w Asker,
    field: &Known<'w>,
    term: &Term,
) -> Result<Test<'w>, Refused> {
    let Some(item) = compare::has_history(field) else {
        return Err(Refused::one(format!("History searches do not support the '{}' field.", term.field)));
    };
    let limits = Limits::read(world, asker, field, term)?;
    if term.operator == Operator::Changed {
        return Ok(Box::new(move |issue| {
            let changes = issue.changelog.iter().flat_map(|h| h.items.iter().map(move |i| (h, i)));
            let mut changes = changes.filter(|(_, change)| is_about(change, item));
            changes.any(|(history, change)| {
                limits
                    .from
                    .as_ref()
                    .is_none_or(|wanted| wanted.fits(change.from.as_deref(), change.from_string.as_deref()))
                    && limits
                        .to
                        .as_ref()
                        .is_none_or(|wanted| wanted.fits(change.to.as_deref(), change.to_string.as_deref()))
                    && limits.allows(history.created, history.created, history.author.as_deref())
            })
        }));
    }
    let wanted = Values::read(world, asker, field, &term.field, &term.operand)?;
    let field = field.clone();
    Ok(Box::new(move |issue| {
        spells(world, &field, item, issue).iter().any(|spell| {
            wanted.fits(spell.id.as_deref(), spell.name.as_deref())
                && limits.allows(spell.since, spell.until, spell.by.as_deref())
        })
    }))
}

fn is_about(change: &ChangeItem, item: &str) -> bool {
    change.field_id == item || (change.field_id.is_empty() && change.field.eq_ignore_ascii_case(item))
}

fn spells(world: &World, field: &Known<'_>, item: &str, issue: &Issue) -> Vec<Spell> {
    let mut spells = Vec::new();
    let (mut since, mut by) = (issue.created, issue.reporter.clone());
    for history in &issue.changelog {
        for change in history.items.iter().filter(|change| is_about(change, item)) {
            let (id, name) = (change.from.clone(), change.from_string.clone());
            spells.push(Spell { id, name, since, until: history.created, by: by.clone() });
            (since, by) = (history.created, history.author.clone());
        }
    }
    let id = field.values(world, issue).into_iter().next();
    let name =
        id.as_ref().and_then(|id| compare::shown(world, field, std::slice::from_ref(id)).into_iter().next());
    spells.push(Spell { id, name, since, until: Timestamp::MAX, by });
    spells
}

/// Values by id and by name: a status that was renamed or removed is found by what it was called.
struct Values {
    ids: Vec<String>,
    names: Vec<String>,
    empty: bool,
}

impl Values {
    fn read(
        world: &World,
        asker: &Asker,
        field: &Known<'_>,
        name: &str,
        operand: &Operand,
    ) -> Result<Self, Refused> {
        let list = match operand {
            Operand::List(list) => list.clone(),
            one => vec![one.clone()],
        };
        let mut values = Self { ids: Vec::new(), names: Vec::new(), empty: false };
        for one in list {
            if one == Operand::Empty {
                values.empty = true;
                continue;
            }
            let ids = match compare::resolve(world, asker, field, name, &one) {
                Ok(ids) => ids,
                Err(refused) => {
                    let Operand::Value(text) = &one else { return Err(refused) };
                    let known =
                        world.jira.issues.values().flat_map(|issue| &issue.changelog).flat_map(|h| &h.items);
                    let text = text.to_lowercase();
                    let was =
                        |shown: &Option<String>| shown.as_ref().is_some_and(|s| s.to_lowercase() == text);
                    if !known.into_iter().any(|item| was(&item.from_string) || was(&item.to_string)) {
                        return Err(refused);
                    }
                    values.names.push(text);
                    continue;
                }
            };
            values.names.extend(compare::shown(world, field, &ids));
            values.ids.extend(ids);
        }
        Ok(values)
    }

    fn fits(&self, id: Option<&str>, name: Option<&str>) -> bool {
        let by_id = id.is_some_and(|id| self.ids.iter().any(|wanted| wanted == id));
        let by_name = name.is_some_and(|name| self.names.contains(&name.to_lowercase()));
        by_id || by_name || (self.empty && id.is_none_or(str::is_empty))
    }
}

/// What a history search is narrowed to.
struct Limits {
    from: Option<Values>,
    to: Option<Values>,
    by: Option<Vec<String>>,
    /// From and to when, both included.
    span: (Timestamp, Timestamp),
}

impl Limits {
    fn read(world: &World, asker: &Asker, field: &Known<'_>, term: &Term) -> Result<Self, Refused> {
        let mut limits = Self { from: None, to: None, by: None, span: (Timestamp::MIN, Timestamp::MAX) };
        let values = |operand: &Operand| Values::read(world, asker, field, &term.field, operand).map(Some);
        let time = |operand: &Operand| dates::moment(asker, &term.field, operand);
        for (predicate, operand) in &term.predicates {
            match predicate {
                Predicate::From => limits.from = values(operand)?,
                Predicate::To => limits.to = values(operand)?,
                Predicate::By => {
                    let person = Known::Person(super::fields::Role::Assignee);
                    limits.by = Some(compare::resolve(world, asker, &person, "by", operand)?);
                }
                Predicate::After => limits.narrow(time(operand)?, Timestamp::MAX),
                Predicate::Before => limits.narrow(Timestamp::MIN, time(operand)?),
                Predicate::On => {
                    let day = time(operand)?.to_zoned(asker.zone.clone());
                    let start = day.start_of_day().unwrap_or(day).timestamp();
                    limits.narrow(start, start.checked_add(24.hours()).unwrap_or(Timestamp::MAX));
                }
                Predicate::During => match operand {
                    Operand::List(two) => match two.as_slice() {
                        [from, to] => limits.narrow(time(from)?, time(to)?),
                        _ => return Err(during()),
                    },
                    _ => return Err(during()),
                },
            }
        }
        Ok(limits)
    }

    fn narrow(&mut self, from: Timestamp, to: Timestamp) {
        self.span = (self.span.0.max(from), self.span.1.min(to));
    }

    fn allows(&self, since: Timestamp, until: Timestamp, by: Option<&str>) -> bool {
        let person = self.by.as_ref().is_none_or(|who| by.is_some_and(|by| who.iter().any(|one| one == by)));
        person && since <= self.span.1 && until >= self.span.0
    }
}

fn during() -> Refused {
    Refused::one("The 'DURING' predicate expects two dates: ('from', 'to').")
}
