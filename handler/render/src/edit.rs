//! `edit.html`: what a person did to a draft, and what the rules say of it.
//!
//! In the style of the report, with its guards: everything is escaped, and nothing is loaded from anywhere.

use drafting::changes::Quoted;
use drafting::compare::Piece;
use drafting::edit::{Added, Around, Bearing, Changed, Edit, Removed};
use drafting::finding::{Finding, Subject};
use drafting::id::RunId;
use drafting::recipe::Recipe;
use serde::Serialize;

use crate::report::{QuoteView, quote};
use crate::{RenderFault, report, words};

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    case: &'a str,
    run: &'a str,
    date: String,
    sha256: &'a str,
    /// The newest run, where it is another one.
    newer: Option<&'a str>,
    counts: Vec<(&'static str, usize)>,
    lost: usize,
    changed: Vec<ChangedView<'a>>,
    removed: Vec<RemovedView<'a>>,
    added: Vec<AddedView<'a>>,
    moved: &'a [String],
    around: Vec<AroundView<'a>>,
    around_count: usize,
    new: Vec<FoundView<'a>>,
    gone: Vec<FoundView<'a>>,
    not_assessed: Vec<(&'a str, &'a str)>,
    notices: Vec<(&'static str, &'static str, Option<&'a str>)>,
}

#[derive(Serialize)]
struct ChangedView<'a> {
    id: &'a str,
    label: String,
    words: &'a [Piece],
    key: &'static str,
    bearing: &'static str,
    findings: Vec<FoundView<'a>>,
    evidence: Vec<QuoteView<'a>>,
}

#[derive(Serialize)]
struct RemovedView<'a> {
    id: &'a str,
    label: String,
    text: &'a str,
    specifics: &'a [String],
    served: &'a [String],
    left_serving: &'a [String],
    left_alone: &'a [String],
    evidence: Vec<QuoteView<'a>>,
}

#[derive(Serialize)]
struct AddedView<'a> {
    id: &'a str,
    label: String,
    text: &'a str,
    findings: Vec<FoundView<'a>>,
    checked: bool,
}

#[derive(Serialize)]
struct AroundView<'a> {
    old: &'a str,
    new: &'a str,
}

#[derive(Serialize)]
struct FoundView<'a> {
    key: &'static str,
    label: &'static str,
    rule: &'a str,
    place: String,
    message: String,
    hint: Option<String>,
}

/// The page of an edit.
pub(crate) fn render(recipe: &Recipe, edit: &Edit, newest: Option<&RunId>) -> Result<Vec<u8>, RenderFault> {
    report::written("edit.html", page(recipe, edit, newest))
}

fn page<'a>(recipe: &'a Recipe, edit: &'a Edit, newest: Option<&'a RunId>) -> Page<'a> {
    let of = |bearing: Bearing| edit.changed.iter().filter(|one| one.bearing == bearing).count();
    let newer = newest.filter(|newest| **newest != edit.run);
    Page {
        title: &recipe.title,
        case: edit.case.as_str(),
        run: edit.run.as_str(),
        date: words::day(edit.date),
        sha256: edit.edited.as_str(),
        newer: newer.map(RunId::as_str),
        counts: vec![
            ("Changed and lost their evidence", of(Bearing::Lost)),
            ("Changed, and doubtful", of(Bearing::Doubtful)),
            ("Changed, and no rule objects", of(Bearing::Stands)),
            ("The officer\u{2019}s own, changed", of(Bearing::Officer)),
            ("Removed", edit.removed.len()),
            ("Added without evidence", edit.added.len()),
            ("Moved", edit.moved.len()),
            ("As they were", edit.unchanged),
        ],
        lost: of(Bearing::Lost),
        changed: edit.changed.iter().map(|one| changed(recipe, one)).collect(),
        removed: edit.removed.iter().map(|one| removed(recipe, one)).collect(),
        added: edit.added.iter().map(|one| added(recipe, one)).collect(),
        moved: &edit.moved,
        around: edit.around.iter().map(around).collect(),
        around_count: edit.around.len(),
        new: edit.findings.new.iter().map(|one| found(recipe, one)).collect(),
        gone: edit.findings.gone.iter().map(|one| found(recipe, one)).collect(),
        not_assessed: edit
            .not_assessed
            .iter()
            .map(|(rule, why)| (rule.as_str(), why.as_str()))
            .collect(),
        notices: edit
            .notices
            .iter()
            .map(|notice| {
                let (what, advice) = words::notice(notice.kind);
                (what, advice, notice.text.as_deref())
            })
            .collect(),
    }
}

fn label(recipe: &Recipe, section: &str, field: &str) -> String {
    let label = recipe.field(field).map_or(field, |field| field.label.as_str());
    format!("{section}: {label}")
}

fn changed<'a>(recipe: &Recipe, one: &'a Changed) -> ChangedView<'a> {
    let (key, bearing) = match one.bearing {
        Bearing::Lost => ("critical", "Lost its evidence"),
        Bearing::Doubtful => ("standard", "Doubtful"),
        Bearing::Stands => ("none", "No rule objects; no judge has read it"),
        Bearing::Officer => ("none", "The officer\u{2019}s own"),
    };
    ChangedView {
        id: &one.id,
        label: label(recipe, &one.section, &one.field),
        words: &one.words,
        key,
        bearing,
        findings: one.findings.iter().map(|one| found(recipe, one)).collect(),
        evidence: quotes(&one.evidence),
    }
}

fn removed<'a>(recipe: &Recipe, one: &'a Removed) -> RemovedView<'a> {
    RemovedView {
        id: &one.id,
        label: label(recipe, &one.section, &one.field),
        text: &one.text,
        specifics: &one.specifics,
        served: &one.served,
        left_serving: &one.left_serving,
        left_alone: &one.left_alone,
        evidence: quotes(&one.evidence),
    }
}

fn added<'a>(recipe: &Recipe, one: &'a Added) -> AddedView<'a> {
    let place = match (&one.section, &one.field, &one.heading) {
        (Some(section), Some(field), _) => label(recipe, section, field),
        (Some(section), None, _) => format!("Section {section}"),
        (None, _, Some(heading)) => format!("under {heading}"),
        (None, _, None) => String::from("at the front"),
    };
    AddedView {
        id: &one.id,
        label: place,
        text: &one.text,
        findings: one.findings.iter().map(|one| found(recipe, one)).collect(),
        checked: one.field.is_some(),
    }
}

fn around(one: &Around) -> AroundView<'_> {
    AroundView {
        old: &one.old,
        new: &one.new,
    }
}

fn quotes(all: &[Quoted]) -> Vec<QuoteView<'_>> {
    all.iter().map(quote).collect()
}

fn found<'a>(recipe: &Recipe, finding: &'a Finding) -> FoundView<'a> {
    let place = match &finding.subject {
        Subject::Case | Subject::Sentence(_) => String::new(),
        Subject::Source(name) => name.to_string(),
        Subject::Section(id) => format!("Section {id}"),
        Subject::Field(key) => recipe.field(key).map_or(key, |field| &field.label).clone(),
        Subject::Statement(id) => id.clone(),
    };
    FoundView {
        key: words::severity_key(finding.severity),
        label: words::severity(finding.severity),
        rule: &finding.rule,
        place,
        message: words::sentence(&finding.message),
        hint: finding.hint.as_deref().map(words::sentence),
    }
}
