//! Slack's half of the twin, as a client sees it.

// Test code outside `#[test]` functions, which clippy.toml does not know for test code.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::LazyLock;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use twin::faults::Fault;
use twin::server::{Options, Twin};
use twin::slack::Origin;
use twin::world::World;
use twin::world::small::{self, APP_TOKEN, BOT_TOKEN};

async fn twin() -> Twin {
    twin_with(Options::recorded(), |_| {}).await
}

async fn twin_with(options: Options, change: impl FnOnce(&mut World)) -> Twin {
    let mut world = small::world(jiff::Timestamp::now());
    change(&mut world);
    Twin::start(world, options).await.expect("loopback has free ports")
}

/// One client for all tests, since reading the machine's certificates takes long. It keeps no connection
/// open, because each test has a runtime of its own.
fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        // reqwest builds no client without a cryptography provider, plain http or not.
        rustls::crypto::ring::default_provider().install_default().expect("it is the first");
        reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a plain client")
    });
    &CLIENT
}

fn request(twin: &Twin, method: &str) -> reqwest::RequestBuilder {
    client().post(format!("{}/{method}", twin.slack_api_url()))
}

async fn answer(request: reqwest::RequestBuilder) -> Value {
    request.send().await.expect("the twin answers").json().await.expect("the answer is JSON")
}

/// A call as the Python SDK makes it: a form, the token in the header.
async fn call(twin: &Twin, method: &str, arguments: &[(&str, &str)]) -> Value {
    answer(request(twin, method).bearer_auth(BOT_TOKEN).form(arguments)).await
}

/// A call as slack-morphism makes it: JSON.
async fn call_json(twin: &Twin, method: &str, body: Value) -> Value {
    answer(request(twin, method).bearer_auth(BOT_TOKEN).json(&body)).await
}

fn error(answer: &Value) -> &str {
    assert_eq!(answer["ok"], json!(false), "{answer}");
    answer["error"].as_str().expect("a refusal names its error")
}

fn ok(answer: Value) -> Value {
    assert_eq!(answer["ok"], json!(true), "{answer}");
    answer
}

fn list<'v>(answer: &'v Value, name: &str) -> &'v Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("no {name} in {answer}"))
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

mod door {
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
        assert!(
            !recorded.iter().any(|exchange| format!("{exchange:?}").contains("xoxb")),
            "no secret is kept"
        );
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
        assert_eq!(
            (limited.status().as_u16(), &limited.headers()["retry-after"]),
            (429, &"7".parse().unwrap())
        );
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
}

mod reading {
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
}

mod writing {
    use super::*;

    async fn newest(twin: &Twin, metadata: &str) -> Value {
        let arguments = [("channel", "C0GENERAL"), ("limit", "1"), ("include_all_metadata", metadata)];
        ok(call(twin, "conversations.history", &arguments).await)["messages"][0].clone()
    }

    #[tokio::test]
    async fn a_post_can_be_read_and_changed() {
        let twin = twin().await;
        let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}]).to_string();
        let metadata = json!({"event_type": "demo", "event_payload": {"key": [1, {"a": "b"}]}}).to_string();
        let arguments = [
            ("channel", "#general"),
            ("text", "a < b & https://x.example"),
            ("blocks", &blocks),
            ("metadata", &metadata),
        ];
        let posted = ok(call(&twin, "chat.postMessage", &arguments).await);
        let ts = word(&posted, "ts");
        assert_eq!(posted["channel"], json!("C0GENERAL"));
        assert_eq!(posted["message"]["text"], json!("a &lt; b &amp; <https://x.example>"));
        assert_eq!(posted["message"]["bot_profile"]["app_id"], json!("A0SMALL"));
        assert_eq!(newest(&twin, "false").await.get("metadata"), None);
        assert_eq!(newest(&twin, "true").await["metadata"]["event_type"], json!("demo"));

        let update = json!({"channel": "C0GENERAL", "ts": ts, "text": "later"});
        assert_eq!(ok(call_json(&twin, "chat.update", update).await)["text"], json!("later"));
        assert_eq!(newest(&twin, "false").await["edited"]["user"], json!("U0SMALLBOT"));
        let long = "x".repeat(4001);
        let update = [("channel", "C0GENERAL"), ("ts", ts), ("text", &long)];
        assert_eq!(error(&call(&twin, "chat.update", &update).await), "msg_too_long");
    }

    #[tokio::test]
    async fn replies_hang_on_the_root() {
        let twin = twin().await;
        let root = twin.says("U0DANA", "C0GENERAL", "root", None);
        let reply = [("channel", "C0GENERAL"), ("text", "one"), ("thread_ts", &root)];
        let reply = ok(call(&twin, "chat.postMessage", &reply).await);
        let reply = word(&reply, "ts");
        let nested =
            [("channel", "C0GENERAL"), ("text", "two"), ("thread_ts", reply), ("reply_broadcast", "true")];
        let nested = ok(call(&twin, "chat.postMessage", &nested).await);
        assert_eq!(nested["message"]["thread_ts"], json!(root), "a reply to a reply goes to the root");
        let broadcast = newest(&twin, "false").await;
        assert_eq!(word(&broadcast, "subtype"), "thread_broadcast");
        assert_eq!(broadcast["root"]["reply_count"], json!(2));
        let link = [("channel", "C0GENERAL"), ("message_ts", reply)];
        let link = ok(call(&twin, "chat.getPermalink", &link).await);
        let digits = reply.replace('.', "");
        let expected =
            format!("https://small-co.slack.com/archives/C0GENERAL/p{digits}?thread_ts={root}&cid=C0GENERAL");
        assert_eq!(word(&link, "permalink"), expected);
        assert_eq!(twin.permalink("C0GENERAL", reply).as_deref(), Some(word(&link, "permalink")));
    }

    #[tokio::test]
    async fn what_has_replies_leaves_a_tombstone() {
        let twin = twin().await;
        let posted = ok(call(&twin, "chat.postMessage", &[("channel", "C0GENERAL"), ("text", "root")]).await);
        let ts = word(&posted, "ts");
        let reply = twin.says("U0DANA", "C0GENERAL", "reply", Some(ts));
        ok(call(&twin, "chat.delete", &[("channel", "C0GENERAL"), ("ts", ts)]).await);
        assert_eq!(twin.thread("C0GENERAL", ts)[0].subtype.as_deref(), Some("tombstone"));
        let update = [("channel", "C0GENERAL"), ("ts", ts), ("text", "x")];
        assert_eq!(error(&call(&twin, "chat.update", &update).await), "message_not_found");
        twin.delete("C0GENERAL", &reply);
        assert!(twin.thread("C0GENERAL", ts).is_empty(), "the last reply takes the tombstone along");
    }

    #[tokio::test]
    async fn what_may_not_be_posted_is_refused() {
        let twin = twin().await;
        let post = async |channel: &str, more: (&str, &str)| {
            call(&twin, "chat.postMessage", &[("channel", channel), more]).await
        };
        assert_eq!(error(&post("C0GENERAL", ("text", " ")).await), "no_text");
        assert_eq!(error(&post("C0ELSEWHERE", ("text", "x")).await), "not_in_channel");
        assert_eq!(error(&post("C0HIDDEN", ("text", "x")).await), "channel_not_found");
        assert_eq!(error(&post("C0OLD", ("text", "x")).await), "is_archived");
        assert_eq!(error(&post("C0GENERAL", ("blocks", "{not json")).await), "invalid_blocks_format");
        let refused = post("C0GENERAL", ("blocks", r#"[{"type":"sectoin"}]"#)).await;
        assert_eq!(error(&refused), "invalid_blocks");
        assert!(refused["response_metadata"]["messages"][0].as_str().unwrap().contains("/blocks/0/type"));
        let half = [("channel", "C0GENERAL"), ("text", "x"), ("metadata", r#"{"event_type":"x"}"#)];
        assert_eq!(error(&call(&twin, "chat.postMessage", &half).await), "invalid_metadata_format");
        let nowhere = [("channel", "C0GENERAL"), ("text", "x"), ("thread_ts", "1.000000")];
        assert_eq!(error(&call(&twin, "chat.postMessage", &nowhere).await), "thread_not_found");
        let theirs = twin.says("U0DANA", "C0GENERAL", "mine", None);
        let update = [("channel", "C0GENERAL"), ("ts", theirs.as_str()), ("text", "x")];
        assert_eq!(error(&call(&twin, "chat.update", &update).await), "cant_update_message");
        assert!(twin.posts("C0GENERAL").is_empty());
    }

    #[tokio::test]
    async fn a_person_s_id_opens_their_direct_message() {
        let twin = twin().await;
        let long = "🎉".repeat(41_000);
        let posted = ok(call(&twin, "chat.postMessage", &[("channel", "U0OMAR"), ("text", &long)]).await);
        let channel = word(&posted, "channel");
        assert!(channel.starts_with('D'));
        assert_eq!(twin.posts(channel)[0].text.chars().count(), 40_000, "longer text is cut off");
        let opened = ok(call(&twin, "conversations.open", &[("users", "U0OMAR")]).await);
        assert_eq!(opened["channel"]["id"], json!(channel));
        assert_eq!(opened["already_open"], json!(true));
        let gone = call(&twin, "conversations.open", &[("users", "U0GONE")]).await;
        assert_eq!(error(&gone), "user_disabled");
    }

    #[tokio::test]
    async fn streams_grow_until_they_are_stopped() {
        let twin = twin().await;
        let dm = twin.dm("U0DANA");
        let asked = twin.says("U0DANA", &dm, "catch me up", None);
        let started = ok(call(&twin, "chat.startStream", &[("channel", &dm), ("thread_ts", &asked)]).await);
        let ts = word(&started, "ts");
        let append = async |text: &str| {
            call(&twin, "chat.appendStream", &[("channel", &dm), ("ts", ts), ("markdown_text", text)]).await
        };
        ok(append("one, ").await);
        ok(append("two").await);
        ok(call(&twin, "chat.stopStream", &[("channel", &dm), ("ts", ts)]).await);
        assert_eq!(twin.posts(&dm)[0].text, "one, two");
        assert_eq!(error(&append("!").await), "message_not_in_streaming_state");
        let root = twin.says("U0DANA", "C0GENERAL", "x", None);
        let in_channel = [("channel", "C0GENERAL"), ("thread_ts", root.as_str())];
        assert_eq!(error(&call(&twin, "chat.startStream", &in_channel).await), "missing_recipient_user_id");
    }

    #[tokio::test]
    async fn reactions_are_kept_once() {
        let twin = twin().await;
        let ts = twin.says("U0DANA", "C0GENERAL", "done?", None);
        let arguments = [("channel", "C0GENERAL"), ("timestamp", ts.as_str()), ("name", "eyes")];
        ok(call(&twin, "reactions.add", &arguments).await);
        assert_eq!(error(&call(&twin, "reactions.add", &arguments).await), "already_reacted");
        let got = ok(call(&twin, "reactions.get", &arguments).await);
        assert_eq!(got["message"]["reactions"][0]["users"], json!(["U0SMALLBOT"]));
        ok(call(&twin, "reactions.remove", &arguments).await);
        assert_eq!(error(&call(&twin, "reactions.remove", &arguments).await), "no_reaction");
    }

    #[tokio::test]
    async fn views_are_kept_and_triggers_checked() {
        let twin = twin().await;
        let view = json!({"type": "home", "blocks": [{"type": "divider"}]}).to_string();
        ok(call(&twin, "views.publish", &[("user_id", "U0DANA"), ("view", &view)]).await);
        let home = twin.shared().margin.home("U0DANA").expect("it was published");
        assert_eq!(home["blocks"][0]["type"], json!("divider"));
        let modal = json!({"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []});
        let open = [("trigger_id", "1.2.3"), ("view", &modal.to_string())];
        assert_eq!(error(&call(&twin, "views.open", &open).await), "invalid_trigger_id");
    }
}

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn ticket(twin: &Twin) -> String {
    let opened = answer(request(twin, "apps.connections.open").bearer_auth(APP_TOKEN)).await;
    word(&ok(opened), "url").to_owned()
}

async fn connect(twin: &Twin) -> Socket {
    let (mut socket, _) = connect_async(ticket(twin).await).await.expect("the ticket opens a socket");
    let hello = next(&mut socket).await;
    assert_eq!(hello["type"], json!("hello"));
    assert_eq!(hello["connection_info"]["app_id"], json!("A0SMALL"));
    socket
}

/// The next envelope.
async fn next(socket: &mut Socket) -> Value {
    let reading = async {
        loop {
            match socket.next().await.expect("the socket is open").expect("and whole") {
                Frame::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Frame::Close(_) => return json!({"type": "closed"}),
                _ => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("something comes within 20 s")
}

async fn acknowledge(socket: &mut Socket, envelope: &Value, payload: Option<Value>) {
    let mut answer = json!({"envelope_id": envelope["envelope_id"]});
    if let Some(payload) = payload {
        answer["payload"] = payload;
    }
    socket.send(Frame::text(answer.to_string())).await.expect("sent");
}

mod socket_mode {
    use super::*;

    #[tokio::test]
    async fn a_ticket_opens_one_socket() {
        let twin = twin().await;
        let url = ticket(&twin).await;
        let (mut socket, _) = connect_async(&url).await.expect("the first time");
        assert_eq!(next(&mut socket).await["num_connections"], json!(1));
        assert!(connect_async(&url).await.is_err(), "not the second");
        assert_eq!(twin.connections(), 1);
    }

    #[tokio::test]
    async fn ten_sockets_at_most() {
        let twin = twin().await;
        let mut sockets = Vec::new();
        for _ in 0..10 {
            sockets.push(connect(&twin).await);
        }
        let (mut surplus, _) = connect_async(ticket(&twin).await).await.unwrap();
        assert_eq!(next(&mut surplus).await["reason"], json!("too_many_websockets"));
        drop(sockets);
        let gone =
            twin.wait_for("the sockets to go", |shared| (shared.sockets.connections() == 0).then_some(()));
        gone.await.unwrap();
    }

    #[tokio::test]
    async fn a_command_is_acknowledged_with_a_line_and_answered_by_its_url() {
        let twin = twin().await;
        let mut socket = connect(&twin).await;
        let id = twin.slash("U0DANA", "C0ELSEWHERE", "full status");
        let envelope = next(&mut socket).await;
        assert_eq!(word(&envelope, "envelope_id"), id);
        assert_eq!(word(&envelope, "type"), "slash_commands");
        assert_eq!(envelope["accepts_response_payload"], json!(true));
        assert_eq!(word(&envelope["payload"], "command"), "/caughtup");
        assert_eq!(word(&envelope["payload"], "text"), "full status");
        acknowledge(&mut socket, &envelope, Some(json!({"text": "On it"}))).await;
        let line = twin.wait_for("the line", |shared| shared.margin.ephemerals().into_iter().next());
        let line = line.await.unwrap();
        assert_eq!((line.text.as_str(), line.user.as_str()), ("On it", "U0DANA"));
        assert_eq!(line.origin, Origin::Acknowledgement);
        assert!(twin.shared().ledger.acknowledgements()[0].after.unwrap() < Duration::from_secs(3));

        let url = word(&envelope["payload"], "response_url");
        let answer =
            async |body: Value| client().post(url).json(&body).send().await.unwrap().status().as_u16();
        assert_eq!(answer(json!({"text": "still on it"})).await, 200);
        assert_eq!(answer(json!({"text": "done", "replace_original": true})).await, 200);
        assert_eq!(twin.ephemerals().last().unwrap().text, "done");
        assert_eq!(twin.ephemerals().len(), 2);
        assert_eq!(answer(json!({"text": "for all", "response_type": "in_channel"})).await, 200);
        assert_eq!(twin.posts("C0ELSEWHERE")[0].text, "for all");
        assert_eq!(answer(json!({"blocks": [{"type": "x"}]})).await, 400);
        assert_eq!(answer(json!({"text": "five"})).await, 200);
        assert_eq!(answer(json!({"text": "six"})).await, 404);
    }

    #[tokio::test]
    async fn a_mention_comes_twice_and_a_direct_message_once() {
        let twin = twin().await;
        let mut socket = connect(&twin).await;
        let ts = twin.says("U0DANA", "C0LAUNCH", "<@U0SMALLBOT> catch me up", None);
        let (mut kinds, mut ids) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            let envelope = next(&mut socket).await;
            acknowledge(&mut socket, &envelope, None).await;
            assert_eq!(word(&envelope["payload"]["event"], "ts"), ts);
            assert_eq!(envelope["payload"]["is_ext_shared_channel"], json!(true));
            kinds.push(word(&envelope["payload"]["event"], "type").to_owned());
            ids.push(envelope["payload"]["event_id"].clone());
        }
        kinds.sort();
        assert_eq!(kinds, ["app_mention", "message"]);
        assert_ne!(ids[0], ids[1]);
        twin.says("U0DANA", "U0SMALLBOT", "<@U0SMALLBOT> hello", None);
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        assert_eq!(word(&envelope["payload"]["event"], "channel_type"), "im");
        assert_eq!(word(&envelope["payload"]["event"], "channel"), "D0DANA");
        // Not heard: the bot is not there.
        twin.says("U0LIEN", "C0ELSEWHERE", "<@U0SMALLBOT> psst", None);
        twin.react("U0DANA", "C0LAUNCH", &ts, "eyes");
        let envelope = next(&mut socket).await;
        assert_eq!(word(&envelope["payload"]["event"], "type"), "reaction_added", "and nothing in between");
    }

    #[tokio::test]
    async fn edits_and_deletions_are_told() {
        let twin = twin().await;
        let mut socket = connect(&twin).await;
        let ts = twin.says("U0DANA", "C0GENERAL", "frist", None);
        let mut hear = async || {
            let envelope = next(&mut socket).await;
            acknowledge(&mut socket, &envelope, None).await;
            envelope["payload"]["event"].clone()
        };
        hear().await;
        twin.edit("C0GENERAL", &ts, "first");
        let event = hear().await;
        assert_eq!(word(&event, "subtype"), "message_changed");
        assert_eq!(word(&event["message"], "text"), "first");
        assert_eq!(word(&event["previous_message"], "text"), "frist");
        twin.delete("C0GENERAL", &ts);
        let event = hear().await;
        assert_eq!((word(&event, "subtype"), word(&event, "deleted_ts")), ("message_deleted", ts.as_str()));
    }

    #[tokio::test]
    async fn a_pressed_button_says_where_it_stood() {
        let twin = twin().await;
        let button = json!({"type": "button", "action_id": "again", "value": "42",
            "text": {"type": "plain_text", "text": "Again"}});
        let blocks = json!([{"type": "actions", "block_id": "row", "elements": [button]}]);
        let post = json!({"channel": "C0GENERAL", "blocks": blocks});
        let posted = ok(call_json(&twin, "chat.postMessage", post).await);
        let ts = word(&posted, "ts");
        let mut socket = connect(&twin).await;
        let heard = next(&mut socket).await;
        acknowledge(&mut socket, &heard, None).await;
        assert_eq!(word(&heard["payload"]["event"], "bot_id"), "B0SMALLBOT", "apps hear themselves");
        twin.press("U0DANA", ("C0GENERAL", ts), "again", None).expect("there is such a button");
        let envelope = next(&mut socket).await;
        acknowledge(&mut socket, &envelope, None).await;
        assert_eq!(word(&envelope, "type"), "interactive");
        let payload = &envelope["payload"];
        assert_eq!(word(payload, "type"), "block_actions");
        assert_eq!(word(&payload["actions"][0], "value"), "42");
        assert_eq!(word(&payload["actions"][0], "block_id"), "row");
        assert_eq!(word(&payload["container"], "message_ts"), ts);
        let replace = json!({"text": "pressed", "replace_original": true});
        let replaced = client().post(word(payload, "response_url")).json(&replace);
        assert_eq!(replaced.send().await.unwrap().status(), 200);
        assert_eq!(twin.posts("C0GENERAL")[0].text, "pressed");
        assert_eq!(twin.press("U0DANA", ("C0GENERAL", ts), "again", None), None, "it is gone now");
    }

    #[tokio::test]
    async fn what_is_not_acknowledged_comes_again() {
        let twin = twin().await;
        let mut socket = connect(&twin).await;
        twin.says("U0DANA", "C0GENERAL", "anybody?", None);
        twin.slash("U0DANA", "C0GENERAL", "/other thing");
        let (first, second) = (next(&mut socket).await, next(&mut socket).await);
        let event = if word(&first, "type") == "events_api" { &first } else { &second };
        assert_eq!(event["retry_attempt"], json!(0));
        let again = next(&mut socket).await;
        assert_eq!(again["payload"]["event_id"], event["payload"]["event_id"]);
        assert_eq!((&again["retry_attempt"], word(&again, "retry_reason")), (&json!(1), "timeout"));
        acknowledge(&mut socket, &again, None).await;
        let failure = twin.wait_for("the failure", |shared| {
            shared.margin.ephemerals().into_iter().find(|line| line.origin == Origin::Failure)
        });
        assert_eq!(failure.await.unwrap().text, "/other failed with the error \"dispatch_failed\"");
        let envelopes = twin.shared().ledger.acknowledgements();
        let ours = envelopes.iter().find(|envelope| envelope.envelope_id == word(event, "envelope_id"));
        assert_eq!(ours.unwrap().deliveries, 2);
    }

    #[tokio::test]
    async fn events_wait_for_a_socket() {
        let twin = twin().await;
        twin.says("U0DANA", "C0GENERAL", "before anybody listened", None);
        let mut socket = connect(&twin).await;
        let envelope = next(&mut socket).await;
        assert_eq!(word(&envelope["payload"]["event"], "text"), "before anybody listened");
    }

    #[tokio::test]
    async fn envelopes_go_round_and_copies_too() {
        let twin = twin().await;
        let (mut one, mut two) = (connect(&twin).await, connect(&twin).await);
        twin.repeat_envelope(2);
        twin.says("U0DANA", "C0GENERAL", "twice", None);
        let (first, second) = (next(&mut one).await, next(&mut two).await);
        assert_eq!(first, second);
        acknowledge(&mut one, &first, None).await;
        acknowledge(&mut two, &second, None).await;
    }

    #[tokio::test]
    async fn a_ghost_swallows_its_share_and_another_socket_gets_it_later() {
        let twin = twin().await;
        let _ghost = connect(&twin).await;
        twin.deaf(true);
        let mut socket = connect(&twin).await;
        assert_eq!(twin.connections(), 2);
        for text in ["one", "two"] {
            twin.says("U0DANA", "C0GENERAL", text, None);
        }
        let mut heard = Vec::new();
        for _ in 0..2 {
            let envelope = next(&mut socket).await;
            acknowledge(&mut socket, &envelope, None).await;
            heard.push(envelope["payload"]["event"]["text"].clone());
        }
        heard.sort_by_key(Value::to_string);
        assert_eq!(heard, ["one", "two"]);
        assert_eq!(twin.shared().ledger.acknowledgements().iter().map(|a| a.deliveries).max(), Some(2));
    }

    #[tokio::test]
    async fn sockets_end_in_every_way() {
        let twin = twin().await;
        let mut socket = connect(&twin).await;
        twin.refresh_connections();
        assert_eq!(word(&next(&mut socket).await, "reason"), "refresh_requested");
        assert_eq!(word(&next(&mut socket).await, "type"), "closed");
        let mut socket = connect(&twin).await;
        twin.warn_disconnect();
        assert_eq!(word(&next(&mut socket).await, "reason"), "warning");
        twin.drop_sockets();
        let cut = tokio::time::timeout(Duration::from_secs(5), socket.next()).await.expect("at once");
        assert!(cut.is_none_or(|frame| frame.is_err()), "no polite close");
        twin.link_disabled();
        let (mut socket, _) = connect_async(ticket(&twin).await).await.unwrap();
        assert_eq!(word(&next(&mut socket).await, "reason"), "link_disabled");
    }

    #[tokio::test]
    async fn waiting_in_vain_says_what_did_arrive() {
        let twin = twin().await;
        ok(call(&twin, "chat.postMessage", &[("channel", "C0GENERAL"), ("text", "something else")]).await);
        let waited = twin.wait_within(Duration::from_millis(20), "a digest", |_| None::<()>).await;
        let account = waited.unwrap_err().to_string();
        assert!(account.contains("a digest") && account.contains("something else"), "{account}");
    }
}
