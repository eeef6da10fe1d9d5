//! PDF files through the crate's edges: the sample cases, small files made for one trap each, and hostile ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use drafting::source::{Block, Content, NoticeKind, Reading, Rejection};
use reading::Limits;
use reading::sandbox::{Sandbox, SandboxLimits};
use serde::Deserialize;
use serde_json::Value;

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

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(here(path)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Reading, Rejection> {
    reading::parse(bytes, &Limits::default())
}

fn sample(path: &str) -> Reading {
    read(&bytes(&format!("../tests/cases/{path}"))).unwrap()
}

fn originals() -> BTreeMap<String, Original> {
    serde_json::from_slice(&bytes("tests/data/samples.json")).unwrap()
}

fn texts(block: &Block) -> Vec<String> {
    match &block.content {
        Content::Heading { text, .. } | Content::Paragraph { text, .. } => vec![text.clone()],
        Content::ListItem { label, text, .. } => label.iter().chain([text]).cloned().collect(),
        Content::Table { head, rows } => head.iter().chain(rows).flatten().cloned().collect(),
    }
}

fn joined(reading: &Reading) -> String {
    plain(
        &reading
            .blocks
            .iter()
            .flat_map(texts)
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// Words without marks of Markdown, white space collapsed.
fn plain(text: &str) -> String {
    let words = text.replace(['*', '#', '\u{2022}'], " ");
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    [" .", " ,", " ;", " :"]
        .iter()
        .fold(line, |line, mark| line.replace(mark, mark.trim_start()))
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
fn a_scan_is_no_text() {
    let scan = bytes("../tests/cases/tomas/sources/Appendix C.pdf");
    assert_eq!(read(&scan), Err(Rejection::Scanned { pages: 2 }));
}

#[test]
fn recognised_text_under_a_scan_is_read() {
    let reading = read(&bytes("tests/data/sandwich.pdf")).unwrap();
    assert!(joined(&reading).starts_with("Leila reads simple books"));
    assert_eq!(reading.notices, []);
}

#[test]
fn columns_are_read_one_after_the_other() {
    let text = joined(&read(&bytes("tests/data/columns.pdf")).unwrap());
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(place("with her key adult.") < place("At home she sleeps"));
    assert!(
        place("A report in two columns")
            < place("Leila has worked with the same adult since the spring and has learned")
    );
}

#[test]
fn what_nobody_sees_is_kept_out_and_shown() {
    let reading = read(&bytes("tests/data/hidden.pdf")).unwrap();
    let text = joined(&reading);
    assert!(
        text.contains("Seen again.") && text.contains("White on a dark bar is seen."),
        "{text}"
    );
    let hidden = reading
        .notices
        .iter()
        .find(|notice| notice.kind == NoticeKind::HiddenText)
        .unwrap();
    for words in [
        "white words",
        "tiny words",
        "unpainted words",
        "off the page",
        "under a bar",
    ] {
        assert!(!text.contains(words), "{words}");
        assert!(hidden.text.as_ref().unwrap().contains(words), "{words}");
    }
    let empty = reading
        .notices
        .iter()
        .find(|notice| notice.kind == NoticeKind::PageWithoutText)
        .unwrap();
    assert_eq!(empty.page, Some(2));
}

#[test]
fn only_a_password_of_the_reader_refuses() {
    assert_eq!(read(&bytes("tests/data/password.pdf")), Err(Rejection::Encrypted));
    assert!(joined(&read(&bytes("tests/data/owner.pdf")).unwrap()).starts_with("Leila reads"));
}

/// A file of these objects, the first of which is the catalog, with a table of their places.
fn file(objects: &[String]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(text.len());
        writeln!(text, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let start = text.len();
    write!(text, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(text, "{place:010} 00000 n ").unwrap();
    }
    write!(
        text,
        "trailer\n<</Root 1 0 R /Size {}>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    )
    .unwrap();
    text.into_bytes()
}

fn stream(dict: &str, content: &str) -> String {
    format!(
        "<<{dict}/Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// A file of `pages` pages that share one content.
fn pages(pages: usize, content: &str, more: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages)
        .map(|n| format!("{} 0 R", n + 5 + more.len()))
        .collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>/XObject<</X 5 0 R>>>>>>"
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        stream("", content),
    ];
    objects.extend(more.iter().cloned());
    objects.extend((0..pages).map(|_| "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_owned()));
    file(&objects)
}

const WORDS: &str = "BT /F 10 Tf 60 700 Td (She reads.) Tj ET";

async fn in_child(bytes: Vec<u8>) -> Result<Reading, Rejection> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_reader"));
    Sandbox::new(program, Vec::new(), SandboxLimits::default())
        .read(bytes)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_plain_file_is_read_in_a_child() {
    assert_eq!(
        joined(&in_child(pages(1, WORDS, &[])).await.unwrap()),
        "She reads."
    );
}

#[tokio::test]
async fn damaged_files_are_refused() {
    let whole = pages(2, WORDS, &[]);
    for part in [5, whole.len() / 2, whole.len() - 20] {
        assert!(
            matches!(
                in_child(whole[..part].to_vec()).await,
                Err(Rejection::Damaged | Rejection::Empty)
            ),
            "{part}"
        );
    }
    assert_eq!(in_child(pages(0, WORDS, &[])).await, Err(Rejection::Damaged));
}

#[tokio::test]
async fn long_files_are_refused() {
    let refused = in_child(pages(300, WORDS, &[])).await;
    assert_eq!(
        refused,
        Err(Rejection::TooLarge {
            what: "300 pages, at most 250".into()
        })
    );
}

#[tokio::test]
async fn forms_that_contain_themselves_end() {
    let form = |more: &str| {
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>",
            more,
        )
    };
    let again = pages(1, &format!("{WORDS} /X Do"), &[form("/X Do /X Do")]);
    let end = in_child(again).await;
    assert!(
        end.as_ref().is_ok_and(|reading| joined(reading) == "She reads."),
        "{end:?}"
    );
    let fan: Vec<String> = (6..=11)
        .map(|next| {
            let next = format!(
                "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X {next} 0 R>>>>"
            );
            stream(&next, &"/X Do ".repeat(40))
        })
        .collect();
    let fan = pages(1, &format!("{WORDS} /X Do"), &fan);
    let end = in_child(fan).await;
    assert!(
        matches!(end, Err(Rejection::TooLarge { .. } | Rejection::Hostile { .. })),
        "{end:?}"
    );
}

#[tokio::test]
async fn a_content_that_unpacks_without_end_costs_one_file() {
    // 3 GB of spaces, packed three times.
    let end = in_child(bytes("tests/data/bomb.pdf")).await;
    assert!(
        matches!(
            end,
            Err(Rejection::Hostile { .. } | Rejection::TooLarge { .. } | Rejection::Damaged)
        ),
        "{end:?}"
    );
}
