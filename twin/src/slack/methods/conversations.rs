//! Which conversations there are, and who is in them.

use serde_json::{Value, json};

use crate::slack::call::{Call, Outcome, Refusal, fields, is_member, scope_family, visible};
use crate::slack::{cursor, show};
use crate::world::{Channel, World};

/// One page of a list that is ordered by id.
pub(super) struct Page<'a, T> {
    pub items: Vec<&'a T>,
    pub next: String,
}

/// Cuts a page out of `items`. The cursor names the item at which the next page starts, so that
/// what is added or removed meanwhile shifts nothing.
pub(super) fn page<'a, T>(
    call: &Call,
    items: Vec<&'a T>,
    word: &str,
    id: impl Fn(&T) -> &str,
    (usual, most): (usize, usize),
) -> Result<Page<'a, T>, Refusal> {
    let limit = match call.args.number("limit")? {
        None | Some(0) => usual,
        Some(limit) if limit > most => return Err("invalid_limit".into()),
        Some(limit) => limit,
    };
    let start = match call.args.text("cursor") {
        None => 0,
        Some(text) => {
            let from = cursor::read(&text, word).ok_or("invalid_cursor")?;
            items.iter().position(|item| id(item) == from).ok_or("invalid_cursor")?
        }
    };
    let next = items.get(start + limit).map(|item| cursor::write(word, id(item))).unwrap_or_default();
    Ok(Page { items: items.into_iter().skip(start).take(limit).collect(), next })
}

fn kind(channel: &Channel) -> &'static str {
    match scope_family(channel) {
        "im" => "im",
        "mpim" => "mpim",
        "groups" => "private_channel",
        _ => "public_channel",
    }
}

/// The kinds asked for; each needs its own scope.
fn wanted(call: &Call) -> Result<Vec<String>, Refusal> {
    let mut types = call.args.list("types");
    if types.is_empty() {
        types.push("public_channel".into());
    }
    for wanted in &types {
        call.need(match wanted.as_str() {
            "public_channel" => "channels:read",
            "private_channel" => "groups:read",
            "mpim" => "mpim:read",
            "im" => "im:read",
            _ => return Err("invalid_types".into()),
        })?;
    }
    Ok(types)
}

pub(super) fn list(call: &Call) -> Outcome {
    listed(
        call,
        |world, channel| {
            is_member(world, channel) || !(channel.is_private || channel.is_im || channel.is_mpim)
        },
        false,
    )
}

/// `users.conversations`: those that somebody, usually the bot itself, is in.
pub(super) fn of_user(call: &Call) -> Outcome {
    let user = call.args.text("user");
    if let Some(user) = &user
        && !call.shared.world().people.iter().any(|person| person.id == *user)
    {
        return Err("user_not_found".into());
    }
    listed(
        call,
        |world, channel| {
            let seen = is_member(world, channel) || !(channel.is_private || channel.is_im || channel.is_mpim);
            seen && channel.members.contains(user.as_ref().unwrap_or(&world.slack.bot_user))
        },
        true,
    )
}

fn listed(call: &Call, shown: impl Fn(&World, &Channel) -> bool, members_only: bool) -> Outcome {
    let types = wanted(call)?;
    let without_archived = call.args.flag("exclude_archived").unwrap_or(false);
    let world = call.shared.world();
    let all = world.slack.channels.values().filter(|channel| shown(&world, channel)).collect();
    let page = page(call, all, "team", |channel: &Channel| &channel.id, (100, 1000))?;
    // Slack filters after it has cut the page: a page may be short, or empty, and not be the last.
    let matching = page.items.into_iter().filter(|channel| {
        types.iter().any(|wanted| wanted == kind(channel)) && !(without_archived && channel.is_archived)
    });
    let channels: Vec<Value> =
        matching.map(|channel| show::channel(&world, channel, !members_only)).collect();
    Ok(fields(json!({"channels": channels, "response_metadata": {"next_cursor": page.next}})))
}

pub(super) fn info(call: &Call) -> Outcome {
    let world = call.shared.world();
    let channel = call.channel(&world, "read")?;
    let num_members = call.args.flag("include_num_members").unwrap_or(false);
    let mut shown = show::channel(&world, channel, num_members);
    if let Some(shown) = shown.as_object_mut()
        && is_member(&world, channel)
    {
        shown.insert("last_read".into(), json!("0000000000.000000"));
    }
    Ok(fields(json!({ "channel": shown })))
}

pub(super) fn members(call: &Call) -> Outcome {
    let id = call.args.required("channel")?;
    let world = call.shared.world();
    let channel = visible(&world, &id)?;
    call.need(&format!("{}:read", scope_family(channel)))?;
    let all = channel.members.iter().collect();
    let page = page(call, all, "user", |id: &String| id, (100, 1000))?;
    Ok(fields(json!({"members": page.items, "response_metadata": {"next_cursor": page.next}})))
}
