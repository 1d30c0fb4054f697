//! Talk about halls, racks and deliveries; and with the partner.

use super::Dialogue;

#[rustfmt::skip]
pub const DIALOGUES: &[Dialogue] = &[
    &["Delivery at the dock {today|tomorrow} at [time]: [n] pallets, two heavy.", "<Lift is booked from [time].", "<I can meet the driver.", ">{Great, badge is at the desk.|Thanks, he calls your number.}", "<{All inside, dock is free again.|Pallets are in the cage.}"],
    &["Temperature in the cold aisle of row [n]: 22.4 °C, two degrees over the plan.", "<Blanking panels missing in [rack]?", ">Three of them. I have some in the cage.", "<That's the usual.", ">{Now 20.6.|Down to 20.9 already.}", "<❄️"],
    &["Rack [rack] is full at unit [n], the drawing says unit 42.", "<The drawing counts the cable managers.", ">Ah. So two units left.", "<One, if you want to close the door 😄", ">{One then.|Doors are overrated. One.}"],
    &["Wer hat den Schlüssel für Käfig {2|4}?", "<Liegt beim Empfang, Fach [n].", ">Gefunden, danke!", "<Bitte abends wieder zurück."],
    &["Power per rack in hall {1|2}: [rack] draws 4.[n] kW, plan is 6.", "<Both feeds even?", ">Within three percent.", "<{Beautiful.|Textbook.}", "<I'll copy that into the model."],
    &["Colour of patch cables: storage was {orange|green}, wasn't it?", "<Orange storage, blue data, grey management.", "<And yellow for \"temporary\", which is forever.", ">{No yellow then.|I'll hide the yellow ones.}", "<😂"],
    &["Load test of the floor tiles in row [n] is on [day], aisle closed for an hour.", "<I'm in row [n] then, that's far enough.", ">Ear protection is at the door.", "<[thanks]"],
    &["صباح الخير، وصلت الكابلات الجديدة (Good morning, the new cables are here): [n] boxes.", "<Great, are the short ones in?", ">{نعم (yes), 1 m and 2 m.|Half metre and one metre, yes.}", "<{I'll fetch ten.|Perfect for the top of rack.}", "<[thanks]"],
    &["Camera [n] looks at a pillar. Who may turn it?", "<Security desk does that, they like to be asked nicely.", ">Asked nicely. {They turned it while I was there.|On their list for today.}", "<{🎥|Good.}"],
    &["Labels for [rack]: front and back, or front only?", "<Front and back, the night shift works from behind.", "<And large enough without glasses please 👓", ">Printing in 14 point.", "<[thanks]"],
    &["Noise reading in hall 2 is [n]1 dB. Is that okay for a four-hour shift?", "<With ear protection yes, without for one hour.", ">{Signs are ordered.|I'll put up the sign.}", "<{Ear plugs are in the box at the door.|Good thinking.}"],
];

#[rustfmt::skip]
pub const ASIDES: &[&str] = &[
    "Hall {1|2}: 21.[n] °C, humidity [pct]. All calm.",
    "[rack] has doors now. It looks almost professional 🚪",
    "Pallet jack is back at the dock, please leave it there.",
    "Dock is busy from [time] on, {two trucks|one truck} for another tenant.",
    "Photos of [rack] from behind are in the folder.",
    "Swept the cage. You're welcome 🧹",
    "Remote hands count this week: [n], all short ones.",
    "Heute bis [time] in der Halle, danach Büro.",
    "Recycled [n] kg of cardboard, a personal best ♻️",
];

#[rustfmt::skip]
pub const VENDORS: &[Dialogue] = &[
    &["Visitor list for [day] has [n] names now, is the small meeting room enough?", "<It seats twelve, and there is the canteen.", ">{Then it's enough.|Good.} [thanks]"],
    &["Monthly power report is in the portal.", "<Got it, numbers match our meters within one percent.", ">Glad to hear it.", "<[thanks]"],
    &["Fire drill in the building on [day] at [time], twenty minutes.", "<Do the doors of the halls open by themselves then?", ">Yes, and the guards stand there.", "<Good to know, I'll tell the crew."],
    &["Cross-connect [n] is patched and labelled on the Meridian side.", "<{Light on our side, thank you.|We see light.}", ">Wonderful."],
];

#[rustfmt::skip]
pub const VENDOR_ASIDES: &[&str] = &[
    "Parking for trucks is behind the building this week, signs are up.",
    "Portal maintenance on [day] evening, phone support as usual.",
];
