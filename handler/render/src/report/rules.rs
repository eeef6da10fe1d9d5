//! The rules: which were applied, what they found, and which could not be assessed.

use std::collections::BTreeMap;

use drafting::check::{RuleVerdict, rules};
use drafting::recipe::RuleSetting;
use serde::Serialize;

use crate::index::Index;
use crate::words;

/// A rule as it is shown.
#[derive(Serialize)]
pub(super) struct RuleView<'a> {
    id: &'a str,
    demand: &'a str,
    /// The law, case or guidance behind it.
    source: Option<&'a str>,
    weight: &'static str,
    /// `clear`, `part`, `found`, `open` or `off`.
    key: &'static str,
    result: String,
    /// The number of the first finding.
    first: Option<usize>,
}

/// How many rules ended how.
#[derive(Default, Serialize)]
pub(super) struct RuleCounts {
    passed: usize,
    found: usize,
    not_assessed: usize,
    off: usize,
}

/// The rules of the catalogue and of the recipe in their order, then any other that found something.
pub(super) fn table<'a>(index: &Index<'a>) -> Vec<RuleView<'a>> {
    let mut found: BTreeMap<&str, Found> = BTreeMap::new();
    for numbered in index.all_findings() {
        let entry = found.entry(&numbered.finding.rule).or_insert_with(|| Found {
            first: numbered.number,
            count: 0,
            weight: words::severity(numbered.finding.severity),
        });
        entry.count += 1;
    }
    let mut rows: Vec<RuleView<'a>> = Vec::new();
    for result in index.generated.checked.results() {
        let (key, words) = told(&result.verdict);
        let found = found.remove(result.rule.as_str());
        rows.push(RuleView {
            id: &result.rule,
            demand: &result.demand,
            source: result.source.as_deref(),
            weight: result.severity.map_or("off", words::severity),
            key,
            result: words,
            first: found.map(|found| found.first),
        });
    }
    rows.extend(found.into_iter().map(|(id, found)| RuleView {
        id,
        demand: "",
        source: None,
        weight: found.weight,
        key: "found",
        result: words::count(found.count, "finding", "findings"),
        first: Some(found.first),
    }));
    rows
}

/// What a rule found.
struct Found {
    first: usize,
    count: usize,
    weight: &'static str,
}

fn told(verdict: &RuleVerdict) -> (&'static str, String) {
    match verdict {
        RuleVerdict::Pass => ("clear", "Passed".to_owned()),
        RuleVerdict::Fail { findings } => ("found", words::count(*findings, "finding", "findings")),
        RuleVerdict::InPart { reason } => ("part", format!("Assessed in part: {reason}")),
        RuleVerdict::NotAssessed { reason } => ("open", format!("Not assessed: {reason}")),
        RuleVerdict::Off => ("off", "Not applied: the recipe turns it off".to_owned()),
    }
}

/// How many of these rules ended how.
pub(super) fn counts(all: &[RuleView<'_>]) -> RuleCounts {
    let mut counts = RuleCounts::default();
    for rule in all {
        match rule.key {
            "clear" => counts.passed += 1,
            "found" => counts.found += 1,
            "off" => counts.off += 1,
            _ => counts.not_assessed += 1,
        }
    }
    counts
}

/// Whether a judge read the draft.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Judging {
    /// Every statement.
    All,
    /// Not every statement.
    No,
    /// The recipe turns off the rule that says so.
    Unknown,
}

/// What the run tells of its judge.
pub(super) fn judged(index: &Index<'_>) -> Judging {
    let mut findings = index.generated.checked.findings().iter();
    if findings.any(|finding| finding.rule == rules::NOT_JUDGED.id) {
        return Judging::No;
    }
    let ready = *index.generated.checked.outcome() == drafting::check::RunOutcome::Ready;
    if !ready && index.recipe.rules.get(rules::NOT_JUDGED.id) == Some(&RuleSetting::Off) {
        return Judging::Unknown;
    }
    Judging::All
}
