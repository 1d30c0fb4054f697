//! Talk about the program as a whole, contracts, and life.

use super::Dialogue;

#[rustfmt::skip]
pub const PROGRAM: &[Dialogue] = &[
    &["Slides for the monthly are in the folder, [n] of them. Comments by [day] please.", "<Slide [n]: the arrow points the wrong way.", "<{Colours are lovely.|Can we have fewer colours?}", ">Arrow turned, {colours stay|colours toned down}.", "<[thanks]"],
    &["Which time zone do we write in plans, London or UTC?", "<London, and we say so on top of each page.", "<The clocks changed once in the middle of a plan, please not again.", ">{London on top of each page, noted.|OK, London.}", "<👍"],
    &["Tour of hall 2 for everybody who has never seen it: [day], [time], on video.", "<I'd love to!", "<Will it be recorded?", ">Recorded, and Jonas explains the chillers.", "<🤩"],
    &["Newsletter wants a paragraph from us. {Volunteers?|Who writes well?}", "<I can write it, if somebody adds a photo.", "<Photo of the crane or of the cake?", ">Both!", "<{Draft is in [doc].|Draft tonight.}", ">[thanks]"],
    &["How many depots have seen the new screens so far?", "<[n], with [depot] yesterday.", "<Feedback there was friendly: \"finally fast\".", ">That goes on a slide.", "<😄"],
    &["Can somebody explain the difference between wave A and wave B to the sales people, in two sentences?", "<Wave A is what customers see. Wave B is what invoices see.", "<I was going to write ten sentences.", ">{That is perfect.|Stolen, thank you.}", "<You're welcome."],
    &["Training on the new badge system: [time] today, fifteen minutes.", "<Is it the same for contractors?", ">Same video, other form.", "<[thanks]"],
    &["The old wiki space is read-only from [day] on. Copy what you need.", "<Are redirects kept?", ">Yes, for a year.", "<{Great.|Good, I have bookmarks from 2017.}"],
    &["Forecast sheet has a new column for freight.", "<Seen. {Numbers add up.|Row [n] is mine, updated.}", "<Mine's updated too.", ">[thanks]"],
];

#[rustfmt::skip]
pub const ASIDES: &[&str] = &[
    "Minutes of the weekly are in [doc].",
    "{Good|Nice} session with the people in [depot] today, [n] questions, all friendly.",
    "Out this afternoon, back tomorrow at [time].",
    "Weekly sync starts at [time] today instead of the usual hour.",
    "Countdown on the wall in Frankfurt is running 🕰️",
    "Budget sheet is refreshed, no surprises.",
    "Vacation calendar for the holidays is open, please fill in your days.",
    "The stickers are here! 🦅",
];

#[rustfmt::skip]
pub const LEGAL: &[Dialogue] = &[
    &["Clean copy of annex [n] is in the folder.", "<{Read it, no remarks.|Two commas, otherwise fine.}", ">[thanks]"],
    &["Retention of the visitor logs: 30 or 90 days?", "<The law allows both, the auditor likes 90.", "<90 is what the old site had.", ">{90 in the draft.|I'll write 90 into the draft.}"],
    &["Translation of the house rules is back, [n] pages.", "<German version reads well.", ">Glad. Uploading."],
];

#[rustfmt::skip]
pub const EXEC: &[Dialogue] = &[
    &["Pack for the next meeting is in the folder.", "<Page [n] needs the new logo.", ">Changed."],
    &["Press asks for a date again.", "<The usual line: in the coming year.", ">[ok]"],
];

#[rustfmt::skip]
pub const GENERAL: &[Dialogue] = &[
    &["Town hall recording is online, [n] minutes.", "<Thanks for the captions!", "<👏"],
    &["Welcome the new colleagues in [depot]! 🎉", "<Welcome!", "<Bem-vindos!", "<Willkommen!"],
];

#[rustfmt::skip]
pub const RANDOM: &[Dialogue] = &[
    &["Best bakery near the Frankfurt office?", "<The one at the tram stop, get the Quarkbällchen.", "<They sell out at nine.", ">{Setting an alarm.|Challenge accepted.}", "<🥐"],
    &["My sourdough has a name now. It's {Gerald|Doughlores}.", "<Photo please.", ">{Later, it is shy.|📸 tonight.}", "<😍"],
    &["Running group at [time], easy pace.", "<How easy is easy?", ">Talking pace, and we talk a lot.", "<I'm in."],
    &["Film for tonight, something without computers?", "<Anything with horses.", "<Paddington 2.", ">Paddington 2 it is.", "<🐻"],
];

#[rustfmt::skip]
pub const GREETINGS: &[&str] = &[
    "Good morning from [depot] ☀️",
    "Found: one glove, blue, meeting room [n].",
    "There is cake in the kitchen 🎂",
    "Bom dia!",
    "The plant on floor 3 has a new leaf 🌱",
];

/// How conversations peter out.
#[rustfmt::skip]
pub const TAILS: &[&str] = &[
    "Added a line to [doc].", "{Screenshot for the archive 📸|Picture is in the folder.}", "I'll mention it at the weekly.",
    "{Learned something today.|TIL.}", "Same here, by the way.", "{Ha.|😄|🙃|😅}", "Good to have that written down.",
    "{Bookmarked.|Pinned it.}", "We had the same at the old site, years ago.", "Nice one.", "[thanks]", "[ok]",
    "For the record, that was {[n] minutes|half an hour} of work.", "{Alles klar.|Super, danke.|Passt.}", "{Génial.|Très bien.}",
    "{了解です。|お疲れさまです。}", "{ممتاز|تمام 👍}", "{מצוין|סבבה}", "I owe you a coffee ☕", "And now lunch 🥗",
    "Copying that to the handover of [day].", "{Clear.|Understood.|Got it.}", "If anybody wants the long version, ping me after [time].",
    "Number for the sheet: [n].", "{Nothing to add from me.|Nothing from my side.}",
];
