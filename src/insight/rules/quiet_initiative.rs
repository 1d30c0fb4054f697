//! `quiet-initiative`: a date comes near and nothing happens.
//!
//! Fires on an open initiative whose target date is within `due_soon_days`, or past, when for
//! `quiet_days` nothing happened to it: no word of a person in Slack, no person's change in Jira to
//! it or to anything below it, no change of its row on a tracking page. What could not be read
//! cannot be called quiet: after a failure of any of the three, of a history or of a page's earlier versions
//! alone too, the rule says nothing. While single threads
//! are unread, or a channel is closed to the bot or to the audience, it is tentative and says so.

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Confidence, Finding, Issue, Prose, Rule, Severity, defang};
use crate::insight::cite;
use crate::insight::ground::{Ground, days, urgent};

/// A date so near that somebody has to be asked today.
const NEAR_DAYS: i32 = 7;

pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let blind = ground.facts.blind;
    if blind.slack || blind.jira || blind.confluence || blind.versions {
        return Vec::new();
    }
    ground.open_initiatives().filter_map(|initiative| quiet(ground, initiative)).collect()
}

fn quiet(ground: &Ground<'_>, initiative: &Issue) -> Option<Finding> {
    let deadline = initiative.deadline().filter(|date| *date <= ground.soon())?;
    let below = ground.below(&initiative.key);
    let last = last_activity(ground, initiative, &below)?;
    let quiet_days = i64::from(ground.facts.thresholds.quiet_days);
    let quiet_since = ground.before_now(SignedDuration::from_hours(24 * quiet_days));
    if last > quiet_since {
        return None;
    }
    let days_left = ground.days_until(deadline);
    let severity =
        if days_left <= NEAR_DAYS || urgent(initiative) { Severity::High } else { Severity::Medium };
    let blind = ground.facts.blind;
    let unsure = blind.rights
        || blind.uninvited
        || ground.talk.unread_since(quiet_since)
        || ground.rows.first(&initiative.key).iter().any(|(page, ..)| page.earlier_gone);
    let confidence = if unsure { Confidence::Tentative } else { Confidence::Firm };

    let days = ground.facts.now.duration_since(last).as_hours() / 24;
    // Slack was read no further back than the lookback, so no longer silence can be claimed of it.
    let read_days = i64::from(ground.facts.thresholds.lookback_days).max(quiet_days);
    let silence = self::days(days.min(read_days), days <= read_days);
    let open_below = ground.children(&initiative.key).iter().filter(|issue| !issue.is_done()).count();
    let read = if unsure { "what could be read of " } else { "" };
    // What may mean it without naming it stands in the same digest: the two must not contradict each other.
    let places = match may_be_meant_since(ground, initiative, &below, quiet_since) {
        true => "Slack that names it, nor in Jira or Confluence",
        false => "Slack, Jira or Confluence",
    };
    let status = defang(&initiative.status.name);
    let mut why = ground
        .due(Prose::new(), deadline)
        .say(format!(", still {status}; nothing in {read}{places} for {silence}"));
    if open_below > 0 {
        let children = if open_below == 1 { "child" } else { "children" };
        why = why.say(format!(", {open_below} {children} open"));
    }
    let action = ground.ask(initiative, None, "say where it stands, or move the date");

    let mut evidence = vec![ground.jira_evidence(initiative)];
    let said = ground.said_about(&initiative.key);
    evidence.extend(said.last().map(|(message, _)| cite::message(message, ground.facts)));
    evidence.extend(ground.row_evidence(&initiative.key));
    Some(ground.about(initiative, Rule::QuietInitiative, (severity, confidence), (why, action), evidence))
}

/// Whether somebody lately said something that may be about an initiative, or what is below it, and names neither.
fn may_be_meant_since(ground: &Ground<'_>, initiative: &Issue, below: &[&Issue], since: Timestamp) -> bool {
    let issues = std::iter::once(initiative).chain(below.iter().copied());
    let guesses = issues.flat_map(|issue| ground.blockers_that_may_mean(&issue.key));
    guesses.into_iter().any(|blocker| blocker.ts.timestamp() >= since)
}

/// When something last happened to an initiative or to what is below it. Automation and bots are nobody.
/// `None` when the history of one of them could not be read.
fn last_activity(ground: &Ground<'_>, initiative: &Issue, below: &[&Issue]) -> Option<Timestamp> {
    let issues = || std::iter::once(initiative).chain(below.iter().copied());
    let in_jira: Vec<Timestamp> = issues().map(Issue::last_human_touch).collect::<Option<_>>()?;
    let in_slack = issues().flat_map(|issue| ground.said_about(&issue.key)).map(|(message, _)| {
        let edited = message.edited.unwrap_or(message.ts);
        message.ts.max(edited).timestamp()
    });
    // Replies that were not read are activity all the same: that they came is known, and when.
    let unread = issues().flat_map(|issue| ground.unread_threads_about(&issue.key));
    let unread = unread.map(|root| root.latest_reply.unwrap_or(root.ts).timestamp());
    let on_pages = issues().filter_map(|issue| ground.row_changed(&issue.key));
    // Before it was there nothing could happen to it, whoever made it; a child that a rule makes is no activity.
    in_jira.into_iter().chain([initiative.created]).chain(in_slack).chain(unread).chain(on_pages).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Source;
    use crate::insight::world::{World, issue};

    fn found(world: &World) -> Vec<Finding> {
        world.find(Rule::QuietInitiative)
    }

    fn world() -> World {
        World::new()
            .initiative(issue("ROAD-7").assigned("lena").due(10).touched("lena", 24 * 9))
            .with(issue("DCT-1").below("ROAD-7"))
    }

    #[test]
    fn fires_when_nothing_happened_before_a_near_date() {
        let found = found(&world());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].severity, found[0].confidence), (Severity::Medium, Confidence::Firm));
        assert_eq!(
            World::told(&found[0].why),
            "due Sat 2026-11-28, still In Progress; nothing in Slack, Jira or Confluence for 9 days, 1 child open"
        );
        let deeper = world().with(issue("DCT-2").below("DCT-1"));
        assert!(
            World::told(&self::found(&deeper)[0].why).ends_with(", 1 child open"),
            "a child's child is none"
        );
        assert_eq!(World::told(&found[0].action), "Lena: say where it stands, or move the date");
        assert_eq!(found[0].evidence[0].source, Source::Jira);
    }

    #[test]
    fn silence_for_longer_than_was_read_is_told_as_that() {
        for (hours, told) in [(24 * 13, "for 13 days"), (24 * 30, "for more than 14 days")] {
            let world = World::new().initiative(issue("ROAD-7").due(10).touched("lena", hours));
            let why = World::told(&found(&world)[0].why);
            assert!(why.ends_with(told), "{why}");
        }
    }

    #[test]
    fn the_date_must_be_near_and_the_issue_an_open_initiative() {
        for (due, fires) in [(14, true), (15, false), (0, true), (-30, true)] {
            let world = World::new().initiative(issue("ROAD-7").due(due));
            assert_eq!(found(&world).len(), usize::from(fires), "due in {due} days");
        }
        assert!(found(&World::new().initiative(issue("ROAD-7"))).is_empty(), "no date");
        assert!(found(&World::new().initiative(issue("ROAD-7").due(3).done())).is_empty());
        assert!(found(&World::new().sprint(issue("ROAD-7").due(3))).is_empty(), "not an initiative");
    }

    #[test]
    fn any_activity_of_people_breaks_the_silence() {
        let mut said = world();
        said.says("sam", "road-7 looks fine", 24 * 6);
        assert!(found(&said).is_empty(), "Slack");
        let child = World::new()
            .initiative(issue("ROAD-7").due(10))
            .with(issue("DCT-1").below("ROAD-7").commented("sam", 24 * 6));
        assert!(found(&child).is_empty(), "a child in Jira");
        let row = world().page(&[("ROAD-7", "green", 24 * 6)]);
        assert!(found(&row).is_empty(), "its row");
    }

    #[test]
    fn what_is_not_activity() {
        let mut bot = world();
        bot.bot_says("ROAD-7 reminder", 24);
        assert_eq!(found(&bot).len(), 1, "a bot");
        let mut code = world();
        code.says("sam", "`ROAD-7`", 24);
        assert_eq!(found(&code).len(), 1, "code");
        let automated = World::new().initiative(issue("ROAD-7").due(10).automated(24));
        assert_eq!(found(&automated).len(), 1, "automation");
        let child = || issue("DCT-2").below("ROAD-7").born(24);
        assert_eq!(found(&world().with(child())).len(), 0, "a person's new child");
        assert_eq!(found(&world().with(child().made_by_a_rule())).len(), 1, "a rule's new child");
        let own = issue("ROAD-7").due(10).born(24).made_by_a_rule();
        assert!(found(&World::new().initiative(own)).is_empty(), "it was not there before");
        let other_row = world().page(&[("ROAD-7", "green", 24 * 20), ("ROAD-8", "red", 24)]);
        let found = found(&other_row);
        assert_eq!(found.len(), 1, "another issue's row");
        assert!(found[0].evidence.iter().any(|e| e.source == Source::Confluence));
    }

    #[test]
    fn quiet_is_never_said_of_what_could_not_be_read() {
        for source in [Source::Slack, Source::Jira, Source::Confluence] {
            let mut world = world();
            match source {
                Source::Slack => world.blind.slack = true,
                Source::Jira => world.blind.jira = true,
                Source::Confluence => world.blind.confluence = true,
            }
            assert!(found(&world).is_empty(), "{source:?}");
        }
        let mut older = world();
        older.blind.versions = true;
        assert!(found(&older).is_empty(), "a row may have changed");
        let child = issue("DCT-1").below("ROAD-7").without_history();
        assert!(found(&world().with(child)).is_empty(), "it may have been touched");
        let mut hidden = world();
        hidden.blind.rights = true;
        assert_eq!(found(&hidden)[0].confidence, Confidence::Tentative);
        let mut uninvited = world();
        uninvited.blind.uninvited = true;
        let finding = &found(&uninvited)[0];
        assert_eq!(finding.confidence, Confidence::Tentative);
        assert!(World::told(&finding.why).contains("in what could be read of Slack"));
    }

    #[test]
    fn what_may_mean_it_is_not_denied() {
        let told = |hours: i64| {
            let mut world = World::new().initiative(
                issue("ROAD-7").titled("SAN zoning").assigned("lena").due(10).touched("lena", 24 * 30),
            );
            world.says("lena", "The SAN zoning is blocked, no access to hall C yet", hours);
            World::told(&found(&world)[0].why)
        };
        let why = told(24 * 3);
        assert!(
            why.ends_with("nothing in Slack that names it, nor in Jira or Confluence for more than 14 days"),
            "{why}"
        );
        let why = told(24 * 12);
        assert!(why.ends_with("nothing in Slack, Jira or Confluence for more than 14 days"), "{why}");
    }

    #[test]
    fn unread_threads_leave_doubt_unless_they_are_older_and_unread_replies_about_it_are_activity() {
        let unread = |text: &str, asked: i64, replied: i64| {
            let mut world = world();
            let root = world.says("sam", text, asked);
            world.replies(root, "priya", "hm", replied);
            world.messages.pop();
            world.blind.threads = false;
            found(&world).first().map(|finding| finding.confidence)
        };
        assert_eq!(unread("lunch", 24 * 10, 24), Some(Confidence::Tentative));
        assert_eq!(unread("lunch", 24 * 10, 24 * 8), Some(Confidence::Firm));
        assert_eq!(unread("ROAD-7 then", 24 * 10, 24), None);
        let mut unknown = world();
        unknown.blind.threads = true;
        assert_eq!(found(&unknown)[0].confidence, Confidence::Tentative, "an older thread woke up");
    }
}
