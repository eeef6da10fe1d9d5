//! Who calls and what they may do, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by panicking"
)]

mod credentials;
mod keys;
mod pace;
mod platform;
mod rights;
mod signer;
mod tokens;
