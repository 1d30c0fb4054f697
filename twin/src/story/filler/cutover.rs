//! Talk about rehearsals and the weekend.

use super::Dialogue;

#[rustfmt::skip]
pub const DIALOGUES: &[Dialogue] = &[
    &["Step [n] of the plan says {\"drain queues\"|\"pause imports\"}. How long is that in practice?", "<In the last drill {eleven|seven} minutes.", "<Plus the stragglers from [depot], they batch at the full hour.", ">I'll write 20 and be happy with 12.", "<[ok]"],
    &["Phone bridge test at [time], five minutes, everybody says their name once.", "<I'm in.", "<Same, from the train, forgive the noise.", ">{Heard all of you, sound is fine.|Worked, 14 people on.}", "<[thanks]"],
    &["Which dashboard do we put on the big screen? Mine is too busy.", "<Orders per minute, error rate, replica lag. Nothing else.", "<And a clock!", ">Three graphs and a clock. {I like it.|Done in the time it took you to write that.}", "<{Screenshot please 🙂|Perfect.}", ">It's on [doc]."],
    &["Drivers in [depot] start at four in the morning. Does read-only hurt them?", "<They only read until the first stop, about six.", "<Scans are buffered on the handheld for two hours anyway.", ">{Great, so no special case.|Then their shift fits.}", "<I'd still send the depot a note.", ">Draft is in [doc]."],
    &["I timed the checklist on paper: [n] minutes without reading aloud, twice that with.", "<Read aloud, please. We skipped a line last time.", "<+1 for aloud.", ">Aloud it is, I'll add the minutes.", "<{Fine.|Good.}"],
    &["Food for the crew: {pizza|sandwiches|biryani} at {four in the morning|noon}?", "<Biryani. Always biryani.", "<Vegetarian for three of us please.", "<No onions for me 🙏", ">{Ordered for 14.|Noted, all of it.}", "<You're the real incident commander."],
    &["Who reads the runbook while the other types? We never named the pairs.", "<I can read for the storage part.", "<And I for network.", ">Pairs are in [doc] now, shout if yours is odd.", "<{Mine's fine.|Good pairs.}"],
    &["Metrics gap of [n] minutes in the last drill, where did that come from?", "<The collector was moved as well, it was in step [n].", ">Can it stay where it is until the end?", "<Yes, the order of those two steps doesn't matter.", ">{Swapped.|Swapped them in the plan.}", "<[thanks]"],
    &["Test accounts for the rehearsal: are [n] enough?", "<For the smoke tests yes, for the load part no.", "<The generator makes its own.", ">Then [n] are enough.", "<👌"],
    &["One page or two for the go/no-go sheet?", "<One. If it needs two we are not ready to read it at five in the morning.", ">Ha. One page, large type.", "<{I'll print them.|Laminated, please.}"],
    &["The banner text for customers is at [n] words. Shorter?", "<First sentence is enough: when, what, how long.", "<And a link to the status page.", ">{Cut to two lines.|Cut.} See [doc].", "<{Better.|Reads well.}", "[thanks]"],
];

#[rustfmt::skip]
pub const ASIDES: &[&str] = &[
    "Plan version {3.[n]|4} is in [doc], changes in green.",
    "Walked through steps [n] to 60 with the night shift, {good questions|two typos} found.",
    "Reminder: crew sync at [time], bring your own coffee ☕",
    "Timings of the last drill are in the sheet, slowest part was {the queue drain|DNS|finding the key for the cage}.",
    "I moved my part of the checklist up by one row, numbers below shift.",
    "Heute Probelauf der Durchsagen, nicht erschrecken 📢",
    "Load profile for the rehearsal: [n]0 orders a second, as on the Friday before Christmas.",
    "बढ़िया काम, टीम! (Great work, team.)",
];
