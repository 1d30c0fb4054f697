//! Questions that nobody has answered.

use crate::story::telling::Telling;

/// Three to Dana, one of them where few can see it; one to Lena.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let cutover = t.talk.thread("dct-cutover", c.at(2, 10, 5), &[
        ("priya", 0, "<@dana> can we move the cutover weekend back by one week? Wave A needs both rehearsals, and the carriers have their own freeze after that."),
        ("priya", 190, "I would need to tell the crew before they book trains."),
    ]);
    t.talk.name("move-the-cutover", &cutover.post(0));
    t.talk.react(&cutover.post(0), "eyes", &["olu", "arjun", "grace"]);

    let order = t.talk.say(
        "dct-facilities",
        "layla",
        c.at(3, 9, 50),
        "Dana, who signs the purchase order for the crane while Hugo is away?",
    );
    t.talk.name("who-signs", &order);

    let lena = t.talk.say(
        "dct-storage",
        "viktor",
        c.at(4, 9, 15),
        "<@lena> which of the two appliances should I empty first for the restore test?",
    );
    t.talk.name("which-appliance", &lena);

    let paper = t.talk.say(
        "dct-legal",
        "hannah",
        c.at(2, 14, 40),
        "<@dana> is the data processing addendum with Meridian signed by both sides, or only by us?",
    );
    t.talk.name("addendum", &paper);
}
