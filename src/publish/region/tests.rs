use proptest::prelude::*;

use super::*;

const AGENT: AgentName = AgentName::SprintBoard;

fn one(storage: &str, agent: AgentName) -> Region {
    match find(storage, agent).unwrap() {
        Found::One(region) => region,
        other => panic!("{other:?} in {storage}"),
    }
}

fn broken(storage: &str) -> &'static str {
    match find(storage, AGENT).unwrap() {
        Found::Broken(how) => how,
        other => panic!("{other:?} in {storage}"),
    }
}

#[test]
fn a_region_is_appended_found_and_replaced() {
    let page = "<h1>Ours&nbsp;&eacute;</h1>\n<p>human</p>";
    assert_eq!(find(page, AGENT).unwrap(), Found::None);
    let with = append(page, AGENT, "<p>one</p>", "aa").unwrap();
    assert!(with.starts_with(page));
    let region = one(&with, AGENT);
    assert_eq!((with.get(region.inner.clone()), region.fingerprint.as_str()), (Some("<p>one</p>"), "aa"));
    let later = format!("{with}<p>below</p>");
    let region = one(&later, AGENT);
    let next = replace(&later, AGENT, &region, "<p>two</p>", "bbb");
    let region = one(&next, AGENT);
    assert_eq!((next.get(region.inner.clone()), region.fingerprint.as_str()), (Some("<p>two</p>"), "bbb"));
    assert!(next.starts_with(page) && next.ends_with("<p>below</p>"));
}

#[test]
fn an_empty_page_and_two_agents_on_one_page() {
    let page = append("", AGENT, "<p>board</p>", "1").unwrap();
    let page = append(&page, AgentName::Roadmap, "<p>road</p>", "2").unwrap();
    let page = append(&page, AgentName::TechRoadmap, "<p>tech</p>", "3").unwrap();
    for (agent, says) in [
        (AGENT, "<p>board</p>"),
        (AgentName::Roadmap, "<p>road</p>"),
        (AgentName::TechRoadmap, "<p>tech</p>"),
    ] {
        assert_eq!(page.get(one(&page, agent).inner), Some(says));
    }
}

#[test]
fn behind_a_layout_nothing_may_stand() {
    let page = "<ac:layout><ac:layout-section ac:type=\"single\"><ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section></ac:layout>\n";
    let with = append(page, AGENT, "<p>one</p>", "aa").unwrap();
    assert!(with.ends_with("</ac:layout-section></ac:layout>\n"), "{with}");
    assert_eq!(with.get(one(&with, AGENT).inner), Some("<p>one</p>"));
}

#[test]
fn the_editors_own_additions_to_a_marker_are_kept() {
    let page = append("", AGENT, "<p>one</p>", "aa").unwrap();
    let page = page
        .replace("<p><ac:structured", "<p local-id=\"9\">somebody typed here <ac:structured")
        .replace(
            "</ac:parameter>",
            "</ac:parameter><ac:parameter ac:name=\"legacyAnchorId\">LEGACY-caughtup</ac:parameter>",
        )
        .replace("ac:schema-version", "ac:macro-id=\"77\" ac:schema-version");
    let next = replace(&page, AGENT, &one(&page, AGENT), "<p>two</p>", "bb");
    assert_eq!(next.matches("somebody typed here").count(), 2);
    assert_eq!(next.matches("ac:macro-id=\"77\"").count(), 2);
    assert_eq!(one(&next, AGENT).fingerprint, "bb");
}

#[test]
fn broken_markers_are_said() {
    let page = append("<p>a</p>", AGENT, "<p>one</p>", "aa").unwrap();
    let (start, end) = (anchor(&start_name(AGENT)), anchor(&end_name(AGENT, "aa")));
    assert_eq!(broken(&page.replace(&end, "")), "its end marker is gone");
    assert_eq!(broken(&page.replace(&start, "")), "its start marker is gone");
    assert_eq!(broken(&format!("{page}{page}")), "its markers are there more than once");
    assert_eq!(broken(&format!("{end}{start}")), "its end marker stands before its start marker");
    let nested = append("", AgentName::Roadmap, "<p>road</p>", "2").unwrap();
    assert_eq!(broken(&format!("{start}{nested}{end}")), "another part of ours stands in it");
    for moved in [
        format!("<ul><li>{start}</li><li><p>x</p>{end}</li></ul>"),
        format!("<table><tbody><tr><td>{start}</td></tr></tbody></table>{end}"),
        format!(
            "<p>{}{}</p>",
            start.replace("<p>", "").replace("</p>", ""),
            end.replace("<p>", "").replace("</p>", "")
        ),
    ] {
        assert_eq!(broken(&moved), "its markers were moved into other text", "{moved}");
    }
}

proptest! {
    #[test]
    fn what_is_around_stays_byte_for_byte(
        before in "(<p>|x |é&nbsp;|&amp;|🙂|\n|<br />){0,12}",
        after in "(y |&lt;|<ac:inline-comment-marker ac:ref=\"q\">z</ac:inline-comment-marker>|<hr/>){0,12}",
        says in "(<p>one</p>|<p>two &amp; three</p>){0,4}",
    ) {
        let before = before.replace("<p>", "<p>open</p>");
        let made = append(&before, AGENT, "<p>first</p>", "1").unwrap();
        let page = format!("{made}{after}");
        let next = replace(&page, AGENT, &one(&page, AGENT), &says, "2");
        prop_assert!(next.starts_with(&before) && next.ends_with(&after));
        prop_assert_eq!(next.get(one(&next, AGENT).inner), Some(says.as_str()));
        let back = replace(&next, AGENT, &one(&next, AGENT), "<p>first</p>", "1");
        prop_assert_eq!(back, page);
    }
}
