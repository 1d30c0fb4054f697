//! What people press, choose and fill in.

use super::shapes::{ANY, Field, ID, Rule, Shape, URL, may, must, shape};

pub(super) const ACTION_ID: Field = may("action_id", ID);

pub(super) const CONFIRM: Field = may("confirm", Rule::Object(&CONFIRMATION));

pub(super) const FOCUS: Field = may("focus_on_load", Rule::Flag);

pub(super) const PLACEHOLDER: Field = may("placeholder", Rule::Plain(150));

pub(super) const STYLE: Field = may("style", Rule::Word(&["primary", "danger"]));

pub(super) const DISPATCH: Field = may("dispatch_action_config", Rule::Anything);

pub(super) const MOST_SELECTED: Field = may("max_selected_items", Rule::Number);

pub(super) const SELECTS: [&str; 10] = [
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

pub(super) static MRKDWN: Shape = shape(&[must("text", Rule::Text(1, 3000)), may("verbatim", Rule::Flag)]);

pub(super) static PLAIN_TEXT: Shape = shape(&[must("text", Rule::Text(1, 3000)), may("emoji", Rule::Flag)]);

pub(super) static CONFIRMATION: Shape = shape(&[
    may("title", Rule::Plain(100)),
    must("text", Rule::AnyText(300)),
    may("confirm", Rule::Plain(30)),
    may("deny", Rule::Plain(30)),
    STYLE,
]);

pub(super) static BUTTON: Shape = shape(&[
    ACTION_ID,
    must("text", Rule::Plain(75)),
    may("url", URL),
    may("value", Rule::Text(0, 2000)),
    STYLE,
    CONFIRM,
    may("accessibility_label", Rule::Text(0, 75)),
]);

pub(super) static WORKFLOW_BUTTON: Shape = shape(&[
    ACTION_ID,
    must("text", Rule::Plain(75)),
    must("workflow", Rule::Anything),
    STYLE,
    CONFIRM,
    may("accessibility_label", Rule::Text(0, 75)),
]);

pub(super) static FEEDBACK_BUTTONS: Shape = shape(&[
    ACTION_ID,
    must("positive_button", Rule::Object(&FEEDBACK)),
    must("negative_button", Rule::Object(&FEEDBACK)),
]);

pub(super) static FEEDBACK: Shape = shape(&[
    must("text", Rule::Plain(75)),
    must("value", Rule::Text(0, 2000)),
    may("accessibility_label", Rule::Text(0, 75)),
]);

pub(super) static ICON_BUTTON: Shape = shape(&[
    ACTION_ID,
    must("icon", Rule::Text(1, ANY)),
    must("text", Rule::Plain(75)),
    may("value", Rule::Text(0, 2000)),
    CONFIRM,
    may("accessibility_label", Rule::Text(0, 75)),
    may("visible_to_user_ids", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);

pub(super) static OPTION: Shape = shape(&[
    must("text", Rule::AnyText(75)),
    may("value", Rule::Text(0, 150)),
    may("description", Rule::Plain(75)),
    may("url", URL),
]);

pub(super) static OPTION_GROUP: Shape =
    shape(&[must("label", Rule::Plain(75)), must("options", Rule::Each(&Rule::Object(&OPTION), 1, 100))]);

pub(super) static OVERFLOW: Shape =
    shape(&[ACTION_ID, CONFIRM, must("options", Rule::Each(&Rule::Object(&OPTION), 1, 5))]);

pub(super) static CHECKBOXES: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    must("options", Rule::Each(&Rule::Object(&OPTION), 1, 10)),
    may("initial_options", Rule::Each(&Rule::Object(&OPTION), 1, 10)),
]);

pub(super) static RADIO_BUTTONS: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    must("options", Rule::Each(&Rule::Object(&OPTION), 1, 10)),
    may("initial_option", Rule::Object(&OPTION)),
]);

pub(super) static DATEPICKER: Shape =
    shape(&[ACTION_ID, CONFIRM, FOCUS, PLACEHOLDER, may("initial_date", Rule::Text(10, 10))]);

pub(super) static DATETIMEPICKER: Shape =
    shape(&[ACTION_ID, CONFIRM, FOCUS, may("initial_date_time", Rule::Number)]);

pub(super) static TIMEPICKER: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    may("initial_time", Rule::Text(5, 5)),
    may("timezone", Rule::Text(1, ANY)),
]);

pub(super) static STATIC_SELECT: Shape = Shape {
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

pub(super) static EXTERNAL_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("min_query_length", Rule::Number),
    may("initial_option", Rule::Object(&OPTION)),
    may("initial_options", Rule::Each(&Rule::Object(&OPTION), 1, 100)),
]);

pub(super) static USERS_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("initial_user", Rule::Text(1, ANY)),
    may("initial_users", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);

pub(super) static CHANNELS_SELECT: Shape = shape(&[
    ACTION_ID,
    CONFIRM,
    FOCUS,
    PLACEHOLDER,
    MOST_SELECTED,
    may("response_url_enabled", Rule::Flag),
    may("initial_channel", Rule::Text(1, ANY)),
    may("initial_channels", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
]);

pub(super) static CONVERSATIONS_SELECT: Shape = shape(&[
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

pub(super) static TEXT_INPUT: Shape = shape(&[
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

pub(super) static FILE_INPUT: Shape = shape(&[
    ACTION_ID,
    may("filetypes", Rule::Each(&Rule::Text(1, ANY), 0, ANY)),
    may("max_files", Rule::Number),
]);
