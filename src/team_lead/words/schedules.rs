//! What is said about digests that are made unasked.

/// The channel's members, when a digest that was due could not be made.
pub fn unasked_failed(name: &str, why: &str) -> String {
    format!("The scheduled digest “{}” could not be made. {why}", harmless(name))
}

/// The schedule's maker, once, when its digests have no place to go to.
pub fn unasked_has_no_place(name: &str, channel: &str, code: &str) -> String {
    let place = if channel.starts_with('#') { channel.to_owned() } else { "its channel".to_owned() };
    let why = match code {
        "is_archived" => format!("{place} is archived"),
        "is_shared" => {
            format!("people of other organisations are in {place} now, and what I would tell is not for them")
        }
        _ => format!("I'm not in {place}, or it is gone"),
    };
    let name = harmless(name);
    format!(
        "Your scheduled digest “{name}” can't be posted: {why}. The schedule stays: `/invite @caughtup` there if you \
         want it back, or say “delete schedule {name}”. I won't say this again until something changes."
    )
}

/// A name as it can stand in any sentence.
pub fn harmless(name: &str) -> String {
    let plain: String = name.chars().map(|c| if "<>&*_~`\n".contains(c) { ' ' } else { c }).collect();
    crate::domain::defang(plain.split_whitespace().collect::<Vec<_>>().join(" ").as_str())
}
