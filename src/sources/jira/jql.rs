//! Two queries as one.

/// The issues that both queries return, in the first one's order.
pub fn both(first: &str, second: &str) -> String {
    let (first, order) = split_order(first);
    let (second, _) = split_order(second);
    match (first.trim(), second.trim()) {
        ("", only) | (only, "") => format!("{only}{order}"),
        (first, second) => format!("({first}) AND ({second}){order}"),
    }
}

/// A query and its `ORDER BY`, which may only stand at the very end of one. Words in quotation marks are
/// values.
fn split_order(jql: &str) -> (&str, String) {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut word_before = false;
    for (at, letter) in jql.char_indices() {
        let begins_word = !word_before;
        word_before = letter.is_alphanumeric() || letter == '_';
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if begins_word && letter.is_alphabetic() => {
                let (before, rest) = jql.split_at(at);
                if begins_order(rest) {
                    return (before, format!(" {}", rest.trim_end()));
                }
            }
            None => {}
        }
    }
    (jql, String::new())
}

/// `order`, white space, `by`, in any case.
fn begins_order(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is = |word: Option<&str>, wanted: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    is(words.next(), "order") && is(words.next(), "by")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_must_hold_and_the_order_stays_at_the_end() {
        for (first, second, whole) in [
            ("project = ROAD", "labels = tech", "(project = ROAD) AND (labels = tech)"),
            ("a = 1 OR b = 2", "c = 3 OR d = 4", "(a = 1 OR b = 2) AND (c = 3 OR d = 4)"),
            ("a = 1 ORDER BY rank", "c = 3 order  by key DESC", "(a = 1) AND (c = 3) ORDER BY rank"),
            ("a = 1\norder\nby rank", "c = 3", "(a = 1) AND (c = 3) order\nby rank"),
            ("summary ~ \"order by \\\" hand\"", "c = 3", "(summary ~ \"order by \\\" hand\") AND (c = 3)"),
            ("reorder = by ", "c = 3", "(reorder = by) AND (c = 3)"),
            ("ORDER BY rank", "c = 3", "c = 3 ORDER BY rank"),
            ("a = 'é' ORDER BY rank", "c = 3", "(a = 'é') AND (c = 3) ORDER BY rank"),
        ] {
            assert_eq!(both(first, second), whole);
        }
    }
}
