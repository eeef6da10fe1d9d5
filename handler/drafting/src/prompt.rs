//! What a language model is asked: instructions, material and the form of the answer.
//!
//! The core makes prompts and reads answers; who carries them to a model, keeps to budgets and tries again is the
//! business of the shell. The longest part that stays the same from call to call, [`Prompt::instructions`], comes first,
//! so that a service which caches the beginnings of prompts need not read it twice.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::hash::{Digest, Hasher};

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Sorting the sentences of one source into claims.
    Label,
    /// Asking once more about sentences that look like claims and gave none.
    AskAgain,
    /// Writing the statements of some fields from claims.
    Write,
    /// Judging statements beside their evidence.
    Judge,
    /// Writing flagged statements anew.
    Repair,
    /// Reading the finished draft for the rules that need a reader.
    Read,
}

impl Purpose {
    /// Its name in records and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::AskAgain => "ask_again",
            Self::Write => "write",
            Self::Judge => "judge",
            Self::Repair => "repair",
            Self::Read => "read",
        }
    }
}

/// Which of the configured deployments answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Writing: the better model.
    Heavy,
    /// Sorting: the quicker and cheaper one.
    Fast,
    /// Judging: by default the better model, by setting one of another family.
    Judge,
}

/// One request to a language model. It holds text of sources: never logged, never part of an error.
#[derive(Clone, PartialEq)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    /// Who answers.
    pub tier: Tier,
    /// What to do: the part that is the same for all calls of this purpose and recipe.
    pub instructions: String,
    /// What to do it with: sentences, claims, statements, fenced as data.
    pub material: String,
    /// A name for the schema: lower case letters and `_`.
    pub schema_name: &'static str,
    /// The JSON Schema of the answer, in the strict subset: every object closed, every property required.
    pub schema: Value,
    /// The most tokens that the answer may have. Services count this against the rate limit: no more than needed.
    pub most_tokens: u32,
}

impl Prompt {
    /// SHA-256 over everything that can change the answer, the model's name aside.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        hasher
            .part(self.purpose.name().as_bytes())
            .part(self.instructions.as_bytes())
            .part(self.material.as_bytes())
            .part(self.schema_name.as_bytes())
            .part(self.schema.to_string().as_bytes())
            .part(&self.most_tokens.to_le_bytes());
        hasher.finish()
    }
}

/// SHA-256 over the core's own instructions: a run with other ones is another run.
#[must_use]
pub fn version() -> Digest {
    let mut hasher = Hasher::new();
    for text in [
        include_str!("../prompts/label.md"),
        include_str!("../prompts/ask_again.md"),
        include_str!("../prompts/write.md"),
        include_str!("../prompts/judge.md"),
        include_str!("../prompts/repair.md"),
        include_str!("../prompts/read.md"),
    ] {
        hasher.part(text.as_bytes());
    }
    hasher.finish()
}

/// Text of a source as it may stand between tags: what could open or close a tag is made harmless.
#[must_use]
pub fn fenced(text: &str) -> String {
    text.replace('<', "\u{2039}").replace(['\n', '\r'], " ")
}

impl std::fmt::Debug for Prompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompt")
            .field("purpose", &self.purpose)
            .field("tier", &self.tier)
            .field("instructions", &self.instructions.len())
            .field("material", &self.material.len())
            .finish_non_exhaustive()
    }
}
