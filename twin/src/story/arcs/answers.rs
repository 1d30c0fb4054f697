//! Questions that were answered, each in another way, and some that are none.

use crate::story::telling::Telling;

/// By a thumb, a check mark, somebody else, a later message; too fresh; to an ambiguous name; no question.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let thumb = t.talk.say(
        "dct-program",
        "zofia",
        c.at(4, 9, 45),
        "<@dana> is it fine if I move the sprint review to Thursday?",
    );
    t.talk.react(&thumb, "+1", &["dana"]);
    t.talk.name("review-on-thursday", &thumb);

    let check = t.talk.say(
        "dct-vendors",
        "ruth",
        c.at(3, 13, 20),
        "<@layla> could you send me the visitor list for next week?",
    );
    t.talk.react(&check, "white_check_mark", &["layla"]);
    t.talk.name("visitor-list", &check);

    let other = t.talk.thread(
        "dct-cutover",
        c.at(4, 14, 5),
        &[
            ("arjun", -240, "<@dana> where do I find the list of go/no-go criteria?"),
            ("priya", 21, "It's on the cutover page, second heading, Arjun."),
            ("arjun", 2, "Got it 🙏"),
        ],
    );
    t.talk.name("where-are-the-criteria", &other.post(0));

    let later = t.talk.say(
        "dct-program",
        "hugo",
        c.at(4, 13, 0),
        "<@marcus> how many racks do we keep in SLO1 after January?",
    );
    t.talk.name("how-many-racks", &later);
    t.talk.say(
        "dct-program",
        "marcus",
        c.at(3, 8, 30),
        "<@hugo> four racks, two of them for the tape library. Sheet is updated.",
    );

    let fresh = t.talk.say(
        "dct-program",
        "amara",
        c.last(15, 10),
        "<@dana> do you want the runbook index before or after the rehearsal?",
    );
    t.talk.name("runbook-index", &fresh);

    let which = t.talk.say(
        "dct-program",
        "grace",
        c.at(3, 12, 15),
        "Sam, is the budget for the second load generator approved?",
    );
    t.talk.name("which-sam", &which);

    let note = t.talk.say(
        "dct-program",
        "jonas",
        c.at(3, 8, 10),
        "<@dana> FYI, the load bank goes back to the rental on Friday. Nothing to do for you.",
    );
    t.talk.name("load-bank-note", &note);

    let quoted = t.talk.say("dct-vendors", "fatima", c.at(2, 11, 10), "> <@dana> can you confirm the head count for the site visit?\nThat was Ruth's mail from last month. I confirmed eight, so nothing is open here.");
    t.talk.name("quoted-question", &quoted);
}
