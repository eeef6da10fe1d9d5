//! Text recognition: the picture of a page to its words, each with how sure the recogniser is.
//!
//! One port, [`Recogniser`], and two adapters: [`Tesseract`], a program of this machine in a child process that limits itself,
//! and [`DocumentIntelligence`], Azure's service (`prebuilt-layout`, version 2024-11-30).
//!
//! What it must not know: recipes, cases, storage, PDF. No word of a page is in a fault or a log.
//!
//! # Faults of the service
//!
//! | what came | fault | tried again |
//! |---|---|---|
//! | an analysis that failed | [`Fault::Failed`] | no |
//! | an answer that cannot be read | [`Fault::Unreadable`] | no |
//! | anything else, or nothing; a result that lies on another host | [`Fault::Service`] | as the crate `wire` does |

use std::time::Instant;

use async_trait::async_trait;
use reading::scan::{Picture, Word};

mod document_intelligence;
mod fault;
pub mod limited;
mod tesseract;
mod tsv;

pub use document_intelligence::layout;
pub use document_intelligence::{Address, Credential, DocumentIntelligence, LineFault, Settings, Timing};
pub use fault::Fault;
pub use tesseract::{Local, LocalFault, Tesseract};
pub use tsv::words;

/// What was recognised on a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognised {
    /// Its words in reading order.
    pub words: Vec<Word>,
    /// The edges of table cells, in dots: left, top, right, bottom.
    pub rules: Vec<[f64; 4]>,
    /// Quarter turns clockwise by which the page would stand upright. Where it is not 0, the words are of a page that lies on
    /// its side, and the page is to be asked for again, turned.
    pub turn: u8,
}

/// Whoever recognises text.
#[async_trait]
pub trait Recogniser: Send + Sync {
    /// What reads, with everything that changes what it reads. It stands in records and in the fingerprint of runs.
    fn name(&self) -> String;

    /// Whether it can be used now: without a picture, and at no price.
    async fn reachable(&self, deadline: Instant) -> Result<(), Fault>;

    /// The words of a picture. `deadline` bounds everything, waits included.
    async fn recognise(&self, picture: &Picture, deadline: Instant) -> Result<Recognised, Fault>;
}
