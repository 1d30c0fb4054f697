//! What Slack does to the text of a post: three characters escaped, bare addresses made links.

/// The text as it is kept.
///
/// `&`, `<` and `>` are escaped unless they already belong to an entity or to Slack's own mark-up, so that
/// a client which escapes and one which forgets to get the same result for plain text.
pub(super) fn kept(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (taken, written) = token(first, rest, kept.chars().last());
        kept.push_str(&written);
        rest = rest.get(taken..).unwrap_or_default();
    }
    kept
}

/// The next token: how many bytes it takes, and what becomes of them.
fn token(first: char, rest: &str, before: Option<char>) -> (usize, String) {
    match first {
        '&' => match ["&amp;", "&lt;", "&gt;"].iter().find(|entity| rest.starts_with(**entity)) {
            Some(entity) => (entity.len(), (*entity).to_owned()),
            None => (1, "&amp;".into()),
        },
        '<' => match rest.split_once('>').filter(|(inside, _)| is_mark_up(inside)) {
            Some((inside, _)) => (inside.len() + 1, format!("{inside}>")),
            None => (1, "&lt;".into()),
        },
        '>' => (1, "&gt;".into()),
        'h' if (rest.starts_with("http://") || rest.starts_with("https://"))
            && !before.is_some_and(char::is_alphanumeric) =>
        {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '`'))
                .unwrap_or(rest.len());
            let address = rest
                .get(..end)
                .unwrap_or(rest)
                .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '*', '_']);
            (address.len(), format!("<{}>", address.replace("&amp;", "&").replace('&', "&amp;")))
        }
        other => (other.len_utf8(), other.to_string()),
    }
}

fn is_mark_up(inside: &str) -> bool {
    let inside = inside.trim_start_matches('<');
    !inside.is_empty()
        && !inside.contains('\n')
        && (inside.starts_with(['@', '#', '!'])
            || ["http://", "https://", "mailto:", "tel:", "slack://"]
                .iter()
                .any(|scheme| inside.starts_with(scheme)))
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn escapes_what_is_not_mark_up() {
        assert_eq!(kept("a & b < c > d"), "a &amp; b &lt; c &gt; d");
        assert_eq!(kept("a &amp; b &lt;@U1&gt;"), "a &amp; b &lt;@U1&gt;");
        assert_eq!(
            kept("<@U1> <#C1|x> <!date^1^{date}|f> <https://a.b/?x=1&y=2|t>"),
            "<@U1> <#C1|x> <!date^1^{date}|f> <https://a.b/?x=1&y=2|t>"
        );
        assert_eq!(kept("<b>🎉"), "&lt;b&gt;🎉");
    }

    #[test]
    fn links_bare_addresses() {
        assert_eq!(kept("see https://a.b/c, ok"), "see <https://a.b/c>, ok");
        assert_eq!(kept("(https://a.b)"), "(<https://a.b>)");
    }
}
