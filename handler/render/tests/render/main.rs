//! The documents of invented runs, looked at from outside.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may, and so may what they are made of"
)]

use std::collections::BTreeMap;

use drafting::recipe::Recipe;
use drafting::record::{Generated, Record};
use render::Documents;
use word::Template;

mod changes;
mod council;
mod desk;
mod edit_schema;
mod edits;
#[path = "../fixture/mod.rs"]
mod fixture;
mod held_back;
mod outcomes;
mod page;
mod record;
mod report;
mod sheets;
mod taken_out;
mod word_files;

/// The documents of a run, by the template that shows everything.
fn documents((recipe, generated): &(Recipe, Generated)) -> Documents {
    let template = Template::open(&fixture::template(recipe)).unwrap();
    render::documents(recipe, &template, generated).unwrap()
}

/// All runs, by name.
fn runs() -> Vec<(&'static str, (Recipe, Generated))> {
    vec![
        ("rich", fixture::rich()),
        ("hostile", fixture::hostile()),
        ("refused", fixture::refused()),
        ("empty", fixture::empty()),
        ("ready", fixture::ready()),
        ("large", fixture::large(40)),
        ("many", fixture::many(120)),
        ("changed", changes::changed()),
    ]
}

#[test]
fn every_draft_has_pages_and_a_refusal_none() {
    for (name, (recipe, generated)) in runs() {
        let template = Template::open(&fixture::template(&recipe)).unwrap();
        let pages = render::pages(&recipe, &template, &generated).unwrap();
        let expected = match name {
            "refused" => 0..=0,
            "large" => 4..=40,
            "many" => 10..=60,
            _ => 1..=20,
        };
        assert!(expected.contains(&pages.unwrap_or(0)), "{name}: {pages:?}");
    }
}

/// Thousands of statements are a matter of seconds: nothing scans all claims, conflicts or queries for each.
#[test]
fn five_thousand_statements_are_rendered_and_recorded() {
    const STATEMENTS: usize = 5_000;
    let run = fixture::large(STATEMENTS);
    let documents = documents(&run);
    let report = String::from_utf8(documents.report.clone()).unwrap();
    assert_eq!(report.matches("<li class=\"entry ").count(), STATEMENTS);
    let notes = word_files::text(&documents.evidence, "word/footnotes.xml");
    assert_eq!(notes.matches("Word for word in ").count(), STATEMENTS);
    let record = render::record(&run.0, &run.1, &documents, BTreeMap::new()).unwrap();
    let record: Record = serde_json::from_slice(&record).unwrap();
    assert_eq!(record.evidence.len(), STATEMENTS);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    for (name, run) in runs() {
        assert_eq!(documents(&run), documents(&run), "{name}");
    }
}
