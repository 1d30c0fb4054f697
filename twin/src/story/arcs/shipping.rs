//! What Slack calls done, what Jira calls done, what the page calls done.

use crate::story::telling::Telling;

/// DCT-58, 59, 60, 61, and the page's view of DCT-9.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let tracking = t.talk.thread("dct-apps", c.at(3, 12, 10), &[
        ("tariq", 0, "DCT-58 is shipped 🚀 tracking answers from Frankfurt since 12:00, 100 % of the read traffic."),
        ("chloe", 3, "Bravo!"),
        ("emily", 330, "Customers in Munich say the map loads faster, whatever you did, thank you ☀️"),
        ("olu", 970, "Beautiful. Added to the weekly notes."),
    ]);
    t.talk.name("tracking-shipped", &tracking.post(0));
    t.talk.react(&tracking.post(0), "rocket", &["chloe", "carlos", "olu", "marcus", "ines"]);

    let labels = t.talk.thread(
        "dct-apps",
        c.at(2, 14, 0),
        &[
            ("carlos", 0, "DCT-59 is live: labels print from FRA2, ticket is closed too."),
            ("ilse", 6, "Saw the first 400 go through, no retries."),
        ],
    );
    t.talk.react(&labels.post(0), "tada", &["chloe", "tariq", "kwame"]);

    t.talk.say("dct-apps", "kwame", c.at(2, 10, 50), "Plan for DCT-60: half of the lookups by tomorrow evening, all of them shipped by the end of the sprint if the caches behave.");

    let checks = t.talk.thread("dct-apps", c.at(3, 9, 10), &[
        ("ilse", 0, "DCT-61 is blocked again: since the new proxy the health checks get a 403 and the balancer takes healthy label printers out."),
        ("kwame", 17, "Reproduced. The check sends no host header."),
        ("ilse", 8, "And the probe's code is owned by the balancer vendor. Case opened."),
    ]);
    t.talk.name("health-checks-blocked-again", &checks.post(0));

    t.tickets.comment(
        "DCT-9",
        "yara",
        c.at(3, 9, 45),
        "Two doors in hall 2 still open for everybody with a blue badge; waiting for the review by security.",
    );
}
