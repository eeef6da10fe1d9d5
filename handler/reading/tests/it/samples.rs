//! The sample case made of DOCX files, against the quotes that people marked in it.

use std::path::{Path, PathBuf};

use drafting::source::{Content, NoticeKind, Reading};
use reading::{Limits, parse};
use serde_json::Value;

fn case() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/amina")
}

fn is_docx(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "docx")
}

fn read(name: &str) -> Reading {
    let bytes = std::fs::read(case().join("sources").join(name)).unwrap();
    parse(&bytes, &Limits::default()).unwrap()
}

fn texts(content: &Content) -> Vec<&str> {
    match content {
        Content::Heading { text, .. } | Content::Paragraph { text, .. } | Content::ListItem { text, .. } => {
            vec![text]
        }
        Content::Table { head, rows } => head
            .iter()
            .flatten()
            .chain(rows.iter().flatten())
            .map(String::as_str)
            .collect(),
    }
}

fn text(reading: &Reading) -> String {
    let all: Vec<&str> = reading
        .blocks
        .iter()
        .flat_map(|block| texts(&block.content))
        .collect();
    plain(&all.join(" "))
}

/// Without the marks of Markdown, in which the quotes were taken down, and with white space collapsed.
fn plain(text: &str) -> String {
    let unmarked = text.replace(['|', '*', '#', '\u{2022}'], " ");
    let mut line = unmarked.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ['.', ',', ';', ':'] {
        line = line.replace(&format!(" {mark}"), &mark.to_string());
    }
    line
}

fn quotes(value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(document), Some(quote)) = (fields.get("document"), fields.get("quote")) {
                out.push((
                    document.as_str().unwrap().to_owned(),
                    quote.as_str().unwrap().to_owned(),
                ));
            }
            fields.values().for_each(|value| quotes(value, out));
        }
        Value::Array(values) => values.iter().for_each(|value| quotes(value, out)),
        _ => {}
    }
}

#[test]
fn every_marked_quote_is_found() {
    let gold: Value = serde_json::from_slice(&std::fs::read(case().join("gold.json")).unwrap()).unwrap();
    let mut all = Vec::new();
    quotes(&gold, &mut all);
    let mut pieces = 0;
    let mut missing = Vec::new();
    let mut read_texts = std::collections::HashMap::new();
    for (document, quote) in all.iter().filter(|(document, _)| is_docx(document)) {
        let text = read_texts
            .entry(document.clone())
            .or_insert_with(|| text(&read(document)));
        for piece in quote.split('|').map(plain).filter(|piece| !piece.is_empty()) {
            pieces += 1;
            if !text.contains(&piece) {
                missing.push((document.clone(), piece));
            }
        }
    }
    assert!(pieces > 100, "{pieces}");
    assert!(
        missing.len() * 1000 <= pieces * 5,
        "{} of {pieces} missing: {missing:#?}",
        missing.len()
    );
}

#[test]
fn words_for_a_machine_are_told_and_kept_out() {
    let reading = read("19_Appendix B.docx");
    assert!(!text(&reading).contains("Ignore previous instructions"));
    let hidden = reading
        .notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::HiddenText);
    let told: Vec<&str> = hidden.filter_map(|notice| notice.text.as_deref()).collect();
    assert!(
        told.iter()
            .any(|text| text.starts_with("Ignore previous instructions")),
        "{told:?}"
    );
}

#[test]
fn headings_and_tables_are_told_apart() {
    for entry in std::fs::read_dir(case().join("sources")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !is_docx(&name) {
            continue;
        }
        let reading = read(&name);
        assert_eq!(reading.pages, None);
        let headings = reading
            .blocks
            .iter()
            .filter(|b| matches!(b.content, Content::Heading { .. }))
            .count();
        assert!(headings >= 3, "{name}: {headings}");
        for block in &reading.blocks {
            if let Content::Table { head, rows } = &block.content {
                let width = rows.first().unwrap().len();
                assert!(
                    width > 1 && rows.iter().chain(head).all(|row| row.len() == width),
                    "{name}"
                );
            }
        }
    }
}
