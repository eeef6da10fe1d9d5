//! The reader through its public edges.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod docx;
mod forge;
mod hostile;
mod pdf;
mod refusals;
mod samples;
mod sandbox;
mod shown;
