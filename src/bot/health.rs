//! Health, readiness and metrics, for whoever watches the process.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Role;
use super::connections::Open;
use crate::sources::slack::Token;
use crate::store::Store;

/// A store that does not answer in this time is not ready.
const ANSWER: Duration = Duration::from_secs(2);
/// Bounds of the histograms, in seconds: acknowledgements must be under 0.1.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 3.0];
/// The same of how long requests wait for a worker.
const WAITS: [f64; 8] = [0.1, 1.0, 5.0, 15.0, 60.0, 180.0, 600.0, 1800.0];

#[derive(Clone)]
struct Watched {
    role: Role,
    store: Store,
    open: Open,
    token: Token,
    metrics: PrometheusHandle,
}

/// Has everything be counted from now on. A process has one recorder, however many bots it runs.
///
/// # Errors
/// When something else is recording already.
pub fn record() -> Result<PrometheusHandle, BuildError> {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let waits = Matcher::Full("caughtup_queue_wait_seconds".to_owned());
    let recorder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &BOUNDS)?;
    let handle = recorder.set_buckets_for_metric(waits, &WAITS)?.install_recorder()?;
    Ok(RECORDER.get_or_init(|| handle).clone())
}

/// Serves `/healthz`, `/readyz` and `/metrics` until told to stop.
pub async fn serve(
    listener: TcpListener,
    (role, store): (Role, Store),
    (open, token): (Open, Token),
    metrics: PrometheusHandle,
    stop: CancellationToken,
) {
    let app = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(scrape))
        .with_state(Watched { role, store, open, token, metrics });
    let served = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "health and metrics are no longer served");
    }
}

/// Whether requests would be taken in or worked on: the store answers, Slack takes the bot's token, and where this
/// process listens, Slack is connected.
async fn ready(State(watched): State<Watched>) -> (StatusCode, String) {
    let pinged = tokio::time::timeout(ANSWER, watched.store.ping()).await;
    let slack = watched.open.count();
    let connected = slack > 0 || !watched.role.listens();
    let refused = watched.token.refused();
    let good = connected && refused.is_none() && matches!(pinged, Ok(Ok(())));
    let status = if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let store = match pinged {
        Ok(Ok(())) => "ok".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "not answering".to_owned(),
    };
    let trouble = watched.open.trouble().map_or_else(String::new, |why| format!("slack: {why}\n"));
    let refused = refused.map_or_else(String::new, |why| {
        format!("slack token: refused ({why}): nothing can be read or posted; replace SLACK_BOT_TOKEN\n")
    });
    (status, format!("store: {store}\nslack connections: {slack}\n{trouble}{refused}"))
}

#[allow(clippy::cast_precision_loss, reason = "jobs are counted in thousands")]
async fn scrape(State(watched): State<Watched>) -> String {
    let counted = watched.store.job_counts().await;
    metrics::gauge!("caughtup_store_answers").set(if counted.is_ok() { 1.0 } else { 0.0 });
    if let Ok(jobs) = counted {
        let states =
            [("ready", jobs.ready), ("running", jobs.running), ("done", jobs.done), ("failed", jobs.failed)];
        for (state, count) in states {
            metrics::gauge!("caughtup_jobs", "state" => state).set(count as f64);
        }
    }
    watched.metrics.run_upkeep();
    watched.metrics.render()
}
