//! The lines and tables of a file in reading order, and what is usual in them.

use super::columns::Region;
use super::grid::TableRow;
use super::ink::{Fill, Letter};
use super::plane::mode;
use super::rows::Row;

/// A line of text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) letters: Vec<Letter>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) page: u32,
    /// Which part of which page it stands in.
    pub(super) region: usize,
    /// Where lines of its column end at most.
    pub(super) right: f64,
}

/// A table on one page.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) page: u32,
    pub(super) edges: Vec<f64>,
    pub(super) rows: Vec<TableRow>,
}

/// A part of the flow.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Line(Line),
    Table(Table),
}

/// Everything in reading order.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) parts: Vec<Part>,
    regions: usize,
}

/// What is usual in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    /// Size of the body's letters.
    pub(super) size: f64,
    /// Distance of its lines, in parts of the size.
    pub(super) leading: f64,
}

impl Line {
    /// Whether every letter is bold.
    pub(super) fn is_bold(&self) -> bool {
        self.letters
            .iter()
            .filter(|letter| letter.c.is_alphanumeric())
            .all(|letter| letter.bold)
    }

    /// Whether somebody entered some of it in a form; an answer is no heading, however large.
    pub(super) fn is_filled_in(&self) -> bool {
        self.letters.iter().any(|letter| letter.filled_in)
    }

    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.c).collect()
    }

    /// Width of its first word.
    fn first_word(&self) -> f64 {
        let word = self.letters.iter().take_while(|letter| letter.c != ' ');
        word.last().map_or(0.0, |letter| letter.x1 - self.x0)
    }

    /// Whether the next line's first word would have had room on this one: the writer ended the line, not the margin.
    pub(super) fn ends_early(&self, next: &Self) -> bool {
        self.x1 + next.first_word() + 0.6 * self.size < self.right
    }
}

impl Flow {
    /// Adds a page's regions.
    pub(super) fn add(&mut self, page: u32, regions: Vec<Region>, fills: &[Fill]) {
        for region in regions {
            self.regions += 1;
            match region {
                Region::Rows(rows) => self.rows(page, &rows),
                Region::Grid(grid) => {
                    let edges = grid.xs.clone();
                    self.table(page, edges, grid.into_rows(fills));
                }
                Region::Aligned(table) => self.table(page, table.edges, table.rows),
            }
        }
    }

    fn table(&mut self, page: u32, edges: Vec<f64>, rows: Vec<TableRow>) {
        if !rows.is_empty() {
            self.parts.push(Part::Table(Table { page, edges, rows }));
        }
    }

    fn rows(&mut self, page: u32, rows: &[Row]) {
        let right = rows.iter().map(Row::x1).fold(f64::MIN, f64::max);
        for row in rows {
            let line = Line {
                letters: row.letters(),
                x0: row.x0(),
                x1: row.x1(),
                y: row.y,
                size: row.size,
                page,
                region: self.regions,
                right,
            };
            self.parts.push(Part::Line(line));
        }
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.parts.iter().filter_map(|part| match part {
            Part::Line(line) => Some(line),
            Part::Table(_) => None,
        })
    }

    /// Gives lines of short regions the right margin of others that begin at the same place.
    pub(super) fn settle_margins(&mut self) {
        let margins: Vec<(f64, f64)> = self.lines().map(|line| (line.x0, line.right)).collect();
        let Some(widest) = margins.iter().map(|margin| margin.1).max_by(f64::total_cmp) else {
            return;
        };
        let Some(left) = mode(margins.iter().map(|margin| (margin.0, 1)), 3.0) else {
            return;
        };
        for part in &mut self.parts {
            if let Part::Line(line) = part
                && (line.x0 - left).abs() < 40.0
                && line.right > left + 0.6 * (widest - left)
            {
                line.right = widest;
            }
        }
    }

    /// What is usual in it.
    pub(super) fn usual(&self) -> Usual {
        let in_tables = self.parts.iter().filter_map(|part| match part {
            Part::Line(_) => None,
            Part::Table(table) => Some(table.rows.iter().flat_map(|row| row.cells.iter().flatten())),
        });
        let sizes = self.lines().map(|line| (line.size, line.letters.len()));
        let cells = in_tables
            .flatten()
            .map(|row| (row.size, row.pieces.iter().map(|p| p.letters.len()).sum()));
        let size = mode(sizes, 0.5).or_else(|| mode(cells, 0.5)).unwrap_or(10.0);
        let lines: Vec<&Line> = self.lines().collect();
        let steps = lines.iter().zip(lines.iter().skip(1)).filter_map(|(a, b)| {
            let step = (b.y - a.y) / a.size.max(1.0);
            let body = (a.size - size).abs() < 0.6 && (b.size - size).abs() < 0.6 && a.region == b.region;
            // A paragraph's lines: the first is full, so that a list of short lines does not count.
            (body && !a.ends_early(b) && (0.9..2.6).contains(&step)).then_some((step, 1))
        });
        Usual {
            size,
            leading: mode(steps, 0.02).unwrap_or(1.25),
        }
    }
}
