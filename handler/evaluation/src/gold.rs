//! Gold annotations: what a person found in the sources of a case, and the folder that holds both.
//!
//! The form is that of `handler/tests/cases/README.md`. It is read leniently, because annotations are written by many
//! hands: a field that is missing has its plainest meaning, one that is not known is passed over, and an entry that
//! cannot be read is counted and reported, never dropped in silence.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub mod folder;

/// What a person found in the sources of one case.
#[derive(Clone, Debug, Default)]
pub struct Annotation {
    /// Values of the document's forms; a field may have several, one a document.
    pub facts: Vec<GoldFact>,
    /// Needs, provisions, outcomes, strengths, views and so on.
    pub claims: Vec<GoldClaim>,
    /// Things that a drafter does wrong easily.
    pub traps: Vec<Trap>,
    /// Different values of the same thing.
    pub conflicts: Vec<GoldConflict>,
    /// Which needs are one need, with the provisions and outcomes that serve it.
    pub need_groups: Vec<NeedGroup>,
    /// How many entries could not be read.
    pub unreadable: usize,
}

/// The value of a field of a form.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldFact {
    /// The field's key in the recipe.
    pub field: String,
    /// The value; alternatives are set apart by semicolons.
    pub value: String,
    /// The file name of its document.
    #[serde(default)]
    pub document: Option<String>,
}

/// Something that a source says.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldClaim {
    /// Its id in the annotation.
    #[serde(default)]
    pub id: Option<String>,
    /// Its kind, in the recipe's words.
    pub kind: String,
    /// Its area, in the recipe's words; "none" is none.
    #[serde(default)]
    pub area: Option<String>,
    /// The section of the document that it belongs in; any that takes its kind when absent.
    #[serde(default)]
    pub section: Option<String>,
    /// The file name of its document.
    #[serde(default)]
    pub document: Option<String>,
    /// The words of the source.
    pub quote: String,
    /// False for what is past or superseded.
    #[serde(default)]
    pub current: Option<bool>,
    /// Of a provision: `advised`, `in_place`, `ended`, `superseded`, `wished`.
    #[serde(default)]
    pub status: Option<String>,
    /// The specifics of a provision or an outcome.
    #[serde(default)]
    pub slots: Option<GoldSlots>,
    /// The claims that it serves, or of a need those that it says again.
    #[serde(default)]
    pub supports: Option<Vec<String>>,
}

/// The specifics of a claim in the source's own words; several parts of one are set apart by semicolons.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GoldSlots {
    /// Role and expertise.
    #[serde(default)]
    pub who: Option<String>,
    /// Ratio or size of group.
    #[serde(default)]
    pub ratio: Option<String>,
    /// How long.
    #[serde(default)]
    pub duration: Option<String>,
    /// How often.
    #[serde(default)]
    pub frequency: Option<String>,
    /// Until when.
    #[serde(default)]
    pub until: Option<String>,
}

/// Something that a drafter does wrong easily.
#[derive(Clone, Debug, Deserialize)]
pub struct Trap {
    /// What is wrong about it: `drug_name`, `third_party_data`, ...
    pub kind: String,
    /// The file name of its document.
    #[serde(default)]
    pub document: Option<String>,
    /// The words of the source.
    pub quote: String,
    /// What a drafter does instead, in words.
    #[serde(default)]
    pub right_behaviour: String,
}

/// Different values of the same thing.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldConflict {
    /// What they are values of.
    #[serde(default)]
    pub attribute: String,
    /// The values.
    #[serde(default)]
    pub values: Vec<GoldValue>,
}

/// One of the values in conflict.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldValue {
    /// The file name of its document.
    #[serde(default)]
    pub document: Option<String>,
    /// The words of the source.
    #[serde(default)]
    pub quote: String,
}

/// Needs that are one need, with what serves it, all by their ids.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NeedGroup {
    /// The need that says it best.
    #[serde(default)]
    pub main_need: Option<String>,
    /// All that say it or bear it out.
    #[serde(default)]
    pub claims: Vec<String>,
    /// The provisions that serve it.
    #[serde(default)]
    pub provisions: Vec<String>,
    /// The outcomes sought in respect of it.
    #[serde(default)]
    pub outcomes: Vec<String>,
}

impl Annotation {
    /// Reads an annotation, counting what cannot be read.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        let mut unreadable = 0;
        Self {
            facts: entries(value, "facts", &mut unreadable),
            claims: entries(value, "claims", &mut unreadable),
            traps: entries(value, "traps", &mut unreadable),
            conflicts: entries(value, "conflicts", &mut unreadable),
            need_groups: entries(value, "need_groups", &mut unreadable),
            unreadable,
        }
    }
}

fn entries<T: DeserializeOwned>(value: &Value, key: &str, unreadable: &mut usize) -> Vec<T> {
    let mut read = Vec::new();
    for entry in value.get(key).and_then(Value::as_array).into_iter().flatten() {
        match T::deserialize(entry) {
            Ok(entry) => read.push(entry),
            Err(_) => *unreadable += 1,
        }
    }
    read
}

impl GoldClaim {
    /// Whether it says a need, an advised provision or an outcome that holds now: what a plan is made of.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        let advised = self.status.as_deref().is_none_or(|status| status == "advised");
        self.current.unwrap_or(true)
            && match self.kind.as_str() {
                "need" | "outcome" => true,
                "provision" => advised,
                _ => false,
            }
    }

    /// Its area, when it names one.
    #[must_use]
    pub fn area(&self) -> Option<&str> {
        self.area
            .as_deref()
            .filter(|area| !area.is_empty() && *area != "none")
    }

    /// The claims that it serves.
    #[must_use]
    pub fn supports(&self) -> &[String] {
        self.supports.as_deref().unwrap_or(&[])
    }

    /// Whether it has this id.
    #[must_use]
    pub fn is(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id)
    }
}

impl GoldSlots {
    /// The literal parts of all that are given.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        [
            &self.who,
            &self.ratio,
            &self.duration,
            &self.frequency,
            &self.until,
        ]
        .into_iter()
        .flatten()
        .flat_map(|slot| slot.split(';'))
        .map(str::trim)
        .filter(|part| part.chars().any(char::is_alphanumeric))
    }
}
