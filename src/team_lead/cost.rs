//! What models cost, for whoever may know it: publishers everybody's, others their own.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::case::{Case, Readers};
use super::words::{self, Bills};
use crate::domain::{Audience, Money, UserId};
use crate::publish;
use crate::store::Spending;

impl Case<'_> {
    /// The answer to "what did you cost?".
    pub(super) async fn cost(&self, readers: &Readers) -> anyhow::Result<String> {
        let Some(models) = &self.lead.models else { return Ok(words::no_model().to_owned()) };
        if matches!(readers.audience, Audience::Channel(_)) {
            return Ok(words::cost_is_private().to_owned());
        }
        let today = models.today();
        let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days())?;
        let mut lines = models.spending(monday).await?;
        let everybody = self.ask.operator
            || readers.person.as_ref().is_some_and(|person| publish::may_write(&self.lead.config, person));
        if !everybody {
            // For nobody in particular there is nobody's own.
            lines.retain(|line| {
                line.person.is_some() && line.person.as_ref() == readers.person.as_ref().map(|p| &p.id)
            });
            return Ok(words::what_you_cost(&added_up(&lines, today)));
        }
        let mut bills = added_up(&lines, today);
        bills.people = self.named(by(&lines, |line| line.person.clone())).await;
        let day_cap = self.lead.config.llm.as_ref().map_or(0.0, |llm| llm.max_usd_per_day);
        Ok(words::what_all_cost(&bills, Money::from_usd(day_cap)))
    }

    async fn named(&self, amounts: Vec<(Option<UserId>, Money, u64)>) -> Vec<(String, Money, u64)> {
        let mut named = Vec::new();
        for (id, amount, runs) in amounts {
            let name = match &id {
                None => "nobody in particular".to_owned(),
                Some(id) => match self.opening.person(id).await {
                    Ok(person) => person.name.clone(),
                    Err(_) => id.to_string(),
                },
            };
            named.push((name, amount, runs));
        }
        named
    }
}

fn added_up(lines: &[Spending], today: Date) -> Bills {
    let total = |lines: &mut dyn Iterator<Item = &Spending>| {
        lines.fold((Money::ZERO, 0), |(cost, runs), line| (cost + line.bill.cost, runs + line.runs))
    };
    Bills {
        today: total(&mut lines.iter().filter(|line| line.day == today)),
        week: total(&mut lines.iter()),
        saved: lines.iter().map(|line| line.bill.saved).sum(),
        unknown: lines.iter().map(|line| line.unknown).sum(),
        workflows: by(lines, |line| line.workflow.clone()),
        people: Vec::new(),
    }
}

/// Amounts and runs by a property, dearest first.
fn by<K: Ord>(lines: &[Spending], key: impl Fn(&Spending) -> K) -> Vec<(K, Money, u64)> {
    let mut sums: BTreeMap<K, (Money, u64)> = BTreeMap::new();
    for line in lines {
        let (cost, runs) = sums.entry(key(line)).or_default();
        *cost += line.bill.cost;
        *runs += line.runs;
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(key, (cost, runs))| (key, cost, runs)).collect();
    sums.sort_by_key(|(_, cost, _)| std::cmp::Reverse(*cost));
    sums
}
