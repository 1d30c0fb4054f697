//! What was decided, and where it was written down.

use crate::story::telling::Telling;

/// Dual power is in no log; the freeze is in the log; the rollback point is in its ticket.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let power = t.talk.thread(
        "dct-program",
        c.at(5, 13, 0),
        &[
            (
                "marcus",
                0,
                "Dual power in SLO1: keep it through January or give notice now? It is 18k a month.",
            ),
            ("layla", 8, "If chiller 2 surprises us again we'd be glad of it."),
            (
                "sam",
                64,
                "Agreed with finance this morning. Decision: we keep dual power in SLO1 through January.",
            ),
            ("marcus", 5, "Thanks, clear."),
        ],
    );
    t.talk.name("dual-power", &power.post(2));
    t.talk.react(&power.post(2), "thumbsup", &["marcus", "layla", "dana", "jonas"]);

    let freeze = t.talk.thread("dct-cutover", c.at(6, 12, 30), &[
        ("olu", 0, "Change freeze: from Wednesday before the rehearsal, or only the Friday?"),
        ("priya", 12, "Wednesday. Two days without a change is the only way to know what broke."),
        ("dana", 7, "We decided: change freeze from Wednesday 18:00 until the Monday after the rehearsal. I'll put it into the log."),
        ("olu", 4, "Calendar follows."),
    ]);
    t.talk.name("freeze", &freeze.post(2));

    let rollback = t.talk.thread("dct-cutover", c.at(5, 10, 20), &[
        ("diego", 0, "DCT-75: rollback point for the order database, last write in SLO1 or first write in FRA2?"),
        ("priya", 16, "Decision: the rollback point is the last write in SLO1, and we accept to re-enter what came after by hand."),
        ("diego", 3, "Bien, writing it into the ticket."),
    ]);
    t.talk.name("rollback-point", &rollback.post(1));
    t.tickets.comment("DCT-75", "diego", c.at(5, 11, 0), "Decided in #dct-cutover by <@priya>: the rollback point is the last write in SLO1; what came after is re-entered by hand.");

    let young = t.talk.say(
        "dct-apps",
        "chloe",
        c.last(10, 40),
        "Decision: wave A keeps its old host names for the rehearsal, new names come with wave B.",
    );
    t.talk.name("host-names", &young);
    t.talk.react(&young, "thumbsup", &["tariq", "kwame"]);

    t.talk.thread(
        "dct-program",
        c.at(3, 10, 10),
        &[
            ("hugo", 0, "Should we decide about the second gateway pair this week?"),
            ("marcus", 20, "Not decided, and not this week. First the numbers."),
        ],
    );
}
