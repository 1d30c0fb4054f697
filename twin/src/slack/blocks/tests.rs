use serde_json::{Value, json};

use super::{check, completed};

fn refused(blocks: Value) -> (String, String) {
    let faults = check(&blocks).expect_err("it must be refused");
    (faults.error.to_owned(), faults.messages.join("\n"))
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

#[test]
fn takes_what_the_reference_shows() {
    check(&json!([
        {"type": "header", "text": {"type": "plain_text", "text": "Where we stand", "emoji": true}},
        {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "*hi*", "verbatim": true},
            "accessory": {"type": "image", "image_url": "https://a/b.png", "alt_text": "b"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "plain_text", "text": "b"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}]},
        {"type": "actions", "elements": [{"type": "button", "action_id": "go", "value": "1", "style": "primary",
            "text": {"type": "plain_text", "text": "Go"}}]},
        {"type": "divider"},
        {"type": "markdown", "text": "**x**"},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "a", "style": {"bold": true}}]}]}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": ""}]]},
        {"type": "data_visualization", "title": "Burn-down", "chart": {"type": "line",
            "series": [{"name": "left", "data": [{"label": "Mon", "value": 40}, {"label": "Tue", "value": 31.5}]}],
            "axis_config": {"categories": ["Mon", "Tue"], "y_label": "points"}}},
        {"type": "plan", "title": "Working", "tasks": [
            {"type": "task_card", "task_id": "1", "title": "x", "status": "in_progress"}]},
    ]))
    .expect("all of it is legal");
}

#[test]
fn counts_characters_not_bytes() {
    check(&json!([section(&"🎉".repeat(3000))])).expect("3,000 characters");
    let (error, why) = refused(json!([section(&"a".repeat(3001))]));
    assert_eq!(error, "invalid_blocks");
    assert_eq!(why, "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]");
}

#[test]
fn refuses_by_kind_of_fault() {
    let button = |extra: Value| {
        let mut button = json!({"type": "button", "text": {"type": "plain_text", "text": "x"}});
        button.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!([{"type": "actions", "elements": [button]}])
    };
    let cases = [
        (
            json!([{"type": "data_visualization", "title": "x", "chart": {"type": "bar",
                "series": [{"name": "left", "data": [{"label": "Mon", "value": 1}]}],
                "axis_config": {"categories": ["Mon", "Tue"]}}}]),
            "data labels must match",
        ),
        (
            json!([{"type": "data_visualization", "title": "x", "chart": {"type": "donut"}}]),
            "unsupported type: donut",
        ),
        (json!([{"type": "sectoin"}]), "unsupported type: sectoin"),
        (json!([{"type": "section"}]), "missing required field: text or fields"),
        (json!([{"type": "divider", "colour": "red"}]), "invalid additional property: colour"),
        (json!([section("")]), "must be more than 0 characters"),
        (json!([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]), "must be one of plain_text"),
        (
            json!([{"type": "header", "text": {"type": "plain_text", "text": "x".repeat(151)}}]),
            "less than 151",
        ),
        (json!([{"type": "image", "image_url": "https://a"}]), "missing required field: alt_text"),
        (json!([{"type": "image", "alt_text": "a"}]), "image_url or slack_file"),
        (
            json!([{"type": "context", "elements": vec![json!({"type": "mrkdwn", "text": "x"}); 11]}]),
            "no more than 10",
        ),
        (json!([{"type": "context", "elements": []}]), "at least 1"),
        (
            json!([{"type": "section", "fields": vec![json!({"type": "mrkdwn", "text": "x"}); 11]}]),
            "no more than 10",
        ),
        (
            json!([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x".repeat(2001)}]}]),
            "less than 2001",
        ),
        (button(json!({"value": "x".repeat(2001)})), "less than 2001"),
        (button(json!({"action_id": "x".repeat(256)})), "less than 256"),
        (button(json!({"style": "default"})), "must be one of primary, danger"),
        (button(json!({"text": {"type": "plain_text", "text": "x".repeat(76)}})), "less than 76"),
        (
            json!([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": "x", "style": {"boldly": true}}]}]}]),
            "invalid additional property: boldly",
        ),
        (
            json!([{"type": "table", "rows": vec![json!([{"type": "raw_text", "text": "x"}]); 101]}]),
            "no more than 100",
        ),
        (
            json!([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]),
            "already exists",
        ),
        (Value::Array(vec![json!({"type": "divider"}); 51]), "no more than 50"),
    ];
    for (blocks, expected) in cases {
        let (error, why) = refused(blocks);
        assert_eq!(error, "invalid_blocks");
        assert!(why.contains(expected), "{why} does not say {expected}");
    }
}

#[test]
fn adds_up_all_blocks() {
    let five = |length| Value::Array(vec![section(&"x".repeat(length)); 5]);
    check(&five(2640)).expect("13,200 characters");
    assert_eq!(refused(five(2641)).0, "msg_blocks_too_long");
    let markdown = json!([{"type": "markdown", "text": "x".repeat(7000)}, {"type": "markdown", "text": "x".repeat(5001)}]);
    assert_eq!(refused(markdown).0, "msg_blocks_too_long");
}

#[test]
fn is_not_a_list() {
    assert_eq!(refused(json!({"type": "divider"})).0, "invalid_blocks_format");
}

#[test]
fn completes_what_was_left_out() {
    let done = completed(json!([section("x"), {"type": "divider", "block_id": "mine"}]), 7);
    assert_eq!(done[0]["text"]["verbatim"], json!(false));
    assert!(done[0]["block_id"].is_string());
    assert_eq!(done[1]["block_id"], json!("mine"));
}
