//! Cues and patterns for finding claims without a model: `lexicon.toml` of a recipe.

use serde::{Deserialize, Serialize};

/// The lexicon of a recipe, as its file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {}
