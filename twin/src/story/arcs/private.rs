//! What only some may see.

use crate::story::telling::Telling;

/// The steering group's blocker, legal's contract talk, the database people's private worries, direct messages.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let lease = t.talk.thread("dct-exec", c.at(4, 15, 0), &[
        ("sam", 0, "ROAD-14 is blocked: the landlord wants the Falcon annex in the same contract, and the board will not sign that before its January meeting."),
        ("ruben", 12, "What does a month without a lease cost us?"),
        ("hugo", 25, "Holdover rate is 2.5 times the rent: 310k a month."),
        ("anja", 9, "Keep this in here until we have spoken with the landlord."),
    ]);
    t.talk.name("lease-blocked", &lease.post(0));
    let falcon = t.talk.say(
        "dct-exec",
        "anja",
        c.at(5, 9, 20),
        "Decision: Project Falcon goes to the board without the Slough option.",
    );
    t.talk.name("falcon-decision", &falcon);
    t.talk.thread(
        "dct-exec",
        c.at(2, 9, 30),
        &[
            ("ruben", 0, "Savings case for the steering pack: 4.2 M over three years, without Falcon."),
            ("marcus", 18, "Numbers for power look right, cooling is too optimistic by a tenth."),
            ("ruben", 6, "Changed, thanks."),
        ],
    );

    t.talk.thread(
        "dct-legal",
        c.at(3, 10, 0),
        &[
            (
                "hannah",
                0,
                "Meridian accepts our liability cap. They want the audit right limited to once a year.",
            ),
            ("mei", 9, "Once a year is what ISO 27001 asks for, fine with compliance."),
            ("dana", 22, "Fine for the program as well."),
            ("hannah", 65, "I'll send the clean version tonight."),
        ],
    );

    let dba = t.talk.thread(
        "dct-dba",
        c.at(4, 10, 45),
        &[
            (
                "peter",
                0,
                "DCT-82 is blocked, the dry run's row counts differ by 312 and I do not know why yet.",
            ),
            ("nadia", 14, "Time zones in the partition key? Had that once."),
        ],
    );
    t.talk.name("unreadable-blocker", &dba.post(0));

    t.talk.say("dm-dana-caughtup", "dana", c.at(1, 8, 58), "get me caught up");
    let note = t.talk.say(
        "mpdm-dana-priya-caughtup",
        "priya",
        c.at(2, 9, 0),
        "I asked about the weekend in the cutover channel, better there than here.",
    );
    t.talk.react(&note, "thumbsup", &["dana"]);
}
