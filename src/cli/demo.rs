//! `caughtup demo`: the whole bot against a simulated company on loopback.
//!
//! Nothing here is special to the demo but its addresses: the bot is the one that `serve` runs, and
//! what is typed goes through Slack's front door like anybody's direct message.

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use twin::server::{Options, Twin};
use twin::story::{self, Cast, cast};

use super::args::{DemoArgs, Format};
use super::{Exit, say_on_stdout};
use crate::app::App;
use crate::bot::Role;
use crate::config::Config;
use crate::domain::{Clock, RunId, UserId};
use crate::team_lead::{Ask, Outcome, Reader};

/// What the first digest answers.
const FIRST: &str = "get me caught up";

/// Prints a first digest, then takes requests where there is a terminal.
pub async fn run(args: &DemoArgs) -> anyhow::Result<Exit> {
    let twin = Twin::start(story::company(Timestamp::now()), Options::default()).await?;
    let cast = cast();
    let app = App::build(configuration(&twin)?, Clock::system()).await?;
    let exit = match &args.once {
        Some(request) => digest(&app, &cast, request).await,
        None => tour(&twin, &app, &cast).await,
    };
    twin.stop().await;
    exit
}

fn configuration(twin: &Twin) -> anyhow::Result<Config> {
    let text = include_str!("demo.toml").replace("{atlassian}", &twin.site());
    let api = twin.slack_api_url();
    let env = |name: &str| {
        let value = match name {
            "SLACK_API_URL" => api.as_str(),
            "SLACK_BOT_TOKEN" => story::cast::BOT_TOKEN,
            "SLACK_APP_TOKEN" => story::cast::APP_TOKEN,
            "ATLASSIAN_EMAIL" => story::cast::ATLASSIAN_EMAIL,
            "ATLASSIAN_API_TOKEN" => story::cast::ATLASSIAN_TOKEN,
            _ => return None,
        };
        Some(value.to_owned())
    };
    Ok(Config::parse(&text, Path::new("the demo's configuration"), &env)?)
}

/// One request, as the story's main reader, printed.
async fn digest(app: &App, cast: &Cast, request: &str) -> anyhow::Result<Exit> {
    let reader: UserId = cast.reader.parse()?;
    let ask = Ask {
        text: request.to_owned(),
        reader: Reader::Is(reader),
        channel: None,
        programs: Vec::new(),
        since: None,
        operator: true,
        dry_run: false,
    };
    let bars = super::progress::Bars::new();
    let outcome = app.lead.answer(ask, RunId::new(app.clock.now()), &bars).await;
    bars.finish();
    match outcome? {
        Outcome::Reply(text) => {
            say_on_stdout(&text)?;
            Ok(Exit::Refused)
        }
        Outcome::Digest(made) => {
            say_on_stdout(&super::run::shown(&made.digest, &made.program_names, Format::Text)?)?;
            Ok(if made.digest.gaps.is_empty() { Exit::Done } else { Exit::Gaps })
        }
    }
}

/// A first digest at once, then how to try more.
async fn tour(twin: &Twin, app: &App, cast: &Cast) -> anyhow::Result<Exit> {
    say_on_stdout(
        "A fictional company, Kestrel Freight, moves its data center. Dana, who runs the program, asks: get me caught up.\n",
    )?;
    digest(app, cast, FIRST).await.context("the first digest")?;
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        say_on_stdout(
            "\nRun this in a terminal to ask more, or try: caughtup demo --once \"dct check since monday\"",
        )?;
        return Ok(Exit::Done);
    }
    let bot = app.serve(Role::All).await?;
    twin.wait_for("the bot to connect", |shared| (shared.sockets.connections() > 0).then_some(())).await?;
    let ended = talk(twin, app, cast).await;
    bot.stop().await;
    ended.map(|()| Exit::Done)
}

/// Takes requests line by line and sends each as a direct message, through Socket Mode.
async fn talk(twin: &Twin, app: &App, cast: &Cast) -> anyhow::Result<()> {
    say_on_stdout(HOW_TO)?;
    let people =
        [("dana", &cast.reader), ("marcus", &cast.lead), ("grace", &cast.engineer), ("gwen", &cast.guest)];
    let mut who = cast.reader.clone();
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let said = line.trim();
        match said.strip_prefix("/as ").map(str::trim) {
            _ if matches!(said, "/quit" | "/exit" | "quit" | "exit") => break,
            Some(name) => match people.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some((known, id)) => {
                    who.clone_from(id);
                    say_on_stdout(&format!("You are {known} now."))?;
                }
                None => say_on_stdout("There are dana, marcus, grace and gwen (a guest).")?,
            },
            None if said.is_empty() => {}
            None => say_on_stdout(&ask(twin, app, &who, said).await?)?,
        }
    }
    Ok(())
}

const HOW_TO: &str = "
Ask more, as a direct message to the bot: \"full status\", \"dct check since monday\", \"what did I miss?\", \"help\".
/as dana, /as marcus, /as grace or /as gwen (a guest) chooses who asks. /quit ends.
";

/// Says it to the bot in a direct message and gives what comes back in its thread.
async fn ask(twin: &Twin, app: &App, who: &str, said: &str) -> anyhow::Result<String> {
    let direct = twin.dm(who);
    let ts = twin.says(who, &direct, said, None);
    let answers = || {
        let thread = twin.thread(&direct, &ts);
        thread.into_iter().filter(|message| message.bot_id.is_some()).collect::<Vec<_>>()
    };
    // The digest comes first and its sections after it: all is there when no work is left.
    let all = async {
        loop {
            let work = app.store.job_counts().await?;
            if work.ready + work.running == 0 && !answers().is_empty() {
                return anyhow::Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all).await.context("the bot did not answer")??;
    Ok(answers().iter().map(super::slack_text::of).collect::<Vec<_>>().join("\n\n"))
}

/// Longer than any run may take.
const PATIENCE: Duration = Duration::from_secs(120);
