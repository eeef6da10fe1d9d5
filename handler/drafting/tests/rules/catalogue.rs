//! Three examples of every rule of the catalogue: what it finds, what it lets pass, and a near miss, which looks like the
//! one and is the other. The rules of recipes have theirs in `tests/plan/catalogue.rs`.

use std::collections::BTreeSet;

use drafting::check::{RuleVerdict, Wording, check_worded, rules as catalogue};
use drafting::finding::Finding;

use super::*;

mod of_evidence;
mod of_runs;
mod of_sources;
mod of_statements;

/// What an example is to its rule, and what the rule made of it.
pub struct Example {
    rule: &'static str,
    is: Is,
    found: bool,
}

/// What an example is to its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Is {
    Found,
    LetPass,
    NearMiss,
}

/// The three examples of a rule: found, let pass, and a near miss, which passes too.
fn of(rule: &'static str, found: bool, passing: bool, near: bool) -> [Example; 3] {
    [(Is::Found, found), (Is::LetPass, passing), (Is::NearMiss, near)].map(|(is, found)| Example {
        rule,
        is,
        found,
    })
}

/// A draft before it is checked, of everything that an example can change.
struct Stage {
    recipe: Recipe,
    case: Case,
    claims: Vec<Claim>,
    kept_out: BTreeSet<u16>,
    earlier: Vec<Finding>,
    draft: Draft,
    wording: Wording,
}

impl Stage {
    /// A case of these sentences, a need each, and a draft of nothing.
    fn of(lines: &[&str]) -> Self {
        let recipe = RECIPE.clone();
        Self {
            draft: draft(&recipe, Vec::new()),
            recipe,
            case: statements::about_rowan(lines),
            claims: (1..)
                .zip(lines)
                .map(|(number, _)| claim(number, "need", 1, number))
                .collect(),
            kept_out: BTreeSet::new(),
            earlier: Vec::new(),
            wording: Wording::Verbatim,
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// With this content in a field.
    fn filled(self, key: &str, statements: Vec<Statement>) -> Self {
        self.with(|stage| {
            let fields = stage
                .draft
                .sections
                .iter_mut()
                .flat_map(|section| &mut section.fields);
            let field = fields.into_iter().find(|field| field.key == key).unwrap();
            field.content = FieldContent::Statements(statements);
        })
    }

    fn checked(&self) -> CheckedDraft {
        check_worded(
            &self.recipe,
            &self.case,
            &self.claims,
            &self.kept_out,
            self.earlier.clone(),
            self.draft.clone(),
            Judged::All,
            self.wording,
        )
    }

    /// Whether the rule finds something. Its verdict must say the same, and it must not be off.
    #[track_caller]
    fn finds(&self, rule: &str) -> bool {
        found(&self.checked(), rule)
    }
}

#[track_caller]
fn found(checked: &CheckedDraft, rule: &str) -> bool {
    let found = checked.findings().iter().any(|finding| finding.rule == rule);
    let result = checked.results().iter().find(|result| result.rule == rule);
    let verdict = &result.unwrap().verdict;
    assert_eq!(
        matches!(verdict, RuleVerdict::Fail { .. }),
        found,
        "{rule}: {verdict:?}"
    );
    assert_ne!(verdict, &RuleVerdict::Off, "{rule}");
    found
}

static RECIPE: std::sync::LazyLock<Recipe> = std::sync::LazyLock::new(recipe);

/// Rules whose findings only the running app makes, with the tests of `handler/tests/it` that have their examples: found,
/// let pass, near miss.
const OF_THE_APP: &[(&str, &str, [&str; 3])] = &[
    (
        "run.unfiltered",
        "grounded.rs",
        [
            "what_the_services_filter_did_not_look_at_is_told",
            "what_the_services_filter_looked_at_is_not_told_of",
            "a_source_that_cannot_be_sorted_is_drafted_from_without_a_model_and_said",
        ],
    ),
    (
        "run.unshielded",
        "screening.rs",
        [
            "a_source_that_was_not_looked_at_is_not_sent",
            "a_source_without_an_attack_is_sent_as_ever",
            "a_source_that_attacks_as_a_whole_is_drafted_from_without_a_model",
        ],
    ),
];

#[test]
fn every_rule_has_its_three_examples() {
    let parts = [
        of_evidence::examples(),
        of_runs::examples(),
        of_sources::examples(),
        of_statements::examples(),
    ];
    let examples: Vec<Example> = parts.into_iter().flatten().flatten().collect();
    let wrong: Vec<(&str, Is)> = examples
        .iter()
        .filter(|example| example.found != (example.is == Is::Found))
        .map(|example| (example.rule, example.is))
        .collect();
    assert_eq!(wrong, [], "these are not what they are called");
    let told: Vec<&str> = examples
        .iter()
        .filter(|example| example.is == Is::Found)
        .map(|example| example.rule)
        .chain(OF_THE_APP.iter().map(|(rule, ..)| *rule))
        .collect();
    let distinct: BTreeSet<&str> = told.iter().copied().collect();
    assert_eq!(told.len(), distinct.len(), "a rule has its examples twice");
    let all: BTreeSet<&str> = catalogue::ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(distinct, all);
}

#[test]
fn examples_that_the_app_makes_are_tests_of_the_app() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/it");
    for (rule, file, tests) in OF_THE_APP {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(rule), "{file} names no {rule}");
        for test in tests {
            assert!(
                text.contains(&format!("fn {test}()")),
                "{file} has no test {test}"
            );
        }
    }
}
