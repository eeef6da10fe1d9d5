//! The client against a service of this machine: what is sent, what is read, when it is asked again.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod fake;
mod faults;
mod rating;
mod shields;
