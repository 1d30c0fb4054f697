//! What the configuration names, checked one by one: is it there, may the bot use it, and what to do if not.
//!
//! Nothing is changed anywhere. A check that cannot be made because an earlier one failed says so instead of failing
//! in other words; what is merely worth knowing is a note, and no fault.

mod atlassian;
mod line;
mod models;
mod slack;

use std::time::Duration;

use tokio::time::Instant;

use crate::config::{Config, StoreUrl};
use crate::domain::Clock;
use crate::sources::{Upstream, both};
use crate::store::Store;

pub use line::{Line, Verdict};

/// All checks together take no longer.
const TIME: Duration = Duration::from_secs(90);

/// Checks everything, in the order in which it is shown.
///
/// # Errors
/// When no HTTP client can be built.
pub async fn examine(config: &Config, clock: Clock) -> anyhow::Result<Vec<Line>> {
    let (store, mut lines) = store(config, clock.clone()).await?;
    let upstream = Upstream::new(config, store.clone(), clock.clone())?;
    let opening = upstream.begin(Instant::now() + TIME);
    let vendors = both(slack::check(config, &upstream), atlassian::check(config, &upstream, &opening));
    let ((slack, atlassian), models) = both(vendors, models::check(config, &store, &clock)).await;
    for more in [slack, atlassian, models] {
        lines.extend(more);
    }
    store.close().await;
    Ok(lines)
}

/// The store; where it cannot be had, one in memory for the other checks.
async fn store(config: &Config, clock: Clock) -> anyhow::Result<(Store, Vec<Line>)> {
    let what = match &config.store {
        StoreUrl::Sqlite(path) => format!("store sqlite:{}", path.display()),
        StoreUrl::Memory => "store memory:".to_owned(),
        // The address may hold a password.
        StoreUrl::Redis(_) => "store redis".to_owned(),
    };
    let opened = match Store::open(&config.store, clock.clone()).await {
        Ok(store) => store.ping().await.map(|()| store),
        Err(error) => Err(error),
    };
    Ok(match opened {
        Ok(store) => {
            let line = match &config.store {
                StoreUrl::Memory => Line::note(what, "nothing in it survives the process"),
                StoreUrl::Sqlite(_) | StoreUrl::Redis(_) => Line::good(what, "can be read and written"),
            };
            (store, vec![line])
        }
        Err(error) => {
            let fix = match &config.store {
                StoreUrl::Redis(_) => {
                    "check `store.url` or REDIS_URL, and that the server is up and takes writes"
                }
                StoreUrl::Sqlite(_) | StoreUrl::Memory => {
                    "check `store.url`, and that the folder is there and may be written to by this user"
                }
            };
            let line = Line::wrong(what, error.to_string(), fix);
            (Store::open(&StoreUrl::Memory, clock).await?, vec![line])
        }
    })
}
