//! The first line: does the reader have to do something?

use super::words::agent_title;
use crate::domain::{AgentName, Audience, Change, Digest, Published, Topic};

/// One or two sentences of counts. Quiet is said of what could be read, and of nothing else.
pub fn headline(digest: &Digest) -> String {
    let needs = digest.summary.iter().filter(|line| line.topic == Topic::NeedsYou).count();
    let risks: Vec<Change> = digest.risks().map(|finding| finding.change).collect();
    let changed = |change: Change| risks.iter().filter(|one| **one == change).count();
    let mut counts = Vec::new();
    if digest.compared {
        push(&mut counts, changed(Change::New), "is new", "are new");
        push(&mut counts, changed(Change::Worse), "got worse", "got worse");
        push(&mut counts, changed(Change::Better), "got better", "got better");
        push(&mut counts, changed(Change::Still), "stands as before", "stand as before");
        push(&mut counts, digest.gone.len(), "is gone", "are gone");
    } else {
        push(&mut counts, risks.len(), "stands out", "stand out");
    }

    let asked = |agent: AgentName| digest.request.asked.agents.contains(&agent);
    // Nothing is said of what nobody looked at.
    let looked_for_needs =
        asked(AgentName::DailyAssistant) && matches!(digest.request.audience, Audience::Reader(_));
    let looked_for_risks = asked(AgentName::ProgramMonitor);
    let whole = digest.gaps.is_empty() && digest.coverage.left_out.is_empty();
    let written = written(&digest.published);
    if !whole && digest.coverage.is_nothing() {
        return ["Nothing could be read.".to_owned()]
            .into_iter()
            .chain(written)
            .collect::<Vec<_>>()
            .join(" ");
    }
    let first = match needs {
        _ if !looked_for_needs => None,
        0 if whole => Some("Nothing needs you.".to_owned()),
        0 => Some("Nothing needs you in what could be read.".to_owned()),
        1 => Some("One thing needs you.".to_owned()),
        n => Some(format!("{} things need you.", capital(&number(n)))),
    };
    let second = counts.first().map(|(n, verb)| {
        let noun = if *n == 1 { "risk" } else { "risks" };
        let others = counts.iter().skip(1).map(|(n, verb)| format!("{} {verb}", number(*n)));
        let list: Vec<String> =
            std::iter::once(format!("{} {noun} {verb}", capital(&number(*n)))).chain(others).collect();
        format!("{}.", list.join(", "))
    });
    let calm = (looked_for_risks && second.is_none()).then(|| match whole {
        true => "No risk stands out.".to_owned(),
        false if looked_for_needs && needs == 0 => "No risk stands out there.".to_owned(),
        false => "No risk stands out in what could be read.".to_owned(),
    });
    let sentences: Vec<String> = [first, second, calm, written].into_iter().flatten().collect();
    if !sentences.is_empty() {
        return sentences.join(" ");
    }
    // Nobody has to do anything: then what the agents' work comes to is the first thing to know.
    let mut facts: Vec<&str> = Vec::new();
    for fact in digest.sections.iter().map(|section| section.fact.as_str()) {
        if !fact.is_empty() && !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    match (facts.is_empty(), whole) {
        (false, _) => facts.into_iter().take(FACTS).collect::<Vec<_>>().join(" "),
        (true, true) => "There is nothing to tell.".to_owned(),
        (true, false) => "There is nothing to tell of what could be read.".to_owned(),
    }
}

/// How many agents' facts are a first line; more of them are a second digest.
const FACTS: usize = 3;

/// "Published: Sprint board (updated), Roadmap (unchanged)."
fn written(published: &[Published]) -> Option<String> {
    let mut counts: Vec<(AgentName, &str, usize)> = Vec::new();
    for one in published {
        let became = if one.is_unknown() { "unknown" } else { one.action.as_str() };
        match counts.iter_mut().find(|(agent, action, _)| *agent == one.agent && *action == became) {
            Some((_, _, count)) => *count += 1,
            None => counts.push((one.agent, became, 1)),
        }
    }
    let said = |action: &str| match action {
        "refused" => "not written",
        "unknown" => "perhaps written",
        "dry-run" => "dry run, nothing written",
        "created" => "new",
        "updated" => "updated",
        _ => "unchanged",
    };
    let parts = counts.iter().map(|(agent, action, count)| {
        let many = if *count > 1 { format!("{count} ") } else { String::new() };
        format!("{} ({many}{})", agent_title(*agent), said(action))
    });
    let parts: Vec<String> = parts.collect();
    let done =
        counts.iter().any(|(_, action, _)| ["created", "updated", "unchanged", "unknown"].contains(action));
    let verb = if done { "Published" } else { "Nothing was published" };
    (!parts.is_empty()).then(|| format!("{verb}: {}.", parts.join(", ")))
}

fn push(list: &mut Vec<(usize, &'static str)>, n: usize, one: &'static str, many: &'static str) {
    if n > 0 {
        list.push((n, if n == 1 { one } else { many }));
    }
}

/// Small numbers as words.
fn number(n: usize) -> String {
    const WORDS: [&str; 11] =
        ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_words() {
        assert_eq!((number(2), number(11)), ("two".to_owned(), "11".to_owned()));
        assert_eq!((capital("two"), capital("")), ("Two".to_owned(), String::new()));
    }
}
