//! What is left to decide, to ask and to put right, as a list of sentences for the Word files.

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
        .map(|conflict| conflict_point(index, conflict));
    let mut points: Vec<String> = findings(index, Severity::Critical).chain(conflicts).collect();
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
            let count = all.iter().filter(|query| query.to.as_deref().unwrap_or("") == id).count();
            let to = index.recipe.advice(id).map_or("whoever knows", |advice| advice.author.as_str());
            statements.dedup();
            let about = if statements.is_empty() { String::new() } else { format!(", about {}", statements.join(", ")) };
            format!("Questions to {to}: {count}{about}. They are ready to send in the report and in the evidence copy.")
        })
        .collect()
}

fn findings<'a>(index: &'a Index<'_>, severity: Severity) -> impl Iterator<Item = String> + 'a {
    let findings = index.generated.checked.findings().iter();
    // A conflict is listed with its values; the finding about it says less.
    let told = move |finding: &&Finding| finding.severity == severity && finding.rule != rules::CONFLICT.id;
    findings.filter(told).map(|finding| {
        let weight = words::severity(finding.severity);
        let about = place(index, &finding.subject);
        let about = if about.is_empty() {
            String::new()
        } else {
            format!(", {about}")
        };
        let hint = finding
            .hint
            .as_deref()
            .map_or_else(String::new, |hint| format!(" {}", words::sentence(hint)));
        format!("{weight}{about}: {}{hint}", words::sentence(&finding.message)).replace('`', "")
    })
}

fn conflict_point(index: &Index<'_>, conflict: &Conflict) -> String {
    let values: Vec<String> = conflict
        .values
        .iter()
        .map(|value| {
            let places = citations(index, &value.sentences.iter().copied().collect());
            let places: Vec<String> = places.iter().map(Citation::file_and_place).collect();
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
        "Query{to}{about}: {} ({})",
        query.question.trim(),
        query.reason.trim().trim_end_matches('.')
    )
}
