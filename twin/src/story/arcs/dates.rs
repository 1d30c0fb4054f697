//! Dates that pass, slip, disagree and depend on each other.

use crate::story::pages::notices_pulled_forward;
use crate::story::telling::Telling;
use crate::story::tickets::{What, after};

/// ROAD-5, 6, 10, 11, 13, 18, 19; DCT-62, 64, 65, 67, 69, 71, 76; quiet ROAD-4.
pub fn tell(t: &mut Telling) {
    the_object_store_slips_again(t);
    the_database_is_late(t);
    moved_earlier_and_moved_long_ago(t);
    what_waits_for_what(t);
    nobody_owns_it(t);
    silence_around_block_storage(t);
    one_comment_keeps_it_alive(t);
}

/// The third time, and the third reason.
fn the_object_store_slips_again(t: &mut Telling) {
    let c = t.calendar.clone();
    t.tickets.change("ROAD-5", "maja", c.at(30, 15, 0), What::Target(c.due(8)));
    t.tickets.change("ROAD-5", "maja", c.at(12, 14, 0), What::Target(c.due(23)));
    t.tickets.change("ROAD-5", "maja", c.last(14, 30), What::Target(c.due(42)));
    t.tickets.comment("ROAD-5", "maja", after(c.last(14, 30), 3), "New target after the throughput numbers: the gateway needs a second pair before we can move the cold data.");
    t.talk.thread("dct-storage", c.at(2, 8, 5), &[
        ("maja", 0, "Throughput of the object gateway tops out at 1.8 Gbit/s per pair. At that rate the cold data alone takes 26 days."),
        ("kenji", 38, "My model said 3 Gbit/s, from their data sheet."),
        ("lena", 24, "Data sheets describe the happy path. What would a second pair cost us?"),
        ("maja", 12, "About three weeks of delivery and 41k. I'll write it up for <@dana>."),
    ]);
    t.tickets.change("DCT-76", "olu", c.last(11, 40), What::Due(c.due(9)));
    t.tickets.comment(
        "DCT-76",
        "olu",
        after(c.last(11, 40), 2),
        "Sales asked for one more week before the calendar goes out to customers.",
    );
}

fn the_database_is_late(t: &mut Telling) {
    let c = t.calendar.clone();
    t.tickets.comment(
        "ROAD-6",
        "diego",
        c.at(2, 11, 15),
        "Wave 1 waits for the promotion script. New date comes with the plan on Thursday.",
    );
    t.tickets.comment(
        "DCT-62",
        "peter",
        c.at(2, 13, 20),
        "Promotion works by hand; the script loses the lock when the old primary is slow to stop.",
    );
    t.talk.thread("dct-storage", c.at(2, 13, 35), &[
        ("peter", 0, "DCT-62: third evening with the promotion lock. It is lost exactly when the old primary takes more than 30 s to stop."),
        ("diego", 15, "That's the statement timeout of the pooler. Try 120."),
        ("peter", 42, "120 survives four of five attempts. Getting there."),
    ]);
}

fn moved_earlier_and_moved_long_ago(t: &mut Telling) {
    let c = t.calendar.clone();
    let moved = notices_pulled_forward(&c);
    t.tickets.change("ROAD-18", "emily", moved, What::Target(c.due(10)));
    t.tickets.comment(
        "ROAD-18",
        "emily",
        after(moved, 2),
        "Pulled forward so that the first notice is out before the rehearsal.",
    );
    t.tickets.change("ROAD-19", "hugo", c.at(20, 10, 0), What::Target(c.due(50)));
}

fn what_waits_for_what(t: &mut Telling) {
    let c = t.calendar.clone();
    t.blocks("ROAD-6", "ROAD-11");
    t.blocks("DCT-62", "DCT-71");
    t.blocks("DCT-66", "DCT-65");
    t.blocks("DCT-68", "DCT-67");
    t.blocks("DCT-70", "DCT-69");
    t.relates("DCT-58", "DCT-51");
    t.relates("DCT-77", "DCT-75");
    t.clones("DCT-94", "DCT-34");
    t.tickets.comment(
        "DCT-65",
        "emily",
        c.at(2, 17, 30),
        "Dry run needs the status page components. Asked <@sofia> whether two of the five are enough.",
    );
    t.tickets.change(
        "DCT-71",
        "priya",
        c.at(3, 9, 20),
        What::Summary("Promote the replicas in the first rehearsal"),
    );
    t.tickets.comment("DCT-71", "diego", c.at(2, 11, 30), "Can only start when the script is there.");
    t.tickets.comment(
        "ROAD-11",
        "priya",
        c.at(1, 9, 50),
        "Rehearsal stands: Saturday next, 06:00 to 14:00 London.",
    );
}

fn nobody_owns_it(t: &mut Telling) {
    let c = t.calendar.clone();
    t.tickets.comment("ROAD-13", "fatima", c.at(2, 8, 45), "Notice periods are 30 and 90 days. Somebody from the network side has to own this, I only do the letters.");
    t.tickets.comment(
        "DCT-64",
        "zofia",
        c.at(3, 14, 10),
        "Added for the rehearsal. Not assigned yet, see planning.",
    );
    t.tickets.comment(
        "ROAD-17",
        "mei",
        c.at(6, 6, 30),
        "Auditor's list arrived, 41 controls touch the new site.",
    );
}

/// A rule relabels, a bot counts, and nobody says or does anything.
fn silence_around_block_storage(t: &mut Telling) {
    let c = t.calendar.clone();
    t.tickets.change("ROAD-4", "automation", c.at(3, 6, 0), What::Labels("fra2 needs-update"));
    t.tickets.change("DCT-84", "automation", c.at(2, 6, 0), What::Labels("fra2"));
    t.tickets.comment("DCT-85", "automation", c.at(2, 6, 1), "This issue has not been updated for ten days.");
    t.talk.say(
        "dct-program",
        "jiracloud",
        c.at(2, 7, 0),
        "*Reminder from a filter*: ROAD-4 Block storage migration is due soon.",
    );
}

/// ROAD-10 would be quiet but for a comment on its epic.
fn one_comment_keeps_it_alive(t: &mut Telling) {
    let c = t.calendar.clone();
    t.tickets.comment(
        "DCT-10",
        "ravi",
        c.at(3, 7, 20),
        "Exporters answer from both halls; dashboards are next.",
    );
}
