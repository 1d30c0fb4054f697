//! Everybody at Kestrel Freight, its guests and its bots.

use super::ids::{account_id, user_id};
use crate::world::{Kind, Person};

/// The company's mail domain; `.example` belongs to nobody.
pub const MAIL: &str = "kestrel-freight.example";

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Handle, full name, display name, zone, title.
#[rustfmt::skip]
const MEMBERS: &[Row] = &[
    ("dana", "Dana Okafor", "Dana", "Europe/London", "Program Manager, Data Center Transition"),
    ("marcus", "Marcus Lindqvist", "Marcus", "Europe/Stockholm", "Engineering Lead, Infrastructure"),
    ("priya", "Priya Raman", "Priya", "Asia/Kolkata", "Cutover Lead"),
    ("lena", "Lena Brandt", "Lena", "Europe/Berlin", "Storage Lead"),
    ("tomasz", "Tomasz Zieliński", "Tomasz", "Europe/Warsaw", "Network Engineer"),
    ("aiko", "Aiko Tanaka (田中 愛子)", "Aiko 🌸", "Asia/Tokyo", "Site Reliability Engineer"),
    ("yusuf", "Yusuf Demir", "Yusuf", "Europe/Istanbul", "Network Lead"),
    ("grace", "Grace Njoroge", "Grace", "Africa/Nairobi", "Test Engineer"),
    ("noam", "Noam Levi", "Noam", "Asia/Jerusalem", "Security Engineer"),
    ("layla", "Layla Haddad", "Layla", "Asia/Beirut", "Facilities Manager"),
    ("sam", "Sam Whitaker", "Sam W", "America/New_York", "VP Infrastructure"),
    ("samito", "Sam Ito", "Sam I", "Europe/London", "Backend Engineer"),
    ("chloe", "Chloé Martin", "Chloé", "Europe/Paris", "Application Migration Lead"),
    ("diego", "Diego Fuentes", "Diego", "Europe/Madrid", "Database Administrator"),
    ("wei", "Zhang Wei", "Wei", "Asia/Singapore", "Backend Engineer"),
    ("olu", "Oluwaseun Adeyemi", "Olu 🚀", "Africa/Lagos", "Release Manager"),
    ("hannah", "Hannah Schultz", "Hannah", "Europe/Berlin", "Legal Counsel"),
    ("ravi", "Ravi Kulkarni", "Ravi", "Asia/Kolkata", "Observability Engineer"),
    ("maja", "Maja Horvat", "Maja", "Europe/Zagreb", "Storage Engineer"),
    ("kenji", "Kenji Sato", "Kenji", "Asia/Tokyo", "Capacity Planner"),
    ("fatima", "Fatima Al-Sayed", "Fatima", "Asia/Dubai", "Procurement"),
    ("jonas", "Jonas Weber", "Jonas 🔧", "Europe/Berlin", "Data Center Technician"),
    ("ines", "Inês Carvalho", "Inês", "Europe/Lisbon", "Frontend Engineer"),
    ("tariq", "Tariq Mahmoud", "Tariq", "Africa/Cairo", "Application Engineer"),
    ("sofia", "Sofia Rossi", "Sofia", "Europe/Rome", "Product Manager"),
    ("liam", "Liam O’Connor", "Liam", "Europe/Dublin", "Platform Engineer"),
    ("nadia", "Nadia Petrova", "Nadia", "Europe/Sofia", "Data Engineer"),
    ("ben", "Ben Carter", "Ben", "America/New_York", "Site Reliability Engineer"),
    ("emily", "Emily Nguyen", "Emily ☀️", "America/Los_Angeles", "Customer Support Lead"),
    ("carlos", "Carlos Mendes", "Carlos", "America/Sao_Paulo", "Application Engineer"),
    ("ada", "Adaeze Eze", "Ada", "Africa/Lagos", "Identity Engineer"),
    ("viktor", "Viktor Bergström", "Viktor", "Europe/Stockholm", "Backup Engineer"),
    ("mei", "Lin Mei", "Mei", "Asia/Singapore", "Compliance Analyst"),
    ("arjun", "Arjun Mehta", "Arjun", "Asia/Kolkata", "Test Engineer"),
    ("zofia", "Zofia Kowalczyk", "Zofia", "Europe/Warsaw", "Scrum Master"),
    ("hugo", "Hugo Lefèvre", "Hugo", "Europe/Paris", "Finance Partner"),
    ("amara", "Amara Diallo", "Amara", "Africa/Dakar", "Technical Writer"),
    ("erik", "Erik Johansen", "Erik", "Europe/Oslo", "Network Engineer"),
    ("yara", "Yara Khoury", "Yara 🌿", "Asia/Beirut", "Data Center Technician"),
    ("kwame", "Kwame Mensah", "Kwame", "Africa/Accra", "Application Engineer"),
    ("sanna", "Sanna Virtanen", "Sanna", "Europe/Helsinki", "Platform Engineer"),
    ("luca", "Luca Bianchi", "Luca", "Europe/Rome", "Backend Engineer"),
    ("minh", "Trần Minh", "Minh", "Asia/Ho_Chi_Minh", "Backend Engineer"),
    ("rosa", "Rosa Delgado", "Rosa", "America/Mexico_City", "Customer Success"),
    ("peter", "Péter Nagy", "Péter", "Europe/Budapest", "Database Administrator"),
    ("shira", "Shira Cohen", "Shira", "Asia/Jerusalem", "Security Engineer"),
    ("omar", "Omar Farouk", "", "Africa/Cairo", "Support Engineer"),
    ("anja", "Anja Vogel", "Anja", "Europe/Berlin", "Chief Operating Officer"),
    ("ruben", "Ruben de Vries", "Ruben", "Europe/Amsterdam", "Chief Financial Officer"),
    ("tess", "Tess Gallagher", "Tess ✨", "Europe/London", "People Partner"),
    ("haruto", "Haruto Mori", "Haruto", "Asia/Tokyo", "Network Engineer"),
    ("ilse", "Ilse Janssen", "Ilse", "Europe/Brussels", "Application Engineer"),
];

/// Contractors, a partner, people who left.
#[rustfmt::skip]
const OTHERS: &[(Row, Kind)] = &[
    (("gwen", "Gwen Pritchard", "Gwen (cabling)", "Europe/London", "Contractor, Pritchard Cabling"), Kind::Guest),
    (("stavros", "Stavros Pappas", "Stavros", "Europe/Athens", "Contractor, rack and stack"), Kind::Guest),
    (("pavel", "Pavel Dvořák", "Pavel", "Europe/Prague", "Auditor"), Kind::SingleChannelGuest),
    (("ruth", "Ruth Keller", "Ruth | Meridian", "Europe/Zurich", "Account Engineer, Meridian Colo"), Kind::Stranger),
    (("oskar", "Oskar Holm", "Oskar", "Europe/Copenhagen", "Storage Engineer"), Kind::Gone),
    (("bianca", "Bianca Popescu", "Bianca", "Europe/Bucharest", "Network Engineer"), Kind::Gone),
];

/// Handle, name, whether it is an Atlassian app.
const BOTS: &[(&str, &str, bool)] = &[
    ("caughtup", "caughtup", false),
    ("deploybot", "Deploy Bot", false),
    ("jiracloud", "Jira Cloud", false),
    ("automation", "Automation for Jira", true),
    ("pager", "Night Watch", false),
];

/// Everybody, in a fixed order.
pub fn people() -> Vec<Person> {
    let members = MEMBERS.iter().map(|row| person(row, Kind::Member));
    let others = OTHERS.iter().map(|(row, kind)| person(row, *kind));
    let bots = BOTS.iter().map(|(handle, name, app)| bot(handle, name, *app));
    members.chain(others).chain(bots).collect()
}

/// Everybody's handle but the bots'.
pub fn handles() -> impl Iterator<Item = &'static str> {
    members().chain(OTHERS.iter().map(|(row, _)| row.0))
}

/// The handles of all full members.
pub fn members() -> impl Iterator<Item = &'static str> {
    MEMBERS.iter().map(|row| row.0)
}

/// What somebody is; `None` for a handle that nobody has.
pub fn kind(handle: &str) -> Option<Kind> {
    if MEMBERS.iter().any(|row| row.0 == handle) {
        return Some(Kind::Member);
    }
    if BOTS.iter().any(|row| row.0 == handle) {
        return Some(Kind::Bot);
    }
    OTHERS.iter().find(|(row, _)| row.0 == handle).map(|(_, kind)| *kind)
}

/// Somebody's zone; London for those who have none.
pub fn tz(handle: &str) -> &'static str {
    let others = OTHERS.iter().map(|(row, _)| row);
    MEMBERS.iter().chain(others).find(|row| row.0 == handle).map_or(super::calendar::ZONE, |row| row.3)
}

/// A name as people write it.
pub fn real_name(handle: &str) -> &'static str {
    let others = OTHERS.iter().map(|(row, _)| row);
    MEMBERS.iter().chain(others).find(|row| row.0 == handle).map_or("", |row| row.1)
}

fn person(row: &Row, kind: Kind) -> Person {
    let (handle, real_name, display_name, tz, title) = *row;
    let domain = match kind {
        Kind::Guest | Kind::SingleChannelGuest => "contractors.example",
        Kind::Stranger => "meridian-colo.example",
        Kind::Member | Kind::Bot | Kind::Gone => MAIL,
    };
    Person {
        id: user_id(handle),
        account_id: matches!(kind, Kind::Member | Kind::Gone).then(|| account_id(handle)),
        handle: handle.to_owned(),
        real_name: real_name.to_owned(),
        display_name: display_name.to_owned(),
        email: Some(format!("{handle}@{domain}")),
        tz: tz.to_owned(),
        title: title.to_owned(),
        kind,
        atlassian_app: false,
    }
}

/// Bots have no mail; ours has, because it signs in to Atlassian with it.
fn bot(handle: &str, name: &str, atlassian_app: bool) -> Person {
    let signs_in = handle == "caughtup";
    Person {
        id: user_id(handle),
        account_id: (signs_in || atlassian_app).then(|| account_id(handle)),
        handle: handle.to_owned(),
        real_name: name.to_owned(),
        display_name: name.to_owned(),
        email: signs_in.then(|| format!("{handle}@{MAIL}")),
        tz: super::calendar::ZONE.to_owned(),
        title: String::new(),
        kind: Kind::Bot,
        atlassian_app,
    }
}
