//! What is known of words that text recognition read on a picture of a page: how sure it was, and whether they were
//! written by hand.
//!
//! A recogniser may read 1:1 as 1:7 and be sure of it. So everything that is drafted from such words says so, and what it
//! was not sure of is a finding beside the statement that rests on it.

use serde::{Deserialize, Serialize};

use crate::document::{Document, Sentence};
use crate::identity::MONTHS;
use crate::numerals::{TENS, UNITS};
use crate::source::{Content, Reading};

/// Words of a text that were recognised alike: byte offsets, and how they were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordRead {
    /// Where they begin.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// How sure the recogniser was, 0 to 100.
    pub confidence: u8,
    /// Whether they were written by hand.
    pub handwritten: bool,
}

/// How one page was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRead {
    /// The page, from 1.
    pub page: u32,
    /// Words on it.
    pub words: usize,
    /// How sure the recogniser was of its words on average, 0 to 100.
    pub mean: u8,
    /// How sure it was of the word that it was least sure of.
    pub lowest: u8,
    /// How many of its words were written by hand.
    pub handwritten: usize,
}

/// How the scanned pages of a source were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognition {
    /// Who read them.
    pub by: String,
    /// The pages that were read so, in order.
    pub pages: Vec<PageRead>,
    /// The recognised words; offsets in [`Document::text`], in order.
    #[serde(skip)]
    pub words: Vec<WordRead>,
}

impl Recognition {
    /// Words on its pages.
    #[must_use]
    pub fn words(&self) -> usize {
        self.pages.iter().map(|page| page.words).sum()
    }

    /// How its pages were read, in a sentence for the case officer.
    #[must_use]
    pub fn told(&self) -> String {
        let pages: Vec<String> = self.pages.iter().map(|page| page.page.to_string()).collect();
        let s = if pages.len() == 1 { "" } else { "s" };
        let hand = match self.handwritten() {
            0 => String::new(),
            share => format!(", {share} % of the words by hand"),
        };
        format!(
            "page{s} {} read from the scan by {}: {} words, {} % sure on average, {} % of the least sure word{hand}",
            pages.join(", "),
            self.by,
            self.words(),
            self.mean(),
            self.lowest()
        )
    }

    /// How sure the recogniser was on average, 0 to 100.
    #[must_use]
    pub fn mean(&self) -> u8 {
        let sum: usize = self
            .pages
            .iter()
            .map(|page| usize::from(page.mean) * page.words)
            .sum();
        sum.checked_div(self.words())
            .and_then(|mean| u8::try_from(mean).ok())
            .unwrap_or(0)
    }

    /// How sure it was of the word that it was least sure of.
    #[must_use]
    pub fn lowest(&self) -> u8 {
        self.pages.iter().map(|page| page.lowest).min().unwrap_or(0)
    }

    /// The share of words that were written by hand, in a hundred; a little counts as one.
    #[must_use]
    pub fn handwritten(&self) -> usize {
        let count: usize = self.pages.iter().map(|page| page.handwritten).sum();
        (count * 100)
            .checked_div(self.words())
            .map_or(0, |share| share.max(usize::from(count > 0)))
    }
}

/// From which confidence on words are taken as read; recipe data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Below it a word is doubtful.
    pub words: u8,
    /// Below it a number, date, name or denial is.
    pub facts: u8,
}

/// By the sample scans and by what recognisers say of themselves: most words that were misread are below 80, and digits are
/// misread at higher confidence than words, which a dictionary holds up.
impl Default for Trust {
    fn default() -> Self {
        Self { words: 80, facts: 90 }
    }
}

/// A recognised word of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The word with the marks around it.
    pub text: &'t str,
    /// How sure the recogniser was of its least sure part.
    pub confidence: u8,
    /// Whether any of it was written by hand.
    pub handwritten: bool,
    /// Whether it begins its sentence, so that its capital says nothing.
    pub first: bool,
}

impl Document {
    /// The same, with what is known of its recognised words: for each block of `reading` and each of its cells, in order, the
    /// words by their offsets in that text.
    #[must_use]
    pub fn recognised(
        mut self,
        reading: &Reading,
        mut recognition: Recognition,
        read: &[Vec<Vec<WordRead>>],
    ) -> Self {
        let mut base = 0;
        recognition.words.clear();
        for (block, cells) in reading.blocks.iter().zip(read) {
            for (text, words) in lines(&block.content).zip(cells) {
                let moved = words
                    .iter()
                    .filter(|word| word.end <= text.len())
                    .map(|word| WordRead {
                        start: base + word.start,
                        end: base + word.end,
                        ..*word
                    });
                recognition.words.extend(moved);
                base += text.len() + 1;
            }
        }
        self.recognition = Some(recognition);
        self
    }

    /// The recognised words of one of its sentences.
    pub fn tokens<'t>(&'t self, sentence: &'t Sentence) -> impl Iterator<Item = Token<'t>> + 't {
        let (start, end) = sentence.span;
        let all = self
            .recognition
            .as_ref()
            .map_or(&[][..], |recognition| recognition.words.as_slice());
        let from = all.partition_point(|word| word.end <= start);
        let own: Vec<WordRead> = all
            .iter()
            .skip(from)
            .take_while(|word| word.start < end)
            .copied()
            .collect();
        places(&sentence.text)
            .enumerate()
            .filter_map(move |(at, (from, to))| {
                let under = own
                    .iter()
                    .filter(|word| word.start < start + to && start + from < word.end);
                let (mut confidence, mut handwritten, mut found) = (100, false, false);
                for word in under {
                    confidence = word.confidence.min(confidence);
                    handwritten |= word.handwritten;
                    found = true;
                }
                let text = sentence.text.get(from..to)?;
                found.then_some(Token {
                    text,
                    confidence,
                    handwritten,
                    first: at == 0,
                })
            })
    }
}

/// The texts of a block that stand in [`Document::text`].
fn lines(content: &Content) -> Box<dyn Iterator<Item = &String> + '_> {
    match content {
        Content::Heading { .. } => Box::new(std::iter::empty()),
        Content::Paragraph { text, .. } | Content::ListItem { text, .. } => Box::new(std::iter::once(text)),
        Content::Table { rows, .. } => Box::new(rows.iter().flatten()),
    }
}

/// Where the words of a text are.
fn places(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let begins = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| {
        let start = word.as_ptr() as usize - begins;
        (start, start + word.len())
    })
}

impl Token<'_> {
    /// Whether rules on facts rest on it: a number, date or name, or a word that denies.
    #[must_use]
    pub fn is_fact(&self) -> bool {
        /// What turns a sentence round, and how often something is.
        const WORDS: [&str; 17] = [
            "no",
            "not",
            "never",
            "none",
            "nor",
            "neither",
            "cannot",
            "without",
            "once",
            "twice",
            "half",
            "daily",
            "weekly",
            "fortnightly",
            "monthly",
            "termly",
            "hourly",
        ];
        let core = self.text.trim_matches(|c: char| !c.is_alphanumeric());
        let word = core.to_lowercase();
        core.contains(|c: char| c.is_numeric())
            || (!self.first && core.starts_with(char::is_uppercase) && core != "I")
            || [&WORDS, UNITS, TENS, &MONTHS]
                .iter()
                .any(|words| words.contains(&word.as_str()))
            || word.ends_with("n't")
            || word.ends_with("n\u{2019}t")
    }

    /// Whether a person has to compare it with the scan.
    #[must_use]
    pub fn is_doubtful(&self, trust: Trust) -> bool {
        self.text.contains(char::is_alphanumeric)
            && self.confidence < if self.is_fact() { trust.facts } else { trust.words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Block, Format};

    fn document() -> Document {
        let block = |content| Block {
            page: Some(1),
            breaks: Vec::new(),
            content,
        };
        let text = |text: &str| Content::Paragraph {
            text: text.into(),
            bold: Vec::new(),
        };
        let reading = Reading {
            format: Format::Pdf,
            pages: Some(1),
            blocks: vec![
                block(text("He reads.")),
                block(Content::Heading {
                    level: 1,
                    text: "Needs".into(),
                }),
                block(text("He has 1:7 help. Ada is not there.")),
            ],
            notices: Vec::new(),
        };
        let word = |start, end, confidence| WordRead {
            start,
            end,
            confidence,
            handwritten: confidence < 50,
        };
        let read = [
            vec![vec![word(0, 2, 95), word(3, 9, 70)]],
            vec![],
            vec![vec![
                word(0, 6, 96),
                word(7, 10, 85),
                word(11, 16, 85),
                word(17, 20, 40),
                word(24, 27, 89),
            ]],
        ];
        let recognition = Recognition {
            by: "test".into(),
            pages: Vec::new(),
            words: Vec::new(),
        };
        Document::number(1, &reading).recognised(&reading, recognition, &read)
    }

    #[test]
    fn doubtful_words_are_found_in_their_sentences() {
        let document = document();
        let doubtful = |number: usize| {
            let sentence = &document.sentences[number];
            let tokens = document
                .tokens(sentence)
                .filter(|token| token.is_doubtful(Trust::default()));
            tokens.map(|token| token.text.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(doubtful(0), ["reads."]);
        assert_eq!(doubtful(1), ["1:7"]);
        assert_eq!(doubtful(2), ["Ada", "not"]);
    }

    #[test]
    fn facts_are_told_from_words() {
        let fact = |text, first| {
            Token {
                text,
                confidence: 0,
                handwritten: false,
                first,
            }
            .is_fact()
        };
        for word in [
            "1:1",
            "(15",
            "thirteen",
            "fifty",
            "12/09/2022",
            "Ms",
            "once",
            "not",
            "can\u{2019}t",
            "March",
        ] {
            assert!(fact(word, false), "{word}");
        }
        for word in ["reads", "support,", "I"] {
            assert!(!fact(word, false), "{word}");
        }
        assert!(!fact("Support", true) && fact("No", true));
    }

    #[test]
    fn pages_sum_up() {
        let page = |words, mean, lowest, handwritten| PageRead {
            page: 1,
            words,
            mean,
            lowest,
            handwritten,
        };
        let of = |pages: Vec<PageRead>| Recognition {
            by: String::new(),
            pages,
            words: Vec::new(),
        };
        let both = of(vec![page(300, 96, 60, 0), page(100, 80, 12, 2)]);
        assert_eq!(
            (both.words(), both.mean(), both.lowest(), both.handwritten()),
            (400, 92, 12, 1)
        );
        assert_eq!((of(vec![]).mean(), of(vec![]).handwritten()), (0, 0));
    }
}
