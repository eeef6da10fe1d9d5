//! The reader through its public edges.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod coded;
mod converted;
mod docx;
mod forge;
mod hostile;
mod html;
mod mutated;
mod odt;
mod pdf;
mod refusals;
mod rtf;
mod samples;
mod sandbox;
mod scans;
mod shown;
