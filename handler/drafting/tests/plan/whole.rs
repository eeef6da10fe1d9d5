//! Rules of the whole plan: one name, the index, enclosed papers, the outcomes of an adult, and what is said twice.

use drafting::check::RuleVerdict;
use drafting::hash::Digest;
use drafting::id::SourceName;

use crate::{FAIL, PASS, Plan, check, check_open};

#[test]
fn the_child_is_called_by_one_name() {
    let rule = "language.one-name";
    let names = [("name", "Rowan Elias Penhallow"), ("preferred_name", "Ro")];
    let with = |texts: &[(&'static str, &'static str)]| [&names[..], texts].concat();
    let need = ("semh_needs", "Rowan worries.");
    check(
        rule,
        &with(&[need, ("history", "Rowan was born at home.")]),
        &PASS,
    );
    check(
        rule,
        &with(&[
            need,
            ("history", "Rowan was born at home."),
            ("interests", "Ro likes trains."),
        ]),
        &FAIL,
    );
    // Somebody's own words, and another word that begins so.
    check(
        rule,
        &with(&[need, ("interests", "His dad says \u{201c}Ro loves it\u{201d}.")]),
        &PASS,
    );
    check(
        rule,
        &with(&[need, ("interests", "Ro-Ro ferries and Romans.")]),
        &PASS,
    );
    check_open(rule, &[need]);
}

#[test]
fn the_index_has_every_paper_once_with_its_author() {
    let rule = "plan.index";
    let mut plan = Plan::of(&[("semh_needs", "He worries.")]);
    assert_eq!(plan.verdict(rule), FAIL, "the author is not known");
    plan.case.sources[0].author_role = Some("Educational Psychologist".into());
    assert_eq!(plan.verdict(rule), PASS);
    let mut again = plan.case.sources[0].clone();
    again.number = 2;
    again.name = SourceName::parse("Advice copy.pdf").unwrap();
    plan.case.sources.push(again);
    assert_eq!(plan.verdict(rule), FAIL, "the same file twice");
    plan.case.sources[1].digest = Digest::of(b"other");
    assert_eq!(plan.verdict(rule), PASS);
    plan.case.sources[1].advice = None;
    assert_eq!(plan.verdict(rule), FAIL, "nobody knows what it is");
}

#[test]
fn what_a_form_says_is_enclosed_is_there() {
    let rule = "plan.enclosed";
    let said = |answer| [("is_there_a_one_page_profile_received_append", answer)];
    check(rule, &said("Yes"), &FAIL);
    check(rule, &said("No"), &PASS);
    check_open(rule, &[]);
    let mut plan = Plan::of(&said("Yes"));
    plan.case.sources[0].name = SourceName::parse("One_page_profile.pdf").unwrap();
    assert_eq!(plan.verdict(rule), PASS);
}

#[test]
fn an_adult_s_outcomes_name_education_or_training() {
    let rule = "plan.adult-outcomes";
    let outcome = ("semh_outcomes", "By July 2027 she will travel alone.");
    let study = (
        "semh_outcomes",
        "By July 2027 she will finish her Level 1 course.",
    );
    let born = |day| ("date_of_birth", day);
    // Drafted on 2 November 2026.
    check(rule, &[born("02/11/2008"), outcome], &FAIL);
    check(rule, &[born("02/11/2008"), outcome, study], &PASS);
    check(rule, &[born("03/11/2008"), outcome], &PASS);
    check_open(rule, &[outcome]);
}

#[test]
fn alike_outcomes_stand_once() {
    let rule = "language.repeated";
    let first = (
        "semh_outcomes",
        "By the end of Year 5, Rowan will play a structured game with two other children for 15 minutes on three days each week.",
    );
    let alike = (
        "semh_outcomes",
        "Rowan will play a structured game with two other children for fifteen minutes at lunchtime on three days in each week.",
    );
    let longer = (
        "semh_outcomes",
        "Rowan will play a structured game with two other children for 25 minutes on three days in each week.",
    );
    check(rule, &[first, alike], &FAIL);
    check(rule, &[first, longer], &PASS);
    // A need and the provision for it are told in the same words.
    let (need, measure) = (
        (
            "semh_needs",
            "Rowan cannot play a structured game with two other children at lunchtime.",
        ),
        (
            "semh_provisions",
            "Adult help to play a structured game with two other children at lunchtime.",
        ),
    );
    check(rule, &[need, measure], &PASS);
}

#[test]
fn a_document_of_no_words_passes_nothing_that_it_cannot_be_asked() {
    let plan = Plan::of(&[]).checked();
    for rule in ["language.one-name", "plan.enclosed", "plan.age"] {
        let result = plan.results().iter().find(|result| result.rule == rule).unwrap();
        assert!(
            matches!(result.verdict, RuleVerdict::NotAssessed { .. }),
            "{rule}"
        );
    }
}
