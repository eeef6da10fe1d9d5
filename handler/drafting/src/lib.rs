//! The core of Golden Thread: from numbered source text to a checked draft.
//!
//! Everything here is a pure function of its arguments. This crate has no IO, no clock, no randomness, no
//! async, and knows nothing of Azure, HTTP, Word or PDF: the compiler keeps it so, because none of those
//! crates is a dependency, and `handler/tests/walls.rs` keeps `std::fs`, `std::net`, `std::env`,
//! `std::process` and `std::time` out.
//!
//! The order of a run, each step a module:
//!
//! 1. [`source`]: what a reader hands over, or the [`source::Rejection`] that says why it could not.
//! 2. [`document`]: numbered sentences, the only things that a claim can point at.
//! 3. [`extract`]: claims found without a model, from the recipe's headings, cues and forms.
//! 4. [`identity`]: a document about somebody else is kept out.
//! 5. [`reconcile`]: the same thing said twice becomes one; different values become conflicts.
//! 6. [`compose`]: statements from claims, in the recipe's order.
//! 7. [`check`]: the rules; only a [`check::CheckedDraft`] can be rendered.
//! 8. [`screening`]: what a service rates as harmful is held back for a person, where that is on.
//! 9. [`record`]: the machine's account of all of it.
//!
//! Beside a run: [`changes`] compares two records of a case, [`edit`] a record with the draft as a person edited it, and
//! [`compare`] two texts.

pub mod case;
pub mod changes;
pub mod check;
pub mod claim;
pub mod compare;
pub mod compose;
pub mod document;
pub mod draft;
pub mod edit;
pub mod extract;
pub mod finding;
pub mod hash;
pub mod id;
pub mod identity;
pub mod label;
mod numerals;
pub mod prompt;
mod pupil_number;
pub mod read_rules;
pub mod recipe;
pub mod recognised;
pub mod reconcile;
pub mod record;
pub mod screening;
pub mod scrub;
pub mod sensitive;
pub mod source;
pub mod write;
