//! Golden Thread: a function app that drafts structured documents from source documents, every statement with a
//! verified line back to the words that support it.
//!
//! `main -> application -> doors -> workflow -> routine -> drafting`. `ARCHITECTURE.md` has the whole picture.

pub mod application;
pub mod audit_log;
pub mod cli;
pub mod config;
pub mod doors;
mod grounded;
pub mod intake;
pub mod logs;
pub mod migration;
pub mod paths;
pub mod recipes;
pub mod routine;
mod screened;
mod shielded;
mod tenant_keys;
pub mod workflow;
