//! What is to be asked and decided: queries by whom they go to, and conflicts with their values side by side.

use std::collections::{BTreeMap, BTreeSet};

use drafting::document::SentenceId;
use drafting::draft::{Conflict, ConflictValue, Query};
use serde::Serialize;

use super::findings::{self, Link};
use super::statements::{Evidence, evidence};
use crate::index::Index;
use crate::words;

/// The queries to one author.
#[derive(Serialize)]
pub(super) struct Letter<'a> {
    to: String,
    kind: Option<&'a str>,
    opening: String,
    queries: Vec<QueryView<'a>>,
}

/// A query as it is shown.
#[derive(Serialize)]
struct QueryView<'a> {
    /// Its place in the draft, from 1.
    number: usize,
    question: &'a str,
    reason: String,
    statement: Option<Link>,
    /// The statement's words, unless the question repeats them.
    about: Option<&'a str>,
}

/// A conflict as it is shown.
#[derive(Serialize)]
pub(super) struct ConflictView<'a> {
    attribute: String,
    /// The key to put into the manifest's choices, where the conflict is about a field.
    key: Option<&'a str>,
    field: Option<Link>,
    values: Vec<ValueView<'a>>,
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
        .map(|conflict| conflict_view(index, conflict))
        .collect()
}

fn conflict_view<'a>(index: &Index<'a>, conflict: &'a Conflict) -> ConflictView<'a> {
    let key = conflict.attribute.as_str();
    let label = index.label(key);
    let field = index.field(key).map(|field| Link {
        target: Some(format!("field-{}", field.key)),
        text: label.unwrap_or(key).to_owned(),
    });
    let value = |value: &'a ConflictValue| ValueView {
        value: &value.value,
        evidence: evidence(index, &value.sentences.iter().copied().collect::<BTreeSet<_>>()),
    };
    ConflictView {
        attribute: words::capital(label.unwrap_or(key)),
        key: label.map(|_| key),
        field,
        values: conflict.values.iter().map(value).collect(),
    }
}

/// Links to the conflicts that any of these sentences gives a value for.
pub(super) fn conflict_links(index: &Index<'_>, sentences: &BTreeSet<SentenceId>) -> Vec<Link> {
    let conflicts = &index.generated.checked.draft().conflicts;
    let told = |at: usize| {
        conflicts
            .get(at)
            .map(|conflict| (at, conflict.attribute.as_str()))
    };
    let all = index.conflicts(sentences).into_iter().filter_map(told);
    all.map(|(at, attribute)| Link {
        target: Some(format!("conflict-{}", at + 1)),
        text: index.label(attribute).unwrap_or(attribute).to_owned(),
    })
    .collect()
}

/// Links to the queries about a statement, by whom they go to.
pub(super) fn query_links(index: &Index<'_>, statement: &str) -> Vec<Link> {
    let queries = &index.generated.checked.draft().queries;
    let told = |at: usize| {
        queries
            .get(at)
            .map(|query| (at, addressee(index, query.to.as_deref())))
    };
    let all = index.queries(statement).iter().filter_map(|at| told(*at));
    all.map(|(at, to)| Link {
        target: Some(format!("query-{}", at + 1)),
        text: to,
    })
    .collect()
}

/// Whom queries go to, as a role.
fn addressee(index: &Index<'_>, to: Option<&str>) -> String {
    let advice = to.and_then(|id| index.recipe.advice(id));
    match (advice, to) {
        (Some(advice), _) => advice.author.clone(),
        (None, Some(id)) => id.to_owned(),
        (None, None) => "Whoever can say".to_owned(),
    }
}

/// The queries by whom they go to, in the order in which the recipe lists the kinds of advice.
pub(super) fn letters<'a>(index: &Index<'a>) -> Vec<Letter<'a>> {
    let order = |to: Option<&str>| {
        let known = index
            .recipe
            .advice
            .iter()
            .position(|advice| Some(advice.id.as_str()) == to);
        (known.is_none(), known, to.is_none())
    };
    let mut groups: BTreeMap<_, (Option<&str>, Vec<QueryView<'a>>)> = BTreeMap::new();
    for (number, query) in (1..).zip(&index.generated.checked.draft().queries) {
        let to = query.to.as_deref();
        let group = groups.entry((order(to), to)).or_insert_with(|| (to, Vec::new()));
        group.1.push(query_view(index, number, query));
    }
    groups
        .into_values()
        .map(|(to, queries)| letter(index, to, queries))
        .collect()
}

fn letter<'a>(index: &Index<'a>, to: Option<&'a str>, queries: Vec<QueryView<'a>>) -> Letter<'a> {
    let advice = to.and_then(|id| index.recipe.advice(id));
    Letter {
        to: addressee(index, to),
        kind: advice.map(|advice| advice.title.as_str()),
        opening: opening(index, to),
        queries,
    }
}

/// The sentence with which the queries to an author begin. It names the case by its reference only.
fn opening(index: &Index<'_>, to: Option<&str>) -> String {
    let sources = index.generated.case.sources.iter();
    let theirs: Vec<String> = sources
        .filter(|source| to.is_some() && source.advice.as_deref() == to && index.is_listed(source.number))
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
        reason: words::sentence(&query.reason),
        statement: statement.map(|id| findings::statement_link(index, id)),
        about: statement
            .and_then(|id| index.statement(id))
            .map(|statement| statement.text.as_str())
            .filter(|text| !query.question.contains(text)),
    }
}
