//! Spans of time as people say them.

use jiff::SignedDuration;

/// A span in its largest whole unit: `26 hours`, `11 days`.
pub fn span(length: SignedDuration) -> String {
    let hours = length.as_hours();
    let (count, unit) = match hours {
        ..1 => (length.as_mins().max(1), "minute"),
        1..48 => (hours, "hour"),
        _ => (hours / 24, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_carry_their_unit() {
        assert_eq!(span(SignedDuration::from_secs(10)), "1 minute");
        assert_eq!(span(SignedDuration::from_hours(1)), "1 hour");
        assert_eq!(span(SignedDuration::from_hours(26)), "26 hours");
        assert_eq!(span(SignedDuration::from_hours(11 * 24 + 5)), "11 days");
    }
}
