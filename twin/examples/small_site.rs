//! Serves the small Jira and Confluence on a free port, until it is killed:
//! `cargo run -p twin --example small_site -- [record file]`.

use std::io::Write;

use twin::server::{Options, Twin};
use twin::world::small_atlassian;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let world = small_atlassian::world();
    let record = std::env::args().nth(1).map(Into::into);
    let twin = Twin::start(world, Options { record, ..Options::default() }).await?;
    writeln!(std::io::stdout(), "{}", twin.site())?;
    std::future::pending::<()>().await;
    Ok(())
}
