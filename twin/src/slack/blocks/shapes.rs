//! The shape of every block and element: the official schema's properties, the reference's limits.

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

const fn must(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: true }
}

const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: false }
}

const ANY: usize = usize::MAX;
const ID: Rule = Rule::Text(0, 255);
const BLOCK_ID: Field = may("block_id", ID);
const ACTION_ID: Field = may("action_id", ID);
const CONFIRM: Field = may("confirm", Rule::Object(&CONFIRMATION));
const FOCUS: Field = may("focus_on_load", Rule::Flag);
const PLACEHOLDER: Field = may("placeholder", Rule::Plain(150));
const STYLE: Field = may("style", Rule::Word(&["primary", "danger"]));
const DISPATCH: Field = may("dispatch_action_config", Rule::Anything);
const URL: Rule = Rule::Text(0, 3000);
const MOST_SELECTED: Field = may("max_selected_items", Rule::Number);

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

const CHILDREN: &[&str] = &[
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

const SELECTS: [&str; 10] = [
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

const IN_ACTIONS: &[&str] = &[
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

const IN_SECTION: &[&str] = &[
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

const IN_INPUT: &[&str] = &[
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

const INLINE: &[&str] =
    &["broadcast", "color", "channel", "date", "emoji", "link", "team", "text", "user", "usergroup"];

/// Whether people can press or fill it, so that it has an `action_id`.
pub(super) fn is_interactive(kind: &str) -> bool {
    SELECTS.contains(&kind)
        || matches!(
            kind,
            "button"
                | "checkboxes"
                | "datepicker"
                | "datetimepicker"
                | "overflow"
                | "radio_buttons"
                | "timepicker"
                | "workflow_button"
                | "feedback_buttons"
                | "icon_button"
                | "plain_text_input"
                | "rich_text_input"
        )
}

/// The shape of a type; none for types that the schema does not describe.
pub(super) fn of(kind: &str) -> Option<&'static Shape> {
    Some(match kind {
        "actions" => &ACTIONS,
        "alert" => &ALERT,
        "card" => &CARD,
        "carousel" => &CAROUSEL,
        "container" => &CONTAINER,
        "context" => &CONTEXT,
        "context_actions" => &CONTEXT_ACTIONS,
        "data_table" => &DATA_TABLE,
        "divider" => &DIVIDER,
        "file" => &FILE,
        "header" => &HEADER,
        "image" => &IMAGE,
        "input" => &INPUT,
        "markdown" => &MARKDOWN,
        "plan" => &PLAN,
        "rich_text" => &RICH_TEXT,
        "section" => &SECTION,
        "table" => &TABLE,
        "task_card" => &TASK_CARD,
        "video" => &VIDEO,
        "url" => &URL_SOURCE,
        "mrkdwn" => &MRKDWN,
        "plain_text" => &PLAIN_TEXT,
        "button" => &BUTTON,
        "workflow_button" => &WORKFLOW_BUTTON,
        "feedback_buttons" => &FEEDBACK_BUTTONS,
        "icon_button" => &ICON_BUTTON,
        "overflow" => &OVERFLOW,
        "checkboxes" => &CHECKBOXES,
        "radio_buttons" => &RADIO_BUTTONS,
        "datepicker" => &DATEPICKER,
        "datetimepicker" => &DATETIMEPICKER,
        "timepicker" => &TIMEPICKER,
        "static_select" | "multi_static_select" => &STATIC_SELECT,
        "external_select" | "multi_external_select" => &EXTERNAL_SELECT,
        "users_select" | "multi_users_select" => &USERS_SELECT,
        "channels_select" | "multi_channels_select" => &CHANNELS_SELECT,
        "conversations_select" | "multi_conversations_select" => &CONVERSATIONS_SELECT,
        "plain_text_input" | "rich_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
            &TEXT_INPUT
        }
        "file_input" => &FILE_INPUT,
        "rich_text_section" => &RICH_SECTION,
        "rich_text_list" => &RICH_LIST,
        "rich_text_quote" => &RICH_QUOTE,
        "rich_text_preformatted" => &RICH_PREFORMATTED,
        "broadcast" => &BROADCAST,
        "channel" => &CHANNEL,
        "color" => &COLOR,
        "date" => &DATE,
        "emoji" => &EMOJI,
        "link" => &LINK,
        "team" => &TEAM,
        "text" => &TEXT,
        "user" => &USER,
        "usergroup" => &USERGROUP,
        "raw_text" => &RAW_TEXT,
        "raw_number" => &RAW_NUMBER,
        _ => return None,
    })
}

const fn shape(fields: &'static [Field]) -> Shape {
    Shape { fields, any_of: &[] }
}

static SECTION: Shape = Shape {
    fields: &[
        BLOCK_ID,
        may("text", Rule::AnyText(3000)),
        may("fields", Rule::Each(&Rule::AnyText(2000), 1, 10)),
        may("accessory", Rule::OneOf(IN_SECTION)),
        may("expand", Rule::Flag),
    ],
    any_of: &[&["text", "fields"]],
};
static HEADER: Shape = shape(&[BLOCK_ID, must("text", Rule::Plain(150))]);
static DIVIDER: Shape = shape(&[BLOCK_ID]);
static MARKDOWN: Shape = shape(&[BLOCK_ID, must("text", Rule::Text(1, 12_000))]);
static CONTEXT: Shape =
    shape(&[BLOCK_ID, must("elements", Rule::Each(&Rule::OneOf(&["image", "mrkdwn", "plain_text"]), 1, 10))]);
static ACTIONS: Shape = shape(&[BLOCK_ID, must("elements", Rule::Each(&Rule::OneOf(IN_ACTIONS), 1, 25))]);
static CONTEXT_ACTIONS: Shape = shape(&[
    BLOCK_ID,
    must("elements", Rule::Each(&Rule::OneOf(&["feedback_buttons", "icon_button"]), 1, 5)),
]);
static IMAGE: Shape = Shape {
    fields: &[
        BLOCK_ID,
        must("alt_text", Rule::Text(1, 2000)),
        may("image_url", Rule::Text(1, 3000)),
        may("slack_file", Rule::Object(&SLACK_FILE)),
        may("title", Rule::Plain(2000)),
    ],
    any_of: &[&["image_url", "slack_file"]],
};
static SLACK_FILE: Shape =
    Shape { fields: &[may("id", Rule::Text(1, ANY)), may("url", URL)], any_of: &[&["id", "url"]] };
static INPUT: Shape = shape(&[
    BLOCK_ID,
    must("label", Rule::Plain(2000)),
    must("element", Rule::OneOf(IN_INPUT)),
    may("hint", Rule::Plain(2000)),
    may("optional", Rule::Flag),
    may("dispatch_action", Rule::Flag),
]);
static FILE: Shape =
    shape(&[BLOCK_ID, must("external_id", Rule::Text(1, 255)), must("source", Rule::Word(&["remote"]))]);
static VIDEO: Shape = shape(&[
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
static ALERT: Shape = shape(&[
    BLOCK_ID,
    must("text", Rule::AnyText(3000)),
    may("level", Rule::Word(&["default", "info", "warning", "error", "success"])),
]);
static CARD: Shape = Shape {
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
static CAROUSEL: Shape = shape(&[BLOCK_ID, must("elements", Rule::Each(&Rule::OneOf(&["card"]), 1, 10))]);
static CONTAINER: Shape = shape(&[
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
static TABLE: Shape = shape(&[
    BLOCK_ID,
    must("rows", Rule::Each(&Rule::Each(&Rule::OneOf(CELLS), 1, 20), 1, 100)),
    may("column_settings", Rule::Each(&Rule::Object(&COLUMN), 0, 20)),
]);
static COLUMN: Shape =
    shape(&[may("align", Rule::Word(&["left", "center", "right"])), may("is_wrapped", Rule::Flag)]);
static DATA_TABLE: Shape = shape(&[
    BLOCK_ID,
    must("caption", Rule::Text(1, ANY)),
    must("rows", Rule::Each(&Rule::Each(&Rule::OneOf(CELLS), 1, 20), 1, 201)),
    may("page_size", Rule::Number),
    may("row_header_column_index", Rule::Number),
]);
const CELLS: &[&str] = &["rich_text", "raw_text", "raw_number"];
static RAW_TEXT: Shape = shape(&[must("text", Rule::Text(0, ANY))]);
static RAW_NUMBER: Shape = shape(&[must("value", Rule::Number), must("text", Rule::Text(0, ANY))]);
static TASK_CARD: Shape = shape(&[
    BLOCK_ID,
    must("task_id", Rule::Text(1, 255)),
    must("title", Rule::Text(1, ANY)),
    must("status", Rule::Word(&["pending", "in_progress", "complete", "error"])),
    may("details", Rule::OneOf(&["rich_text"])),
    may("output", Rule::OneOf(&["rich_text"])),
    may("sources", Rule::Each(&Rule::OneOf(&["url"]), 0, ANY)),
]);
static PLAN: Shape = shape(&[
    BLOCK_ID,
    must("title", Rule::Text(1, ANY)),
    may("tasks", Rule::Each(&Rule::OneOf(&["task_card"]), 0, 50)),
]);
static URL_SOURCE: Shape = shape(&[must("url", Rule::Text(1, 3000)), must("text", Rule::Text(1, ANY))]);

static MRKDWN: Shape = shape(&[must("text", Rule::Text(1, 3000)), may("verbatim", Rule::Flag)]);
static PLAIN_TEXT: Shape = shape(&[must("text", Rule::Text(1, 3000)), may("emoji", Rule::Flag)]);
static CONFIRMATION: Shape = shape(&[
    may("title", Rule::Plain(100)),
    must("text", Rule::AnyText(300)),
    may("confirm", Rule::Plain(30)),
    may("deny", Rule::Plain(30)),
    STYLE,
]);
static BUTTON: Shape = shape(&[
    ACTION_ID,
    must("text", Rule::Plain(75)),
    may("url", URL),
    may("value", Rule::Text(0, 2000)),
    STYLE,
    CONFIRM,
    may("accessibility_label", Rule::Text(0, 75)),
]);
static WORKFLOW_BUTTON: Shape = shape(&[
    ACTION_ID,
    must("text", Rule::Plain(75)),
    must("workflow", Rule::Anything),
    STYLE,
    CONFIRM,
    may("accessibility_label", Rule::Text(0, 75)),
]);
static FEEDBACK_BUTTONS: Shape = shape(&[
    ACTION_ID,
    must("positive_button", Rule::Object(&FEEDBACK)),
    must("negative_button", Rule::Object(&FEEDBACK)),
]);
static FEEDBACK: Shape = shape(&[
    must("text", Rule::Plain(75)),
    must("value", Rule::Text(0, 2000)),
    may("accessibility_label", Rule::Text(0, 75)),
]);
static ICON_BUTTON: Shape = shape(&[
    ACTION_ID,
    must("icon", Rule::Text(1, ANY)),
    must("text", Rule::Plain(75)),
    may("value", Rule::Text(0, 2000)),
    CONFIRM,
    may("accessibility_label", Rule::Text(0, 75)),
    may("visible_to_user_ids", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);
static OPTION: Shape = shape(&[
    must("text", Rule::AnyText(75)),
    may("value", Rule::Text(0, 150)),
    may("description", Rule::Plain(75)),
    may("url", URL),
]);
static OPTION_GROUP: Shape =
    shape(&[must("label", Rule::Plain(75)), must("options", Rule::Each(&Rule::Object(&OPTION), 1, 100))]);
static OVERFLOW: Shape =
    shape(&[ACTION_ID, CONFIRM, must("options", Rule::Each(&Rule::Object(&OPTION), 1, 5))]);
static CHECKBOXES: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    must("options", Rule::Each(&Rule::Object(&OPTION), 1, 10)),
    may("initial_options", Rule::Each(&Rule::Object(&OPTION), 1, 10)),
]);
static RADIO_BUTTONS: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    must("options", Rule::Each(&Rule::Object(&OPTION), 1, 10)),
    may("initial_option", Rule::Object(&OPTION)),
]);
static DATEPICKER: Shape =
    shape(&[ACTION_ID, CONFIRM, FOCUS, PLACEHOLDER, may("initial_date", Rule::Text(10, 10))]);
static DATETIMEPICKER: Shape = shape(&[ACTION_ID, CONFIRM, FOCUS, may("initial_date_time", Rule::Number)]);
static TIMEPICKER: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    may("initial_time", Rule::Text(5, 5)),
    may("timezone", Rule::Text(1, ANY)),
]);
static STATIC_SELECT: Shape = Shape {
    fields: &[
        ACTION_ID,
        CONFIRM,
        FOCUS,
        PLACEHOLDER,
        MOST_SELECTED,
        may("options", Rule::Each(&Rule::Object(&OPTION), 1, 100)),
        may("option_groups", Rule::Each(&Rule::Object(&OPTION_GROUP), 1, 100)),
        may("initial_option", Rule::Object(&OPTION)),
        may("initial_options", Rule::Each(&Rule::Object(&OPTION), 1, 100)),
    ],
    any_of: &[&["options", "option_groups"]],
};
static EXTERNAL_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("min_query_length", Rule::Number),
    may("initial_option", Rule::Object(&OPTION)),
    may("initial_options", Rule::Each(&Rule::Object(&OPTION), 1, 100)),
]);
static USERS_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("initial_user", Rule::Text(1, ANY)),
    may("initial_users", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);
static CHANNELS_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("response_url_enabled", Rule::Flag),
    may("initial_channel", Rule::Text(1, ANY)),
    may("initial_channels", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);
static CONVERSATIONS_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("response_url_enabled", Rule::Flag),
    may("default_to_current_conversation", Rule::Flag),
    may("filter", Rule::Anything),
    may("initial_conversation", Rule::Text(1, ANY)),
    may("initial_conversations", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);
static TEXT_INPUT: Shape = shape(&[
    ACTION_ID,
    FOCUS,
    PLACEHOLDER,
    DISPATCH,
    may("initial_value", Rule::Anything),
    may("multiline", Rule::Flag),
    may("min_length", Rule::Number),
    may("max_length", Rule::Number),
    may("min_lines", Rule::Number),
    may("max_lines", Rule::Number),
    may("is_decimal_allowed", Rule::Flag),
    may("min_value", Rule::Text(0, ANY)),
    may("max_value", Rule::Text(0, ANY)),
]);
static FILE_INPUT: Shape = shape(&[
    ACTION_ID,
    may("filetypes", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
    may("max_files", Rule::Number),
]);

static RICH_TEXT: Shape = shape(&[
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
static RICH_SECTION: Shape = shape(&[must("elements", Rule::Each(&Rule::OneOf(INLINE), 0, ANY))]);
static RICH_QUOTE: Shape = shape(&[BORDER, must("elements", Rule::Each(&Rule::OneOf(INLINE), 0, ANY))]);
static RICH_PREFORMATTED: Shape = shape(&[
    BORDER,
    must("elements", Rule::Each(&Rule::OneOf(&["text", "link"]), 0, ANY)),
    may("language", ID),
]);
static RICH_LIST: Shape = shape(&[
    BORDER,
    must("style", Rule::Word(&["bullet", "ordered"])),
    must("elements", Rule::Each(&Rule::OneOf(&["rich_text_section"]), 1, ANY)),
    may("indent", Rule::Number),
    may("offset", Rule::Number),
]);
const BORDER: Field = may("border", Rule::Number);
const LOOKS: Field = may("style", Rule::Object(&INLINE_STYLE));
static INLINE_STYLE: Shape = shape(&[
    may("bold", Rule::Flag),
    may("italic", Rule::Flag),
    may("strike", Rule::Flag),
    may("underline", Rule::Flag),
    may("code", Rule::Flag),
    may("highlight", Rule::Flag),
    may("client_highlight", Rule::Flag),
    may("unlink", Rule::Flag),
]);
static BROADCAST: Shape = shape(&[LOOKS, must("range", Rule::Word(&["here", "channel", "everyone"]))]);
static CHANNEL: Shape = shape(&[LOOKS, must("channel_id", Rule::Text(1, ANY))]);
static COLOR: Shape = shape(&[LOOKS, must("value", Rule::Text(1, ANY))]);
static DATE: Shape = shape(&[
    LOOKS,
    must("timestamp", Rule::Number),
    must("format", Rule::Text(1, ANY)),
    may("url", URL),
    may("fallback", Rule::Text(0, ANY)),
]);
static EMOJI: Shape =
    shape(&[LOOKS, must("name", Rule::Text(1, ANY)), may("unicode", Rule::Text(0, ANY)), may("url", URL)]);
static LINK: Shape = shape(&[
    LOOKS,
    must("url", Rule::Text(1, 3000)),
    may("text", Rule::Text(0, ANY)),
    may("unsafe", Rule::Flag),
]);
static TEAM: Shape = shape(&[LOOKS, must("team_id", Rule::Text(1, ANY))]);
static TEXT: Shape = shape(&[LOOKS, must("text", Rule::Text(1, ANY))]);
static USER: Shape = shape(&[LOOKS, must("user_id", Rule::Text(1, ANY))]);
static USERGROUP: Shape = shape(&[LOOKS, must("usergroup_id", Rule::Text(1, ANY))]);
