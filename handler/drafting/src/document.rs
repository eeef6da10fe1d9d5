//! Numbered sentences: the only things in a source that a claim can point at.
//!
//! Headings and column heads are context, not sentences: they are kept beside each sentence. A table cell is a
//! sentence of its own, or several.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::recognised::Recognition;
use crate::source::{Content, Format, PageBreak, Reading};

mod split;

pub use split::sentences as split_sentences;

/// A sentence of a run: `d2.14` is the 14th sentence of the 2nd source (sources in order of their names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SentenceId {
    /// Which source, from 1.
    pub source: u16,
    /// Which sentence of it, from 1.
    pub number: u32,
}

impl fmt::Display for SentenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "d{}.{}", self.source, self.number)
    }
}

/// A text that is not a sentence id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a sentence id such as `d2.14`")]
pub struct NotASentenceId;

impl TryFrom<String> for SentenceId {
    type Error = NotASentenceId;
    fn try_from(text: String) -> Result<Self, NotASentenceId> {
        let (source, number) = text
            .strip_prefix('d')
            .and_then(|t| t.split_once('.'))
            .ok_or(NotASentenceId)?;
        let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit()) && !t.starts_with('0');
        if !plain(source) || !plain(number) {
            return Err(NotASentenceId);
        }
        Ok(Self {
            source: source.parse().map_err(|_| NotASentenceId)?,
            number: number.parse().map_err(|_| NotASentenceId)?,
        })
    }
}

impl From<SentenceId> for String {
    fn from(id: SentenceId) -> Self {
        id.to_string()
    }
}

/// Where a sentence stands inside its block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In a paragraph.
    Paragraph,
    /// In a list item, with its printed label if it has one.
    ListItem {
        /// "1.", "a)"; `None` for a bullet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    },
    /// In a table cell.
    Cell {
        /// Body row, from 0.
        row: u32,
        /// Column, from 0.
        column: u32,
        /// The head of its column, when the table has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column_head: Option<String>,
        /// The first cell of its row, when this is not it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        row_head: Option<String>,
    },
}

/// One numbered sentence (or cell) and where it stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its id in this run.
    pub id: SentenceId,
    /// Its words, exactly as read.
    pub text: String,
    /// Byte offsets of `text` in [`Document::text`].
    pub span: (usize, usize),
    /// Page, from 1, where the format has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The number of the block (paragraph, item, table) it stands in, from 1: what a reader counts in a format
    /// without pages.
    pub block: u32,
    /// The headings it stands under, outermost first; shared with its neighbours.
    pub headings: Arc<[String]>,
    /// Where in the block.
    pub place: Place,
    /// The leading words of its block that were set in bold ("Parent 1:", "Clinical review."), only on the
    /// block's first sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sentence")
            .field("id", &self.id)
            .field("page", &self.page)
            .field("block", &self.block)
            .finish_non_exhaustive()
    }
}

impl Sentence {
    /// Where a person finds it: "page 3, under `2. Strengths`" or "paragraph 12, under `2. Strengths`".
    #[must_use]
    pub fn whereabouts(&self) -> String {
        let place = match (self.page, &self.place) {
            (Some(page), _) => format!("page {page}"),
            (None, Place::Cell { .. }) => format!("table at paragraph {}", self.block),
            (None, _) => format!("paragraph {}", self.block),
        };
        match self.headings.last() {
            Some(heading) => format!("{place}, under \u{201c}{heading}\u{201d}"),
            None => place,
        }
    }
}

/// A source's readable text as numbered sentences.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Its place among the sources of the run, from 1.
    pub source: u16,
    /// What the file is.
    pub format: Format,
    /// Number of pages, where the format has pages.
    pub pages: Option<u32>,
    /// All blocks' text, one line a block (a table: one line a cell). [`Sentence::span`] points into it.
    pub text: String,
    /// The sentences in reading order; `sentences[n - 1]` has number `n`.
    pub sentences: Vec<Sentence>,
    /// The headings in reading order with the number of the first sentence after each.
    pub headings: Vec<(u8, String, u32)>,
    /// How its scanned pages were read, where it has any that were.
    pub recognition: Option<Recognition>,
}

/// Its words are personal data and are not printed.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("source", &self.source)
            .field("format", &self.format)
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

/// The page of byte offset (or row) `at` in a block that begins on `page`.
fn page_at(page: Option<u32>, breaks: &[PageBreak], at: usize) -> Option<u32> {
    breaks.iter().rev().find(|b| b.at <= at).map(|b| b.page).or(page)
}

/// The words set in bold at the start of a block, when bold does not cover the whole of it.
fn bold_lead(text: &str, bold: &[(usize, usize)]) -> Option<String> {
    let &(0, end) = bold.first()? else { return None };
    (end < text.len())
        .then(|| text.get(..end).map(|lead| lead.trim().to_owned()))
        .flatten()
}

impl Document {
    /// Numbers the sentences of a reading; `source` is the source's place in the run, from 1.
    #[must_use]
    pub fn number(source: u16, reading: &Reading) -> Self {
        let mut numbering = Numbering {
            document: Self {
                source,
                format: reading.format,
                pages: reading.pages,
                text: String::new(),
                sentences: Vec::new(),
                headings: Vec::new(),
                recognition: None,
            },
            path: Vec::new(),
            headings: Arc::default(),
        };
        for (index, block) in reading.blocks.iter().enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            match &block.content {
                Content::Heading { level, text } => numbering.heading(*level, text),
                Content::Paragraph { text, bold } => {
                    numbering.lines(text, number, &Place::Paragraph, bold_lead(text, bold), |at| {
                        page_at(block.page, &block.breaks, at)
                    });
                }
                Content::ListItem {
                    label, text, bold, ..
                } => {
                    let place = Place::ListItem { label: label.clone() };
                    numbering.lines(text, number, &place, bold_lead(text, bold), |at| {
                        page_at(block.page, &block.breaks, at)
                    });
                }
                Content::Table { head, rows } => {
                    for (row, cells) in rows.iter().enumerate() {
                        for (column, text) in cells.iter().enumerate() {
                            let place = Place::Cell {
                                row: u32::try_from(row).unwrap_or(u32::MAX),
                                column: u32::try_from(column).unwrap_or(u32::MAX),
                                column_head: head.as_ref().and_then(|head| head.get(column)).cloned(),
                                row_head: (column > 0).then(|| cells.first().cloned()).flatten(),
                            };
                            numbering.lines(text, number, &place, None, |_| {
                                page_at(block.page, &block.breaks, row)
                            });
                        }
                    }
                }
            }
        }
        // Documents are held as long as their run, and a run mostly waits.
        numbering.document.text.shrink_to_fit();
        numbering.document.sentences.shrink_to_fit();
        numbering.document
    }

    /// The sentence with this id, if it is one of this document's.
    #[must_use]
    pub fn sentence(&self, id: SentenceId) -> Option<&Sentence> {
        if id.source != self.source {
            return None;
        }
        self.sentences
            .get(usize::try_from(id.number.checked_sub(1)?).ok()?)
    }

    /// The number of words in its sentences.
    #[must_use]
    pub fn words(&self) -> usize {
        self.sentences
            .iter()
            .map(|s| s.text.split_whitespace().count())
            .sum()
    }
}

struct Numbering {
    document: Document,
    path: Vec<(u8, String)>,
    headings: Arc<[String]>,
}

impl Numbering {
    fn heading(&mut self, level: u8, text: &str) {
        self.path.retain(|(above, _)| *above < level);
        self.path.push((level, text.to_owned()));
        self.headings = self.path.iter().map(|(_, heading)| heading.clone()).collect();
        let next = u32::try_from(self.document.sentences.len() + 1).unwrap_or(u32::MAX);
        self.document.headings.push((level, text.to_owned(), next));
    }

    fn lines(
        &mut self,
        text: &str,
        block: u32,
        place: &Place,
        lead: Option<String>,
        page: impl Fn(usize) -> Option<u32>,
    ) {
        let base = self.document.text.len();
        self.document.text.push_str(text);
        self.document.text.push('\n');
        let mut lead = lead;
        for (start, end) in split_sentences(text) {
            let Some(words) = text.get(start..end) else {
                continue;
            };
            let number = u32::try_from(self.document.sentences.len() + 1).unwrap_or(u32::MAX);
            self.document.sentences.push(Sentence {
                id: SentenceId {
                    source: self.document.source,
                    number,
                },
                text: words.to_owned(),
                span: (base + start, base + end),
                page: page(start),
                block,
                headings: Arc::clone(&self.headings),
                place: place.clone(),
                lead: lead.take(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Block;

    #[test]
    fn numbers_paragraphs_items_and_cells() {
        let block = |page, content| Block {
            page: Some(page),
            breaks: Vec::new(),
            content,
        };
        let reading = Reading {
            format: Format::Pdf,
            pages: Some(2),
            blocks: vec![
                block(
                    1,
                    Content::Heading {
                        level: 1,
                        text: "Advice".into(),
                    },
                ),
                Block {
                    page: Some(1),
                    breaks: vec![PageBreak { at: 9, page: 2 }],
                    content: Content::Paragraph {
                        text: "He reads. He writes.".into(),
                        bold: Vec::new(),
                    },
                },
                block(
                    2,
                    Content::Heading {
                        level: 2,
                        text: "Needs".into(),
                    },
                ),
                block(
                    2,
                    Content::Table {
                        head: Some(vec!["What".into(), "When".into()]),
                        rows: vec![vec!["Group".into(), "Weekly".into()]],
                    },
                ),
            ],
            notices: Vec::new(),
        };
        let document = Document::number(3, &reading);
        let seen: Vec<_> = document
            .sentences
            .iter()
            .map(|s| (s.id.to_string(), s.text.as_str(), s.page, s.headings.join(" / ")))
            .collect();
        assert_eq!(
            seen,
            [
                ("d3.1".to_owned(), "He reads.", Some(1), "Advice".to_owned()),
                ("d3.2".to_owned(), "He writes.", Some(2), "Advice".to_owned()),
                ("d3.3".to_owned(), "Group", Some(2), "Advice / Needs".to_owned()),
                ("d3.4".to_owned(), "Weekly", Some(2), "Advice / Needs".to_owned()),
            ]
        );
        for sentence in &document.sentences {
            assert_eq!(&document.text[sentence.span.0..sentence.span.1], sentence.text);
            assert_eq!(document.sentence(sentence.id), Some(sentence));
        }
        let Place::Cell {
            column_head,
            row_head,
            ..
        } = &document.sentences[3].place
        else {
            panic!()
        };
        assert_eq!(
            (column_head.as_deref(), row_head.as_deref()),
            (Some("When"), Some("Group"))
        );
    }

    #[test]
    fn ids_round_trip() {
        let id = SentenceId {
            source: 12,
            number: 345,
        };
        assert_eq!(SentenceId::try_from(id.to_string()), Ok(id));
        for bad in [
            "", "d", "d1", "d1.", "1.2", "d01.2", "d1.02", "d-1.2", "d1.2.3", "d99999.1",
        ] {
            assert_eq!(SentenceId::try_from(bad.to_owned()), Err(NotASentenceId), "{bad}");
        }
    }
}
