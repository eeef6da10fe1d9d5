//! The crate through its public edge.

mod document;
mod faults;
mod made;
mod notes;
mod tags;
mod values;
