//! Sentences that look like open blockers and are none. Jira is left alone on purpose: if one of these
//! were read as a blocker, its issue would look stale.

use crate::story::telling::Telling;

/// DCT-47, 48, 49, 50, 53, 55, 46, 56, 57, and one without a number.
pub fn tell(t: &mut Telling) {
    unblocked_in_the_thread(t);
    unblocked_by_the_assignee_in_the_channel(t);
    closed_with_a_check_mark(t);
    negated_past_hypothetical_and_quoted(t);
    keys_that_do_not_count(t);
    edited_away(t);
    deleted(t);
}

fn unblocked_in_the_thread(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread("dct-storage", c.at(5, 9, 5), &[
        ("lena", 0, "DCT-47 is blocked, the replication link to FRA2 drops every packet above 1,400 bytes. Carrier ticket is open."),
        ("maja", 20, "MTU on their side, I bet. We had that in Zagreb."),
        ("lena", 1_500, "You won the bet. They raised the MTU at noon, replication runs with 9.2 Gbit/s. Unblocked 🎉"),
    ]);
    t.talk.name("link-unblocked", &talk.post(0));
    t.talk.react(&talk.post(2), "tada", &["maja", "viktor", "kenji"]);
}

fn unblocked_by_the_assignee_in_the_channel(t: &mut Telling) {
    let c = t.calendar.clone();
    t.talk.say("dct-apps", "grace", c.at(5, 8, 40), "Test run stops at the proxy: DCT-57 is blocked, nobody can reach the label service from the test hosts.");
    t.talk.say(
        "dct-apps",
        "liam",
        c.at(4, 14, 20),
        "DCT-57 is unblocked, the two missing rules are in. Sorry for the wait.",
    );
}

fn closed_with_a_check_mark(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread(
        "dct-facilities",
        c.at(4, 10, 30),
        &[
            (
                "layla",
                0,
                "We are blocked on DCT-49: the elevation drawings I got are for the old rack height.",
            ),
            ("jonas", 35, "New ones are in the folder."),
        ],
    );
    t.talk.react(&talk.post(0), "white_check_mark", &["layla"]);
}

fn negated_past_hypothetical_and_quoted(t: &mut Telling) {
    let c = t.calendar.clone();
    t.talk.say("dct-apps", "minh", c.at(4, 8, 15), "Since two people asked: we are not blocked on DCT-53. The session store waits for nobody, I am just slow this week 🐢");
    t.talk.say("dct-cutover", "grace", c.at(3, 9, 30), "If DCT-50 slips we'd be blocked for the rehearsal, so I take the smaller load profile first and add the big one later.");
    t.talk.say("dct-network", "noam", c.at(3, 11, 5), "Last week we were blocked on DCT-48 by the missing zone transfer; that's history, forwarders answer in 3 ms.");
    t.talk.thread("dct-vendors", c.at(3, 10, 40), &[
        ("fatima", 0, "From the minutes of last month, for the record:\n> DCT-55 is blocked on procurement, optics cannot be ordered.\nThe order went out the day after, delivery note attached to the ticket."),
        ("layla", 26, "Thank you, I'll file it with the minutes."),
    ]);
    let coffee = t.talk.thread(
        "dct-apps",
        c.at(3, 8, 5),
        &[
            ("tariq", 0, "I am totally blocked by the coffee machine again ☕😂"),
            ("ines", 4, "Third floor. Trust me. The one on the third floor remembers you."),
            ("carlos", 310, "Meanwhile in São Paulo: café fresco 😎"),
        ],
    );
    t.talk.name("coffee", &coffee.post(0));
    t.talk.react(&coffee.post(0), "joy", &["ines", "chloe", "minh", "luca"]);
}

fn keys_that_do_not_count(t: &mut Telling) {
    let c = t.calendar.clone();
    t.talk.say("dct-apps", "liam", c.at(3, 13, 30), "Funny find in the old wiki's error catalogue:\n```\nE4012 build agent: DCT-46 is blocked by missing intermediate certificate\nE4013 build agent: see E4012\n```\nWe kept the numbers of the tickets in the error texts. Who does that.");
    t.talk.say("dct-apps", "sanna", c.at(3, 13, 55), "Somebody upstream has the same prefix: https://github.com/rackspec/tools/issues/DCT-46 says it is blocked on a release of theirs. Not our ticket, just a funny coincidence.");
}

/// First it said that DCT-56 is blocked; it no longer does.
fn edited_away(t: &mut Telling) {
    let c = t.calendar.clone();
    let said = t.talk.say("dct-network", "erik", c.at(4, 9, 20), "DCT-56 is blocked by the address plan.");
    t.talk.edit(
        &said,
        c.at(4, 10, 45),
        "DCT-56: I had the old address plan open, sorry. All good, carrying on with VLAN 340 to 352.",
    );
}

/// A blocker that its author took back by deleting it.
fn deleted(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread(
        "dct-storage",
        c.at(3, 8, 20),
        &[
            ("maja", 0, "We are blocked, both controllers of the new array are gone!"),
            ("kenji", 3, "Maja, that is the array on the training floor."),
            ("maja", 2, "… I'll delete this and pretend it never happened."),
        ],
    );
    t.talk.delete(&talk.post(0));
    t.talk.react(&talk.post(1), "joy", &["lena", "viktor", "maja"]);
}
