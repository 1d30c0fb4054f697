//! Times as Atlassian writes them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// As Jira's platform API writes it, in the reader's zone: `2026-11-02T09:15:30.000+0000`.
pub fn jira(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S.%3f%z").to_string()
}

/// As Jira Software and Confluence write it: `2026-11-02T09:15:30.000Z`.
pub fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_have_milliseconds_and_a_zone() {
        let at: Timestamp = "2026-11-02T09:15:30.5Z".parse().unwrap();
        assert_eq!(jira(at, &TimeZone::UTC), "2026-11-02T09:15:30.500+0000");
        assert_eq!(utc(at), "2026-11-02T09:15:30.500Z");
        let ahead = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(jira(at, &ahead), "2026-11-02T11:15:30.500+0200");
    }
}
