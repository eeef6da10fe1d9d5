//! What tesseract says: a table with a line for each page, block, paragraph, line and word.

use reading::scan::Word;

/// Words of a page, at most: a page of small print has some 1,500.
const MOST_WORDS: usize = 20_000;
/// The level of words.
const WORD: &str = "5";

/// The words of a table; `None` for what is none.
#[must_use]
pub fn words(table: &[u8]) -> Option<Vec<Word>> {
    let text = std::str::from_utf8(table).ok()?;
    let mut lines = text.lines();
    if !lines.next()?.starts_with("level\tpage_num\t") {
        return None;
    }
    let mut words: Vec<Word> = Vec::new();
    let mut place: Option<[&str; 3]> = None;
    let mut number = 0;
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let row = Row::of(line)?;
        if row.level != WORD || row.text.trim().is_empty() {
            continue;
        }
        if place.is_some_and(|place| place != row.line) {
            number += 1;
        }
        place = Some(row.line);
        words.push(row.word(number)?);
        if words.len() > MOST_WORDS {
            return None;
        }
    }
    Some(words)
}

struct Row<'t> {
    level: &'t str,
    /// Block, paragraph, line.
    line: [&'t str; 3],
    /// Left, top, width, height, confidence.
    numbers: [&'t str; 5],
    text: &'t str,
}

impl<'t> Row<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let cells: Vec<&str> = line.splitn(12, '\t').collect();
        let [
            level,
            _,
            block,
            paragraph,
            row,
            _,
            left,
            top,
            width,
            height,
            confidence,
            rest @ ..,
        ] = cells.as_slice()
        else {
            return None;
        };
        Some(Self {
            level,
            line: [block, paragraph, row],
            numbers: [left, top, width, height, confidence],
            text: rest.first().copied().unwrap_or(""),
        })
    }

    fn word(&self, line: u32) -> Option<Word> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let [left, top, width, height, confidence] = self.numbers.map(number);
        let (left, top) = (left?, top?);
        Some(Word {
            text: self.text.trim().to_owned(),
            confidence: percent(confidence?),
            area: [left, top, left + width?.max(0.0), top + height?.max(0.0)],
            line,
            handwritten: false,
            role: None,
        })
    }
}

/// A confidence, rounded down, so that what is not sure does not become so.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between 0 and 100"
)]
pub(crate) fn percent(confidence: f64) -> u8 {
    if confidence.is_finite() {
        confidence.clamp(0.0, 100.0) as u8
    } else {
        0
    }
}
