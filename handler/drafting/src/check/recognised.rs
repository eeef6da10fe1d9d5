//! What text recognition read is compared with the scan by a person, above all where it was not sure.
//!
//! The rules on numbers, dates, names and denials compare a statement with its sentences. Where a sentence itself may have
//! been misread they say nothing, so that what they rest on is told with more weight than a doubtful word of another kind.

use std::collections::BTreeSet;

use super::{Findings, View, rules, support};
use crate::case::Source;
use crate::document::SentenceId;
use crate::draft::{Draft, Statement};
use crate::finding::Subject;
use crate::recognised::{Recognition, Token};

/// Words that a finding names, at most: who sees as many looks at the whole place.
const MOST_NAMED: usize = 8;

/// How the scanned pages of a source were read, where any were.
pub(super) fn of(source: &Source) -> Option<&Recognition> {
    source.content.as_ref().ok()?.recognition.as_ref()
}

/// Whether anything that was drafted from was read so.
pub(super) fn any(view: &View) -> bool {
    let used = |source: &&Source| !view.kept_out.contains(&source.number);
    view.case
        .sources
        .iter()
        .filter(used)
        .any(|source| of(source).is_some())
}

/// Says of each source how it was read.
pub(super) fn check_sources(view: &View, findings: &mut Findings) {
    for source in &view.case.sources {
        let Some(recognition) = of(source) else { continue };
        findings.add(
            &rules::RECOGNISED,
            Subject::Source(source.name.clone()),
            recognition.told(),
            Some("compare what the draft takes from it with the scan, numbers, dates and names first".into()),
        );
    }
}

/// Says of each statement which words of its evidence were not read surely.
pub(super) fn check(view: &View, draft: &Draft, findings: &mut Findings) {
    for (_, _, statement) in draft.statements() {
        let doubts = doubts(view, statement);
        for (rule, facts, what) in [
            (&rules::DOUBTFUL_FACT, true, "numbers, dates, names or denials"),
            (&rules::DOUBTFUL, false, "words"),
        ] {
            let named: BTreeSet<&str> = doubts
                .iter()
                .filter(|doubt| doubt.fact == facts)
                .map(|doubt| doubt.word.as_str())
                .collect();
            if named.is_empty() {
                continue;
            }
            let places: BTreeSet<&str> = doubts.iter().map(|doubt| doubt.place.as_str()).collect();
            let places: Vec<&str> = places.into_iter().collect();
            findings.add(
                rule,
                Subject::Statement(statement.id.clone()),
                format!(
                    "text recognition was not sure of {what} that this rests on: {}",
                    listed(&named)
                ),
                Some(format!("compare it with the scan: {}", places.join("; "))),
            );
        }
    }
}

/// A word that was not read surely, and where it stands.
struct Doubt {
    word: String,
    fact: bool,
    place: String,
}

fn doubts(view: &View, statement: &Statement) -> Vec<Doubt> {
    let claims = support(statement).iter().filter_map(|id| view.claims.get(id));
    let ids: BTreeSet<SentenceId> = claims.flat_map(|claim| claim.sentences.iter().copied()).collect();
    ids.into_iter().flat_map(|id| doubts_in(view, id)).collect()
}

fn doubts_in(view: &View, id: SentenceId) -> Vec<Doubt> {
    let (Some(source), Some(sentence)) = (view.source(id.source), view.sentence(id)) else {
        return Vec::new();
    };
    let Ok(document) = &source.content else {
        return Vec::new();
    };
    let doubtful = document
        .tokens(sentence)
        .filter(|token| token.is_doubtful(view.recipe.trust));
    doubtful
        .map(|token| Doubt {
            word: told(&token),
            fact: token.is_fact(),
            place: format!("{}, {}", source.name, sentence.whereabouts()),
        })
        .collect()
}

fn told(token: &Token<'_>) -> String {
    let hand = if token.handwritten { ", by hand" } else { "" };
    format!("\u{201c}{}\u{201d} ({} %{hand})", token.text, token.confidence)
}

fn listed(named: &BTreeSet<&str>) -> String {
    let first: Vec<&str> = named.iter().copied().take(MOST_NAMED).collect();
    let more = named.len().saturating_sub(MOST_NAMED);
    match more {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
