//! How many tokens a text can be at most, before a provider has counted them.

use super::Prompt;

/// What providers add around a question: roles, separators, the instruction to answer by a schema.
const AROUND: u64 = 600;

/// The most tokens that a prompt can be.
pub(super) fn most_in(prompt: &Prompt) -> u64 {
    let schema = prompt.schema.to_string();
    [prompt.system.as_str(), prompt.data.as_str(), schema.as_str()].into_iter().map(most_tokens).sum::<u64>()
        + AROUND
}

/// The most tokens that a text can be, for the tokenizers in use: they join letters into pieces of three or more on
/// average, a space with the word after it, and at worst give a digit, a sign or a byte of a foreign letter a token of
/// its own. English comes out at about one and a half times what it is.
fn most_tokens(text: &str) -> u64 {
    let mut tokens = 0;
    let mut letters = 0;
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            letters += 1;
            before = c;
            continue;
        }
        tokens += word(letters);
        letters = 0;
        tokens += match c {
            ' ' if before != ' ' => 0,
            c if c.is_ascii() => 1,
            c => c.len_utf8() as u64,
        };
        before = c;
    }
    tokens + word(letters)
}

/// A word, or letters that look like none: those come in smaller pieces.
fn word(letters: u64) -> u64 {
    if letters <= 12 { letters.div_ceil(3) } else { letters.div_ceil(2) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A token for each run of letters or digits and for each sign: fewer than any tokenizer in use makes of text
    /// that is not plain prose.
    fn words_and_signs(text: &str) -> u64 {
        let mut count = 0;
        let mut within = false;
        for c in text.chars() {
            let word = c.is_alphanumeric();
            count += u64::from(!(c.is_whitespace() || word && within));
            within = word;
        }
        count
    }

    #[test]
    fn prose_is_not_taken_for_much_more_than_it_is() {
        let prose =
            "The cutover of the storage cluster moved to Thursday because the vendor is late. ".repeat(100);
        let words = prose.split_whitespace().count() as u64;
        assert!(most_tokens(&prose) < words * 5 / 2, "{} for {words} words", most_tokens(&prose));
    }

    proptest! {
        #[test]
        fn it_is_at_least_a_token_a_word_or_sign_and_at_most_one_a_byte(text in "\\PC{0,200}") {
            let most = most_tokens(&text);
            prop_assert!(most >= words_and_signs(&text));
            prop_assert!(most <= text.len() as u64);
        }
    }
}
