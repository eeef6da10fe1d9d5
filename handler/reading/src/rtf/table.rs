//! Tables of RTF: rows of cells that are told apart by where their right edges stand.

use drafting::source::Rejection;

use crate::kind::hostile;
use crate::story::{CellShape, Shape, Story};
use crate::table::{MOST_COLUMNS, Merge, Row};

/// Edges nearer to each other than this are one, in twentieths of a point.
const SAME_EDGE: i32 = 40;

/// What a row definition says of a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defined {
    /// Where it ends.
    pub(crate) edge: i32,
    pub(crate) merge: Merge,
    /// Goes on from the cell before it.
    pub(crate) joined: bool,
    /// The number of its colour.
    pub(crate) ground: usize,
}

impl Defined {
    pub(crate) const NEW: Self = Self {
        edge: 0,
        merge: Merge::None,
        joined: false,
        ground: 0,
    };
}

/// A row definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definition {
    pub(crate) left: i32,
    pub(crate) head: bool,
    pub(crate) cells: Vec<Defined>,
    /// The cell that is being defined.
    pub(crate) next: Option<Defined>,
}

impl Definition {
    pub(crate) fn next(&mut self) -> &mut Defined {
        self.next.get_or_insert(Defined::NEW)
    }

    pub(crate) fn end_cell(&mut self, edge: i32) -> Result<(), Rejection> {
        if self.cells.len() >= MOST_COLUMNS {
            return Err(hostile("the number of columns of a table"));
        }
        let defined = Defined {
            edge,
            ..self.next.take().unwrap_or(Defined::NEW)
        };
        self.cells.push(defined);
        Ok(())
    }
}

/// A table that is open: whether a row and a cell of it are, and where the cells of its rows stand.
#[derive(Default)]
struct Open {
    row: bool,
    cell: bool,
    /// Cells of the open row that are closed.
    done: usize,
    rows: Vec<(i32, Vec<i32>)>,
}

/// The open tables, outermost first.
#[derive(Default)]
pub(crate) struct Stack {
    open: Vec<Open>,
}

impl Stack {
    /// How many tables are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The number of the cell that is open or would be opened next.
    pub(crate) fn column(&self) -> usize {
        self.open.last().map_or(0, |open| open.done)
    }

    /// Opens and closes tables until so many are open, the innermost with an open cell.
    pub(crate) fn enter(&mut self, depth: usize, story: &mut Story) -> Result<(), Rejection> {
        while self.open.len() > depth {
            self.close(story)?;
        }
        while self.open.len() < depth {
            self.cell(story)?;
            story.open_table()?;
            self.open.push(Open::default());
        }
        self.cell(story)
    }

    fn cell(&mut self, story: &mut Story) -> Result<(), Rejection> {
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if !open.row {
            story.open_row(false)?;
            open.row = true;
        }
        if !open.cell {
            story.open_cell(CellShape::default())?;
            open.cell = true;
        }
        Ok(())
    }

    /// Ends a cell of the innermost table.
    pub(crate) fn end_cell(&mut self, story: &mut Story) -> Result<(), Rejection> {
        self.cell(story)?;
        story.close_cell()?;
        if let Some(open) = self.open.last_mut() {
            open.cell = false;
            open.done += 1;
        }
        Ok(())
    }

    /// Ends a row of the innermost table, which is as the definition says.
    pub(crate) fn end_row(&mut self, definition: &Definition, story: &mut Story) -> Result<(), Rejection> {
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if open.cell {
            story.close_cell()?;
        }
        if !open.row {
            return Ok(());
        }
        story.close_row();
        (open.row, open.cell, open.done) = (false, false, 0);
        if let Some(row) = story.rows().and_then(|rows| rows.last_mut()) {
            open.rows.push((definition.left, shape(row, definition)));
        }
        Ok(())
    }

    fn close(&mut self, story: &mut Story) -> Result<(), Rejection> {
        self.end_row(&Definition::default(), story)?;
        if let (Some(open), Some(rows)) = (self.open.pop(), story.rows()) {
            place(rows, &open.rows);
        }
        story.close_table(false)
    }

    /// Closes all tables; what is at hand stands behind them.
    pub(crate) fn leave(&mut self, story: &mut Story) -> Result<(), Rejection> {
        if self.open.is_empty() {
            return Ok(());
        }
        story.end_paragraph(Shape::default());
        self.enter(0, story)
    }
}

/// Gives a row what its definition says; the edges of its cells.
fn shape(row: &mut Row, definition: &Definition) -> Vec<i32> {
    row.marked = definition.head;
    let mut edges = Vec::new();
    let mut kept = Vec::new();
    for (at, mut cell) in std::mem::take(&mut row.cells).into_iter().enumerate() {
        let defined = definition.cells.get(at).copied();
        if let (
            Some(Defined {
                joined: true, edge, ..
            }),
            Some(last),
        ) = (defined, edges.last_mut())
        {
            *last = edge;
            if let Some(before) = kept.last_mut() {
                let before: &mut crate::table::Cell = before;
                before.contents.append(&mut cell.contents);
            }
            continue;
        }
        if let Some(defined) = defined {
            cell.merge = defined.merge;
            cell.shaded = defined.ground != 0;
            edges.push(defined.edge);
        }
        kept.push(cell);
    }
    // Edges are only of use when every cell has one.
    if edges.len() != kept.len() {
        edges.clear();
    }
    row.cells = kept;
    edges
}

/// Finds how many columns each cell takes: a column ends wherever a cell of any row ends.
fn place(rows: &mut [Row], edges: &[(i32, Vec<i32>)]) {
    if rows.len() != edges.len() || edges.iter().any(|(_, row)| row.is_empty()) {
        return;
    }
    let lefts = edges.iter().map(|(left, _)| *left);
    let mut grid: Vec<i32> = lefts
        .chain(edges.iter().flat_map(|(_, row)| row.iter().copied()))
        .collect();
    grid.sort_unstable();
    grid.dedup_by(|next, kept| next.saturating_sub(*kept) < SAME_EDGE);
    if grid.len() > MOST_COLUMNS {
        return;
    }
    let column = |edge: i32| grid.partition_point(|at| *at <= edge);
    for (row, (left, edges)) in rows.iter_mut().zip(edges) {
        let mut from = column(*left);
        row.before = from.saturating_sub(1);
        for (cell, edge) in row.cells.iter_mut().zip(edges) {
            let to = column(*edge);
            cell.span = to.saturating_sub(from).max(1);
            from = from.max(to);
        }
    }
}
