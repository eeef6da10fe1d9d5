//! A case: its manifest and its sources.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Sentence};
use crate::hash::Digest;
use crate::id::{CaseId, SourceName};
use crate::sensitive::Sensitive;
use crate::source::{Format, Notice, Rejection};

/// `case.json`: what the case officer (or the flow that uploads) says about a case. Everything is optional.
///
/// Keys that are not known are kept out of the way, not refused: a flow may carry its own. They are listed as
/// a finding, so that a misspelt key is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The child or young person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<Sensitive<Subject>>,
    /// The day the assessment was asked for; starts the statutory clock (SEND Regulations 2014, reg 4 to 13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_date: Option<Date>,
    /// The day on which the draft plan was served on the parent or young person; from it the time for representations is
    /// counted (SEND Regulations 2014, reg 13(1)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_date: Option<Date>,
    /// The documents that belong to the case. The case is complete when all of them have arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<ManifestDocument>,
    /// Values that the officer gives for fields, by field key. They stand in the draft as the officer's.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub values: Sensitive<BTreeMap<String, String>>,
    /// For fields in conflict, by field key: which of the values is right. For a section, by its id: `none` says that
    /// there is nothing to be said in it.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub choices: Sensitive<BTreeMap<String, String>>,
    /// Documents that the officer has withdrawn: they are not drafted from, whether they are still there or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawal>,
    /// Unknown keys.
    #[serde(flatten)]
    pub unknown: Sensitive<BTreeMap<String, serde_json::Value>>,
}

fn is_empty(map: &Sensitive<BTreeMap<String, String>>) -> bool {
    map.is_empty()
}

/// A document that is not drafted from any more, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Its file name.
    pub file: SourceName,
    /// SHA-256 of its bytes. With it, other bytes under the same name are another document, and are drafted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// The day on which it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Why, in the officer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Manifest {
    /// Whether the officer has withdrawn the document of this name with these bytes.
    #[must_use]
    pub fn withdraws(&self, name: &SourceName, sha256: &Digest) -> bool {
        let mut withdrawn = self.withdrawn.iter().filter(|one| one.file == *name);
        // A digest that is none says nothing: the name decides.
        let said = |one: &Withdrawal| one.sha256.clone().filter(Digest::is_whole);
        withdrawn.any(|one| said(one).is_none_or(|own| own == *sha256))
    }

    /// Whether the officer says of the section with this id that there is nothing.
    #[must_use]
    pub fn says_none(&self, section: &str) -> bool {
        let choice = self.choices.get(section);
        choice.is_some_and(|choice| choice.trim().eq_ignore_ascii_case("none"))
    }

    /// Whether the document of this name is withdrawn and nothing more is expected under it.
    #[must_use]
    pub fn expects_no_more(&self, name: &SourceName) -> bool {
        self.withdrawn.iter().any(|one| one.file == *name)
    }
}

/// Who the case is about, as the officer knows it. Used to notice reports about somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name they like to be called by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<String>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// "she/her", "he/him", "they/them".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<String>,
    /// NHS number, in any spacing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<String>,
}

/// A document that the manifest expects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestDocument {
    /// Its file name.
    pub file: SourceName,
    /// The kind of advice, one of the recipe's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The role of its author, never a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_role: Option<String>,
    /// The date of the advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// One uploaded file after reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its place in the run, from 1, by name.
    pub number: u16,
    /// Its file name.
    pub name: SourceName,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The number of its bytes.
    pub bytes: u64,
    /// The kind of advice, from the manifest, else recognised from its name and first lines.
    pub advice: Option<String>,
    /// The role of its author, from the manifest or the document's own form.
    pub author_role: Option<String>,
    /// The date of the advice, from the manifest or the document's own form.
    pub date: Option<Date>,
    /// What the reader noticed.
    pub notices: Vec<Notice>,
    /// Its text, or why there is none.
    pub content: Result<Document, Rejection>,
}

impl Source {
    /// How sure text recognition was of the least sure word of one of its sentences, where that was read on a scan.
    #[must_use]
    pub fn confidence(&self, sentence: &Sentence) -> Option<u8> {
        let document = self.content.as_ref().ok()?;
        document.tokens(sentence).map(|token| token.confidence).min()
    }

    /// Its format, where it could be read.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.content.as_ref().ok().map(|document| document.format)
    }
}

/// One subject of one recipe with everything that is to be drafted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The council's reference.
    pub id: CaseId,
    /// What the officer says.
    pub manifest: Manifest,
    /// The files in order of their names.
    pub sources: Vec<Source>,
    /// The day of drafting; ages and clocks are counted to it.
    pub today: Date,
}
