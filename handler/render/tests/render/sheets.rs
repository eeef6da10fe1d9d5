//! The sheets of questions: one for each author, with what an author needs to answer and nothing of the others.

use drafting::draft::{FieldContent, Query, QueryKind, Statement};
use drafting::recipe::Recipe;
use drafting::record::Generated;
use drafting::source::{Format, Rejection};

use super::fixture::{self, Run};
use super::word_files::body;
use super::{documents, runs};

/// A question about a statement that stands on a sentence of a source.
fn about(run: &Run, statement: &Statement, source: u16, to: Option<&str>, words: &str) -> Query {
    Query {
        kind: QueryKind::Specifics,
        to: to.map(str::to_owned),
        asked_of: Some(source),
        statement: Some(statement.id.clone()),
        sentences: vec![run.find(usize::from(source), words).id],
        question: format!("Please state for \u{201c}{}\u{201d}: how often.", statement.text),
        reason: "Provision should be specific (SEND Code of Practice, 9.69)".into(),
        ..Query::default()
    }
}

/// Two doctors, a therapist, one report that could not be read, and a question that no report answers.
fn run() -> (Recipe, Generated) {
    let mut run = Run::new();
    for (name, advice, author, text) in [
        (
            "Appendix C1.pdf",
            "medical",
            "Community Paediatrician",
            "He should see the dietitian.",
        ),
        (
            "Appendix C2.pdf",
            "medical",
            "Epilepsy Nurse",
            "Staff should be trained in epilepsy.",
        ),
        (
            "Appendix F.pdf",
            "speech_and_language",
            "Speech and Language Therapist",
            "A programme of word finding is advised.",
        ),
    ] {
        let text = format!("%% 3\n# Advice\n{text}\n");
        run.add_source(name, advice, author, Ok((&text, Format::Pdf)));
    }
    run.add_source(
        "Appendix D.pdf",
        "psychology",
        "Educational Psychologist",
        Err(Rejection::Encrypted),
    );
    let dietitian = run.quote("G.HC", "provision", 1, &["dietitian"]);
    let training = run.quote("G.HC", "provision", 2, &["epilepsy"]);
    let finding = run.quote("F.CI", "provision", 3, &["word finding"]);
    // Both doctors' points and the therapist's, in an order that is not that of the sheets.
    let queries = vec![
        about(&run, &finding, 3, Some("speech_and_language"), "word finding"),
        about(&run, &dietitian, 1, Some("medical"), "dietitian"),
        Query {
            kind: QueryKind::Conflict,
            sentences: vec![run.find(1, "dietitian").id, run.find(3, "word finding").id],
            question: "The advice received differs on hours: 12 and 15. Which is right?".into(),
            reason: "nothing may be chosen silently".into(),
            ..Query::default()
        },
        about(&run, &training, 2, Some("medical"), "epilepsy"),
        Query {
            kind: QueryKind::Advice,
            to: Some("psychology".into()),
            asked_of: Some(4),
            question: "Please give your advice.".into(),
            reason: "the authority must seek this advice (SEND Regulations 2014, reg 6(1)(d))".into(),
            ..Query::default()
        },
    ];
    run.queries = queries;
    let name = run.fact("name", 1, "dietitian");
    run.put(
        "name",
        FieldContent::Value(Statement {
            text: "dietitian".into(),
            ..name
        }),
    );
    run.put(
        "health_care_provisions",
        FieldContent::Statements(vec![dietitian, training]),
    );
    run.put(
        "communication_interaction_provisions",
        FieldContent::Statements(vec![finding]),
    );
    run.finish()
}

/// The sheets of a file, each from its heading on.
fn sheets(file: &[u8]) -> Vec<String> {
    let body = body(file);
    let parts: Vec<&str> = body.split("Questions ").collect();
    parts
        .iter()
        .skip(1)
        .map(|part| format!("Questions {part}"))
        .collect()
}

#[test]
fn each_author_has_a_sheet_and_sees_no_other_report() {
    let run = run();
    let sheets = sheets(&documents(&run).queries);
    let expected = [
        (
            "to the Community Paediatrician",
            &[
                "G.HC.1, Health care: provision",
                "He should see the dietitian.",
                "Appendix C1.pdf, page 3",
                "Appendix C1.pdf, 1 September 2026",
            ][..],
            &["Appendix C2.pdf", "Appendix F.pdf", "trained in epilepsy"][..],
        ),
        (
            "to the Epilepsy Nurse",
            &[
                "G.HC.2, Health care: provision",
                "Please state for G.HC.2: how often.",
                "9.69",
            ],
            &["Appendix C1.pdf", "dietitian."],
        ),
        (
            "to the Educational Psychologist",
            &[
                "Psychological advice",
                "Appendix D.pdf: the file is protected by a password",
                "reg 6(1)(d)",
            ],
            &["Appendix C", "Word for word"],
        ),
        (
            "to the Speech and Language Therapist",
            &[
                "F.CI.1, Communication and interaction: provision",
                "Word for word in Appendix F.pdf, page 3",
            ],
            &["Appendix C", "Appendix D"],
        ),
        (
            "for the local authority to ask",
            &[
                "differs on hours: 12 and 15",
                "He should see the dietitian.",
                "A programme of word finding is advised.",
            ],
            &["Asked of", "Your report"],
        ),
    ];
    assert_eq!(sheets.len(), expected.len(), "{sheets:#?}");
    for (sheet, (to, has, has_not)) in sheets.iter().zip(expected) {
        assert!(sheet.starts_with(&format!("Questions {to}\n")), "{to}: {sheet}");
        for words in has {
            assert!(sheet.contains(words), "{to} lacks {words}: {sheet}");
        }
        for words in has_not {
            assert!(!sheet.contains(words), "{to} has {words}: {sheet}");
        }
        assert!(
            sheet.contains("EHC-2026-0417") && sheet.contains("5 October 2026"),
            "{to}"
        );
    }
}

#[test]
fn every_question_stands_on_one_sheet_with_its_number_in_the_report() {
    let (recipe, generated) = run();
    let sheets = sheets(&documents(&(recipe, generated.clone())).queries);
    let queries = &generated.checked.draft().queries;
    for (number, query) in (1..).zip(queries) {
        let reason = query.reason.split(' ').next_back().unwrap();
        let with: Vec<_> = sheets
            .iter()
            .filter(|sheet| sheet.lines().any(|line| line == number.to_string()) && sheet.contains(reason))
            .collect();
        assert_eq!(with.len(), 1, "question {number}");
    }
}

#[test]
fn a_sheet_begins_a_page_and_counts_its_own() {
    use std::io::Read as _;
    let file = documents(&run()).queries;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file)).unwrap();
    let mut xml = String::new();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    assert_eq!(xml.matches("<w:sectPr>").count(), 5);
    assert_eq!(xml.matches("<w:pgNumType w:start=\"1\"/>").count(), 5);
}

#[test]
fn with_nothing_to_ask_the_file_says_so() {
    let (recipe, generated) = fixture::empty();
    let none = generated.checked.draft().queries.is_empty();
    let sheets = body(&documents(&(recipe.clone(), generated)).queries);
    assert!(none && sheets.contains(&recipe.wording.sheets.none), "{sheets}");
    assert!(!sheets.contains("Questions to"));
}

#[test]
fn a_refused_run_asks_nothing_and_says_that_there_is_no_draft() {
    let documents = documents(&fixture::refused());
    assert_eq!(documents.queries, documents.draft);
    assert!(body(&documents.queries).contains("no draft was made"));
}

#[test]
fn hostile_words_stay_words_and_runs_of_any_size_have_their_sheets() {
    for (name, run) in runs() {
        let file = documents(&run).queries;
        let text = body(&file);
        if run.1.checked.draft().sections.is_empty() {
            continue;
        }
        for query in &run.1.checked.draft().queries {
            let reason = query.reason.replace('\u{202e}', "");
            let said = reason
                .lines()
                .all(|line| text.to_lowercase().contains(&line.to_lowercase()));
            assert!(said, "{name}: {reason}");
        }
    }
}
