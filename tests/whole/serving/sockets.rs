//! Every way in which Slack's sockets fail, mixed, while people ask: nobody is lost, nobody is answered twice, and
//! whoever runs the bot is told.
//!
//! CI does each once, in two tests that run side by side; `SOCKET_EVENTS=1000 SOCKET_RECONNECTS=50` is the full measure, `SOCKET_OUTAGE=600` has
//! `apps.connections.open` fail for ten minutes of it, and `SOCKET_SEED` mixes differently.

use std::time::Duration;

use twin::faults::Fault;
use twin::server::Shared;

use super::crowd::{self, Asked, Dice, figure, tally};
use super::{PATIENCE, Served, wait};
use crate::company::Company;

const PEOPLE: usize = 100;
/// What costs least to answer.
const TEXT: &str = "show schedules";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Warning,
    Refresh,
    Cut,
    Deaf,
    Ghost,
    Disabled,
    TooMany,
    LateTicket,
    RateLimited,
    Failing,
    Hanging,
}
use Trouble::*;

/// What befalls sockets that are open.
const OF_SOCKETS: [Trouble; 7] = [Warning, Refresh, Cut, Disabled, TooMany, Ghost, Deaf];
/// What befalls whoever wants another one.
const OF_TICKETS: [Trouble; 4] = [LateTicket, RateLimited, Failing, Hanging];

impl Trouble {
    /// What the operator finds in the log.
    fn said(self) -> &'static str {
        match self {
            Warning => "\"Told(\\\"warning\\\")\"",
            Refresh => "\"Told(\\\"refresh_requested\\\")\"",
            Cut => "a connection to Slack was lost",
            Deaf => "fell silent",
            Ghost => "Slack counts connections that none of the bot's processes holds",
            Disabled => "Socket Mode is switched off",
            TooMany => "holds its 10 connections already",
            LateTicket => "Slack's socket refuses its own ticket",
            RateLimited => "Slack asks to wait",
            Failing | Hanging => "Slack cannot be reached",
        }
    }

    /// What the metrics say as long as it lasts.
    fn metric(self) -> Option<&'static str> {
        Some(match self {
            Disabled => "caughtup_slack_trouble{why=\"link_disabled\"}",
            TooMany => "caughtup_slack_trouble{why=\"too_many_websockets\"}",
            LateTicket => "caughtup_slack_trouble{why=\"ticket_refused\"}",
            RateLimited => "caughtup_slack_trouble{why=\"rate_limited\"}",
            Failing | Hanging => "caughtup_slack_trouble{why=\"unreachable\"}",
            Ghost => "caughtup_slack_ghost_connections",
            _ => return None,
        })
    }

    fn begin(self, company: &Company) {
        let sockets = &company.twin.shared().sockets;
        let open = |fault| {
            company.twin.shared().faults.set("slack", Some("apps.connections.open"), fault);
            company.twin.drop_sockets();
        };
        match self {
            Warning => company.twin.warn_disconnect(),
            Refresh => company.twin.refresh_connections(),
            Cut => company.twin.drop_sockets(),
            Deaf => company.twin.deaf(true),
            Ghost => sockets.leave_ghosts(1),
            Disabled => company.twin.link_disabled(),
            TooMany => {
                sockets.change_habits(|habits| habits.most_connections = 0);
                company.twin.refresh_connections();
            }
            LateTicket => {
                sockets.change_habits(|habits| habits.ticket_life = Duration::ZERO);
                company.twin.drop_sockets();
            }
            RateLimited => open(Fault::RateLimited { retry_after: 1 }),
            Failing => open(Fault::Status(500)),
            Hanging => open(Fault::Hang),
        }
    }

    fn end(self, company: &Company) {
        let shared = company.twin.shared();
        match self {
            Deaf => company.twin.deaf(false),
            Ghost => shared.sockets.forget_ghosts(),
            Disabled => shared.sockets.link_enabled(),
            TooMany => shared.sockets.change_habits(|habits| habits.most_connections = 10),
            LateTicket => {
                shared.sockets.change_habits(|habits| habits.ticket_life = Duration::from_secs(30));
            }
            RateLimited | Failing | Hanging => shared.faults.clear(),
            Warning | Refresh | Cut => {}
        }
    }

    /// Whether sockets are replaced although the trouble lasts.
    fn heals(self) -> bool {
        matches!(self, Warning | Refresh | Cut | Deaf | Ghost)
    }
}

/// Whoever asks, and how.
struct People<'a> {
    company: &'a Company,
    dice: Dice,
    asked: Vec<Asked>,
    commands: Vec<(String, String)>,
    /// Those that the bot is in.
    channels: Vec<String>,
}

impl People<'_> {
    fn ask(&mut self) {
        let company = self.company;
        let channels = &self.channels;
        match self.dice.roll(20) {
            // Each by somebody else: the answers to commands look alike.
            0 => {
                let user = crowd::person(PEOPLE + self.commands.len());
                let envelope = company.twin.slash(&user, &channels[0], &format!("/caughtup {TEXT}"));
                self.commands.push((company.twin.dm(&user), envelope));
            }
            1..5 => {
                let channel = channels[self.dice.roll(channels.len())].clone();
                let user = crowd::person(self.dice.roll(PEOPLE));
                let text = format!("<@{}> {TEXT}", company.cast.bot);
                let ts = company.twin.says(&user, &channel, &text, None);
                self.asked.push(Asked { channel, thread: Some(ts) });
            }
            _ => {
                let user = crowd::person(self.dice.roll(PEOPLE));
                self.asked.push(crowd::says(company, &user, TEXT));
            }
        }
    }

    fn count(&self) -> usize {
        self.asked.len() + self.commands.len()
    }
}

#[tokio::test]
async fn whatever_befalls_the_sockets_everybody_is_answered_once() {
    let (events, reconnects) = (figure("SOCKET_EVENTS", 60), figure("SOCKET_RECONNECTS", OF_SOCKETS.len()));
    let outage = Duration::from_secs(u64::try_from(figure("SOCKET_OUTAGE", 0)).unwrap());
    let all: Vec<Trouble> = OF_SOCKETS.into_iter().chain(OF_TICKETS).collect();
    everybody_is_answered_once(&all, events, reconnects, outage).await;
}

#[tokio::test]
async fn while_no_connection_can_be_had_nobody_is_forgotten() {
    everybody_is_answered_once(&OF_TICKETS, 40, OF_TICKETS.len(), Duration::ZERO).await;
}

/// The last trouble, if an outage is wanted, lasts as long as that.
async fn everybody_is_answered_once(all: &[Trouble], events: usize, reconnects: usize, outage: Duration) {
    let company = crowd::company(PEOPLE + events).await;
    company.twin.shared().sockets.change_habits(|habits| {
        habits.deadline = Duration::from_secs(1);
        // The last time well after a deaf socket is noticed, as Slack's minute is.
        habits.retries = [Duration::ZERO, Duration::from_secs(4), Duration::from_secs(8)];
    });
    let served = Served::start(&company).await;
    let dice = Dice::new(u64::try_from(figure("SOCKET_SEED", 6)).unwrap());
    let channels = crowd::channels(&company);
    let mut people = People { company: &company, dice, asked: Vec::new(), commands: Vec::new(), channels };
    let mut happened = Vec::new();
    let began = std::time::Instant::now();
    for round in 0..reconnects {
        // Each once, then any.
        let trouble = match round {
            _ if round + 1 == reconnects && !outage.is_zero() => Failing,
            _ => all.get(round).copied().unwrap_or_else(|| all[people.dice.roll(all.len())]),
        };
        let share = events * (round + 1) / reconnects;
        let before = people.count() + (share - people.count()) / 2;
        while people.count() < before {
            people.ask();
        }
        let sockets = company.twin.shared().sockets.greeted();
        trouble.begin(&company);
        while people.count() < share {
            people.ask();
        }
        if let Some(metric) = trouble.metric().filter(|_| trouble != Ghost) {
            served.until_metric(metric, |count| count > 0.0).await;
        }
        if trouble.heals() {
            let replaced = if trouble == Ghost { 1 } else { 2 };
            let back = |shared: &Shared| {
                (shared.sockets.greeted() >= sockets + replaced && shared.sockets.hearing() >= 2)
                    .then_some(())
            };
            wait(&company, "sockets that hear", back).await;
        }
        if let Some(metric) = trouble.metric().filter(|_| trouble == Ghost) {
            // Slack tells how many it counts with a new socket; one that was closed a moment ago may be among them.
            while !served.soon(metric, |count| count > 0.0).await {
                trouble.begin(&company);
            }
        }
        if round + 1 == reconnects {
            tokio::time::sleep(outage).await;
        }
        trouble.end(&company);
        let taken_in = |shared: &Shared| {
            let acks = shared.ledger.acknowledgements();
            let events = acks.iter().filter(|ack| ack.kind == "events_api");
            let taken_in = events.clone().filter(|ack| ack.after.is_some()).count();
            let all = taken_in == events.count() && taken_in >= people.asked.len();
            (all && shared.sockets.hearing() >= 2).then_some(())
        };
        wait(&company, &format!("everything to be taken in after {trouble:?}"), taken_in).await;
        eprintln!("round {round}: {trouble:?}, {} asked, {:?}", people.count(), began.elapsed());
        happened.push(trouble);
    }

    let shared = company.twin.shared();
    let answered = |shared: &Shared| (tally(shared, &people.asked)[0] == 0).then_some(());
    if company.twin.wait_within(PATIENCE, "all answers", answered).await.is_err() {
        panic!("never answered: {:#?}", crowd::unanswered(shared, &people.asked));
    }
    super::until_idle(&company).await;
    let acks = shared.ledger.acknowledgements();
    let again = acks.iter().filter(|ack| ack.deliveries > 1).count();
    let [never, once, twice] = tally(shared, &people.asked);
    eprintln!(
        "{} messages and mentions: {never} never answered, {once} once, {twice} twice; {again} of {} envelopes came \
         more than once; {} reconnects in {:?}",
        people.asked.len(),
        acks.len(),
        happened.len(),
        began.elapsed()
    );
    assert_eq!((never, twice), (0, 0));
    // Slack sends no command twice: what was acknowledged is answered, what was not may be.
    let answers = crowd::answers(shared);
    for (dm, envelope) in &people.commands {
        let acknowledged = acks.iter().any(|ack| ack.envelope_id == *envelope && ack.after.is_some());
        let count = answers.get(&(dm.clone(), None)).copied().unwrap_or_default();
        assert!(count == 1 || (count == 0 && !acknowledged), "{count} answers, acknowledged: {acknowledged}");
    }
    // Slack says how many connections it counts when one is opened.
    company.twin.refresh_connections();
    for trouble in happened.iter().copied() {
        let lines = served.logged(trouble.said());
        assert!(lines > 0, "nobody was told of {trouble:?}");
        if let Some(metric) = trouble.metric() {
            // Once for all sockets and attempts; but they come back one by one, and may be refused again.
            // Deaf sockets are ghosts as soon as they are replaced.
            let same = |one: &&Trouble| one.said() == trouble.said() || (trouble == Ghost && **one == Deaf);
            let times = happened.iter().filter(same).count();
            assert!(lines <= 2 * times, "{trouble:?} is told {lines} times, and happened {times} times");
            served.until_metric(metric, |count| count == 0.0).await;
        }
    }
    served.until_metric("caughtup_slack_connections", |count| count == 2.0).await;
    assert_eq!(served.get("/readyz").await, (200, "store: ok\nslack connections: 2\n".to_owned()));
    company.finish();
}
