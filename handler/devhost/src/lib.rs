//! A local Azure Functions host for custom handlers, for machines without Core Tools and for tests.
//!
//! It knows the host's wire contract with a handler, traps included, and nothing of what this product's handler does.
//! Where it differs from the real host, [`Deviations`] has a name for it.
//!
//! # What it leaves out
//!
//! - Triggers other than blob, queue, HTTP and timer, `cardinality: many`, and retry policies of `function.json`.
//! - `customHandler.http.routes`, the older `httpWorker` section, and `local.settings.json` with encrypted values.
//! - Keys are forgotten when the host ends, and `host/config` gives `host.json` with its settings as it stands; a resumed host
//!   goes on where the real one restarts.
//! - Of the admin addresses those for extensions, `vfs`, zips, synchronised triggers and debugging.
//! - Only calls by HTTP carry a `traceparent`; the real host sends one with every call when telemetry is set up.
//! - Of a blob's `Properties` those that an upload sets; the real host writes all that the storage SDK knows.
//! - The scan sees a blob within a second, where the real one may need a minute; it looks at 100,000 blobs of a
//!   container.

mod admin;
mod answer;
pub mod azurite;
mod banner;
mod binding_data;
mod blob_trigger;
mod counts;
mod devhost;
mod firing;
mod functions;
mod handler_client;
mod host;
mod host_file;
mod http;
mod http_output;
mod invocation;
mod keys;
mod launch;
mod lives;
mod log;
mod options;
mod outputs;
mod plan;
mod queue_listener;
mod routes;
mod settings;
mod strikes;
mod supervisor;
mod template;
mod timer;
mod webhook;
#[cfg(test)]
mod wire_tests;

pub use counts::Tally;
pub use devhost::{DevHost, Stopped};
pub use host_file::HostFileError;
pub use log::{Level, Log, LogLine, Source};
pub use options::{Deviations, ExitZero, Options};
pub use plan::StartError;
pub use settings::SettingsError;
