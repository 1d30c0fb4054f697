//! A page's storage format as a plain HTML page, to be looked at: macros are drawn as boxes.
//!
//! ```sh
//! cargo run --example page -- page.xml > page.html
//! ```
//!
//! For eyes only: what it makes of mark-up that caughtup does not write is a guess.

#![allow(clippy::print_stdout, reason = "a program for developers: it prints")]

use std::fmt::Write as _;

use caughtup::sources::confluence::{Document, Element, Node};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;color:#172b4d}\
table{border-collapse:collapse;margin:.6rem 0}td,th{border:1px solid #c1c7d0;padding:.3rem .6rem;text-align:left;vertical-align:top}\
th{background:#f4f5f7}td p,th p,li p{margin:0}.s{font-size:.72rem;font-weight:700;border-radius:3px;padding:.1rem .3rem;text-transform:uppercase}\
.Grey{background:#dfe1e6}.Blue{background:#deebff;color:#0747a6}.Green{background:#e3fcef;color:#064}.Yellow{background:#fff0b3}\
.Red{background:#ffebe6;color:#bf2600}.m{border:1px dashed #97a0af;padding:.5rem;margin:.5rem 0}.m>b{color:#6b778c;font-weight:400}\
.a{color:#97a0af;font-size:.7rem}.i{background:#fffae6;border-bottom:2px solid #ffc400}em{color:#6b778c}";

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1);
    let path = path.ok_or_else(|| anyhow::anyhow!("which file? `page <storage file>`"))?;
    let storage = std::fs::read_to_string(&path)?;
    let document = Document::parse(&storage)?;
    let mut body = String::new();
    document.nodes.iter().for_each(|node| draw(node, &mut body));
    println!("<!doctype html><meta charset=\"utf-8\"><style>{STYLE}</style>{body}");
    Ok(())
}

fn draw(node: &Node, out: &mut String) {
    match node {
        Node::Text { text, .. } => out.push_str(&escape(text)),
        Node::Element(element) => draw_element(element, out),
    }
}

fn draw_element(element: &Element, out: &mut String) {
    match (element.macro_name(), element.name.as_str()) {
        (Some("status"), _) => {
            let parameter = |name: &str| escape(&element.parameter(name).unwrap_or_default());
            let _infallible =
                write!(out, "<span class=\"s {}\">{}</span>", parameter("colour"), parameter("title"));
        }
        (Some("anchor"), _) => {
            let _infallible = write!(out, "<span class=\"a\">⚓ {}</span>", escape(&element.raw_text()));
        }
        (Some(name), _) => {
            let title = element.parameter("title").unwrap_or_default();
            let _infallible = write!(out, "<div class=\"m\"><b>{} {}</b>", escape(name), escape(&title));
            let body = element.child("ac:rich-text-body").into_iter().flat_map(|body| &body.children);
            body.for_each(|node| draw(node, out));
            out.push_str("</div>");
        }
        (None, "time") => out.push_str(&escape(element.attribute("datetime").unwrap_or_default())),
        (None, "ac:inline-comment-marker") => wrap("span class=\"i\"", "span", element, out),
        (None, "a") => {
            let href = escape(element.attribute("href").unwrap_or_default());
            wrap(&format!("a href=\"{href}\""), "a", element, out);
        }
        (None, "span") => {
            let style = escape(element.attribute("style").unwrap_or_default());
            wrap(&format!("span style=\"{style}\""), "span", element, out);
        }
        (None, name) if name.contains(':') => element.children.iter().for_each(|node| draw(node, out)),
        (None, name) => wrap(name, name, element, out),
    }
}

fn wrap(start: &str, end: &str, element: &Element, out: &mut String) {
    let _infallible = write!(out, "<{start}>");
    element.children.iter().for_each(|node| draw(node, out));
    let _infallible = write!(out, "</{end}>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
