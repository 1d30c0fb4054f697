//! The roadmap: initiatives, epics, and the work that is not in the active sprint.

use super::rows::{Initiative, Row};

/// Key, title, owner, days from now to the target end, pillar, moves. The program's twenty.
#[rustfmt::skip]
pub const INITIATIVES: &[Initiative] = &[
    ("ROAD-1", "Network fabric in FRA2", "yusuf", 28, "Network", "60P"),
    ("ROAD-2", "Firewalls and segmentation", "tomasz", 24, "Network", "45P"),
    ("ROAD-3", "Power and cooling readiness", "layla", 25, "Facilities", "55P 4B"),
    ("ROAD-4", "Block storage migration", "lena", 9, "Data", "50P"),
    ("ROAD-5", "Object storage migration", "maja", -14, "Data", "44P"),
    ("ROAD-6", "Database migration, wave 1", "diego", -4, "Data", "50P"),
    ("ROAD-7", "Applications, wave A", "chloe", 22, "Applications", "40P"),
    ("ROAD-8", "Applications, wave B", "tariq", 30, "Applications", "10P"),
    ("ROAD-9", "Identity and secrets in FRA2", "ada", -6, "Security", "50P 5D"),
    ("ROAD-10", "Observability in FRA2", "ravi", 10, "Platform", "48P"),
    ("ROAD-11", "Cutover rehearsal", "priya", 6, "Cutover", "20P"),
    ("ROAD-12", "Decommission SLO1", "jonas", 120, "Facilities", ""),
    ("ROAD-13", "Exit the SLO1 carrier contracts", "", 10, "Commercial", "25P"),
    ("ROAD-14", "SLO1 lease extension", "hugo", 45, "Commercial", "30P"),
    ("ROAD-15", "Disaster recovery and backup", "viktor", 35, "Data", "41P"),
    ("ROAD-16", "Capacity model for FRA2", "kenji", -15, "Platform", "60P 12D"),
    ("ROAD-17", "ISO 27001 evidence for FRA2", "", 60, "Security", ""),
    ("ROAD-18", "Customer communication", "emily", 24, "Cutover", "22P"),
    ("ROAD-19", "Cost tracking and showback", "hugo", 36, "Commercial", "33P"),
    ("ROAD-20", "Runbooks and on-call for FRA2", "amara", 21, "Cutover", "28P"),
];

/// Initiatives of another program: overdue and ownerless, and none of this program's business.
#[rustfmt::skip]
pub const OTHER_INITIATIVES: &[Initiative] = &[
    ("ROAD-21", "Instant payouts for carriers", "sofia", -9, "Payments", "70P"),
    ("ROAD-22", "Invoice matching", "", 5, "Payments", "40P"),
    ("ROAD-23", "Customs declarations in one step", "sofia", 40, "Payments", ""),
];

/// Epics: key, letter, parent, title, owner, points, due in days, created working days ago, moves, sprint.
#[rustfmt::skip]
pub const EPICS: &[Row] = &[
    ("DCT-1", 'E', "ROAD-1", "Leaf-spine fabric, both halls", "yusuf", 0, None, 90, "60P", ""),
    ("DCT-2", 'E', "ROAD-2", "Firewall policy for FRA2", "tomasz", 0, None, 80, "45P", ""),
    ("DCT-3", 'E', "ROAD-3", "Power feeds and cooling acceptance", "layla", 0, None, 85, "55P", ""),
    ("DCT-4", 'E', "ROAD-4", "Copy block volumes to FRA2", "lena", 0, Some(9), 80, "50P", ""),
    ("DCT-5", 'E', "ROAD-5", "Bucket replication", "maja", 0, None, 75, "44P", ""),
    ("DCT-6", 'E', "ROAD-6", "Replicas for the order databases", "diego", 0, None, 75, "50P", ""),
    ("DCT-7", 'E', "ROAD-7", "Wave A services run in FRA2", "chloe", 0, None, 70, "40P", ""),
    ("DCT-8", 'E', "ROAD-8", "Wave B services run in FRA2", "tariq", 0, None, 60, "10P", ""),
    ("DCT-9", 'E', "ROAD-3", "Badge access and remote hands", "yara", 0, None, 60, "30P 8R", ""),
    ("DCT-10", 'E', "ROAD-10", "Metrics and logs from FRA2", "ravi", 0, None, 60, "48P", ""),
    ("DCT-11", 'E', "ROAD-11", "First rehearsal, end to end", "priya", 0, Some(6), 50, "20P", ""),
    ("DCT-12", 'E', "ROAD-12", "Wipe and return the SLO1 hardware", "jonas", 0, None, 50, "", ""),
    ("DCT-13", 'E', "ROAD-13", "Notice to both carriers", "fatima", 0, None, 40, "25P", ""),
    ("DCT-14", 'E', "ROAD-1", "Carrier circuits to FRA2", "erik", 0, None, 80, "58P", ""),
    ("DCT-15", 'E', "ROAD-15", "Backup targets and restore tests", "viktor", 0, None, 60, "41P", ""),
    ("DCT-16", 'E', "ROAD-16", "Rack and power model", "kenji", 0, None, 90, "60P 13D", ""),
    ("DCT-17", 'E', "ROAD-17", "Evidence for the auditors", "mei", 0, None, 40, "15P", ""),
    ("DCT-18", 'E', "ROAD-18", "Notices and status page", "emily", 0, None, 40, "22P", ""),
    ("DCT-19", 'E', "ROAD-19", "Tags and cost reports", "hugo", 0, None, 45, "33P", ""),
    ("DCT-20", 'E', "ROAD-20", "Runbooks, rota, handover", "amara", 0, None, 45, "28P", ""),
    ("DCT-21", 'E', "ROAD-9", "Vault and single sign-on", "ada", 0, None, 70, "50P 6D", ""),
    ("DCT-22", 'E', "ROAD-4", "Snapshot policy in FRA2", "lena", 0, None, 60, "", ""),
];

/// Stories and tasks outside the active sprint: done last sprint, planned for the next, or waiting.
#[rustfmt::skip]
pub const BACKLOG: &[Row] = &[
    ("DCT-30", 'S', "DCT-1", "Cable plan for hall 1", "erik", 3, None, 40, "30P 20R 18D", "c"),
    ("DCT-31", 'S', "DCT-1", "Spine firmware to the agreed release", "haruto", 3, None, 30, "15P 11R 9D", "c"),
    ("DCT-32", 'S', "DCT-2", "Zones and naming for the new rule base", "tomasz", 5, None, 38, "15P 10D", "c"),
    ("DCT-33", 'S', "DCT-3", "Load bank test, feed A", "jonas", 3, None, 35, "14P 9D", "c"),
    ("DCT-34", 'S', "DCT-7", "Wave A: service inventory", "chloe", 2, None, 40, "15P 12D", "c"),
    ("DCT-35", 'S', "DCT-7", "Wave A: container images in the FRA2 registry", "ilse", 3, None, 30, "14P 10R 8D", "c"),
    ("DCT-36", 'S', "DCT-10", "Scrape targets for the new hosts", "ravi", 2, None, 30, "15P 12D", "c"),
    ("DCT-37", 'S', "DCT-15", "Backup network between the halls", "viktor", 3, None, 35, "15P 9D", "c"),
    ("DCT-38", 'S', "DCT-11", "List of cutover steps, first draft", "priya", 3, None, 30, "14P 11R 8D", "c"),
    ("DCT-39", 'S', "DCT-20", "Who may page whom at night", "olu", 1, None, 25, "13P 11D", "c"),
    ("DCT-40", 'S', "DCT-21", "Vault policies for wave A", "ada", 3, None, 35, "15P 10R 8D", "c"),
    ("DCT-41", 'B', "DCT-1", "Link flaps on leaf-12 after firmware", "haruto", 2, None, 20, "13P 9D", "c"),
    ("DCT-46", 'T', "DCT-2", "Certificate chain for the build agents", "liam", 2, None, 22, "5P", ""),
    ("DCT-49", 'T', "DCT-3", "Rack elevation drawings signed by facilities", "layla", 2, None, 22, "9P", ""),
    ("DCT-53", 'S', "DCT-8", "Session store for wave B", "minh", 3, None, 20, "9P", ""),
    ("DCT-55", 'T', "DCT-14", "Spare optics for both halls", "fatima", 1, None, 25, "9P", ""),
    ("DCT-66", 'S', "DCT-18", "Status page components for FRA2", "sofia", 3, Some(16), 24, "5P", "f"),
    ("DCT-68", 'S', "DCT-5", "Throughput test of the object gateway", "maja", 3, None, 26, "15P 9D", "c"),
    ("DCT-70", 'S', "DCT-20", "Names for every role of the weekend", "priya", 2, Some(5), 20, "3P", "f"),
    ("DCT-73", 'S', "DCT-11", "Stopwatch sheet for the rehearsal", "arjun", 1, None, 18, "4P", "f"),
    ("DCT-74", 'S', "DCT-14", "Dark fibre between the halls", "erik", 3, None, 40, "30P 4B", ""),
    ("DCT-75", 'T', "DCT-11", "Rollback point for the order database", "diego", 2, None, 15, "6P", "f"),
    ("DCT-77", 'T', "DCT-11", "Go/no-go checklist", "dana", 2, Some(7), 20, "7P", ""),
    ("DCT-78", 'S', "DCT-1", "Out-of-band console for hall 2", "haruto", 3, None, 25, "6P", "f"),
    ("DCT-79", 'S', "DCT-2", "Review of any-any rules", "shira", 5, None, 25, "", "f"),
    ("DCT-80", 'S', "DCT-15", "Restore test of the largest archive", "viktor", 5, None, 30, "6P", ""),
    ("DCT-81", 'T', "DCT-13", "Early-exit fee for the second carrier", "fatima", 2, None, 30, "7P", ""),
    ("DCT-82", 'S', "DCT-6", "Row counts after the dry run", "nadia", 2, None, 20, "8P", ""),
    ("DCT-84", 'S', "DCT-4", "Copy the analytics volumes", "maja", 5, None, 45, "20P", ""),
    ("DCT-85", 'S', "DCT-4", "Copy the document volumes", "lena", 5, None, 45, "22P", ""),
    ("DCT-86", 'S', "DCT-22", "Retention classes", "lena", 2, None, 45, "", ""),
    ("DCT-87", 'S', "DCT-4", "Copy the build caches", "maja", 3, None, 45, "30P 18D", ""),
    ("DCT-88", 'S', "DCT-5", "Bucket policies as code", "maja", 3, None, 33, "12P", ""),
    ("DCT-89", 'S', "DCT-5", "Lifecycle rules for cold data", "nadia", 2, None, 30, "", ""),
    ("DCT-90", 'S', "DCT-6", "Replica lag alarm", "peter", 2, None, 30, "14P 8D", "c"),
    ("DCT-91", 'S', "DCT-6", "Connection strings behind one name", "diego", 3, None, 30, "10P", "f"),
    ("DCT-92", 'S', "DCT-7", "Wave A: smoke tests in FRA2", "grace", 3, None, 25, "14P 7D", "c"),
    ("DCT-93", 'S', "DCT-7", "Wave A: synthetic orders", "arjun", 3, None, 20, "", "f"),
    ("DCT-94", 'S', "DCT-8", "Wave B: service inventory", "tariq", 2, None, 30, "10P", ""),
    ("DCT-95", 'S', "DCT-8", "Wave B: licences that name a host", "kwame", 2, None, 25, "", ""),
    ("DCT-96", 'S', "DCT-8", "Wave B: pricing engine", "luca", 8, None, 20, "", ""),
    ("DCT-97", 'S', "DCT-10", "Dashboards for the rehearsal", "ravi", 3, None, 25, "12P", ""),
    ("DCT-98", 'S', "DCT-10", "Log retention in FRA2", "aiko", 2, None, 25, "", ""),
    ("DCT-99", 'S', "DCT-12", "Disposal certificates", "jonas", 2, None, 40, "", ""),
    ("DCT-100", 'S', "DCT-12", "Shipping for the loaned chassis", "layla", 1, None, 40, "", ""),
    ("DCT-101", 'S', "DCT-17", "Asset list for the auditors", "mei", 3, None, 30, "9P", ""),
    ("DCT-102", 'S', "DCT-17", "Visitor log export", "yara", 1, None, 30, "", ""),
    ("DCT-103", 'S', "DCT-18", "Notice to the hundred largest customers", "emily", 2, None, 22, "3P", "f"),
    ("DCT-104", 'S', "DCT-18", "Words for the maintenance banner", "amara", 1, None, 22, "4P 2D", ""),
    ("DCT-105", 'S', "DCT-19", "Tags on every rack", "hugo", 2, None, 30, "14P", ""),
    ("DCT-106", 'S', "DCT-19", "Showback report, first month", "hugo", 3, None, 30, "", ""),
    ("DCT-107", 'S', "DCT-20", "Runbook: power loss in one feed", "amara", 2, None, 25, "6P 3R", ""),
    ("DCT-108", 'S', "DCT-20", "Runbook: carrier failover", "erik", 2, None, 25, "", ""),
    ("DCT-109", 'S', "DCT-9", "Badges for the rehearsal crew", "yara", 1, None, 25, "12P 8D", "c"),
    ("DCT-110", 'S', "DCT-9", "Remote hands price list", "fatima", 1, None, 25, "15P 9D", "c"),
    ("DCT-111", 'S', "DCT-14", "Second entry into the building", "erik", 3, None, 50, "12P", ""),
    ("DCT-112", 'S', "DCT-15", "Encrypted backups off site", "viktor", 3, None, 30, "", ""),
    ("DCT-113", 'S', "DCT-16", "Power per rack, measured", "kenji", 2, None, 60, "40P 20D", ""),
    ("DCT-114", 'S', "DCT-21", "Single sign-on for the badge system", "ada", 3, None, 40, "20P 12D", "c"),
    ("DCT-115", 'B', "DCT-7", "Wave A: clocks differ by two seconds", "samito", 1, None, 19, "11P 7D", "c"),
];

/// The platform team's sprint, which goes as it should.
#[rustfmt::skip]
pub const PLATFORM: &[Row] = &[
    ("PLAT-1", 'S', "", "Base image on the new kernel", "liam", 3, None, 20, "6P 5D", "p"),
    ("PLAT-2", 'S', "", "Build agents from the base image", "sanna", 3, None, 20, "6P 4D", "p"),
    ("PLAT-3", 'S', "", "Signed packages", "sanna", 2, None, 20, "5P 3D", "p"),
    ("PLAT-4", 'S', "", "Cache for the package mirror", "liam", 2, None, 18, "5P 3D", "p"),
    ("PLAT-5", 'B', "", "Agents forget their labels", "wei", 1, None, 15, "4P 2D", "p"),
    ("PLAT-6", 'S', "", "Nightly rebuild", "wei", 2, None, 15, "4P 2D", "p"),
    ("PLAT-7", 'S', "", "Agents in both regions", "liam", 2, None, 15, "2P", "p"),
    ("PLAT-8", 'T', "", "Retire the old pool", "sanna", 1, None, 15, "1P", "p"),
];
