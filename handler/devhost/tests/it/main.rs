//! The dev host over a real emulator, with a handler that does as it is told.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod blobs;
mod hosts;
mod http;
mod queues;
mod stage;
