//! Ids made from names, so that they are the same in every telling and need no table.

/// FNV-1a: short, well spread, and not going to change.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A Slack user id.
pub fn user_id(handle: &str) -> String {
    format!("U07{}", letters(hash(handle), 8))
}

/// A Slack bot id.
pub fn bot_id(handle: &str) -> String {
    format!("B07{}", letters(hash(handle), 8))
}

/// A channel id; direct messages start with `D`.
pub fn channel_id(name: &str) -> String {
    let first = if name.starts_with("dm-") { 'D' } else { 'C' };
    format!("{first}07{}", letters(hash(name), 8))
}

/// An Atlassian account id, in the form of the newer ones.
pub fn account_id(handle: &str) -> String {
    let (a, b) = (hash(handle), hash(&format!("{handle}/account")));
    format!(
        "712020:{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        a & 0xffff,
        (a >> 16) & 0xfff,
        b & 0xfff,
        b >> 16
    )
}

fn letters(mut number: u64, count: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut text = String::with_capacity(count);
    for _ in 0..count {
        let at = usize::try_from(number % 32).unwrap_or_default();
        text.push(ALPHABET.get(at).copied().map_or('A', char::from));
        number /= 32;
    }
    text
}
