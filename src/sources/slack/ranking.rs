//! Which threads are opened when Slack does not allow all of them.
//!
//! Every thread costs a call, and Slack allows fifty a minute. A run that waited for the next minute
//! would be late for everybody, so the calls that are free now go to the most telling threads of all the
//! channels being read; what is left comes from memory, or is counted as left out.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use regex::Regex;
use tokio::sync::{oneshot, watch};

use crate::domain::{MessageTs, People, Standing, UserId};
use crate::sources::Door;
use crate::sources::limits::Bucket;

use super::wire::WireMessage;

/// How long a channel that knows its threads waits for the others to know theirs.
const FOR_THE_OTHERS: Duration = Duration::from_secs(2);

/// Calls that no run reads with: whoever posts may have to look whether it did already, and an answer that is
/// ready must not wait a minute for that.
const FOR_LOOKING: usize = 4;

/// How the channels of one run share the threads that may be opened.
#[derive(Debug)]
pub(in crate::sources) struct Budget {
    door: Door,
    state: Mutex<State>,
    /// Channels whose reading has not begun: what is kept of them is being looked up.
    to_begin: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    /// Channels that do not know their threads yet.
    to_come: usize,
    /// Those that know them, and wait for the others.
    asking: Vec<Asking>,
    /// Calls that were granted to channels which have not begun to make them.
    promised: usize,
}

#[derive(Debug)]
struct Asking {
    /// The most telling first.
    threads: Vec<Worth>,
    granted: oneshot::Sender<usize>,
}

impl Budget {
    pub(in crate::sources) fn new(door: Door) -> Self {
        Self { door, state: Mutex::default(), to_begin: watch::Sender::new(0) }
    }

    /// A channel's claim, from when its reading begins.
    pub(super) fn claim(&self) -> Claim<'_> {
        self.state().to_come += 1;
        self.to_begin.send_modify(|count| *count += 1);
        Claim { budget: self, begun: false, asked: false }
    }

    /// Waits until the reading of every channel has begun: what they need most, they have asked for.
    pub(super) async fn others_have_begun(&self) {
        let mut to_begin = self.to_begin.subscribe();
        let none = async { drop(to_begin.wait_for(|count| *count == 0).await) };
        let _either_way = tokio::time::timeout(FOR_THE_OTHERS, none).await;
    }

    /// Grants what is free to those who ask.
    fn settle(&self, state: &mut State) {
        let free = self.door.free(&Bucket::slack("conversations.replies"));
        let free = free.saturating_sub(state.promised + FOR_LOOKING);
        // Those who are late have had no say: up to half of the calls, one for each, are kept for them.
        let free = free - state.to_come.min(free / 2);
        let asking = std::mem::take(&mut state.asking);
        let wishes: Vec<&[Worth]> = asking.iter().map(|one| one.threads.as_slice()).collect();
        let grants = grants(&wishes, free);
        for (one, grant) in asking.into_iter().zip(grants) {
            if one.granted.send(grant).is_ok() {
                state.promised += grant;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A channel's claim to calls. Dropped without having asked, it is given up.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    budget: &'a Budget,
    begun: bool,
    asked: bool,
}

impl Claim<'_> {
    /// How many of these threads, the most telling first, may be opened now. Waits until every channel that
    /// is being read has asked, so that no chat is opened in one for want of a blocker in another.
    pub(super) async fn share(&mut self, threads: Vec<Worth>) -> usize {
        self.budget.door.look(&Bucket::slack("conversations.replies")).await;
        let (granted, mut grant) = oneshot::channel();
        {
            let mut state = self.budget.state();
            state.asking.push(Asking { threads, granted });
            if self.asked && state.to_come == 0 {
                self.budget.settle(&mut state);
            }
            self.count_off(&mut state);
        }
        let in_time = tokio::time::timeout(FOR_THE_OTHERS, &mut grant).await;
        let granted = match in_time {
            Ok(granted) => granted.unwrap_or_default(),
            Err(_late) => {
                self.budget.settle(&mut self.budget.state());
                grant.try_recv().unwrap_or_default()
            }
        };
        let mut state = self.budget.state();
        state.promised = state.promised.saturating_sub(granted);
        granted
    }

    /// Has nobody wait for this channel, because it waits for somebody else's reading of it.
    pub(super) fn step_aside(&mut self) {
        self.begin();
        self.count_off(&mut self.budget.state());
    }

    /// The channel's own reading begins.
    pub(super) fn begin(&mut self) {
        if !self.begun {
            self.begun = true;
            self.budget.to_begin.send_modify(|count| *count = count.saturating_sub(1));
        }
    }

    fn count_off(&mut self, state: &mut State) {
        if !self.asked {
            self.asked = true;
            state.to_come = state.to_come.saturating_sub(1);
            if state.to_come == 0 {
                self.budget.settle(state);
            }
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let budget = self.budget;
        self.begin();
        self.count_off(&mut budget.state());
    }
}

/// How many of each channel's threads are opened when `free` may be. Among equals the channels take turns,
/// so that each gets something.
fn grants(wishes: &[&[Worth]], free: usize) -> Vec<usize> {
    let mut all = Vec::new();
    for (channel, threads) in wishes.iter().enumerate() {
        let mut turn = 0;
        let mut before: Option<&Worth> = None;
        for worth in *threads {
            let equal = before.is_some_and(|before| before.merit() == worth.merit());
            turn = if equal { turn + 1 } else { 0 };
            before = Some(worth);
            all.push((Reverse(worth.merit()), turn, Reverse(worth.last_active), channel));
        }
    }
    all.sort_unstable();
    let mut grants = vec![0; wishes.len()];
    for (.., channel) in all.into_iter().take(free) {
        if let Some(grant) = grants.get_mut(channel) {
            *grant += 1;
        }
    }
    grants
}

/// How much a thread is worth a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Worth {
    /// Whether nothing is known of it, or something old: calls go there first, so that two or three digests in
    /// a row cover everything.
    unknown: bool,
    /// What the rules and the reader may find in it, judged by its first message.
    points: u8,
    last_active: MessageTs,
}

impl Worth {
    fn merit(&self) -> (bool, u8) {
        (self.unknown, self.points)
    }
}

/// Who reads, and what is known of the company by the time that threads are chosen.
#[derive(Debug, Default)]
pub(super) struct Eye<'a> {
    /// The person for whom the digest is.
    pub(super) reader: Option<&'a UserId>,
    /// Everybody, if they have been read already: nothing waits for them.
    pub(super) people: Option<&'a People>,
    /// The projects of issues that were read already. While there are none, every key is one of theirs.
    pub(super) projects: BTreeSet<String>,
}

impl Eye<'_> {
    /// What a thread is worth, by its first message; `remembered` if it is known as it stands.
    pub(super) fn worth(&self, parent: &WireMessage, remembered: bool) -> Worth {
        Worth { unknown: !remembered, points: self.points(parent), last_active: last_active(parent) }
    }

    /// Whether nobody who counts has said anything in a thread: an app's message to which only apps replied.
    pub(super) fn is_machinery(&self, parent: &WireMessage) -> bool {
        let by_app = match &parent.author.user {
            Some(user) => self.is_bot(user) || (parent.author.bot.is_some() && self.people.is_none()),
            None => parent.author.bot.is_some(),
        };
        by_app && self.only_bots_replied(parent)
    }

    fn points(&self, parent: &WireMessage) -> u8 {
        if self.only_bots_replied(parent) {
            return 0;
        }
        let reasons = [
            (4, self.names_issue(&parent.text)),
            (4, BLOCKERS.is_match(&parent.text)),
            (3, self.reader.is_some_and(|reader| takes_part(parent, reader))),
            (2, OUTCOMES.is_match(&parent.text)),
            (2, parent.text.contains(['?', '？', '؟'])),
            // Many replies about one thing are a sign of their own.
            (1, parent.reply_count >= 5),
        ];
        1 + reasons.iter().filter(|(_, holds)| *holds).map(|(points, _)| points).sum::<u8>()
    }

    fn names_issue(&self, text: &str) -> bool {
        let ours = |project: &str| self.projects.is_empty() || self.projects.contains(project);
        KEYS.captures_iter(text).any(|key| key.get(1).is_some_and(|k| ours(&k.as_str().to_ascii_uppercase())))
    }

    fn only_bots_replied(&self, parent: &WireMessage) -> bool {
        parent.all_repliers_shown && parent.reply_users.iter().all(|user| self.is_bot(user))
    }

    fn is_bot(&self, user: &UserId) -> bool {
        self.people.and_then(|people| people.get(user)).is_some_and(|person| person.standing == Standing::Bot)
    }
}

/// When something was last said in the thread, as far as Slack told.
pub(super) fn last_active(parent: &WireMessage) -> MessageTs {
    parent.latest_reply.unwrap_or(parent.ts)
}

fn takes_part(parent: &WireMessage, reader: &UserId) -> bool {
    let mentions = || {
        [format!("<@{reader}>"), format!("<@{reader}|")].iter().any(|mention| parent.text.contains(mention))
    };
    parent.author.user.as_ref() == Some(reader) || parent.reply_users.contains(reader) || mentions()
}

// Only an order of reading, so rough is good enough: what a message asserts is decided in `insight`. These
// cover the words there, in the same languages.

static KEYS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b([a-z][a-z0-9_]+)[-‐‑][1-9][0-9]*\b"));

static BLOCKERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)block|stuck|waiting (?:on|for)|awaiting|on hold|held up|holding (?:us|up|back)|stalled|standstill|",
        r"show-?\s?stopper|impediment|can(?:'|’)?(?:t|not) |unable to|not able to|no way forward|dependenc|gated|",
        r"risk|delay|slip|overdue|🚧|🛑|⛔|:construction:|:octagonal_sign:|:no_entry|:stop_sign:|",
        r"geblockt|bloqu|bloccat|geblokkeerd|hängen fest|atascad|travad|nicht weiter|warte[nt]?\b|esperando|",
        r"en attente|aguardando"
    ))
});

static OUTCOMES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)decid|decision|agreed|going with|go with|final call|settled on|signed off|approved|",
        r"shipped|deployed|rolled out|released|went live|\blive\b|\bdone\b|complete|finished|delivered|fixed|resolved|",
        r"entschieden|entscheidung|beschlossen|decisión|décid|décision|decisão|",
        r"abgeschlossen|fertig|ausgerollt|erledigt|terminad|desplegad|completad|entreg|terminé|déployé|livré|concluíd"
    ))
});

#[allow(clippy::expect_used, reason = "the patterns are constants, and the tests below compile each")]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a constant pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Person;
    use crate::sources::slack::wire::Readable;
    use serde_json::{Value, json};

    fn message(object: Value) -> WireMessage {
        let mut all = json!({"ts": "1.0", "user": "U5", "text": "x", "reply_count": 2});
        all.as_object_mut().unwrap().extend(object.as_object().unwrap().clone());
        WireMessage::read(&all).unwrap()
    }

    fn worth(unknown: bool, points: u8, at: i64) -> Worth {
        Worth { unknown, points, last_active: format!("{at}.0").parse().unwrap() }
    }

    #[test]
    fn calls_go_to_what_is_unknown_then_to_what_tells_most_wherever_it_is() {
        let busy = [worth(true, 9, 5), worth(true, 9, 4), worth(true, 1, 9), worth(false, 9, 9)];
        let quiet = [worth(true, 1, 8), worth(true, 1, 7)];
        for (free, expected) in [(0, [0, 0]), (2, [2, 0]), (3, [3, 0]), (4, [3, 1]), (5, [3, 2]), (9, [4, 2])]
        {
            assert_eq!(grants(&[&busy, &quiet], free), expected, "{free}");
        }
    }

    #[test]
    fn among_equals_the_channels_take_turns() {
        let threads: Vec<Worth> = (0..3).map(|at| worth(true, 1, 9 - at)).collect();
        let wishes: Vec<&[Worth]> = (0..50).map(|_| threads.as_slice()).collect();
        assert_eq!(grants(&wishes, 50), vec![1; 50]);
        assert_eq!(grants(&wishes, 100), vec![2; 50]);
        assert!(grants(&[], 50).is_empty());
    }

    #[tokio::test]
    async fn everybody_asks_before_anything_is_granted_and_claims_that_end_early_hold_nobody_up() {
        let budget = Budget::new(Door::new(Duration::from_secs(1)));
        let (mut one, mut two, gone) = (budget.claim(), budget.claim(), budget.claim());
        let chat = vec![worth(true, 1, 9); 60];
        let telling = vec![worth(true, 8, 1); 40];
        let began = std::time::Instant::now();
        let (chat, telling, ()) = tokio::join!(one.share(chat), two.share(telling), async { drop(gone) });
        assert_eq!((chat, telling), (6, 40), "all but what is kept for looking, the telling ones first");
        assert!(began.elapsed() < FOR_THE_OTHERS);
        assert_eq!(budget.state().promised, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_late_is_not_waited_for_and_still_gets_something() {
        let budget = Budget::new(Door::new(Duration::from_secs(1)));
        let (mut here, _late) = (budget.claim(), budget.claim());
        assert_eq!(here.share(vec![worth(true, 1, 9); 60]).await, 45, "one is for the other");
    }

    #[test]
    fn what_rules_need_is_worth_more_than_chat_and_the_readers_more_than_others() {
        let reader: UserId = "U1".parse().unwrap();
        let eye =
            Eye { reader: Some(&reader), projects: BTreeSet::from(["DCT".to_owned()]), ..Eye::default() };
        let points = |text: &str| eye.points(&message(json!({"text": text})));
        let chat = points("lunch at twelve, who wants sushi");
        for telling in [
            "see dct-42",
            "<https://acme.atlassian.net/browse/DCT-42|the firewall>",
            "blocked by the vendor",
            "wir kommen nicht weiter",
            "We decided to keep dual power",
            "the new gateway is live",
            "who owns the change window?",
            "ping <@U1>",
        ] {
            assert!(points(telling) > chat, "{telling}");
        }
        assert_eq!(points("UTF-8 everywhere"), chat, "not one of our projects");
        assert_eq!(points("ping <@U12>"), chat, "somebody else");
        assert!(points("DCT-42 is blocked") > points("DCT-42"));
        assert!(eye.points(&message(json!({"reply_users": ["U2", "U1"]}))) > chat);
        assert!(Eye::default().points(&message(json!({"text": "NET-7"}))) > chat, "no project is known yet");
    }

    #[test]
    fn machinery_is_an_apps_message_to_which_only_apps_replied() {
        let bot = Person {
            id: "U7".parse().unwrap(),
            name: "ci".to_owned(),
            full_name: "ci".to_owned(),
            email: None,
            timezone: None,
            standing: Standing::Bot,
        };
        let people = People::new([bot]);
        let eye = Eye { people: Some(&people), ..Eye::default() };
        let by = |author: &str, repliers: Value, count: usize| {
            message(json!({"user": author, "reply_users": repliers, "reply_users_count": count}))
        };
        assert!(eye.is_machinery(&by("U7", json!(["U7"]), 1)));
        assert!(eye.is_machinery(&by("U7", json!(["B01ABC"]), 1)), "a bot without a user");
        assert!(!eye.is_machinery(&by("U7", json!(["U7", "U2"]), 2)), "somebody replied");
        assert!(!eye.is_machinery(&by("U7", json!(["U7"]), 6)), "not all are shown");
        assert!(!eye.is_machinery(&by("U7", json!([]), 0)), "nobody knows");
        assert!(!eye.is_machinery(&by("U2", json!(["U7"]), 1)), "a person began it");
        assert_eq!(eye.points(&by("U2", json!(["U7"]), 1)), 0, "but it is opened last");
    }
}
