//! What stands in the gaps of a phrase.

/// Whom people wait for; each takes a singular verb.
pub(in crate::eval) const PARTIES: &[&str] = &[
    "netops", "the vendor", "legal", "procurement", "infosec", "Telia", "the DC provider", "facilities",
    "finance", "the customer", "IAM", "the network team", "compliance", "the landlord", "HR", "the DBA",
    "the platform team", "Equinix", "the auditor", "the storage team", "our supplier", "the works council",
    "the cloud provider", "IT", "the integrator", "purchasing",
];

/// What they wait for; each takes a singular verb and `the`.
pub(in crate::eval) const THINGS: &[&str] = &[
    "fw change", "cert", "PO number", "API key", "staging access", "cable plan", "signed SOW", "rack space",
    "data export", "licence file", "load balancer config", "VPN account", "test data", "schema dump",
    "cage badge", "DNS delegation", "IP range", "purchase order", "admin account", "signing key",
    "floor plan", "security exemption", "contract", "hardware delivery", "patch panel", "password reset",
    "quote", "service account", "sandbox tenant", "SSO config", "change approval", "storage quota",
];

/// Work that nobody has an issue for.
pub(in crate::eval) const ERRANDS: &[&str] = &[
    "the rack move", "the badge rollout", "our cable audit", "the backup test", "the printer swap",
    "the wiki cleanup", "the lab setup", "the pager rotation", "our training day", "the inventory count",
    "the vendor demo", "the laptop refresh", "the cage inspection", "the postmortem", "the newsletter",
    "the pen test", "the DR exercise", "the capacity report", "the interview loop", "the invoice run",
    "the office move", "the phone porting", "our DNS tidy-up", "the license audit", "the crane booking",
];

/// Titles of issues; none of their words is an errand's.
pub(in crate::eval) const TITLES: &[&str] = &[
    "Firewall rules for hall B", "Migrate object store", "Sign off power plan", "Tenant isolation",
    "Rotate root keys", "Upgrade edge routers", "Order fibre for ring two", "Decommission hall A",
    "Move mail relay", "Import asset register", "Set up bastion hosts", "Replace UPS batteries",
    "Automate failover", "Document runbooks", "Build image pipeline", "Split customer shards",
    "Tune cooling loop", "Replicate ledger", "Harden hypervisors", "Extend metrics retention",
    "Consolidate proxies", "Label all ports", "Secure remote hands", "Provision jump boxes",
    "Archive old tenants", "Validate checksums", "Migrate batch scheduler", "Rebuild build farm",
    "Shift DNS zones", "Refit north hall", "Encrypt volumes", "Onboard Lyon site",
    "Größere Leitungen für Köln", "Rénover la salle Nord", "Migrar el inventario", "本番環境の移行",
];

/// Days, as people say them.
pub(in crate::eval) const DAYS: &[&str] =
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "monday", "tue", "thursday", "fri", "weds"];

/// First names and family names of many places.
pub(in crate::eval) const NAMES: &[(&str, &str)] = &[
    ("Priya", "Raman"), ("Marco", "Bellini"), ("Lena", "Vogt"), ("Sam", "Okafor"), ("Aoife", "Byrne"),
    ("Tomasz", "Zieliński"), ("Yuki", "Tanaka"), ("Chidi", "Eze"), ("Fatima", "El Amrani"), ("Jonas", "Lindqvist"),
    ("Mei", "Chen"), ("Diego", "Ferreira"), ("Zoë", "van Dijk"), ("Sándor", "Kovács"), ("Ngozi", "Adeyemi"),
    ("Ravi", "Iyer"), ("Anja", "Novak"), ("Pierre", "Lefèvre"), ("Sofía", "Méndez"), ("Hamid", "Karimi"),
    ("Ólafur", "Jónsson"), ("Siobhan", "Kelly"), ("Minh", "Nguyễn"), ("Kofi", "Mensah"), ("Ewa", "Król"),
    ("Dana", "Levi"), ("Arjun", "Patel"), ("Ingrid", "Haugen"), ("Luca", "Moretti"), ("Noor", "Haddad"),
];

/// What is said before a sentence now and then.
pub(in crate::eval) const BEFORE: &[&str] =
    &["fyi ", "heads up: ", "ok so ", "quick update - ", "hey all, ", "hi team, ", "update: ", "morning, "];

/// What is said after one now and then.
pub(in crate::eval) const AFTER: &[&str] =
    &[" :disappointed:", " :sob:", " sigh", " fyi", "...", "!", " :eyes:", " (sorry for the noise)", " tbh"];
