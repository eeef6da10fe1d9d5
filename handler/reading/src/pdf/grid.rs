//! Tables by their ruled lines.

use super::ink::{Fill, Letter};
use super::plane::Area;
use super::rows::{Piece, Row, rows};

/// Lines nearer than this are one line drawn twice, in points.
const NEAR: f64 = 2.2;
/// More rules than this on a page are a drawing.
const MOST_RULES: usize = 3_000;
const MOST_ROWS: usize = 400;
const MOST_COLUMNS: usize = 40;

/// A ruled table on one page.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) area: Area,
    pub(super) xs: Vec<f64>,
    ys: Vec<f64>,
    /// For each cell, row by row, the first cell of the merged cell that it belongs to.
    roots: Vec<usize>,
    cells: Vec<Vec<Piece>>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct TableRow {
    /// The lines of each cell.
    pub(super) cells: Vec<Vec<Row>>,
    /// Whether one cell takes the whole width.
    pub(super) spans: bool,
    /// How light its ground is, where it is filled.
    pub(super) shade: Option<f64>,
    /// Whether it names the columns, where that is known.
    pub(super) head: Option<bool>,
}

/// The ruled tables of a page.
pub(super) fn grids(rules: &[Area]) -> Vec<Grid> {
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    components(rules)
        .iter()
        .filter_map(|rules| Grid::new(rules))
        .collect()
}

/// Groups of rules that touch.
fn components(rules: &[Area]) -> Vec<Vec<Area>> {
    let mut groups: Vec<(Area, Vec<Area>)> = Vec::new();
    for rule in rules {
        let mut merged = (*rule, vec![*rule]);
        let mut rest = Vec::with_capacity(groups.len() + 1);
        for (bounds, members) in groups {
            if bounds.touches(*rule, NEAR) && members.iter().any(|member| member.touches(*rule, NEAR)) {
                merged.0 = merged.0.union(bounds);
                merged.1.extend(members);
            } else {
                rest.push((bounds, members));
            }
        }
        rest.push(merged);
        groups = rest;
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// Numbers in order, those that are near each other as one.
fn clustered(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.dedup_by(|b, a| *b - *a <= NEAR);
    numbers
}

fn is_flat(rule: &Area) -> bool {
    rule.width() >= rule.height()
}

impl Grid {
    fn new(rules: &[Area]) -> Option<Self> {
        let (flat, upright): (Vec<Area>, Vec<Area>) = rules.iter().partition(|rule| is_flat(rule));
        let area = rules.iter().copied().reduce(Area::union)?;
        let xs = edges(
            upright.iter().map(|rule| f64::midpoint(rule.x0, rule.x1)),
            area.x0,
            area.x1,
        );
        let ys = edges(
            flat.iter().map(|rule| f64::midpoint(rule.y0, rule.y1)),
            area.y0,
            area.y1,
        );
        let (columns, lines) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        if columns < 2 || lines == 0 || columns > MOST_COLUMNS || lines > MOST_ROWS || upright.is_empty() {
            return None;
        }
        let mut grid = Self {
            area,
            xs,
            ys,
            roots: (0..columns * lines).collect(),
            cells: vec![Vec::new(); columns * lines],
        };
        grid.merge(&flat, &upright);
        Some(grid)
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn middle(edges: &[f64], at: usize) -> Option<f64> {
        Some(f64::midpoint(*edges.get(at)?, *edges.get(at + 1)?))
    }

    /// Joins cells that no line parts.
    fn merge(&mut self, flat: &[Area], upright: &[Area]) {
        for at in 0..self.roots.len() {
            let (row, column) = (at / self.columns(), at % self.columns());
            let (Some(x), Some(y)) = (Self::middle(&self.xs, column), Self::middle(&self.ys, row)) else {
                continue;
            };
            if let Some(&edge) = self.xs.get(column + 1)
                && column + 1 < self.columns()
                && !upright
                    .iter()
                    .any(|rule| rule.y0 <= y && y <= rule.y1 && near(rule.x0, rule.x1, edge))
            {
                self.join(at, at + 1);
            }
            if let Some(&edge) = self.ys.get(row + 1)
                && row + 2 < self.ys.len()
                && !flat
                    .iter()
                    .any(|rule| rule.x0 <= x && x <= rule.x1 && near(rule.y0, rule.y1, edge))
            {
                self.join(at, at + self.columns());
            }
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (Some(&a), Some(&b)) = (self.roots.get(a), self.roots.get(b)) else {
            return;
        };
        let (first, other) = (a.min(b), a.max(b));
        self.roots
            .iter_mut()
            .filter(|root| **root == other)
            .for_each(|root| *root = first);
    }

    /// The cell at a place.
    fn cell(&self, x: f64, y: f64) -> Option<usize> {
        let find = |edges: &[f64], at: f64| edges.partition_point(|edge| *edge <= at).checked_sub(1);
        let (column, row) = (find(&self.xs, x)?, find(&self.ys, y)?);
        let inside = column < self.columns() && row + 1 < self.ys.len();
        inside
            .then(|| self.roots.get(row * self.columns() + column).copied())
            .flatten()
    }

    /// Takes a piece that stands inside, cut where lines part its letters; gives it back otherwise.
    pub(super) fn take(&mut self, piece: Piece) -> Option<Piece> {
        let y = piece.y - 0.3 * piece.size;
        let place = |letter: &Letter| f64::midpoint(letter.x0, letter.x1);
        if self.cell(f64::midpoint(piece.x0, piece.x1), y).is_none() {
            return Some(piece);
        }
        let mut last = self.cell(piece.x0, y);
        let same = |a: &Letter, b: &Letter| b.c == ' ' || self.cell(place(a), y) == self.cell(place(b), y);
        let mut cuts = Vec::new();
        for part in piece.letters.chunk_by(same) {
            let (Some(first), Some(end)) = (part.first(), part.last()) else {
                continue;
            };
            let letter = part.iter().find(|letter| letter.c != ' ');
            last = letter.and_then(|letter| self.cell(place(letter), y)).or(last);
            let cut = Piece {
                letters: part.to_vec(),
                x0: first.x0,
                x1: end.x1,
                y: piece.y,
                size: piece.size,
            };
            cuts.push((last, cut));
        }
        for (cell, cut) in cuts {
            if let Some(cell) = cell.and_then(|cell| self.cells.get_mut(cell)) {
                cell.push(cut);
            }
        }
        None
    }

    /// Its rows, without those that hold nothing.
    pub(super) fn into_rows(self, fills: &[Fill]) -> Vec<TableRow> {
        let columns = self.columns();
        let lines = self
            .cells
            .chunks(columns)
            .zip(self.roots.chunks(columns))
            .enumerate();
        let mut found = Vec::new();
        for (at, (cells, roots)) in lines {
            if cells.iter().all(Vec::is_empty) {
                continue;
            }
            let spans = roots.iter().all(|root| Some(root) == roots.first());
            let lines = cells.iter().map(|cell| rows(cell.clone())).collect();
            let shade = Self::middle(&self.ys, at).and_then(|y| {
                let x = self.xs.first()? + 3.0;
                let ground = fills.iter().rev().find(|fill| fill.area.holds(x, y))?;
                ground.light.filter(|light| *light < 0.985)
            });
            found.push(TableRow {
                cells: lines,
                spans,
                shade,
                head: None,
            });
        }
        found
    }
}

fn near(from: f64, to: f64, edge: f64) -> bool {
    from - NEAR <= edge && edge <= to + NEAR
}

/// The places of lines, with the ends of the crossing lines where no line closes them.
fn edges(lines: impl Iterator<Item = f64>, first: f64, last: f64) -> Vec<f64> {
    const OPEN: f64 = 6.0;
    let mut edges = clustered(lines.collect());
    if edges.first().is_none_or(|edge| edge - first > OPEN) {
        edges.insert(0, first);
    }
    if edges.last().is_none_or(|edge| last - edge > OPEN) {
        edges.push(last);
    }
    edges
}
