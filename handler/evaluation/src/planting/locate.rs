//! Where a quote stands: in which numbered sentences, and with which of their words.
//!
//! Quotes are typed by people: they carry Markdown marks, cross cells and sentences, and break words otherwise than the
//! reader does. So letters and figures alone are compared, from the edge of a word to the edge of a word.

use drafting::case::{Case, Source};
use drafting::check::statement::Citation;
use drafting::document::{Place, Sentence};

/// The letters and figures of a document, each with its sentence and place.
#[derive(Debug)]
pub struct Located<'c> {
    source: &'c Source,
    letters: Vec<char>,
    from: Vec<(usize, Option<usize>)>,
    sentences: Vec<&'c Sentence>,
}

impl<'c> Located<'c> {
    /// Spells out the readable sources of a case.
    #[must_use]
    pub fn all(case: &'c Case) -> Vec<Self> {
        let spelt = |labelled| move |source| Self::of(source, labelled);
        case.sources
            .iter()
            .flat_map(|source| [spelt(false)(source), spelt(true)(source)])
            .collect()
    }

    /// With or without the printed labels of list items, which some quotes hold.
    fn of(source: &'c Source, labelled: bool) -> Self {
        let mut located = Self {
            source,
            letters: Vec::new(),
            from: Vec::new(),
            sentences: Vec::new(),
        };
        let Ok(document) = &source.content else {
            return located;
        };
        for (number, sentence) in document.sentences.iter().enumerate() {
            located.sentences.push(sentence);
            let opens = number == 0
                || document
                    .sentences
                    .get(number - 1)
                    .is_none_or(|before| before.block != sentence.block);
            if let (Place::ListItem { label: Some(label) }, true) = (&sentence.place, labelled && opens) {
                for c in spelt(label) {
                    located.letters.push(c);
                    located.from.push((number, None));
                }
            }
            for (at, c) in sentence.text.char_indices() {
                for c in spelt(c.encode_utf8(&mut [0; 4])) {
                    located.letters.push(c);
                    located.from.push((number, Some(at)));
                }
            }
        }
        located
    }

    /// Whether this is the document of that name, in any case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let plain = |name: &str| name.trim().to_lowercase();
        plain(self.source.name.as_str()) == plain(name)
    }

    /// The sentences that hold `quote`, with the words of them that it takes; on `page` where it stands more than
    /// once. A list label at its head may be left out or put in.
    #[must_use]
    pub fn find(&self, quote: &str, page: Option<u32>) -> Vec<Citation<'c>> {
        let wanted = spelt(quote);
        if wanted.is_empty() || wanted.len() > self.letters.len() {
            return Vec::new();
        }
        let mut best: Option<(bool, usize)> = None;
        for start in self.starts(&wanted) {
            let on_page = page.is_none()
                || self
                    .sentence_at(start)
                    .is_some_and(|sentence| sentence.page == page);
            if best.is_none() || on_page && !best.is_some_and(|(found, _)| found) {
                best = Some((on_page, start));
            }
            if on_page {
                break;
            }
        }
        best.map_or_else(Vec::new, |(_, start)| self.cited(start, start + wanted.len()))
    }

    /// Whether the quote is what frames sentences: a heading, or the head row of a table. It is no evidence by itself, and
    /// each cell brings its heads along.
    #[must_use]
    pub fn is_frame(&self, quote: &str) -> bool {
        let mut cells = quote
            .split('|')
            .map(spelt)
            .filter(|cell| !cell.is_empty())
            .peekable();
        cells.peek().is_some()
            && cells.all(|cell| {
                self.sentences
                    .iter()
                    .any(|sentence| frames(sentence).any(|head| is_head(&spelt(head), &cell)))
            })
    }

    fn starts<'s>(&'s self, wanted: &'s [char]) -> impl Iterator<Item = usize> + 's {
        let first = wanted.first().copied();
        (0..=self.letters.len().saturating_sub(wanted.len())).filter(move |start| {
            self.letters.get(*start).copied() == first
                && self.letters.get(*start..*start + wanted.len()) == Some(wanted)
                && self.is_edge(*start)
                && self.is_edge(*start + wanted.len())
        })
    }

    fn sentence_at(&self, at: usize) -> Option<&'c Sentence> {
        let (number, _) = self.from.get(at)?;
        self.sentences.get(*number).copied()
    }

    /// Whether a word begins or ends between two letters.
    fn is_edge(&self, at: usize) -> bool {
        let (Some(before), Some(behind)) = (
            at.checked_sub(1).and_then(|at| self.from.get(at)),
            self.from.get(at),
        ) else {
            return true;
        };
        let (Some(first), Some(second)) = (before.1, behind.1) else {
            return true;
        };
        if before.0 != behind.0 {
            return true;
        }
        let text = self
            .sentences
            .get(before.0)
            .map_or("", |sentence| sentence.text.as_str());
        text.get(first..second)
            .is_none_or(|between| between.chars().any(|c| !c.is_alphanumeric()))
    }

    fn cited(&self, start: usize, end: usize) -> Vec<Citation<'c>> {
        let mut all: Vec<(usize, usize, usize)> = Vec::new();
        for (number, at) in self.from.get(start..end).unwrap_or_default() {
            let Some(at) = *at else { continue };
            match all.last_mut() {
                Some((last, _, to)) if last == number => *to = at,
                _ => all.push((*number, at, at)),
            }
        }
        all.into_iter()
            .filter_map(|(number, from, to)| {
                let sentence = self.sentences.get(number).copied()?;
                let end = to + sentence.text.get(to..)?.chars().next()?.len_utf8();
                // Marks around the words belong to them.
                let open = sentence
                    .text
                    .get(..from)?
                    .trim_end_matches(['"', '\u{201c}', '\u{2018}', '\'', '(', '\u{a3}'])
                    .len();
                let rest = sentence.text.get(end..)?;
                let close = end + rest.len()
                    - rest
                        .trim_start_matches(['"', '\u{201d}', '\u{2019}', '\'', ')', '.', ',', '%', '?', '!'])
                        .len();
                Some(Citation {
                    sentence,
                    part: sentence.text.get(open..close),
                })
            })
            .collect()
    }
}

/// The headings, lead and heads of a sentence.
fn frames(sentence: &Sentence) -> impl Iterator<Item = &str> {
    let heads = match &sentence.place {
        Place::Cell {
            column_head,
            row_head,
            ..
        } => [column_head.as_deref(), row_head.as_deref()],
        Place::Paragraph | Place::ListItem { .. } => [None, None],
    };
    let around = sentence.headings.iter().chain(&sentence.lead).map(String::as_str);
    around.chain(heads.into_iter().flatten())
}

/// Whether a quote is a heading, with or without the number before it.
fn is_head(head: &[char], quote: &[char]) -> bool {
    const LEAST: usize = 6;
    head == quote || quote.len() >= LEAST && head.ends_with(quote)
}

/// The letters and figures of a text, lower case.
fn spelt(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
