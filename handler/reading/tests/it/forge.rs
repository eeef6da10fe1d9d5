//! Tiny files, forged for a test.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"
 xmlns:x="urn:example:unknown"
 xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office""#;

const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip archive.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A zip archive of one part of so many megabytes of blanks.
pub fn blanks(name: &str, megabytes: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.start_file(name, options).unwrap();
    let block = vec![b' '; 1_000_000];
    for _ in 0..megabytes {
        writer.write_all(&block).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A part of a DOCX with its root element.
pub fn part(root: &str, inner: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:{root} {NAMES}>{inner}</w:{root}>")
}

/// A DOCX being put together.
#[derive(Clone, Default)]
pub struct Docx {
    parts: Vec<(String, String)>,
}

impl Docx {
    /// With a body.
    pub fn body(inner: &str) -> Self {
        let document = part("document", &format!("<w:body>{inner}</w:body>"));
        Self {
            parts: vec![("document".into(), document)],
        }
    }

    /// And another part: "styles", "numbering", "footnotes", "endnotes", "comments".
    pub fn with(mut self, name: &str, inner: &str) -> Self {
        self.parts.push((name.into(), part(name, inner)));
        self
    }

    /// Its document part changed.
    pub fn changed(mut self, change: impl Fn(&str) -> String) -> Self {
        self.parts[0].1 = change(&self.parts[0].1);
        self
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let relation = |name: &str, folder: &str| {
            let kind = if name == "document" {
                "officeDocument"
            } else {
                name
            };
            format!("<Relationship Id=\"{name}\" Type=\"{TYPE}/{kind}\" Target=\"{folder}{name}.xml\"/>")
        };
        let root = relations(&relation("document", "word/"));
        let others: String = self
            .parts
            .iter()
            .skip(1)
            .map(|(name, _)| relation(name, ""))
            .collect();
        let others = relations(&others);
        let mut entries = vec![
            ("_rels/.rels".to_owned(), root),
            ("word/_rels/document.xml.rels".to_owned(), others),
        ];
        entries.extend(
            self.parts
                .iter()
                .map(|(name, xml)| (format!("word/{name}.xml"), xml.clone())),
        );
        let entries: Vec<(&str, &[u8])> = entries.iter().map(|(n, x)| (n.as_str(), x.as_bytes())).collect();
        archive(&entries)
    }
}

fn relations(inner: &str) -> String {
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>"
    )
}
