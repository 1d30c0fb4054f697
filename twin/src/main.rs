//! Serves a simulated company until it is told to stop.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use jiff::Timestamp;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use twin::server::{Options, Twin};
use twin::world::{Kind, World, small};

/// A simulated company on loopback: Slack, Jira Cloud, Confluence Cloud and a model.
#[derive(Parser)]
struct Arguments {
    /// Slack's port; free if 0.
    #[arg(long, default_value_t = 0)]
    slack_port: u16,
    /// Jira's and Confluence's port; free if 0.
    #[arg(long, default_value_t = 0)]
    atlassian_port: u16,
    /// The model's port; free if 0.
    #[arg(long, default_value_t = 0)]
    model_port: u16,
    /// Enforce the vendors' rate limits.
    #[arg(long)]
    rate_limits: bool,
    /// Limit reading as for apps outside Slack's Marketplace: one call a minute, 15 objects
    #[arg(long)]
    unlisted: bool,
    /// Append every exchange to this file, as lines of JSON.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Which company.
    #[arg(long, value_enum, default_value_t = Company::Story)]
    world: Company,
    /// Print where everything is as one line of JSON, rather than for people.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Company {
    /// The demo's: 60 people, and a fortnight of work.
    Story,
    /// A small one, for trying clients.
    Small,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let world = match arguments.world {
        Company::Story => twin::story::company(Timestamp::now()),
        Company::Small => small::world(Timestamp::now()),
    };
    let card = card(&world);
    let options = Options {
        rate_limits: arguments.rate_limits,
        unlisted: arguments.unlisted,
        record: arguments.record,
        ports: Some((arguments.slack_port, arguments.atlassian_port)),
        model_port: arguments.model_port,
    };
    let mut terminated = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let twin = Twin::start(world, options).await?;
    let mut card = card;
    if let Some(card) = card.as_object_mut() {
        card.insert("slack_api_url".into(), json!(twin.slack_api_url()));
        card.insert("control_url".into(), json!(twin.slack_api_url().replace("/api", "/_twin")));
        card.insert("site".into(), json!(twin.site()));
        card.insert("model_url".into(), json!(twin.model_url()));
        card.insert("model_key".into(), json!(twin::model::KEY));
    }
    let text = if arguments.json { card.to_string() } else { serde_json::to_string_pretty(&card)? };
    writeln!(std::io::stdout(), "{text}")?;
    std::io::stdout().flush()?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
    twin.stop().await;
    Ok(())
}

/// What a client must know to begin.
fn card(world: &World) -> serde_json::Value {
    let slack = &world.slack;
    let members = world.people.iter().filter(|person| person.kind == Kind::Member && !person.id.is_empty());
    let joined = slack.channels.values().filter(|channel| channel.members.contains(&slack.bot_user));
    let busiest =
        joined.clone().filter(|channel| !channel.is_im).max_by_key(|channel| channel.messages.len());
    let threaded = joined.clone().find_map(|channel| {
        let mut roots = channel.messages.values().filter_map(|message| message.thread_ts.as_ref());
        roots.next().map(|root| json!({"channel": channel.id, "ts": root}))
    });
    json!({
        "company": world.company,
        "bot_token": slack.bot_tokens.keys().next(),
        "app_token": slack.app_tokens.keys().next(),
        "team_id": slack.team_id,
        "app_id": slack.app_id,
        "bot_user": slack.bot_user,
        "bot_id": slack.bot_id,
        "users": members.map(|person| &person.id).take(5).collect::<Vec<_>>(),
        "channels": joined.filter(|channel| !channel.is_im).map(|channel| &channel.id).collect::<Vec<_>>(),
        "busiest_channel": busiest.map(|channel| &channel.id),
        "thread": threaded,
        "atlassian": world.jira.tokens.iter().next().map(|(email, token)| json!({"email": email, "token": token})),
    })
}
