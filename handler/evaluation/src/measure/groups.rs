//! Groups: one need with the provisions and outcomes that serve it, and the links between their statements.

use std::collections::BTreeSet;

use crate::gold::{GoldClaim, NeedGroup};

use super::score::{Measured, Score};
use super::words::{share, words};
use super::{Measuring, Placed, SHARE};

/// The wanted claims of a group.
struct Parts<'g> {
    needs: Vec<&'g GoldClaim>,
    provisions: Vec<&'g GoldClaim>,
    outcomes: Vec<&'g GoldClaim>,
}

impl Measuring<'_> {
    pub(super) fn groups(&self, measured: &mut Measured) {
        for group in self.grouped() {
            let parts = self.parts(&group);
            if parts.needs.is_empty() {
                continue;
            }
            let held = |claims: &[&GoldClaim]| claims.iter().filter(|claim| self.is_held(claim)).count();
            measured.need_groups.add(held(&parts.needs) > 0);
            for (claims, score) in [
                (&parts.provisions, &mut measured.provision_groups),
                (&parts.outcomes, &mut measured.outcome_groups),
            ] {
                if claims.is_empty() {
                    measured.gaps.add(self.is_asked(&parts.needs));
                } else {
                    score.add(2 * held(claims) >= claims.len());
                }
            }
        }
    }

    /// The groups of the annotation; where it has none, one for each need that supports no other.
    fn grouped(&self) -> Vec<NeedGroup> {
        if !self.gold.need_groups.is_empty() {
            return self.gold.need_groups.clone();
        }
        let is_need = |claim: &&GoldClaim| claim.kind == "need";
        let ids: BTreeSet<&str> = self
            .gold
            .claims
            .iter()
            .filter(is_need)
            .filter_map(|claim| claim.id.as_deref())
            .collect();
        let alone = |claim: &&GoldClaim| !claim.supports().iter().any(|id| ids.contains(id.as_str()));
        let needs = self.gold.claims.iter().filter(is_need).filter(alone);
        needs
            .filter_map(|need| Some(self.group_of(need.id.as_deref()?)))
            .collect()
    }

    fn group_of(&self, need: &str) -> NeedGroup {
        let serving = |kind: &str| {
            let claims = self.gold.claims.iter().filter(|claim| claim.kind == kind);
            claims
                .filter(|claim| claim.supports().iter().any(|id| id == need))
                .filter_map(|claim| claim.id.clone())
                .collect::<Vec<String>>()
        };
        let mut claims = serving("need");
        claims.insert(0, need.to_owned());
        NeedGroup {
            main_need: Some(need.to_owned()),
            claims,
            provisions: serving("provision"),
            outcomes: serving("outcome"),
        }
    }

    fn parts(&self, group: &NeedGroup) -> Parts<'_> {
        let of = |kind: &str, ids: &[String]| -> Vec<&GoldClaim> {
            self.wanted()
                .filter(|claim| claim.kind == kind && ids.iter().any(|id| claim.is(id)))
                .collect()
        };
        let mut needs = group.claims.clone();
        needs.extend(group.main_need.clone());
        Parts {
            needs: of("need", &needs),
            provisions: of("provision", &group.provisions),
            outcomes: of("outcome", &group.outcomes),
        }
    }

    /// Whether a statement or the words of a query hold a claim.
    fn is_held(&self, claim: &GoldClaim) -> bool {
        let quote = words(&claim.quote);
        let asks = |question: &str| {
            let own: BTreeSet<String> = words(question).into_iter().collect();
            share(&quote, |word| own.contains(word)) >= SHARE
        };
        !self.covering(claim).is_empty() || self.draft.queries.iter().any(|query| asks(&query.question))
    }

    /// Whether a query is about a statement that covers any of these needs.
    fn is_asked(&self, needs: &[&GoldClaim]) -> bool {
        let asked: BTreeSet<&str> = self
            .draft
            .queries
            .iter()
            .filter_map(|query| query.statement.as_deref())
            .collect();
        needs.iter().any(|need| {
            self.covering(need)
                .iter()
                .any(|placed| asked.contains(placed.statement.id.as_str()))
        })
    }

    /// Of the wanted measures and outcomes that the gold links and the draft shows: those whose statement serves a need
    /// that answers one of their gold needs, or another need of the same gold group.
    pub(super) fn links(&self, measured: &mut Measured) {
        for measure in self.wanted().filter(|claim| claim.kind != "need") {
            let wanted = self.needs_of(measure);
            let covering = self.covering(measure);
            let Some(placed) = covering.first().filter(|_| !wanted.is_empty()) else {
                continue;
            };
            let served: Vec<&Placed> = self
                .placed
                .iter()
                .filter(|need| placed.statement.serves.contains(&need.statement.id))
                .collect();
            let right = served
                .iter()
                .any(|need| wanted.iter().any(|claim| answers(need, claim)));
            measured.links.add(right);
            let precise = self.link_precision(&wanted, &served);
            measured.link_precision += precise;
            if !right || precise.hit < precise.of {
                let served: Vec<&str> = served.iter().map(|need| need.statement.text.as_str()).collect();
                measured.unlinked.push(format!(
                    "{} | {} | serves {served:?}",
                    if right { "also" } else { "only" },
                    placed.statement.text
                ));
            }
        }
    }

    fn link_precision(&self, wanted: &[&GoldClaim], served: &[&Placed]) -> Score {
        let mut score = Score::default();
        for need in served {
            let known = |claim: &&GoldClaim| claim.kind == "need" && answers(need, claim);
            if self.gold.claims.iter().any(|claim| known(&claim)) {
                score.add(wanted.iter().any(|claim| answers(need, claim)));
            }
        }
        score
    }

    /// The needs that a measure serves, and those of its groups.
    fn needs_of(&self, measure: &GoldClaim) -> Vec<&GoldClaim> {
        let mut ids: BTreeSet<&str> = measure.supports().iter().map(String::as_str).collect();
        for group in &self.gold.need_groups {
            let mut serving = group.provisions.iter().chain(&group.outcomes);
            if serving.any(|id| measure.is(id)) {
                ids.extend(group.claims.iter().map(String::as_str));
            }
        }
        let claims = self.gold.claims.iter();
        claims
            .filter(|claim| claim.id.as_deref().is_some_and(|id| ids.contains(id)))
            .collect()
    }
}

fn answers(need: &Placed, claim: &GoldClaim) -> bool {
    share(&words(&claim.quote), |word| need.evidence.contains(word)) >= SHARE
}
