//! What is to be asked and decided: queries by whom they go to, and conflicts with their values side by side.

use std::collections::BTreeSet;

use drafting::document::SentenceId;
use drafting::draft::{Conflict, ConflictValue, Query};
use drafting::finding::Subject;
use serde::Serialize;

use super::findings::{self, FindingView, Link};
use super::statements::{Evidence, Times, evidence};
use crate::asked::{Asked, asked, role};
use crate::citation::{Citation, citations};
use crate::index::Index;
use crate::words;

/// The queries to one author.
#[derive(Serialize)]
pub(super) struct Letter<'a> {
    to: String,
    kind: Option<&'a str>,
    opening: String,
    count: usize,
    groups: Vec<QueryGroup<'a>>,
}

/// The queries to one author that are asked for the same reason.
#[derive(Serialize)]
struct QueryGroup<'a> {
    reason: &'a str,
    queries: Vec<QueryView<'a>>,
}

/// A query as it is shown.
#[derive(Serialize)]
struct QueryView<'a> {
    /// Its place in the draft, from 1.
    number: usize,
    question: &'a str,
    statement: Option<Link>,
    /// The statement's words, unless the question repeats them.
    about: Option<&'a str>,
}

/// A query with why it is asked.
type Reasoned<'a> = (&'a str, QueryView<'a>);

/// A conflict as it is shown.
#[derive(Serialize)]
pub(super) struct ConflictView<'a> {
    attribute: String,
    /// The key to put into the manifest's choices, where the conflict is about a field.
    key: Option<&'a str>,
    field: Option<Link>,
    /// Findings about it that have no field to stand at.
    findings: Vec<FindingView<'a>>,
    values: Vec<ValueView<'a>>,
    /// What the officer decided.
    decided: Option<&'a str>,
}

/// A conflict as it is told beside a statement that gives one of its values.
#[derive(Serialize)]
pub(super) struct ConflictTie<'a> {
    link: Link,
    /// What the officer decided.
    decided: Option<&'a str>,
    /// The values with where they stand; none where the field itself lists them.
    values: Vec<(&'a str, String)>,
}

/// One of the values.
#[derive(Serialize)]
struct ValueView<'a> {
    value: &'a str,
    evidence: Vec<Evidence<'a>>,
}

/// The conflicts in order.
pub(super) fn conflicts<'a>(index: &Index<'a>) -> Vec<ConflictView<'a>> {
    index
        .generated
        .checked
        .draft()
        .conflicts
        .iter()
        .enumerate()
        .map(|(at, conflict)| conflict_view(index, at, conflict))
        .collect()
}

fn conflict_view<'a>(index: &Index<'a>, at: usize, conflict: &'a Conflict) -> ConflictView<'a> {
    let key = conflict.attribute.as_str();
    let label = index.label(key);
    let field = index.field(key).map(|field| Link {
        target: Some(format!("field-{}", field.key)),
        text: label.unwrap_or(key).to_owned(),
    });
    let value = |value: &'a ConflictValue| ValueView {
        value: &value.value,
        evidence: evidence(
            index,
            &value.sentences.iter().copied().collect::<BTreeSet<_>>(),
            &Times::new(),
        ),
    };
    let stand_here = index.field(key).is_none() && index.conflict(key) == Some(at);
    let findings = if stand_here {
        findings::about(index, &Subject::Field(key.to_owned()))
    } else {
        Vec::new()
    };
    ConflictView {
        attribute: words::capital(label.unwrap_or(key)),
        key: label.map(|_| key),
        field,
        findings,
        values: conflict.values.iter().map(value).collect(),
        decided: conflict.decided.as_deref(),
    }
}

/// The conflicts that any of these sentences gives a value for, told beside a statement of a field.
pub(super) fn conflict_ties<'a>(
    index: &Index<'a>,
    field: &str,
    sentences: &BTreeSet<SentenceId>,
) -> Vec<ConflictTie<'a>> {
    let conflicts = &index.generated.checked.draft().conflicts;
    let all = index.conflicts(sentences).into_iter();
    all.filter_map(|at| Some((at, conflicts.get(at)?)))
        .map(|(at, conflict)| conflict_tie(index, field, at, conflict))
        .collect()
}

fn conflict_tie<'a>(index: &Index<'a>, field: &str, at: usize, conflict: &'a Conflict) -> ConflictTie<'a> {
    let attribute = conflict.attribute.as_str();
    let value = |value: &'a ConflictValue| {
        let places = citations(index, &value.sentences.iter().copied().collect());
        let places: BTreeSet<String> = places.iter().map(Citation::file_and_place).collect();
        let places: Vec<String> = places.into_iter().collect();
        (value.value.as_str(), places.join("; "))
    };
    ConflictTie {
        link: Link {
            target: Some(format!("conflict-{}", at + 1)),
            text: index.label(attribute).unwrap_or(attribute).to_owned(),
        },
        decided: conflict.decided.as_deref(),
        values: if attribute == field && conflict.is_open() {
            Vec::new()
        } else {
            conflict.values.iter().map(value).collect()
        },
    }
}

/// Links to the queries about a statement, by whom they go to.
pub(super) fn query_links(index: &Index<'_>, statement: &str) -> Vec<Link> {
    let queries = &index.generated.checked.draft().queries;
    let told = |at: usize| queries.get(at).map(|query| (at, addressee(index, query)));
    let all = index.queries(statement).iter().filter_map(|at| told(*at));
    all.map(|(at, to)| Link {
        target: Some(format!("query-{}", at + 1)),
        text: to,
    })
    .collect()
}

/// Links to the queries about a statement, by their numbers.
pub(super) fn numbers(index: &Index<'_>, statement: &str) -> Vec<Link> {
    let all = index.queries(statement).iter();
    all.map(|at| Link {
        target: Some(format!("query-{}", at + 1)),
        text: format!("query {}", at + 1),
    })
    .collect()
}

/// Whom a query goes to, as a role.
fn addressee(index: &Index<'_>, query: &Query) -> String {
    role(index, query).map_or_else(|| index.recipe.wording.sheets.nobody.clone(), str::to_owned)
}

/// The queries by whom they go to, in the order in which the recipe lists the kinds of advice.
pub(super) fn letters<'a>(index: &Index<'a>) -> Vec<Letter<'a>> {
    asked(index)
        .into_iter()
        .map(|asked| letter(index, &asked))
        .collect()
}

fn letter<'a>(index: &Index<'a>, asked: &Asked<'a>) -> Letter<'a> {
    let queries = asked
        .queries
        .iter()
        .map(|(number, query)| (query.reason.as_str(), query_view(index, *number, query)));
    let nobody = &index.recipe.wording.sheets.nobody;
    Letter {
        to: asked.role.map_or_else(|| nobody.clone(), str::to_owned),
        kind: asked.advice.map(|advice| advice.title.as_str()),
        opening: opening(index, asked),
        count: asked.queries.len(),
        groups: by_reason(queries),
    }
}

/// Queries by why they are asked, in the order in which the reasons come first.
fn by_reason<'a>(queries: impl Iterator<Item = Reasoned<'a>>) -> Vec<QueryGroup<'a>> {
    let mut groups: Vec<QueryGroup<'a>> = Vec::new();
    for (reason, query) in queries {
        match groups.iter_mut().find(|group| group.reason == reason) {
            Some(group) => group.queries.push(query),
            None => groups.push(QueryGroup {
                reason,
                queries: vec![query],
            }),
        }
    }
    groups
}

/// The sentence with which the queries to an author begin. It names the case by its reference only.
fn opening(index: &Index<'_>, asked: &Asked<'_>) -> String {
    let reports = asked.reports.iter();
    let theirs: Vec<String> = reports
        .map(|source| match source.date {
            Some(date) => format!("{} of {}", source.name, words::day(date)),
            None => source.name.to_string(),
        })
        .collect();
    let leaves = if theirs.is_empty() {
        "The advice received leaves".to_owned()
    } else {
        format!("Your advice ({}) leaves", words::list(&theirs))
    };
    format!(
        "Case {}, {}. {leaves} the following open. Please answer each point, or say that it cannot be given.",
        index.generated.case.id, index.recipe.title
    )
}

fn query_view<'a>(index: &Index<'a>, number: usize, query: &'a Query) -> QueryView<'a> {
    let statement = query.statement.as_deref();
    QueryView {
        number,
        question: &query.question,
        statement: statement.map(|id| findings::statement_link(index, id)),
        about: statement
            .and_then(|id| index.statement(id))
            .map(|statement| statement.text.as_str())
            .filter(|text| !query.question.contains(text)),
    }
}
