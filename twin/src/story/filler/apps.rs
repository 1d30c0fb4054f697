//! Talk among application people.

use super::Dialogue;

#[rustfmt::skip]
pub const DIALOGUES: &[Dialogue] = &[
    &["Review please, {config|health endpoint|retry policy} of `[service]`: [pr]", "<[look]", "<{Small thing: the default of [n] s is long for a health check.|Two nits, nothing serious.|Could the retry have some jitter?}", ">{True, three is enough.|Pushed.|Jitter added.}", "<{Approved 🚢|Looks good.}", ">[thanks]"],
    &["`[service]` logs [n]00 warnings a minute in staging, all the same line.", "<Deprecated header, comes from the old client in [depot].", ">Can we turn that to debug?", "<Yes, I'd count them in a metric instead.", ">{Metric it is.|Good idea.} [pr]", "<{Quieter already.|👍}"],
    &["p95 of `[service]` in FRA2 is [ms], in Slough [ms]. {I'll take it.|Not bad.}", "<Same data set?", ">Same data set, same time of day.", "<{Faster disks, I guess.|Newer CPUs help.}", "<Make that a slide, people love such numbers."],
    &["How do I get a shell on [host]? My old profile doesn't know FRA2.", "<`kf ssh --site fra2`, needs client 3.[n].", ">{Works.|Got it.} [thanks]", "<It's in [doc] too."],
    &["Flaky test in `[service]`: `test_route_[n]` fails one time in [n].", "<Time zone? It builds a date at midnight.", ">Of course it does.", "<They always do.", ">{Pinned the clock, 200 runs green.|Clock is injected now, 500 runs green.} [pr]"],
    &["Feature flags: who uses `new_[service]_path`? I find no reader.", "<It was for the trial in {Porto|Brno}.", "<Trial is over since summer.", ">Then I take it out, one flag fewer.", "<🧹 {Love it.|Yes!}"],
    &["Fehlermeldung in `[service]`: \"Zeichensatz unbekannt\". Kennt das jemand?", "<Das ist der Import aus [depot], die schicken Latin-1.", ">Ah, und wir lesen UTF-8. Danke!", "<Parameter heißt `charset`, steht in [doc].", ">Läuft."],
    &["```\nERROR pool exhausted (max=[n]) in [service]\n```\nIn staging only, but I'd like to understand it.", "<The load test opens a connection per request.", ">That's on us then, not on the service.", "<Set the pool in the test to 20.", ">{Much nicer.|Gone.} [thanks]"],
    &["Docs question: where do we describe the ports of `[service]`?", "<In the service's own readme, the wiki links there.", "<Please not in two places.", ">{One place.|Readme it is.}", "<🙌"],
    &["Base image bump for `[service]`: [pr]", "<Tests?", ">Green, image is [n] MB smaller.", "<{Approved.|Ship the bytes to charity.}"],
    &["Anybody seen timeouts from `[service]` to the maps provider around [time]?", "<Their status page had a yellow spot then.", "<We retried, customers saw nothing.", ">{Good.|Then I close my graphs.}", "<I'd like that retry on the other two calls as well.", ">Made a note in [doc]."],
    &["When does `[service]` read its config, at start or on change?", "<At start. On change was planned, years ago.", ">{So a restart per change.|Restart it is.}", "<It takes [n] seconds, nobody notices.", ">[ok]"],
    &["日本語の住所が `[service]` で文字化けします。(Japanese addresses look broken in a log.)", "<Only in the log, the data is right. The log shipper cuts bytes, not characters.", ">なるほど。(I see.)", "<I have a small patch for the shipper: [pr]", ">[thanks]"],
    &["Memory of `[service]` after a day: [n]0 MB, flat.", "<And with the big tenants?", ">A third more, also flat.", "<{Nice.|Flat is beautiful.}"],
];

#[rustfmt::skip]
pub const ASIDES: &[&str] = &[
    "`[service]` on [host]: [pct] CPU under load, room to spare.",
    "Wrote a page about how `[service]` starts, see [doc].",
    "Pairing on `[service]` at [time], join if you like.",
    "Coverage of `[service]` is at [pct], up from [pct].",
    "{TIL|Learned today}: `kf logs -f` takes more than one host.",
    "Dashboards of `[service]` have the FRA2 colours now 🎨",
    "Thanks for all the reviews this week, [n] of them 🙏",
    "Reading through old alerts of `[service]`. Some are older than my daughter.",
    "Je suis en réunion jusqu'à [time], après je suis là.",
    "Small cleanup: [pr]",
];
