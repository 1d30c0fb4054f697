//! What a claim may look like, before anybody asks what it says.

use crate::llm::quote::is_invisible;

/// Whether a text is letters, digits and the punctuation of a sentence: nothing that anything could take for a
/// link, a mention or mark-up, and no character that only looks like another.
pub(super) fn is_plain(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let allowed = |letter: &char| match letter {
        letter if letter.is_ascii_alphanumeric() => true,
        ' ' | '.' | ',' | ';' | ':' | '\'' | '’' | '‘' | '"' | '“' | '”' | '(' | ')' | '-' | '–' | '—'
        | '/' | '%' | '&' | '→' | '?' | '!' | '+' | '…' | '·' | '#' => true,
        letter => !is_invisible(*letter) && (letter.is_alphabetic() || is_mark(*letter)),
    };
    if !letters.iter().all(allowed) {
        return false;
    }
    let linked =
        letters.windows(2).any(|pair| matches!(pair, ['/', '/'] | ['?', '/'] | ['/', '?'] | [':', '/']));
    // "evil.example", "evil.example/x": no sentence has letters on both sides of a full stop.
    let domain = letters.windows(3).any(|three| match three {
        [before, '.' | '。' | '．', after] => before.is_alphanumeric() && after.is_alphabetic(),
        _ => false,
    });
    // ":smile:", "mailto:x", "!here": a colon or an exclamation mark with something right behind it, but not "10:30".
    let coded = letters.windows(2).enumerate().any(|(at, pair)| match pair {
        [':' | '!', after] if after.is_alphanumeric() => {
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            !(after.is_ascii_digit() && before.is_some_and(char::is_ascii_digit))
        }
        _ => false,
    });
    // "#channel" is a name; any other "#" is a heading or nothing.
    let heading = letters.iter().enumerate().any(|(at, letter)| {
        let after = letters.get(at + 1).copied().unwrap_or(' ');
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        *letter == '#' && (!after.is_alphanumeric() || before.is_alphanumeric())
    });
    !linked && !domain && !coded && !heading && !text.contains(" :")
}

/// A combining mark: a part of letters in many scripts. Whether a word of Latin letters may have one is decided
/// by the evidence, which would have to have it as well.
pub(super) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}'
        | '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0981}'..='\u{0983}' | '\u{09BC}'..='\u{09CD}'
        | '\u{0B82}' | '\u{0BBE}'..='\u{0BCD}' | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}')
}
