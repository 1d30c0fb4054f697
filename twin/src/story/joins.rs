//! People come into channels, as Slack tells it.

use super::talk::message;
use super::telling::Telling;
use crate::world::Message;

/// A few joins and one who was invited.
pub fn tell(t: &mut Telling) {
    let c = t.calendar.clone();
    let joins = [
        ("dct-program", "grace", 9, 8),
        ("dct-program", "amara", 8, 10),
        ("dct-cutover", "amara", 8, 10),
        ("dct-cutover", "emily", 7, 17),
        ("dct-apps", "minh", 9, 7),
        ("dct-facilities", "gwen", 6, 9),
        ("dct-facilities", "stavros", 6, 9),
        ("dct-storage", "nadia", 7, 11),
        ("dct-network", "haruto", 8, 7),
        ("dct-vendors", "ruth", 9, 10),
        ("general", "tess", 9, 9),
    ];
    for (place, (channel, who, k, hour)) in (0_i8..).zip(joins) {
        let text = format!("<@{who}> has joined the channel");
        let said = Message { subtype: Some("channel_join".to_owned()), ..message(who, &text) };
        t.talk.put(channel, c.at(k, hour, 10 + place), None, said);
    }
}
