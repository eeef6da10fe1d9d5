//! What is left to decide, to ask and to put right, as a list of sentences for the Word files.

use std::collections::BTreeMap;

use drafting::check::rules;
use drafting::draft::Conflict;
use drafting::finding::{Finding, Severity, Subject};

use crate::QUERIES;
use crate::asked::{Asked, asked};
use crate::citation::{Citation, citations};
use crate::index::Index;
use crate::paper::Copy;
use crate::report::place;
use crate::words;

/// The open points of a copy, what weighs most first. The clean one leaves out what only matters to whoever checks
/// the draft against its sources.
pub(crate) fn open_points(index: &Index<'_>, copy: Copy) -> Vec<String> {
    let draft = index.generated.checked.draft();
    let conflicts = draft
        .conflicts
        .iter()
        .filter(|conflict| conflict.is_open())
        .map(|conflict| conflict_point(index, conflict));
    let mut points = findings(index, Severity::Critical);
    points.extend(conflicts);
    points.extend(queries_by_addressee(index));
    match copy {
        Copy::Clean => {}
        Copy::Cited => points.extend(findings(index, Severity::Standard)),
    }
    points
}

/// One point for each author who is asked: a plan has a hundred questions, which stand on sheets of their own.
fn queries_by_addressee(index: &Index<'_>) -> Vec<String> {
    let nobody = &index.recipe.wording.sheets.nobody;
    asked(index)
        .iter()
        .map(|asked| addressee_point(asked, nobody))
        .collect()
}

fn addressee_point(asked: &Asked<'_>, nobody: &str) -> String {
    let mut statements: Vec<&str> = Vec::new();
    for id in asked
        .queries
        .iter()
        .filter_map(|(_, query)| query.statement.as_deref())
    {
        if !statements.contains(&id) {
            statements.push(id);
        }
    }
    let about = if statements.is_empty() {
        String::new()
    } else {
        format!(", about {}", statements.join(", "))
    };
    let to = asked
        .role
        .map_or_else(|| nobody.to_owned(), |role| format!("Questions to {role}"));
    format!(
        "{to}: {}{about}. Ready to send in {QUERIES}.",
        asked.queries.len()
    )
}

/// The findings of a weight, those that say the same of several places as one.
fn findings(index: &Index<'_>, severity: Severity) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // A conflict is listed with its values; the finding about it says less.
    // Nor do findings about words that are held back: they could repeat them.
    let told = |finding: &&Finding| {
        let held = finding.rule != rules::HELD_BACK.id && is_held_back(index, finding);
        finding.severity == severity && finding.rule != rules::CONFLICT.id && !held
    };
    for finding in index.generated.checked.findings().iter().filter(told) {
        let hint = finding
            .hint
            .as_deref()
            .map_or_else(String::new, |hint| format!(" {}", words::sentence(hint)));
        let words = format!("{}{hint}", words::sentence(&finding.message)).replace('`', "");
        let about = places.entry(words.clone()).or_insert_with(|| {
            said.push(words);
            Vec::new()
        });
        let place = place(index, &finding.subject);
        if !place.is_empty() {
            about.push(place);
        }
    }
    let weight = words::severity(severity);
    let point = |words: String| match places.get(&words).filter(|places| !places.is_empty()) {
        Some(places) => format!("{weight}, {}: {words}", places.join(", ")),
        None => format!("{weight}: {words}"),
    };
    said.into_iter().map(point).collect()
}

fn is_held_back(index: &Index<'_>, finding: &Finding) -> bool {
    let Subject::Statement(id) = &finding.subject else {
        return false;
    };
    let held = index.generated.checked.held_back().iter();
    held.filter_map(|one| one.statement.as_ref())
        .any(|held| held == id)
}

fn conflict_point(index: &Index<'_>, conflict: &Conflict) -> String {
    let values: Vec<String> = conflict
        .values
        .iter()
        .map(|value| {
            let places = citations(index, &value.sentences.iter().copied().collect());
            let mut places: Vec<String> = places.iter().map(Citation::file_and_place).collect();
            places.dedup();
            format!("{} ({})", value.value, places.join("; "))
        })
        .collect();
    let about = index.label(&conflict.attribute).unwrap_or(&conflict.attribute);
    format!("Conflict, {about}: the sources differ: {}.", values.join(" / "))
}
