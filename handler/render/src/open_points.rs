//! What is left to decide, to ask and to put right, as a list of sentences for the Word files.

use std::collections::{BTreeMap, BTreeSet};

use drafting::check::rules;
use drafting::draft::{Conflict, Query};
use drafting::finding::{Finding, Severity};

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
    match copy {
        Copy::Clean => points.extend(queries_by_addressee(index)),
        Copy::Cited => {
            points.extend(draft.queries.iter().map(|query| query_point(index, query)));
            points.extend(findings(index, Severity::Standard));
        }
    }
    points
}

/// One point for each person who is asked: a plan has a hundred questions, which the other copy and the report hold
/// ready to send.
fn queries_by_addressee(index: &Index<'_>) -> Vec<String> {
    let mut by_addressee: Vec<(&str, Vec<&str>)> = Vec::new();
    for query in &index.generated.checked.draft().queries {
        let to = query.to.as_deref().unwrap_or("");
        let about = query.statement.as_deref();
        match by_addressee.iter_mut().find(|(id, _)| *id == to) {
            Some((_, statements)) => statements.extend(about),
            None => by_addressee.push((to, about.into_iter().collect())),
        }
    }
    let all = &index.generated.checked.draft().queries;
    by_addressee
        .into_iter()
        .map(|(id, mut statements)| {
            let count = all
                .iter()
                .filter(|query| query.to.as_deref().unwrap_or("") == id)
                .count();
            let to = index
                .recipe
                .advice(id)
                .map_or("whoever knows", |advice| advice.author.as_str());
            let mut told = BTreeSet::new();
            statements.retain(|id| told.insert(*id));
            let about = if statements.is_empty() {
                String::new()
            } else {
                format!(", about {}", statements.join(", "))
            };
            format!(
                "Questions to {to}: {count}{about}. Ready to send in the report and in the evidence copy."
            )
        })
        .collect()
}

/// The findings of a weight, those that say the same of several places as one.
fn findings(index: &Index<'_>, severity: Severity) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // A conflict is listed with its values; the finding about it says less.
    let told = |finding: &&Finding| finding.severity == severity && finding.rule != rules::CONFLICT.id;
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

fn query_point(index: &Index<'_>, query: &Query) -> String {
    let to = query.to.as_deref().map(|id| {
        index
            .recipe
            .advice(id)
            .map_or(id, |advice| advice.author.as_str())
    });
    let to = to.map_or_else(String::new, |to| format!(" to {to}"));
    let about = query
        .statement
        .as_deref()
        .map_or_else(String::new, |id| format!(", {id}"));
    format!(
        "Query{to}{about}: {} Why: {}",
        words::sentence(&query.question),
        words::sentence(&query.reason)
    )
}
