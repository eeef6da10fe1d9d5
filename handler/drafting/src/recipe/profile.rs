//! A profile: the conventions of a council, laid over the recipe's own rules.
//!
//! Law and evidence are the same everywhere; how long a history may be, whether an empty place is blank, which words are
//! banned, and what weighs how much, each council has settled for itself. A profile says so in one file of the recipe,
//! `profiles/NAME.toml`, and `profile = "NAME"` in `recipe.toml` chooses it. It can add rules, replace one of `rules.toml` by
//! its id, change a severity, turn a rule off, set limits and the sentences of empty sections. What `[rules]` of
//! `recipe.toml` says goes before it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::RuleSetting;
use super::demands::Demand;

/// The file of a profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Whose conventions these are.
    pub title: String,
    /// Its version, `major.minor.patch`.
    pub version: String,
    /// Severity by rule id, or off.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleSetting>,
    /// The most words of a field, by its key.
    #[serde(default)]
    pub limits: BTreeMap<String, usize>,
    /// The sentence of a section that holds nothing, by its id; empty where it is to stay blank.
    #[serde(default)]
    pub nil: BTreeMap<String, String>,
    /// Abbreviations for patterns that recur, already put into their places.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// Rules besides those of `rules.toml`; one with the id of such a rule takes its place.
    #[serde(default, rename = "rule")]
    pub demands: Vec<Demand>,
}

/// The profile that holds, as a record names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its name: that of its file.
    pub name: String,
    /// Whose conventions these are.
    pub title: String,
    /// Its version.
    pub version: String,
}
