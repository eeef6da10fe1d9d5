//! A case whose statements faults are planted in.

use std::path::Path;

use drafting::case::Case;
use drafting::claim::Claim;
use drafting::extract;
use drafting::recipe::Recipe;
use drafting::reconcile::reconcile;

use crate::folder::{self, FolderFault};

/// Reads the case of a folder. It is drafted on the day of its newest source: what is planted is no matter of time passing.
pub fn read(recipe: &Recipe, folder: &Path) -> Result<Case, FolderFault> {
    let case = folder::case(recipe, folder)?;
    let newest = case.sources.iter().filter_map(|source| source.date).max();
    Ok(Case {
        today: newest.unwrap_or(jiff::civil::Date::ZERO),
        ..case
    })
}

/// The claims of a case, found without a model: what the rules know of its sentences.
#[must_use]
pub fn claims(recipe: &Recipe, case: &Case) -> Vec<Claim> {
    let extracted = case
        .sources
        .iter()
        .filter_map(|source| extract::document(recipe, source, &case.manifest))
        .collect();
    reconcile(recipe, case, extracted).claims
}
