//! What is wrong or unsure in a run, and where.

use serde::{Deserialize, Serialize};

use crate::document::SentenceId;
use crate::id::SourceName;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The draft cannot be `Ready` while it stands.
    Critical,
    /// A person should look at it.
    Standard,
    /// Worth knowing.
    Info,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The case as a whole.
    Case,
    /// A source, by its file name.
    Source(SourceName),
    /// A sentence of a source.
    Sentence(SentenceId),
    /// A section of the draft, by its id.
    Section(String),
    /// A field of the draft, by its key.
    Field(String),
    /// A statement of the draft, by its id.
    Statement(String),
}

/// One thing that is wrong or unsure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// The rule that found it: `reading.scanned`, `identity.other-child`, `grounding.uncited`.
    pub rule: String,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong, as a sentence for the case officer, without a final full stop.
    pub message: String,
    /// What to do about it, where something can be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}
