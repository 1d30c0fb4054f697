use super::*;
use proptest::prelude::*;
use serde_json::json;

fn message(object: Value) -> WireMessage {
    WireMessage::read(&object).expect("it has a ts")
}

#[test]
fn awkward_fields_cost_only_themselves() {
    let read = message(json!({
        "type": "message", "ts": "1712345678.000100", "user": "U1", "text": "still here 🎉",
        "reply_count": "three", "latest_reply": null, "edited": [], "thread_ts": 5,
        "reactions": [{"name": "+1::skin-tone-2", "users": ["U2", 7, "nobody"], "count": 3}, null, "x"],
        "something_new": {"deep": [1, 2]}, "blocks": "no list", "files": {}
    }));
    assert_eq!(read.text, "still here 🎉");
    assert_eq!((read.reply_count, read.thread, read.edited), (0, None, None));
    assert_eq!(read.reactions.len(), 1);
    assert_eq!(read.reactions[0].name, "+1");
    assert_eq!(read.reactions[0].users.len(), 1);
    assert!(!read.housekeeping);
}

#[test]
fn one_unreadable_message_does_not_cost_the_page() {
    let page = r#"[{"ts":"1.000001","user":"U1","text":"a"}, {"text":"no ts"}, 17, null,
                   {"ts":"1.000002","user":"U1","text":"b"}]"#;
    let each: Each<WireMessage> = serde_json::from_str(page).unwrap();
    assert_eq!(each.items.len(), 2);
    assert_eq!(each.unreadable, 3);
    assert_eq!(serde_json::from_str::<Each<WireMessage>>("null").unwrap().items.len(), 0);
}

#[test]
fn what_nobody_said_is_told_apart() {
    let housekeeping = |subtype: &str| {
        message(json!({"ts": "1.000001", "user": "U1", "text": "x", "subtype": subtype})).housekeeping
    };
    for silent in ["channel_join", "group_topic", "tombstone", "channel_convert_to_private"] {
        assert!(housekeeping(silent), "{silent}");
    }
    for said in ["", "bot_message", "me_message", "file_share", "thread_broadcast", "brand_new_subtype"] {
        assert!(!housekeeping(said), "{said}");
    }
    assert!(message(json!({"ts": "1.000001", "hidden": true})).housekeeping);
}

#[test]
fn bots_keep_their_names() {
    let bot = |object: Value| message(object).author.bot;
    let named = json!({"ts": "1.0", "subtype": "bot_message", "username": "Deploys", "bot_id": "B1"});
    assert_eq!(bot(named).as_deref(), Some("Deploys"));
    let profiled = json!({"ts": "1.0", "user": "U9", "bot_id": "B1", "bot_profile": {"name": "CI"}});
    assert_eq!(bot(profiled).as_deref(), Some("CI"));
    assert_eq!(bot(json!({"ts": "1.0", "user": "USLACKBOT"})).as_deref(), Some("Slackbot"));
    assert_eq!(bot(json!({"ts": "1.0", "user": "U1"})), None);
}

fn home() -> Workspace {
    Workspace {
        url: "https://acme.slack.com/".parse().unwrap(),
        team_id: Some("T1".to_owned()),
        enterprise_id: Some("E1".to_owned()),
        user: "U0".parse().unwrap(),
        bot_id: None,
        scopes: None,
    }
}

#[test]
fn standing_decides_rights_and_doubt_is_no_right() {
    let standing = |object: Value| {
        let mut user = json!({"id": "U1", "team_id": "T1", "name": "ann"});
        user.as_object_mut().unwrap().extend(object.as_object().unwrap().clone());
        WireUser::read(&user).unwrap().seen_from(&home()).standing
    };
    assert_eq!(standing(json!({})), Standing::Member);
    assert_eq!(standing(json!({"is_restricted": true})), Standing::Guest);
    assert_eq!(standing(json!({"is_ultra_restricted": true})), Standing::Guest);
    assert_eq!(standing(json!({"is_stranger": true})), Standing::Outsider);
    assert_eq!(standing(json!({"team_id": "T2"})), Standing::Outsider);
    assert_eq!(standing(json!({"team_id": "T2", "is_restricted": true})), Standing::Outsider);
    assert_eq!(standing(json!({"team_id": "T2", "enterprise_user": {"teams": ["T1"]}})), Standing::Member);
    assert_eq!(standing(json!({"is_bot": true, "team_id": "T2"})), Standing::Bot);
    assert_eq!(standing(json!({"deleted": true, "is_restricted": true})), Standing::Gone);
    assert_eq!(standing(json!({"id": "USLACKBOT"})), Standing::Bot);
}

#[test]
fn the_shown_name_is_the_first_that_there_is() {
    let person = |profile: Value| {
        WireUser::read(&json!({"id": "U1", "name": "ann", "profile": profile})).unwrap().seen_from(&home())
    };
    let full = person(json!({"display_name": "Ann 🌻", "real_name": "Ann Ray", "email": "Ann@X.com"}));
    assert_eq!((full.name.as_str(), full.full_name.as_str()), ("Ann 🌻", "Ann Ray"));
    assert_eq!(full.email.as_deref(), Some("ann@x.com"));
    assert_eq!(person(json!({"display_name": "", "real_name": "Ann Ray"})).name, "Ann Ray");
    assert_eq!(person(Value::Null).name, "ann");
}

#[test]
fn a_channel_that_is_not_known_to_be_public_is_private() {
    let private = |object: Value| WireChannel::read(&object).unwrap().private;
    assert!(private(json!({"id": "C1"})));
    assert!(private(json!({"id": "C1", "is_private": true, "is_channel": true})));
    assert!(private(json!({"id": "G1", "is_group": true, "is_channel": true})));
    assert!(!private(json!({"id": "C1", "is_channel": true})));
    assert!(!private(json!({"id": "C1", "is_private": false})));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_or_grow(said in ".{0,200}", times in 1usize..60) {
        let long = said.repeat(times);
        let read = message(json!({"ts": "1.000001", "user": "U1", "text": long}));
        prop_assert!(read.text.chars().count() <= TEXT_KEPT + 1);
    }
}
