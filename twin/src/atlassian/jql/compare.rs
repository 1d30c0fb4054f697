//! The comparisons of what an issue holds now.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::world::{FieldType, Issue, SprintState, World};

use super::clauses::{is_ordered, unsupported};
use super::fields::{Known, Moment, Role};
use super::{Asker, Operand, Operator, Refused, Test, dates};

/// The test of one comparison.
pub fn test<'w>(
    world: &'w World,
    asker: &'w Asker,
    field: Known<'w>,
    name: &str,
    operator: Operator,
    operand: &Operand,
) -> Result<Test<'w>, Refused> {
    use Operator::{
        Equals, Greater, GreaterEquals, In, Is, IsNot, Less, LessEquals, Like, NotEquals, NotIn, NotLike,
    };
    let operand = &unresolved_is_empty(&field, operand);
    let empty = *operand == Operand::Empty;
    match operator {
        Is | Equals if empty => Ok(Box::new(move |issue| is_empty(world, &field, issue))),
        IsNot | NotEquals if empty => Ok(Box::new(move |issue| !is_empty(world, &field, issue))),
        Like | NotLike => like(field, name, operator, operand),
        _ if is_text(&field) => Err(unsupported(operator, name)),
        Equals | NotEquals | In | NotIn if is_time(&field) || is_number(&field) => {
            let wanted = measures(asker, &field, name, operand)?;
            let wants_empty = has_empty(operand);
            let not = matches!(operator, NotEquals | NotIn);
            Ok(Box::new(move |issue| match measure(&field, issue) {
                Some(value) => wanted.contains(&value) != not,
                None => wants_empty && !not,
            }))
        }
        Equals | NotEquals | In | NotIn => {
            let wanted = resolve(world, asker, &field, name, operand)?;
            let wants_empty = has_empty(operand);
            let not = matches!(operator, NotEquals | NotIn);
            Ok(Box::new(move |issue| {
                let values = field.values(world, issue);
                if values.is_empty() {
                    return wants_empty && !not;
                }
                values.iter().any(|value| wanted.contains(value)) != not
            }))
        }
        Less | LessEquals | Greater | GreaterEquals if is_ordered(&field) && !empty => {
            let ordered = move |ordering: std::cmp::Ordering| match operator {
                Less => ordering.is_lt(),
                LessEquals => ordering.is_le(),
                Greater => ordering.is_gt(),
                _ => ordering.is_ge(),
            };
            if matches!(field, Known::Key) {
                let wanted = resolve(world, asker, &field, name, operand)?;
                let wanted = wanted.first().map(|key| key_rank(key)).unwrap_or_default();
                let project = wanted.split(' ').next().unwrap_or("").to_owned();
                return Ok(Box::new(move |issue| {
                    let rank = key_rank(&issue.key);
                    rank.split(' ').next() == Some(&project) && ordered(rank.cmp(&wanted))
                }));
            }
            let Some(limit) = measures(asker, &field, name, operand)?.first().copied() else {
                return Err(unsupported(operator, name));
            };
            Ok(Box::new(move |issue| measure(&field, issue).is_some_and(|value| ordered(value.cmp(&limit)))))
        }
        _ => Err(unsupported(operator, name)),
    }
}

/// "Unresolved" is how people write that there is no resolution.
fn unresolved_is_empty(field: &Known<'_>, operand: &Operand) -> Operand {
    match operand {
        Operand::Value(text)
            if matches!(field, Known::Resolution) && text.eq_ignore_ascii_case("unresolved") =>
        {
            Operand::Empty
        }
        Operand::List(list) => {
            Operand::List(list.iter().map(|one| unresolved_is_empty(field, one)).collect())
        }
        other => other.clone(),
    }
}

fn has_empty(operand: &Operand) -> bool {
    matches!(operand, Operand::List(list) if list.contains(&Operand::Empty))
}

fn is_text(field: &Known<'_>) -> bool {
    match field {
        Known::Text(_) => true,
        Known::Custom(fields) => fields.iter().all(|field| field.kind == FieldType::Text),
        _ => false,
    }
}

fn is_time(field: &Known<'_>) -> bool {
    match field {
        Known::Date(_) => true,
        Known::Custom(fields) => {
            fields.iter().all(|field| matches!(field.kind, FieldType::Date | FieldType::DateTime))
        }
        _ => false,
    }
}

fn is_number(field: &Known<'_>) -> bool {
    matches!(field, Known::Custom(fields) if fields.iter().all(|field| field.kind == FieldType::Number))
}

fn is_empty(world: &World, field: &Known<'_>, issue: &Issue) -> bool {
    match field {
        _ if is_time(field) => time_of(field, issue).is_none(),
        _ => field.values(world, issue).is_empty(),
    }
}

/// Dates without a time of day count as whole days; the rest to the millisecond.
fn measure(field: &Known<'_>, issue: &Issue) -> Option<i64> {
    match field {
        Known::Priority => Some(priority_rank(&issue.priority)),
        _ if is_number(field) => number_of(field, issue).map(thousandths),
        _ => {
            let at = time_of(field, issue)?;
            Some(if is_day(field) { day(at, &TimeZone::UTC) } else { at.as_millisecond() })
        }
    }
}

fn measures(asker: &Asker, field: &Known<'_>, name: &str, operand: &Operand) -> Result<Vec<i64>, Refused> {
    if let Operand::List(list) = operand {
        let mut all = Vec::new();
        for one in list.iter().filter(|one| **one != Operand::Empty) {
            all.extend(measures(asker, field, name, one)?);
        }
        return Ok(all);
    }
    if let (Known::Priority, Operand::Value(text)) = (field, operand) {
        let rank = PRIORITIES.iter().position(|known| known.eq_ignore_ascii_case(text));
        let rank = rank.ok_or_else(|| missing(text, name))?;
        return Ok(vec![-i64::try_from(rank).unwrap_or(0)]);
    }
    if is_number(field) {
        let Operand::Value(text) = operand else {
            return Err(Refused::one(format!("The field '{name}' expects a number.")));
        };
        let number: f64 = text.parse().map_err(|_| {
            Refused::one(format!("Value '{text}' is invalid for the '{name}' field: it must be a number."))
        })?;
        return Ok(vec![thousandths(number)]);
    }
    let at = dates::moment(asker, name, operand)?;
    Ok(vec![if is_day(field) { day(at, &asker.zone) } else { at.as_millisecond() }])
}

fn thousandths(number: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "story points are nowhere near the edge of an i64")]
    let whole = (number * 1000.0).round() as i64;
    whole
}

fn is_day(field: &Known<'_>) -> bool {
    match field {
        Known::Date(moment) => *moment == Moment::Due,
        Known::Custom(fields) => fields.iter().all(|field| field.kind == FieldType::Date),
        _ => false,
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> i64 {
    let date = at.to_zoned(zone.clone()).date();
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The time that an issue holds; a plain day is its midnight in UTC.
pub fn time_of(field: &Known<'_>, issue: &Issue) -> Option<Timestamp> {
    match field {
        Known::Date(Moment::Due) => midnight(issue.duedate.as_deref()?),
        Known::Date(Moment::Created) => Some(issue.created),
        Known::Date(Moment::Updated) => Some(issue.updated),
        Known::Date(Moment::Resolved) => issue.resolved,
        Known::Custom(fields) if is_time(field) => {
            let text =
                fields.iter().filter_map(|field| issue.custom.get(&field.id)).find_map(|v| v.as_str())?;
            text.parse().ok().or_else(|| midnight(text))
        }
        _ => None,
    }
}

fn midnight(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

/// The number that an issue holds.
pub fn number_of(field: &Known<'_>, issue: &Issue) -> Option<f64> {
    match field {
        Known::Custom(fields) => {
            fields.iter().filter_map(|field| issue.custom.get(&field.id)).find_map(serde_json::Value::as_f64)
        }
        _ => None,
    }
}

const PRIORITIES: [&str; 5] = ["Highest", "High", "Medium", "Low", "Lowest"];

/// Larger is more urgent.
pub fn priority_rank(name: &str) -> i64 {
    let place = PRIORITIES.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(2);
    -i64::try_from(place).unwrap_or(0)
}

/// A key that sorts by project, then by number.
pub fn key_rank(key: &str) -> String {
    let (project, number) = key.rsplit_once('-').unwrap_or((key, "0"));
    format!("{project} {:>10}", number)
}

fn missing(value: &str, field: &str) -> Refused {
    Refused::one(format!("The value '{value}' does not exist for the field '{field}'."))
}

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

fn like<'w>(
    field: Known<'w>,
    name: &str,
    operator: Operator,
    operand: &Operand,
) -> Result<Test<'w>, Refused> {
    let Operand::Value(wanted) = operand else { return Err(unsupported(operator, name)) };
    if !is_text(&field) {
        return Err(unsupported(operator, name));
    }
    let wanted = super::words::Wanted::new(wanted);
    let not = operator == Operator::NotLike;
    Ok(Box::new(move |issue| {
        let texts = field.texts(issue);
        if texts.is_empty() {
            return false;
        }
        // `text` finds words wherever they stand together; so do comments, one by one.
        texts.iter().any(|text| wanted.is_in(text)) != not
    }))
}

/// Whether a role is one whose history Jira keeps.
pub fn has_history(field: &Known<'_>) -> Option<&'static str> {
    match field {
        Known::Status => Some("status"),
        Known::Person(Role::Assignee) => Some("assignee"),
        Known::Person(Role::Reporter) => Some("reporter"),
        Known::Priority => Some("priority"),
        Known::Resolution => Some("resolution"),
        _ => None,
    }
}

/// The names that history items show for these ids.
pub fn shown(world: &World, field: &Known<'_>, ids: &[String]) -> Vec<String> {
    match field {
        Known::Status => {
            ids.iter().filter_map(|id| world.jira.status(id)).map(|s| s.name.to_lowercase()).collect()
        }
        _ => ids.iter().map(|id| id.to_lowercase()).collect(),
    }
}
