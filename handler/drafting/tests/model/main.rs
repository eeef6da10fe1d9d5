//! What the core does with a language model's answers, whatever they are: labels become claims, statements are written,
//! judged, mended, taken out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by panicking"
)]

mod labels;
mod stage;
mod writing;
