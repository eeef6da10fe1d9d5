//! Lines to running text: hyphens at line ends, bold runs, page breaks.

use std::collections::HashSet;

use drafting::recognised::WordRead;
use drafting::source::PageBreak;

use super::ink::Letter;
use crate::normal;

/// The words of a file, to tell a hyphen that parts a word at a line's end from one that belongs to it.
#[derive(Debug, Default)]
pub(super) struct Words {
    known: HashSet<String>,
}

/// Text on one line with what is known of it.
pub(super) struct Running {
    pub(super) text: String,
    pub(super) bold: Vec<(usize, usize)>,
    pub(super) breaks: Vec<PageBreak>,
    /// The parts that were recognised on a picture.
    pub(super) read: Vec<WordRead>,
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}')
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

impl Words {
    /// Takes in the words of a line, the first and last apart, which may be parts of words.
    pub(super) fn learn(&mut self, line: &str) {
        for word in line.split_whitespace() {
            let word = trimmed(word);
            if word.chars().count() > 1 && !line.trim_end().ends_with(&format!("{word}-")) {
                self.known.insert(word.to_lowercase());
            }
        }
    }

    fn knows(&self, word: &str) -> bool {
        self.known.contains(&trimmed(word).to_lowercase())
    }

    /// Whether the hyphen between these belongs to the word.
    fn keeps_hyphen(&self, before: &str, after: &str) -> bool {
        // Beginnings that English sets off by a hyphen.
        const BEGINNINGS: [&str; 24] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "self", "non",
            "well", "co", "part", "full", "half", "long", "short", "high", "low", "follow", "multi", "age",
        ];
        let (before, after) = (
            before.trim_start_matches(|c: char| !c.is_alphanumeric()),
            trimmed(after),
        );
        let broken = !after.starts_with(char::is_lowercase) || !before.ends_with(char::is_alphabetic);
        if broken || before.contains('-') {
            return true;
        }
        if self.knows(&format!("{before}{after}")) {
            return false;
        }
        let whole = self.knows(&format!("{before}-{after}")) || (self.knows(before) && self.knows(after));
        whole || BEGINNINGS.contains(&before.to_lowercase().as_str())
    }

    /// Joins lines, each with its page.
    pub(super) fn join<'l>(&self, lines: impl IntoIterator<Item = (u32, &'l [Letter])>) -> Running {
        let mut text = normal::Line::default();
        let mut breaks = Vec::new();
        let mut last_page = None;
        let mut held: Option<Letter> = None;
        let mut read = Vec::new();
        for (page, letters) in lines {
            let letters = trim(letters);
            let spaced = self.bridge(&mut text, held.take(), letters);
            if last_page.is_some_and(|last| last != page) {
                let at = text.text().len() + usize::from(spaced && !text.text().is_empty());
                breaks.push(PageBreak { at, page });
            }
            last_page = Some(page);
            let (body, end) = split_hyphen(letters);
            push(&mut text, body, &mut read);
            held = end;
        }
        if let Some(hyphen) = held {
            text.push("-", hyphen.bold);
        }
        let (text, bold) = text.finish();
        breaks.retain(|stop| stop.at < text.len());
        Running {
            text,
            bold,
            breaks,
            read,
        }
    }

    /// Writes what stands between a line and the next; whether that is a space.
    fn bridge(&self, text: &mut normal::Line, hyphen: Option<Letter>, next: &[Letter]) -> bool {
        let Some(hyphen) = hyphen else {
            text.push(" ", false);
            return true;
        };
        let after: String = next
            .iter()
            .map(|letter| letter.c)
            .take_while(|c| !c.is_whitespace())
            .collect();
        let before = text.text().rsplit(char::is_whitespace).next().unwrap_or("");
        if hyphen.c != '\u{ad}' && self.keeps_hyphen(before, &after) {
            text.push("-", hyphen.bold);
        }
        false
    }
}

fn trim(letters: &[Letter]) -> &[Letter] {
    let start = letters
        .iter()
        .position(|letter| letter.c != ' ')
        .unwrap_or(letters.len());
    let end = letters
        .iter()
        .rposition(|letter| letter.c != ' ')
        .map_or(start, |at| at + 1);
    letters.get(start..end).unwrap_or(&[])
}

/// A line and the hyphen at its end, if a word goes before it.
fn split_hyphen(letters: &[Letter]) -> (&[Letter], Option<Letter>) {
    match letters {
        [body @ .., before, last] if is_hyphen(last.c) && before.c.is_alphanumeric() => {
            let kept = letters.get(..=body.len()).unwrap_or(letters);
            (kept, Some(*last))
        }
        _ => (letters, None),
    }
}

fn push(text: &mut normal::Line, letters: &[Letter], read: &mut Vec<WordRead>) {
    for run in letters.chunk_by(|a, b| a.bold == b.bold && a.read == b.read) {
        let before = text.text().len();
        let words: String = run
            .iter()
            .map(|letter| if letter.c == '\u{2010}' { '-' } else { letter.c })
            .collect();
        let Some(first) = run.first() else { continue };
        text.push(&words, first.bold);
        // The space that goes before a run is written with it.
        let written = text.text().get(before..).unwrap_or("");
        let start = before + (written.len() - written.trim_start().len());
        if first.read.recognised && start < text.text().len() {
            read.push(WordRead {
                start,
                end: text.text().len(),
                confidence: first.read.confidence,
                handwritten: first.read.handwritten,
            });
        }
    }
}

/// Some letters as they are.
pub(super) fn plain(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}
