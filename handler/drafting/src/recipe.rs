//! A recipe: a document type as data, checked whole once.
//!
//! The files of a recipe folder (`recipe.toml`, `lexicon.toml`, `guidance/*.md`, `template.docx`) come in as
//! bytes; [`load::load`] gives a [`Recipe`] or every fault at once, with file and line. A `Recipe` cannot be made
//! in any other way, so whoever holds one need not check it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::claim::{Speaker, Status};
use crate::finding::Severity;
use crate::hash::Digest;
use crate::id::RecipeId;

pub mod lexicon;
pub mod load;

pub use lexicon::Lexicon;

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
    /// Cues and patterns for finding claims without a model.
    pub lexicon: Lexicon,
    /// Guidance texts by file name, for writers human and machine.
    pub guidance: BTreeMap<String, String>,
    /// The Word template's bytes.
    pub template: Vec<u8>,
    /// What should be known about the recipe although it is sound.
    pub warnings: Vec<load::Fault>,
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

/// Fixed texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The banner on every page of a draft: "DRAFT ...".
    pub banner: String,
    /// What is said of how the draft was made.
    pub disclosure: String,
    /// What is said in the Word files when no draft was made; `{reason}` is replaced.
    pub refused: String,
}

/// A kind of source document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Its id, as in the manifest: `parent`, `education`, `medical`.
    pub id: String,
    /// What it is called: "Parents' views".
    pub title: String,
    /// Who writes it, as a role: "SENCo", to address queries.
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
    /// The area of its claims where neither heading nor words name one.
    #[serde(default)]
    pub area: Option<String>,
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
    /// The sentence that stands there when no source gives anything.
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

/// Which claims a field takes.
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
    /// The standing of measures; any when empty.
    #[serde(default)]
    pub status: Vec<Status>,
    /// Only claims placed in this section by a heading of the source, or by the lexicon's placement cues.
    #[serde(default)]
    pub placement: Option<String>,
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

    /// The kind of advice with this id.
    #[must_use]
    pub fn advice(&self, id: &str) -> Option<&Advice> {
        self.advice.iter().find(|advice| advice.id == id)
    }
}
