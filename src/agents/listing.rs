//! Lists that are cut where a reader stops reading, and counts as people write them.

use crate::domain::{Block, Line, Prose};

/// How many lines a list has; the rest is a count. A reply in a thread is read, not searched.
pub const LINES: usize = 12;

/// A titled list, or nothing when it is empty.
pub fn list(blocks: &mut Vec<Block>, title: &str, mut lines: Vec<Line>, shown: usize) {
    if lines.is_empty() {
        return;
    }
    // "and 1 more" takes the room of the line that it hides.
    let rest = if lines.len() > shown + 1 { lines.len() - shown } else { 0 };
    if rest > 0 {
        lines.truncate(shown);
    }
    blocks.push(Block::Heading(title.to_owned()));
    blocks.extend(lines.into_iter().map(Block::Bullet));
    if rest > 0 {
        blocks.push(Block::Plain(said(format!("and {rest} more"))));
    }
}

/// A line of our own words that needs no proof.
pub fn said(words: impl Into<String>) -> Line {
    Line { text: Prose::text(words), evidence: Vec::new() }
}

/// `1 issue`, `3 issues`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// A number as people write it: `12`, `12.5`.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

/// With a capital at its start.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Things one after the other, the first ones named and the others counted.
pub fn named<T>(mut text: Prose, things: &[T], shown: usize, say: impl Fn(Prose, &T) -> Prose) -> Prose {
    let shown = if things.len() > shown + 1 { shown } else { things.len() };
    for (index, thing) in things.iter().take(shown).enumerate() {
        text = say(if index > 0 { text.say(", ") } else { text }, thing);
    }
    match things.len() - shown {
        0 => text,
        rest => text.say(format!(" and {rest} more")),
    }
}

/// The same of things that are words already.
pub fn names(things: &[String], shown: usize) -> String {
    let shown = if things.len() > shown + 1 { shown } else { things.len() };
    let said = things.iter().take(shown).map(String::as_str).collect::<Vec<_>>().join(", ");
    match things.len() - shown {
        0 => said,
        rest => format!("{said} and {rest} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_only_where_that_saves_a_line() {
        let lines = |n: usize| (0..n).map(|n| said(n.to_string())).collect::<Vec<_>>();
        let length = |n: usize| {
            let mut blocks = Vec::new();
            list(&mut blocks, "title", lines(n), 3);
            blocks.len()
        };
        assert_eq!([length(0), length(3), length(4), length(5), length(9)], [0, 4, 5, 5, 5]);
        let told =
            |n: usize| named(Prose::new(), &vec![1; n], 2, |text, one: &i32| text.say(one.to_string()));
        assert_eq!(told(3).0.len(), 5);
        assert_eq!(told(4).0.last(), Some(&crate::domain::Inline::Text(" and 2 more".to_owned())));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([number(12.0), number(12.46), number(0.04)], ["12", "12.5", "0"]);
        assert_eq!([count(1, "issue"), count(0, "issue")], ["1 issue", "0 issues"]);
    }
}
