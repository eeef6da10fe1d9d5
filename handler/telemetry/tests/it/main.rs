//! What receivers are sent, and what becomes of the app when they are not there. One pipeline serves a process, so that
//! everything here is one story of one process; the app's own tests start processes of their own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by panicking"
)]

mod docs;
mod fake;
mod properties;
mod story;
