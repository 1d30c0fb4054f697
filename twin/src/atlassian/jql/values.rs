//! What the other side of a comparison means: ids and names that the site has.

use jiff::Timestamp;

use crate::world::{FieldType, Issue, SprintState, World};

use super::compare::PRIORITIES;
use super::fields::Known;
use super::{Asker, Operand, Refused, dates};

/// The ids or names that an operand means.
pub fn resolve(
    world: &World,
    asker: &Asker,
    field: &Known<'_>,
    name: &str,
    operand: &Operand,
) -> Result<Vec<String>, Refused> {
    match operand {
        Operand::Empty | Operand::Nothing => Ok(Vec::new()),
        Operand::List(list) => {
            let (mut all, mut errors) = (Vec::new(), Vec::new());
            for one in list {
                match resolve(world, asker, field, name, one) {
                    Ok(values) => all.extend(values),
                    Err(Refused(messages)) => errors.extend(messages),
                }
            }
            if errors.is_empty() { Ok(all) } else { Err(Refused(errors)) }
        }
        Operand::Function(function, arguments) => call(world, asker, field, function, arguments),
        Operand::Value(value) => named(world, field, name, value),
    }
}

fn named(world: &World, field: &Known<'_>, name: &str, value: &str) -> Result<Vec<String>, Refused> {
    let same = |text: &str| text.to_lowercase() == value.to_lowercase();
    let jira = &world.jira;
    let found: Vec<String> = match field {
        Known::Key | Known::Parent => {
            let key = jira.issue(value).map(|issue| issue.key.clone());
            return key.map(|key| vec![key]).ok_or_else(|| {
                Refused::one(format!("An issue with key '{value}' does not exist for field '{name}'."))
            });
        }
        Known::Project => {
            let hit = |project: &&crate::world::Project| {
                same(&project.key) || same(&project.name) || project.id == value
            };
            jira.projects.iter().filter(hit).map(|project| project.key.clone()).collect()
        }
        Known::Type => {
            jira.issue_types.iter().filter(|t| same(&t.name) || t.id == value).map(|t| t.id.clone()).collect()
        }
        Known::Status => {
            jira.statuses.iter().filter(|s| same(&s.name) || s.id == value).map(|s| s.id.clone()).collect()
        }
        Known::Category => match value.to_lowercase().as_str() {
            "to do" | "new" | "2" => vec!["new".to_owned()],
            "in progress" | "indeterminate" | "4" => vec!["indeterminate".to_owned()],
            "done" | "complete" | "3" => vec!["done".to_owned()],
            _ => Vec::new(),
        },
        Known::Priority => {
            let by_id = value.parse::<usize>().ok().and_then(|id| PRIORITIES.get(id.wrapping_sub(1)));
            let by_name = PRIORITIES.iter().find(|known| same(known));
            by_name.or(by_id).map(|known| known.to_lowercase()).into_iter().collect()
        }
        Known::Sprint => {
            let hit = |sprint: &&crate::world::Sprint| same(&sprint.name) || sprint.id.to_string() == value;
            let found: Vec<String> =
                jira.sprints.iter().filter(hit).map(|sprint| sprint.id.to_string()).collect();
            if found.is_empty() {
                return Err(Refused::one(format!(
                    "Sprint with name '{value}' does not exist or you do not have permission to view it."
                )));
            }
            found
        }
        // People who never were here match nothing; Jira does not tell who exists.
        Known::Person(_) => return Ok(people(world, value)),
        Known::Resolution => match value.to_lowercase().as_str() {
            "done" | "10000" => vec!["done".to_owned()],
            _ => Vec::new(),
        },
        Known::LinkType | Known::Labels | Known::Unused => return Ok(vec![value.to_lowercase()]),
        Known::Custom(fields) => return option(world, fields, name, value),
        Known::Text(_) | Known::Date(_) => Vec::new(),
    };
    if found.is_empty() { Err(missing(value, name)) } else { Ok(found) }
}

fn people(world: &World, value: &str) -> Vec<String> {
    let same = |text: &str| text.to_lowercase() == value.to_lowercase();
    let hit = |person: &&crate::world::Person| {
        person.account_id.as_deref() == Some(value)
            || same(&person.real_name)
            || person.email.as_deref().is_some_and(same)
    };
    let found: Vec<String> =
        world.people.iter().filter(hit).filter_map(|person| person.account_id.clone()).collect();
    if found.is_empty() { vec![value.to_owned()] } else { found }
}

fn option(
    world: &World,
    fields: &[&crate::world::Field],
    name: &str,
    value: &str,
) -> Result<Vec<String>, Refused> {
    if fields.iter().any(|field| field.kind == FieldType::User) {
        return Ok(people(world, value).into_iter().map(|id| id.to_lowercase()).collect());
    }
    let options: Vec<String> = fields.iter().flat_map(|field| world.jira.option_values(&field.id)).collect();
    let hit = options.iter().find(|option| option.to_lowercase() == value.to_lowercase());
    match hit {
        Some(option) => Ok(vec![option.to_lowercase()]),
        None => Err(Refused::one(format!("The option '{value}' for field '{name}' does not exist."))),
    }
}

fn call(
    world: &World,
    asker: &Asker,
    field: &Known<'_>,
    name: &str,
    arguments: &[String],
) -> Result<Vec<String>, Refused> {
    let sprints = |state: SprintState| {
        let hits = world.jira.sprints.iter().filter(|sprint| sprint.state == state);
        Ok(hits.map(|sprint| sprint.id.to_string()).collect())
    };
    let first = arguments.first().map_or("", String::as_str);
    match (name.to_lowercase().as_str(), field) {
        ("currentuser", Known::Person(_)) => Ok(vec![asker.account_id.clone()]),
        ("currentuser", Known::Custom(_)) => Ok(vec![asker.account_id.to_lowercase()]),
        ("membersof", Known::Person(_)) => Ok(Vec::new()),
        ("opensprints", Known::Sprint) => sprints(SprintState::Active),
        ("closedsprints", Known::Sprint) => sprints(SprintState::Closed),
        ("futuresprints", Known::Sprint) => sprints(SprintState::Future),
        ("standardissuetypes", Known::Type) => Ok(types(world, |level| level >= 0)),
        ("subtaskissuetypes", Known::Type) => Ok(types(world, |level| level < 0)),
        ("issuehistory" | "watchedissues" | "votedissues", Known::Key) => Ok(Vec::new()),
        ("linkedissues", Known::Key) => linked(world, first, arguments.get(1).map(String::as_str)),
        ("childissuesof" | "portfoliochildissuesof", Known::Key) => Ok(descendants(world, first)),
        ("updatedby", Known::Key) => updated_by(world, asker, arguments),
        _ => Err(Refused::one(format!("Unable to find JQL function '{name}({})'.", arguments.join(", ")))),
    }
}

fn types(world: &World, wanted: impl Fn(i32) -> bool) -> Vec<String> {
    let hits = world.jira.issue_types.iter().filter(|kind| wanted(kind.hierarchy_level));
    hits.map(|kind| kind.id.clone()).collect()
}

fn linked(world: &World, key: &str, phrase: Option<&str>) -> Result<Vec<String>, Refused> {
    let Some(issue) = world.jira.issue(key) else {
        return Err(Refused::one(format!("Issue '{key}' could not be found in function 'linkedIssues'.")));
    };
    let mut keys = Vec::new();
    for link in &world.jira.links {
        let kind = world.jira.link_types.iter().find(|kind| kind.id == link.link_type);
        let fits = |reads: fn(&crate::world::LinkType) -> &String| {
            phrase.is_none_or(|phrase| kind.is_some_and(|kind| reads(kind).eq_ignore_ascii_case(phrase)))
        };
        if link.outward_from == issue.key && fits(|kind| &kind.outward) {
            keys.push(link.inward_to.clone());
        }
        if link.inward_to == issue.key && fits(|kind| &kind.inward) {
            keys.push(link.outward_from.clone());
        }
    }
    Ok(keys)
}

fn descendants(world: &World, key: &str) -> Vec<String> {
    let mut keys: Vec<String> = world.jira.issue(key).map(|issue| issue.key.clone()).into_iter().collect();
    let mut done = 0;
    while let Some(parent) = keys.get(done).cloned() {
        let children = world.jira.issues.values().filter(|issue| issue.parent.as_deref() == Some(&parent));
        let new: Vec<String> =
            children.map(|issue| issue.key.clone()).filter(|key| !keys.contains(key)).collect();
        keys.extend(new);
        done += 1;
    }
    keys.into_iter().skip(1).collect()
}

fn updated_by(world: &World, asker: &Asker, arguments: &[String]) -> Result<Vec<String>, Refused> {
    let who = match arguments.first() {
        Some(name) => people(world, name),
        None => vec![asker.account_id.clone()],
    };
    let bound = |place: usize, default: Timestamp| match arguments.get(place) {
        Some(text) => dates::moment(asker, "updatedBy", &Operand::Value(text.clone())),
        None => Ok(default),
    };
    let (from, to) = (bound(1, Timestamp::MIN)?, bound(2, Timestamp::MAX)?);
    let mine = |author: &Option<String>, at: Timestamp| {
        at >= from && at <= to && author.as_ref().is_some_and(|author| who.contains(author))
    };
    let touched = |issue: &&Issue| {
        mine(&issue.reporter, issue.created)
            || issue.changelog.iter().any(|history| mine(&history.author, history.created))
            || issue.comments.iter().any(|comment| mine(&comment.author, comment.updated))
    };
    Ok(world.jira.issues.values().filter(touched).map(|issue| issue.key.clone()).collect())
}

/// The refusal of a value that a field does not have.
pub fn missing(value: &str, field: &str) -> Refused {
    Refused::one(format!("The value '{value}' does not exist for the field '{field}'."))
}
