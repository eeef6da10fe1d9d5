//! What of a source a model would be shown, and what is kept from it after all.

use std::collections::BTreeSet;

use super::{attributes, frame};
use crate::case::Source;
use crate::claim::Claim;
use crate::document::SentenceId;
use crate::draft::NotUsed;
use crate::extract::Extracted;
use crate::recipe::Recipe;
use crate::reconcile::Reconciled;

/// Words of a source that a model would be shown, for whoever looks at them before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The sentence; `None` for what stands around sentences and cannot be withheld by itself.
    pub sentence: Option<SentenceId>,
    /// The words.
    pub text: String,
}

/// Everything of a source that prompts would hold, in reading order, less the sentences that are withheld already.
#[must_use]
pub fn shown(recipe: &Recipe, source: &Source, hidden: &[SentenceId]) -> Vec<Shown> {
    let Ok(document) = &source.content else {
        return Vec::new();
    };
    let around = |text: String| Shown { sentence: None, text };
    let mut all = vec![around(attributes(recipe, source))];
    let mut headings: &[String] = &[];
    let mut heads = BTreeSet::new();
    for sentence in &document.sentences {
        if *sentence.headings != *headings {
            headings = &sentence.headings;
            all.push(around(headings.join(" > ")));
        }
        let frame = frame(recipe, sentence);
        if heads.insert(frame.clone()) {
            all.push(around(frame));
        }
        if !hidden.contains(&sentence.id) {
            all.push(Shown {
                sentence: Some(sentence.id),
                text: sentence.text.clone(),
            });
        }
    }
    all.retain(|one| !one.text.trim().is_empty());
    all
}

/// Treats sentences as ones that speak to a machine: no claim rests on them, no prompt shows them, and they are listed.
pub fn withhold(extracted: &mut Extracted, sentences: &[SentenceId]) {
    extracted.instructions.extend(sentences);
    extracted.instructions.sort();
    extracted.instructions.dedup();
    let asides = sentences.iter().map(|id| (*id, NotUsed::Instruction));
    extracted.asides.extend(asides);
    extracted
        .claims
        .retain(|claim| !claim.sentences.iter().any(|id| sentences.contains(id)));
}

/// Whether a claim rests on one of these sources.
#[must_use]
pub fn rests_on(claim: &Claim, sources: &BTreeSet<u16>) -> bool {
    claim.sentences.iter().any(|id| sources.contains(&id.source))
}

/// What may be told a model of all that the sources say: no fact that rests on one of `unsent`.
#[must_use]
pub fn told(all: &Reconciled, unsent: &BTreeSet<u16>) -> Reconciled {
    let mut told = all.clone();
    for claim in told.claims.iter_mut().filter(|claim| rests_on(claim, unsent)) {
        claim.fact = None;
    }
    told
}
