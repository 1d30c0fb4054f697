//! Talk among network people.

use super::Dialogue;

#[rustfmt::skip]
pub const DIALOGUES: &[Dialogue] = &[
    &["{Optics on|Light levels on} [leaf] look {low|odd}: -{7.4|8.1|9.6|11.2} dBm on port [n]. {Normal for that run?|Anybody else seeing that?}", "<{That run goes through two patch panels, so yes.|Same on its twin, I'd clean the connector first.}", ">Cleaned both ends, {now -2.1|gained three dB}.", "<{Lovely.|That's more like it.} Please note it in the cable sheet.", ">Noted, row [n]."],
    &["Review please, {route maps for the new borders|prefix lists for FRA2|loopback addressing}: [pr]", "<[look]", "<{Two comments, both small.|One typo in line [n], otherwise good.|Left a question about the default route.}", ">{Good catch, pushed.|Answered inline.|Changed, have another look.}", "<{Approved.|Looks good now.}", ">[thanks]"],
    &["How do we number the point-to-point links in hall {1|2}, /31 or /30?", "</31 everywhere, the new switches are happy with it.", "<And the old firewalls?", ">They sit behind the borders, no point-to-point there.", "<{Then /31 it stays.|Good, one less exception.}"],
    &["{Ping|Latency} between the sites is [ms] today, jitter under one.", "<Which path, {north|south}?", ">North. South is [ms] and a bit more wobbly.", "<{That matches the carrier's map.|South goes via Brussels.}", "{Nice numbers either way.|Graph it, please, then we have a baseline.}", ">Dashboard is in [doc]."],
    &["I need [n] more addresses in the management net of hall 2 {for PDUs|for consoles|for cameras}.", "<Take the upper half of the /24, it is free.", ">{Reserved|Taken}, .128 to .1[n].", "<Please put them in the address tool, not only in your head 😄", ">{It's in there.|Ha, both.}", "[thanks]"],
    &["{Firmware notes for the spines are out.|Release notes of the switch vendor are out.} Anything in there for us?", "<{A memory leak in the telemetry agent, we saw that.|Fixes for LACP timers, not our case.}", "I'd go with the next maintenance release rather than this one.", "<[ok]", ">Then I park it until {the next window|[day]}."],
    &["Capture from [host] shows retransmits every [n] seconds. {Ideas?|Where would you look?}", "<Duplex? Just kidding, it's not 1999.", "<{Check the bond, one leg may be on the old VLAN.|Buffer on the uplink, try the other queue profile.}", ">One leg was on the old VLAN, you were right.", "<{I'll take my payment in coffee ☕|Second time this month.}", ">[thanks]"],
    &["今日のケーブル試験: {14 本すべて合格|残り 6 本です}。 (Cable test: on schedule.)", "<[thanks]", "<Are the long runs to row [n] included?", ">{はい、全部。 (Yes, all of them.)|The long ones are tomorrow.}", "<👏"],
    &["Naming: do we say `fra2-h1-[leaf]` or `[leaf].h1.fra2`?", "<The second, it sorts by site in the monitoring.", "<The first, it sorts by site in my head.", ">{Monitoring pays the bills.|I'll go with the DNS-like one.}", "<Fair.", ">[doc] has the pattern now."],
    &["{Wartungsfenster|Maintenance window} of the carrier: [day], 02:00 to 04:00. Only the south path.", "<{Danke für die Info.|Thanks for the note.}", "<I'll shift traffic north at 01:45.", "<{I can hold the other end.|Call me if it gets interesting.}", ">It never gets interesting 🤞"],
    &["What is the story behind ACL line [n] on [leaf]? No comment, no hit counter.", "<That was for the old print servers in {Gdańsk|Malmö}.", ">They left in spring, didn't they?", "<They did. It can go with the next cleanup.", ">{Adding it to the cleanup list.|Marked.}"],
    &["{Flow export|sFlow} from the new leaves is on, {17|19|21} of 24 report.", "<Collector shows the same number 👍", "The rest have the old template, I can push that this afternoon.", ">{Please do.|Thanks, that saves me an evening.}", "<Pushed, count goes up."],
];

#[rustfmt::skip]
pub const ASIDES: &[&str] = &[
    "{Morning round|Quick round}: all links up, [ms] between the halls.",
    "Cable sheet has [n] new rows, colours as before.",
    "{Watching|Keeping an eye on} [leaf] after yesterday's reload, quiet so far.",
    "{Today I'm|I am} in hall {1|2} until [time], on the radio if needed.",
    "Packet loss on the north path over the night: 0.0[n] %.",
    "Tidied the descriptions on [leaf]. `description uplink` was not helping anybody.",
    "Reading list for the train: the new EVPN draft, [n] pages.",
    "Heute ruhig im Netz, [ms] überall.",
    "New diagram of the borders is in [doc]. Boxes are boxes now, clouds are gone ☁️",
    "Baseline for [leaf]: [pct] of the table used.",
    "`show interface counters errors` on all leaves: zeros, [n] of them 🧘",
];
