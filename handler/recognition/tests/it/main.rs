//! Text recognition through its public edges.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod service;
mod tesseract;
mod words;
