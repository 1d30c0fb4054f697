//! How a shape is written down, and which type has which: the official schema's properties, the
//! reference's limits.

use super::{charts, elements, kinds, rich};

/// What a property may be.
pub(super) enum Rule {
    /// A string of so many characters.
    Text(usize, usize),
    Flag,
    Number,
    Word(&'static [&'static str]),
    /// Text objects, with their greatest length.
    Plain(usize),
    Mrkdwn(usize),
    AnyText(usize),
    /// An object of one of these types.
    OneOf(&'static [&'static str]),
    /// An array: of what, how few, how many.
    Each(&'static Rule, usize, usize),
    /// An object without a type.
    Object(&'static Shape),
    Anything,
}

/// A property.
pub(super) struct Field {
    pub name: &'static str,
    pub rule: Rule,
    pub required: bool,
}

/// An object's properties; of each group in `any_of`, one at least must be there.
pub(super) struct Shape {
    pub fields: &'static [Field],
    pub any_of: &'static [&'static [&'static str]],
}

pub(super) const fn must(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: true }
}

pub(super) const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: false }
}

pub(super) const ANY: usize = usize::MAX;

pub(super) const ID: Rule = Rule::Text(0, 255);

pub(super) const BLOCK_ID: Field = may("block_id", ID);

pub(super) const URL: Rule = Rule::Text(0, 3000);

/// Every block that a message may hold.
pub(super) const BLOCKS: &[&str] = &[
    "actions",
    "alert",
    "card",
    "carousel",
    "container",
    "context",
    "context_actions",
    "data_table",
    "data_visualization",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "markdown",
    "plan",
    "rich_text",
    "section",
    "table",
    "task_card",
    "video",
];

/// The shape of a type; none for types that the schema does not describe.
pub(super) fn of(kind: &str) -> Option<&'static Shape> {
    Some(match kind {
        "actions" => &kinds::ACTIONS,
        "alert" => &kinds::ALERT,
        "card" => &kinds::CARD,
        "carousel" => &kinds::CAROUSEL,
        "container" => &kinds::CONTAINER,
        "context" => &kinds::CONTEXT,
        "context_actions" => &kinds::CONTEXT_ACTIONS,
        "data_table" => &kinds::DATA_TABLE,
        "data_visualization" => &charts::DATA_VISUALIZATION,
        "pie" => &charts::PIE,
        "bar" | "area" | "line" => &charts::XY,
        "divider" => &kinds::DIVIDER,
        "file" => &kinds::FILE,
        "header" => &kinds::HEADER,
        "image" => &kinds::IMAGE,
        "input" => &kinds::INPUT,
        "markdown" => &kinds::MARKDOWN,
        "plan" => &kinds::PLAN,
        "rich_text" => &rich::RICH_TEXT,
        "section" => &kinds::SECTION,
        "table" => &kinds::TABLE,
        "task_card" => &kinds::TASK_CARD,
        "video" => &kinds::VIDEO,
        "url" => &kinds::URL_SOURCE,
        "mrkdwn" => &elements::MRKDWN,
        "plain_text" => &elements::PLAIN_TEXT,
        "button" => &elements::BUTTON,
        "workflow_button" => &elements::WORKFLOW_BUTTON,
        "feedback_buttons" => &elements::FEEDBACK_BUTTONS,
        "icon_button" => &elements::ICON_BUTTON,
        "overflow" => &elements::OVERFLOW,
        "checkboxes" => &elements::CHECKBOXES,
        "radio_buttons" => &elements::RADIO_BUTTONS,
        "datepicker" => &elements::DATEPICKER,
        "datetimepicker" => &elements::DATETIMEPICKER,
        "timepicker" => &elements::TIMEPICKER,
        "static_select" | "multi_static_select" => &elements::STATIC_SELECT,
        "external_select" | "multi_external_select" => &elements::EXTERNAL_SELECT,
        "users_select" | "multi_users_select" => &elements::USERS_SELECT,
        "channels_select" | "multi_channels_select" => &elements::CHANNELS_SELECT,
        "conversations_select" | "multi_conversations_select" => &elements::CONVERSATIONS_SELECT,
        "plain_text_input" | "rich_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
            &elements::TEXT_INPUT
        }
        "file_input" => &elements::FILE_INPUT,
        "rich_text_section" => &rich::RICH_SECTION,
        "rich_text_list" => &rich::RICH_LIST,
        "rich_text_quote" => &rich::RICH_QUOTE,
        "rich_text_preformatted" => &rich::RICH_PREFORMATTED,
        "broadcast" => &rich::BROADCAST,
        "channel" => &rich::CHANNEL,
        "color" => &rich::COLOR,
        "date" => &rich::DATE,
        "emoji" => &rich::EMOJI,
        "link" => &rich::LINK,
        "team" => &rich::TEAM,
        "text" => &rich::TEXT,
        "user" => &rich::USER,
        "usergroup" => &rich::USERGROUP,
        "raw_text" => &kinds::RAW_TEXT,
        "raw_number" => &kinds::RAW_NUMBER,
        _ => return None,
    })
}

pub(super) const fn shape(fields: &'static [Field]) -> Shape {
    Shape { fields, any_of: &[] }
}
