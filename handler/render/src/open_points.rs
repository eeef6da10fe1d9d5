//! What is left to decide, to ask and to put right, as a list for the Word files.

use drafting::check::rules;
use drafting::draft::{Conflict, Query};
use drafting::finding::{Finding, Severity};
use serde_json::{Value, json};

use crate::citation::citations;
use crate::index::Index;
use crate::paper::Copy;
use crate::report::place;
use crate::words;

/// The open points of a copy. The clean one, which goes out after it was edited, lists only what makes its text
/// wrong or incomplete: critical findings and conflicts.
pub(crate) fn open_points(index: &Index<'_>, copy: Copy) -> Value {
    let draft = index.generated.checked.draft();
    let critical = findings(index, Severity::Critical);
    let conflicts = draft.conflicts.iter().map(|conflict| conflict_point(index, conflict));
    let queries = draft.queries.iter().map(|query| query_point(index, query));
    match copy {
        Copy::Clean => critical.chain(conflicts).collect(),
        Copy::Cited => critical.chain(conflicts).chain(queries).chain(findings(index, Severity::Standard)).collect(),
    }
}

fn findings<'a>(index: &'a Index<'_>, severity: Severity) -> impl Iterator<Item = Value> + 'a {
    let findings = index.generated.checked.findings().iter();
    // A conflict is listed with its values; the finding about it says less.
    let told = move |finding: &&Finding| finding.severity == severity && finding.rule != rules::CONFLICT.id;
    findings.filter(told).map(|finding| {
        let hint = finding.hint.as_deref().map(words::sentence).unwrap_or_default();
        json!({
            "kind": format!("{} finding", words::severity(finding.severity)),
            "about": place(index, &finding.subject),
            "to": "",
            "text": format!("{} {hint}", words::sentence(&finding.message)).trim_end().replace('`', ""),
        })
    })
}

fn conflict_point(index: &Index<'_>, conflict: &Conflict) -> Value {
    let values: Vec<String> = conflict
        .values
        .iter()
        .map(|value| {
            let places: Vec<String> = citations(index, &value.sentences.iter().copied().collect())
                .iter()
                .map(|citation| format!("{}, {}", citation.source.name, citation.place()))
                .collect();
            format!("{} ({})", value.value, places.join("; "))
        })
        .collect();
    json!({
        "kind": "Conflict",
        "about": words::capital(index.label(&conflict.attribute).unwrap_or(&conflict.attribute)),
        "to": "",
        "text": format!("The sources differ: {}.", values.join(" / ")),
    })
}

fn query_point(index: &Index<'_>, query: &Query) -> Value {
    let to = query.to.as_deref();
    json!({
        "kind": "Query",
        "about": query.statement.as_deref().unwrap_or(""),
        "to": to.map_or("", |id| index.recipe.advice(id).map_or(id, |advice| advice.author.as_str())),
        "text": format!("{} {}", query.question.trim(), words::sentence(&query.reason)),
    })
}
