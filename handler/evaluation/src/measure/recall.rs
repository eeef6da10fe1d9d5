//! What of the gold's claims is in the draft, what of the draft answers the gold, and what is listed as left out.

use std::collections::BTreeSet;

use drafting::draft::{NotUsed, SentenceUse};

use crate::gold::GoldClaim;

use super::score::Measured;
use super::words::{share, words};
use super::{Measuring, Placed, SHARE, documents};

impl Measuring<'_> {
    pub(super) fn recall(&self, measured: &mut Measured) {
        for claim in self.wanted() {
            let score = match claim.kind.as_str() {
                "need" => &mut measured.needs,
                "provision" => &mut measured.provisions,
                _ => &mut measured.outcomes,
            };
            let covering = self.covering(claim);
            score.add(!covering.is_empty());
            if covering.is_empty() {
                let listed = self.is_listed(claim);
                measured.omissions.add(listed);
                measured.missed.push(line(claim, listed));
            } else if let Some(area) = claim.area() {
                measured
                    .areas
                    .add(covering.iter().any(|placed| self.area(placed) == Some(area)));
            }
        }
    }

    fn area(&self, placed: &Placed) -> Option<&str> {
        self.select(placed.key)?.area.as_deref()
    }

    /// Whether the sentence that holds most of a claim is accounted for by more than "it is no claim".
    fn is_listed(&self, claim: &GoldClaim) -> bool {
        let quote = words(&claim.quote);
        let of = documents(self.case).filter(|(source, _)| {
            claim
                .document
                .as_deref()
                .is_none_or(|document| source.name.as_str() == document)
        });
        let held = |text: &str| {
            let own: BTreeSet<String> = words(text).into_iter().collect();
            share(&quote, |word| own.contains(word))
        };
        let best = of
            .flat_map(|(_, document)| &document.sentences)
            .max_by(|a, b| held(&a.text).total_cmp(&held(&b.text)));
        let fate = best.and_then(|best| self.draft.coverage.iter().find(|entry| entry.sentence == best.id));
        fate.is_some_and(|entry| !matches!(entry.fate, SentenceUse::NotUsed(NotUsed::Context)))
    }

    pub(super) fn precision(&self, measured: &mut Measured) {
        for placed in &self.placed {
            let answers = self.gold.claims.iter().any(|claim| Self::answers(placed, claim))
                || self.gold.facts.iter().any(|fact| self.gives(placed, fact));
            measured.precision.add(answers);
            if !answers {
                let parts = [&placed.statement.id, placed.key, &placed.statement.text];
                measured.wrong.push(parts.join(" | "));
            }
        }
    }

    fn answers(placed: &Placed, claim: &GoldClaim) -> bool {
        let quote = words(&claim.quote);
        let set: BTreeSet<&str> = quote.iter().map(String::as_str).collect();
        claim
            .section
            .as_deref()
            .is_none_or(|section| section == placed.section)
            && (share(&quote, |word| placed.evidence.contains(word)) >= SHARE
                || share(&placed.words, |word| set.contains(word)) >= SHARE)
    }
}

fn line(claim: &GoldClaim, listed: bool) -> String {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let listed = if listed { "listed" } else { "not listed" };
    [
        text(&claim.id),
        claim.kind.clone(),
        text(&claim.section),
        text(&claim.area),
        listed.to_owned(),
        claim.quote.clone(),
    ]
    .join(" | ")
}
