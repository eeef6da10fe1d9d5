//! A local Azure Functions host for custom handlers, for machines without Core Tools and for tests.
//!
//! It knows the host's wire contract with a handler, traps included, and nothing of what this product's handler does.
//! Where it differs from the real host, [`Deviations`] has a name for it.

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
