//! What was taken out of a draft, and which document took the place of another, as the report and the record tell it.

use std::collections::BTreeMap;

use drafting::draft::TakenOut;
use drafting::id::SourceName;
use drafting::record::Record;
use drafting::source::Format;

use super::documents;
use super::fixture::Run;
use super::page::Page;
use super::word_files::body;

const WORDS: &str = "Idris needs <b>thirty</b> hours of help.";

fn run() -> (drafting::recipe::Recipe, drafting::record::Generated) {
    let mut run = Run::new();
    for (name, text) in [
        (
            "Appendix D draft.pdf",
            "# Advice\nIdris needs ten hours of help.\n",
        ),
        (
            "Appendix D final.pdf",
            "# Advice\nIdris needs twelve hours of help.\n",
        ),
    ] {
        run.add_source(
            name,
            "psychology",
            "Educational Psychologist",
            Ok((text, Format::Pdf)),
        );
    }
    run.superseded = BTreeMap::from([(1, 2)]);
    let claim = run.claim("need", 2, &["twelve hours"]);
    run.taken_out.push(TakenOut {
        field: "semh_needs".into(),
        statement: Some("B.SE.1".into()),
        text: WORDS.into(),
        claims: vec![claim],
        why: vec!["it gives `thirty`, which its evidence does not".into()],
    });
    run.finish()
}

#[test]
fn the_report_shows_the_words_that_were_taken_out_and_why() {
    let page = Page::of(&run());
    let section = page.text("#taken-out");
    for expected in [
        "Social, emotional and mental health: needs B.SE.1",
        WORDS,
        "It gives thirty , which its evidence does not.",
        "Idris needs twelve hours of help.",
    ] {
        let flat = |text: &str| text.replace([' ', '`'], "");
        assert!(flat(&section).contains(&flat(expected)), "{expected}: {section}");
    }
    let draft = body(&documents(&run()).draft);
    assert!(
        !draft.contains("thirty"),
        "what was taken out stands in the draft"
    );
}

#[test]
fn a_replaced_document_says_by_which() {
    let run = run();
    let page = Page::of(&run);
    let told = "Replaced by Appendix D final.pdf";
    assert!(page.text("#sources").contains(told));
    let documents = documents(&run);
    let record = render::record(&run.0, &run.1, &documents, BTreeMap::new()).unwrap();
    let record: Record = serde_json::from_slice(&record).unwrap();
    let newer: Vec<Option<&str>> = record
        .sources
        .iter()
        .map(|source| source.superseded_by.as_ref().map(SourceName::as_str))
        .collect();
    assert_eq!(newer, [Some("Appendix D final.pdf"), None]);
    assert_eq!(record.taken_out.len(), 1);
    assert_eq!(record.taken_out[0].text, WORDS);
    assert!(
        record
            .evidence
            .values()
            .any(|evidence| evidence.quote.contains("twelve hours"))
    );
}

#[test]
fn the_record_of_a_run_with_words_taken_out_is_as_the_schema_says() {
    let run = run();
    let record = render::record(&run.0, &run.1, &documents(&run), BTreeMap::new()).unwrap();
    let record = serde_json::from_slice(&record).unwrap();
    assert_eq!(super::record::Schema::published().fault("", &record), None);
}
