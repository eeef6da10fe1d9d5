//! A council's own conventions, chosen by one line of the recipe.

use std::sync::LazyLock;

use drafting::check::RuleVerdict;
use drafting::claim::ClaimId;
use drafting::draft::Support;
use drafting::finding::{Severity, Subject};
use drafting::recipe::{Recipe, load};

use crate::{FAIL, PASS, Plan, files};

/// The recipe with a profile chosen, and a file of the recipe changed.
fn loaded(chosen: &str, file: &str, from: &str, to: &str) -> Result<Recipe, String> {
    let mut files = files();
    let mut change = |file: &str, from: &str, to: &str| {
        let text = String::from_utf8(files.get(file).unwrap().clone()).unwrap();
        assert!(text.contains(from), "{from}");
        files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    };
    change(
        "recipe.toml",
        "completeness = ",
        &format!("profile = \"{chosen}\"\ncompleteness = "),
    );
    if !file.is_empty() {
        change(file, from, to);
    }
    load::load("ehcp", &files, None).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

const FILE: &str = "profiles/needs-and-blanks.toml";

pub static COUNCIL: LazyLock<Recipe> = LazyLock::new(|| loaded("needs-and-blanks", "", "", "").unwrap());

fn check(rule: &str, filled: &[(&str, &str)], expected: &RuleVerdict) {
    let plan = Plan::with(&COUNCIL, filled);
    assert_eq!(plan.verdict(rule), *expected, "{rule}: {filled:?}");
}

#[test]
fn each_rule_of_words_finds_its_examples() {
    assert_eq!(load::examples(&COUNCIL), []);
}

#[test]
fn a_profile_sets_severities_limits_and_blanks() {
    let chosen = COUNCIL.profile.as_ref().unwrap();
    assert_eq!(
        (chosen.name.as_str(), chosen.version.as_str()),
        ("needs-and-blanks", "1.0.0")
    );
    assert_eq!(COUNCIL.section("F").unwrap().nil, "");
    assert_eq!(COUNCIL.field("history").unwrap().max_words, Some(500));
    let severity = |rule| COUNCIL.severity(rule, Severity::Standard);
    assert_eq!(severity("language.withheld"), Some(Severity::Critical));
    assert_eq!(severity("specificity.vague"), Some(Severity::Info));
    assert!(crate::RECIPE.profile.is_none() && !crate::RECIPE.section("F").unwrap().nil.is_empty());
}

#[test]
fn what_the_recipe_sets_goes_before_the_profile() {
    let recipe = loaded(
        "needs-and-blanks",
        "recipe.toml",
        "[wording]",
        "[rules]\n\"specificity.vague\" = \"critical\"\n\"council.ten\" = \"off\"\n\n[wording]",
    );
    let recipe = recipe.unwrap();
    let severity = |rule| recipe.severity(rule, Severity::Standard);
    assert_eq!(severity("specificity.vague"), Some(Severity::Critical));
    assert_eq!(severity("council.ten"), None);
}

#[test]
fn a_profile_replaces_a_rule_by_its_id() {
    let recipe = loaded(
        "needs-and-blanks",
        FILE,
        "id = \"council.ten\"\nseverity = \"standard\"",
        "id = \"plan.outcomes\"\nseverity = \"critical\"",
    );
    let recipe = recipe.unwrap();
    let own: Vec<_> = recipe
        .demands
        .rules
        .iter()
        .filter(|rule| rule.id == "plan.outcomes")
        .collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].severity, Severity::Critical);
}

#[test]
fn a_profile_with_a_fault_is_told_where() {
    for (chosen, from, to, said) in [
        ("other", "version", "version", "the name of no sound profile"),
        (
            "needs-and-blanks",
            "history = 500",
            "historie = 500",
            "the key of no field",
        ),
        ("needs-and-blanks", "A = \"\"", "Z = \"\"", "the id of no section"),
        (
            "needs-and-blanks",
            "\"structure.words\"",
            "\"structure.wrds\"",
            "the id of no rule",
        ),
        (
            "needs-and-blanks",
            "id = \"council.ten\"",
            "id = \"grounding.name\"",
            "is no id, or the id of another",
        ),
        (
            "needs-and-blanks",
            "not_from = [\"parent\"]",
            "not_from = [\"aunt\"]",
            "is the id of no advice",
        ),
        (
            "needs-and-blanks",
            "{appendix}', '",
            "{apendix}', '",
            "is not a pattern",
        ),
        (
            "needs-and-blanks",
            "severity = \"critical\"",
            "severity = \"grave\"",
            "unknown value",
        ),
    ] {
        let faults = loaded(chosen, FILE, from, to).unwrap_err();
        assert!(
            faults.contains(".toml") && faults.contains(said),
            "{to}: {faults}"
        );
    }
}

#[test]
fn what_must_be_given_is_asked_of_a_person_and_stops_nothing_else() {
    let rule = "council.details";
    let whole = [
        ("name", "Ada Hale"),
        ("date_of_birth", "14/03/2017"),
        ("parent_2_name", "Eve Hale"),
        ("education_setting", "Wickmoor School"),
    ];
    check(rule, &whole, &PASS);
    check(rule, &whole[..3], &FAIL);
    let plan = Plan::with(&COUNCIL, &[("history", "She was born at home.")]).checked();
    let asked = plan.findings().iter().filter(|finding| finding.rule == rule);
    assert_eq!(asked.filter(|finding| finding.hint.is_some()).count(), 4);
    assert_eq!(
        plan.draft().statements().count(),
        1,
        "the draft is made all the same"
    );
}

#[test]
fn views_have_a_limit_together() {
    let long = "word ".repeat(260);
    check(
        "council.views-words",
        &[("child_views", &long), ("strengths", &long)],
        &FAIL,
    );
    check(
        "council.views-words",
        &[("child_views", &long), ("history", &long)],
        &PASS,
    );
    check("council.something", &[("child_views", "He likes it.")], &FAIL);
}

#[test]
fn prose_has_no_bullets_and_no_quotation_marks() {
    for (text, bullets, marks) in [
        ("\u{2022} He likes trains.", &FAIL, &PASS),
        ("- He likes trains.", &FAIL, &PASS),
        ("1. He likes trains.", &FAIL, &PASS),
        ("He says \u{201c}I like it\u{201d}.", &PASS, &FAIL),
        ("A well-known lover of trains, born in 2017.", &PASS, &PASS),
    ] {
        check("council.prose", &[("child_views", text)], bullets);
        check("council.no-quotation-marks", &[("child_views", text)], marks);
    }
    check("council.prose", &[("semh_needs", "- He worries.")], &PASS);
}

#[test]
fn communication_is_one_or_two_sentences() {
    let rule = "council.communication";
    check(rule, &[("communication", "Say her name. Wait.")], &PASS);
    check(
        rule,
        &[("communication", "Say her name. Wait. Ask again.")],
        &FAIL,
    );
    check(rule, &[], &PASS);
}

#[test]
fn an_area_has_at_most_ten_needs() {
    let need = ("semh_needs", "He worries.");
    check("council.ten", &[need; 10], &PASS);
    check("council.ten", &[need; 11], &FAIL);
    let other = [("cognition_learning_needs", "He cannot count."); 6];
    check("council.ten", &[&[need; 6][..], &other].concat(), &PASS);
}

#[test]
fn needs_are_not_drawn_from_the_parents_form() {
    let rule = "council.from-professionals";
    let filled = [("semh_needs", "He worries."), ("family_views", "He is loved.")];
    check(rule, &filled, &PASS);
    let mut plan = Plan::with(&COUNCIL, &filled);
    plan.case.sources[0].advice = Some("parent".into());
    assert_eq!(plan.verdict(rule), FAIL);
}

#[test]
fn an_area_without_needs_says_so() {
    let rule = "council.no-needs";
    // In an empty field the sentence stands by itself.
    check(rule, &[], &PASS);
    check(rule, &[("semh_needs", "He worries.")], &PASS);
    assert_eq!(
        COUNCIL.nil_of("semh_needs"),
        Some("The advice describes no social, emotional or mental health need.")
    );
    assert_eq!(crate::RECIPE.nil_of("semh_needs"), None);
    for (text, expected) in [
        (
            "The advice describes no social, emotional or mental health need.",
            &PASS,
        ),
        ("No needs.", &FAIL),
    ] {
        let mut plan = Plan::with(&COUNCIL, &[]);
        plan.enter("semh_needs", text);
        assert_eq!(plan.verdict(rule), *expected, "{text}");
    }
}

#[test]
fn what_needs_reading_is_not_assessed_without_a_judge() {
    let verdict = Plan::with(&COUNCIL, &[("health_care_needs", "He had a cold.")]).verdict("council.related");
    assert!(matches!(verdict, RuleVerdict::NotAssessed { .. }), "{verdict:?}");
}

#[test]
fn without_the_profile_its_rules_are_not_there() {
    let plan = Plan::of(&[("semh_needs", "N/A")]).checked();
    assert!(
        plan.results()
            .iter()
            .all(|result| !result.rule.starts_with("council."))
    );
    let council = Plan::with(&COUNCIL, &[("semh_needs", "N/A")]).checked();
    let found = council
        .findings()
        .iter()
        .find(|finding| finding.rule == "council.blank")
        .unwrap();
    assert_eq!(found.severity, Severity::Critical);
    assert!(matches!(&found.subject, Subject::Statement(_)));
    assert!(
        council
            .draft()
            .statements()
            .all(|(_, _, one)| one.support == Support::Claims(vec![ClaimId(1)]))
    );
}

#[test]
fn an_operator_chooses_a_profile_without_editing_the_recipe() {
    let by = |set| load::load_by("ehcp", &files(), None, set);
    let (own, set) = (by(None).unwrap(), by(Some("needs-and-blanks")).unwrap());
    assert_eq!(set.profile, COUNCIL.profile);
    assert_eq!(set.section("F").unwrap().nil, "");
    assert_ne!(own.digest, set.digest, "the same sources are drafted anew");
    let faults = by(Some("other")).unwrap_err();
    assert!(
        faults[0].to_string().contains("the name of no sound profile"),
        "{faults:?}"
    );
    // What is set goes before what the recipe says.
    let mut chosen = files();
    let text = String::from_utf8(chosen["recipe.toml"].clone()).unwrap();
    let text = text.replacen("completeness = ", "profile = \"other\"\ncompleteness = ", 1);
    chosen.insert("recipe.toml".to_owned(), text.into_bytes());
    assert!(load::load("ehcp", &chosen, None).is_err());
    let set = load::load_by("ehcp", &chosen, None, Some("needs-and-blanks")).unwrap();
    assert_eq!(set.profile, COUNCIL.profile);
}
