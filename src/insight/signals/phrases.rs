//! What different people write, whole messages as they stand in a channel, and what must be heard in them.

use super::question::FirstNames;
use super::sentence::sentences;
use super::*;
use crate::insight::world::{World, user};

/// What a message says about being blocked: how sure it is that it is, or that it is over.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Firm,
    Weak,
    Over,
    Nothing,
}

fn heard(text: &str) -> Heard {
    let (language, said) = (Language::of(&crate::domain::Lexicon::default()), sentences(text));
    match standing(&super::Heard::of(&language, &said)) {
        Some(Standing::Blocked(said)) if said.certainty >= FIRM => Heard::Firm,
        Some(Standing::Blocked(_)) => Heard::Weak,
        Some(Standing::Free(_)) => Heard::Over,
        None => Heard::Nothing,
    }
}

fn unlike(expected: &[Heard], texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|text| (*text, heard(text)))
        .filter(|(_, heard)| !expected.contains(heard))
        .map(|(text, heard)| format!("{heard:?}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "expected {expected:?}, heard\n{}", wrong.join("\n"));
}

#[test]
fn blockers() {
    unlike(
        &[Heard::Firm],
        &[
            "PROJ-12: blocked",
            "PROJ-12 blocked :(",
            "status: blocked",
            "Status = BLOCKED",
            "blocker → DCT-9",
            "Blockers: DCT-9 (certs)",
            "FYI DCT-9 is blocked by infra, no ETA",
            "heads up team, DCT-9 just got blocked on a security exception",
            "DCT-9 remains blocked… still not fixed",
            "DCT-9 is dead in the water until we get creds",
            "DCT-9 can't move until legal signs off",
            "we can't deploy DCT-9 because staging is down",
            "nothing can happen on DCT-9 until the vendor ships the patch",
            "DCT-9 is hard blocked",
            "Blocking issue on DCT-9: expired cert",
            "hit a wall on DCT-9",
            "DCT-9 has hit a roadblock, procurement lost the order",
            "DCT-9 is stuck in procurement",
            "we're at a standstill with DCT-9",
            "roadblock on DCT-9: no budget code",
            "DCT-9 - BLOCKED - waiting on firewall change",
            "🚨 DCT-9 blocked by missing IAM role",
            "Blocked on DCT-9. Need prod access from <@U1>.",
            "I'm blocked. DCT-9 needs DB creds nobody has",
            "update on DCT-9:\n• design done\n• blocked on vendor quote",
            "*Status*\n- DCT-8: done\n- DCT-9: blocked (waiting for certs)",
            "1. rack plan: done\n2. cabling: blocked, no patch cables",
            "Can't make progress on DCT-9 without the API keys",
            "DCT-9 depends on the DNS change, which isn't done, so we can't start until it is",
            "unable to proceed with DCT-9, access denied on the jump host",
            "The vendor outage is blocking DCT-9",
            "Legal are holding up DCT-9",
            "we are stuck, DCT-9 keeps failing on the cert",
            "this is blocked pending security approval",
            "DCT-9 blocked again, same cert issue",
            "Impacted: DCT-9, blocked by INC-77",
            "We have a blocker with DCT-9",
            "new blocker on DCT-9 :rotating_light:",
            "just learned that DCT-9 is blocked by the freeze",
            "Sorry for the delay, I was out sick. DCT-9 is still blocked.",
            "Turns out DCT-9 is blocked by procurement",
            "blocked!!",
            "BLOCKER",
            "DCT-9 cannot go ahead, no change approval",
            "Tomasz says DCT-9 is blocked on the licence",
            "I fixed the typo in the plan, but DCT-9 is blocked on legal",
            "We thought it was fixed, but DCT-9 is blocked again",
            "DCT-9 — still blocked, day 3",
            "Quick update: the firewall team is blocking us",
            "DCT-9 is blocked 😩 anyone know who owns the proxy?",
            "DCT-9 is blocked on the vendor, ping me if you know somebody there",
            "DCT-9 is completely stalled, nobody from the vendor picks up",
            "nothing moves on DCT-9 until the lawyers answer",
            "DCT-9 sits idle, the badge office lost our form",
            "we are going nowhere with DCT-9",
            "purchasing is holding up DCT-9",
            "the network crew is our bottleneck on DCT-9",
            "DCT-9 is waiting on the landlord to hand over the keys",
            "no way to start DCT-9 before the audit closes",
            "nothing we can do on DCT-9 before Thursday's window",
            "our hands are tied on DCT-9",
            "security has to approve the ports before we start DCT-9",
            "DCT-9 needs a bigger licence before we can continue",
            "DCT-9 stopped. Legal pulled the contract.",
            "DCT-9 is on ice until March",
            "DCT-9 is parked, pending sign-off from finance",
            "we can't even begin DCT-9 w/o the drawings",
            "DCT-9 is blcoked on procurement",
            "the freeze keeps us from touching DCT-9",
            "nobody at the carrier answers, DCT-9 is in limbo",
            "nothing goes out the door until the notified body signs the report",
            "we've been told to stop all drilling until the surveyor has been",
            "there's nobody left who can approve our purchase order",
            "I'm not getting any further here without the SAP folks",
        ],
    );
    unlike(
        &[Heard::Firm, Heard::Weak],
        &[
            "DCT-9 has been waiting on legal for a week",
            "can't test DCT-9, the env is down",
            "I guess DCT-9 is blocked then",
            "still waiting for the vendor on DCT-9",
            "DCT-9 is paused until the audit is over",
            "DCT-9 is a no-go until the pen test results are in",
            "🛑 DCT-9",
        ],
    );
}

#[test]
fn no_blockers() {
    unlike(
        &[Heard::Nothing, Heard::Over],
        &[
            "I confirmed eight, so nothing is open here",
            "What is behind ACL line 42? No comment, no hit counter.",
            "DCT-9 isn't blocked anymore",
            "Not blocked, just slow on DCT-9",
            "Blockers: none from my side",
            "no blockers from me today",
            "Blockers - n/a",
            "Is DCT-9 still blocked?",
            "Anything blocking DCT-9?",
            "DCT-9 blocked?",
            "Could DCT-9 become a blocker?",
            "If we don't get creds by Friday DCT-9 will be blocked",
            "DCT-9 would be blocked if they slip",
            "To avoid being blocked on DCT-9 I asked early",
            "Let me know if you get stuck on DCT-9",
            "DCT-9 used to be blocked on legal",
            "I thought DCT-9 was blocked but it's not",
            "lol blocked by my cat on the keyboard",
            "blocked my calendar for DCT-9 work",
            "Removed the blocker on DCT-9",
            "The blocker on DCT-9 is gone",
            "the thing that was blocking DCT-9 is fixed",
            "DCT-9 no longer blocked :tada:",
            "Happy to report DCT-9 is unblocked",
            "Yesterday we were blocked on DCT-9, all good today",
            "what happens if DCT-9 is blocked?",
            "Somebody upstream has the same prefix: https://example.com/DCT-9 says it is blocked on a release of theirs.",
            "their changelog says that it's blocked by a kernel bug",
            "DCT-9 is not a blocker for the cutover",
            "I don't see any blockers for DCT-9",
            "We got blocked last week but moved on",
            "the firewall blocked the request, as it should",
            "Nothing is holding up DCT-9",
            "we can't be blocked by this, right?",
            "unblock yourself first :joy:",
            "DCT-9 shouldn't be blocked by this",
            "Good news, not stuck any more",
            "who is blocking the meeting room?",
            "I can't make it until 3pm",
            "can't join until 10, sorry",
            "we cannot thank you enough until the party",
            "writer's block again",
            "please stop blocking the fire exit with pallets",
            "worst case DCT-9 gets blocked for a day",
            "last quarter DCT-9 got blocked for two weeks",
            "the payments squad is stuck on something of their own, DCT-9 is fine",
            "it is marketing that is blocked",
            "someone claimed DCT-9 is blocked, it isn't",
            "according to the old slides DCT-9 is blocked, ignore that",
            "I'd hate to see DCT-9 stuck",
            "it's not like DCT-9 is stuck",
            "we almost got blocked by the freeze",
            "let's not get stuck on the colour",
            "we parked in the wrong lot",
            "I can't find the slides, can someone share them",
            "unpaid invoices get blocked automatically",
            "DCT-9: the banner now blocks all trackers until consent is given",
            "DCT-9: requests are blocked after five retries",
            "DCT-9 is on hold by choice",
            "users can't log in until they confirm their mail",
            "it can't be merged without two reviews, that's how the repo is set up",
            "DCT-9: the app refuses to start without permission, that's how it should be",
            "DCT-9: Blocked → Done",
            "next time we're blocked like this on DCT-9 please escalate sooner",
            "DCT-9 stopped being a blocker",
            "DCT-9 is blocked by nothing but my motivation",
            "DCT-9 is not going anywhere, we agreed to drop it",
            "until yesterday we couldn't deploy on arm",
            "my keyboard is dead, using the spare",
            "can't make any promises for friday",
            "the only admin is on leave but her deputy does it all",
            "you can't order without a cost centre, use 4711",
            "so nothing is lost when the user swipes",
        ],
    );
}

#[test]
fn ends() {
    unlike(
        &[Heard::Over],
        &[
            "we're good now on DCT-9",
            "we are good now",
            "got it working",
            "finally got it to work",
            "all clear",
            "back in business",
            "no longer an issue",
            "not an issue anymore",
            "fixed in main",
            "DCT-9 is good to go",
            "DCT-9 is moving again",
            "sorted it out with infra",
            "access granted, thanks! Unblocked.",
            "this is resolved now",
            "problem solved",
            "issue is gone",
            "working now",
            "it's working now, thanks Sam",
            "works now",
            "vendor delivered, we're unblocked",
            "can proceed now",
            "that did it, thanks!",
            "that fixed it",
            "that solved it :pray:",
            "confirmed fixed",
            "unblocked as of this morning",
            "Blocker cleared",
            "the blocker has been resolved by network",
            "Update: resolved",
            "DCT-9 is blocked on the vendor.\nEDIT: fixed",
            "Resolved ✅",
            "no blocker any more",
            "we have everything we need now, DCT-9 is unblocked",
            "cert arrived so DCT-9 isn't blocked any longer",
            "Network fixed the route for DCT-9 🎉",
            "jetzt läuft's, behoben",
            "gtg",
            "approval came in, off we go",
            "false alarm",
            "nvm it works",
            "legal signed",
            "green light from security, carry on",
            "it resolved itself",
            "we can continue",
            "it's thorugh now",
            "we've found a way around the DCT-9 blocker",
            "legal ok'd it",
        ],
    );
}

#[test]
fn no_ends() {
    unlike(
        &[Heard::Nothing, Heard::Firm, Heard::Weak],
        &[
            "looks like it's resolved?",
            "still not fixed…",
            "still not fixed",
            "is this fixed yet?",
            "should be fixed tomorrow",
            "not resolved",
            "hoping it gets resolved today",
            "working on it",
            "will unblock you tomorrow",
            "trying to get unblocked",
            "fix is in progress",
            "will be good to go once legal signs",
            "can we get this sorted?",
            "any ETA on getting this resolved?",
            "it's not working",
            "didn't work",
            "that didn't fix it",
            "that didn't work",
            "I fixed the typo in DCT-9",
            "need this sorted by Friday",
            "almost there",
            "partially fixed",
            "we're not good yet",
            "it isn't working now",
            "are we good now?",
            "once it's working again I'll tell you",
            "not all clear yet",
            "would be fixed by a restart",
            "who fixed it?",
            "it never got fixed",
            "vendor says it will be fixed next week",
            "have they fixed it",
            "it's still an issue",
            "the test data has not been delivered",
            "we do not have the permit",
            "unresolved",
        ],
    );
}

#[test]
fn completions() {
    let done = |text: &&&str| super::reader::surest("completion", text).is_some();
    let yes = [
        "DCT-9 is in prod",
        "DCT-9 is in production since noon",
        "shipped DCT-9 :ship:",
        "we went live with DCT-9 last night",
        "DCT-9 finished",
        "wrapped up DCT-9",
        "pushed DCT-9 to prod",
        "DCT-9 delivered to the customer",
        "migration for DCT-9 complete",
        "released DCT-9 in 2.4",
        "DCT-9 — done!",
        "DCT-9: done",
        "just finished DCT-9",
        "DCT-9 has been rolled out to all regions",
        "DCT-9 is complete and verified",
        "FYI DCT-9 is live",
        "- DCT-8: in progress\n- DCT-9: shipped",
        "Deployed DCT-9 this morning",
    ];
    let no = [
        "DCT-9 done?",
        "DCT-9 is not live yet",
        "DCT-9 should ship Friday",
        "ready to ship DCT-9",
        "can't wait until DCT-9 is done",
        "DCT-9 will go live on Monday",
        "half of DCT-9 is shipped",
        "we plan to ship DCT-9",
        "DCT-9 not shipped",
        "get DCT-9 done by EOD",
        "who shipped DCT-9?",
        "has DCT-9 been released?",
        "DCT-9 needs to be finished first",
        "once DCT-9 is complete we start",
        "DCT-9 deployed to staging",
        "nearly finished DCT-9",
        "Plan for DCT-9: all of it shipped by the end of the sprint if the caches behave",
    ];
    let missed: Vec<_> = yes.iter().filter(|text| !done(text)).collect();
    let wrong: Vec<_> = no.iter().filter(done).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:#?}\nwrong {wrong:#?}");
}

#[test]
fn questions() {
    let facts = World::new().facts();
    let names = FirstNames::of(&facts.people);
    let (sam, marco) = (user("sam"), user("marco"));
    let asks = |text: &str| {
        let text = text.replace("@M", &format!("<@{marco}>")).replace("@P", &format!("<@{}>", user("priya")));
        let found = question::read(&sentences(&text), &sam, &names, &facts.people);
        found.is_some_and(|(asked, _)| asked.contains(&marco))
    };
    let yes = [
        "fyi @M can we move our 1:1 to Tuesday?",
        "@M thoughts on DCT-9?",
        "@M could you please review the cutover plan",
        "@M when can we expect the certs",
        "Marco any update on DCT-9",
        "@M — do we have a date yet?",
        "Hey @M, quick q: is the freeze on?",
        "Can you confirm the date, @M?",
        "@M need your sign-off on DCT-9 please",
        "@M please advise",
        "Do you know who owns this @M?",
        "@M @P can one of you approve DCT-9?",
        "Hi @M\nhope you had a good weekend\nis the rack ready?",
        "Marco, could you check the PO?",
        "@M can we ship on Friday or is the freeze still on?",
        "morning @M :wave: any news from the vendor?",
        "@M let me know if 5 Dec works",
    ];
    let no = [
        "@M fyi done",
        "thanks @M!",
        "@M and I talked, all good",
        "great work @M 🎉",
        "cc @M",
        "@M is out today",
        "I asked @M already",
        "@M is on it",
        "Shoutout to @M for fixing this",
        "as @M said, can we move the date?",
        "per @M the date is fixed. Anyone against?",
        "anyone know when @M is back?",
        "@P can you ask Marco?",
        "&gt; @M can you?\ndone",
        "can somebody help?",
        "thank you @M, any time!",
    ];
    let missed: Vec<_> = yes.iter().filter(|text| !asks(text)).collect();
    let wrong: Vec<_> = no.iter().filter(|text| asks(text)).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:#?}\nwrong {wrong:#?}");
}

#[test]
fn what_is_taken_back_at_once_was_not_said() {
    unlike(
        &[Heard::Nothing, Heard::Over],
        &[
            "<@U1> says we're stuck on DCT-9 but that's a misreading of the board, work is going along fine",
            "Sales thinks DCT-9 can't continue without them. It can, and it is.",
            "the dashboard shows DCT-9 as impeded, that's a stale flag from the import",
            "alert text in DCT-9: 'connection blocked, resuming sync'. Please check spelling",
        ],
    );
    unlike(
        &[Heard::Firm],
        &[
            "until the HSM cards are here DCT-9 stays frozen",
            "DCT-9 is going nowhere unless <@U1> unlocks the vault",
            "DCT-9 - dead in the water. The board arrived with the wrong connector.",
            "we're gated on purchasing for the DR exercise",
        ],
    );
    unlike(&[Heard::Nothing], &["DCT-9 is live, the ticket is closed too", "Rack B02 is full at unit 23"]);
}

/// One of each family: what is missing, who refuses, who is away, what is broken, what stops and what it looks like.
#[test]
fn blockers_by_family() {
    unlike(
        &[Heard::Firm],
        &[
            "no SIM cards, no DCT-9 field test",
            "we have zero test phones, so the DCT-9 pilot can't start",
            "DCT-9's sensors are still on a boat, can't install a single one",
            "the tenant was deleted, we have nowhere to deploy DCT-9",
            "the regulator forbade us to continue with DCT-9",
            "legal told us to stop all work on DCT-9",
            "somebody revoked my role so I can't run the DCT-9 migration",
            "the auditors froze every change, DCT-9 included",
            "the one admin with the root key is on parental leave, no deputy, DCT-9 can't go out",
            "nobody can tell us who owns the domain, so DCT-9 is dead until somebody does",
            "QA env is down again, no regression run for DCT-9 today",
            "the release freeze got extended, can't deploy DCT-9",
            "the cluster is out of memory and the DCT-9 jobs never get scheduled",
            "DCT-9 blocked now, the firmware bricked itself and there's no recovery image",
            "DCT-9: PR 5 blocked, the partner's endpoint returns 500",
            "not much we can do on DCT-9 until they hand out the tokens",
            "until the fuse box is certified we're not permitted to power up DCT-9",
            "without root on those hosts DCT-9 is a non-starter",
            "DCT-9 has come off the rails, the subcontractor folded",
            "DCT-9 is being strangled by the change freeze",
            "DCT-9 is in a queue behind three other teams",
            "no one on the carrier's side answers, so I'm waiting again on DCT-9",
            "rollout of DCT-9 on hold cos procurement lost the order",
            "the feed is dead, still nothing coming in for DCT-9",
        ],
    );
    unlike(
        &[Heard::Nothing, Heard::Over],
        &[
            "DCT-9 handles the case where the vendor doesn't reply",
            "DCT-9 introduces a lock so that nobody can deploy during the freeze",
            "users report being locked out, DCT-9 is to fix that",
            "my train is stuck, I'll be late for the DCT-9 call",
            "forget what I said about DCT-9 being stuck, wrong cable",
            "the vendor isn't answering but we don't need them for DCT-9 anymore",
            "DCT-9 hasn't moved because I was on something else",
            "no rush on DCT-9, no stress",
            "DCT-9: icons still to do",
        ],
    );
}

#[test]
fn what_has_come_and_what_has_not() {
    unlike(
        &[Heard::Over],
        &[
            "customs released the boxes",
            "the new firmware boots",
            "they replaced the disk",
            "firewall rule went in, I can reach the host",
            "that helped, thank you",
            "the error doesn't show up any more",
            "the block on DCT-9 is gone",
            "DCT-9 is fine, sorry, I meant another one",
        ],
    );
    unlike(
        &[Heard::Nothing],
        &[
            "the wrong parts arrived",
            "they approved the other request",
            "the approver is back on the 3rd",
            "the lab opens again in March",
            "the horn arrived cracked",
        ],
    );
}

#[test]
fn decisions_and_what_is_none() {
    let decided =
        |text: &str| super::reader::surest("decision", text).is_some_and(|said| said.certainty >= FIRM);
    let yes = [
        "consensus reached on DCT-9, keys per tenant",
        "poll closed. DCT-9 = option 3",
        "we've made up our minds about DCT-9: Stripe",
        "everybody's on board with weekly releases for DCT-9",
        "right, Helm it is for DCT-9",
        "the jury is in: DCT-9 will be done in Go",
        "after comparing all three we took the small boxes for DCT-9",
        "CFO ok'd it, we buy three years for DCT-9",
    ];
    let no = [
        "the access request for DCT-9 was approved",
        "looked at your runbook, approved",
        "DCT-9 is finished: three houses accepted the proofs",
        "they picked another vendor for their project, not related to DCT-9",
        "the decision about DCT-9 got postponed",
        "agreed, DCT-9 needs more tests",
        "the key is locked in Piotr's cupboard, note for the retro: never again",
        "in a meeting, later",
    ];
    let missed: Vec<_> = yes.iter().filter(|text| !decided(text)).collect();
    let wrong: Vec<_> = no.iter().filter(|text| decided(text)).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:#?}\nwrong {wrong:#?}");
}

#[test]
fn two_hints_of_different_sorts_are_a_decision() {
    let decided =
        |text: &str| super::reader::surest("decision", text).is_some_and(|said| said.certainty >= FIRM);
    for text in [
        "DCT-9: dark mode is out of scope. Confirmed by the PO.",
        "quick summary of the security call: we mandate passkeys for admins",
        "After the spike the leads dismissed websockets, so DCT-9 will use SSE",
    ] {
        assert!(decided(text), "{text}");
    }
    for text in [
        "dark mode is out of scope of this question",
        "in the call we will discuss what is out of scope",
        "the optimizer chose a nested loop join, that's why DCT-9 is slow",
        "DCT-9 agreed in the meeting? I don't think so",
    ] {
        assert!(!decided(text), "{text}");
    }
}

#[test]
fn past_doubted_and_supposed_blockers_are_none() {
    unlike(
        &[Heard::Over, Heard::Nothing],
        &[
            "Retro: DCT-9 got stuck in March because of the bank; we recovered",
            "DCT-9 got blocked on Monday, the team recovered quickly",
            "DCT-9 is moving again after being stuck for days",
            "DCT-9 has been blocked three times this quarter",
            "We cleared all blockers on DCT-9",
            "I wouldn't call the migration blocked, it just waits its turn",
            "I don't believe the rack plan is stuck",
            "I doubt that DCT-9 is blocked",
            "Should the carrier pull out, DCT-9 is blocked",
            "we haven't released DCT-9 yet",
            "DCT-9 won't be finished this sprint",
            "we can't call DCT-9 finished before the review",
        ],
    );
    unlike(
        &[Heard::Firm],
        &[
            "DCT-9 is blocked, the spares come in February",
            "DCT-9 is stuck since the controller broke in June",
            "DCT-9 is blocked by the audit, we can only go on in March",
            "DCT-9 is blocked, we can only continue next month",
            "DCT-9: the security review is a blocker",
            "*BLOCKED* DCT-9 – no licences left",
            "DCT-9 wird blockiert",
        ],
    );
}
