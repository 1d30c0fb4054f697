use super::*;

#[tokio::test]
async fn history_is_paged_newest_first_without_replies() {
    let twin = twin().await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let arguments = [("channel", "C0GENERAL"), ("limit", "7"), ("cursor", &cursor)];
        let page = ok(call(&twin, "conversations.history", &arguments).await);
        seen.extend(list(&page, "messages").iter().map(|message| word(message, "ts").to_owned()));
        let next = page["response_metadata"]["next_cursor"].as_str();
        assert_eq!(page["has_more"], json!(next.is_some()));
        let Some(next) = next else { break };
        cursor = next.to_owned();
    }
    assert_eq!(seen.len(), 30);
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]));
    let launch = ok(call(&twin, "conversations.history", &[("channel", "C0LAUNCH")]).await);
    let replies =
        list(&launch, "messages").iter().filter(|message| word(message, "text").starts_with("Reply"));
    assert_eq!(replies.count(), 0, "replies are not history");
    let foreign = [("channel", "C0GENERAL"), ("cursor", "bm9uc2Vuc2U=")];
    assert_eq!(error(&call(&twin, "conversations.history", &foreign).await), "invalid_cursor");
}

#[tokio::test]
async fn the_span_excludes_its_ends_unless_told() {
    let twin = twin().await;
    let all = ok(call(&twin, "conversations.history", &[("channel", "C0GENERAL")]).await);
    let (latest, oldest) = (word(&all["messages"][3], "ts"), word(&all["messages"][6], "ts"));
    let span = [("channel", "C0GENERAL"), ("oldest", oldest), ("latest", latest)];
    assert_eq!(list(&call(&twin, "conversations.history", &span).await, "messages").len(), 2);
    let inclusive = [span[0], span[1], span[2], ("inclusive", "true")];
    assert_eq!(list(&call(&twin, "conversations.history", &inclusive).await, "messages").len(), 4);
}

#[tokio::test]
async fn parents_tell_of_their_threads() {
    let twin = twin().await;
    let history = ok(call(&twin, "conversations.history", &[("channel", "C0LAUNCH")]).await);
    let find = |text: &str| {
        let mut messages = list(&history, "messages").iter();
        messages.find(|message| word(message, "text").contains(text)).expect(text)
    };
    let parent = find("DEMO-1");
    assert_eq!(parent["reply_count"], json!(7));
    assert_eq!(parent["reply_users"], json!(["U0LIEN"]));
    assert_eq!(parent["thread_ts"], parent["ts"]);
    assert_eq!(parent["blocks"][0]["type"], json!("rich_text"));
    let tombstone = find("This message was deleted.");
    assert_eq!((word(tombstone, "subtype"), word(tombstone, "user")), ("tombstone", "USLACKBOT"));
    let edited = find("Shipped");
    assert_eq!(edited["edited"]["user"], json!("U0DANA"));
    assert_eq!(edited["reactions"][0]["count"], json!(2));
}

#[tokio::test]
async fn threads_come_parent_first_and_in_pages() {
    let twin = twin().await;
    let root = {
        let world = twin.shared().world();
        let launch = &world.slack.channels["C0LAUNCH"];
        launch.messages.values().find(|message| message.text.contains("DEMO-1")).unwrap().ts.clone()
    };
    let mut cursor = String::new();
    let mut replies = Vec::new();
    loop {
        let arguments = [("channel", "C0LAUNCH"), ("ts", &root), ("limit", "3"), ("cursor", &cursor)];
        let page = ok(call(&twin, "conversations.replies", &arguments).await);
        let messages = list(&page, "messages");
        assert_eq!(word(&messages[0], "ts"), root, "the parent opens every page");
        assert_eq!(word(&messages[1], "parent_user_id"), "U0DANA");
        replies.extend(messages.iter().skip(1).map(|message| word(message, "ts").to_owned()));
        let Some(next) = page["response_metadata"]["next_cursor"].as_str() else { break };
        cursor = next.to_owned();
    }
    assert_eq!(replies.len(), 7);
    assert!(replies.windows(2).all(|pair| pair[0] < pair[1]));
    let none = [("channel", "C0LAUNCH"), ("ts", "1.000000")];
    assert_eq!(error(&call(&twin, "conversations.replies", &none).await), "thread_not_found");
}

#[tokio::test]
async fn what_the_bot_is_not_in_it_does_not_read() {
    let twin = twin().await;
    let history = async |channel| call(&twin, "conversations.history", &[("channel", channel)]).await;
    assert_eq!(error(&history("C0ELSEWHERE").await), "not_in_channel");
    assert_eq!(error(&history("C0HIDDEN").await), "channel_not_found");
    assert_eq!(error(&history("#general").await), "channel_not_found");
    ok(history("C0SECRET").await);
    let members = call(&twin, "conversations.members", &[("channel", "C0HIDDEN")]).await;
    assert_eq!(error(&members), "channel_not_found");
    ok(call(&twin, "conversations.join", &[("channel", "C0ELSEWHERE")]).await);
    ok(history("C0ELSEWHERE").await);
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let twin = twin().await;
    let ids = async |method: &str, types: &str, archived: &str| -> Vec<String> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let some =
                [("types", types), ("exclude_archived", archived), ("limit", "2"), ("cursor", &cursor)];
            let page = ok(call(&twin, method, &some).await);
            ids.extend(list(&page, "channels").iter().map(|channel| word(channel, "id").to_owned()));
            cursor = word(&page["response_metadata"], "next_cursor").to_owned();
            if cursor.is_empty() {
                return ids;
            }
        }
    };
    let public = ids("conversations.list", "", "false").await;
    assert_eq!(public, ["C0ELSEWHERE", "C0GENERAL", "C0LAUNCH", "C0OLD"]);
    let all = ids("conversations.list", "public_channel,private_channel,im", "true").await;
    assert_eq!(all, ["C0ELSEWHERE", "C0GENERAL", "C0LAUNCH", "C0SECRET", "D0DANA"]);
    let ours = ids("users.conversations", "public_channel,private_channel", "1").await;
    assert_eq!(ours, ["C0GENERAL", "C0LAUNCH", "C0SECRET"]);
    let unheard_of = call(&twin, "conversations.list", &[("types", "channels")]).await;
    assert_eq!(error(&unheard_of), "invalid_types");
    assert_eq!(error(&call(&twin, "users.list", &[("cursor", "bm8=")]).await), "invalid_cursor");
}

#[tokio::test]
async fn people_are_what_they_are() {
    let twin = twin().await;
    let users = ok(call(&twin, "users.list", &[]).await);
    let user = |id: &str| list(&users, "members").iter().find(|user| word(user, "id") == id).expect(id);
    assert_eq!(user("U0DANA")["profile"]["email"], json!("dana@small.example"));
    assert_eq!(user("U0LIEN")["tz_offset"], json!(7 * 3600));
    assert_eq!(user("U0GUEST")["is_restricted"], json!(true));
    assert_eq!(user("U0GUEST")["is_ultra_restricted"], json!(false));
    assert_eq!(user("U0SOLO")["is_ultra_restricted"], json!(true));
    assert_eq!(user("U0STRANGE")["is_stranger"], json!(true));
    assert_ne!(user("U0STRANGE")["team_id"], user("U0DANA")["team_id"]);
    assert_eq!(user("U0GONE")["deleted"], json!(true));
    assert_eq!(user("U0SMALLBOT")["is_bot"], json!(true));
    let by_email = async |email| call(&twin, "users.lookupByEmail", &[("email", email)]).await;
    assert_eq!(ok(by_email("Dana@small.example").await)["user"]["id"], json!("U0DANA"));
    assert_eq!(error(&by_email("greta@small.example").await), "users_not_found");
    assert_eq!(error(&call(&twin, "users.info", &[("user", "U0NOBODY")]).await), "user_not_found");
}
