//! The rules: which were applied, what they found, and which were not.

use std::collections::BTreeMap;

use drafting::check::rules;
use drafting::recipe::RuleSetting;
use serde::Serialize;

use super::findings;
use crate::index::Index;
use crate::words;

/// A rule as it is shown.
#[derive(Serialize)]
pub(super) struct RuleView<'a> {
    id: &'a str,
    demand: &'a str,
    weight: &'static str,
    /// `clear`, `found` or `off`.
    key: &'static str,
    result: String,
}

/// The rules of the catalogue in its order, then those that other stages applied and that found something.
pub(super) fn table<'a>(index: &Index<'a>) -> Vec<RuleView<'a>> {
    let mut found: BTreeMap<&str, (&'static str, usize)> = BTreeMap::new();
    for finding in index.generated.checked.findings() {
        found
            .entry(&finding.rule)
            .or_insert((words::severity(finding.severity), 0))
            .1 += 1;
    }
    let catalogue = rules::ALL
        .iter()
        .map(|rule| view(index, rule, found.get(rule.id).map_or(0, |(_, count)| *count)));
    let others = found.iter().filter(|(id, _)| findings::rule(id).is_none());
    catalogue
        .chain(others.map(|(id, (weight, count))| RuleView {
            id,
            demand: "",
            weight,
            key: "found",
            result: words::count(*count, "finding", "findings"),
        }))
        .collect()
}

fn view<'a>(index: &Index<'a>, rule: &'static rules::Rule, found: usize) -> RuleView<'a> {
    let setting = index.recipe.rules.get(rule.id);
    let (key, result) = if setting == Some(&RuleSetting::Off) {
        ("off", "Not applied: the recipe turns it off".to_owned())
    } else if found > 0 {
        ("found", words::count(found, "finding", "findings"))
    } else if is_assessed(index, rule.id) {
        ("clear", "Nothing found".to_owned())
    } else {
        ("off", "Not assessed: no draft was made".to_owned())
    };
    let severity = setting
        .and_then(|setting| setting.severity())
        .unwrap_or(rule.severity);
    RuleView {
        id: rule.id,
        demand: rule.demand,
        weight: words::severity(severity),
        key,
        result,
    }
}

/// Rules about statements cannot be applied where there are none.
fn is_assessed(index: &Index<'_>, id: &str) -> bool {
    let about_sources = id.starts_with("source.") || id.starts_with("manifest.");
    about_sources || index.has_draft()
}
