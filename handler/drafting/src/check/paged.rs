//! A checked draft whose Word file was tried: how many pages it has.

use super::{CheckedDraft, RuleVerdict, RunOutcome};
use crate::finding::{Finding, Severity, Subject};
use crate::recipe::Recipe;
use crate::recipe::demands::Test;

impl CheckedDraft {
    /// The same draft, whose Word file has about so many pages: only now can what a recipe says of pages be decided.
    #[must_use]
    pub fn of_pages(mut self, recipe: &Recipe, pages: usize) -> Self {
        self.pages = Some(pages);
        for demand in &recipe.demands.rules {
            let Test::Pages(sought) = &demand.test else {
                continue;
            };
            let Some(severity) = recipe.severity(&demand.id, demand.severity) else {
                continue;
            };
            let found = (pages > sought.most).then(|| Finding {
                severity,
                rule: demand.id.clone(),
                subject: Subject::Case,
                message: format!(
                    "the draft has about {pages} pages, at most {} are usual",
                    sought.most
                ),
                hint: demand.hint.clone(),
            });
            if found.is_some() && severity == Severity::Critical && self.outcome == RunOutcome::Ready {
                self.outcome = RunOutcome::NeedsReview;
            }
            self.decide(&demand.id, found);
        }
        self
    }

    /// What a rule came to that could not be applied before.
    fn decide(&mut self, rule: &str, found: Option<Finding>) {
        let verdict = match &found {
            Some(_) => RuleVerdict::Fail { findings: 1 },
            None => RuleVerdict::Pass,
        };
        if let Some(result) = self.results.iter_mut().find(|result| result.rule == rule) {
            result.verdict = verdict;
        }
        self.findings.extend(found);
        self.findings.sort();
    }
}
