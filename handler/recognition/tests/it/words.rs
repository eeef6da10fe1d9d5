//! Foreign bytes to words: the table of tesseract and the service's JSON.

use proptest::prelude::*;
use reading::scan::Role;
use recognition::layout::{Analysis, analysis};
use recognition::{Fault, words};
use serde_json::{Value, json};

const HEAD: &str =
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

#[test]
fn words_keep_their_places_lines_and_confidence() {
    let table = format!(
        "{HEAD}1\t1\t0\t0\t0\t0\t0\t0\t100\t100\t-1\t\n5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.97\tHe\n\
         5\t1\t1\t1\t1\t2\t50\t20\t30\t12\t41.2\treads\n5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t-1\t \n5\t1\t1\t2\t1\t1\t10\t60\t30\t12\t80\t1:1\n"
    );
    let found = words(table.as_bytes()).unwrap();
    let seen: Vec<_> = found
        .iter()
        .map(|word| (word.text.as_str(), word.confidence, word.line))
        .collect();
    assert_eq!(seen, [("He", 96, 0), ("reads", 41, 0), ("1:1", 80, 1)]);
    assert_eq!(format!("{:?}", found[0].area), "[10.0, 20.0, 40.0, 32.0]");
}

#[test]
fn what_is_no_table_has_no_words() {
    for table in [
        "",
        "He reads",
        "level\tpage_num\n",
        &format!("{HEAD}5\t1\t1\n"),
        &format!("{HEAD}5\t1\t1\t1\t1\t1\tx\t0\t0\t0\t9\tHe\n"),
    ] {
        let found = words(table.as_bytes());
        assert!(
            found.as_ref().is_none_or(Vec::is_empty) && (found.is_none() || !table.contains("He")),
            "{table}"
        );
    }
    assert_eq!(words(b"\xff\xfe"), None);
}

fn page() -> Value {
    let word = |content: &str, offset: usize, x: u32, confidence: f64| {
        json!({ "content": content, "confidence": confidence, "polygon": [x, 10, x + 40, 10, x + 40, 30, x, 30],
                "span": { "offset": offset, "length": content.chars().count() } })
    };
    json!({ "status": "succeeded", "analyzeResult": {
        "apiVersion": "2024-11-30", "modelId": "prebuilt-layout", "content": "Needs\nHe reads",
        "pages": [{ "pageNumber": 1, "angle": 0.3, "width": 2480, "height": 3508, "unit": "pixel",
            "words": [word("Needs", 0, 10, 0.99), word("He", 6, 10, 0.998), word("reads", 9, 60, 0.456)],
            "lines": [{ "content": "Needs", "spans": [{ "offset": 0, "length": 5 }] }, { "content": "He reads", "spans": [{ "offset": 6, "length": 8 }] }] }],
        "paragraphs": [{ "role": "sectionHeading", "content": "Needs", "spans": [{ "offset": 0, "length": 5 }] }],
        "tables": [{ "rowCount": 1, "columnCount": 1, "cells": [{ "rowIndex": 0, "columnIndex": 0, "content": "x",
            "boundingRegions": [{ "pageNumber": 1, "polygon": [0, 0, 90, 0, 90, 40, 0, 40] }] }] }],
        "styles": [{ "isHandwritten": true, "confidence": 0.9, "spans": [{ "offset": 9, "length": 5 }] }]
    }})
}

#[test]
fn an_analysis_gives_words_lines_roles_hands_and_cells() {
    let Ok(Analysis::Done(done)) = analysis(page().to_string().as_bytes()) else {
        unreachable!("it is done")
    };
    let seen: Vec<_> = done
        .words
        .iter()
        .map(|word| {
            (
                word.text.as_str(),
                word.confidence,
                word.line,
                word.handwritten,
                word.role,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("Needs", 99, 0, false, Some(Role::Heading)),
            ("He", 99, 1, false, None),
            ("reads", 45, 1, true, None)
        ]
    );
    assert_eq!((done.rules.len(), done.turn), (4, 0));
}

#[test]
fn a_page_on_its_side_is_to_be_turned() {
    for (angle, turn) in [(89.2, 3), (-90.0, 1), (179.0, 2), (-179.5, 2), (-3.0, 0)] {
        let mut page = page();
        page["analyzeResult"]["pages"][0]["angle"] = json!(angle);
        let Ok(Analysis::Done(done)) = analysis(page.to_string().as_bytes()) else {
            unreachable!("it is done")
        };
        assert_eq!(done.turn, turn, "{angle}");
    }
}

#[test]
fn what_is_not_done_is_not_taken_for_done() {
    let check = |body: Value, expected: Result<Analysis, Fault>| {
        assert_eq!(analysis(body.to_string().as_bytes()), expected, "{body}");
    };
    check(json!({ "status": "running" }), Ok(Analysis::Under));
    check(json!({ "status": "notStarted" }), Ok(Analysis::Under));
    check(json!({ "status": "succeeded" }), Err(Fault::Unreadable));
    check(json!({ "status": "perhaps" }), Err(Fault::Unreadable));
    check(json!({}), Err(Fault::Unreadable));
    let failed = |code: Option<&str>| {
        Err(Fault::Failed {
            code: code.map(str::to_owned),
        })
    };
    check(
        json!({ "status": "failed", "error": { "code": "InvalidContent", "message": "Zqmarker" } }),
        failed(Some("InvalidContent")),
    );
    check(
        json!({ "status": "failed", "error": { "code": "Zq marker" } }),
        failed(None),
    );
    let mut two = page();
    let again = two["analyzeResult"]["pages"][0].clone();
    two["analyzeResult"]["pages"].as_array_mut().unwrap().push(again);
    check(two, Err(Fault::Unreadable));
}

proptest! {
    #[test]
    fn any_table_is_words_or_nothing(lines in proptest::collection::vec("(\\PC|\t|[0-9.-]){0,40}", 0..8)) {
        let table = format!("{HEAD}{}", lines.join("\n"));
        for word in words(table.as_bytes()).unwrap_or_default() {
            prop_assert!(word.confidence <= 100 && word.area.iter().all(|side| side.is_finite()));
            prop_assert!(!word.text.trim().is_empty());
        }
    }

    #[test]
    fn any_rows_of_numbers_are_read(left in any::<f64>(), width in any::<f64>(), confidence in any::<f64>(), text in "\\PC{0,12}") {
        let table = format!("{HEAD}5\t1\t1\t1\t1\t1\t{left}\t0\t{width}\t9\t{confidence}\t{text}\n");
        for word in words(table.as_bytes()).unwrap_or_default() {
            prop_assert!(word.confidence <= 100 && word.area[0].is_finite());
        }
    }

    #[test]
    fn any_bytes_are_an_analysis_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        _ = analysis(&bytes);
        prop_assert!(words(&bytes).is_none());
    }

    #[test]
    fn any_numbers_in_an_analysis_are_borne(offset in any::<u64>(), length in any::<u64>(), side in any::<f64>(), confidence in any::<f64>()) {
        let mut page = page();
        let word = &mut page["analyzeResult"]["pages"][0]["words"][0];
        word["span"] = json!({ "offset": offset, "length": length });
        word["polygon"][3] = json!(side);
        word["confidence"] = json!(confidence);
        if let Ok(Analysis::Done(done)) = analysis(page.to_string().as_bytes()) {
            prop_assert!(done.words.iter().all(|word| word.confidence <= 100 && word.area.iter().all(|side| side.is_finite())));
        }
    }
}
