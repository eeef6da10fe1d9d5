//! The report of an annual review, drafted by the same engine from another recipe: each thing under its part, the rules of
//! a review, and no decision made for the authority.

use std::collections::{BTreeMap, BTreeSet};

use drafting::case::Manifest;
use drafting::check::{CheckedDraft, Judged, RuleVerdict, check};
use drafting::recipe::load;
use drafting::source::Reading;

use super::behaviours::{Made, make, sound};
use super::recipes::annual_review;

const REPORT: &str = include_str!("juno/Annual review report.md");
const LETTER: &str = include_str!("juno/Letter from parents.md");

/// Drafts the review of an invented girl in Year 9, with words of the report of the meeting changed.
fn drafted(changes: &[(&str, &str)]) -> Made {
    let report = changes.iter().fold(REPORT.to_owned(), |report, (from, to)| {
        assert!(report.contains(from), "{from}");
        report.replace(from, to)
    });
    let reading =
        |text: &str| -> Reading { reading::parse(text.as_bytes(), &reading::Limits::default()).unwrap() };
    let documents = [
        ("Annual review report.md", reading(&report)),
        ("Letter from parents.md", reading(LETTER)),
    ];
    make(annual_review(), Manifest::default(), &documents)
}

fn checked(made: &Made) -> CheckedDraft {
    check(
        annual_review(),
        &made.case,
        &made.all.claims,
        &BTreeSet::new(),
        Vec::new(),
        made.draft.clone(),
        Judged::No,
    )
}

/// What a rule comes to in the review with these changes.
#[track_caller]
fn verdict(rule: &str, changes: &[(&str, &str)]) -> RuleVerdict {
    let checked = checked(&drafted(changes));
    let result = checked.results().iter().find(|result| result.rule == rule);
    result.unwrap().verdict.clone()
}

#[test]
fn each_thing_stands_under_its_part() {
    let made = drafted(&[]);
    sound(annual_review(), &made);
    let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, field, statement) in made.draft.statements() {
        lines.entry(field.key.as_str()).or_default().push(&statement.text);
    }
    for (key, expected) in [
        ("name", vec!["Juno Kettleby"]),
        ("date_of_birth", vec!["09/01/2013"]),
        ("year_group", vec!["Year 9"]),
        ("plan_date", vec!["03/12/2025"]),
        ("review_date", vec!["05/10/2026"]),
        (
            "attended",
            vec!["Parents", "SENCo", "speech and language therapist"],
        ),
        (
            "progress",
            vec![
                "Juno will follow instructions of three key words. Met. She follows three key words in nine lessons out of ten.",
                "Juno will have two friends. Partly met: she eats with one friend on two days each week.",
            ],
        ),
        (
            "changes",
            vec!["Juno was diagnosed with epilepsy in June 2026. She no longer needs a writing slope."],
        ),
        (
            "amend_b",
            vec!["Add that Juno was diagnosed with epilepsy in June 2026."],
        ),
        (
            "amend_e",
            vec![
                "Take out outcome 1, which is met.",
                "New outcome: by July 2028 Juno will travel to school by bus with one adult behind her.",
            ],
        ),
        (
            "amend_f",
            vec![
                "Add travel training, 1:1, twice weekly for 30 minutes, by a trained teaching assistant.",
                "Reduce the language group as agreed by the school.",
                "We would like cooking lessons to be put in Section F.",
            ],
        ),
        (
            "recommendations",
            vec![
                "Those present recommend that the plan should be amended. The speech and language therapist did not agree that the language group should be reduced.",
            ],
        ),
    ] {
        assert_eq!(lines.get(key), Some(&expected), "{key}");
    }
    assert!(
        lines["family_views"]
            .iter()
            .any(|line| line.contains("We worry about her seizures"))
    );
    let held = made.case.sources[0].date;
    assert_eq!(
        held,
        Some(jiff::civil::date(2026, 10, 5)),
        "the document is of the day of the meeting"
    );
    assert!(lines["child_views"][0].contains("talking mats"));
    // The decision is the authority's, and an amendment whose section nobody names is in none.
    assert!(!lines.contains_key("decision") && !lines.contains_key("amend_other"));
}

#[test]
fn an_amendment_of_a_table_stands_in_the_section_that_its_row_names() {
    let table = "| Section | Amendment | By whom | How often |\n|---|---|---|---|\n\
                 | G | Add a check of her equipment. | school nurse | - |\n| - | Add a lift to swimming. | - | - |\n";
    let made = drafted(&[("### Section B\n", &format!("{table}\n### Section B\n"))]);
    let text = |key: &str| -> Vec<&str> {
        let all = made.draft.statements().filter(|(_, field, _)| field.key == key);
        all.map(|(_, _, statement)| statement.text.as_str()).collect()
    };
    assert_eq!(text("amend_g"), ["Add a check of her equipment. school nurse"]);
    assert_eq!(text("amend_other"), ["Add a lift to swimming."]);
}

#[test]
fn the_clock_counts_from_the_meeting() {
    let held = |day: &str| verdict("review.clock", &[("5 October 2026", day)]);
    // Drafted on 2 November 2026.
    assert_eq!(held("30 October 2026"), RuleVerdict::Pass);
    assert_eq!(held("20 October 2026"), RuleVerdict::Fail { findings: 1 });
    assert_eq!(held("5 October 2026"), RuleVerdict::Fail { findings: 2 });
    assert_eq!(held("1 June 2026"), RuleVerdict::Fail { findings: 3 });
    assert!(matches!(held("in autumn"), RuleVerdict::NotAssessed { .. }));
    let yearly = |day: &str| verdict("review.yearly", &[("5 October 2026", day)]);
    assert_eq!(yearly("5 October 2026"), RuleVerdict::Pass);
    assert_eq!(yearly("1 October 2025"), RuleVerdict::Fail { findings: 1 });
}

#[test]
fn the_rules_of_a_review_find_what_they_are_for() {
    const FAIL: RuleVerdict = RuleVerdict::Fail { findings: 1 };
    const PASS: RuleVerdict = RuleVerdict::Pass;
    let delegated = "Reduce the language group as agreed by the school.";
    for (rule, changes, expected) in [
        ("review.details", &[][..], PASS),
        ("review.details", &[("3 December 2025", "not known")], FAIL),
        ("review.delegated", &[], FAIL),
        (
            "review.delegated",
            &[(delegated, "Reduce the language group to once a week.")],
            PASS,
        ),
        ("review.vague", &[], PASS),
        (
            "review.vague",
            &[(delegated, "Add regular movement breaks.")],
            FAIL,
        ),
        ("review.outcome-undated", &[], PASS),
        ("review.outcome-undated", &[("by July 2028 Juno", "Juno")], FAIL),
        ("review.recommendation", &[], PASS),
        (
            "review.recommendation",
            &[(
                "Those present recommend that the plan should be amended. The speech and language therapist did not agree that the language group should be reduced.",
                "Everybody was content.",
            )],
            FAIL,
        ),
        ("review.adulthood", &[], PASS),
        (
            "review.adulthood",
            &[("travel training", "a map of the town")],
            FAIL,
        ),
    ] {
        assert_eq!(verdict(rule, changes), expected, "{rule}: {changes:?}");
    }
    assert_eq!(load::examples(annual_review()), []);
}
