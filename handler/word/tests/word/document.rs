//! Small documents made for tests, and what stands in finished ones.

use std::io::{Cursor, Read as _, Write as _};

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use word::Template;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const REFERENCES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A file of parts.
pub fn file(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The content types of a document with a main part and parts of some kinds.
pub fn types(kinds: &[&str]) -> String {
    let part =
        |kind: &&str| format!("<Override PartName=\"/word/{kind}.xml\" ContentType=\"{TYPES}.{kind}+xml\"/>");
    let parts = kinds.iter().map(part).collect::<Vec<_>>().concat();
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{TYPES}.document.main+xml\"/>{parts}</Types>"
    )
}

/// Relationships of kinds to targets.
pub fn relations(entries: &[(&str, &str)]) -> String {
    let entry = |(at, (kind, target)): (usize, &(&str, &str))| {
        format!("<Relationship Id=\"r{at}\" Type=\"{REFERENCES}/{kind}\" Target=\"{target}\"/>")
    };
    let entries = entries.iter().enumerate().map(entry).collect::<Vec<_>>().concat();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{entries}</Relationships>"
    )
}

/// A part with Word's namespace.
pub fn part(name: &str, content: &str) -> String {
    format!("<w:{name} xmlns:w=\"{WORD}\">{content}</w:{name}>")
}

/// A document with a body and further parts: kind and content.
pub fn with(body: &str, further: &[(&str, &str)]) -> Vec<u8> {
    let kinds: Vec<&str> = further.iter().map(|(kind, _)| *kind).collect();
    let names: Vec<String> = kinds.iter().map(|kind| format!("{kind}.xml")).collect();
    let related: Vec<(&str, &str)> = kinds
        .iter()
        .copied()
        .zip(names.iter().map(String::as_str))
        .collect();
    let (types, root) = (
        types(&kinds),
        relations(&[("officeDocument", "word/document.xml")]),
    );
    let (related, main) = (
        relations(&related),
        part("document", &format!("<w:body>{body}</w:body>")),
    );
    let mut parts = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", &root),
        ("word/document.xml", &main),
        ("word/_rels/document.xml.rels", &related),
    ];
    let paths: Vec<String> = kinds.iter().map(|kind| format!("word/{kind}.xml")).collect();
    parts.extend(
        paths
            .iter()
            .map(String::as_str)
            .zip(further.iter().map(|(_, content)| *content)),
    );
    file(&parts)
}

/// A document with a body.
pub fn document(body: &str) -> Vec<u8> {
    with(body, &[])
}

/// A paragraph of one run.
pub fn p(words: &str) -> String {
    format!("<w:p>{}</w:p>", r(words))
}

/// A run.
pub fn r(words: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r>")
}

/// A template that must open.
pub fn open(bytes: &[u8]) -> Template {
    Template::open(bytes).unwrap_or_else(|fault| panic!("{fault}"))
}

/// A filled document, checked to be well formed.
pub fn render(bytes: &[u8], data: &Value) -> Vec<u8> {
    let rendered = open(bytes).render(data).unwrap_or_else(|fault| panic!("{fault}"));
    check_well_formed(&rendered.bytes);
    rendered.bytes
}

/// A part of a document, if it has it.
pub fn read(bytes: &[u8], name: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).ok()?.read_to_string(&mut text).unwrap();
    Some(text)
}

/// The main part.
pub fn main_part(bytes: &[u8]) -> String {
    read(bytes, "word/document.xml").unwrap()
}

/// The names of all parts.
pub fn names(bytes: &[u8]) -> Vec<String> {
    ZipArchive::new(Cursor::new(bytes))
        .unwrap()
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect()
}

/// Every part must be well-formed XML, and every relationship must lead to a part.
pub fn check_well_formed(bytes: &[u8]) {
    let names = names(bytes);
    for name in &names {
        let text = read(bytes, name).unwrap();
        let mut reader = Reader::from_str(&text);
        reader.config_mut().enable_all_checks(true);
        loop {
            match reader
                .read_event()
                .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
            {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    tag.attributes().for_each(|attribute| {
                        attribute.unwrap();
                    });
                }
                Event::GeneralRef(reference) => {
                    let name: &str = reference.as_ref();
                    assert!(
                        ["lt", "gt", "amp", "quot", "apos"].contains(&name) || name.starts_with('#'),
                        "{name}"
                    );
                }
                _ => {}
            }
        }
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(allowed), "{name}");
        if name.starts_with("word/_rels") {
            for target in text
                .split("Target=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
            {
                assert!(names.contains(&format!("word/{target}")), "{target}");
            }
        }
    }
}

/// The paragraphs of a part as text, in order.
pub fn paragraphs_of(xml: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut reader = Reader::from_str(xml);
    let mut text = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => match tag.name().as_ref() {
                "w:p" => open.push(String::new()),
                "w:t" => text = true,
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "w:p" => paragraphs.extend(open.pop()),
                "w:t" => text = false,
                _ => {}
            },
            Event::Empty(tag) => match (tag.name().as_ref(), open.last_mut()) {
                ("w:br", Some(paragraph)) => paragraph.push('\n'),
                ("w:tab", Some(paragraph)) => paragraph.push('\t'),
                _ => {}
            },
            Event::Text(words) if text => open.last_mut().unwrap().push_str(&words),
            Event::GeneralRef(reference) if text => {
                let name: &str = reference.as_ref();
                let c = match name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    _ => reference.resolve_char_ref().unwrap().unwrap(),
                };
                open.last_mut().unwrap().push(c);
            }
            Event::Eof => return paragraphs,
            _ => {}
        }
    }
}

/// The paragraphs of the main part.
pub fn paragraphs(bytes: &[u8]) -> Vec<String> {
    paragraphs_of(&main_part(bytes))
}
