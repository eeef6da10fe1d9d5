//! A local Azure Functions host for custom handlers, for machines without Core Tools and for tests.
//!
//! It knows the host's wire contract with a handler and nothing of what this product's handler does.

pub mod azurite;
