//! What each rule came to: passed, found something, was not assessed, or is turned off.
//!
//! A rule that was not applied never counts as passed, and one that saw only some of the files says so. One that is new
//! to the lists here, and found nothing in a draft made without a model, is not called passed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::demands::NotAssessed;
use super::rules::{self, Rule};
use super::{Judged, View, Wording, recognised, thread};
use crate::draft::Draft;
use crate::finding::{Finding, Severity};
use crate::recipe::Role;

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
    /// Nothing was found in the part that it could be applied to.
    InPart {
        /// How far.
        reason: String,
    },
    /// It could not be applied.
    NotAssessed {
        /// Why.
        reason: String,
    },
    /// The recipe turns it off.
    Off,
}

/// A draft as it was checked.
pub(super) struct Drafted<'a> {
    pub draft: &'a Draft,
    pub wording: Wording,
    pub judged: Judged,
    pub not_assessed: &'a NotAssessed,
}

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
/// The rules that are applied to a draft made without a model. Any other is about what a model does or writes.
const WITHOUT_A_MODEL: [Rule; 16] = [
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
    rules::NEED_AIMLESS,
    rules::OUTCOME_UNSERVED,
    rules::UNCLAIMED,
    rules::NOT_JUDGED,
];

/// The rules that a service for content safety decides, after the draft was checked.
pub(super) const OF_SERVICES: [Rule; 4] = [
    rules::UNSHIELDED,
    rules::HELD_BACK,
    rules::NOTED,
    rules::UNSCREENED,
];

/// The rules about what was read on a scan.
const OF_SCANS: [Rule; 3] = [rules::RECOGNISED, rules::DOUBTFUL, rules::DOUBTFUL_FACT];

/// Every rule of the catalogue and of the recipe, in that order. `drafted` is `None` when no draft was made.
pub(super) fn results(view: &View, findings: &[Finding], drafted: Option<&Drafted>) -> Vec<RuleResult> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule.as_str()).or_default() += 1;
    }
    let settled = |id: &str, own: Severity, quiet: &dyn Fn() -> RuleVerdict| {
        let severity = view.recipe.severity(id, own);
        let verdict = match (severity, counts.get(id)) {
            (_, Some(findings)) => RuleVerdict::Fail { findings: *findings },
            (None, None) => RuleVerdict::Off,
            (Some(_), None) => quiet(),
        };
        (severity, verdict)
    };
    let catalogue = rules::ALL.iter().map(|rule| {
        let (severity, verdict) = settled(rule.id, rule.severity, &|| quiet(view, rule, drafted));
        RuleResult {
            rule: rule.id.to_owned(),
            demand: rule.demand.to_owned(),
            source: Some(rule.source.to_owned()),
            severity,
            verdict,
        }
    });
    let own = view.recipe.demands.rules.iter().map(|demand| {
        let quiet = || match drafted.map(|drafted| drafted.not_assessed.get(&demand.id)) {
            None => not_assessed(NO_DRAFT),
            Some(Some(reason)) => not_assessed(reason),
            Some(None) => RuleVerdict::Pass,
        };
        let (severity, mut verdict) = settled(&demand.id, demand.severity, &quiet);
        // A finding may say no more than that it was not assessed.
        let reason = drafted.and_then(|drafted| drafted.not_assessed.get(&demand.id));
        if let (RuleVerdict::Fail { .. }, Some(reason)) = (&verdict, reason) {
            verdict = not_assessed(reason);
        }
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

fn not_assessed(reason: &str) -> RuleVerdict {
    RuleVerdict::NotAssessed {
        reason: reason.to_owned(),
    }
}

/// What it means that a rule of the catalogue found nothing.
fn quiet(view: &View, rule: &Rule, drafted: Option<&Drafted>) -> RuleVerdict {
    if OF_SCANS.contains(rule) {
        return if recognised::any(view) {
            RuleVerdict::Pass
        } else {
            not_assessed("nothing that was drafted from was read on a scan")
        };
    }
    let early = BEFORE_DRAFTING.contains(rule);
    let Some(drafted) = drafted else {
        return if early {
            case_reason(view, rule).map_or_else(|| reach(view, rule, false), not_assessed)
        } else {
            not_assessed(NO_DRAFT)
        };
    };
    if OF_SERVICES.contains(rule) {
        return not_assessed("the service for it is off");
    }
    if drafted.wording == Wording::Verbatim && !early && !WITHOUT_A_MODEL.contains(rule) {
        return not_assessed("it is about what a model writes, and none was used");
    }
    if *rule == rules::UNJUDGED && drafted.judged == Judged::No {
        return not_assessed("no judge has read all of the draft");
    }
    case_reason(view, rule)
        .or_else(|| thread_reason(view, rule, drafted.draft))
        .map_or_else(|| reach(view, rule, true), not_assessed)
}

/// Why a rule about the case and its manifest has nothing to look at.
fn case_reason(view: &View, rule: &Rule) -> Option<&'static str> {
    let case = view.case;
    let readable = case
        .sources
        .iter()
        .filter(|source| source.content.is_ok())
        .count();
    if *rule == rules::UNREADABLE && case.sources.is_empty() {
        return Some("no document was given");
    }
    if (*rule == rules::STRANGER || *rule == rules::NAMELESS) && view.recipe.identity.is_empty() {
        return Some("the recipe tells nobody apart");
    }
    if *rule == rules::STRANGER && case.manifest.child.is_none() && readable == 1 {
        return Some("there is one file and nothing to compare it with");
    }
    if *rule == rules::NOT_ARRIVED && case.manifest.documents.is_empty() {
        return Some("case.json names no document");
    }
    let wanted = view.recipe.advice.iter().any(|advice| advice.required.is_some());
    (*rule == rules::MISSING_ADVICE && !wanted).then_some("the recipe requires no advice")
}

/// Why a rule of the golden thread has nothing to look at.
fn thread_reason(view: &View, rule: &Rule, draft: &Draft) -> Option<&'static str> {
    let wanted = [
        (rules::NEED_ALONE, Role::Measure),
        (rules::MEASURE_ALONE, Role::Measure),
        (rules::OUTCOME_ALONE, Role::Outcome),
        (rules::NEED_AIMLESS, Role::Outcome),
        (rules::OUTCOME_UNSERVED, Role::Outcome),
    ]
    .into_iter()
    .find_map(|(of, role)| (of == *rule).then_some(role))?;
    if !view.recipe.kinds.iter().any(|kind| kind.role == wanted) {
        return Some("the recipe has none of these");
    }
    (!thread::has_need(view, draft)).then_some("no need stands in the draft")
}

/// How much of what a rule is about it could see.
fn reach(view: &View, rule: &Rule, drafted: bool) -> RuleVerdict {
    let sources = &view.case.sources;
    let is_drafted_from = |number: u16| drafted && !view.kept_out.contains(&number);
    let readable = sources.iter().filter(|source| source.content.is_ok());
    let seen = if OF_FILES.contains(rule) {
        readable.count()
    } else if OF_SENTENCES.contains(rule) {
        readable.filter(|source| is_drafted_from(source.number)).count()
    } else {
        return RuleVerdict::Pass;
    };
    match seen {
        0 => not_assessed("no file could be read and drafted from"),
        seen if seen == sources.len() => RuleVerdict::Pass,
        seen => RuleVerdict::InPart {
            reason: format!(
                "nothing found in {seen} of {} files; the others could not be looked at",
                sources.len()
            ),
        },
    }
}
