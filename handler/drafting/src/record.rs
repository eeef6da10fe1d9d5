//! The machine's account of a run: `record.json`.
//!
//! The same inputs give the same bytes, but for `timings`. Its JSON Schema is `docs/record.schema.json`.

use std::fmt;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::{Case, Source, Withdrawal};
use crate::changes::Changes;
use crate::check::{CheckedDraft, RuleResult, RunOutcome, rules};
use crate::claim::{Claim, ClaimId};
use crate::document::{Place, SentenceId};
use crate::draft::{Conflict, Coverage, DraftSection, Query, Support, TakenOut};
use crate::finding::Finding;
use crate::hash::{Digest, Hasher};
use crate::id::{CaseId, RecipeId, RunId, SourceName};
use crate::prompt::{self, Purpose};
use crate::recipe::Recipe;
use crate::recognised::Recognition;
use crate::screening::HeldBack;
use crate::source::{Format, Notice, Rejection};

/// The value of `schema` in every record of this form.
pub const SCHEMA: &str = "golden-thread/record/1";

/// Who drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafter {
    /// `extractive`, or the kind of model client.
    pub kind: String,
    /// What answers, by tier, where there is a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// SHA-256 over the core's prompts; the recipe's are part of its own digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompts: Option<Digest>,
    /// The service that screens text and sources, where one is on, and what it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screening: Option<String>,
    /// Who reads scanned pages, where that is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<String>,
    /// The version of this program.
    pub version: String,
}

impl Drafter {
    /// The drafter that uses no model.
    #[must_use]
    pub fn extractive() -> Self {
        Self {
            kind: "extractive".into(),
            model: None,
            prompts: None,
            screening: None,
            recognition: None,
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }

    /// A drafter that asks a model: the kind of client, and what answers.
    #[must_use]
    pub fn with_model(kind: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            model: Some(model.into()),
            prompts: Some(prompt::version()),
            screening: None,
            recognition: None,
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

/// What a model was asked for one purpose. Answers that were kept from an earlier attempt count like others, with what was
/// paid for them, so that a run that was interrupted has the same record as one that was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// Answers.
    pub calls: u64,
    /// Tokens of the prompts.
    pub prompt_tokens: u64,
    /// Tokens of the answers.
    pub completion_tokens: u64,
    /// Millionths of the currency in which prices are set; 0 without prices.
    pub cost: u64,
}

/// The fingerprint of a run: the same inputs, recipe, rules and drafter give the same one. The day of drafting
/// is not part of it, so that asking again tomorrow does not draft again.
///
/// `sources` are the names and digests of the uploaded files, in any order.
#[must_use]
pub fn fingerprint(
    recipe: &Recipe,
    case: &CaseId,
    manifest: Option<&Digest>,
    sources: &BTreeMap<SourceName, Digest>,
    drafter: &Drafter,
) -> Digest {
    let mut hasher = Hasher::new();
    hasher
        .part(SCHEMA.as_bytes())
        .part(recipe.id.as_str().as_bytes())
        .part(recipe.digest.as_str().as_bytes());
    hasher
        .part(rules::VERSION.as_bytes())
        .part(case.as_str().as_bytes());
    hasher
        .part(drafter.kind.as_bytes())
        .part(drafter.model.as_deref().unwrap_or("").as_bytes());
    hasher.part(drafter.prompts.as_ref().map_or("", Digest::as_str).as_bytes());
    hasher
        .part(drafter.version.as_bytes())
        .part(manifest.map_or("", Digest::as_str).as_bytes());
    for (name, digest) in sources {
        hasher
            .part(name.as_str().as_bytes())
            .part(digest.as_str().as_bytes());
    }
    if let Some(screening) = &drafter.screening {
        hasher.part(b"screening").part(screening.as_bytes());
    }
    if let Some(recognition) = &drafter.recognition {
        hasher.part(b"recognition").part(recognition.as_bytes());
    }
    hasher.finish()
}

/// The result of one run of the routine, before it is rendered.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The run's id.
    pub run: RunId,
    /// Who drafted.
    pub drafter: Drafter,
    /// What a model was asked, by purpose.
    pub usage: BTreeMap<Purpose, UsageRecord>,
    /// What was drafted from.
    pub case: Case,
    /// The sources that were read and kept out, by number.
    pub kept_out: BTreeSet<u16>,
    /// The sources that were taken for earlier versions of others, each with the one that takes its place, by number.
    pub superseded: BTreeMap<u16, u16>,
    /// The claims, in order.
    pub claims: Vec<Claim>,
    /// The draft with its findings; without sections when the run was refused.
    pub checked: CheckedDraft,
    /// What changed since the draft before, where there is one.
    pub changes: Option<Changes>,
}

impl Generated {
    /// The source with this number.
    #[must_use]
    pub fn source(&self, number: u16) -> Option<&Source> {
        self.case.sources.iter().find(|source| source.number == number)
    }

    /// The source that takes the place of this one, if it was taken for an earlier version.
    #[must_use]
    pub fn newer(&self, source: &Source) -> Option<&Source> {
        self.source(*self.superseded.get(&source.number)?)
    }

    /// A sentence with its source.
    #[must_use]
    pub fn sentence(&self, id: SentenceId) -> Option<(&Source, &crate::document::Sentence)> {
        let source = self.source(id.source)?;
        Some((source, source.content.as_ref().ok()?.sentence(id)?))
    }

    /// The claims by their ids, for whoever asks for the evidence of many statements.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        Evidence(self.claims.iter().map(|claim| (claim.id, claim)).collect())
    }
}

/// What statements rest on, looked up by the ids of claims.
#[derive(Debug)]
pub struct Evidence<'a>(BTreeMap<ClaimId, &'a Claim>);

impl<'a> Evidence<'a> {
    /// The claims that a statement rests on, in its order.
    pub fn claims<'s>(&'s self, support: &'s Support) -> impl Iterator<Item = &'a Claim> + 's {
        let ids: &[ClaimId] = match support {
            Support::Claims(ids) => ids,
            Support::Officer => &[],
        };
        ids.iter().filter_map(|id| self.0.get(id).copied())
    }

    /// The sentences that its claims point at, each once, in the sources' order.
    #[must_use]
    pub fn sentences(&self, support: &Support) -> BTreeSet<SentenceId> {
        self.claims(support)
            .flat_map(|claim| claim.sentences.iter().copied())
            .collect()
    }
}

/// The recipe of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipeStamp {
    /// Its id.
    pub id: RecipeId,
    /// Its version.
    pub version: String,
    /// SHA-256 over its files.
    pub sha256: Digest,
    /// The version of the catalogue of rules.
    pub rules: String,
    /// The council's profile that was laid over the rules, with its version: "council 1.0.0".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// One uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its number; sentence ids begin with it.
    pub number: u16,
    /// Its file name.
    pub name: SourceName,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// The number of its bytes.
    pub bytes: u64,
    /// Kind of advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Role of its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_role: Option<String>,
    /// Date of the advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// What became of it.
    pub state: SourceState,
    /// The file that takes its place, where it was taken for an earlier version: nothing but details of forms was
    /// drafted from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<SourceName>,
    /// Format, where it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Pages, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Sentences read.
    pub sentences: usize,
    /// Words read.
    pub words: usize,
    /// How its scanned pages were read, where any were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<Recognition>,
    /// What the reader noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// What became of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// It was drafted from.
    Used,
    /// It is about somebody else and was kept out.
    KeptOut,
    /// It could not be read.
    Unreadable(Rejection),
}

/// A sentence that supports the draft.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRecord {
    /// The source's file name.
    pub source: SourceName,
    /// Page, where the format has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Paragraph, item or table, from 1.
    pub block: u32,
    /// Headings above it, outermost first.
    pub headings: Vec<String>,
    /// Byte offsets in the source's normalised text.
    pub span: (usize, usize),
    /// Where it stands in its list or table; nothing in a paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The bold words that its block begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// How sure text recognition was of its least sure word, 0 to 100, where it was read on a scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// Its words.
    pub quote: String,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for EvidenceRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EvidenceRecord")
            .field("source", &self.source)
            .field("page", &self.page)
            .field("block", &self.block)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

/// The digest and size of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// The number of its bytes.
    pub bytes: u64,
}

/// The account of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The run's id.
    pub run: RunId,
    /// The case.
    pub case: CaseId,
    /// The recipe.
    pub recipe: RecipeStamp,
    /// Who drafted.
    pub drafter: Drafter,
    /// What a model was asked, by purpose; empty without a model.
    pub usage: BTreeMap<Purpose, UsageRecord>,
    /// The day of drafting.
    pub date: Date,
    /// How the run ended.
    pub outcome: RunOutcome,
    /// About how many pages the draft has when it is printed, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
    /// The files, in order of their numbers.
    pub sources: Vec<SourceRecord>,
    /// What the officer has chosen, by field key or section id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub choices: BTreeMap<String, String>,
    /// The documents that the officer has withdrawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawal>,
    /// The draft.
    pub sections: Vec<DraftSection>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// The sentences that the claims of the draft, the conflicts, the queries and what was taken out or held back
    /// point at.
    pub evidence: BTreeMap<SentenceId, EvidenceRecord>,
    /// What is wrong or unsure.
    pub findings: Vec<Finding>,
    /// What each rule came to.
    pub rules: Vec<RuleResult>,
    /// Different values of the same thing.
    pub conflicts: Vec<Conflict>,
    /// Questions to professionals.
    pub queries: Vec<Query>,
    /// What became of every sentence.
    pub coverage: Vec<Coverage>,
    /// What was drafted and taken out again, with its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_out: Vec<TakenOut>,
    /// What changed since the draft before, where the run was given one. It is an input of the run, named here, and
    /// no part of the run's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// What screening for harm holds back, with its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_back: Vec<HeldBack>,
    /// The other artifacts of the run, by file name.
    pub outputs: BTreeMap<String, OutputRecord>,
    /// Milliseconds by stage. The only part that differs between two runs over the same inputs.
    pub timings: BTreeMap<String, u64>,
}

impl Record {
    /// The record of a run; `outputs` are the other artifacts by file name.
    #[must_use]
    pub fn of(
        recipe: &Recipe,
        generated: &Generated,
        outputs: &BTreeMap<&str, &[u8]>,
        timings: BTreeMap<String, u64>,
    ) -> Self {
        let draft = generated.checked.draft();
        Self {
            schema: SCHEMA.into(),
            run: generated.run.clone(),
            case: generated.case.id.clone(),
            recipe: RecipeStamp {
                id: recipe.id.clone(),
                version: recipe.version.clone(),
                sha256: recipe.digest.clone(),
                rules: rules::VERSION.into(),
                profile: recipe
                    .profile
                    .as_ref()
                    .map(|chosen| format!("{} {}", chosen.name, chosen.version)),
            },
            drafter: generated.drafter.clone(),
            usage: generated.usage.clone(),
            date: generated.case.today,
            outcome: generated.checked.outcome().clone(),
            pages: generated.checked.pages(),
            sources: generated
                .case
                .sources
                .iter()
                .map(|source| source_record(source, generated))
                .collect(),
            choices: generated.case.manifest.choices.clone().into_inner(),
            withdrawn: generated.case.manifest.withdrawn.clone(),
            sections: draft.sections.clone(),
            claims: generated.claims.clone(),
            evidence: evidence(generated),
            findings: generated.checked.findings().to_vec(),
            rules: generated.checked.results().to_vec(),
            conflicts: draft.conflicts.clone(),
            queries: draft.queries.clone(),
            coverage: draft.coverage.clone(),
            taken_out: draft.taken_out.clone(),
            changes: generated.changes.clone(),
            held_back: generated.checked.held_back().to_vec(),
            outputs: outputs
                .iter()
                .map(|(name, bytes)| {
                    (
                        (*name).to_owned(),
                        OutputRecord {
                            sha256: Digest::of(bytes),
                            bytes: bytes.len() as u64,
                        },
                    )
                })
                .collect(),
            timings,
        }
    }
}

fn source_record(source: &Source, generated: &Generated) -> SourceRecord {
    let document = source.content.as_ref().ok();
    SourceRecord {
        number: source.number,
        name: source.name.clone(),
        sha256: source.digest.clone(),
        bytes: source.bytes,
        advice: source.advice.clone(),
        author_role: source.author_role.clone(),
        date: source.date,
        state: match &source.content {
            Err(rejection) => SourceState::Unreadable(rejection.clone()),
            Ok(_) if generated.kept_out.contains(&source.number) => SourceState::KeptOut,
            Ok(_) => SourceState::Used,
        },
        superseded_by: generated.newer(source).map(|newer| newer.name.clone()),
        format: source.format(),
        pages: document.and_then(|document| document.pages),
        sentences: document.map_or(0, |document| document.sentences.len()),
        words: document.map_or(0, crate::document::Document::words),
        recognition: document.and_then(|document| document.recognition.clone()),
        notices: source.notices.clone(),
    }
}

fn evidence(generated: &Generated) -> BTreeMap<SentenceId, EvidenceRecord> {
    let evidence = generated.evidence();
    let draft = generated.checked.draft();
    let cited = draft
        .statements()
        .flat_map(|(_, _, statement)| evidence.sentences(&statement.support));
    let conflicting = draft
        .conflicts
        .iter()
        .flat_map(|conflict| &conflict.values)
        .flat_map(|value| value.sentences.iter().copied());
    let asked = draft
        .queries
        .iter()
        .flat_map(|query| query.sentences.iter().copied());
    let taken_out = draft.taken_out.iter().flat_map(|one| {
        let support = Support::Claims(one.claims.clone());
        evidence.sentences(&support)
    });
    let held_back = generated.checked.held_back().iter().flat_map(|one| {
        let support = Support::Claims(one.claims.clone());
        evidence
            .sentences(&support)
            .into_iter()
            .chain(one.sentences.iter().copied())
    });
    cited
        .chain(conflicting)
        .chain(asked)
        .chain(taken_out)
        .chain(held_back)
        .filter_map(|id| {
            let (source, sentence) = generated.sentence(id)?;
            let record = EvidenceRecord {
                source: source.name.clone(),
                page: sentence.page,
                block: sentence.block,
                headings: sentence.headings.to_vec(),
                span: sentence.span,
                place: Some(sentence.place.clone()).filter(|place| *place != Place::Paragraph),
                lead: sentence.lead.clone(),
                confidence: source.confidence(sentence),
                quote: sentence.text.clone(),
            };
            Some((id, record))
        })
        .collect()
}
