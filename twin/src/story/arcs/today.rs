//! What is new for Dana: threads of hers that went on, issues of hers that moved.

use crate::story::telling::Telling;
use crate::story::tickets::{What, after};

/// Replies in her threads, changes to her issues, and the night watch's sign of life.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let crew = t.talk.thread("dct-cutover", c.at(2, 8, 30), &[
        ("dana", 0, "Crew list for the rehearsal is on the page. Please check your own line, names and phone numbers."),
        ("grace", 14, "Mine is right."),
        ("ben", 380, "New number, fixed my line."),
        ("aiko", 620, "確認しました、大丈夫です。(Checked, all fine.)"),
    ]);
    let again = t.talk.answer(
        &crew.post(0),
        "yusuf",
        c.last(9, 25),
        "Haruto replaces me from 10:00 on, I changed the line.",
    );
    t.talk.answer(
        &again,
        "priya",
        after(c.last(9, 25), 6),
        "Thanks, I moved the phone bridge to him as well.",
    );

    let budget = t.talk.thread(
        "dct-program",
        c.at(1, 9, 15),
        &[
            ("hugo", 0, "Forecast for the quarter is 3 % under plan, mostly freight that comes later."),
            ("dana", 10, "Good. Does that include the breaker from Mannheim?"),
            ("hugo", 12, "It does."),
        ],
    );
    t.talk.answer(
        &budget.post(0),
        "layla",
        c.last(11, 5),
        "One more invoice for that breaker is on its way to you, Hugo, 640 €.",
    );

    t.tickets.change("DCT-63", "zofia", c.at(3, 14, 0), What::Due(c.next_workday().to_string()));
    t.tickets.comment(
        "DCT-63",
        "layla",
        c.last(10, 15),
        "Rows 1 to 3 are as built. <@dana> only your signature is missing.",
    );
    t.tickets.comment(
        "DCT-77",
        "marcus",
        c.last(12, 10),
        "Added the network criteria: both carriers up, loss under 0.1 % for an hour.",
    );

    let night = c.now() - jiff::SignedDuration::from_mins(34);
    t.talk.say(
        "dct-program",
        "pager",
        night,
        "Night Watch: all probes green in SLO1 and FRA2. Next report in six hours.",
    );
}
