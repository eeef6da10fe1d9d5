//! What became of every sentence of every source that was drafted from.

use std::collections::BTreeMap;

use drafting::case::Source;
use drafting::document::{Document, Place, Sentence, SentenceId};
use drafting::draft::SentenceUse;
use serde::Serialize;

use super::findings::{self, Link};
use crate::citation::frame;
use crate::index::Index;
use crate::words;

/// A source with its sentences.
#[derive(Serialize)]
pub(super) struct SourceText<'a> {
    number: u16,
    name: &'a str,
    sentences: usize,
    used: usize,
    merged: usize,
    not_used: usize,
    /// Sentences that a person should look at.
    look: usize,
    /// Whether places are pages; else they are paragraphs.
    paged: bool,
    parts: Vec<Part<'a>>,
}

/// The sentences under one heading.
#[derive(Serialize)]
struct Part<'a> {
    heading: String,
    rows: Vec<Row<'a>>,
}

/// A sentence with what became of it.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    number: u32,
    place: u32,
    frame: Option<String>,
    label: Option<&'a str>,
    text: &'a str,
    /// `used`, `merged`, a reason's key, or `look` where a person should look.
    fate: &'static str,
    words: &'static str,
    links: Vec<Link>,
}

/// The sources that were drafted from, each with its sentences.
pub(super) fn texts<'a>(index: &Index<'a>) -> Vec<SourceText<'a>> {
    let coverage = &index.generated.checked.draft().coverage;
    let fates: BTreeMap<SentenceId, &SentenceUse> = coverage.iter().map(|c| (c.sentence, &c.fate)).collect();
    let sources = index
        .generated
        .case
        .sources
        .iter()
        .filter(|source| index.is_listed(source.number));
    sources
        .filter_map(|source| Some(text(index, source, source.content.as_ref().ok()?, &fates)))
        .collect()
}

fn text<'a>(
    index: &Index<'a>,
    source: &'a Source,
    document: &'a Document,
    fates: &BTreeMap<SentenceId, &SentenceUse>,
) -> SourceText<'a> {
    let mut text = SourceText {
        number: source.number,
        name: source.name.as_str(),
        sentences: document.sentences.len(),
        used: 0,
        merged: 0,
        not_used: 0,
        look: 0,
        paged: document.pages.is_some(),
        parts: Vec::new(),
    };
    let mut above: Option<&[String]> = None;
    for sentence in &document.sentences {
        let row = row(index, sentence, fates.get(&sentence.id).copied());
        text.count(row.fate);
        if above != Some(&sentence.headings) {
            above = Some(&sentence.headings);
            text.parts.push(Part {
                heading: sentence.headings.join(" \u{203a} "),
                rows: Vec::new(),
            });
        }
        if let Some(part) = text.parts.last_mut() {
            part.rows.push(row);
        }
    }
    text
}

impl SourceText<'_> {
    fn count(&mut self, fate: &str) {
        match fate {
            "used" => self.used += 1,
            "merged" => self.merged += 1,
            "look" => self.look += 1,
            _ => self.not_used += 1,
        }
    }
}

fn row<'a>(index: &Index<'a>, sentence: &'a Sentence, fate: Option<&SentenceUse>) -> Row<'a> {
    let links = |ids: &[String]| ids.iter().map(|id| findings::statement_link(index, id)).collect();
    let (fate, words, links) = match fate {
        Some(SentenceUse::Used(ids)) => ("used", "Used in", links(ids)),
        Some(SentenceUse::Merged(ids)) => ("merged", "Says the same as", links(ids)),
        Some(SentenceUse::NotUsed(why)) => {
            let (key, words) = words::not_used(*why);
            (key, words, Vec::new())
        }
        // The routine accounts for every sentence; one that it forgot must not look like one that it decided on.
        None => ("look", "Not accounted for", Vec::new()),
    };
    Row {
        id: sentence.id.to_string(),
        number: sentence.id.number,
        place: sentence.page.unwrap_or(sentence.block),
        frame: frame(sentence),
        label: match &sentence.place {
            Place::ListItem { label } => label.as_deref(),
            Place::Paragraph | Place::Cell { .. } => None,
        },
        text: &sentence.text,
        fate,
        words,
        links,
    }
}
