//! The truth, checked from the other side: what can be counted in the data alone is counted, and
//! nothing may come out that the labels do not know.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::TOLD;
use crate::story::calendar::{Calendar, zone};
use crate::story::cast;
use crate::story::fields::{FLAGGED, PLATFORM_SPRINT, SPRINT_NOW, STORY_POINTS, TARGET_END};
use crate::story::pages::STATUS;
use crate::story::truth::{Label, Subject};
use crate::world::{Issue, Kind, Message, SprintState, World};

fn labelled(labels: &[Label], rule: &str) -> BTreeSet<String> {
    labels.iter().filter(|label| label.rule == rule).map(|label| label.subject.as_text()).collect()
}

fn due(issue: &Issue) -> Option<Date> {
    let target = issue.custom.get(TARGET_END).and_then(|value| value.as_str());
    target.or(issue.duedate.as_deref()).and_then(|date| date.parse().ok())
}

fn is_open(issue: &Issue) -> bool {
    issue.status != "10002"
}

fn is_program(issue: &Issue) -> bool {
    issue.project != "ROAD" || issue.custom["customfield_10102"]["value"] == "DCT"
}

/// Changes and comments by people.
fn touches<'a>(world: &'a World, issue: &'a Issue) -> impl Iterator<Item = Timestamp> + 'a {
    let human = |author: &Option<String>| {
        world.people.iter().any(|person| person.account_id == *author && person.kind != Kind::Bot)
    };
    let changes =
        issue.changelog.iter().filter(move |history| human(&history.author)).map(|history| history.created);
    let comments =
        issue.comments.iter().filter(move |comment| human(&comment.author)).map(|comment| comment.created);
    changes.chain(comments)
}

fn at(message: &Message) -> Timestamp {
    Timestamp::from_second(message.ts.split('.').next().unwrap().parse().unwrap()).unwrap()
}

/// People's messages about each issue, replies counted with their parents.
fn about(world: &World) -> BTreeMap<String, Vec<(Timestamp, String)>> {
    let keys = regex::Regex::new(r"(?i)\b(DCT|ROAD)-(\d+)\b").unwrap();
    let noise = regex::Regex::new(r"(?s)```.*?```|(?m:^>.*$)|https://git\S+").unwrap();
    let bots: BTreeSet<_> =
        world.people.iter().filter(|person| person.kind == Kind::Bot).map(|person| &person.id).collect();
    let named = |message: &Message| -> Vec<String> {
        let text = noise.replace_all(&message.text, " ").into_owned();
        keys.captures_iter(&text).map(|found| found[0].to_uppercase()).collect()
    };
    let mut out: BTreeMap<String, Vec<(Timestamp, String)>> = BTreeMap::new();
    for (id, channel) in &world.slack.channels {
        if *id == cast().without_bot {
            continue;
        }
        for message in channel.messages.values() {
            let Some(user) = message.user.clone().filter(|user| !bots.contains(user)) else { continue };
            let parent = message.thread_ts.as_ref().and_then(|ts| channel.messages.get(ts));
            let mut subjects: Vec<String> = named(message);
            subjects.extend(parent.into_iter().flat_map(named));
            subjects.sort();
            subjects.dedup();
            for key in subjects {
                out.entry(key).or_default().push((at(message), user.clone()));
            }
        }
    }
    out
}

#[test]
fn every_label_names_something() {
    for (now, world, truth) in TOLD.iter() {
        for label in truth.must.iter().chain(&truth.must_not).chain(&truth.open) {
            let exists = match &label.subject {
                Subject::Issue(key) => world.jira.issues.contains_key(*key),
                Subject::Sprint(id) => world.jira.sprints.iter().any(|sprint| sprint.id == *id),
                Subject::Page(id) => world.confluence.pages.contains_key(*id),
                Subject::Message { channel, ts, .. } => {
                    world.slack.channels[channel].messages.contains_key(ts)
                }
            };
            assert!(exists, "{now}: {label:?}");
        }
        let rules: BTreeSet<_> = truth.must.iter().map(|label| label.rule).collect();
        assert_eq!(rules.len(), 13, "each rule has a true case");
        let trapped: BTreeSet<_> = truth.must_not.iter().map(|label| label.rule).collect();
        assert!(trapped.len() >= 12, "{trapped:?}");
    }
}

#[test]
fn dates_owners_and_dependencies_are_as_labelled() {
    for (now, world, truth) in TOLD.iter() {
        let today = Calendar::new(*now).today();
        let soon = today.checked_add(14.days()).unwrap();
        let open = || world.jira.issues.values().filter(|issue| is_open(issue) && is_program(issue));
        let keys =
            |issues: Vec<&Issue>| issues.into_iter().map(|issue| issue.key.clone()).collect::<BTreeSet<_>>();

        let overdue = keys(open().filter(|issue| due(issue).is_some_and(|date| date < today)).collect());
        assert_eq!(overdue, labelled(&truth.must, "overdue"), "{now}");
        let nobody = |issue: &&Issue| issue.assignee.is_none() && due(issue).is_some_and(|date| date <= soon);
        assert_eq!(keys(open().filter(nobody).collect()), labelled(&truth.must, "ownerless"), "{now}");

        let waits = |issue: &&Issue| {
            world
                .jira
                .links
                .iter()
                .filter(|link| link.link_type == "10000" && link.inward_to == issue.key)
                .any(|link| {
                    let blocker = &world.jira.issues[&link.outward_from];
                    let late = due(blocker)
                        .is_some_and(|date| date < today || due(issue).is_some_and(|mine| date > mine));
                    is_open(blocker) && late
                })
        };
        assert_eq!(
            keys(open().filter(waits).collect()),
            labelled(&truth.must, "blocked-dependency"),
            "{now}"
        );

        let calendar = Calendar::new(*now);
        let start = calendar.workday(1).at(0, 0, 0, 0).to_zoned(zone("Europe/London")).unwrap().timestamp();
        let slipped = |issue: &&Issue| {
            let moves = issue
                .changelog
                .iter()
                .filter(|history| history.created >= start)
                .flat_map(|history| &history.items);
            moves
                .filter(|item| item.field == "duedate" || item.field == "Target end")
                .any(|item| item.from.is_some() && item.from < item.to)
        };
        assert_eq!(keys(open().filter(slipped).collect()), labelled(&truth.must, "slipped-date"), "{now}");
    }
}

#[test]
fn quiet_and_buzzing_are_as_labelled() {
    for (now, world, truth) in TOLD.iter().step_by(2) {
        let today = Calendar::new(*now).today();
        let messages = about(world);
        let week = *now - SignedDuration::from_hours(7 * 24);
        let family = |key: &str| -> Vec<&Issue> {
            let child = |parent: &str| {
                world
                    .jira
                    .issues
                    .values()
                    .filter(|issue| issue.parent.as_deref() == Some(parent))
                    .collect::<Vec<_>>()
            };
            let epics = child(key);
            let below = epics.iter().flat_map(|epic| child(&epic.key)).collect::<Vec<_>>();
            [vec![&world.jira.issues[key]], epics, below].concat()
        };
        let quiet: BTreeSet<String> = cast()
            .initiatives
            .into_iter()
            .filter(|key| {
                let issue = &world.jira.issues[key];
                let soon = due(issue).unwrap() <= today.checked_add(14.days()).unwrap();
                let touched = family(key).iter().any(|issue| touches(world, issue).any(|at| at > week));
                let said = family(key).iter().any(|issue| {
                    messages.get(&issue.key).is_some_and(|said| said.iter().any(|(at, _)| *at > week))
                });
                is_open(issue) && soon && !touched && !said
            })
            .collect();
        assert_eq!(quiet, labelled(&truth.must, "quiet-initiative"), "{now}");
        let near =
            |key: &str| family(key).iter().take(2).any(|issue| touches(world, issue).any(|at| at > week));
        assert!(
            near("ROAD-10") && near("ROAD-6") && near("ROAD-11") && near("ROAD-13") && near("ROAD-18"),
            "{now}: alive without grandchildren"
        );

        let must = labelled(&truth.must, "stale-ticket");
        for (key, said) in &messages {
            let Some(issue) = world.jira.issues.get(key) else { continue };
            let recent: Vec<_> =
                said.iter().filter(|(at, _)| *at > *now - SignedDuration::from_hours(14 * 24)).collect();
            let voices: BTreeSet<_> = recent.iter().map(|(_, user)| user).collect();
            let Some(first) = recent.iter().map(|(at, _)| *at).min() else { continue };
            let untouched = touches(world, issue).all(|at| at < first);
            let old = now.duration_since(first) >= SignedDuration::from_hours(24);
            let buzzing = recent.len() >= 5 && voices.len() >= 3;
            if buzzing && untouched && old && is_open(issue) {
                assert!(
                    must.contains(key),
                    "{now}: {key} buzzes: {} messages, {} people",
                    recent.len(),
                    voices.len()
                );
            }
        }
        let tls = &messages["DCT-51"];
        assert!(tls.len() >= 5 && touches(world, &world.jira.issues["DCT-51"]).all(|at| at < tls[0].0));
        let fire = messages["DCT-42"].iter().map(|(at, _)| *at).min().unwrap();
        assert!(touches(world, &world.jira.issues["DCT-42"]).all(|at| at < fire), "{now}");
        let lease = messages["ROAD-14"].iter().map(|(at, _)| *at).min().unwrap();
        assert!(touches(world, &world.jira.issues["ROAD-14"]).all(|at| at < lease), "{now}");
    }
}

#[test]
fn sprints_go_as_labelled() {
    for (now, world, _) in TOLD.iter().step_by(4) {
        let part = |id: u64| {
            let sprint = world.jira.sprints.iter().find(|sprint| sprint.id == id).unwrap();
            assert_eq!(sprint.state, SprintState::Active);
            let (start, end) = (sprint.start.unwrap(), sprint.end.unwrap());
            assert!(
                end.duration_since(*now) > SignedDuration::from_hours(48),
                "{now}: not in its last two days"
            );
            let (mut done, mut planned, mut added) = (0.0, 0.0, 0.0);
            for issue in world.jira.issues.values().filter(|issue| issue.sprints.last() == Some(&id)) {
                let points = issue.custom[STORY_POINTS].as_f64().unwrap();
                let joined = issue
                    .changelog
                    .iter()
                    .rfind(|history| history.items.iter().any(|item| item.field == "Sprint"))
                    .unwrap();
                *if joined.created > start { &mut added } else { &mut planned } += points;
                done += if is_open(issue) { 0.0 } else { points };
            }
            let elapsed = now.duration_since(start).as_secs_f64() / end.duration_since(start).as_secs_f64();
            (done / (planned + added), added / planned, elapsed)
        };
        let (done, growth, elapsed) = part(SPRINT_NOW);
        assert!(done < elapsed / 2.0 && growth > 0.2, "{now}: {done} {growth} {elapsed}");
        let (done, growth, elapsed) = part(PLATFORM_SPRINT);
        assert!(done > elapsed && growth == 0.0, "{now}: {done} {growth} {elapsed}");
    }
}

#[test]
fn pages_disagree_with_jira_as_labelled() {
    let row = regex::Regex::new(r"<tr>(.*?)</tr>").unwrap();
    let key = regex::Regex::new(r#""key">([A-Z]+-\d+)<"#).unwrap();
    let title = regex::Regex::new(r#""title">([^<]+)<"#).unwrap();
    let time = regex::Regex::new(r#"datetime="([^"]+)""#).unwrap();
    for (now, world, truth) in TOLD.iter().step_by(3) {
        let today = Calendar::new(*now).today();
        let storage = &world.confluence.pages[STATUS].versions.last().unwrap().storage;
        let (mut dates, mut states) = (BTreeSet::new(), BTreeSet::new());
        for cells in row.captures_iter(storage).map(|found| found[1].to_owned()) {
            let Some(key) = key.captures(&cells).map(|found| found[1].to_owned()) else { continue };
            let issue = &world.jira.issues[&key];
            let state = title.captures(&cells).unwrap()[1].to_owned();
            let date = time.captures(&cells).and_then(|found| found[1].parse::<Date>().ok());
            if date.is_some() && date != due(issue) {
                dates.insert(key.clone());
            }
            let late = is_open(issue) && due(issue).is_some_and(|date| date < today);
            let trouble = issue.status == "10003" || issue.custom.contains_key(FLAGGED) || late;
            if (state == "On track" && trouble) || (state == "Done" && is_open(issue)) {
                states.insert(key);
            }
        }
        assert_eq!(dates, labelled(&truth.must, "date-mismatch"), "{now}");
        assert_eq!(states, BTreeSet::from(["DCT-9".to_owned(), "ROAD-3".to_owned()]), "{now}");
        assert!(states.is_subset(&labelled(&truth.must, "status-contradiction")), "{now}");
    }
}
