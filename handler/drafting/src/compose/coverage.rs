//! What became of every sentence.

use std::collections::BTreeMap;

use crate::case::Case;
use crate::claim::{About, Claim, ClaimId, Status, Time};
use crate::document::SentenceId;
use crate::draft::{Coverage, DraftSection, NotUsed, SentenceUse, Support};
use crate::recipe::{Recipe, Role};
use crate::reconcile::Reconciled;

/// The fate of every sentence of every source that was drafted from, in reading order.
pub(super) fn coverage(
    recipe: &Recipe,
    case: &Case,
    all: &Reconciled,
    sections: &[DraftSection],
) -> Vec<Coverage> {
    let fates = Fates::new(all, sections);
    let documents = case
        .sources
        .iter()
        .filter(|source| all.sources.contains(&source.number));
    let sentences = documents
        .filter_map(|source| source.content.as_ref().ok())
        .flat_map(|document| &document.sentences);
    sentences
        .map(|sentence| Coverage {
            sentence: sentence.id,
            fate: fates.of(recipe, all, sentence.id),
        })
        .collect()
}

struct Fates<'r> {
    used: BTreeMap<SentenceId, Vec<String>>,
    merged: BTreeMap<SentenceId, Vec<String>>,
    claims: BTreeMap<SentenceId, Vec<&'r Claim>>,
}

impl<'r> Fates<'r> {
    fn new(all: &'r Reconciled, sections: &[DraftSection]) -> Self {
        let mut fates = Self {
            used: BTreeMap::new(),
            merged: BTreeMap::new(),
            claims: BTreeMap::new(),
        };
        let by_id: BTreeMap<ClaimId, &Claim> = all.claims.iter().map(|claim| (claim.id, claim)).collect();
        for claim in &all.claims {
            for id in &claim.sentences {
                fates.claims.entry(*id).or_default().push(claim);
            }
        }
        let fields = sections.iter().flat_map(|section| &section.fields);
        for statement in fields.flat_map(|field| field.content.statements()) {
            let Support::Claims(claims) = &statement.support else {
                continue;
            };
            for (place, claim) in claims.iter().filter_map(|id| by_id.get(id)).enumerate() {
                // The words of the statement are those of its first claim.
                let uses = if place == 0 {
                    &mut fates.used
                } else {
                    &mut fates.merged
                };
                for id in &claim.sentences {
                    let statements = uses.entry(*id).or_default();
                    if !statements.contains(&statement.id) {
                        statements.push(statement.id.clone());
                    }
                }
            }
        }
        fates
    }

    fn of(&self, recipe: &Recipe, all: &Reconciled, id: SentenceId) -> SentenceUse {
        if let Some(statements) = self.used.get(&id) {
            return SentenceUse::Used(statements.clone());
        }
        if let Some(statements) = self.merged.get(&id) {
            return SentenceUse::Merged(statements.clone());
        }
        let claim = self.claims.get(&id).and_then(|claims| claims.first());
        let reason = match claim {
            Some(claim) => unused(recipe, claim),
            None => all.asides.get(&id).copied().unwrap_or(NotUsed::Context),
        };
        SentenceUse::NotUsed(reason)
    }
}

/// Why a claim is not in the draft.
fn unused(recipe: &Recipe, claim: &Claim) -> NotUsed {
    match (claim.time, claim.about, claim.status) {
        (_, About::Other, _) => NotUsed::OtherPerson,
        (Time::Superseded, ..) => NotUsed::Superseded,
        (Time::Past, ..) | (_, _, Some(Status::Ended)) => NotUsed::Past,
        (_, _, Some(Status::InPlace)) => NotUsed::InPlace,
        _ if claim.area.is_none() && threaded(recipe, claim) => NotUsed::Unclaimed,
        _ if claim.fact.is_some() => NotUsed::Context,
        _ => NotUsed::Detail,
    }
}

fn threaded(recipe: &Recipe, claim: &Claim) -> bool {
    recipe
        .kind(&claim.kind)
        .is_some_and(|kind| matches!(kind.role, Role::Need | Role::Measure | Role::Outcome))
}
