//! A recipe: a document type as data, checked whole once.
//!
//! The files of a recipe folder (`recipe.toml`, `lexicon.toml`, `rules.toml`, `guidance/*.md`, `template.docx`) come in as
//! bytes; [`load::load`] gives a [`Recipe`] or every fault at once, with file and line. A `Recipe` cannot be made
//! in any other way, so whoever holds one need not check it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::claim::{Speaker, Status};
use crate::finding::Severity;
use crate::hash::Digest;
use crate::id::RecipeId;
use crate::recognised::Trust;
use crate::screening::Policy;

use demands::{Demand, Test};

pub mod demands;
pub mod lexicon;
pub mod load;
pub mod mapping;
pub mod profile;
mod retention;
mod wording;

pub use lexicon::Lexicon;
pub use retention::Retention;
pub use wording::{Sheets, Wording};

/// A document type, checked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recipe {
    /// Its id: the name of its folder.
    pub id: RecipeId,
    /// What the document is called: "Education, Health and Care Plan".
    pub title: String,
    /// Its version, `major.minor.patch`; raised by whoever changes the recipe.
    pub version: String,
    /// SHA-256 over all its files with their names.
    pub digest: Digest,
    /// When a case without a manifest counts as complete.
    pub completeness: Completeness,
    /// Fixed texts that stand in the documents.
    pub wording: Wording,
    /// Keys of the facts that tell one subject from another, most telling first. A source whose value differs
    /// from the manifest's or from the other sources' is about somebody else.
    pub identity: Vec<String>,
    /// The kinds of source.
    pub advice: Vec<Advice>,
    /// The areas that claims are sorted into, in the document's order.
    pub areas: Vec<Area>,
    /// The kinds of claim.
    pub kinds: Vec<Kind>,
    /// The document's sections in order.
    pub sections: Vec<Section>,
    /// Severity by rule id, or off, where the recipe departs from the rule's own.
    pub rules: BTreeMap<String, RuleSetting>,
    /// What is done about text that a service rates as harmful, where screening is on.
    pub screening: Policy,
    /// How long what is held about a case is kept.
    pub retention: Retention,
    /// From which confidence on words that were read on a scan are believed.
    pub trust: Trust,
    /// What the words of the document are held to.
    pub demands: demands::Demands,
    /// The profile that was laid over the rules, where one was chosen.
    pub profile: Option<profile::Chosen>,
    /// Cues and patterns for finding claims without a model.
    pub lexicon: Lexicon,
    /// Guidance texts by file name, for writers human and machine.
    pub guidance: BTreeMap<String, String>,
    /// Which of them hold for the whole document.
    pub general: GeneralGuidance,
    /// Which field stands at a name of the template that is no field's key.
    pub mapping: mapping::Mapping,
    /// The Word template's bytes.
    pub template: Vec<u8>,
    /// What should be known about the recipe although it is sound.
    pub warnings: Vec<load::Fault>,
}

/// Guidance files that hold for the whole document, in the order of reading. A section names its own besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneralGuidance {
    /// For whoever sorts the words of the sources into claims.
    #[serde(default)]
    pub reading: Vec<String>,
    /// For whoever writes, whichever the section.
    #[serde(default)]
    pub writing: Vec<String>,
}

/// When a case without a manifest is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// When no document has arrived for the quiet period.
    Quiet,
    /// Each document is a case.
    OneDocument,
}

/// A kind of source document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Its id, as in the manifest: `parent`, `education`, `medical`.
    pub id: String,
    /// What it is called: "Parents' views".
    pub title: String,
    /// Who writes it, as a role: "head teacher", to address queries.
    pub author: String,
    /// Whose voice it is where nothing else is said.
    pub speaker: Speaker,
    /// The appendix letter by which councils file it: "A".
    #[serde(default)]
    pub letter: Option<String>,
    /// Words by which it is recognised in a title or first lines, lower case.
    #[serde(default)]
    pub cues: Vec<String>,
    /// Whether its absence is reported, and the law that asks for it.
    #[serde(default)]
    pub required: Option<String>,
    /// The required kind that need not be reported as absent when this one is there: a nursery gives the
    /// educational advice of a child who is not at school yet.
    #[serde(default)]
    pub stands_for: Option<String>,
    /// The area of its claims where neither heading nor words name one.
    #[serde(default)]
    pub area: Option<String>,
}

impl Advice {
    /// Whether a source of this kind is what the recipe requires under `id`.
    #[must_use]
    pub fn counts_as(&self, id: &str) -> bool {
        self.id == id || self.stands_for.as_deref() == Some(id)
    }
}

/// An area that claims are sorted into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its id: `communication_interaction`.
    pub id: String,
    /// What it is called: "Communication and interaction".
    pub title: String,
    /// What stands in statement ids: `CI`.
    pub code: String,
}

/// What a kind of claim is in the thread need, provision, outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A value of a field.
    Fact,
    /// What the thread begins with: a need; in minutes, a topic.
    Need,
    /// What answers it: a provision; in minutes, an action.
    Measure,
    /// What it is for: an outcome.
    Outcome,
    /// Anything that stands by itself: a strength, a view, a decision.
    Passage,
}

/// A kind of claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its id: `need`.
    pub id: String,
    /// What one is called: "need".
    pub title: String,
    /// Its part in the thread.
    pub role: Role,
    /// Of a kind that a thread begins with: that one which nothing answers is no gap. A diagnosis is answered
    /// through the needs that come of it.
    #[serde(default)]
    pub stands_alone: bool,
}

/// A section of the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its id, which begins the ids of its statements: `A`, `H1`.
    pub id: String,
    /// Its heading, without the id.
    pub title: String,
    /// The law or rule it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// The sentence that stands there when no source gives anything; empty in a closed section alone.
    #[serde(default)]
    pub nil: String,
    /// The sentence that stands there instead of any content, always: Section I in a draft (Children and
    /// Families Act 2014, s. 38(5)).
    #[serde(default)]
    pub closed: Option<String>,
    /// The guidance file for its writer.
    #[serde(default)]
    pub guidance: Option<String>,
    /// Its fields in order.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
}

/// A field of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key: the placeholder in the template.
    pub key: String,
    /// Its label in the documents.
    pub label: String,
    /// What goes into it.
    pub form: Form,
    /// The most words it may hold, where the document limits it.
    #[serde(default)]
    pub max_words: Option<usize>,
}

/// What goes into a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Form {
    /// One value, from a form or a sentence; the lexicon's `fact` of the same key finds it.
    Fact {
        /// How values are compared and written.
        #[serde(default)]
        value: ValueKind,
    },
    /// One value for each distinct thing that the sources name: services involved, for example.
    Facts {
        /// How values are compared and written.
        #[serde(default)]
        value: ValueKind,
    },
    /// Statements that read as a passage.
    Passage(Select),
    /// Statements as a list or table rows of any length, numbered for reference.
    List(Select),
    /// Only what the officer gives.
    Officer,
    /// The list of all sources with kind, author's role and date, made by code.
    Index,
}

/// Which claims a field takes. Where several take one, it stands in the first that names its area, else in the
/// first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// Their kinds.
    pub kinds: Vec<String>,
    /// Their area; any when absent.
    #[serde(default)]
    pub area: Option<String>,
    /// Their speakers; any when empty.
    #[serde(default)]
    pub speakers: Vec<Speaker>,
    /// The standing of measures; any when empty. Claims that are no measures are not held to it.
    #[serde(default)]
    pub status: Vec<Status>,
    /// Only claims placed in this section by a heading of the source, or by the lexicon's placement cues.
    #[serde(default)]
    pub placement: Option<String>,
}

impl Form {
    /// Whether it holds values rather than statements.
    #[must_use]
    pub fn is_fact(&self) -> bool {
        matches!(self, Self::Fact { .. } | Self::Facts { .. })
    }

    /// Which claims it takes, where it takes claims by their kind.
    #[must_use]
    pub fn select(&self) -> Option<&Select> {
        match self {
            Self::Passage(select) | Self::List(select) => Some(select),
            Self::Fact { .. } | Self::Facts { .. } | Self::Officer | Self::Index => None,
        }
    }
}

/// How the values of a fact are compared and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Words, compared without case and punctuation.
    #[default]
    Text,
    /// A person's name: a part of a longer name agrees with it, in any case.
    Name,
    /// A date, written day/month/year.
    Date,
    /// Yes or no.
    YesNo,
    /// A postal address: equal when house and postcode agree.
    Address,
    /// Digits and a plus sign.
    Phone,
    /// An e-mail address.
    Email,
    /// Digits only, an NHS number for example.
    Number,
}

/// What a recipe says of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSetting {
    /// It is not applied, and the record says so.
    Off,
    /// Its findings count as critical.
    Critical,
    /// Its findings count as standard.
    Standard,
    /// Its findings count as info.
    Info,
}

impl RuleSetting {
    /// The severity it sets, unless it turns the rule off.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Critical => Some(Severity::Critical),
            Self::Standard => Some(Severity::Standard),
            Self::Info => Some(Severity::Info),
        }
    }
}

impl Recipe {
    /// The kind with this id.
    #[must_use]
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// The severity of a rule whose own is `own`, unless the recipe turns it off.
    #[must_use]
    pub fn severity(&self, rule: &str, own: Severity) -> Option<Severity> {
        self.rules
            .get(rule)
            .map_or(Some(own), |setting| setting.severity())
    }

    /// The area with this id.
    #[must_use]
    pub fn area(&self, id: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.id == id)
    }

    /// The section with this id.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The sentence that stands in a field that nothing fills, by a rule of the recipe; none where it is to stay blank, or where
    /// the rule is turned off.
    #[must_use]
    pub fn nil_of(&self, key: &str) -> Option<&str> {
        self.demands.rules.iter().find_map(|demand| match &demand.test {
            Test::WantedWhenEmpty(wanted) => {
                self.severity(&demand.id, demand.severity)?;
                wanted.get(key).map(String::as_str)
            }
            _ => None,
        })
    }

    /// The groups of fields of which one at least is wanted, by the rules that are on.
    pub fn wanted(&self) -> impl Iterator<Item = (&Demand, &[String])> {
        self.demands.rules.iter().flat_map(|demand| {
            let on = self.severity(&demand.id, demand.severity).is_some();
            let groups = match &demand.test {
                Test::Filled(groups) if on => groups.as_slice(),
                _ => &[],
            };
            groups.iter().map(move |group| (demand, group.as_slice()))
        })
    }

    /// All fields with their sections, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&Section, &Field)> {
        self.sections
            .iter()
            .flat_map(|section| section.fields.iter().map(move |field| (section, field)))
    }

    /// The field with this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields()
            .map(|(_, field)| field)
            .find(|field| field.key == key)
    }

    /// The texts that tell how to sort the words of the sources into claims.
    pub fn reading_guidance(&self) -> impl Iterator<Item = &str> {
        self.texts(&self.general.reading)
    }

    /// The texts that tell how to write a section: those of the whole document, then its own.
    pub fn writing_guidance<'a>(&'a self, section: &'a Section) -> impl Iterator<Item = &'a str> {
        self.texts(self.general.writing.iter().chain(&section.guidance))
    }

    fn texts<'a>(&'a self, names: impl IntoIterator<Item = &'a String>) -> impl Iterator<Item = &'a str> {
        names
            .into_iter()
            .filter_map(|name| self.guidance.get(name).map(String::as_str))
    }

    /// The kind of advice with this id.
    #[must_use]
    pub fn advice(&self, id: &str) -> Option<&Advice> {
        self.advice.iter().find(|advice| advice.id == id)
    }
}

impl Field {
    /// How its values are compared; words where it holds statements.
    #[must_use]
    pub fn value_kind(&self) -> ValueKind {
        match &self.form {
            Form::Fact { value } | Form::Facts { value } => *value,
            Form::Passage(_) | Form::List(_) | Form::Officer | Form::Index => ValueKind::Text,
        }
    }
}
