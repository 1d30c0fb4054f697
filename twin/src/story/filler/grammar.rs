//! Phrases with choices: `{one|other}` is one of them, `[host]` something of that kind.

use crate::story::dice::Dice;

/// What stands for a word in brackets.
#[rustfmt::skip]
fn kinds(word: &str) -> &'static [&'static str] {
    match word {
        "leaf" => &["leaf-03", "leaf-07", "leaf-11", "leaf-12", "leaf-18", "leaf-21", "spine-01", "spine-02", "border-1", "border-2"],
        "host" => &["fra2-app-014", "fra2-app-022", "fra2-app-031", "fra2-db-03", "fra2-db-07", "fra2-cache-02", "slo1-app-118", "slo1-app-140"],
        "array" => &["array-a", "array-b", "the old filer", "the archive appliance", "the object gateway", "the second controller"],
        "service" => &["tracking-api", "label-service", "address-lookup", "rate-engine", "depot-planner", "invoice-writer", "edge-config", "driver-app backend", "customs-forms"],
        "db" => &["orders", "shipments", "depots", "invoices", "events_2024", "tariffs"],
        "rack" => &["A03", "A07", "B02", "B05", "B11", "C01", "C04", "C09"],
        "n" => &["3", "4", "6", "7", "8", "11", "12", "14", "19", "23", "27", "31", "42", "58", "96"],
        "pct" => &["12 %", "18 %", "27 %", "34 %", "41 %", "56 %", "63 %", "71 %", "88 %", "93 %"],
        "ms" => &["3 ms", "7 ms", "9 ms", "14 ms", "21 ms", "38 ms", "55 ms", "120 ms"],
        "time" => &["09:30", "10:00", "11:15", "13:00", "14:00", "15:30", "16:00"],
        "pr" => &["https://git.kestrel-freight.example/infra/fra2/pull/418", "https://git.kestrel-freight.example/infra/fra2/pull/423", "https://git.kestrel-freight.example/net/fabric/pull/96", "https://git.kestrel-freight.example/apps/tracking/pull/812", "https://git.kestrel-freight.example/apps/labels/pull/305", "https://github.com/kestrel-freight/depot-planner/pull/57", "https://git.kestrel-freight.example/data/replicas/pull/34"],
        "doc" => &["the cutover page", "the runbook", "the cable sheet", "the host list", "the notes from Tuesday", "the handover page"],
        "thanks" => &["Thanks!", "Thank you 🙏", "Merci !", "Danke dir!", "Perfect, thanks", "ありがとうございます", "Obrigado!", "شكرًا", "תודה!", "Brilliant, thank you", "Cheers", "🙏"],
        "ok" => &["Makes sense.", "Sounds right to me.", "Good by me.", "Fine with me.", "+1", "Yes please.", "Works for me.", "👍 from here"],
        "look" => &["I'll have a look after lunch.", "Looking now.", "Give me ten minutes.", "On my list for this afternoon.", "Reading it now."],
        "depot" => &["Köln", "Lyon", "Gdańsk", "Porto", "Rotterdam", "Brno", "Malmö", "Verona"],
        "day" => &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        _ => &[],
    }
}

/// One way to say it.
pub fn expand(phrase: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut rest = phrase;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, open) = rest.split_at(at);
        out.push_str(before);
        let (inside, behind) = match open.strip_prefix('{') {
            Some(choice) => choice.split_once('}').unwrap_or((choice, "")),
            None => open.strip_prefix('[').and_then(|kind| kind.split_once(']')).unwrap_or((open, "")),
        };
        if open.starts_with('{') {
            let ways: Vec<&str> = inside.split('|').collect();
            out.push_str(&expand(dice.pick(&ways), dice));
        } else {
            out.push_str(dice.pick(kinds(inside)));
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_way_and_fills_the_kind() {
        let mut dice = Dice::new(7);
        let said = expand("{Up|Down}: [rack], [pct].", &mut dice);
        assert!(said.starts_with("Up: ") || said.starts_with("Down: "), "{said}");
        assert!(!said.contains(['[', ']', '{', '}', '|']), "{said}");
    }
}
