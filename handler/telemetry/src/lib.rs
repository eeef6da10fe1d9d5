//! What the app tells of its own work: traces and metrics, by OTLP or to Azure Monitor.
//!
//! Content cannot be captured: whatever is told is made of [`Value`]s, and one is a word of this program, a name out of the
//! deployment's own settings ([`Label`]), a number, or an id of a narrow alphabet ([`Id`]). There is no way from a `String` to
//! a value. This is the only crate that names `opentelemetry`; a test of the app holds it to that.
//!
//! What it must not know: cases, sources, prompts, storage, and what the numbers mean. Where no receiver is set nothing is
//! started, and every call here does nothing.
//!
//! A receiver that is slow or dead costs telemetry and nothing else: spans wait in a bounded queue and are dropped beyond it,
//! what is sent is sent by threads of its own, and the end of the process waits for them no longer than it is told to.

mod azure_monitor;
mod measure;
mod names;
mod otlp;
mod pipeline;
mod post;
mod span;
mod value;

pub use azure_monitor::{AzureMonitor, ConnectionStringFault};
pub use measure::{add, record};
pub use names::{Counter, Histogram, Key, key};
pub use otlp::{Otlp, OtlpFault};
pub use pipeline::{Ending, Settings, StartFault, start};
pub use span::{Kind, Place, Span, carried, carrying, traceparent};
pub use value::{Attribute, Id, Label, Value};
pub use wire::Tokens;
