//! Screening for harm: what a draft says to others, how a service rated it, and what the recipe makes of that.
//!
//! Reports about children speak of harm, and rightly. What screening blocks therefore goes to a person: it leaves the
//! documents that are sent on, and stands in the report and the record with its ratings, for the officer to decide. A text
//! that was not rated is never a text that passed.
//!
//! The service itself is not known here: [`passages`] says what has to be rated, [`screened`] is told the ratings.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::claim::ClaimId;
use crate::document::SentenceId;

mod edited;
mod held;
mod passages;
mod policy;
mod weights;

pub use edited::{edited_texts, screened_edit};
pub use held::screened;
pub use passages::{Part, Passage, passages};
pub use policy::{Action, Policy};

/// A kind of harm that a text can speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Attacks on people for what they are.
    Hate,
    /// Hurting oneself.
    SelfHarm,
    /// Sexual matters, abuse included.
    Sexual,
    /// Hurting others.
    Violence,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Hate, Self::SelfHarm, Self::Sexual, Self::Violence];

    /// Its name in recipes and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hate => "hate",
            Self::SelfHarm => "self_harm",
            Self::Sexual => "sexual",
            Self::Violence => "violence",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hate => "hate",
            Self::SelfHarm => "self-harm",
            Self::Sexual => "sexual matters",
            Self::Violence => "violence",
        })
    }
}

/// How severe: the four steps that services of this kind rate in, written 0, 2, 4 and 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Level {
    /// 0: nothing of it.
    Safe,
    /// 2.
    Low,
    /// 4.
    Medium,
    /// 6.
    High,
}

/// A number that is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a severity is 0, 2, 4 or 6")]
pub struct NotALevel;

impl TryFrom<u8> for Level {
    type Error = NotALevel;
    fn try_from(number: u8) -> Result<Self, NotALevel> {
        match number {
            0 => Ok(Self::Safe),
            2 => Ok(Self::Low),
            4 => Ok(Self::Medium),
            6 => Ok(Self::High),
            _ => Err(NotALevel),
        }
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        match level {
            Level::Safe => 0,
            Level::Low => 2,
            Level::Medium => 4,
            Level::High => 6,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

/// The ratings of one text: each category has one, so that a missing one cannot be overlooked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratings {
    /// [`Category::Hate`].
    pub hate: Level,
    /// [`Category::SelfHarm`].
    pub self_harm: Level,
    /// [`Category::Sexual`].
    pub sexual: Level,
    /// [`Category::Violence`].
    pub violence: Level,
}

impl Ratings {
    /// Those of a text without words.
    pub const SAFE: Self = Self {
        hate: Level::Safe,
        self_harm: Level::Safe,
        sexual: Level::Safe,
        violence: Level::Safe,
    };

    /// The rating of a category.
    #[must_use]
    pub fn of(&self, category: Category) -> Level {
        match category {
            Category::Hate => self.hate,
            Category::SelfHarm => self.self_harm,
            Category::Sexual => self.sexual,
            Category::Violence => self.violence,
        }
    }

    /// The ratings of two parts of one text: of each category the worse.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        Self {
            hate: self.hate.max(other.hate),
            self_harm: self.self_harm.max(other.self_harm),
            sexual: self.sexual.max(other.sexual),
            violence: self.violence.max(other.violence),
        }
    }
}

/// What is known of a text after it was sent to be rated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assessment {
    /// It was rated.
    Rated(Ratings),
    /// It was not, and why, in words without text of a source. Never a pass.
    NotAssessed(String),
}

/// A rating that calls for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Weighed {
    /// The kind of harm.
    pub category: Category,
    /// How severe.
    pub severity: Level,
    /// What the recipe makes of it.
    pub action: Action,
}

impl fmt::Display for Weighed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = u8::from(self.severity);
        write!(f, "{} {number} ({})", self.category, self.severity)
    }
}

/// Words that screening holds back. They stand in no document that is sent on; the officer sees them in the report and
/// decides.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    /// What they were.
    pub kind: HeldKind,
    /// The field where they stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The statement's id, where they were or were about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The words.
    pub text: String,
    /// The claims that they rest on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimId>,
    /// The sentences of the sources that they rest on besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<SentenceId>,
    /// How they, or the words of their evidence, were rated.
    pub why: Vec<Weighed>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldBack")
            .field("kind", &self.kind)
            .field("field", &self.field)
            .field("statement", &self.statement)
            .field("claims", &self.claims)
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}

/// What was held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldKind {
    /// A statement of the draft.
    Statement,
    /// A question to a professional.
    Query,
    /// Values that differ between sources.
    Conflict,
    /// Words that the checks had taken out before.
    TakenOut,
    /// The message of a finding.
    Finding,
}
