//! Statements in other words than their evidence: what is a good paraphrase, and what is not borne out.

use drafting::case::{Case, Subject as Child};
use drafting::check::statement::{Citation, Reader, Written};
use drafting::check::{Wording, check_worded};
use drafting::finding::Subject;
use proptest::prelude::*;

use super::*;

const NAME: &str = "Rowan Elias Penhallow";

pub fn about_rowan(lines: &[&str]) -> Case {
    let mut case = case(lines);
    case.manifest.child = Some(
        Child {
            name: Some(NAME.to_owned()),
            preferred_name: Some("Ro".to_owned()),
            pronouns: Some("he/him".to_owned()),
            ..Child::default()
        }
        .into(),
    );
    case
}

/// The rules that a statement breaks over the lines of a psychologist's advice, those of standard severity or worse.
fn broken(recipe: &Recipe, lines: &[&str], section: Option<&str>, text: &str) -> Vec<String> {
    let case = about_rowan(lines);
    let reader = Reader::new(recipe, &case, []);
    let document = case.sources.first().unwrap().content.as_ref().unwrap();
    let written = Written {
        text,
        section,
        area: None,
        citations: document
            .sentences
            .iter()
            .map(|sentence| Citation { sentence, part: None })
            .collect(),
    };
    let mut rules: Vec<String> = reader
        .findings(&Subject::Statement("B.1".into()), &written)
        .into_iter()
        .filter(|finding| finding.severity != Severity::Info)
        .map(|finding| finding.rule)
        .collect();
    rules.sort();
    rules.dedup();
    rules
}

#[track_caller]
fn check(evidence: &str, text: &str, expected: &[&str]) {
    assert_eq!(
        broken(&recipe(), &[evidence], Some("F"), text),
        expected,
        "{text}"
    );
}

const GROUP: &str = "A reading group, 1:3, for 20 minutes three times each week, led by a teaching assistant, until July 2027.";

#[test]
fn quantities_agree_in_any_notation() {
    for text in [
        "A TA will lead a reading group (one to three) 3 times a week for twenty minutes until July 2027.",
        "Until July 2027, a teaching assistant will lead a reading group of three, 3x per week, 20 mins each.",
    ] {
        check(GROUP, text, &[]);
    }
    check(
        "Help for an hour and a half once a term.",
        "Help for 90 minutes termly.",
        &[],
    );
    check("Seen on 14/03/2026.", "He was seen on 14 March 2026.", &[]);
    check("He gets up at half past nine.", "Rowan gets up at 9:30 am.", &[]);
    check(
        "He was right on eight out of ten.",
        "Rowan was right on 8 of 10.",
        &[],
    );
    check(
        "He scored at the ninety-first centile.",
        "Rowan scored at the 91st centile.",
        &[],
    );
    check(
        "Support daily, 12.5 hours each week.",
        "Support every day, twelve and a half hours a week.",
        &[],
    );
}

#[test]
fn changed_quantities_are_found() {
    let number = &["grounding.number"][..];
    let both = &["grounding.lost-specific", "grounding.number"][..];
    for (text, expected) in [
        (
            "A TA will lead a reading group, 1:3, for 3 minutes 20 times each week, until July 2027.",
            both,
        ),
        (
            "A TA will lead a reading group, 1:4, for 20 minutes three times each week, until July 2027.",
            number,
        ),
        (
            "A TA will lead a reading group, 1:3, for 20 minutes three times each month, until July 2027.",
            both,
        ),
        (
            "A TA will lead a reading group, 1:3, for 20 minutes three times each week, until June 2027.",
            number,
        ),
        (
            "A TA will lead a reading group, 1:3, for 20 minutes.",
            &["grounding.lost-specific"],
        ),
    ] {
        check(GROUP, text, expected);
    }
    check(
        "Two visits of three hours.",
        "Three visits of three hours.",
        number,
    );
    check(
        "Up to six visits.",
        "At least six visits.",
        &["grounding.direction"],
    );
}

#[test]
fn denials_are_kept() {
    let negation = &["grounding.negation"][..];
    let line = "He does not yet tell others when he has not understood.";
    check(
        line,
        "Rowan finds it hard to tell others that he has not understood.",
        &[],
    );
    check(line, "Rowan tells others when he has not understood.", negation);
    check(
        line,
        "He does not yet tell others when he has understood.",
        negation,
    );
    check(
        "No rescue medicine is prescribed.",
        "Rescue medicine is not prescribed.",
        &[],
    );
    check(
        "No rescue medicine is prescribed.",
        "Rescue medicine is prescribed.",
        negation,
    );
    check(
        "He has not missed a session.",
        "Rowan has come to every session.",
        &[],
    );
    check("He can travel alone.", "Rowan cannot travel alone.", negation);
    check(
        "He can lift no more than two books.",
        "Rowan can lift at most two books.",
        &[],
    );
}

#[test]
fn strength_is_kept() {
    let stronger = &["grounding.strengthened"][..];
    check(
        "He may benefit from a quiet room.",
        "Rowan might benefit from a quiet room.",
        &[],
    );
    check(
        "He may benefit from a quiet room.",
        "Rowan needs a quiet room.",
        stronger,
    );
    check(
        "He should have a quiet room.",
        "Rowan will have a quiet room.",
        &[],
    );
    check(
        "A quiet room is recommended.",
        "A quiet room is essential.",
        stronger,
    );
    check("He sometimes shouts.", "Rowan always shouts.", stronger);
    check(
        "He will have a quiet room.",
        "Rowan may need a quiet room.",
        &["grounding.weakened"],
    );
}

#[test]
fn people_are_who_they_are() {
    let name = &["grounding.name"][..];
    let line = "Rowan is kind and he likes Mrs Ashdown.";
    check(line, "Ro is kind, and he likes Mrs Ashdown.", &[]);
    check(line, "Rowen is kind, and he likes Mrs Ashdown.", name);
    check(line, "Rowan is kind, and he likes Mrs Ashdawn.", name);
    check(line, "Rowan is kind, and he likes Mr Ashdown.", name);
    check(line, "Oliver is kind, and he likes Mrs Ashdown.", name);
    check(
        line,
        "Rowan is kind, and she likes Mrs Ashdown.",
        &["grounding.pronoun"],
    );
    check(
        "His sister has asthma and uses a pump.",
        "Rowan has asthma and uses a pump.",
        &["grounding.other-person"],
    );
    check(
        "His mother is worried about him.",
        "His father is worried about him.",
        name,
    );
}

#[test]
fn voices_are_kept() {
    let attribution = &["grounding.attribution"][..];
    check(
        "His parents believe that he hears well.",
        "Rowan hears well.",
        attribution,
    );
    check(
        "His parents believe that he hears well.",
        "His parents feel that Rowan hears well.",
        &[],
    );
    check(
        "His father would like him to stay at home.",
        "Rowan would like to stay at home.",
        attribution,
    );
    let said = "He said that \u{201c}words get stuck in the tunnel\u{201d}.";
    check(said, "Rowan says, \"words get stuck in the tunnel\".", &[]);
    check(
        said,
        "Rowan says, \"words are stuck in a tunnel\".",
        &["grounding.quotation"],
    );
}

#[test]
fn nothing_is_put_in() {
    check(
        "He is tired by noon.",
        "Rowan is tired by noon and has epilepsy.",
        &["grounding.sensitive"],
    );
    check(
        "An adult helps him to read.",
        "A speech therapist helps Rowan to read.",
        &["grounding.unsupported"],
    );
    check(
        "He works hard in maths and is proud of it.",
        "Rowan works hard in maths and is proud of it, and plays trombone with a county orchestra.",
        &["grounding.unsupported"],
    );
    check(
        "He used to attend a nurture group.",
        "Rowan attends a nurture group.",
        &["grounding.historic"],
    );
    check(
        "He used to attend a nurture group.",
        "Rowan previously attended a nurture group.",
        &[],
    );
    check("", "", &["grounding.uncited"]);
}

/// In a draft, what a model wrote is held to these rules, and what breaks a critical one is taken out.
#[test]
fn written_statements_are_checked_in_a_draft() {
    let (recipe, case) = (
        recipe(),
        about_rowan(&["Rowan needs help with reading twice weekly."]),
    );
    let made = |text: &str, wording| {
        let content = FieldContent::Statements(vec![statement("B.1", text, &[1])]);
        let draft = draft(&recipe, vec![(NEEDS, content)]);
        check_worded(
            &recipe,
            &case,
            &[claim(1, "need", 1, 1)],
            &BTreeSet::new(),
            Vec::new(),
            draft,
            Judged::All,
            wording,
        )
    };
    let good = "Twice a week, Rowan requires support to read.";
    assert_eq!(text_of(&made(good, Wording::Written)), [good]);
    assert!(text_of(&made(good, Wording::Verbatim)).is_empty());
    let bad = made(
        "Three times a week, Rowan requires support to read.",
        Wording::Written,
    );
    assert!(text_of(&bad).is_empty());
    assert_eq!(rules(&bad, Severity::Critical), ["grounding.number"]);
}

fn sentence() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "Rowan",
        "he",
        "his",
        "needs",
        "may",
        "not",
        "no",
        "can",
        "cannot",
        "without",
        "help",
        "reading",
        "20",
        "minutes",
        "twice",
        "weekly",
        "each",
        "day",
        "three",
        "of",
        "five",
        "1:1",
        "group",
        "July",
        "2027",
        "and",
        "but",
        "when",
        "difficulty",
        "the",
        "a",
        "before",
        "more",
        "than",
        "sometimes",
        "mother",
        "half",
        "term",
        "12.5",
        "%",
        ",",
        "at",
        "least",
        "up",
        "to",
        "Year",
    ]);
    prop::collection::vec(words, 1..25).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(evidence in "\\PC{0,200}", text in "\\PC{0,200}") {
        broken(&RECIPE, &[&evidence], Some("F"), &text);
    }

    #[test]
    fn any_mixture_is_read(evidence in sentence(), text in sentence()) {
        broken(&RECIPE, &[&evidence], Some("B"), &text);
    }

    /// What is said in the words of its evidence is borne out.
    #[test]
    fn the_same_words_are_borne_out(evidence in sentence()) {
        let found = broken(&RECIPE, &[&evidence], None, &evidence);
        prop_assert!(found.is_empty(), "{evidence}: {found:?}");
    }

    /// Blanks and the form of quotation marks change nothing.
    #[test]
    fn blanks_and_marks_change_nothing(evidence in sentence(), text in sentence()) {
        let evidence = format!("{evidence} \"so far\"");
        let text = format!("{text} \"so far\"");
        let other = text.replace(' ', "  ").replacen('"', "\u{201c}", 1).replacen('"', "\u{201d}", 1);
        prop_assert_eq!(broken(&RECIPE, &[&evidence], Some("F"), &text), broken(&RECIPE, &[&evidence], Some("F"), &other));
    }
}

static RECIPE: std::sync::LazyLock<Recipe> = std::sync::LazyLock::new(recipe);
