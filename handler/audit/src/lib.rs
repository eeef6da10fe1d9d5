//! The audit log: who decided what about which case, in chains that show any change.
//!
//! A writer (one instance of the app, on one day) has a file of its own, which only grows: one [`Entry`] a line, each with the
//! keyed hash of its words and of the entry before it. Its first entry names the last entries that it saw of other files, so
//! that a file cannot be taken away or cut short unnoticed either. [`verify`] finds the first broken link.
//!
//! An entry holds no content of a case: what happened, numbers, words of this program, and keyed hashes of ids. Without the
//! key nobody can tell whom an entry is about, nor write one. This crate does no IO and has no clock.

mod chain;
mod entry;
mod key;
mod verify;

pub use chain::Chain;
pub use entry::{Entry, Event, Fact, Head, Note, Unwritable};
pub use key::{Key, KeyFault, Keys, Pseudonym};
pub use verify::{Break, Broken, Checked, Verifier, verify};
