//! A draft to be measured, and the one that is made without a model.

use std::collections::BTreeSet;

use drafting::case::Case;
use drafting::check::{CheckedDraft, Judged, check};
use drafting::claim::Claim;
use drafting::compose::compose;
use drafting::extract::{self, Extracted};
use drafting::identity::strangers;
use drafting::recipe::Recipe;
use drafting::reconcile::reconcile;

/// A draft with the claims that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// All claims of the run.
    pub claims: Vec<Claim>,
    /// The draft after its checks.
    pub checked: CheckedDraft,
}

/// Drafts a case without a model, as the app does.
#[must_use]
pub fn extractive(recipe: &Recipe, case: &Case) -> Drafted {
    let mut extracted: Vec<Extracted> = case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &case.manifest))
        .collect();
    let signs: Vec<_> = extracted.iter().map(Extracted::signs).collect();
    let kept_out: BTreeSet<u16> = strangers(recipe, &case.manifest, &signs)
        .iter()
        .map(|stranger| stranger.source)
        .collect();
    extracted.retain(|one| !kept_out.contains(&one.source));
    let all = reconcile(recipe, case, extracted);
    let draft = compose(recipe, case, &all);
    let checked = check(
        recipe,
        case,
        &all.claims,
        &kept_out,
        Vec::new(),
        draft,
        Judged::No,
    );
    Drafted {
        claims: all.claims,
        checked,
    }
}
