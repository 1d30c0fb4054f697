//! Slack's cursors: base64 of `word:value`, opaque to clients.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A cursor.
pub(super) fn write(word: &str, value: &str) -> String {
    encode(format!("{word}:{value}").as_bytes())
}

/// The value in a cursor of this `word`; none when it is not one of ours.
pub(super) fn read(cursor: &str, word: &str) -> Option<String> {
    let text = String::from_utf8(decode(cursor)?).ok()?;
    text.strip_prefix(word)?.strip_prefix(':').map(str::to_owned)
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for digit in 0..4 {
            let index = (word >> (18 - 6 * digit) & 63) as usize;
            let letter = ALPHABET.get(index).copied().unwrap_or(b'A');
            text.push(if digit <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    // Some clients forget to encode the `=` in a query, or lose it: Slack does not mind.
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::new();
    let mut word = 0_u32;
    let mut bits = 0;
    for letter in text.bytes() {
        let index = ALPHABET.iter().position(|known| *known == letter)?;
        word = word << 6 | u32::try_from(index).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 255) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_slack_says() {
        // From the documentation's pagination page.
        assert_eq!(write("user", "U0G9WFXNZ"), "dXNlcjpVMEc5V0ZYTlo=");
    }

    #[test]
    fn reads_what_it_wrote() {
        for value in ["", "a", "ab", "abc", "1512085861.000543", "ü"] {
            assert_eq!(read(&write("next", value), "next").as_deref(), Some(value));
        }
    }

    #[test]
    fn refuses_others() {
        assert_eq!(read("dXNlcjpVMEc5V0ZYTlo=", "team"), None);
        assert_eq!(read("not base64!", "user"), None);
    }
}
