//! Talk among storage and database people.

use super::Dialogue;

#[rustfmt::skip]
pub const DIALOGUES: &[Dialogue] = &[
    &["Dedup ratio on [array] is {2.[n]|3.[n]} after the first week. {Better than the quote.|A bit under the quote.}", "<What's on it so far?", ">Mostly {images and logs|home directories|test data}.", "<Logs compress like a dream, it'll sink with real data.", "<{My bet is 2.2.|Let's look again in a month.}"],
    &["Snapshots on [array] eat [pct] of the pool. Do we need hourly ones for test data?", "<No, daily is plenty.", "<The QA team uses the noon one, keep that.", ">{Daily plus noon then.|OK: midnight and noon.}", "<[ok]", ">Schedule is changed, space comes back overnight."],
    &["{Rebuild|Resync} on [array] runs at [n]00 MB/s, {about six hours to go|should be through by tonight}.", "<Priority low or normal?", ">Low, users come first.", "<{Good.|That's what I hoped.}", ">I'll check before I leave."],
    &["Review please, export policies as code: [pr]", "<[look]", "<{Nice and short.|I like that there are tests.} One question about the root squash default.", ">Default is on, exceptions are listed by host.", "<{Approved.|Good from me.}"],
    &["Benchmarks with 4k random reads: [n]0k IOPS, p99 [ms].", "<Queue depth?", ">32. With 64 the latency goes up and nothing else.", "<{Same curve as in the lab.|As expected.}", "<Can you put the fio file next to the numbers?", ">It's in [doc]."],
    &["Who remembers why volume `vol_[n]` has no owner tag?", "<{It belonged to the old reporting team.|Oskar made it for a trial, I think.}", ">Nobody mounts it since spring.", "<Snapshot it, keep that for 90 days, then drop it.", ">[ok]", "<And write the date on it, or it becomes archaeology."],
    &["Wiederherstellungstest der kleinen Volumes lief {in 14 Minuten|in 11 Minuten} durch.", "<Schön! Mit Prüfsummen?", ">Mit Prüfsummen, alle gleich.", "<👏 {Top.|Sehr gut.}"],
    &["Tape library counts [n] cartridges fewer than the inventory.", "<The cleaning ones are not counted by the robot.", ">{That explains four of them.|That's most of them.}", "<The others sit in the fire safe, second shelf.", ">Found. {Mystery over.|All accounted for.} [thanks]"],
    &["{Latency|Service time} on [array] jumped to [ms] around [time]. Load or backup?", "<Backup of the big mailboxes starts at that time.", "<Move it an hour? Nobody reads mail at night, supposedly.", ">Moved by an hour, let's compare tomorrow.", "<{Graph looks flatter already.|Sounds good.}"],
    &["Capacity note: [array] at [pct], growing {half a percent a week|by [n] TB a month}.", "<In line with the model.", ">A little under it even.", "<{Good news for once 🙂|I'll keep the order as it is.}"],
];

#[rustfmt::skip]
pub const ASIDES: &[&str] = &[
    "Copy rate overnight: [n]00 MB/s on average, no retries.",
    "{Pool|Usage} report: [array] at [pct].",
    "Scrub of [array] came back clean.",
    "Swapped one disk in [array], rebuild is running.",
    "I wrote down how to read the controller's event log, it's in [doc].",
    "Checksums of the [n] test volumes match on both sides.",
    "明日の朝は在宅です。(From home tomorrow morning.)",
    "Quota mails go out at [time] from now on, not at midnight.",
    "Fun fact: [array] has been up for [n]4 days.",
];

#[rustfmt::skip]
pub const DATABASES: &[Dialogue] = &[
    &["Vacuum on `[db]` took {forty minutes|two hours} instead of one. Bloat?", "<Index on the status column, [pct] dead.", ">Reindexed concurrently, {size halved|much better}.", "<{Nice.|Good.} Add it to the monthly list."],
    &["Query of the week: a `SELECT *` on `[db]` with [n] joins from the planner UI.", "<I know that one, it feeds the map.", ">With two columns instead of all it's [ms].", "<Pull request to them?", ">[pr]"],
    &["Lag of the `[db]` replica: [ms] at noon.", "<And during the nightly import?", ">Two seconds, then back.", "<{Fine.|No drama.}"],
    &["Which collation does `[db]` use? Sorting of Ł and L looks odd.", "<`C`, since 2014, don't ask.", "<ICU in the new cluster, tests are green with it.", ">{Good to know.|Then I only document it.}"],
];

#[rustfmt::skip]
pub const DATABASE_ASIDES: &[&str] = &[
    "Backups of `[db]` verified, restore on the scratch host took [n] minutes.",
    "Slow query log of `[db]`: [n] entries, all known.",
    "Extension list for the new cluster is in [doc].",
];
