//! What became of every sentence of every source that was drafted from.

use std::collections::{BTreeMap, BTreeSet};

use drafting::case::Source;
use drafting::document::{Document, Place, Sentence, SentenceId};
use drafting::draft::{NotUsed, SentenceUse};
use serde::Serialize;

use super::findings::{self, Link};
use super::queries;
use crate::citation::frame;
use crate::index::Index;
use crate::words;

/// The sources with their sentences, and what the reasons mean.
#[derive(Serialize)]
pub(super) struct Coverage<'a> {
    texts: Vec<SourceText<'a>>,
    /// The reasons that occur, each with its meaning.
    reasons: Vec<(&'static str, &'static str)>,
}

/// A source with its sentences.
#[derive(Serialize)]
struct SourceText<'a> {
    number: u16,
    name: &'a str,
    sentences: usize,
    used: usize,
    merged: usize,
    not_used: usize,
    /// Sentences that a person should look at.
    look: usize,
    /// Used or merged, in a hundred.
    percent: usize,
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
    /// `used`, `merged`, `replaced`, `look` where a person should look, else `plain`.
    key: &'static str,
    words: String,
    statements: Vec<Link>,
    /// Queries about the statements that it supports, and findings about itself.
    see: Vec<Link>,
}

/// The sources that were drafted from, each with its sentences.
pub(super) fn coverage<'a>(index: &Index<'a>) -> Coverage<'a> {
    let coverage = &index.generated.checked.draft().coverage;
    let fates: BTreeMap<SentenceId, &SentenceUse> = coverage.iter().map(|c| (c.sentence, &c.fate)).collect();
    let sources = index.generated.case.sources.iter();
    let listed = sources.filter(|source| index.is_listed(source.number));
    let reasons: BTreeSet<NotUsed> = coverage.iter().filter_map(|c| not_used(&c.fate)).collect();
    Coverage {
        texts: listed
            .filter_map(|source| Some(text(index, source, source.content.as_ref().ok()?, &fates)))
            .collect(),
        reasons: reasons
            .into_iter()
            .map(|why| (words::not_used(why), words::not_used_means(why)))
            .collect(),
    }
}

fn not_used(fate: &SentenceUse) -> Option<NotUsed> {
    match fate {
        SentenceUse::NotUsed(why) => Some(*why),
        SentenceUse::Used(_) | SentenceUse::Merged(_) => None,
    }
}

/// How many of a source's sentences support the draft, by its number.
pub(super) fn supporting(index: &Index<'_>) -> BTreeMap<u16, usize> {
    let mut used = BTreeMap::new();
    for entry in &index.generated.checked.draft().coverage {
        if not_used(&entry.fate).is_none() {
            *used.entry(entry.sentence.source).or_default() += 1;
        }
    }
    used
}

/// A part of a whole in a hundred; all of it only when nothing is missing, nothing only when there is nothing.
pub(super) fn percent(part: usize, whole: usize) -> usize {
    match (part, whole) {
        (0, _) | (_, 0) => 0,
        (part, whole) if part >= whole => 100,
        (part, whole) => (part * 100 / whole).max(1),
    }
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
        percent: 0,
        paged: document.pages.is_some(),
        parts: Vec::new(),
    };
    let mut above: Option<&[String]> = None;
    for sentence in &document.sentences {
        let row = row(index, sentence, fates.get(&sentence.id).copied());
        text.count(row.key);
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
    text.percent = percent(text.used + text.merged, text.sentences);
    text
}

impl SourceText<'_> {
    fn count(&mut self, key: &str) {
        match key {
            "used" => self.used += 1,
            "merged" => self.merged += 1,
            "look" => self.look += 1,
            _ => self.not_used += 1,
        }
    }
}

fn row<'a>(index: &Index<'a>, sentence: &'a Sentence, fate: Option<&SentenceUse>) -> Row<'a> {
    let (key, words) = fate_words(fate);
    let statements: &[String] = match fate {
        Some(SentenceUse::Used(ids) | SentenceUse::Merged(ids)) => ids,
        Some(SentenceUse::NotUsed(_)) | None => &[],
    };
    let mut see = findings::sentence_findings(index, sentence.id);
    see.extend(statements.iter().flat_map(|id| queries::numbers(index, id)));
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
        key,
        words,
        statements: statements
            .iter()
            .map(|id| findings::statement_link(index, id))
            .collect(),
        see,
    }
}

/// The key and the words for what became of a sentence.
fn fate_words(fate: Option<&SentenceUse>) -> (&'static str, String) {
    match fate {
        Some(SentenceUse::Used(_)) => ("used", "Used in".to_owned()),
        Some(SentenceUse::Merged(_)) => ("merged", "Merged into".to_owned()),
        Some(SentenceUse::NotUsed(why)) => {
            let key = match why {
                NotUsed::Superseded => "replaced",
                why if words::wants_a_look(*why) => "look",
                _ => "plain",
            };
            (key, format!("Not used: {}", words::not_used(*why)))
        }
        // The routine accounts for every sentence; one that it forgot must not look like one that it decided on.
        None => ("look", "Not accounted for".to_owned()),
    }
}
