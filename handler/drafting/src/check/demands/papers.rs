//! The sources as papers: what is enclosed, what an index says of each, and which may not be drawn on.

use std::collections::BTreeMap;

use super::{Found, Scope};
use crate::case::Source;
use crate::check::support;
use crate::finding::Subject;
use crate::recipe::demands::{Enclosed, IndexEntry};
use crate::recipe::lexicon::fold;

/// A paper that a form says is enclosed, and that is not there.
pub(super) fn enclosed(scope: &Scope, sought: &Enclosed) -> Result<Found, String> {
    let said = scope
        .value(&sought.fact)
        .ok_or("no source says whether it is enclosed")?;
    if !fold(said).starts_with("yes") {
        return Ok(Found::new());
    }
    let is_it = |source: &Source| {
        let document = source.content.as_ref().ok();
        let headings = document.into_iter().flat_map(|document| &document.headings);
        let name = source.name.as_str().replace(['_', '-', '.'], " ");
        let mut words = headings.map(|(_, heading, _)| fold(heading)).chain([fold(&name)]);
        words.any(|words| sought.phrases.found(&words))
    };
    if scope.view.case.sources.iter().any(is_it) {
        return Ok(Found::new());
    }
    let message = "a form says that it is enclosed, and no file of that name or title is here".to_owned();
    Ok(vec![(Subject::Field(sought.fact.clone()), message)])
}

/// Sources of which an index cannot say what it must, and files that are there twice.
pub(super) fn indexed(scope: &Scope, wanted: &[IndexEntry]) -> Result<Found, String> {
    let sources = &scope.view.case.sources;
    if sources.is_empty() {
        return Err("no document was given".into());
    }
    let mut seen: BTreeMap<&str, &Source> = BTreeMap::new();
    let mut found = Found::new();
    for source in sources {
        let subject = || Subject::Source(source.name.clone());
        let lacking: Vec<&str> = wanted
            .iter()
            .filter_map(|entry| lacking(source, *entry))
            .collect();
        if !lacking.is_empty() {
            found.push((
                subject(),
                format!("the index cannot say {} of it", lacking.join(" and ")),
            ));
        }
        if let Some(first) = seen.insert(source.digest.as_str(), source) {
            found.push((
                subject(),
                format!("it is the same file as `{}`, under another name", first.name),
            ));
        }
    }
    Ok(found)
}

fn lacking(source: &Source, entry: IndexEntry) -> Option<&'static str> {
    match entry {
        IndexEntry::Kind => source.advice.is_none().then_some("the kind of advice"),
        IndexEntry::Author => source.author_role.is_none().then_some("the role of its author"),
        IndexEntry::Date => source.date.is_none().then_some("the date"),
    }
}

/// Statements that rest on sources of these kinds.
pub(super) fn not_from(scope: &Scope, kinds: &[String]) -> Found {
    let of_kind = |number: u16| {
        let source = scope
            .view
            .case
            .sources
            .iter()
            .find(|source| source.number == number);
        let advice = source.and_then(|source| source.advice.as_ref());
        advice.is_some_and(|advice| kinds.contains(advice))
    };
    let statements = scope.statements();
    let resting = statements.filter(|(_, _, statement)| {
        let claims = support(statement)
            .iter()
            .filter_map(|id| scope.view.claims.get(id));
        claims
            .flat_map(|claim| &claim.sentences)
            .any(|sentence| of_kind(sentence.source))
    });
    resting
        .map(|(_, _, statement)| {
            let message = "it rests on a document that this part may not be drawn from".to_owned();
            (Subject::Statement(statement.id.clone()), message)
        })
        .collect()
}
