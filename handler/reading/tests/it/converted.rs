//! The sample documents as LibreOffice converts them: what is read must not depend on the format.

use std::path::{Path, PathBuf};

use drafting::document::Document;
use drafting::source::{Content, Format, NoticeKind, Reading};
use reading::{Limits, parse};

fn read(path: &Path) -> Reading {
    parse(&std::fs::read(path).unwrap(), &Limits::default()).unwrap()
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The conversions, each with its original.
fn pairs(extension: &str) -> Vec<(PathBuf, PathBuf)> {
    let sources = folder("../tests/cases/amina/sources");
    let mut pairs: Vec<(PathBuf, PathBuf)> = std::fs::read_dir(folder("tests/data/converted"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|own| own == extension))
        .map(|path| {
            let original = sources.join(path.file_name().unwrap()).with_extension("docx");
            (path, original)
        })
        .collect();
    pairs.sort();
    assert_eq!(pairs.len(), 2, "{extension}");
    pairs
}

/// What a claim can point at, and under which headings, heads and labels it stands.
fn sentences(reading: &Reading) -> Vec<String> {
    let document = Document::number(1, reading);
    let shown =
        |s: &drafting::document::Sentence| format!("{:?} {:?} {:?} {}", s.headings, s.place, s.lead, s.text);
    document.sentences.iter().map(shown).collect()
}

fn hidden(reading: &Reading) -> Vec<&str> {
    let hidden = reading
        .notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::HiddenText);
    hidden.filter_map(|notice| notice.text.as_deref()).collect()
}

fn check(extension: &str, format: Format) {
    for (converted, original) in pairs(extension) {
        let (converted, original) = (read(&converted), read(&original));
        assert_eq!(converted.format, format);
        assert_eq!(sentences(&converted), sentences(&original), "{extension}");
        assert_eq!(hidden(&converted), hidden(&original), "{extension}");
        let tables = |reading: &Reading| {
            let is_table = |block: &&drafting::source::Block| matches!(block.content, Content::Table { .. });
            reading.blocks.iter().filter(is_table).count()
        };
        assert!(tables(&original) > 0 && tables(&converted) == tables(&original));
    }
}

#[test]
fn opendocument_reads_like_word() {
    check("odt", Format::Odt);
}

#[test]
fn rich_text_reads_like_word() {
    check("rtf", Format::Rtf);
}

#[test]
fn web_pages_read_like_word() {
    check("html", Format::Html);
}
