//! Text recognition through its public edges.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod service;
mod tesseract;
mod words;
