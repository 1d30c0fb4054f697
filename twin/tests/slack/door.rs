use super::*;

#[tokio::test]
async fn tokens_are_checked_where_slack_reads_them() {
    let twin = twin().await;
    let plain = |method: &str| request(&twin, method);
    assert_eq!(error(&answer(plain("auth.test")).await), "not_authed");
    assert_eq!(error(&answer(plain("auth.test").bearer_auth("xoxb-other")).await), "invalid_auth");
    ok(answer(plain("auth.test").form(&[("token", BOT_TOKEN)])).await);
    ok(answer(plain(&format!("auth.test?token={BOT_TOKEN}"))).await);
    let in_json = answer(plain("auth.test").json(&json!({"token": BOT_TOKEN}))).await;
    assert_eq!(error(&in_json), "not_authed", "posted JSON may not carry the token");
    let wrong_kind = [
        plain("conversations.list").bearer_auth(APP_TOKEN),
        plain("apps.connections.open").bearer_auth(BOT_TOKEN),
        plain("search.messages").bearer_auth(BOT_TOKEN),
    ];
    for request in wrong_kind {
        assert_eq!(error(&answer(request).await), "not_allowed_token_type");
    }
    let recorded = twin.shared().ledger.exchanges();
    assert!(!recorded.iter().any(|exchange| format!("{exchange:?}").contains("xoxb")), "no secret is kept");
}

#[tokio::test]
async fn scopes_are_checked_and_told() {
    let narrow = |world: &mut World| {
        world.slack.bot_tokens.insert(BOT_TOKEN.into(), ["users:read".to_owned()].into());
    };
    let twin = twin_with(Options::recorded(), narrow).await;
    let refused = call(&twin, "conversations.history", &[("channel", "C0GENERAL")]).await;
    assert_eq!(error(&refused), "missing_scope");
    assert_eq!(refused["provided"], json!("users:read"));
    assert!(word(&refused, "needed").contains("channels:history"));
    let asked = request(&twin, "users.info").bearer_auth(BOT_TOKEN).form(&[("user", "U0DANA")]);
    let sent = asked.send().await.unwrap();
    assert_eq!(sent.headers()["x-oauth-scopes"], "users:read");
    assert_eq!(sent.headers()["x-accepted-oauth-scopes"], "users:read");
    let user: Value = sent.json().await.unwrap();
    assert_eq!(ok(user)["user"]["profile"].get("email"), None, "without users:read.email");
}

#[tokio::test]
async fn what_slack_has_not_is_unknown_and_noted() {
    let twin = twin().await;
    assert_eq!(error(&call(&twin, "chat.shout", &[]).await), "unknown_method");
    assert_eq!(error(&call(&twin, "files.upload", &[]).await), "method_deprecated");
    assert_eq!(twin.shared().ledger.unknown(), ["slack chat.shout"]);
}

#[tokio::test]
async fn bodies_are_taken_in_every_shape() {
    let twin = twin().await;
    let body = json!({"channel": "C0GENERAL", "include_num_members": true});
    let as_json = ok(call_json(&twin, "conversations.info", body).await);
    assert_eq!(as_json["channel"]["num_members"], json!(4));
    assert_eq!(as_json["warning"], json!("missing_charset"));
    assert_eq!(as_json["response_metadata"]["warnings"], json!(["missing_charset"]));
    let address = format!("{}/conversations.info?channel=C0GENERAL&team_id=T1", twin.slack_api_url());
    let get = answer(client().get(address).bearer_auth(BOT_TOKEN)).await;
    assert_eq!(ok(get)["channel"]["name"], json!("general"));
    let part = "--x\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\nC0GENERAL\r\n--x--\r\n";
    let multipart = request(&twin, "conversations.info")
        .bearer_auth(BOT_TOKEN)
        .header("content-type", "multipart/form-data; boundary=x")
        .body(part);
    assert_eq!(ok(answer(multipart).await)["channel"]["name"], json!("general"));
    let broken = request(&twin, "auth.test").header("content-type", "application/json").body("{");
    assert_eq!(error(&answer(broken.bearer_auth(BOT_TOKEN)).await), "invalid_json");
}

#[tokio::test]
async fn tiers_are_held_when_wanted() {
    let twin = twin_with(Options { rate_limits: true, ..Options::default() }, |_| {}).await;
    for _ in 0..20 {
        ok(call(&twin, "conversations.list", &[]).await);
    }
    let sent = request(&twin, "conversations.list").bearer_auth(BOT_TOKEN).send().await.unwrap();
    assert_eq!(sent.status(), 429);
    let wait: u64 = sent.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(error(&sent.json().await.unwrap()), "ratelimited");
}

#[tokio::test]
async fn faults_strike_by_name() {
    let twin = twin().await;
    let faults = &twin.shared().faults;
    let asked = || request(&twin, "auth.test").bearer_auth(BOT_TOKEN);
    faults.next("slack", Some("auth.test"), Fault::Unauthorized, 1);
    assert_eq!(error(&answer(asked()).await), "invalid_auth");
    faults.next("slack", Some("auth.test"), Fault::RateLimited { retry_after: 7 }, 1);
    let limited = asked().send().await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    faults.next("slack", Some("auth.test"), Fault::Garbage, 1);
    assert!(asked().send().await.unwrap().json::<Value>().await.is_err());
    faults.next("slack", Some("auth.test"), Fault::Hang, 1);
    let hung = asked().timeout(Duration::from_millis(50)).send().await;
    assert!(hung.unwrap_err().is_timeout());
    ok(answer(asked()).await);
}

#[tokio::test]
async fn a_cut_connection_leaves_the_work_done() {
    let twin = twin().await;
    twin.shared().faults.next("slack", Some("chat.postMessage"), Fault::CutAfter, 1);
    let arguments = [("channel", "C0GENERAL"), ("text", "was it sent?")];
    let cut = request(&twin, "chat.postMessage").bearer_auth(BOT_TOKEN).form(&arguments).send().await;
    assert!(cut.is_err(), "no answer may come");
    assert_eq!(twin.posts("C0GENERAL").len(), 1, "but the message stands");
}
