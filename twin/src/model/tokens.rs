//! Tokens, counted the same way every time, and the prompts that are cached.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::{Duration, Instant};

use super::keep::Spent;

/// How many tokens a text is: four letters or digits are one, a sign is one, and so is a letter of scripts that
/// have no spaces.
pub(super) fn count(text: &str) -> u64 {
    let mut tokens = 0;
    let mut run = 0_u64;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c.is_alphabetic() && u32::from(c) < 0x2E80 {
            run += 1;
            continue;
        }
        tokens += run.div_ceil(4);
        run = 0;
        if !c.is_whitespace() {
            tokens += 1;
        }
    }
    tokens + run.div_ceil(4)
}

/// The beginning of a text that is at most so many tokens.
pub(super) fn cut(text: &str, most: u64) -> &str {
    if count(text) <= most {
        return text;
    }
    let (mut low, mut high) = (0, text.chars().count());
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let upto = |chars: usize| ends.get(chars).and_then(|end| text.get(..*end)).unwrap_or(text);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if count(upto(middle)) <= most { low = middle } else { high = middle }
    }
    upto(low)
}

/// How long a prefix stays.
const KEPT: Duration = Duration::from_secs(300);

/// The prefixes that were seen, by model and text.
#[derive(Debug, Default)]
pub(super) struct Cache {
    marked: Vec<(u64, Instant)>,
    whole: Vec<(String, Vec<String>, Instant)>,
}

impl Cache {
    /// Anthropic's way: what stands before a breakpoint is written, and read when it comes again. `least` is the
    /// shortest prefix that is cached at all.
    pub(super) fn by_marks(
        &mut self,
        model: &str,
        parts: &[(String, bool)],
        least: u64,
        now: Instant,
    ) -> Spent {
        self.marked.retain(|(_, at)| now.duration_since(*at) < KEPT);
        let mut hasher = DefaultHasher::new();
        model.hash(&mut hasher);
        let (mut tokens, mut read, mut marked) = (0, 0, 0);
        for (text, mark) in parts {
            text.hash(&mut hasher);
            tokens += count(text);
            if *mark && tokens >= least {
                marked = tokens;
                let prefix = hasher.finish();
                match self.marked.iter_mut().find(|(known, _)| *known == prefix) {
                    Some((_, at)) => {
                        *at = now;
                        read = tokens;
                    }
                    None => self.marked.push((prefix, now)),
                }
            }
        }
        Spent { input: tokens - marked, cached: read, cache_written: marked - read, ..Spent::default() }
    }

    /// OpenAI's way: the longest beginning that came before is read, in steps of 128 tokens, unasked.
    pub(super) fn by_prefix(
        &mut self,
        model: &str,
        parts: &[(String, bool)],
        least: u64,
        now: Instant,
    ) -> Spent {
        self.whole.retain(|(_, _, at)| now.duration_since(*at) < KEPT);
        let texts: Vec<String> = parts.iter().map(|(text, _)| text.clone()).collect();
        let tokens: u64 = texts.iter().map(|text| count(text)).sum();
        let common = |known: &[String]| -> u64 {
            texts.iter().zip(known).take_while(|(a, b)| a == b).map(|(text, _)| count(text)).sum()
        };
        let same = self.whole.iter().filter(|(of, _, _)| of == model);
        let longest = same.map(|(_, known, _)| common(known)).max().unwrap_or(0);
        let read = if longest >= least { longest / 128 * 128 } else { 0 };
        self.whole.push((model.to_owned(), texts, now));
        Spent { input: tokens - read, cached: read, ..Spent::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(texts: &[(&str, bool)]) -> Vec<(String, bool)> {
        texts.iter().map(|(text, mark)| ((*text).to_owned(), *mark)).collect()
    }

    #[test]
    fn tokens_are_pieces_of_words_and_signs() {
        for (text, tokens) in
            [("", 0), ("blocked", 2), ("DCT-42 is late!", 6), ("{\"a\": 1}", 7), ("延期", 2), ("🚨", 1)]
        {
            assert_eq!(count(text), tokens, "{text}");
        }
        assert_eq!(cut("one two three", 2), "one two ");
        assert_eq!(cut("one", 9), "one");
    }

    #[test]
    fn a_marked_prefix_is_written_once_and_then_read() {
        let mut cache = Cache::default();
        let now = Instant::now();
        let long = "word ".repeat(2000);
        let ask = |data: &str| parts(&[(&long, true), (data, false)]);
        let first = cache.by_marks("m", &ask("one"), 1024, now);
        assert_eq!((first.input, first.cached, first.cache_written), (1, 0, 2000));
        let second = cache.by_marks("m", &ask("two"), 1024, now);
        assert_eq!((second.input, second.cached, second.cache_written), (1, 2000, 0));
        assert_eq!(cache.by_marks("other", &ask("two"), 1024, now).cached, 0);
        assert_eq!(cache.by_marks("m", &ask("two"), 1024, now + KEPT).cached, 0, "it is gone after a while");
        let short = cache.by_marks("m", &parts(&[("short", true)]), 1024, now);
        assert_eq!((short.input, short.cache_written), (2, 0), "what is short is not cached");
    }

    #[test]
    fn a_common_beginning_is_read_in_steps() {
        let mut cache = Cache::default();
        let now = Instant::now();
        let long = "word ".repeat(2000);
        let ask = |data: &str| parts(&[(&long, false), (data, false)]);
        assert_eq!(cache.by_prefix("m", &ask("one"), 1024, now).cached, 0);
        let again = cache.by_prefix("m", &ask("two"), 1024, now);
        assert_eq!((again.cached, again.input), (1920, 81));
    }
}
