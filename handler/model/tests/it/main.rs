//! The door to language models from outside: a client against a server on this machine, and sessions against a scripted
//! model.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bodies;
mod fake;
mod kept;
mod logs;
mod properties;
mod retries;
mod schemas;
mod scripted;
mod sessions;
mod wire;
