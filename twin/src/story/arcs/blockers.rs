//! Blockers that are real and still open.

use crate::story::telling::Telling;
use crate::story::tickets::What;

/// DCT-42, DCT-51, DCT-72, DCT-44, ROAD-15, ROAD-3, DCT-74.
pub fn tell(t: &mut Telling) {
    firewall_waits_for_the_vendor(t);
    everybody_talks_about_tls(t);
    power_feeds_are_flagged(t);
    carrier_session_is_blocked_in_jira(t);
    green_backup_that_cannot_restore(t);
    green_power_that_jira_calls_blocked(t);
    fibre_that_both_sides_know(t);
}

/// Slack says blocked for days; in Jira only a rule has touched it since.
fn firewall_waits_for_the_vendor(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread("dct-network", c.at(5, 9, 40), &[
        ("tomasz", 0, "DCT-42 is blocked: the firewall vendor has not released the licence for the rack B pair, so I can't load the rule base. Case 88213 is open with them since this morning."),
        ("yusuf", 7, "Did they give a date?"),
        ("tomasz", 4, "No. \"Under review by the licensing desk\" is all I have."),
        ("erik", 31, "The pair in rack A took them four days, if that helps anybody plan."),
        ("noam", 58, "I will not sign off a temporary any-any rule for this, before anyone asks 🙂"),
    ]);
    t.talk.name("firewall-blocker", &talk.post(0));
    t.talk.react(&talk.post(4), "joy", &["erik", "yusuf"]);
    let later = t.talk.thread(
        "dct-network",
        c.at(2, 10, 15),
        &[
            (
                "tomasz",
                0,
                "Still blocked on the vendor for DCT-42, day four. Escalated to their account manager.",
            ),
            ("marcus", 22, "Thanks. If there is nothing by tomorrow I'll call Sven at their end."),
            ("liam", 16, "The proxy pair sits behind the same licence, isn't it the same case number?"),
            ("tomasz", 9, "Same case. One licence, two pairs."),
        ],
    );
    t.talk.react(&later.post(1), "pray", &["tomasz"]);
    t.tickets.change("DCT-42", "automation", c.at(2, 6, 0), What::Labels("fra2 sprint-32"));
    t.tickets.comment(
        "DCT-42",
        "automation",
        c.at(1, 6, 0),
        "This issue has been in progress for more than five days.",
    );
}

/// No blocker, but nine messages by five people, and nobody has touched the issue.
fn everybody_talks_about_tls(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread("dct-apps", c.at(4, 10, 5), &[
        ("samito", 0, "DCT-51: the new load balancers offer two ways to offload TLS. Per listener is simple, per service keeps the old certificates in use until spring. Opinions?"),
        ("chloe", 12, "Per service, please. Wave B brings nine more certificates and I don't want to touch listeners then."),
        ("wei", 6, "Per listener costs one restart per certificate, I measured 4 s in staging."),
        ("liam", 21, "4 s × 31 certificates, twice a year. I could live with that, but per service is cleaner."),
        ("shira", 95, "From the security side both are fine as long as 1.3 is the floor. SHA-1 chains must not come along."),
        ("samito", 14, "No SHA-1 left, I checked all 31. UTF-8 in two subject names though 🙃"),
        ("chloe", 9, "The umlauts of the Köln depot, of course."),
    ]);
    t.talk.react(&talk.post(6), "joy", &["samito", "wei", "liam"]);
    t.talk.say("dct-apps", "samito", c.at(2, 11, 20), "Numbers for DCT-51 with per-service offload: p99 handshake 11 ms, CPU at 38 %. Comparison sheet is in the channel's files.");
    t.talk.say(
        "dct-apps",
        "wei",
        c.at(2, 11, 48),
        "Nice numbers on DCT-51. Same test with 2,000 connections would convince me completely.",
    );
}

/// Blocked in Slack, flagged in Jira by a person afterwards: nothing is stale.
fn power_feeds_are_flagged(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread("dct-facilities", c.at(4, 8, 50), &[
        ("jonas", 0, "DCT-72 is blocked: breaker for the B-side feed of row 5 is the wrong rating, replacement comes from Mannheim."),
        ("layla", 15, "Wie lange dauert der Ersatz?"),
        ("jonas", 5, "Zwei bis drei Tage, sagt der Lieferant. Ich habe das Ticket geflaggt."),
        ("stavros", 40, "Rows 4 and 6 can go on meanwhile, we have the PDUs on site."),
    ]);
    t.tickets.change("DCT-72", "jonas", talk.post(2).at, What::Flag(true));
    t.tickets.comment(
        "DCT-72",
        "jonas",
        c.at(2, 9, 10),
        "Breaker shipped from Mannheim, tracking number is with <@layla>. Flag stays until it is mounted.",
    );
}

/// The Jira app repeats what Jira says, again and again; bots are not people.
fn carrier_session_is_blocked_in_jira(t: &mut Telling) {
    let c = t.calendar.clone();
    for (k, minute) in [(3, 5), (3, 25), (2, 10), (2, 40), (1, 15), (1, 35)] {
        t.talk.say("dct-network", "jiracloud", c.at(k, 12, minute), "*Yusuf Demir* updated *DCT-44* BGP sessions to both carriers\nStatus: *Blocked* · Priority: *High* · blocked by carrier maintenance");
    }
    t.tickets.comment("DCT-44", "yusuf", c.at(2, 9, 30), "Second carrier moved its maintenance to next week; they will bring the session up in the same night.");
    t.tickets.comment("DCT-44", "yusuf", c.at(1, 10, 0), "Change record on their side: CHG-4471.");
}

/// The page calls ROAD-15 green while Slack has an open blocker; Jira was touched since.
fn green_backup_that_cannot_restore(t: &mut Telling) {
    let c = t.calendar.clone();
    let talk = t.talk.thread("dct-storage", c.at(4, 13, 10), &[
        ("viktor", 0, "Bad news on ROAD-15: the restore test fails at 62 % every time, the archive index does not fit the new appliance. We are blocked until the vendor sends a patched firmware."),
        ("lena", 11, "Does it hit every archive, or the big one only?"),
        ("viktor", 6, "Everything above 40 TB, so the three that matter."),
        ("nadia", 25, "I can split the analytics archive, but that needs a week of reading tapes."),
    ]);
    t.talk.name("restore-blocker", &talk.post(0));
    t.talk.react(&talk.post(0), "cry", &["lena", "nadia", "maja"]);
    t.tickets.comment(
        "ROAD-15",
        "viktor",
        c.at(2, 14, 0),
        "Vendor case 5520-118 for the index limit. Weekly call with them is on Thursdays.",
    );
}

/// The page says green; in Jira the initiative is blocked.
fn green_power_that_jira_calls_blocked(t: &mut Telling) {
    let c = t.calendar.clone();
    t.tickets.comment("ROAD-3", "layla", c.at(4, 9, 0), "Cooling acceptance is refused until the second chiller has run 72 hours without an alarm. Set to Blocked.");
    t.tickets.comment("ROAD-3", "yara", c.at(2, 8, 30), "Hour 31 of 72 and counting, no alarm so far.");
    t.talk.thread(
        "dct-facilities",
        c.at(2, 7, 55),
        &[
            ("yara", 0, "Chiller 2: 31 hours without an alarm ❄️"),
            ("layla", 14, "Habibi, please don't jinx it."),
            ("jonas", 20, "Klopf auf Holz 🪵"),
        ],
    );
}

/// Blocked in Jira, blocked in Slack, commented on since: both sides agree.
fn fibre_that_both_sides_know(t: &mut Telling) {
    let c = t.calendar.clone();
    t.talk.thread("dct-network", c.at(4, 11, 0), &[
        ("erik", 0, "DCT-74 stays blocked, the city has not given the permit for the duct between the halls."),
        ("yusuf", 18, "We have the cross-connect through the meet-me room until then, so nothing else waits for it."),
    ]);
    t.tickets.comment(
        "DCT-74",
        "erik",
        c.at(3, 10, 20),
        "Permit office answers on Tuesdays only. Asked again, reference F-2231.",
    );
}
