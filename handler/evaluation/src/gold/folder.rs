//! A case with what a person found in it: the case's folder with `gold.json`.

use std::path::Path;

use drafting::case::Case;
use drafting::recipe::Recipe;
use serde_json::Value;

use super::Annotation;
use crate::folder::{self, FolderFault};

/// A case and what should come of it.
#[derive(Debug)]
pub struct GoldCase {
    /// The case, its documents read.
    pub case: Case,
    /// What a person found in them.
    pub annotation: Annotation,
}

/// Reads a case folder with its annotation.
pub fn case(recipe: &Recipe, folder: &Path) -> Result<GoldCase, FolderFault> {
    let gold: Value = folder::json(&folder.join("gold.json"))?;
    Ok(GoldCase {
        case: folder::case(recipe, folder)?,
        annotation: Annotation::read(&gold),
    })
}
