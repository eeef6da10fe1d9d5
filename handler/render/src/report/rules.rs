//! The rules: which were applied, what they found, and which could not be assessed. A rule that was not applied never
//! counts as passed, and one that saw only some of the files says so.

use std::collections::BTreeMap;

use drafting::check::rules::{self, Rule};
use drafting::recipe::{Role, RuleSetting};
use serde::Serialize;

use super::findings;
use super::thread;
use crate::index::Index;
use crate::words;

/// The rules that are applied although no draft was made.
const BEFORE_DRAFTING: [Rule; 8] = [
    rules::UNREADABLE,
    rules::NOTICE,
    rules::STRANGER,
    rules::NAMELESS,
    rules::MISSING_ADVICE,
    rules::NOT_ARRIVED,
    rules::MANIFEST,
    rules::UNKNOWN_KEY,
];
/// The rules that hold for every file that could be read.
const OF_FILES: [Rule; 3] = [rules::NOTICE, rules::STRANGER, rules::NAMELESS];
/// The rules that hold for every sentence that was drafted from.
const OF_SENTENCES: [Rule; 2] = [rules::INSTRUCTION, rules::UNCLAIMED];
/// The rules that are applied to a draft made without a model. Any other is about what a model does or writes; one
/// that is new to this list is not called passed.
const WITHOUT_A_MODEL: [Rule; 14] = [
    rules::INSTRUCTION,
    rules::SECTIONS,
    rules::CLOSED,
    rules::LEFTOVER,
    rules::WORDS,
    rules::WITHHELD,
    rules::UNCITED,
    rules::WORDING,
    rules::CONFLICT,
    rules::NEED_ALONE,
    rules::MEASURE_ALONE,
    rules::OUTCOME_ALONE,
    rules::UNCLAIMED,
    rules::NOT_JUDGED,
];

/// A rule as it is shown.
#[derive(Serialize)]
pub(super) struct RuleView<'a> {
    id: &'a str,
    demand: &'a str,
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

/// What became of a rule that found nothing.
enum Quiet {
    Passed,
    /// It saw only some of what it is about.
    InPart(String),
    NotAssessed(String),
}

/// The rules of the catalogue in its order, then those that other stages applied and that found something.
pub(super) fn table<'a>(index: &Index<'a>) -> Vec<RuleView<'a>> {
    let mut found: BTreeMap<&str, (&'static str, usize, usize)> = BTreeMap::new();
    for numbered in index.all_findings() {
        let weight = words::severity(numbered.finding.severity);
        found
            .entry(&numbered.finding.rule)
            .or_insert((weight, numbered.number, 0))
            .2 += 1;
    }
    let catalogue = rules::ALL.iter().map(|rule| match found.get(rule.id) {
        Some((_, first, count)) => RuleView {
            weight: weight(index, rule),
            ..found_view(rule.id, rule.demand, *first, *count)
        },
        None => quiet_view(index, rule),
    });
    let others = found.iter().filter(|(id, _)| findings::rule(id).is_none());
    catalogue
        .chain(others.map(|(id, (weight, first, count))| RuleView {
            weight,
            ..found_view(id, "", *first, *count)
        }))
        .collect()
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

fn found_view<'a>(id: &'a str, demand: &'a str, first: usize, count: usize) -> RuleView<'a> {
    RuleView {
        id,
        demand,
        weight: "",
        key: "found",
        result: words::count(count, "finding", "findings"),
        first: Some(first),
    }
}

fn weight(index: &Index<'_>, rule: &Rule) -> &'static str {
    let setting = index.recipe.rules.get(rule.id);
    words::severity(
        setting
            .and_then(|setting| setting.severity())
            .unwrap_or(rule.severity),
    )
}

fn quiet_view<'a>(index: &Index<'a>, rule: &'static Rule) -> RuleView<'a> {
    let (key, result) = if index.recipe.rules.get(rule.id) == Some(&RuleSetting::Off) {
        ("off", "Not applied: the recipe turns it off".to_owned())
    } else {
        match quiet(index, rule) {
            Quiet::Passed => ("clear", "Passed".to_owned()),
            Quiet::InPart(how_far) => ("part", format!("Assessed in part: {how_far}")),
            Quiet::NotAssessed(why) => ("open", format!("Not assessed: {why}")),
        }
    };
    RuleView {
        id: rule.id,
        demand: rule.demand,
        weight: weight(index, rule),
        key,
        result,
        first: None,
    }
}

/// What it means that a rule found nothing.
fn quiet(index: &Index<'_>, rule: &Rule) -> Quiet {
    let model = index.generated.drafter.model.is_some();
    let not_assessed = |why: &str| Quiet::NotAssessed(why.to_owned());
    if !index.has_draft() && !BEFORE_DRAFTING.contains(rule) {
        return not_assessed("no draft was made");
    }
    if !model && !WITHOUT_A_MODEL.contains(rule) && !BEFORE_DRAFTING.contains(rule) {
        return not_assessed("it is about what a model writes, and none was used");
    }
    if *rule == rules::UNJUDGED && judged(index) == Judging::No {
        return not_assessed("no judge has read all of the draft");
    }
    case_reason(index, rule)
        .or_else(|| thread_reason(index, rule))
        .map_or_else(|| reach(index, rule), not_assessed)
}

/// Why a rule about the case and its manifest has nothing to look at.
fn case_reason(index: &Index<'_>, rule: &Rule) -> Option<&'static str> {
    let case = &index.generated.case;
    let readable = case
        .sources
        .iter()
        .filter(|source| source.content.is_ok())
        .count();
    if *rule == rules::UNREADABLE && case.sources.is_empty() {
        return Some("no document was given");
    }
    if *rule == rules::STRANGER && case.manifest.child.is_none() && readable == 1 {
        return Some("there is one file and nothing to compare it with");
    }
    if *rule == rules::NOT_ARRIVED && case.manifest.documents.is_empty() {
        return Some("case.json names no document");
    }
    let wanted = index.recipe.advice.iter().any(|advice| advice.required.is_some());
    (*rule == rules::MISSING_ADVICE && !wanted).then_some("the recipe requires no advice")
}

/// Why a rule of the golden thread has nothing to look at.
fn thread_reason(index: &Index<'_>, rule: &Rule) -> Option<&'static str> {
    let wanted = [
        (rules::NEED_ALONE, Role::Measure),
        (rules::MEASURE_ALONE, Role::Measure),
        (rules::OUTCOME_ALONE, Role::Outcome),
    ]
    .into_iter()
    .find_map(|(of, role)| (of == *rule).then_some(role))?;
    if !index.recipe.kinds.iter().any(|kind| kind.role == wanted) {
        return Some("the recipe has none of these");
    }
    (!thread::has(index, Role::Need)).then_some("no need stands in the draft")
}

/// How much of what a rule is about it could see.
fn reach(index: &Index<'_>, rule: &Rule) -> Quiet {
    let sources = &index.generated.case.sources;
    let seen = if OF_FILES.contains(rule) {
        sources.iter().filter(|source| source.content.is_ok()).count()
    } else if OF_SENTENCES.contains(rule) {
        sources
            .iter()
            .filter(|source| index.is_drafted_from(source))
            .count()
    } else {
        return Quiet::Passed;
    };
    match seen {
        0 => Quiet::NotAssessed("no file could be read and drafted from".to_owned()),
        seen if seen == sources.len() => Quiet::Passed,
        seen => Quiet::InPart(format!(
            "nothing found in {seen} of {} files; the others could not be looked at",
            sources.len()
        )),
    }
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
