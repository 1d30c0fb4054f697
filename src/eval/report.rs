//! The scores as a table for people and as data.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Options, Scores, floors};

/// A table: each rule's scores, the requests', and up to `misses` misses of each rule with their words. What is
/// held out is told in numbers alone: what was read cannot be held out any more.
pub fn table(options: &Options, scores: &Scores, misses: usize) -> String {
    let misses = (!options.held_out).then_some(misses);
    let mut text = format!(
        "{} workspaces, seeds {} to {}{}\n\n{:<22}{:>10}{:>8}{:>8}{:>9}{:>8}{:>8}\n",
        options.seeds,
        options.first_seed,
        (options.first_seed + options.seeds).saturating_sub(1),
        if options.held_out { ", phrases held out" } else { "" },
        "rule",
        "precision",
        "recall",
        "F1",
        "support",
        "decoys",
        "wrong",
    );
    for (rule, score) in &scores.rules.by_rule {
        let _ = writeln!(
            text,
            "{:<22}{:>10.3}{:>8.3}{:>8.3}{:>9}{:>8}{:>8}",
            rule.as_str(),
            score.precision(),
            score.recall(),
            score.f1(),
            score.support(),
            score.decoys,
            score.false_alarms + score.missed,
        );
    }
    let mut last = None;
    let mut shown = 0;
    for miss in &scores.rules.misses {
        if last != Some(miss.rule) {
            (last, shown) = (Some(miss.rule), 0);
        }
        shown += 1;
        if misses.is_some_and(|most| shown <= most) {
            let words = miss.text.replace('\n', " ⏎ ");
            let kind = if miss.kind.is_empty() { "not planted" } else { &miss.kind };
            let wrong = miss.wrong.as_str();
            let _ = writeln!(
                text,
                "{}{} · {wrong} · {kind} · seed {} · {} · {words}",
                begin(shown),
                miss.rule,
                miss.seed,
                miss.subject
            );
        }
    }
    if options.rule.is_none() {
        requests(&mut text, scores, misses);
    }
    text
}

/// An empty line before a rule's first miss.
fn begin(shown: usize) -> &'static str {
    if shown == 1 { "\n" } else { "" }
}

fn requests(text: &mut String, scores: &Scores, misses: Option<usize>) {
    let requests = &scores.requests;
    let _ = writeln!(
        text,
        "\nrequests: {} of {} understood, accuracy {:.3}; {} would write what nobody asked for",
        requests.right,
        requests.total,
        requests.accuracy(),
        requests.wrote.len(),
    );
    let Some(misses) = misses else { return };
    let mut confused: Vec<_> = requests.confused.iter().collect();
    confused.sort_by_key(|(pair, times)| (std::cmp::Reverse(**times), *pair));
    for ((expected, got), times) in confused.into_iter().take(10) {
        let _ = writeln!(text, "{times:>4} × {expected} taken for {got}");
    }
    for miss in &requests.wrote {
        let _ = writeln!(text, "WRITES · {} · expected {} · got {}", miss.text, miss.expected, miss.got);
    }
    for miss in requests.misses.iter().take(misses) {
        let _ = writeln!(text, "request · {} · expected {} · got {}", miss.text, miss.expected, miss.got);
    }
}

/// The same as data: `caughtup.eval/1`. Of what is held out the lists are empty.
pub fn json(options: &Options, scores: &Scores, misses: usize) -> Value {
    let rules: serde_json::Map<String, Value> = scores
        .rules
        .by_rule
        .iter()
        .map(|(rule, score)| {
            let value = json!({
                "precision": score.precision(),
                "recall": score.recall(),
                "f1": score.f1(),
                "support": score.support(),
                "decoys": score.decoys,
                "hits": score.hits,
                "false_alarms": score.false_alarms,
                "missed": score.missed,
            });
            (rule.as_str().to_owned(), value)
        })
        .collect();
    let mut of_rule = std::collections::BTreeMap::new();
    let listed = scores.rules.misses.iter().filter(|miss| {
        let shown: &mut usize = of_rule.entry(miss.rule).or_default();
        *shown += 1;
        *shown <= misses && !options.held_out
    });
    let listed: Vec<Value> = listed
        .map(|miss| {
            json!({
                "rule": miss.rule.as_str(),
                "wrong": miss.wrong.as_str(),
                "seed": miss.seed,
                "subject": miss.subject,
                "kind": miss.kind,
                "text": miss.text,
            })
        })
        .collect();
    let told =
        |miss: &super::RequestMiss| json!({"text": miss.text, "expected": miss.expected, "got": miss.got});
    let requests = &scores.requests;
    let told_of =
        |list: &[super::RequestMiss]| list.iter().filter(|_| !options.held_out).map(told).collect::<Vec<_>>();
    let confused: Vec<Value> = requests
        .confused
        .iter()
        .filter(|_| !options.held_out)
        .map(|((expected, got), times)| json!({"expected": expected, "got": got, "times": times}))
        .collect();
    let classifier = options.rule.is_none().then(|| {
        json!({
            "accuracy": requests.accuracy(),
            "total": requests.total,
            "right": requests.right,
            "writes": requests.wrote.len(),
            "wrote_unasked": told_of(&requests.wrote),
            "confused": confused,
            "misses": told_of(requests.misses.get(..misses).unwrap_or(&requests.misses)),
        })
    });
    let below = if floors::apply_to(options) { floors::below(scores) } else { Vec::new() };
    json!({
        "schema": "caughtup.eval/1",
        "seeds": options.seeds,
        "first_seed": options.first_seed,
        "held_out": options.held_out,
        "rules": rules,
        "classifier": classifier,
        "misses": listed,
        "below_floors": below,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Options, Size, score};

    #[test]
    fn both_forms_tell_of_every_rule_and_of_the_requests() {
        let options = Options { seeds: 2, size: Size::Small, ..Options::default() };
        let scores = score(&options);
        let data = json(&options, &scores, 1);
        let rules = data["rules"].as_object().unwrap();
        assert_eq!(rules.len(), 13);
        let text = table(&options, &scores, 1);
        for (rule, score) in rules {
            assert!(text.contains(rule.as_str()), "{text}");
            assert!(
                score["support"].as_u64().unwrap() > 0 && score["decoys"].as_u64().unwrap() > 0,
                "{rule}"
            );
        }
        assert!(
            text.contains("understood, accuracy") && data["classifier"]["total"].as_u64().unwrap() >= 400
        );
        let again = json(&options, &super::super::score(&options), 1);
        assert_eq!(data, again, "the same options give the same result");
    }

    #[test]
    fn what_is_held_out_is_told_in_numbers_alone() {
        let miss = crate::eval::RequestMiss {
            text: "zebra".to_owned(),
            expected: "okapi".to_owned(),
            got: "gnu".to_owned(),
        };
        let mut scores = Scores::default();
        scores.rules.misses.push(crate::eval::Miss {
            rule: crate::domain::Rule::Overdue,
            wrong: crate::eval::Wrong::Missed,
            seed: 1,
            subject: "zebra".to_owned(),
            kind: String::new(),
            text: "zebra".to_owned(),
        });
        scores.requests.confused.insert(("okapi".to_owned(), "gnu".to_owned()), 1);
        scores.requests.misses.push(miss.clone());
        scores.requests.wrote.push(miss);
        let told = |held_out: bool| {
            let options = Options { held_out, ..Options::default() };
            [table(&options, &scores, 5), json(&options, &scores, 5).to_string()]
        };
        for word in ["zebra", "okapi", "gnu"] {
            assert!(told(false).iter().all(|text| text.contains(word)), "{word}");
            assert!(told(true).iter().all(|text| !text.contains(word)), "{word}");
        }
        assert!(told(true)[0].contains("1 would write") && told(true)[1].contains("\"writes\":1"));
    }

    #[test]
    fn one_rule_alone_is_told_alone() {
        let rule = Some(crate::domain::Rule::Overdue);
        let options = Options { seeds: 1, size: Size::Small, rule, ..Options::default() };
        let data = json(&options, &score(&options), 5);
        assert_eq!(data["rules"].as_object().unwrap().len(), 1);
        assert!(data["classifier"].is_null() && data["below_floors"].as_array().unwrap().is_empty());
    }
}
