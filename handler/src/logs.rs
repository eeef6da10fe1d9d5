//! JSON lines on standard output, one per event.
//!
//! The host reads standard output line by line and files it at level Information; standard error it files as
//! errors. Events carry ids of runs and invocations, never names, file names or text.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging for the whole process. A second call does nothing.
pub fn start(level: tracing::Level) {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(true)
        .with_writer(std::io::stdout);
    // The Azure crates log whole requests at debug: their own level stays at warn, whatever ours is.
    let targets = tracing_subscriber::filter::Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("handler", level);
    if tracing_subscriber::registry()
        .with(targets)
        .with(lines)
        .try_init()
        .is_err()
    {
        tracing::debug!("logging was started before");
    }
}
