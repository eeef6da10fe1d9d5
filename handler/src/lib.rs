//! Golden Thread: a function app that drafts structured documents from source documents, every statement with a
//! verified line back to the words that support it.
//!
//! `main -> application -> doors -> workflow -> routine -> drafting`. `ARCHITECTURE.md` has the whole picture.

pub mod application;
pub mod audit_log;
pub mod callback;
pub mod cli;
pub mod config;
pub mod doors;
mod grounded;
pub mod incoming;
pub mod intake;
pub mod logs;
mod measured;
pub mod migration;
pub mod paths;
mod places;
pub mod progress;
pub mod recipes;
pub mod routine;
pub mod scanned;
mod screened;
mod shielded;
mod tenant_keys;
pub mod workflow;
