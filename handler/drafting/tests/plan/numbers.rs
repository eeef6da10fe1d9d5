//! Pupil numbers, pages, names of schools, and what stands beside difficulties.

use drafting::check::RuleVerdict;
use drafting::finding::{Severity, Subject};
use drafting::recipe::RuleSetting;

use crate::{FAIL, PASS, Plan, RECIPE, check, check_open};

#[test]
fn a_mistyped_pupil_number_is_seen_wherever_it_stands() {
    let rule = "plan.pupil-number";
    // Each is found in the statement and in the sentence that it came from.
    let twice = RuleVerdict::Fail { findings: 2 };
    let told = |number: &str| format!("He joined in Year 2 (UPN {number}).");
    check(rule, &[("history", &told("K999123412001"))], &PASS);
    check(rule, &[("history", &told("W99912341200A"))], &PASS);
    check(rule, &[("history", &told("K999123412002"))], &twice);
    // One character short: no pupil number.
    check_open(rule, &[("history", &told("K99912341200"))]);
    check_open(rule, &[]);
}

#[test]
fn a_source_alone_is_looked_at_too() {
    let rule = "plan.pupil-number";
    let mut plan = Plan::of(&[("history", "UPN K999123412002.")]);
    for field in plan
        .draft
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.fields)
    {
        field.content = drafting::draft::FieldContent::Empty;
    }
    assert_eq!(plan.verdict(rule), FAIL);
    let checked = plan.checked();
    let found = checked
        .findings()
        .iter()
        .find(|finding| finding.rule == rule)
        .unwrap();
    assert!(matches!(found.subject, Subject::Sentence(_)));
    assert!(!found.message.contains("K999123412002"));
}

#[test]
fn two_pupil_numbers_are_a_question() {
    let rule = "plan.pupil-number";
    let (own, temporary) = ("UPN K999123412001.", "His first number was W99912341200A.");
    check(rule, &[("history", own), ("semh_needs", own)], &PASS);
    check(rule, &[("history", own), ("semh_needs", temporary)], &FAIL);
}

#[test]
fn a_pupil_number_that_no_source_has_is_taken_out() {
    let mut plan = Plan::of(&[("history", "His number is K999123412001.")]);
    for field in plan
        .draft
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.fields)
    {
        if let drafting::draft::FieldContent::Statements(all) = &mut field.content {
            for statement in all {
                statement.text = "His number is W99912341200A.".into();
            }
        }
    }
    assert_eq!(plan.checked().draft().statements().count(), 0);
}

#[test]
fn pages_are_counted_when_there_are_any() {
    let rule = "plan.pages";
    let verdict = |recipe: &drafting::recipe::Recipe, pages| {
        let checked = Plan::with(recipe, &[("semh_needs", "He worries.")]).checked();
        let checked = checked.of_pages(recipe, pages);
        assert_eq!(checked.pages(), Some(pages));
        let result = checked
            .results()
            .iter()
            .find(|result| result.rule == rule)
            .unwrap();
        let finding = checked.findings().iter().find(|finding| finding.rule == rule);
        (result.verdict.clone(), finding.map(|finding| finding.severity))
    };
    check_open(rule, &[]);
    assert_eq!(verdict(&RECIPE, 40), (PASS, None));
    assert_eq!(verdict(&RECIPE, 41), (FAIL, Some(Severity::Info)));
    let mut recipe = RECIPE.clone();
    recipe.rules.insert(rule.into(), RuleSetting::Off);
    assert_eq!(verdict(&recipe, 41), (RuleVerdict::Off, None));
}

#[test]
fn strengths_stand_beside_difficulties_where_a_source_tells_of_them() {
    let rule = "plan.strengths";
    let need = ("semh_needs", "He worries.");
    let of_family = |area: &str| {
        let mut plan = Plan::of(&[need, ("strengths", "He is kind to small children.")]);
        plan.claims[1].area = Some(area.to_owned());
        plan.verdict(rule)
    };
    assert_eq!(of_family("semh"), FAIL);
    assert_eq!(of_family("cognition_learning"), PASS);
    check(rule, &[need], &PASS);
    check(rule, &[need, ("semh_strengths", "He is kind.")], &PASS);
    check_open(rule, &[("semh_strengths", "He is kind.")]);
}

#[test]
fn another_school_is_named_nowhere_that_is_planned() {
    let rule = "placement.other-setting";
    let named = "A place at Fernside Academy, every day.";
    check(rule, &[("semh_provisions", named)], &FAIL);
    check(rule, &[("history", named)], &PASS);
    check(
        rule,
        &[("semh_provisions", "A place in a group at school, every day.")],
        &PASS,
    );
}
