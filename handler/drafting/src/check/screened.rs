//! A checked draft after screening for harm.

use super::rules::{self, Rule};
use super::{CheckedDraft, RuleVerdict, RunOutcome};
use crate::draft::Draft;
use crate::finding::{Finding, Severity};
use crate::screening::HeldBack;

/// What screening made of a draft.
pub(crate) struct Screened {
    /// The draft without what is held back.
    pub draft: Draft,
    /// What is held back.
    pub held: Vec<HeldBack>,
    /// All findings, those from before included.
    pub findings: Vec<Finding>,
    /// Whether every text was rated.
    pub whole: bool,
}

impl CheckedDraft {
    /// The same draft after screening. Whatever severity a recipe gives the rules, a draft with something held back or not
    /// rated is not ready.
    pub(crate) fn screened(mut self, screened: Screened) -> Self {
        let held = !screened.held.is_empty();
        // A draft that was ready had no critical finding before.
        let critical = |one: &Finding| one.severity == Severity::Critical;
        let stopped = held || !screened.whole || screened.findings.iter().any(critical);
        if stopped && self.outcome == RunOutcome::Ready {
            self.outcome = RunOutcome::NeedsReview;
        }
        self.draft = screened.draft;
        self.held_back = screened.held;
        self.findings = screened.findings;
        self.findings.sort();
        self.findings.dedup();
        for rule in [rules::HELD_BACK, rules::NOTED] {
            let quiet = if screened.whole {
                RuleVerdict::Pass
            } else {
                RuleVerdict::NotAssessed {
                    reason: "some texts were not screened".into(),
                }
            };
            self.settle(&rule, quiet);
        }
        self.settle(&rules::UNSCREENED, RuleVerdict::Pass);
        self
    }

    /// The same draft, whose model was sent only what a service had looked at for attacks.
    #[must_use]
    pub fn shielded(mut self) -> Self {
        self.settle(&rules::UNSHIELDED, RuleVerdict::Pass);
        self
    }

    /// Says what a rule came to: what was found, or `quiet`.
    fn settle(&mut self, rule: &Rule, quiet: RuleVerdict) {
        let findings = self.findings.iter().filter(|one| one.rule == rule.id).count();
        let Some(result) = self.results.iter_mut().find(|result| result.rule == rule.id) else {
            return;
        };
        result.verdict = if findings > 0 {
            RuleVerdict::Fail { findings }
        } else {
            quiet
        };
    }
}
