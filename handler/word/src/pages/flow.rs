//! Lines and rows on one page after the other.

use super::look::{Look, Sheet};

/// More pages than these are not counted.
const MOST: usize = 10_000;

/// A place in the pages of a document.
pub(super) struct Flow {
    pub(super) sheet: Sheet,
    full: usize,
    used: f64,
    /// The space that the paragraph before wants behind it.
    owed: f64,
}

impl Flow {
    /// At the head of the first page.
    pub(super) fn new(sheet: Sheet) -> Self {
        Self {
            sheet,
            full: 0,
            used: 0.0,
            owed: 0.0,
        }
    }

    /// The pages until here.
    pub(super) fn pages(&self) -> usize {
        (self.full + usize::from(self.used > 0.0)).max(1)
    }

    /// How much of the page is used.
    pub(super) fn used(&self) -> f64 {
        self.used + self.owed
    }

    /// Goes on on the next page; an empty one is not left behind.
    pub(super) fn turn(&mut self) {
        if self.used > 0.0 {
            self.full += 1;
        }
        self.used = 0.0;
        self.owed = 0.0;
    }

    /// The pages from here on are of this form.
    pub(super) fn section(&mut self, sheet: Sheet) {
        if !sheet.goes_on {
            self.turn();
        }
        self.sheet = sheet;
    }

    /// Puts the lines of a paragraph. Of the spaces behind one paragraph and before the next the larger one counts.
    pub(super) fn lines(&mut self, count: usize, look: &Look) {
        let before = if self.used > 0.0 {
            look.before.max(self.owed)
        } else {
            0.0
        };
        self.used += before;
        for _ in 0..count {
            if self.used + look.line > self.sheet.height {
                self.turn();
            }
            self.used += look.line;
        }
        self.owed = look.after;
    }

    /// Puts a row, which stands on one page where it can.
    pub(super) fn block(&mut self, height: f64) {
        self.used += self.owed;
        self.owed = 0.0;
        if self.used + height > self.sheet.height {
            self.turn();
        }
        self.used += height;
        while self.used > self.sheet.height && self.full < MOST {
            self.full += 1;
            self.used -= self.sheet.height;
        }
    }

    /// A table wants no space behind it.
    pub(super) fn after_table(&mut self) {
        self.owed = 0.0;
    }
}
