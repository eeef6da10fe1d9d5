//! The sample cases made of PDF files, against the text that they were made of.

use std::collections::BTreeMap;

use drafting::source::{Content, Reading};
use serde::Deserialize;
use serde_json::Value;

use super::{bytes, joined, plain, read};

/// What the originals of a sample hold, from the text that it was made of.
#[derive(Deserialize)]
struct Original {
    headings: Vec<String>,
    tables: Vec<OriginalTable>,
}

#[derive(Deserialize)]
struct OriginalTable {
    head: Vec<String>,
    rows: usize,
    last: Vec<String>,
}

fn sample(path: &str) -> Reading {
    read(&bytes(&format!("../tests/cases/{path}"))).unwrap()
}

fn originals() -> BTreeMap<String, Original> {
    serde_json::from_slice(&bytes("tests/data/samples.json")).unwrap()
}

fn quotes(value: &Value, document: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let of_document = map.get("document").and_then(Value::as_str) == Some(document);
            if let Some(quote) = map.get("quote").and_then(Value::as_str).filter(|_| of_document) {
                let parts = quote
                    .split('|')
                    .map(|part| plain(part.trim().trim_start_matches("- ")));
                found.extend(parts.filter(|part| part.chars().any(char::is_alphanumeric)));
            }
            map.values().for_each(|value| quotes(value, document, found));
        }
        Value::Array(values) => values.iter().for_each(|value| quotes(value, document, found)),
        _ => {}
    }
}

#[test]
fn every_quote_of_the_samples_is_found() {
    let (mut all, mut missing) = (0_usize, Vec::new());
    for path in originals().keys() {
        let (case, file) = path.split_once("/sources/").unwrap();
        let gold = serde_json::from_slice(&bytes(&format!("../tests/cases/{case}/gold.json"))).unwrap();
        let mut wanted = Vec::new();
        quotes(&gold, file, &mut wanted);
        let text = joined(&sample(path));
        all += wanted.len();
        missing.extend(wanted.into_iter().filter(|quote| !text.contains(quote)));
    }
    assert!(all > 600, "{all} quotes");
    assert!(
        missing.len() * 100 <= all,
        "{} of {all}: {missing:#?}",
        missing.len()
    );
}

#[test]
fn headings_are_those_of_the_originals() {
    let (mut right, mut wanted, mut given) = (0, 0, 0);
    for (path, original) in originals() {
        let reading = sample(&path);
        let found: Vec<_> = reading
            .blocks
            .iter()
            .filter_map(|block| match &block.content {
                Content::Heading { text, .. } => Some(text.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(found.first(), original.headings.first(), "{path}");
        right += original
            .headings
            .iter()
            .filter(|heading| found.contains(heading))
            .count();
        (wanted, given) = (wanted + original.headings.len(), given + found.len());
    }
    assert!(right * 100 >= wanted * 95, "{right} of {wanted} headings");
    assert!(right * 100 >= given * 95, "{right} of {given} given are headings");
}

#[test]
fn tables_are_those_of_the_originals() {
    for (path, original) in originals() {
        let reading = sample(&path);
        let tables = reading.blocks.iter().filter_map(|block| match &block.content {
            Content::Table { head, rows } => Some((head, rows)),
            _ => None,
        });
        let tables: Vec<_> = tables.collect();
        assert_eq!(tables.len(), original.tables.len(), "{path}");
        for ((head, rows), wanted) in tables.iter().zip(&original.tables) {
            assert_eq!(head.as_ref(), Some(&wanted.head), "{path}");
            assert_eq!(rows.len(), wanted.rows, "{path}: {:?}", wanted.head);
            assert_eq!(rows.last(), Some(&wanted.last), "{path}");
        }
    }
}

#[test]
fn a_table_over_two_pages_is_one() {
    let reading = sample("rowan/sources/Appendix B.pdf");
    let breaks: Vec<_> = reading
        .blocks
        .iter()
        .filter(|block| matches!(block.content, Content::Table { .. }))
        .map(|block| &block.breaks)
        .collect();
    let at: Vec<_> = breaks
        .iter()
        .flat_map(|breaks| breaks.iter().map(|stop| (stop.at, stop.page)))
        .collect();
    assert_eq!(at, [(3, 2)]);
}

#[test]
fn bold_leads_and_page_breaks_are_kept() {
    let reading = sample("rowan/sources/Appendix A.pdf");
    let lead = reading.blocks.iter().find_map(|block| match &block.content {
        Content::Paragraph { text, bold } if text.starts_with("Parent 1:") => bold.first().copied(),
        _ => None,
    });
    assert_eq!(lead, Some((0, 9)));
    assert!(
        !joined(&reading).contains("CONFIDENTIAL"),
        "the running footer stays out"
    );
    let over = sample("rowan/sources/Appendix E.pdf");
    let broken = over
        .blocks
        .iter()
        .find(|block| matches!(block.content, Content::Paragraph { .. }) && !block.breaks.is_empty())
        .unwrap();
    assert_eq!(
        (
            broken.page,
            broken.breaks.len(),
            broken.breaks.first().unwrap().page
        ),
        (Some(1), 1, 2)
    );
}

#[test]
fn a_report_in_two_columns_is_read_down_each() {
    let reading = sample("tomas/sources/07_Appendix_B.pdf");
    let headings: Vec<_> = reading
        .blocks
        .iter()
        .filter_map(|block| match &block.content {
            Content::Heading { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let place = |heading: &str| headings.iter().position(|found| *found == heading).unwrap();
    // The first two stand in the left column, the last beside the first one in the right column.
    assert!(place("Settling in") < place("Learning and play"));
    assert!(place("Learning and play") < place("Feelings and behaviour"));
    assert!(
        joined(&reading)
            .contains("Tomas becomes very distressed when a routine changes, when an activity ends")
    );
}
