use proptest::prelude::*;

use super::*;

fn flow(body: &str) -> Flow {
    let names = BTreeMap::from([("5b".to_owned(), "Mia Krystof".to_owned())]);
    let reading = Reading { site: "https://acme.atlassian.net", names: &names };
    read(&Document::parse(body).unwrap().nodes, reading, Tables::AsLines)
}

fn keys(body: &str) -> Vec<String> {
    flow(body).issues.iter().map(ToString::to_string).collect()
}

#[test]
fn macros_dates_people_and_tasks_say_what_a_reader_sees() {
    let read = flow(
        "<p>Owner:&nbsp;<ac:link><ri:user ri:account-id=\"5b\"/></ac:link>, \
         <ac:link><ri:user ri:account-id=\"gone\"/></ac:link></p>\
         <p>Due <time datetime=\"2026-11-30\"/> <ac:structured-macro ac:name=\"status\">\
         <ac:parameter ac:name=\"title\">AT RISK</ac:parameter><ac:parameter ac:name=\"colour\">Yellow</ac:parameter>\
         </ac:structured-macro></p>\
         <ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>\
         <ac:task-body><span>book   the\n slot</span></ac:task-body></ac:task></ac:task-list>\
         <ac:structured-macro ac:name=\"expand\"><ac:parameter ac:name=\"title\">More</ac:parameter>\
         <ac:rich-text-body><p>inside</p></ac:rich-text-body></ac:structured-macro>\
         <ac:structured-macro ac:name=\"toc\"><ac:parameter ac:name=\"title\">no body</ac:parameter></ac:structured-macro>",
    );
    assert_eq!(
        read.text,
        "Owner: Mia Krystof, gone\nDue 2026-11-30 AT RISK\n[x] book the slot\nMore\ninside"
    );
    assert_eq!(read.colour.as_deref(), Some("yellow"));
}

#[test]
fn what_is_struck_through_is_said_no_more() {
    let body = "<p><s>DCT-1</s> <del>2026-12-18</del> <strike>Green</strike> \
        <span style=\"text-decoration: line-through;\">DCT-2</span> <span>2026-12-21</span> DCT-3</p>";
    assert_eq!(flow(body).text, "2026-12-21 DCT-3");
    assert_eq!(keys(body), ["DCT-3"]);
}

#[test]
fn a_status_without_title_or_colour_shows_its_default() {
    let read = flow("<ac:structured-macro ac:name=\"status\"/>");
    assert_eq!((read.text.as_str(), read.colour.as_deref()), ("grey", Some("grey")));
}

#[test]
fn issues_are_named_by_macro_link_and_key_but_not_in_code_or_elsewhere() {
    let jira = "<ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">DCT-1</ac:parameter>\
        <ac:parameter ac:name=\"serverId\">x</ac:parameter></ac:structured-macro>";
    assert_eq!(keys(jira), ["DCT-1"]);
    assert_eq!(flow(jira).text, "DCT-1");
    let smart = "<a href=\"https://acme.atlassian.net/browse/DCT-2?x=1\" data-card-appearance=\"inline\">\
        https://acme.atlassian.net/browse/DCT-2</a>";
    assert_eq!((keys(smart), flow(smart).text), (vec!["DCT-2".to_owned()], "DCT-2".to_owned()));
    assert_eq!(
        keys(
            "<p>see DCT-3, <b>OPS-4</b>; and <a href=\"https://acme.atlassian.net/browse/DCT-5\">this</a></p>"
        ),
        ["DCT-3", "OPS-4", "DCT-5"]
    );
    assert!(keys("<p><code>DCT-6</code></p><pre>DCT-7</pre>").is_empty());
    assert!(keys("<a href=\"https://other.atlassian.net/browse/DCT-8\">DCT-8</a>").is_empty());
    let code = "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">py</ac:parameter>\
        <ac:plain-text-body><![CDATA[fix(DCT-9)\n  more]]></ac:plain-text-body></ac:structured-macro>";
    assert!(keys(code).is_empty());
    assert_eq!(flow(code).text, "fix(DCT-9)\n  more");
}

#[test]
fn a_newer_node_is_not_read_twice() {
    let body = "<ac:adf-extension><ac:adf-node type=\"panel\"><ac:adf-attribute key=\"panel-type\">note</ac:adf-attribute>\
        <ac:adf-content><p>Cut over on Friday</p></ac:adf-content></ac:adf-node>\
        <ac:adf-fallback><div><p>Cut over on Friday</p></div></ac:adf-fallback></ac:adf-extension>";
    assert_eq!(flow(body).text, "Cut over on Friday");
    let only = "<ac:adf-extension><ac:adf-node type=\"x\"/><ac:adf-fallback><p>old</p></ac:adf-fallback></ac:adf-extension>";
    assert_eq!(flow(only).text, "old");
}

#[test]
fn a_table_is_a_line_per_row() {
    let read = flow(
        "<h2>Plan</h2><table><tbody><tr><th>a</th><th>b</th></tr><tr><td><p>1</p><p>2</p></td><td>DCT-1</td></tr></tbody></table>",
    );
    assert_eq!(read.text, "Plan\na | b\n1 2 | DCT-1");
    assert_eq!(read.issues.len(), 1);
}

#[test]
fn who_is_mentioned_is_found() {
    let document = Document::parse(
        "<p><ac:link><ri:user ri:account-id=\"a\"/></ac:link></p><ri:user ri:username=\"b\"/>",
    )
    .unwrap();
    assert_eq!(mentioned(&document).into_iter().collect::<Vec<_>>(), ["a"]);
}

proptest! {
    #[test]
    fn nothing_well_formed_makes_it_panic(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<p>", "</p>", "<table>", "</table>", "<tr>", "</tr>", "<td rowspan=\"3\" colspan=\"9999999\">", "</td>", "<th>", "</th>",
            "<ac:link>", "</ac:link>", "<ri:user/>", "<ac:structured-macro ac:name=\"status\">", "</ac:structured-macro>",
            "<ac:parameter ac:name=\"title\">", "</ac:parameter>", "é DCT-1 ", "<a href=\"x\">", "</a>", "<time/>", "&nbsp;", "<br/>",
        ]), 0..40),
    ) {
        if let Ok(document) = Document::parse(&parts.concat()) {
            let names = BTreeMap::new();
            let reading = Reading { site: "", names: &names };
            plain_text(&document, reading);
            super::super::tables(&document, reading);
        }
    }

    /// A page with any character put in the place of any other is read or refused.
    #[test]
    fn no_damage_makes_it_panic(at in any::<prop::sample::Index>(), character in any::<char>(), cut in any::<bool>()) {
        let page = "<h2>Plan &amp; status</h2><table><thead><tr><th rowspan=\"2\">Key</th></tr></thead><tbody><tr><td>\
            <ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">é</ac:parameter></ac:structured-macro>\
            <ac:plain-text-body><![CDATA[x]]></ac:plain-text-body><time datetime=\"2026-11-30\"/></td></tr></tbody></table>";
        let mut characters: Vec<char> = page.chars().collect();
        let place = at.index(characters.len());
        characters[place] = character;
        if cut {
            characters.truncate(place);
        }
        let damaged: String = characters.into_iter().collect();
        if let Ok(document) = Document::parse(&damaged) {
            let names = BTreeMap::new();
            let reading = Reading { site: "https://acme.atlassian.net", names: &names };
            plain_text(&document, reading);
            super::super::tables(&document, reading);
            mentioned(&document);
        }
    }
}
