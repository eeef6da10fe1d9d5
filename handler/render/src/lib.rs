//! The documents of a run: three Word files, the report and the record.
//!
//! Pure functions of a [`Generated`] run: no files, no clock, no network, no model. The same run gives the same
//! bytes, but for the timings in the record. Nothing is decided here: what a statement says, what supports it and
//! what is wrong with it came with the run, and every text of a source is treated as hostile.
//!
//! A refused run gives all five documents too, the Word files saying that no draft was made and why, so that no
//! old draft is left beside a new refusal.

use std::collections::{BTreeMap, BTreeSet};

use drafting::edit::Edit;
use drafting::id::RunId;
use drafting::recipe::Recipe;
use drafting::record::{Generated, Record};
use word::Template;

mod asked;
mod citation;
mod edit;
mod index;
mod open_points;
mod paper;
mod refusal;
mod report;
mod sheets;
mod words;

use index::Index;

/// The name of the draft without citations.
pub const DRAFT: &str = "draft.docx";
/// The name of the same draft with its citations.
pub const EVIDENCE: &str = "evidence.docx";
/// The name of the questions to the authors of the advice.
pub const QUERIES: &str = "queries.docx";
/// The name of the report.
pub const REPORT: &str = "report.html";
/// The name of the record.
pub const RECORD: &str = "record.json";

/// The documents of a run, less its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// [`DRAFT`].
    pub draft: Vec<u8>,
    /// [`EVIDENCE`].
    pub evidence: Vec<u8>,
    /// [`REPORT`].
    pub report: Vec<u8>,
    /// [`QUERIES`].
    pub queries: Vec<u8>,
}

impl Documents {
    /// The documents by their names.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<&'static str, &[u8]> {
        BTreeMap::from([
            (DRAFT, self.draft.as_slice()),
            (EVIDENCE, self.evidence.as_slice()),
            (REPORT, self.report.as_slice()),
            (QUERIES, self.queries.as_slice()),
        ])
    }
}

/// Why a document cannot be made. None of the messages repeats what a source says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderFault {
    /// The Word template cannot be filled.
    #[error("the Word template cannot be filled: {0}")]
    Word(#[from] word::RenderFault),
    /// A form of this program is no template: a fault of this program.
    #[error("a form of this program is no Word template: {0}")]
    Form(#[from] word::TemplateFault),
    /// The Word template asks for what a run does not have. Left blank, it would look like something that no
    /// source gives.
    #[error("the Word template asks for {}, which no draft has: correct the names in the template", names(.0))]
    Undefined(BTreeSet<String>),
    /// A template of the report fails: a fault of this program.
    #[error("the report cannot be written: {0}")]
    Report(String),
    /// The record cannot be put into JSON: a fault of this program.
    #[error("the record cannot be written")]
    Record,
}

fn names(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The documents of a run. `template` is the recipe's, opened; a refused run does not use it.
pub fn documents(
    recipe: &Recipe,
    template: &Template,
    generated: &Generated,
) -> Result<Documents, RenderFault> {
    let index = Index::of(recipe, generated);
    let report = report::render(&index)?;
    if !index.has_draft() {
        let refusal = refusal::render(&index)?;
        return Ok(Documents {
            draft: refusal.clone(),
            evidence: refusal.clone(),
            report,
            queries: refusal,
        });
    }
    Ok(Documents {
        draft: paper::render(&index, template, paper::Copy::Clean)?,
        evidence: paper::render(&index, template, paper::Copy::Cited)?,
        report,
        queries: sheets::render(&index)?,
    })
}

/// About how many pages the draft of a run has; nothing where there is none.
pub fn pages(
    recipe: &Recipe,
    template: &Template,
    generated: &Generated,
) -> Result<Option<usize>, RenderFault> {
    let index = Index::of(recipe, generated);
    if !index.has_draft() {
        return Ok(None);
    }
    let draft = paper::render(&index, template, paper::Copy::Clean)?;
    Ok(Some(word::pages(&draft)?))
}

/// The record of a run with the digests of its documents, as JSON that ends with a line end. `timings` are
/// milliseconds by stage.
pub fn record(
    recipe: &Recipe,
    generated: &Generated,
    documents: &Documents,
    timings: BTreeMap<String, u64>,
) -> Result<Vec<u8>, RenderFault> {
    let record = Record::of(recipe, generated, &documents.by_name(), timings);
    let mut bytes = serde_json::to_vec(&record).map_err(|_| RenderFault::Record)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The page that shows an edited draft against its record. `newest` is the newest run of the case, where it is known.
pub fn edit(recipe: &Recipe, edit: &Edit, newest: Option<&RunId>) -> Result<Vec<u8>, RenderFault> {
    edit::render(recipe, edit, newest)
}

/// What is to be known of a Word template before a draft is made with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// What it asks for and no draft of the recipe has: a field of a statement that is misspelt, for example.
    pub undefined: BTreeSet<String>,
    /// Whether it does not show the banner, which is then put at the head of the document.
    pub without_banner: bool,
}

/// Tries a recipe's Word template by filling it with one statement in every field.
pub fn tried(recipe: &Recipe, template: &Template) -> Result<Tried, RenderFault> {
    paper::tried(recipe, template)
}
