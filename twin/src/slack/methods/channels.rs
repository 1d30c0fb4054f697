//! Getting into conversations: join, invite, open, mark.

use std::collections::BTreeSet;

use serde_json::json;

use crate::slack::call::{Call, Outcome, Refusal, fields, is_member, visible};
use crate::slack::{show, sockets};
use crate::world::{Channel, Kind, World};

pub(super) fn join(call: &Call) -> Outcome {
    let id = call.args.required("channel")?;
    let mut world = call.shared.world();
    let channel = visible(&world, &id)?;
    if channel.is_im || channel.is_mpim || channel.is_private {
        return Err("method_not_supported_for_channel_type".into());
    }
    if channel.is_archived {
        return Err("is_archived".into());
    }
    let already = is_member(&world, channel);
    let bot = world.slack.bot_user.clone();
    if let Some(channel) = world.slack.channels.get_mut(&id) {
        channel.members.insert(bot.clone());
    }
    let channel = visible(&world, &id)?;
    let mut answer = fields(json!({"channel": show::channel(&world, channel, false)}));
    drop(world);
    if already {
        answer.insert("warning".into(), json!("already_in_channel"));
        answer.insert("response_metadata".into(), json!({"warnings": ["already_in_channel"]}));
    } else {
        sockets::events::joined(&call.shared, &id, &bot);
    }
    Ok(answer)
}

pub(super) fn invite(call: &Call) -> Outcome {
    let id = call.args.required("channel")?;
    let users = call.args.list("users");
    if users.is_empty() {
        return Err("no_user".into());
    }
    let mut world = call.shared.world();
    let channel = visible(&world, &id)?;
    if !is_member(&world, channel) {
        return Err("not_in_channel".into());
    }
    if channel.is_archived {
        return Err("is_archived".into());
    }
    for user in &users {
        if *user == world.slack.bot_user {
            return Err("cant_invite_self".into());
        }
        if !world.people.iter().any(|person| person.id == *user) {
            return Err("user_not_found".into());
        }
        if channel.members.contains(user) {
            return Err("already_in_channel".into());
        }
    }
    if let Some(channel) = world.slack.channels.get_mut(&id) {
        channel.members.extend(users.iter().cloned());
    }
    let channel = visible(&world, &id)?;
    let answer = fields(json!({"channel": show::channel(&world, channel, false)}));
    drop(world);
    for user in &users {
        sockets::events::joined(&call.shared, &id, user);
    }
    Ok(answer)
}

pub(super) fn mark(call: &Call) -> Outcome {
    call.args.required("ts").map_err(|_| Refusal::from("invalid_timestamp"))?;
    let id = call.args.required("channel")?;
    let world = call.shared.world();
    let channel = visible(&world, &id)?;
    if !is_member(&world, channel) {
        return Err("not_in_channel".into());
    }
    Ok(fields(json!({})))
}

/// Opens a direct message by user, or a group message by users, or finds it again by channel.
pub(super) fn open(call: &Call) -> Outcome {
    let mut world = call.shared.world();
    let (id, already) = match call.args.text("channel") {
        Some(id) => (visible(&world, &id)?.id.clone(), true),
        None => {
            let users = call.args.list("users");
            if users.is_empty() {
                return Err("users_list_not_supplied".into());
            }
            call.need(if users.len() == 1 { "im:write" } else { "mpim:write" })?;
            direct(&mut world, &users)?
        }
    };
    let channel = visible(&world, &id)?;
    let shown = if call.args.flag("return_im").unwrap_or(false) {
        show::channel(&world, channel, false)
    } else {
        json!({"id": id})
    };
    let mut answer = fields(json!({ "channel": shown }));
    if already {
        answer.insert("no_op".into(), json!(true));
        answer.insert("already_open".into(), json!(true));
    }
    Ok(answer)
}

/// The direct or group message between the bot and these people, made if need be; and whether it was there.
pub(crate) fn direct(world: &mut World, users: &[String]) -> Result<(String, bool), Refusal> {
    let bot = world.slack.bot_user.clone();
    if users.len() > 8 {
        return Err("too_many_users".into());
    }
    for user in users {
        let person = world.people.iter().find(|person| person.id == *user).ok_or("user_not_found")?;
        match person.kind {
            Kind::Gone => return Err("user_disabled".into()),
            Kind::Bot => return Err("cannot_dm_bot".into()),
            _ => {}
        }
    }
    let members: BTreeSet<String> = users.iter().cloned().chain([bot.clone()]).collect();
    let fits = |channel: &&Channel| (channel.is_im || channel.is_mpim) && channel.members == members;
    if let Some(channel) = world.slack.channels.values().find(fits) {
        return Ok((channel.id.clone(), true));
    }
    let single = users.len() == 1;
    let stem: String =
        users.iter().map(|user| user.trim_start_matches(['U', 'W'])).collect::<Vec<_>>().join("");
    let mut id = format!("{}{stem}", if single { 'D' } else { 'G' });
    while world.slack.channels.contains_key(&id) {
        id.push('0');
    }
    let handles = world.people.iter().filter(|person| members.contains(&person.id));
    let handles: Vec<&str> = handles.map(|person| person.handle.as_str()).collect();
    let channel = Channel {
        id: id.clone(),
        name: if single { String::new() } else { format!("mpdm-{}-1", handles.join("--")) },
        is_im: single,
        is_mpim: !single,
        created: world.clock.now().as_second(),
        creator: bot,
        members,
        ..Channel::default()
    };
    world.slack.channels.insert(id.clone(), channel);
    Ok((id, false))
}
