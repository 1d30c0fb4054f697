//! Storage format: whether it is well-formed, and roughly what it looks like elsewhere.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

/// Prefixes that storage format knows without a declaration.
const PREFIXES: [&str; 3] = ["ac", "ri", "at"];

/// What is wrong with a body, in Confluence's words; `None` when it would be taken.
pub fn problem(storage: &str) -> Option<String> {
    let mut reader = Reader::from_str(storage);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<String> = Vec::new();
    let bad = |what: &str, at: u64| Some(format!("Error parsing xhtml: {what} at position {at}"));
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => {
                return open.last().and_then(|name| {
                    bad(&format!("element '{name}' is not closed"), reader.buffer_position())
                });
            }
            Ok(Event::Start(start)) => {
                let name = start.name().as_ref().to_owned();
                if let Some(problem) = element(&name, start.attributes()) {
                    return bad(&problem, reader.buffer_position());
                }
                open.push(name);
            }
            Ok(Event::Empty(start)) => {
                let name = start.name().as_ref().to_owned();
                if let Some(problem) = element(&name, start.attributes()) {
                    return bad(&problem, reader.buffer_position());
                }
            }
            Ok(Event::End(_)) => {
                open.pop();
            }
            Ok(Event::GeneralRef(name)) => {
                let name: &str = &name;
                if !is_entity(name) {
                    return bad(&format!("undeclared entity \"{name}\""), reader.buffer_position());
                }
            }
            Ok(Event::DocType(_) | Event::Decl(_) | Event::PI(_)) => {
                return bad("only elements and text are allowed", reader.buffer_position());
            }
            Ok(_) => {}
            Err(error) => return bad(&error.to_string(), reader.error_position()),
        }
    }
}

fn element(name: &str, attributes: quick_xml::events::attributes::Attributes<'_>) -> Option<String> {
    if let Some((prefix, _)) = name.split_once(':')
        && !PREFIXES.contains(&prefix)
    {
        return Some(format!("undeclared namespace prefix \"{prefix}\""));
    }
    if name == "script" {
        return Some("element 'script' is not allowed".to_owned());
    }
    attributes.into_iter().find_map(|attribute| match attribute {
        Ok(attribute) => {
            let value = attribute.value.into_owned();
            let stray = value.contains('<') || value.split('&').skip(1).any(|rest| !rest.contains(';'));
            stray.then(|| "an attribute's value is not escaped".to_owned())
        }
        Err(error) => Some(error.to_string()),
    })
}

/// XML's own entities, numbers, and the names that HTML defines, which storage format allows.
fn is_entity(name: &str) -> bool {
    let number = name.strip_prefix('#').is_some_and(|rest| {
        let digits = rest.strip_prefix('x').unwrap_or(rest);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit())
    });
    number || (name.len() <= 8 && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The text of a body, for search and excerpts.
pub fn text(storage: &str) -> String {
    let mut reader = Reader::from_str(storage);
    reader.config_mut().check_end_names = false;
    let mut out = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => break,
            Ok(Event::Text(text)) => out.push_str(&text),
            Ok(Event::CData(text)) => out.push_str(&text),
            Ok(Event::GeneralRef(name)) => out.push_str(match &*name {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" | "rsquo" | "lsquo" => "'",
                "ndash" | "mdash" => "-",
                _ => " ",
            }),
            Ok(Event::End(_) | Event::Empty(_)) => out.push(' '),
            Ok(_) => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body as a document: its words, without its shape.
pub fn to_adf(storage: &str) -> Value {
    crate::atlassian::adf_document(&text(storage))
        .as_object()
        .cloned()
        .map_or_else(|| json!({}), Value::Object)
}

/// The body as it is viewed: the twin renders no macros.
pub fn to_view(storage: &str) -> String {
    format!("<p>{}</p>", text(storage).replace('&', "&amp;").replace('<', "&lt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_passes_and_broken_xhtml_does_not() {
        let fine = r#"<h1>Plan &amp; risks&nbsp;</h1><table><tbody><tr><td><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">ON TRACK</ac:parameter></ac:structured-macro></td></tr></tbody></table><ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body><br/>"#;
        assert_eq!(problem(fine), None);
        assert_eq!(problem("plain words"), None);
        for bad in
            ["<p>open", "<p>a</b></p>", "a & b", "<x:y/>", "<p class=\"a&b\"/>", "<p", "<script>1</script>"]
        {
            assert!(problem(bad).is_some(), "{bad}");
        }
        assert_eq!(text("<p>a &amp; b</p><p>c</p>"), "a & b c");
    }
}
