//! The composition root: configuration in, a running bot out.
//!
//! Production, demo and tests all call [`App::build`]; only addresses and the clock differ. Code
//! below here does not know which of them it serves.

use std::sync::Arc;

use crate::config::Config;
use crate::domain::Clock;
use crate::sources::Upstream;
use crate::store::Store;
use crate::team_lead::TeamLead;

/// Everything that a command needs, put together.
#[derive(Clone)]
pub struct App {
    /// The configuration that it was built from.
    pub config: Arc<Config>,
    /// What survives a restart.
    pub store: Store,
    /// The vendors.
    pub upstream: Arc<Upstream>,
    /// Who makes digests.
    pub lead: Arc<TeamLead>,
    /// The time.
    pub clock: Clock,
}

impl App {
    /// Puts the parts together. Opens the store, calls nobody.
    ///
    /// # Errors
    /// When the store cannot be opened or a client cannot be built.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open(&config.store, clock.clone()).await?;
        let upstream = Upstream::new(&config, store.clone(), clock.clone())?;
        let config = Arc::new(config);
        let lead = Arc::new(TeamLead::new(config.clone(), upstream.clone(), clock.clone()));
        Ok(Self { config, store, upstream, lead, clock })
    }
}
