//! The app from outside: through its command line, its doors, and a whole host over a real storage emulator.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod app;
mod command_line;
mod documents;
mod doors;
mod host;
mod http;
mod isolation;
mod outage;
mod settings;
mod walls;
mod wire;
