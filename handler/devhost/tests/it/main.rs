//! The dev host over a real emulator, with a handler that does as it is told.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "`json!` reads best where it is given"
)]

mod admin;
mod blobs;
mod hosts;
mod http;
mod queues;
mod stage;
