//! `caughtup run`: one request without Slack as its front.

use std::str::FromStr;

use anyhow::bail;
use jiff::Zoned;

use super::args::{Format, RunArgs};
use super::progress::Bars;
use super::{Exit, say_on_stdout};
use crate::app::App;
use crate::config::{Config, StoreUrl};
use crate::domain::{ChannelId, Clock, Digest, Gap, ProgramKey, RunId, UserId};
use crate::render;
use crate::store::{Store, StoreError};
use crate::team_lead::understand::is_since;
use crate::team_lead::{Ask, Made, Outcome, Reader, words};

/// Does one request and prints its digest.
pub async fn run(args: &RunArgs, mut config: Config, clock: Clock) -> anyhow::Result<Exit> {
    let opened = Store::open(&config.store, clock.clone()).await;
    // One run needs no other: it is made without what is remembered, and without models, whose budget is kept there.
    let away = matches!(&opened, Err(StoreError::Redis { passes: true, .. }));
    let store = match opened {
        Err(error) if away => {
            tracing::error!("{error}");
            config.llm = None;
            Store::open(&StoreUrl::Memory, clock.clone()).await?
        }
        opened => opened?,
    };
    let app = App::over(store, config, clock)?;
    let exit = one(&app, args, away).await;
    app.store.close().await;
    exit
}

async fn one(app: &App, args: &RunArgs, away: bool) -> anyhow::Result<Exit> {
    let now = app.clock.now().to_zoned(app.config.timezone.clone());
    let programs = match wanted(app, args, &now) {
        Ok(programs) => programs,
        Err(wrong) => {
            super::say_on_stderr(&format!("caughtup: {wrong}"));
            return Ok(Exit::Misused);
        }
    };
    let channel = match &args.post {
        Some(name) => Some(find_channel(app, name).await?),
        None => None,
    };
    let ask = Ask {
        text: args.request.clone(),
        reader: reader(app, args.reader.as_deref()),
        channel: channel.clone(),
        programs,
        since: args.since.clone(),
        operator: true,
        dry_run: args.dry_run,
    };
    let bars = Bars::new();
    let outcome = app.lead.answer(ask, RunId::new(app.clock.now()), &bars).await;
    bars.finish();
    match outcome? {
        Outcome::Reply(text) => refused(args.format, &text),
        Outcome::Digest(mut made) => {
            if away {
                made.digest.gaps.extend(unremembered(&made.digest));
            }
            finish(app, args, *made, channel).await
        }
    }
}

/// That the store was away, as a gap of whoever's work came first.
fn unremembered(digest: &Digest) -> Option<Gap> {
    let agent =
        digest.sections.first().map(|section| section.agent).or(digest.gaps.first().map(|gap| gap.agent))?;
    Some(Gap { agent, source: None, reason: words::nothing_is_remembered().to_owned() })
}

/// Prints, posts and remembers a digest.
async fn finish(app: &App, args: &RunArgs, made: Made, channel: Option<ChannelId>) -> anyhow::Result<Exit> {
    let Made { digest, program_names, .. } = made;
    say_on_stdout(&shown(&digest, &program_names, args.format)?)?;
    if !args.dry_run {
        if let Some(channel) = channel {
            super::post::post(app, &channel, &digest, &program_names).await?;
        }
        let audience = crate::store::audience_key(&digest.request.audience);
        app.store.record_digest(&audience, &crate::store::DigestRecord::of(&digest)).await?;
    }
    Ok(if digest.gaps.is_empty() { Exit::Done } else { Exit::Gaps })
}

/// A digest as it is printed.
pub fn shown(digest: &Digest, names: &[String], format: Format) -> anyhow::Result<String> {
    Ok(match format {
        Format::Text => render::digest_text(digest, names),
        Format::Markdown => render::digest_markdown(digest, names),
        Format::Json => serde_json::to_string_pretty(&render::digest_json(digest))?,
    })
}

fn refused(format: Format, text: &str) -> anyhow::Result<Exit> {
    match format {
        Format::Json => say_on_stdout(&serde_json::to_string_pretty(&render::reply_json(text))?)?,
        Format::Text | Format::Markdown => say_on_stdout(text)?,
    }
    Ok(Exit::Refused)
}

/// The programs that the options ask for, beside the words; or what is wrong with the options. Where `--since` begins
/// is known when the reader's zone is.
fn wanted(app: &App, args: &RunArgs, now: &Zoned) -> Result<Vec<ProgramKey>, String> {
    let known: Vec<&str> = app.config.programs.iter().map(|program| program.key.as_str()).collect();
    let mut programs = Vec::new();
    for key in &args.program {
        match ProgramKey::from_str(key) {
            Ok(program) if known.contains(&program.as_str()) => programs.push(program),
            // Whoever reads the terminal need not be one who may know of every program.
            _ => return Err(format!("--program {key}: the configuration has no such program")),
        }
    }
    let readable = |text: &String| is_since(text, now).map_err(|why| format!("--since: {why}"));
    args.since.as_ref().map_or(Ok(()), readable)?;
    Ok(programs)
}

/// The reader that `--as` names, by id or e-mail address. Without it: whoever's Atlassian account is
/// used, if they are in Slack; else nobody in particular, and then only public channels are read.
fn reader(app: &App, named: Option<&str>) -> Reader {
    match (named, app.config.atlassian.email.as_deref()) {
        (Some(named), _) => match UserId::from_str(named) {
            Ok(id) => Reader::Is(id),
            Err(_) => Reader::Named(named.to_owned()),
        },
        (None, Some(email)) => Reader::Perhaps(email.to_owned()),
        (None, None) => Reader::Nobody,
    }
}

/// The channel to post in, by `#name` or id.
async fn find_channel(app: &App, name: &str) -> anyhow::Result<ChannelId> {
    let bare = name.trim_start_matches('#');
    let channels = app.upstream.slack.joined_channels().await?;
    match channels
        .iter()
        .find(|channel| channel.id.as_str() == bare || channel.name.eq_ignore_ascii_case(bare))
    {
        Some(channel) => Ok(channel.id.clone()),
        None => bail!("--post {name}: the bot is in no such channel; `/invite` it there, or check the name"),
    }
}
