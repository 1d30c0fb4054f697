//! The daily notes in `#team-standup`.

use super::ids::hash;
use super::people::tz;
use super::telling::Telling;
use super::tickets::after;

/// Who, working days ago, what. The last three days by hand, true to what Jira says.
#[rustfmt::skip]
const NOTES: &[(&str, u32, &str)] = &[
    ("erik", 3, "Done: pairing on the storage VLANs. Next: last review comments on DCT-43. Nothing in the way."),
    ("aiko", 3, "昨日: DCT-52 のルート確認。今日: 残り三つ。(DCT-52: three alert routes left.)"),
    ("peter", 3, "Done: reading the old runbooks. Next: starting on DCT-62."),
    ("luca", 3, "Done: flags for dual write are in review, DCT-54. Next: answering the review."),
    ("carlos", 2, "Done: DCT-59, labels print from FRA2, ticket closed. Next: helping Kwame with the caches."),
    ("erik", 2, "Done: review comments on DCT-43. Next: merging it after the nightly build."),
    ("aiko", 2, "DCT-52: 残り一つ、今日終わります。(One route left, finishing today.)"),
    ("peter", 2, "Done: promotion works by hand. Next: the script, DCT-62. It is late and I know it."),
    ("tomasz", 2, "DCT-42: nothing new from the vendor, so reviewing zone names meanwhile."),
    ("sanna", 2, "Done: half of the inventory sync. Next: the other half, DCT-45."),
    ("zofia", 1, "Sprint 32: four issues of 25 closed, six came in after planning. Let's talk about that at the review."),
    ("aiko", 1, "Done: DCT-52 closed, all FRA2 hosts page the right people. Next: log retention."),
    ("luca", 1, "Done: DCT-54 closed. Next: pricing engine, reading only."),
    ("noam", 1, "Done: DCT-48 is in review. Next: certificates for the build agents with Liam."),
    ("sanna", 1, "Done: DCT-45 is up for review. Next: nightly run of the sync."),
    ("priya", 1, "Done: rehearsal plan, version 4. Next: phone bridge. I still need a word about the weekend."),
    ("diego", 1, "Done: pooler settings. Next: DCT-71 as soon as Peter's script holds."),
    ("emily", 1, "Done: words for the notices. Next: DCT-65, with two of five status page components if need be."),
];

#[rustfmt::skip]
const OLDER: &[&str] = &[
    "Done: cleaned up the host list. Next: reviews.",
    "Done: two reviews and a long call with the colo. Next: writing it down.",
    "Done: wave A test data. Next: more of the same. Nothing in the way.",
    "Yesterday: documentation. Today: documentation. Send snacks 🍪",
    "Done: rehearsal slides. Next: dry run with the crew at 14:00.",
    "Done: rack labels printed. Next: rack labels glued.",
    "Gestern: Kabelplan geprüft. Heute: Übergabe an die Nachtschicht.",
    "Done: on-call handover. Next: tidy the alert names.",
    "Half day today, back tomorrow. Nothing urgent with me.",
];

/// Posts them at the start of everybody's morning.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    for (who, k, text) in NOTES {
        let minute = i64::try_from(hash(who) % 40).unwrap_or_default();
        t.talk.say("team-standup", who, after(c.at_in(tz(who), *k, 9, 5), minute), text);
    }
    let people =
        ["erik", "liam", "maja", "grace", "ravi", "tariq", "noam", "yusuf", "viktor", "ada", "sanna"];
    for k in 4..10 {
        for (place, who) in people.iter().enumerate() {
            let salt = hash(&format!("{who}{k}"));
            if salt.is_multiple_of(2) {
                continue;
            }
            let lines = OLDER.len();
            let line = usize::try_from(salt >> 8).unwrap_or_default().checked_rem(lines).unwrap_or_default();
            let minute = i64::try_from(place * 3).unwrap_or_default();
            let text = OLDER.get(line).copied().unwrap_or_default();
            t.talk.say("team-standup", who, after(c.at_in(tz(who), k, 9, 5), minute), text);
        }
    }
}
