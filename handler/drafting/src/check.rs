//! The rules. Only a [`CheckedDraft`] can be rendered, and this module is the only way to one.
//!
//! What fails a grounding rule is taken out of the draft and listed as a finding; nothing is ever rewritten
//! here. A rule that could not be applied is a finding too: it can never count as a pass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::case::{Case, Source};
use crate::claim::{Claim, ClaimId};
use crate::document::{Sentence, SentenceId};
use crate::draft::{Draft, FieldContent, Statement, Support, TakenOut};
use crate::finding::{Finding, Severity, Subject};
use crate::read_rules::Readings;
use crate::recipe::Recipe;
use crate::screening::HeldBack;

pub(crate) mod demands;
mod grounding;
mod paged;
mod recognised;
mod results;
pub mod rules;
mod screened;
mod sources;
pub mod statement;
mod structure;
mod thread;

use statement::Remembered;

pub use results::{RuleResult, RuleVerdict};
pub(crate) use screened::Screened;

/// How a run ended. There is no success with errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RunOutcome {
    /// A judge read every statement, no critical finding stands, and nothing was read on a scan.
    Ready,
    /// A draft with findings, or one that no judge has read.
    NeedsReview,
    /// No draft was made, and why: something that the case officer can act on.
    Refused {
        /// The reason in words.
        reason: String,
    },
    /// The routine itself failed.
    Failed {
        /// The stage that failed.
        stage: String,
    },
}

/// Whether a judge read the statements. Without one, the rules that need reading were not assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Every statement was judged.
    All,
    /// None was: the draft was made without a model.
    No,
}

/// In whose words the statements are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// In those of the sources: every word of a statement stands in its sentences.
    Verbatim,
    /// In a model's: what is not verbatim is held to the rules of [`statement`]. Values of forms stay verbatim.
    Written,
}

/// A draft whose findings are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedDraft {
    draft: Draft,
    findings: Vec<Finding>,
    results: Vec<RuleResult>,
    outcome: RunOutcome,
    held_back: Vec<HeldBack>,
    pages: Option<usize>,
}

impl CheckedDraft {
    /// The draft, without the statements that were taken out.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The findings, the weightiest first.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What each rule came to, in the order of the catalogue and then of the recipe.
    #[must_use]
    pub fn results(&self) -> &[RuleResult] {
        &self.results
    }

    /// What screening for harm holds back, with its words.
    #[must_use]
    pub fn held_back(&self) -> &[HeldBack] {
        &self.held_back
    }

    /// How many pages its Word file has, by an estimate, once one was made.
    #[must_use]
    pub fn pages(&self) -> Option<usize> {
        self.pages
    }

    /// How the run ended: [`RunOutcome::Ready`] or [`RunOutcome::NeedsReview`].
    #[must_use]
    pub fn outcome(&self) -> &RunOutcome {
        &self.outcome
    }
}

/// What the rules look at.
pub(crate) struct View<'a> {
    pub recipe: &'a Recipe,
    pub case: &'a Case,
    pub claims: BTreeMap<ClaimId, &'a Claim>,
    pub kept_out: &'a BTreeSet<u16>,
    pub remembered: Option<Arc<Remembered>>,
}

/// What was found out before the last check.
#[derive(Clone, Default)]
pub struct Before<'a> {
    /// What a judge says of the rules that need reading.
    pub readings: Option<&'a Readings>,
    /// What the rules found in statements while they were written.
    pub remembered: Option<Arc<Remembered>>,
}

impl<'a> View<'a> {
    /// The sentence with this id, unless its source was kept out or could not be read.
    fn sentence(&self, id: SentenceId) -> Option<&'a Sentence> {
        if self.kept_out.contains(&id.source) {
            return None;
        }
        self.source(id.source)?.content.as_ref().ok()?.sentence(id)
    }

    fn source(&self, number: u16) -> Option<&'a Source> {
        self.case.sources.iter().find(|source| source.number == number)
    }
}

/// Collects findings at the severities that the recipe sets.
pub(crate) struct Findings<'a> {
    recipe: &'a Recipe,
    found: Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding of `rule`, unless the recipe turns the rule off.
    fn add(&mut self, rule: &rules::Rule, subject: Subject, message: String, hint: Option<String>) {
        let Some(severity) = self.recipe.severity(rule.id, rule.severity) else {
            return;
        };
        self.found.push(Finding {
            severity,
            rule: rule.id.to_owned(),
            subject,
            message,
            hint,
        });
    }
}

/// Applies every rule to a draft in the words of its sources. `kept_out` are the sources that were not drafted from,
/// by number, and `earlier` the findings of earlier stages.
#[must_use]
pub fn check(
    recipe: &Recipe,
    case: &Case,
    claims: &[Claim],
    kept_out: &BTreeSet<u16>,
    earlier: Vec<Finding>,
    draft: Draft,
    judged: Judged,
) -> CheckedDraft {
    check_worded(
        recipe,
        case,
        claims,
        kept_out,
        earlier,
        draft,
        judged,
        Wording::Verbatim,
    )
}

/// Applies every rule, as [`check`] does, to a draft in those words.
#[must_use]
#[expect(clippy::too_many_arguments, reason = "everything that a draft is judged by")]
pub fn check_worded(
    recipe: &Recipe,
    case: &Case,
    claims: &[Claim],
    kept_out: &BTreeSet<u16>,
    earlier: Vec<Finding>,
    draft: Draft,
    judged: Judged,
    wording: Wording,
) -> CheckedDraft {
    check_read(
        recipe,
        case,
        claims,
        kept_out,
        earlier,
        draft,
        judged,
        wording,
        Before::default(),
    )
}

/// Applies every rule, as [`check_worded`] does, with what was found out before.
#[must_use]
#[expect(clippy::too_many_arguments, reason = "everything that a draft is judged by")]
pub fn check_read(
    recipe: &Recipe,
    case: &Case,
    claims: &[Claim],
    kept_out: &BTreeSet<u16>,
    earlier: Vec<Finding>,
    draft: Draft,
    judged: Judged,
    wording: Wording,
    before: Before,
) -> CheckedDraft {
    let view = View {
        recipe,
        case,
        claims: claims.iter().map(|claim| (claim.id, claim)).collect(),
        kept_out,
        remembered: before.remembered,
    };
    let mut findings = Findings {
        recipe,
        found: earlier,
    };
    let mut draft = draft;
    sources::check(&view, &mut findings);
    structure::check(&view, &draft, &mut findings);
    let removed = grounding::check(&view, &draft, wording, &mut findings);
    take_out(&mut draft, &removed, &findings.found);
    recognised::check(&view, &draft, &mut findings);
    thread::check(&view, &draft, &mut findings);
    sources::check_coverage(&view, &draft, &mut findings);
    let not_assessed = demands::check(&view, &draft, before.readings, &mut findings);
    if judged == Judged::No {
        findings.add(&rules::NOT_JUDGED, Subject::Case, "no judge has read all of this draft: whether each statement follows from its evidence, and the rules that need reading, were not assessed".into(), Some("read every statement beside its evidence before you sign".into()));
    }
    let mut found = findings.found;
    found.sort();
    found.dedup();
    let critical = found.iter().any(|finding| finding.severity == Severity::Critical);
    // A judge compares with what was read, and not with the scan.
    let outcome = if judged == Judged::All && !critical && !recognised::any(&view) {
        RunOutcome::Ready
    } else {
        RunOutcome::NeedsReview
    };
    let results = results::results(
        &view,
        &found,
        Some(&results::Drafted {
            draft: &draft,
            wording,
            judged,
            not_assessed: &not_assessed,
        }),
    );
    CheckedDraft {
        draft,
        results,
        findings: found,
        outcome,
        held_back: Vec::new(),
        pages: None,
    }
}

/// What the rules find in a draft of which nothing is taken out.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The findings.
    pub findings: Vec<Finding>,
    /// The rules of the recipe that could not be applied, by id, and why.
    pub not_assessed: BTreeMap<String, String>,
}

/// Applies the rules to a draft that a person has edited: what fails is told and stays, for it is the person's.
#[must_use]
pub fn review(
    recipe: &Recipe,
    case: &Case,
    claims: &[Claim],
    kept_out: &BTreeSet<u16>,
    draft: &Draft,
) -> Reviewed {
    let view = View {
        recipe,
        case,
        claims: claims.iter().map(|claim| (claim.id, claim)).collect(),
        kept_out,
        remembered: None,
    };
    let mut findings = Findings {
        recipe,
        found: Vec::new(),
    };
    structure::check(&view, draft, &mut findings);
    // What it would take out of a draft of its own is told by the findings alone.
    _ = grounding::check(&view, draft, Wording::Written, &mut findings);
    thread::check(&view, draft, &mut findings);
    let not_assessed = demands::check(&view, draft, None, &mut findings);
    Reviewed {
        findings: findings.found,
        not_assessed,
    }
}

/// What the rules of words, which need no evidence, find in the text of a field's statement.
#[must_use]
pub fn words(recipe: &Recipe, field: &str, subject: &Subject, text: &str) -> Vec<Finding> {
    let mut findings = Findings {
        recipe,
        found: Vec::new(),
    };
    structure::words(&mut findings, field, subject, text, false);
    demands::mendable(&mut findings, field, subject, text);
    findings.found
}

/// Takes statements out of the draft, with every reference to them and every question about them: nobody is asked about
/// words that did not hold. Their words are kept beside the draft.
fn take_out(draft: &mut Draft, removed: &BTreeSet<String>, found: &[Finding]) {
    if removed.is_empty() {
        return;
    }
    let taken_out: Vec<TakenOut> = draft
        .statements()
        .filter(|(_, _, statement)| removed.contains(&statement.id))
        .map(|(_, field, statement)| TakenOut {
            field: field.key.clone(),
            statement: Some(statement.id.clone()),
            text: statement.text.clone(),
            claims: support(statement).to_vec(),
            why: complaints(found, &statement.id),
        })
        .collect();
    draft.taken_out.extend(taken_out);
    remove(draft, removed);
}

/// Removes statements, every reference to them and every question about them.
pub(crate) fn remove(draft: &mut Draft, removed: &BTreeSet<String>) {
    draft
        .queries
        .retain(|query| query.statement.as_ref().is_none_or(|id| !removed.contains(id)));
    let keep = |statement: &Statement| !removed.contains(&statement.id);
    for field in draft.sections.iter_mut().flat_map(|section| &mut section.fields) {
        let content = std::mem::replace(&mut field.content, FieldContent::Empty);
        field.content = match content {
            FieldContent::Value(statement) if keep(&statement) => FieldContent::Value(statement),
            FieldContent::Empty | FieldContent::Value(_) => FieldContent::Empty,
            FieldContent::Open(all) => non_empty(all, keep, FieldContent::Open),
            FieldContent::Statements(all) => non_empty(all, keep, FieldContent::Statements),
        };
        if let FieldContent::Statements(all) = &mut field.content {
            for statement in all {
                statement.serves.retain(|id| !removed.contains(id));
            }
        }
    }
}

/// What weighs against a statement so much that it is taken out.
fn complaints(found: &[Finding], statement: &str) -> Vec<String> {
    let about = |finding: &&Finding| {
        finding.severity == Severity::Critical
            && matches!(&finding.subject, Subject::Statement(id) if id == statement)
    };
    let mut why: Vec<String> = found
        .iter()
        .filter(about)
        .map(|one| one.message.clone())
        .collect();
    why.dedup();
    why
}

fn non_empty(
    statements: Vec<Statement>,
    keep: impl Fn(&Statement) -> bool,
    content: fn(Vec<Statement>) -> FieldContent,
) -> FieldContent {
    let kept: Vec<Statement> = statements
        .into_iter()
        .filter(|statement| keep(statement))
        .collect();
    if kept.is_empty() {
        FieldContent::Empty
    } else {
        content(kept)
    }
}

/// The claims that a statement rests on; none when it is the officer's.
fn support(statement: &Statement) -> &[ClaimId] {
    match &statement.support {
        Support::Claims(claims) => claims,
        Support::Officer => &[],
    }
}

/// The end of a run that makes no draft: the findings of the sources, and the reason.
#[must_use]
pub fn refuse(
    recipe: &Recipe,
    case: &Case,
    kept_out: &BTreeSet<u16>,
    earlier: Vec<Finding>,
    reason: String,
) -> CheckedDraft {
    let view = View {
        recipe,
        case,
        claims: BTreeMap::new(),
        kept_out,
        remembered: None,
    };
    let mut findings = Findings {
        recipe,
        found: earlier,
    };
    sources::check(&view, &mut findings);
    let mut found = findings.found;
    found.sort();
    found.dedup();
    let draft = Draft {
        sections: Vec::new(),
        conflicts: Vec::new(),
        queries: Vec::new(),
        coverage: Vec::new(),
        taken_out: Vec::new(),
    };
    CheckedDraft {
        draft,
        results: results::results(&view, &found, None),
        findings: found,
        outcome: RunOutcome::Refused { reason },
        held_back: Vec::new(),
        pages: None,
    }
}
