//! The blocks themselves.

use super::shapes::{ANY, BLOCK_ID, Rule, Shape, URL, may, must, shape};

pub(super) const CHILDREN: &[&str] = &[
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "markdown",
    "rich_text",
    "section",
    "table",
    "video",
    "context_actions",
    "data_table",
    "task_card",
    "plan",
    "alert",
    "card",
    "carousel",
];

pub(super) const IN_ACTIONS: &[&str] = &[
    "button",
    "checkboxes",
    "datepicker",
    "datetimepicker",
    "overflow",
    "radio_buttons",
    "timepicker",
    "workflow_button",
    "rich_text_input",
    "users_select",
    "static_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "multi_users_select",
    "multi_static_select",
    "multi_conversations_select",
    "multi_channels_select",
    "multi_external_select",
];

pub(super) const IN_SECTION: &[&str] = &[
    "button",
    "checkboxes",
    "datepicker",
    "image",
    "overflow",
    "radio_buttons",
    "timepicker",
    "workflow_button",
    "users_select",
    "static_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "multi_users_select",
    "multi_static_select",
    "multi_conversations_select",
    "multi_channels_select",
    "multi_external_select",
];

pub(super) const IN_INPUT: &[&str] = &[
    "checkboxes",
    "datepicker",
    "datetimepicker",
    "email_text_input",
    "file_input",
    "number_input",
    "plain_text_input",
    "radio_buttons",
    "rich_text_input",
    "timepicker",
    "url_text_input",
    "users_select",
    "static_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "multi_users_select",
    "multi_static_select",
    "multi_conversations_select",
    "multi_channels_select",
    "multi_external_select",
];

pub(super) static SECTION: Shape = Shape {
    fields: &[
        BLOCK_ID,
        may("text", Rule::AnyText(3000)),
        may("fields", Rule::Each(&Rule::AnyText(2000), 1, 10)),
        may("accessory", Rule::OneOf(IN_SECTION)),
        may("expand", Rule::Flag),
    ],
    any_of: &[&["text", "fields"]],
};

pub(super) static HEADER: Shape = shape(&[BLOCK_ID, must("text", Rule::Plain(150))]);

pub(super) static DIVIDER: Shape = shape(&[BLOCK_ID]);

pub(super) static MARKDOWN: Shape = shape(&[BLOCK_ID, must("text", Rule::Text(1, 12_000))]);

pub(super) static CONTEXT: Shape =
    shape(&[BLOCK_ID, must("elements", Rule::Each(&Rule::OneOf(&["image", "mrkdwn", "plain_text"]), 1, 10))]);

pub(super) static ACTIONS: Shape =
    shape(&[BLOCK_ID, must("elements", Rule::Each(&Rule::OneOf(IN_ACTIONS), 1, 25))]);

pub(super) static CONTEXT_ACTIONS: Shape = shape(&[
    BLOCK_ID,
    must("elements", Rule::Each(&Rule::OneOf(&["feedback_buttons", "icon_button"]), 1, 5)),
]);

pub(super) static IMAGE: Shape = Shape {
    fields: &[
        BLOCK_ID,
        must("alt_text", Rule::Text(1, 2000)),
        may("image_url", Rule::Text(1, 3000)),
        may("slack_file", Rule::Object(&SLACK_FILE)),
        may("title", Rule::Plain(2000)),
    ],
    any_of: &[&["image_url", "slack_file"]],
};

pub(super) static SLACK_FILE: Shape =
    Shape { fields: &[may("id", Rule::Text(1, ANY)), may("url", URL)], any_of: &[&["id", "url"]] };

pub(super) static INPUT: Shape = shape(&[
    BLOCK_ID,
    must("label", Rule::Plain(2000)),
    must("element", Rule::OneOf(IN_INPUT)),
    may("hint", Rule::Plain(2000)),
    may("optional", Rule::Flag),
    may("dispatch_action", Rule::Flag),
]);

pub(super) static FILE: Shape =
    shape(&[BLOCK_ID, must("external_id", Rule::Text(1, 255)), must("source", Rule::Word(&["remote"]))]);

pub(super) static VIDEO: Shape = shape(&[
    BLOCK_ID,
    must("alt_text", Rule::Text(1, 2000)),
    must("thumbnail_url", Rule::Text(1, 3000)),
    must("title", Rule::Plain(199)),
    must("video_url", Rule::Text(1, 3000)),
    may("author_name", Rule::Text(0, 49)),
    may("description", Rule::Plain(200)),
    may("provider_icon_url", URL),
    may("provider_name", Rule::Text(0, ANY)),
    may("title_url", URL),
]);

pub(super) static ALERT: Shape = shape(&[
    BLOCK_ID,
    must("text", Rule::AnyText(3000)),
    may("level", Rule::Word(&["default", "info", "warning", "error", "success"])),
]);

pub(super) static CARD: Shape = Shape {
    fields: &[
        BLOCK_ID,
        may("actions", Rule::Each(&Rule::OneOf(&["button"]), 0, 5)),
        may("body", Rule::Mrkdwn(200)),
        may("hero_image", Rule::OneOf(&["image"])),
        may("icon", Rule::OneOf(&["image"])),
        may("title", Rule::Mrkdwn(150)),
        may("subtitle", Rule::Mrkdwn(150)),
    ],
    any_of: &[&["hero_image", "title", "actions", "body"]],
};

pub(super) static CAROUSEL: Shape =
    shape(&[BLOCK_ID, must("elements", Rule::Each(&Rule::OneOf(&["card"]), 1, 10))]);

pub(super) static CONTAINER: Shape = shape(&[
    BLOCK_ID,
    must("child_blocks", Rule::Each(&Rule::OneOf(CHILDREN), 1, 50)),
    may("default_collapsed", Rule::Flag),
    may("has_header_divider", Rule::Flag),
    may("icon", Rule::OneOf(&["image"])),
    may("is_collapsible", Rule::Flag),
    may("rich_text_title", Rule::OneOf(&["rich_text"])),
    may("title", Rule::Plain(150)),
    may("subtitle", Rule::AnyText(150)),
    may("width", Rule::Word(&["narrow", "standard", "wide", "full"])),
]);

pub(super) static TABLE: Shape = shape(&[
    BLOCK_ID,
    must("rows", Rule::Each(&Rule::Each(&Rule::OneOf(CELLS), 1, 20), 1, 100)),
    may("column_settings", Rule::Each(&Rule::Object(&COLUMN), 0, 20)),
]);

pub(super) static COLUMN: Shape =
    shape(&[may("align", Rule::Word(&["left", "center", "right"])), may("is_wrapped", Rule::Flag)]);

pub(super) static DATA_TABLE: Shape = shape(&[
    BLOCK_ID,
    must("caption", Rule::Text(1, ANY)),
    must("rows", Rule::Each(&Rule::Each(&Rule::OneOf(CELLS), 1, 20), 1, 201)),
    may("page_size", Rule::Number),
    may("row_header_column_index", Rule::Number),
]);

pub(super) const CELLS: &[&str] = &["rich_text", "raw_text", "raw_number"];

pub(super) static RAW_TEXT: Shape = shape(&[must("text", Rule::Text(0, ANY))]);

pub(super) static RAW_NUMBER: Shape = shape(&[must("value", Rule::Number), must("text", Rule::Text(0, ANY))]);

pub(super) static TASK_CARD: Shape = shape(&[
    BLOCK_ID,
    must("task_id", Rule::Text(1, 255)),
    must("title", Rule::Text(1, ANY)),
    must("status", Rule::Word(&["pending", "in_progress", "complete", "error"])),
    may("details", Rule::OneOf(&["rich_text"])),
    may("output", Rule::OneOf(&["rich_text"])),
    may("sources", Rule::Each(&Rule::OneOf(&["url"]), 0, ANY)),
]);

pub(super) static PLAN: Shape = shape(&[
    BLOCK_ID,
    must("title", Rule::Text(1, ANY)),
    may("tasks", Rule::Each(&Rule::OneOf(&["task_card"]), 0, 50)),
]);

pub(super) static URL_SOURCE: Shape =
    shape(&[must("url", Rule::Text(1, 3000)), must("text", Rule::Text(1, ANY))]);
