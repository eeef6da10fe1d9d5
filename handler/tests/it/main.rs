//! The app from outside: through its command line, its doors, and a whole host over a real storage emulator.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod app;
mod approvals;
mod audited;
mod beside;
mod command_line;
mod documents;
mod doors;
mod earlier_archives;
mod edits;
mod grounded;
mod host;
mod http;
mod isolation;
mod killed;
mod migrate;
mod outage;
mod papers;
mod races;
mod screening;
mod settings;
mod site;
mod tenant;
mod uploads;
mod walls;
mod who;
mod wire;
mod withdrawal;
