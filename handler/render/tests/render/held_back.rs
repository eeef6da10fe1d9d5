//! What screening holds back: in the report and the record, and in no Word file.

use std::collections::BTreeMap;

use drafting::draft::FieldContent;
use drafting::record::{Generated, Record};
use drafting::screening::{Assessment, HeldKind, Level, Part, Policy, Ratings, passages, screened};
use drafting::source::Format;

use super::documents;
use super::fixture::Run;
use super::page::Page;
use super::word_files::body;

const HURTS: &str = "Idris has hurt himself with a blade.";

/// A run with two needs, whose passages are rated `harm` for self-harm where they hold "blade".
fn run(harm: Level) -> (drafting::recipe::Recipe, Generated) {
    let mut run = Run::new();
    run.add_source(
        "Appendix D.pdf",
        "psychology",
        "Educational Psychologist",
        Ok((&format!("# Advice\n{HURTS}\nIdris reads slowly.\n"), Format::Pdf)),
    );
    let needs = [HURTS, "Idris reads slowly."].map(|words| run.quote("B.SE", "need", 1, &[words]));
    run.put("semh_needs", FieldContent::Statements(needs.into()));
    let (recipe, generated) = run.finish();
    let passages = passages(&recipe, &generated);
    let assessments: Vec<Assessment> = passages
        .iter()
        .map(|passage| {
            let self_harm = if passage.text.contains("blade") {
                harm
            } else {
                Level::Safe
            };
            Assessment::Rated(Ratings {
                self_harm,
                ..Ratings::SAFE
            })
        })
        .collect();
    assert!(passages.iter().any(|passage| {
        passage.text == HURTS && passage.parts.iter().any(|part| matches!(part, Part::Quote(_)))
    }));
    let generated = screened(&Policy::default(), generated, &passages, &assessments);
    (recipe, generated)
}

#[test]
fn the_officer_sees_what_is_held_back_and_nobody_else_does() {
    let run = run(Level::Medium);
    let page = Page::of(&run);
    let section = page.text("#held-back");
    for expected in [
        "Held back by screening",
        HURTS,
        "self-harm 4 (medium)",
        "Appendix D.pdf",
    ] {
        assert!(section.contains(expected), "{expected}: {section}");
    }
    let documents = documents(&run);
    for file in [&documents.draft, &documents.evidence, &documents.queries] {
        assert!(!body(file).contains("blade"));
    }
    assert!(body(&documents.draft).contains("Idris reads slowly."));
    assert!(
        body(&documents.draft).contains("held back"),
        "the plan says that something is missing"
    );
}

#[test]
fn the_record_lists_what_is_held_back_as_the_schema_says() {
    let run = run(Level::High);
    let bytes = render::record(&run.0, &run.1, &documents(&run), BTreeMap::new()).unwrap();
    let value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(super::record::Schema::published().fault("", &value), None);
    let record: Record = serde_json::from_slice(&bytes).unwrap();
    let [held] = record.held_back.as_slice() else {
        panic!("{} are held back", record.held_back.len());
    };
    assert_eq!((held.kind, held.text.as_str()), (HeldKind::Statement, HURTS));
    assert!(record.evidence.values().any(|evidence| evidence.quote == HURTS));
}

#[test]
fn a_warning_leaves_the_words_where_they_are() {
    let run = run(Level::Low);
    assert!(body(&documents(&run).draft).contains(HURTS));
    assert!(Page::of(&run).at("held-back").is_empty());
}
