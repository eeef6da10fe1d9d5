//! The app from outside: through its command line, its doors, and a whole host over a real storage emulator.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]
#![expect(
    clippy::print_stdout,
    reason = "what a test measured is read by the benchmark, and its seed by people"
)]

mod app;
mod approvals;
mod audited;
mod beside;
mod callback;
mod collector;
mod command_line;
mod crowded;
mod deadlines;
mod described;
mod documents;
mod doors;
mod earlier_archives;
mod edits;
mod erasure;
mod evented;
mod everything;
mod exports;
mod flows;
mod forms;
mod grounded;
mod host;
mod http;
mod infra;
mod isolation;
mod killed;
mod killed_at_random;
mod leftovers;
mod markers;
mod migrate;
mod outage;
mod panics;
mod papers;
mod payloads;
mod policies;
mod races;
mod repeated;
mod replays;
mod retained;
mod scans;
mod screening;
mod settings;
mod site;
mod swept;
mod telemetry;
mod tenant;
mod uploads;
mod walls;
mod who;
mod wire;
mod withdrawal;
