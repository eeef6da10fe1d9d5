//! Claims: what a source says that the document may need, pointing at the sentences that say it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::SentenceId;

/// A claim of a run: `c17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimId(pub u32);

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

/// Who said it. Who wrote the document down is a property of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The subject of the case: the child or young person.
    Subject,
    /// A parent, carer or other relative.
    Family,
    /// A professional.
    Professional,
}

/// Whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The subject of the case.
    Subject,
    /// The family as a whole, where it bears on the subject.
    Family,
    /// Somebody else: a sibling, a parent's own health, another child.
    Other,
}

/// How firmly it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// "needs", "must", "will receive", "has".
    Firm,
    /// "should", "is recommended", "is advised".
    Recommended,
    /// "may benefit from", "could", "might", "consider".
    Tentative,
}

/// Whether it holds at the time of drafting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Time {
    /// It holds now.
    Current,
    /// It was so.
    Past,
    /// A later source expressly replaces it.
    Superseded,
}

/// Where a provision (or whatever a recipe's measures are) stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Made already.
    InPlace,
    /// Advised by a professional.
    Advised,
    /// Was made and has ended.
    Ended,
    /// Asked for by the family or the subject.
    Wished,
}

/// The specifics of a claim, in the source's own words. `None` where the source gives none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    /// Who provides it: role and expertise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Ratio or size of group: "1:1", "group of four".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<String>,
    /// How long: "20 minutes", "two terms".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// How often: "twice weekly".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// Until when, or when reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Something a source says, pointing at the sentences that say it. Its quote is looked up in them, never typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id in this run.
    pub id: ClaimId,
    /// Its kind, one of the recipe's: `need`, `provision`, `outcome`, `strength`, `view`, `fact`, ...
    pub kind: String,
    /// Its area, one of the recipe's, where the kind has areas and the source or its neighbours name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The sentences that say it, all of one source, in reading order; never empty.
    pub sentences: Vec<SentenceId>,
    /// Who said it.
    pub speaker: Speaker,
    /// Whom it is about.
    pub about: About,
    /// How firmly.
    pub strength: Strength,
    /// Whether it denies: "does not have autism", "no rescue medicine is prescribed".
    pub negated: bool,
    /// Whether it holds now.
    pub time: Time,
    /// For provisions: where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// For provisions and outcomes: the specifics, parsed from the sentences by code.
    #[serde(default)]
    pub slots: Slots,
    /// For facts: the key of the field it fills, and its value as it will stand there (a normalised date, the
    /// part of a sentence that is the address).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// The claims it serves: a provision's or outcome's needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<ClaimId>,
    /// The placement the source itself names by a heading ("(H1)", "under section 2 of the CSDPA"), one of the
    /// recipe's section ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<String>,
}

/// The value of a form field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The key of the recipe's field.
    pub key: String,
    /// The value as it will stand there.
    pub value: String,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fact")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
