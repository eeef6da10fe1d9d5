//! One form for the same words, whatever file they came from.
//!
//! The same rules for every format, so that a quote is found by plain comparison. Letters are never changed
//! but for the Latin ligatures U+FB00 to U+FB06: a wider normal form would turn "5²" into "52".

use crate::unseen::{is_unseen, joins};

/// The mark of a line that ends where it may only have been wrapped.
pub(crate) const WRAP: char = '\r';

/// A line of text that is being put together from runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    text: String,
    bold: Vec<(usize, usize)>,
    /// Tabs, line breaks and wraps, by the offset at which they stood.
    breaks: Vec<(usize, char)>,
    space: bool,
}

/// A finished line and the byte ranges of it that are bold.
pub(crate) type Finished = (String, Vec<(usize, usize)>);

impl Line {
    /// Adds a run.
    pub(crate) fn push(&mut self, run: &str, bold: bool) {
        for c in run.chars() {
            match c {
                '\n' | '\t' => {
                    self.breaks.push((self.text.len(), c));
                    self.space = true;
                }
                c if c.is_whitespace() => self.space = true,
                '\u{2011}' => self.push_char('-', bold),
                '\u{fb00}'..='\u{fb06}' => ligature(c).chars().for_each(|c| self.push_char(c, bold)),
                '\u{200c}' | '\u{200d}' if !joins(self.text.chars().next_back()) => {}
                c if is_unseen(c) => {}
                c => self.push_char(c, bold),
            }
        }
    }

    /// Adds the end of a line that may have no meaning, as in text that is wrapped by hand.
    pub(crate) fn wrap(&mut self) {
        self.breaks.push((self.text.len(), WRAP));
        self.space = true;
    }

    fn push_char(&mut self, c: char, bold: bool) {
        let before = self.text.len();
        if self.space && before > 0 {
            self.text.push(' ');
        }
        self.space = false;
        let start = self.text.len();
        self.text.push(c);
        if !bold {
            return;
        }
        match self.bold.last_mut() {
            Some((_, end)) if *end == before => *end = self.text.len(),
            _ => self.bold.push((start, self.text.len())),
        }
    }

    /// The text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The whole on one line.
    pub(crate) fn finish(self) -> Finished {
        (self.text, self.bold)
    }

    /// The lines into which it falls at those of its breaks that `cuts` says (break, text before, text after).
    pub(crate) fn finish_cut(self, cuts: impl Fn(char, &str, &str) -> bool) -> Vec<Finished> {
        let mut lines = Vec::new();
        let mut start = 0;
        for &(at, mark) in &self.breaks {
            let (before, after) = (self.text.get(start..at), self.text.get(at..));
            let (Some(before), Some(after)) = (before, after) else {
                continue;
            };
            if !before.is_empty() && cuts(mark, before, after.trim_start()) {
                lines.push(self.piece(start, at));
                start = at + (after.len() - after.trim_start().len());
            }
        }
        lines.push(self.piece(start, self.text.len()));
        lines.retain(|(text, _)| !text.is_empty());
        lines
    }

    fn piece(&self, start: usize, end: usize) -> Finished {
        let within = |&(from, to): &(usize, usize)| {
            let (from, to) = (from.max(start), to.min(end));
            (from < to).then(|| (from - start, to - start))
        };
        let text = self.text.get(start..end).map_or_else(String::new, str::to_owned);
        (text, self.bold.iter().filter_map(within).collect())
    }
}

/// Text on one line: ligatures resolved, characters that nobody sees dropped, white space collapsed.
pub(crate) fn line(text: &str) -> String {
    let mut line = Line::default();
    line.push(text, false);
    line.finish().0
}

/// The letters of a Latin ligature.
fn ligature(c: char) -> &'static str {
    match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => "st",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(line(input), expected, "{input:?}");
    }

    #[test]
    fn one_form() {
        check("di\u{fb03}culty and \u{fb01}ne", "difficulty and fine");
        check("co\u{ad}operation", "cooperation");
        check("20\u{a0}minutes\u{202f}each", "20 minutes each");
        check("  a \t b\r\n c  ", "a b c");
        check("a\u{0}\u{7}\u{200b}\u{e0041}b", "ab");
        check("5\u{b2} and \u{bd}", "5\u{b2} and \u{bd}");
        check("2\u{2011}3", "2-3");
        check(" \u{a0}\u{ad} ", "");
    }

    #[test]
    fn bold_ranges_follow_the_text() {
        let mut line = Line::default();
        for (run, bold) in [
            (" Parent", true),
            (" 1: ", true),
            ("  Leila ", false),
            ("X", true),
        ] {
            line.push(run, bold);
        }
        assert_eq!(
            line.finish(),
            ("Parent 1: Leila X".to_owned(), vec![(0, 9), (16, 17)])
        );
    }

    #[test]
    fn lines_are_cut_with_their_bold() {
        let mut line = Line::default();
        for (run, bold) in [
            ("Name:", true),
            (" A\n", false),
            ("Born:", true),
            (" B\nc", false),
        ] {
            line.push(run, bold);
        }
        let lines = line.finish_cut(|mark, _, after| mark == '\n' && after.starts_with("Born"));
        let expected = [
            ("Name: A".to_owned(), vec![(0, 5)]),
            ("Born: B c".to_owned(), vec![(0, 5)]),
        ];
        assert_eq!(lines, expected);
    }

    proptest! {
        #[test]
        fn once_is_enough(text in ".*") {
            let once = line(&text);
            prop_assert_eq!(line(&once), once);
        }

        #[test]
        fn bold_ranges_are_slices(runs in proptest::collection::vec((".{0,8}", any::<bool>()), 0..8)) {
            let mut all = Line::default();
            for (run, bold) in &runs {
                all.push(run, *bold);
            }
            for (text, bold) in all.finish_cut(|_, before, _| before.len() > 2) {
                for (start, end) in bold {
                    prop_assert!(start < end && text.get(start..end).is_some());
                }
            }
        }
    }
}
