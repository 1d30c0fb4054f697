//! A text as its words.

/// A word, with what matters about where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The word in lower case, without a possessive `'s`.
    pub(super) lower: String,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether it is the first of its sentence, where a capital says nothing.
    pub(super) first: bool,
    /// Whether a clause ends after it.
    pub(super) ends: bool,
    /// Whether a sentence ends after it.
    pub(super) stops: bool,
    /// Whether it is followed by something that joins it to the next word loosely: "Jira, Slack".
    pub(super) joins: bool,
    /// Whether it holds a digit: a key, a number, a time.
    pub(super) numeric: bool,
    /// Whether it is a number: digits and what stands between them, maybe with a percent sign.
    pub(super) number: bool,
    /// Whether it is written as a tag: `#channel`.
    pub(super) tagged: bool,
}

impl Token {
    /// Whether this word of the evidence says a word of a claim: the same word, or its plural; never a number
    /// or a key that is only similar.
    pub(super) fn says(&self, claimed: &Self) -> bool {
        if self.lower == claimed.lower {
            return !claimed.tagged || self.tagged;
        }
        if self.numeric || claimed.numeric || self.tagged || claimed.tagged {
            return false;
        }
        // Scripts that do not separate words: a part of what stands there is there.
        if claimed.lower.chars().all(is_run_together) {
            return self.lower.contains(&claimed.lower);
        }
        let plural = |one: &str, many: &str| one.len() > 3 && many.strip_suffix('s') == Some(one);
        plural(&self.lower, &claimed.lower) || plural(&claimed.lower, &self.lower)
    }
}

/// Chinese, Japanese and Thai are written without spaces.
fn is_run_together(letter: char) -> bool {
    matches!(letter, '\u{0E00}'..='\u{0E7F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut found: Vec<Token> = Vec::new();
    let mut word = String::new();
    let mut tagged = false;
    let mut first = true;
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    for (index, letter) in letters.iter().copied().enumerate() {
        let next = at(index + 1);
        let inside = !word.is_empty() && joins(word.chars().next_back().unwrap_or(' '), letter, next);
        if is_part(letter) || inside {
            if word.is_empty() {
                tagged = index.checked_sub(1).is_some_and(|before| at(before) == '#');
            }
            word.push(letter);
            if is_part(next) || joins(letter, next, at(index + 2)) {
                continue;
            }
            let percent = next == '%' || next == ' ' && at(index + 2) == '%';
            found.push(token(&word, first, tagged, percent));
            word.clear();
            first = false;
        } else if matches!(letter, '.' | '!' | '?' | '…') {
            mark(&mut found, true);
            first = true;
        } else if matches!(
            letter,
            ',' | ';' | ':' | '(' | ')' | '—' | '–' | '→' | '·' | '/' | '“' | '”' | '"'
        ) {
            mark(&mut found, false);
            first |= matches!(letter, ':' | '→' | '“' | '"');
        }
    }
    found
}

fn mark(found: &mut [Token], stop: bool) {
    if let Some(last) = found.last_mut() {
        last.ends = true;
        last.joins = true;
        last.stops |= stop;
    }
}

/// Letters, digits and the marks that belong to letters. An underscore holds names of code together.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || super::shape::is_mark(letter)
}

/// Whether a character between two others is inside a word: "follow-up", "isn't", "3.5", "10:30", "1,200".
fn joins(before: char, between: char, after: char) -> bool {
    let digits = before.is_ascii_digit() && after.is_ascii_digit();
    let letters = is_part(before) && is_part(after);
    match between {
        '-' | '\'' | '’' | '_' => letters,
        '.' | ':' | ',' => digits,
        _ => false,
    }
}

fn token(word: &str, first: bool, tagged: bool, percent: bool) -> Token {
    let mut lower = word.to_lowercase().replace('’', "'");
    if let Some(owner) = lower.strip_suffix("'s") {
        lower.truncate(owner.len());
    }
    let numeric = lower.chars().any(char::is_numeric);
    let number = lower.starts_with(|c: char| c.is_ascii_digit()) && !lower.contains(char::is_alphabetic);
    if percent && number {
        lower.push('%');
    }
    Token {
        capital: word.starts_with(char::is_uppercase),
        lower,
        first,
        ends: false,
        stops: false,
        joins: false,
        numeric,
        number,
        tagged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keys_numbers() {
        let words: Vec<String> =
            tokens("DCT-42's follow-up, 3.5 days (10:30): isn't “In Progress” 20 % #dct-ops 冷却。")
                .into_iter()
                .map(|token| token.lower)
                .collect();
        assert_eq!(
            words,
            [
                "dct-42",
                "follow-up",
                "3.5",
                "days",
                "10:30",
                "isn't",
                "in",
                "progress",
                "20%",
                "dct-ops",
                "冷却"
            ]
        );
    }

    #[test]
    fn where_they_stand() {
        let words = tokens("Ask Marco, then Lena. Wait");
        let facts: Vec<_> = words.iter().map(|w| (w.capital, w.first, w.ends, w.stops)).collect();
        assert_eq!(
            facts,
            [
                (true, true, false, false),
                (true, false, true, false),
                (false, false, false, false),
                (true, false, true, true),
                (true, true, false, false)
            ]
        );
        assert!(tokens("#ops").first().is_some_and(|tag| tag.tagged));
    }
}
