//! What could not be read, as gaps: one for each reason, which names the places that it concerns.

use super::listing::names;
use crate::domain::{AgentName, Gap};
use crate::sources::SourceError;

/// How many places a sentence names.
const NAMED: usize = 3;

/// The gaps of an agent that asked for `of` places and failed in these. `part` is what is missing of each, nothing
/// where it is all. The audience may know of every place that is named; one that is not is in the reason, or unknown.
pub fn gaps(agent: AgentName, part: &str, of: usize, failed: Vec<(Option<String>, SourceError)>) -> Vec<Gap> {
    let mut by_reason: Vec<(SourceError, Vec<String>)> = Vec::new();
    for (place, error) in failed {
        // Some reasons name the place themselves.
        let place = place.filter(|place| !error.detail.contains(place.as_str()));
        match by_reason.iter_mut().find(|(known, _)| known.detail == error.detail) {
            Some((_, places)) => places.extend(place),
            None => by_reason.push((error, place.into_iter().collect())),
        }
    }
    let gap = |(error, places): (SourceError, Vec<String>)| {
        // Where nothing can be read of a whole source, its places say no more.
        let whole = part.is_empty() && places.len() == of && of > 1;
        let reason = match whole || places.is_empty() {
            true => error.detail,
            false => format!("{part}{} could not be read: {}", names(&places, NAMED), error.detail),
        };
        Gap { agent, source: Some(error.origin), reason }
    };
    by_reason.into_iter().map(gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Source;

    fn told(part: &str, of: usize, failed: &[(&str, u16)]) -> Vec<String> {
        let failed = failed.iter().map(|(place, status)| {
            let place = Some((*place).to_owned()).filter(|place| !place.is_empty());
            (place, SourceError::status(Source::Slack, *status, None))
        });
        let gaps = gaps(AgentName::ProgramMonitor, part, of, failed.collect());
        gaps.into_iter().map(|gap| gap.reason).collect()
    }

    #[test]
    fn a_reason_names_its_places() {
        assert_eq!(told("", 3, &[("#a", 503)]), ["#a could not be read: Slack is failing (503)"]);
        assert_eq!(
            told("", 9, &[("#a", 503), ("#b", 500), ("#c", 503)]),
            [
                "#a, #c could not be read: Slack is failing (503)",
                "#b could not be read: Slack is failing (500)"
            ]
        );
        let many: Vec<(&str, u16)> = ["#a", "#b", "#c", "#d", "#e"].map(|name| (name, 503)).to_vec();
        assert_eq!(
            told("threads in ", 5, &many),
            ["threads in #a, #b, #c and 2 more could not be read: Slack is failing (503)"]
        );
    }

    #[test]
    fn a_source_that_fails_as_a_whole_is_named_alone() {
        assert_eq!(told("", 2, &[("#a", 503), ("#b", 503)]), ["Slack is failing (503)"]);
        assert_eq!(told("", 2, &[("", 503), ("", 503)]), ["Slack is failing (503)"]);
        assert_eq!(told("", 1, &[("page 7", 503)]), ["page 7 could not be read: Slack is failing (503)"]);
        let named =
            SourceError::new(Source::Slack, crate::sources::ErrorKind::NotFound, "page 7 is not there");
        let gaps = gaps(AgentName::ProgramMonitor, "", 3, vec![(Some("page 7".to_owned()), named)]);
        assert_eq!(gaps[0].reason, "page 7 is not there");
    }
}
