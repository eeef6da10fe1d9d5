//! The columns of a table by the places of its words, and the lines that make one row.

use super::plane::Area;
use super::rows::{Piece, Row, rows};

/// Columns are at least so far apart, in points.
const APART: f64 = 4.0;
/// A wider step than the least one begins a row, in parts of the letters' size.
const STEP: f64 = 0.12;
/// A wrapped line fills at least this share of the way to the next column.
const WRAPPED: f64 = 0.75;
/// More lines than this on a page are no table for people.
const MOST_LINES: usize = 400;
/// Lines further apart than this are never lines of one paragraph, in parts of their size.
const LOOSE: f64 = 1.75;

/// The columns, from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Bands {
    spans: Vec<(f64, f64)>,
}

impl Bands {
    /// The columns of the lines below a head, and how many lines keep to them.
    pub(super) fn of(head: &[Row], below: &[Row], goes_on: impl Fn(&Row, &Row) -> bool) -> (Self, usize) {
        let most = head.first().map_or(0, |line| line.pieces.len());
        let mut bands = Self::default();
        let mut used = 0;
        let mut above = head.last();
        for line in below.iter().take(MOST_LINES) {
            let near = above.is_some_and(|above| goes_on(above, line));
            let Some(wider) = (line.pieces.len() <= most)
                .then(|| bands.with(line))
                .flatten()
                .filter(|wider| near && wider.count() <= most)
            else {
                break;
            };
            bands = wider;
            used += 1;
            above = Some(line);
        }
        (bands, used)
    }

    /// The columns that begin at these places.
    pub(super) fn at(edges: &[f64], lines: &[Row]) -> Self {
        let reach = |at: &f64| {
            let pieces = lines.iter().flat_map(|line| &line.pieces);
            let own = pieces.filter(|piece| (piece.x0 - at).abs() <= APART);
            (*at, own.map(|piece| piece.x1).fold(*at, f64::max))
        };
        Self {
            spans: edges.iter().map(reach).collect(),
        }
    }

    /// The same with a line's pieces, unless one of them crosses from a column into another.
    fn with(&self, line: &Row) -> Option<Self> {
        let mut spans = self.spans.clone();
        for piece in &line.pieces {
            let mut met = spans
                .iter_mut()
                .filter(|(x0, x1)| piece.x0 < *x1 && *x0 < piece.x1);
            match (met.next(), met.next()) {
                (None, _) => spans.push((piece.x0, piece.x1)),
                (Some(own), None) => *own = (own.0.min(piece.x0), own.1.max(piece.x1)),
                (Some(_), Some(_)) => return None,
            }
        }
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let apart = spans.windows(2).all(|pair| match pair {
            [left, right] => right.0 - left.1 >= APART,
            _ => true,
        });
        apart.then_some(Self { spans })
    }

    pub(super) fn count(&self) -> usize {
        self.spans.len()
    }

    /// Where the columns begin.
    pub(super) fn edges(&self) -> Vec<f64> {
        self.spans.iter().map(|span| span.0).collect()
    }

    /// The column of a piece: the one it lies over, else the one after whose beginning its middle stands.
    fn column(&self, piece: &Piece) -> usize {
        let over = self
            .spans
            .iter()
            .position(|(x0, x1)| piece.x0 < *x1 && *x0 < piece.x1);
        let middle = f64::midpoint(piece.x0, piece.x1);
        over.unwrap_or_else(|| {
            self.spans
                .partition_point(|span| span.0 <= middle)
                .saturating_sub(1)
        })
    }

    /// Whether a head has one name for each column, in order, and none lies over two.
    pub(super) fn fits(&self, head: &Row) -> bool {
        let columns: Vec<usize> = head.pieces.iter().map(|piece| self.column(piece)).collect();
        let over = |piece: &Piece| {
            let met = |span: &&(f64, f64)| piece.x0 < span.1 && span.0 < piece.x1;
            self.spans.iter().filter(met).count()
        };
        columns.iter().copied().eq(0..self.count()) && head.pieces.iter().all(|piece| over(piece) <= 1)
    }

    /// Lines without those at the end that hold no more than a first cell: they are text below the table.
    pub(super) fn trimmed<'r>(&self, lines: &'r [Row]) -> &'r [Row] {
        let starts = self.starts(lines, &[]);
        let alone = |(line, starts): &(&Row, &bool)| {
            **starts && line.pieces.iter().all(|piece| self.column(piece) == 0)
        };
        let end = lines.iter().zip(&starts).rev().take_while(alone).count();
        lines.get(..lines.len() - end).unwrap_or(lines)
    }

    /// Some lines as one row of cells.
    pub(super) fn row(&self, lines: &[Row]) -> Vec<Vec<Row>> {
        let mut cells: Vec<Vec<Piece>> = vec![Vec::new(); self.count()];
        for piece in lines.iter().flat_map(|line| &line.pieces) {
            if let Some(cell) = cells.get_mut(self.column(piece)) {
                cell.push(piece.clone());
            }
        }
        cells.into_iter().map(rows).collect()
    }

    /// The rows of cells that some lines make.
    pub(super) fn cells(&self, lines: &[Row], rules: &[Area]) -> Vec<Vec<Vec<Row>>> {
        let starts = self.starts(lines, rules);
        let mut found = Vec::new();
        let mut left = lines;
        while !left.is_empty() {
            let from = lines.len() - left.len();
            let more = starts
                .iter()
                .skip(from + 1)
                .take_while(|starts| !**starts)
                .count();
            let (row, rest) = left.split_at_checked(1 + more).unwrap_or((left, &[]));
            found.push(self.row(row));
            left = rest;
        }
        found
    }

    /// Which lines begin a row: by rules between them, by wider steps, else by how they begin.
    fn starts(&self, lines: &[Row], rules: &[Area]) -> Vec<bool> {
        let pairs = || lines.iter().zip(lines.iter().skip(1));
        let after = |starts: Vec<bool>| std::iter::once(true).chain(starts).take(lines.len()).collect();
        let by_rule: Vec<bool> = pairs().map(|(a, b)| self.is_ruled(a, b, rules)).collect();
        let count = by_rule.iter().filter(|ruled| **ruled).count();
        if count >= 2 && count * 4 >= by_rule.len() {
            return after(by_rule);
        }
        let steps: Vec<f64> = pairs().map(|(a, b)| (b.y - a.y) / a.size.max(b.size)).collect();
        let least = steps.iter().copied().fold(f64::MAX, f64::min);
        let wide: Vec<bool> = steps
            .iter()
            .map(|step| *step > least + STEP || least > LOOSE)
            .collect();
        // Where every row is set off by a wider step, other lines are never rows; a single gap says little.
        let parted = wide.iter().filter(|wide| **wide).count() * 3 >= wide.len().max(1);
        let begun = pairs()
            .zip(&wide)
            .map(|((a, b), wide)| *wide || (!parted && self.begins(a, b)));
        after(begun.collect())
    }

    /// How many of the steps between lines have a rule.
    pub(super) fn ruled_steps(&self, lines: &[Row], rules: &[Area]) -> usize {
        let pairs = lines.iter().zip(lines.iter().skip(1));
        pairs
            .filter(|(above, below)| self.is_ruled(above, below, rules))
            .count()
    }

    fn is_ruled(&self, above: &Row, below: &Row, rules: &[Area]) -> bool {
        let (Some(first), Some(last)) = (self.spans.first(), self.spans.last()) else {
            return false;
        };
        let width = last.1 - first.0;
        rules.iter().any(|rule| {
            let across = rule.x1.min(last.1) - rule.x0.max(first.0);
            across >= 0.6 * width
                && above.y - 0.1 * above.size < rule.y0
                && rule.y1 < below.y - 0.4 * below.size
        })
    }

    /// Where lines of the first column end about, if its words were wrapped.
    fn first_margin(&self) -> f64 {
        match self.spans.as_slice() {
            [first, next, ..] => first.0 + WRAPPED * (next.0 - first.0),
            _ => f64::MAX,
        }
    }

    /// Whether a line begins a row by its words: its first cell is there, and is not the rest of the one above.
    fn begins(&self, above: &Row, line: &Row) -> bool {
        let first = |row: &Row| row.pieces.iter().find(|piece| self.column(piece) == 0).cloned();
        let Some(own) = first(line) else { return false };
        let Some(before) = first(above) else { return true };
        let (text, last) = (own.text(), before.text());
        let word = text.split_whitespace().next().unwrap_or("");
        let full = line.pieces.len() == 1 && {
            let letters = text.chars().count().max(1);
            #[expect(clippy::cast_precision_loss, reason = "a cell has few letters")]
            let room = (own.x1 - own.x0) * (word.chars().count() + 1) as f64 / letters as f64;
            before.x1 + room > self.first_margin()
        };
        !(word.starts_with(|c: char| c.is_lowercase() || c == '(') || is_open(&last) || full)
    }
}

/// Whether a text ends where no cell ends.
fn is_open(text: &str) -> bool {
    const LEADING_ON: [&str; 12] = [
        "and", "or", "of", "the", "a", "an", "for", "to", "with", "in", "by", "from",
    ];
    let last = text.split_whitespace().next_back().unwrap_or("");
    text.trim_end().ends_with([',', '-', '&', '(', '/']) || LEADING_ON.contains(&last)
}
