//! What the drafter without a model does with documents. How much of a gold annotation it finds is a matter of the
//! crate `evaluation`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot begin has failed"
)]

mod annual_review;
mod behaviours;
mod injected;
mod recipes;
