//! Blockers without a ticket.

use crate::story::telling::Telling;

/// The crane has none and needs one; three others are over, or got one.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let crane = t.talk.thread("dct-facilities", c.at(3, 9, 0), &[
        ("layla", 0, "We're blocked on the UPS delivery: the crane company will not confirm the slot until the purchase order is signed, and the street permit ends on the 28th."),
        ("yara", 13, "The batteries are on the truck already, they can sit in the hub for a week at most."),
        ("jonas", 21, "I asked the hub for two more days just in case."),
    ]);
    t.talk.name("crane-blocker", &crane.post(0));
    t.talk.react(&crane.post(0), "eyes", &["fatima", "dana"]);

    let badge = t.talk.thread(
        "dct-facilities",
        c.at(4, 8, 35),
        &[
            ("stavros", 0, "Blocked at the gate, my badge for FRA2 opens nothing."),
            ("yara", 9, "Fixed, you were still in the visitors' group. Try again please."),
            ("stavros", 3, "In. Thank you!"),
        ],
    );
    t.talk.name("badge-fixed", &badge.post(0));

    let dns = t.talk.thread(
        "dct-apps",
        c.at(5, 13, 15),
        &[
            ("ilse", 0, "We are blocked, the registry in FRA2 refuses every push since lunch."),
            ("sanna", 6, "Disk full on the registry, cleaning up."),
            ("ilse", 25, "Resolved, pushes go through. Merci!"),
        ],
    );
    t.talk.name("registry-resolved", &dns.post(0));

    let permit = t.talk.thread(
        "dct-network",
        c.at(3, 12, 30),
        &[
            (
                "haruto",
                -240,
                "Console access in hall 2 is blocked for us, the serial concentrator has no power.",
            ),
            ("erik", 45, "That is DCT-78, I'll put your note there."),
        ],
    );
    t.talk.name("console-got-a-ticket", &permit.post(0));
    t.tickets.comment(
        "DCT-78",
        "erik",
        permit.post(1).at,
        "Concentrator in hall 2 has no power, reported by <@haruto>.",
    );
}
