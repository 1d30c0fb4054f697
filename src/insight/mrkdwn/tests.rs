use proptest::prelude::*;

use super::*;

fn text(words: &str) -> Span<'_> {
    Span::Text(words.into())
}

fn one(source: &str) -> Vec<Span<'_>> {
    parse(source).remove(0).spans
}

fn shown(source: &str) -> String {
    plain(source, &People::default(), &BTreeMap::new())
}

#[test]
fn words_keep_their_entities_and_lose_their_markers() {
    assert_eq!(one("a &lt;b&gt; &amp; *bold* _it_"), vec![text("a <b> & bold it")]);
    assert_eq!(one("snake_case ~5 days 3 * 4 * 5"), vec![text("snake_case ~5 days 3 * 4 * 5")]);
    assert_eq!(one("&amp;lt;"), vec![text("&lt;")], "an entity is decoded once");
}

#[test]
fn struck_words_are_kept_apart() {
    assert_eq!(one("~blocked~ moving"), vec![Span::Struck("blocked".into()), text(" moving")]);
}

#[test]
fn code_is_code_closed_or_not() {
    assert_eq!(one("see `DCT-1` ok"), vec![text("see "), Span::Code("DCT-1".into()), text(" ok")]);
    let fenced = parse("a ```x\nDCT-1\n``` b\nc");
    assert_eq!(fenced.len(), 2);
    assert_eq!(fenced[0].spans[2], text(" b"));
    assert_eq!(one("a ```x\nDCT-1"), vec![text("a "), Span::Code("x\nDCT-1".into())]);
    assert_eq!(one("a ` b"), vec![text("a ` b")]);
}

#[test]
fn quotations_are_lines_or_all_that_follows() {
    let quoted: Vec<_> =
        parse("&gt; one\ntwo\n> three\n&gt;&gt;&gt;four\nfive").iter().map(|l| l.quoted).collect();
    assert_eq!(quoted, [true, false, true, true, true]);
}

#[test]
fn angles_hold_people_channels_and_links() {
    assert_eq!(one("<@U1A>"), vec![Span::User("U1A".parse().unwrap())]);
    assert_eq!(one("<@W1A|priya>"), vec![Span::User("W1A".parse().unwrap())]);
    assert_eq!(one("<#C1|general>"), vec![Span::Channel("C1".parse().unwrap())]);
    assert_eq!(one("<!here>"), vec![Span::Special("here".into())]);
    assert_eq!(one("<!subteam^S1|@ops>"), vec![Span::Special("ops".into())]);
    fn link<'a>(url: &'a str, label: Option<&'a str>) -> Span<'a> {
        Span::Link { url: url.into(), label: label.map(Into::into) }
    }
    assert_eq!(one("<https://a.b/?x=1&amp;y=2|here>"), vec![link("https://a.b/?x=1&y=2", Some("here"))]);
    assert_eq!(one("<http://a.b/|a.b>"), vec![link("http://a.b/", None)]);
    assert_eq!(one("(https://a.b/c)."), vec![text("("), link("https://a.b/c", None), text(").")]);
    assert_eq!(one("a < b"), vec![text("a < b")]);
}

#[test]
fn emoji_are_named_and_times_are_not_emoji() {
    assert_eq!(one("ok :+1::skin-tone-2:").len(), 3);
    assert_eq!(one("10:30:45 a:b"), vec![text("10:30:45 a:b")]);
}

#[test]
fn excerpts_show_no_address_and_no_id_of_an_unread_channel() {
    assert_eq!(
        shown("see <https://evil.example/x|the plan> and https://evil.example now"),
        "see the plan [link] and [link] now"
    );
    assert_eq!(shown("in <#C9|secret-deal>\n\n  ok"), "in [channel] ok");
    assert_eq!(excerpt(&"word ".repeat(8000), &People::default(), &BTreeMap::new()).chars().count(), 140);
}

#[test]
fn long_and_hostile_texts_are_read_in_linear_time() {
    for hostile in ["<", "`", "``", "~a ", ":a", "*_~", "&gt;", "\u{202e}אבג 👩‍👩‍👧 ", "<@U", "http://", "```\n"]
    {
        let long = hostile.repeat(40_000 / hostile.len());
        assert!(!parse(&long).is_empty());
    }
}

proptest! {
    #[test]
    fn any_text_is_read(source in "\\PC*") {
        parse(&source);
        shown(&source);
    }

    #[test]
    fn any_mark_up_is_read(source in "[<>@#!|`~*_:&a-z;UC1\n ]{0,200}") {
        let lines = parse(&source);
        prop_assert!(lines.len() <= source.matches('\n').count() + 1);
    }
}
