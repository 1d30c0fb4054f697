//! Three processes on one Redis, killed one after the other, again and again: everybody is answered once.
//!
//! `FLEET_REQUESTS=500` is the full measure: one process is killed every five seconds; in CI every three.

use std::time::Duration;

use twin::server::Shared;

use super::crowd::{self, Asked, Dice, figure, tally};
use super::{PATIENCE, Served, until_idle};
use crate::server::Server;

/// How many ask before the next is killed.
const TOGETHER: usize = 10;

#[tokio::test]
async fn whoever_is_killed_everybody_is_answered_once() {
    let requests = figure("FLEET_REQUESTS", 24);
    let server = Server::start(&[]).await;
    let people = figure("FLEET_PEOPLE", 100).min(requests);
    let company = crowd::company(people).await.over(&server);
    let mut fleet = Vec::new();
    for _ in 0..3 {
        fleet.push(Served::start(&company).await);
    }
    let pause = if requests < 100 { 3 } else { 5 };
    let mut kills = tokio::time::interval(Duration::from_secs(pause));
    kills.tick().await;
    let mut dice = Dice::new(u64::try_from(figure("FLEET_SEED", 1)).unwrap());
    let mut asked: Vec<Asked> = Vec::new();
    let (mut killed, mut digests) = (0, 0);
    let began = tokio::time::Instant::now();
    loop {
        for _ in 0..TOGETHER.min(requests - asked.len()) {
            let user = crowd::person(asked.len() % people);
            // Slack allows for so many digests a minute.
            let text = if dice.roll(10) == 0 { "dct check" } else { "show schedules" };
            digests += usize::from(text == "dct check");
            asked.push(crowd::says(&company, &user, text));
        }
        let all_are_answered = |shared: &Shared| {
            let [never, once, twice] = tally(shared, &asked);
            eprintln!("{:?}: {never} wait, {once} answered, {twice} twice", began.elapsed());
            asked.len() == requests && never == 0
        };
        if all_are_answered(company.twin.shared()) {
            break;
        }
        assert!(began.elapsed() < PATIENCE * 5, "never all answered");
        kills.tick().await;
        fleet.remove(0).kill().await;
        killed += 1;
        fleet.push(Served::start(&company).await);
    }
    let took = began.elapsed();
    until_idle(&company).await;
    let [never, once, twice] = tally(company.twin.shared(), &asked);
    eprintln!(
        "{requests} requests by {people} people, {digests} of them for digests: {never} never answered, {once} once, \
         {twice} twice; {killed} kills in {took:?}"
    );
    assert_eq!([never, once, twice], [0, requests, 0]);
    let world = company.twin.shared().world();
    let left = world.slack.channels.values().flat_map(|place| place.messages.values());
    let left = left.filter(|message| super::event_type(message) == Some("caughtup_progress")).count();
    assert_eq!(left, 0, "progress is replaced");
    drop(world);
    company.finish();
}
