//! Response URLs: five answers within thirty minutes, wherever the command was typed or the button stood.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::call::{Args, Refusal};
use super::front::Visit;
use super::intake;
use super::margin::{Origin, ResponseUrl};
use super::methods::{post, remove};
use super::people::{post_as_bot, tell};
use super::sockets::events;
use crate::server::Shared;

const LIFE: Duration = Duration::from_secs(30 * 60);
const USES: u32 = 5;

/// Answers `/commands/{team}/{number}/{secret}` and `/actions/…`.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    Path((team, number, secret)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let arrived = Instant::now();
    // The address is as good as a token: it stays out of the ledger.
    let path = format!("/commands/{team}/{number}/…");
    let intake = intake::read(request).await;
    let visit = Visit { shared: &shared, name: "response_url", path, intake: &intake, arrived, known: true };
    let key = format!("{team}/{number}/{secret}");
    let outcome = match &intake.refusal {
        Some(_) => Err((StatusCode::BAD_REQUEST, Refusal::from("invalid_payload"))),
        None => take(&shared, &key, &intake.args),
    };
    let (status, body) = match outcome {
        Ok(()) => (StatusCode::OK, json!({"ok": true})),
        Err((status, refusal)) => {
            let mut body = json!({"ok": false, "error": refusal.error});
            if let Some(body) = body.as_object_mut() {
                body.extend(refusal.more);
            }
            (status, body)
        }
    };
    visit.record(status.as_u16(), body.clone(), false);
    (status, axum::Json(body)).into_response()
}

fn take(shared: &Arc<Shared>, key: &str, args: &Args) -> Result<(), (StatusCode, Refusal)> {
    let gone = |error: &str| (StatusCode::NOT_FOUND, Refusal::from(error));
    let bad = |refusal: Refusal| (StatusCode::BAD_REQUEST, refusal);
    let payload = args.json("payload", "invalid_payload").map_err(bad)?;
    let args = match payload {
        Some(Value::Object(payload)) => Args(payload),
        _ => args.clone(),
    };
    let url = {
        let mut margin = shared.margin.entries();
        let url = margin.urls.get_mut(key).ok_or_else(|| gone("invalid_url"))?;
        if url.made.elapsed() >= LIFE {
            return Err(gone("expired_url"));
        }
        if url.uses >= USES {
            return Err(gone("used_url"));
        }
        url.uses += 1;
        url.clone()
    };
    if args.flag("delete_original").unwrap_or(false) {
        withdraw(shared, &url);
        return Ok(());
    }
    let draft = post::Draft::read(&args, shared.margin.next()).map_err(bad)?;
    if args.flag("replace_original").unwrap_or(false) && replace(shared, &url, &draft) {
        return Ok(());
    }
    if args.text("response_type").as_deref() == Some("in_channel") {
        post_as_bot(shared, &url.channel, draft, args.text("thread_ts"));
        return Ok(());
    }
    let text = draft.text.unwrap_or_default();
    let ts = tell(shared, &url.user, &url.channel, text, draft.blocks, Origin::ResponseUrl);
    if let Some(url) = shared.margin.entries().urls.get_mut(key) {
        url.last = Some(ts);
    }
    Ok(())
}

fn withdraw(shared: &Arc<Shared>, url: &ResponseUrl) {
    if let Some(ts) = &url.message {
        let mut world = shared.world();
        let channel = world.slack.channels.get(&url.channel);
        let Some(before) = channel.and_then(|channel| channel.messages.get(ts)).cloned() else { return };
        remove(&mut world, &url.channel, ts);
        drop(world);
        events::deleted(shared, &url.channel, &before);
        return;
    }
    shared.margin.entries().ephemerals.retain(|line| Some(&line.ts) != url.last.as_ref());
}

/// Puts the new content where the old stood; false when there is nothing to replace.
fn replace(shared: &Arc<Shared>, url: &ResponseUrl, draft: &post::Draft) -> bool {
    if let Some(ts) = &url.message {
        let mut world = shared.world();
        let Some(channel) = world.slack.channels.get(&url.channel) else { return false };
        let now = post::stamp(&world, channel);
        let bot = world.slack.bot_user.clone();
        let channel = world.slack.channels.get_mut(&url.channel);
        let Some(message) = channel.and_then(|channel| channel.messages.get_mut(ts)) else { return false };
        let before = message.clone();
        message.text = draft.text.clone().unwrap_or_default();
        message.blocks = draft.blocks.clone();
        message.edited = Some((bot, now));
        let after = message.clone();
        drop(world);
        events::changed(shared, &url.channel, &before, &after);
        return true;
    }
    let mut margin = shared.margin.entries();
    let Some(line) = margin.ephemerals.iter_mut().find(|line| Some(&line.ts) == url.last.as_ref()) else {
        return false;
    };
    line.text = draft.text.clone().unwrap_or_default();
    line.blocks = draft.blocks.clone();
    true
}
