//! Logs, on standard error.
//!
//! Invariant: no library below us logs more than warnings, whatever is asked for. At `debug` they print
//! headers with tokens, and at `error` Slack's client prints the address of a socket, which is a ticket.

use std::io::IsTerminal;

use clap::ValueEnum;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, FilterFn, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry};

/// How logs look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Pretty,
    /// One JSON object a line
    Json,
}

/// Starts logging. Does nothing when a logger is there already, as in tests.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(filter);
    let stderr = std::io::stderr;
    let colour = stderr().is_terminal();
    let started = match format {
        LogFormat::Pretty => {
            let layer = fmt::layer().with_writer(stderr).with_ansi(colour).with_target(false);
            registry().with(capped(layer, filter)).try_init()
        }
        LogFormat::Json => {
            let layer = fmt::layer().json().flatten_event(true).with_writer(stderr).with_current_span(true);
            registry().with(capped(layer, filter)).try_init()
        }
    };
    if let Err(already) = started {
        tracing::debug!(error = %already, "logging was started before");
    }
}

/// A layer that writes what the filter lets through and what is safe.
pub(crate) fn capped<S, L>(layer: L, filter: EnvFilter) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    L: Layer<S>,
{
    layer.with_filter(filter).with_filter(safe())
}

fn safe() -> FilterFn {
    filter_fn(is_safe)
}

/// Whether a line may be written: ours always, a library's from warnings up, and nothing at all of
/// those that put addresses and bodies into their warnings and errors.
fn is_safe(line: &Metadata<'_>) -> bool {
    let target = line.target();
    let of =
        |name: &str| target == name || target.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"));
    match () {
        () if of("caughtup") || of("twin") => true,
        () if of("slack_morphism") || of("genai") || of("tungstenite") || of("tokio_tungstenite") => false,
        () => *line.level() <= Level::WARN,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn libraries_say_no_more_than_warnings_at_any_level() {
        for filter in ["trace", "trace,hyper=trace,slack_morphism=trace", "debug,reqwest=debug"] {
            let kept = Kept::default();
            let writer = kept.clone();
            let layer = fmt::layer().with_writer(move || writer.clone()).with_ansi(false);
            let logger = registry().with(capped(layer, EnvFilter::new(filter)));
            tracing::subscriber::with_default(logger, || {
                tracing::debug!(target: "caughtup::bot", "ours");
                tracing::warn!(target: "sqlx::query", "slow");
                tracing::debug!(target: "hyper::client", "authorization: SECRET");
                tracing::info!(target: "reqwest::connect", "SECRET");
                tracing::error!(target: "slack_morphism::socket_mode", "wss://host/?ticket=SECRET");
                tracing::error!(target: "genai::adapter", "an answer that quotes a SECRET message");
            });
            let said = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
            assert!(said.contains("ours") && said.contains("slow"), "{filter}: {said}");
            assert!(!said.contains("SECRET"), "{filter}: {said}");
        }
    }
}
