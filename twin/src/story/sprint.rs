//! The active sprint of the DCT board: what was planned, what was carried over, what was added.

use super::rows::Row;

/// As in [`super::roadmap::EPICS`]. Sprint: `a` planned, `ca` carried over, `a4` added four working days ago.
#[rustfmt::skip]
pub const SPRINT: &[Row] = &[
    ("DCT-42", 'S', "DCT-2", "Firewall rules for rack B", "tomasz", 5, None, 25, "8P", "ca"),
    ("DCT-43", 'S', "DCT-1", "Core switch configuration templates", "erik", 3, None, 20, "6P 4R 1D", "a"),
    ("DCT-44", 'S', "DCT-14", "BGP sessions to both carriers", "yusuf", 5, None, 25, "5P 3B", "a"),
    ("DCT-45", 'S', "DCT-19", "Inventory sync with the rack database", "sanna", 3, None, 18, "5P 2R", "a"),
    ("DCT-47", 'S', "DCT-15", "Replication link between SLO1 and FRA2", "lena", 5, None, 24, "7P", "a"),
    ("DCT-48", 'S', "DCT-1", "DNS forwarders in FRA2", "noam", 3, None, 20, "5P 2R", "a"),
    ("DCT-50", 'S', "DCT-11", "Load generator for the rehearsal", "grace", 3, None, 20, "5P", "a"),
    ("DCT-51", 'S', "DCT-7", "TLS offload on the new load balancers", "samito", 5, None, 22, "7P", "ca"),
    ("DCT-52", 'S', "DCT-20", "Alert routes for FRA2 hosts", "aiko", 3, None, 20, "5P 2D", "a"),
    ("DCT-54", 'S', "DCT-7", "Feature flags for dual write", "luca", 2, None, 20, "5P 4R 2D", "a"),
    ("DCT-56", 'S', "DCT-1", "VLAN plan for storage", "erik", 3, None, 20, "7P", "a"),
    ("DCT-57", 'S', "DCT-2", "Outbound proxy rules", "liam", 3, None, 20, "7P", "a"),
    ("DCT-58", 'S', "DCT-7", "Wave A: tracking service in FRA2", "tariq", 5, None, 20, "5P 4R", "a"),
    ("DCT-59", 'S', "DCT-7", "Wave A: label printing in FRA2", "carlos", 3, None, 20, "5P 4R 3D", "ca"),
    ("DCT-60", 'S', "DCT-7", "Wave A: address lookup in FRA2", "kwame", 3, None, 16, "4P", "a5"),
    ("DCT-61", 'S', "DCT-7", "Health checks for label printing", "ilse", 2, None, 18, "6P 5D", "a"),
    ("DCT-62", 'S', "DCT-6", "Promotion script for the replicas", "peter", 5, Some(-4), 22, "3P", "a4"),
    ("DCT-63", 'T', "DCT-3", "Sign off the rack plan", "dana", 1, None, 15, "", "a"),
    ("DCT-64", 'S', "DCT-7", "Read-only mode for tracking", "", 3, Some(5), 12, "", "a3"),
    ("DCT-65", 'S', "DCT-18", "Dry run of the customer notices", "emily", 2, Some(6), 18, "4P", "a"),
    ("DCT-67", 'S', "DCT-11", "Storage part of the rehearsal script", "maja", 3, None, 16, "4P", "a5"),
    ("DCT-69", 'S', "DCT-20", "On-call rota for the weekend", "olu", 2, Some(10), 18, "3P", "a"),
    ("DCT-71", 'S', "DCT-11", "Promote the replicas in the rehearsal", "diego", 3, Some(10), 14, "", "a3"),
    ("DCT-72", 'S', "DCT-3", "B-side power feeds, rows 4 to 6", "jonas", 5, None, 24, "5P", "a"),
    ("DCT-76", 'T', "DCT-11", "Publish the freeze calendar", "olu", 1, Some(3), 12, "", "a2"),
];
