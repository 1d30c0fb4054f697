//! Text search: words in any order, phrases in quotes, `*` at a word's end.

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    words: Vec<(String, bool)>,
    phrases: Vec<Vec<String>>,
}

impl Wanted {
    /// Reads the right side of `~`.
    pub fn new(text: &str) -> Self {
        let mut wanted = Self { words: Vec::new(), phrases: Vec::new() };
        for (place, part) in text.split('"').enumerate() {
            if place % 2 == 1 {
                wanted.phrases.push(words(part));
                continue;
            }
            for word in part.split_whitespace() {
                let begins = word.ends_with('*');
                let known = words(word);
                let last = known.len().saturating_sub(1);
                wanted.words.extend(known.into_iter().enumerate().map(|(i, w)| (w, begins && i == last)));
            }
        }
        wanted
    }

    /// Whether a text has all of it.
    pub fn is_in(&self, text: &str) -> bool {
        let text = words(text);
        let has = |(wanted, begins): &(String, bool)| {
            text.iter()
                .any(|word| if *begins { word.starts_with(wanted) } else { stem(word) == stem(wanted) })
        };
        let reads = |phrase: &Vec<String>| {
            !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase.as_slice())
        };
        self.words.iter().all(has) && self.phrases.iter().all(reads)
    }
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

/// English endings do not matter to Jira's index.
fn stem(word: &str) -> &str {
    let cut = ["ings", "ing", "ed", "es", "s"].into_iter().find_map(|ending| word.strip_suffix(ending));
    cut.filter(|stem| stem.chars().count() >= 3).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_beginnings() {
        let is_in = |wanted: &str, text: &str| Wanted::new(wanted).is_in(text);
        assert!(is_in("cooling order", "Order the cooling units"));
        assert!(is_in("units", "one unit"));
        assert!(!is_in("cooling pumps", "Order the cooling units"));
        assert!(is_in("cool*", "cooling"));
        assert!(!is_in("cool", "coolant"));
        assert!(is_in("\"cooling units\"", "the cooling units"));
        assert!(!is_in("\"units cooling\"", "the cooling units"));
    }
}
