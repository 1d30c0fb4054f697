//! Rich text: sections, lists and what stands in them.

use super::shapes::{ANY, BLOCK_ID, Field, ID, Rule, Shape, URL, may, must, shape};

pub(super) const INLINE: &[&str] =
    &["broadcast", "color", "channel", "date", "emoji", "link", "team", "text", "user", "usergroup"];

pub(super) static RICH_TEXT: Shape = shape(&[
    BLOCK_ID,
    must(
        "elements",
        Rule::Each(
            &Rule::OneOf(&[
                "rich_text_section",
                "rich_text_list",
                "rich_text_quote",
                "rich_text_preformatted",
            ]),
            1,
            ANY,
        ),
    ),
]);

pub(super) static RICH_SECTION: Shape = shape(&[must("elements", Rule::Each(&Rule::OneOf(INLINE), 0, ANY))]);

pub(super) static RICH_QUOTE: Shape =
    shape(&[BORDER, must("elements", Rule::Each(&Rule::OneOf(INLINE), 0, ANY))]);

pub(super) static RICH_PREFORMATTED: Shape = shape(&[
    BORDER,
    must("elements", Rule::Each(&Rule::OneOf(&["text", "link"]), 0, ANY)),
    may("language", ID),
]);

pub(super) static RICH_LIST: Shape = shape(&[
    BORDER,
    must("style", Rule::Word(&["bullet", "ordered"])),
    must("elements", Rule::Each(&Rule::OneOf(&["rich_text_section"]), 1, ANY)),
    may("indent", Rule::Number),
    may("offset", Rule::Number),
]);

pub(super) const BORDER: Field = may("border", Rule::Number);

pub(super) const LOOKS: Field = may("style", Rule::Object(&INLINE_STYLE));

pub(super) static INLINE_STYLE: Shape = shape(&[
    may("bold", Rule::Flag),
    may("italic", Rule::Flag),
    may("strike", Rule::Flag),
    may("underline", Rule::Flag),
    may("code", Rule::Flag),
    may("highlight", Rule::Flag),
    may("client_highlight", Rule::Flag),
    may("unlink", Rule::Flag),
]);

pub(super) static BROADCAST: Shape =
    shape(&[LOOKS, must("range", Rule::Word(&["here", "channel", "everyone"]))]);

pub(super) static CHANNEL: Shape = shape(&[LOOKS, must("channel_id", Rule::Text(1, ANY))]);

pub(super) static COLOR: Shape = shape(&[LOOKS, must("value", Rule::Text(1, ANY))]);

pub(super) static DATE: Shape = shape(&[
    LOOKS,
    must("timestamp", Rule::Number),
    must("format", Rule::Text(1, ANY)),
    may("url", URL),
    may("fallback", Rule::Text(0, ANY)),
]);

pub(super) static EMOJI: Shape =
    shape(&[LOOKS, must("name", Rule::Text(1, ANY)), may("unicode", Rule::Text(0, ANY)), may("url", URL)]);

pub(super) static LINK: Shape = shape(&[
    LOOKS,
    must("url", Rule::Text(1, 3000)),
    may("text", Rule::Text(0, ANY)),
    may("unsafe", Rule::Flag),
]);

pub(super) static TEAM: Shape = shape(&[LOOKS, must("team_id", Rule::Text(1, ANY))]);

pub(super) static TEXT: Shape = shape(&[LOOKS, must("text", Rule::Text(1, ANY))]);

pub(super) static USER: Shape = shape(&[LOOKS, must("user_id", Rule::Text(1, ANY))]);

pub(super) static USERGROUP: Shape = shape(&[LOOKS, must("usergroup_id", Rule::Text(1, ANY))]);
