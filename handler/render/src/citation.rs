//! Citations: the places in the sources that a statement rests on, with the words that stand there.

use std::collections::BTreeSet;
use std::fmt;

use drafting::case::Source;
use drafting::document::{Place, Sentence, SentenceId};

use crate::index::Index;

/// Sentences that follow one another in a source, or cells of one row of a table.
pub(crate) struct Citation<'a> {
    /// The source.
    pub source: &'a Source,
    /// Its sentences in order; never empty.
    pub sentences: Vec<&'a Sentence>,
}

/// The citations of these sentences, in the sources' order. What follows on what stands before is cited with it.
pub(crate) fn citations<'a>(index: &Index<'a>, ids: &BTreeSet<SentenceId>) -> Vec<Citation<'a>> {
    let mut all: Vec<Citation<'a>> = Vec::new();
    for id in ids {
        let (Some(source), Some(sentence)) = (index.source(id.source), index.sentence(*id)) else {
            continue;
        };
        match all.last_mut() {
            Some(last) if last.goes_on_with(sentence) => last.sentences.push(sentence),
            _ => all.push(Citation {
                source,
                sentences: vec![sentence],
            }),
        }
    }
    all
}

impl<'a> Citation<'a> {
    fn goes_on_with(&self, next: &Sentence) -> bool {
        let Some(last) = self.sentences.last() else {
            return false;
        };
        let follows = last.id.source == next.id.source && last.id.number + 1 == next.id.number;
        follows && last.headings == next.headings && same_frame(last, next)
    }

    /// The first of its sentences.
    pub(crate) fn first(&self) -> Option<&'a Sentence> {
        self.sentences.first().copied()
    }

    /// "page 3", "pages 3 to 4", "paragraph 12": where a person looks.
    pub(crate) fn place(&self) -> String {
        let (Some(first), Some(last)) = (self.sentences.first(), self.sentences.last()) else {
            return String::new();
        };
        match (first.page, last.page, &first.place) {
            (Some(from), Some(to), _) if to > from => format!("pages {from} to {to}"),
            (Some(page), ..) => format!("page {page}"),
            (None, _, Place::Cell { .. }) => format!("table at paragraph {}", first.block),
            (None, ..) if last.block > first.block => format!("paragraphs {} to {}", first.block, last.block),
            (None, ..) => format!("paragraph {}", first.block),
        }
    }

    /// `Appendix D.pdf, page 3`.
    pub(crate) fn file_and_place(&self) -> String {
        format!("{}, {}{}", self.source.name, self.place(), self.read_note())
    }

    /// " (read from the scan, at least 54 % sure)", for what text recognition read.
    pub(crate) fn read_note(&self) -> String {
        let confidences = self
            .sentences
            .iter()
            .filter_map(|sentence| self.source.confidence(sentence));
        confidences.min().map_or_else(String::new, |least| {
            format!(" (read from the scan, at least {least} % sure)")
        })
    }

    /// Whether a text has its words as they are.
    fn stands_in(&self, text: &str) -> bool {
        let text = squeezed(text);
        let mut sentences = self.sentences.iter();
        sentences.all(|sentence| {
            let words = squeezed(&sentence.text);
            has_words(&text, words.trim_start_matches(BULLETS))
        })
    }

    /// Where it stands, without its words: the row of a table, else the heading.
    fn whereabouts(&self) -> String {
        let row = self.first().and_then(row_head);
        match (row, self.heading()) {
            (Some(row), _) => format!("{}, row \u{201c}{row}\u{201d}", self.file_and_place()),
            (None, Some(heading)) => format!("{}, under \u{201c}{heading}\u{201d}", self.file_and_place()),
            (None, None) => self.file_and_place(),
        }
    }

    /// The innermost heading above it.
    pub(crate) fn heading(&self) -> Option<&'a str> {
        self.first()?.headings.last().map(String::as_str)
    }
}

/// What a reader may have left before an item of a list.
const BULLETS: [char; 8] = [
    '\u{2022}', '\u{25aa}', '\u{25cf}', '\u{2013}', '-', '*', '\u{b7}', ' ',
];

/// Whether a text has these words, as whole words: “No” does not stand in “Norwegian”.
fn has_words(text: &str, words: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !words.is_empty()
        && text.match_indices(words).any(|(at, _)| {
            let (before, after) = (text.get(..at), text.get(at + words.len()..));
            ends(before.and_then(|before| before.chars().next_back()))
                && ends(after.and_then(|after| after.chars().next()))
        })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What words rest on, a line for each place. Places whose words they are share a line and do not repeat them.
pub(crate) fn lines(places: &[Citation<'_>], words: &str) -> Vec<String> {
    let (same, other): (Vec<_>, Vec<_>) = places.iter().partition(|place| place.stands_in(words));
    let mut same: Vec<String> = same.iter().map(|place| place.whereabouts()).collect();
    same.dedup();
    let same = (!same.is_empty()).then(|| format!("Word for word in {}", same.join("; ")));
    same.into_iter()
        .chain(other.iter().map(ToString::to_string))
        .collect()
}

fn row_head(sentence: &Sentence) -> Option<&str> {
    match &sentence.place {
        Place::Cell { row_head, .. } => row_head.as_deref().filter(|head| !head.trim().is_empty()),
        Place::Paragraph | Place::ListItem { .. } => None,
    }
}

/// Whether two neighbours read as one: sentences of running text, or cells of the same row.
fn same_frame(one: &Sentence, next: &Sentence) -> bool {
    match (&one.place, &next.place) {
        (Place::Cell { row, .. }, Place::Cell { row: next_row, .. }) => {
            one.block == next.block && row == next_row
        }
        (Place::Cell { .. }, _) | (_, Place::Cell { .. }) => false,
        (Place::Paragraph | Place::ListItem { .. }, Place::Paragraph | Place::ListItem { .. }) => true,
    }
}

/// What frames a cell's words: the first cell of its row and the head of its column.
pub(crate) fn frame(sentence: &Sentence) -> Option<String> {
    let Place::Cell {
        column_head,
        row_head,
        ..
    } = &sentence.place
    else {
        return None;
    };
    let heads: Vec<String> = [("row", row_head), ("column", column_head)]
        .iter()
        .filter_map(|(what, head)| {
            head.as_ref()
                .filter(|head| !head.trim().is_empty())
                .map(|head| (what, head))
        })
        .map(|(what, head)| format!("{what} \u{201c}{head}\u{201d}"))
        .collect();
    (!heads.is_empty()).then(|| heads.join(", "))
}

/// `Appendix D.pdf, page 3, under “Needs”: “His words are hard to follow.”`
impl fmt::Display for Citation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file_and_place())?;
        if let Some(heading) = self.heading() {
            write!(f, ", under \u{201c}{heading}\u{201d}")?;
        }
        if self.sentences.iter().any(|sentence| frame(sentence).is_some()) {
            return self
                .sentences
                .iter()
                .try_for_each(|sentence| match frame(sentence) {
                    Some(frame) => write!(f, ", {frame}: \u{201c}{}\u{201d}", sentence.text),
                    None => write!(f, ", \u{201c}{}\u{201d}", sentence.text),
                });
        }
        let words: Vec<&str> = self
            .sentences
            .iter()
            .map(|sentence| sentence.text.as_str())
            .collect();
        write!(f, ": \u{201c}{}\u{201d}", words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::has_words;

    #[test]
    fn words_stand_in_a_text_as_whole_words() {
        for (text, words, stand) in [
            ("He reads well.", "He reads well.", true),
            ("He reads well. He writes.", "He writes.", true),
            ("Norwegian", "No", false),
            ("Yes, no", "no", true),
            ("Afternoon", "no", false),
            ("Afternoon, no", "no", true),
            ("He reads well", "He reads well.", false),
            ("\u{e9}t\u{e9}", "t", false),
            ("", "", false),
        ] {
            assert_eq!(has_words(text, words), stand, "{text}: {words}");
        }
    }
}
