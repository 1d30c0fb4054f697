//! What is said about what models cost.

use crate::domain::Money;

use super::listed;

/// What was spent on models, added up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bills {
    /// Today, and in how many runs.
    pub today: (Money, u64),
    /// This week, and in how many runs.
    pub week: (Money, u64),
    /// What more this week would have cost without the provider's cache.
    pub saved: Money,
    /// What calls of this week may have cost beyond that, which broke off.
    pub unknown: Money,
    /// This week by workflow, dearest first: the name, the amount, the runs.
    pub workflows: Vec<(String, Money, u64)>,
    /// This week by person, dearest first.
    pub people: Vec<(String, Money, u64)>,
}

/// How many workflows and people are named.
const NAMED: usize = 10;

/// Without a model there is no bill.
pub fn no_model() -> &'static str {
    "No model is set up, so nothing is spent: my digests are computed. A model is set up under `[llm]` in my configuration."
}

/// The answer in a channel.
pub fn cost_is_private() -> &'static str {
    "What people's requests cost is not for a channel. Ask me in a direct message, or with `/caughtup cost`."
}

/// What everybody's requests cost, for publishers.
pub fn what_all_cost(bills: &Bills, day_cap: Money) -> String {
    let mut lines = vec![format!(
        "What models cost\nToday: {}, of {day_cap} a day\nThis week: {}{}",
        spent(bills.today),
        spent(bills.week),
        aside(bills),
    )];
    lines.extend(by("By workflow", &bills.workflows));
    lines.extend(by("By person", &bills.people));
    lines.join("\n")
}

/// What somebody's own requests cost.
pub fn what_you_cost(bills: &Bills) -> String {
    let mut lines = vec![format!(
        "What models cost for your requests\nToday: {}\nThis week: {}{}",
        spent(bills.today),
        spent(bills.week),
        aside(bills),
    )];
    lines.extend(by("By workflow", &bills.workflows));
    lines.push("Everybody's numbers are for publishers.".to_owned());
    lines.join("\n")
}

fn spent((amount, count): (Money, u64)) -> String {
    if count == 0 { "nothing".to_owned() } else { format!("{amount} in {}", runs(count)) }
}

fn runs(count: u64) -> String {
    if count == 1 { "1 run".to_owned() } else { format!("{count} runs") }
}

fn aside(bills: &Bills) -> String {
    let mut aside = Vec::new();
    if bills.saved > Money::ZERO {
        aside.push(format!("caching saved {}", bills.saved));
    }
    if bills.unknown > Money::ZERO {
        aside.push(format!("up to {} more for calls that broke off", bills.unknown));
    }
    if aside.is_empty() { String::new() } else { format!("; {}", listed(&aside, "and")) }
}

fn by(title: &str, amounts: &[(String, Money, u64)]) -> Option<String> {
    let said: Vec<String> = amounts
        .iter()
        .take(NAMED)
        .map(|(name, amount, count)| format!("{name} {amount} ({})", runs(*count)))
        .collect();
    let more = match amounts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    (!said.is_empty()).then(|| format!("{title}: {}{more}", said.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_told_about_money() {
        let usd = Money::from_usd;
        let bills = Bills {
            today: (usd(0.42), 7),
            week: (usd(3.1), 51),
            saved: usd(1.25),
            unknown: usd(0.08),
            workflows: vec![("full-status".into(), usd(2.0), 30), ("caught-up".into(), usd(1.1), 21)],
            people: vec![("Ana Ruiz".into(), usd(3.0), 50), ("nobody in particular".into(), usd(0.1), 1)],
        };
        let few = Bills { today: (Money::ZERO, 0), week: (usd(0.0123), 1), ..Bills::default() };
        let all = [
            what_all_cost(&bills, usd(20.0)),
            what_you_cost(&bills),
            what_you_cost(&few),
            no_model().to_owned(),
            cost_is_private().to_owned(),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
