//! Content safety: text that goes out is rated for harm, text that goes to a model is looked at for attacks.
//!
//! Two ports, [`Screen`] and [`Shield`], and one adapter for both, [`ContentSafety`], which speaks to Azure AI Content
//! Safety (`text:analyze` and `text:shieldPrompt`, version 2024-09-01).
//!
//! What it must not know: recipes, cases, storage; what is done about a rating ([`drafting::screening`] decides that). No
//! text that was sent, and no word of the service's answer but plain codes, is in a fault or a log. It follows no redirect,
//! and speaks `https` only, `http` to this machine excepted.
//!
//! An answer that lacks a category, or has a severity that is not one of 0, 2, 4 and 6, is a fault: a text counts as rated
//! when all four categories were rated, and never otherwise.
//!
//! # Faults
//!
//! | what came | fault | tried again |
//! |---|---|---|
//! | 200 that cannot be read | [`Fault::Unreadable`] | after ever longer pauses |
//! | 200 without a rating for a category | [`Fault::Unrated`] | likewise |
//! | anything else, or nothing | [`Fault::Service`] | as the crate `wire` does |

use std::time::Instant;

use async_trait::async_trait;
use drafting::screening::Ratings;

mod answer;
mod chunks;
mod client;
mod fault;
mod settings;

pub use chunks::chunks;
pub use client::ContentSafety;
pub use fault::Fault;
pub use settings::{MOST_CHARACTERS, MOST_DOCUMENTS, Settings};
pub use wire::{Address, Credential, LineFault, Timing};

/// Whoever rates text for harm.
#[async_trait]
pub trait Screen: Send + Sync {
    /// The ratings of the whole text, however long it is: of each category the worst of its parts. `deadline` bounds
    /// everything, waits included.
    async fn screen(&self, text: &str, deadline: Instant) -> Result<Ratings, Fault>;
}

/// Whoever finds text that attacks a model.
#[async_trait]
pub trait Shield: Send + Sync {
    /// Of each text, in order, whether it or a part of it is an attack. `deadline` bounds everything, waits included.
    async fn shield(&self, texts: &[&str], deadline: Instant) -> Result<Vec<bool>, Fault>;

    /// The most characters that are looked at in one piece.
    fn most_characters(&self) -> usize;
}
