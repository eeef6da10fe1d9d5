//! Pupil numbers, in the draft and in what it was drafted from.

use std::collections::BTreeSet;

use super::{Found, Scope};
use crate::document::Sentence;
use crate::finding::Subject;
use crate::pupil_number::{is_right, numbers};

/// Pupil numbers whose check letter is wrong, and more than one: the other is another pupil's, or a temporary one that a
/// permanent one replaced.
pub(super) fn pupil_numbers(scope: &Scope) -> Result<Found, String> {
    let statements = scope.statements().map(|(_, _, statement)| {
        let subject = Subject::Statement(statement.id.clone());
        (subject, numbers(&statement.text))
    });
    let sources = sentences(scope).map(|sentence| (Subject::Sentence(sentence.id), numbers(&sentence.text)));
    let (mut all, mut found) = (BTreeSet::new(), Found::new());
    for (subject, given) in statements.chain(sources) {
        if given.iter().any(|number| !is_right(number)) {
            let message = "the check letter of its pupil number is wrong: a character was mistyped";
            found.push((subject, message.to_owned()));
        }
        all.extend(given);
    }
    if all.len() > 1 {
        let message = format!(
            "there are {} different pupil numbers: one may be another child's",
            all.len()
        );
        found.push((Subject::Case, message));
    }
    if all.is_empty() {
        Err("neither the draft nor its sources hold such a number".into())
    } else {
        Ok(found)
    }
}

/// The sentences of the sources that were drafted from.
fn sentences<'a>(scope: &Scope<'a>) -> impl Iterator<Item = &'a Sentence> {
    let view = scope.view;
    let sources = view
        .case
        .sources
        .iter()
        .filter(|source| !view.kept_out.contains(&source.number));
    sources
        .filter_map(|source| source.content.as_ref().ok())
        .flat_map(|document| &document.sentences)
}
