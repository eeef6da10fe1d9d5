//! Word files: what Word shows, and what it keeps beside it.

use reading::{Limits, parse};

use crate::forge::Docx;
use crate::shown::shown;

mod around;
mod hidden;
mod lines;
mod structure;
mod tables;

fn check_file(docx: &Docx, expected: &[&str]) {
    let reading = parse(&docx.bytes(), &Limits::default()).unwrap();
    assert_eq!(shown(&reading), expected);
}

fn check(body: &str, expected: &[&str]) {
    check_file(&Docx::body(body), expected);
}

/// A paragraph of one run, with properties of each.
fn p(paragraph: &str, run: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

fn plain(text: &str) -> String {
    p("", "", text)
}

fn cell(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}

fn row(properties: &str, cells: &[String]) -> String {
    format!("<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>", cells.concat())
}

fn simple(texts: &[&str]) -> String {
    row(
        "",
        &texts
            .iter()
            .map(|text| cell("", &plain(text)))
            .collect::<Vec<_>>(),
    )
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl>{}</w:tbl>", rows.concat())
}
