//! What each rule came to: passed, found something, was not assessed, or is turned off.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::demands::NotAssessed;
use super::{Wording, rules};
use crate::finding::{Finding, Severity};
use crate::recipe::Recipe;

/// One rule and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleResult {
    /// Its id.
    pub rule: String,
    /// What it demands.
    pub demand: String,
    /// The law, case or guidance that it comes from, where the recipe names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its severity in this recipe; none when it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What it came to.
    pub verdict: RuleVerdict,
}

/// What a rule came to. Not assessed is never a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "result")]
pub enum RuleVerdict {
    /// Nothing was found.
    Pass,
    /// So many findings.
    Fail {
        /// How many.
        findings: usize,
    },
    /// It could not be applied.
    NotAssessed {
        /// Why.
        reason: String,
    },
    /// The recipe turns it off.
    Off,
}

/// Every rule of the catalogue and of the recipe, in that order. `drafted` is `None` when no draft was made.
pub(super) fn results(
    recipe: &Recipe,
    findings: &[Finding],
    not_assessed: &NotAssessed,
    drafted: Option<Wording>,
) -> Vec<RuleResult> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule.as_str()).or_default() += 1;
    }
    let verdict = |id: &str, own: Severity, reason: Option<String>| {
        let severity = recipe.severity(id, own);
        let verdict = match (severity, counts.get(id), reason) {
            (None, _, _) => RuleVerdict::Off,
            (Some(_), Some(findings), _) => RuleVerdict::Fail { findings: *findings },
            (Some(_), None, Some(reason)) => RuleVerdict::NotAssessed { reason },
            (Some(_), None, None) => RuleVerdict::Pass,
        };
        (severity, verdict)
    };
    let catalogue = rules::ALL.iter().map(|rule| {
        let (severity, verdict) = verdict(rule.id, rule.severity, gap(rule, drafted));
        RuleResult {
            rule: rule.id.to_owned(),
            demand: rule.demand.to_owned(),
            source: None,
            severity,
            verdict,
        }
    });
    let own = recipe.demands.rules.iter().map(|demand| {
        let reason = match drafted {
            None => Some(NO_DRAFT.to_owned()),
            Some(_) => not_assessed.get(&demand.id).cloned(),
        };
        let (severity, verdict) = verdict(&demand.id, demand.severity, reason);
        RuleResult {
            rule: demand.id.clone(),
            demand: demand.demand.clone(),
            source: demand.source.clone(),
            severity,
            verdict,
        }
    });
    catalogue.chain(own).collect()
}

const NO_DRAFT: &str = "no draft was made";

/// Why a rule of the catalogue was not applied, where it was not.
fn gap(rule: &rules::Rule, drafted: Option<Wording>) -> Option<String> {
    let of_sources = rule.id.starts_with("source.") || rule.id.starts_with("manifest.");
    match drafted {
        None if !of_sources => Some(NO_DRAFT.into()),
        Some(Wording::Verbatim) if OF_MODELS.contains(&rule.id) => {
            Some("the draft was made without a model".into())
        }
        Some(Wording::Verbatim) if OF_WRITING.contains(&rule.id) => {
            Some("only statements in a model's own words are held to it".into())
        }
        None | Some(Wording::Verbatim | Wording::Written) => None,
    }
}

/// Rules about what a model did.
const OF_MODELS: [&str; 5] = [
    rules::UNLABELLED.id,
    rules::UNFILTERED.id,
    rules::UNWRITTEN.id,
    rules::UNJUDGED.id,
    rules::LEFT_OUT.id,
];

/// Rules about wording that do not follow from a statement's being its sources' own words.
const OF_WRITING: [&str; 6] = [
    rules::THIRD_PARTY.id,
    rules::OTHER_PERSON.id,
    rules::ATTRIBUTION.id,
    rules::MOVED.id,
    rules::HISTORIC.id,
    rules::LOST_IN_MERGING.id,
];
