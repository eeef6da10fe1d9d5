//! Tables: rows of equal length, merged cells once, the head when there is one.

use drafting::source::{Content, Rejection};

use crate::kind::hostile;
use crate::normal::{Finished, Line};

/// Columns that are counted; Word allows 63.
pub(crate) const MOST_COLUMNS: usize = 256;
/// Cells of all tables of a file, padding included. The largest timetable has some thousands.
const MOST_CELLS: usize = 1_000_000;
/// Characters of a cell in a head that no row property marks as one.
const LONGEST_HEAD: usize = 80;
/// Characters of a cell in a head that a row property does mark. Heads are context and no source.
const LONGEST_MARKED_HEAD: usize = 150;

/// How a cell goes on from the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    None,
    Begins,
    GoesOn,
}

/// A cell as a file has it.
pub(crate) struct Cell {
    /// Columns.
    pub(crate) span: usize,
    pub(crate) merge: Merge,
    /// On a ground other than white.
    pub(crate) shaded: bool,
    pub(crate) contents: Vec<Content>,
}

/// A row as a file has it.
pub(crate) struct Row {
    /// Columns left free before the first cell.
    pub(crate) before: usize,
    pub(crate) cells: Vec<Cell>,
    /// Said to be part of the head.
    pub(crate) marked: bool,
}

impl Row {
    /// Columns up to the end of its last cell.
    pub(crate) fn width(&self) -> usize {
        self.before + self.cells.iter().map(|cell| cell.span).sum::<usize>()
    }
}

/// A row laid out in columns.
struct LaidRow {
    cells: Vec<String>,
    marked: bool,
    bold: bool,
    shaded: bool,
}

/// What a table comes to.
pub(crate) struct Laid {
    pub(crate) blocks: Vec<Content>,
    /// What merged cells hold that is not shown.
    pub(crate) hidden: Vec<String>,
}

/// The blocks of a table. One of a single column is a frame around text and gives the blocks in it; so do the rows
/// above the columns that go all the way across. `count` is how many cells the file's tables have.
pub(crate) fn blocks(mut rows: Vec<Row>, styled: bool, count: &mut usize) -> Result<Laid, Rejection> {
    let columns = rows.iter().map(Row::width).max().unwrap_or(0);
    *count += columns * rows.len();
    if *count > MOST_CELLS {
        return Err(hostile("memory"));
    }
    let across = |row: &Row| row.before == 0 && row.cells.len() == 1 && row.width() == columns;
    let leading = rows.iter().take_while(|row| across(row)).count();
    let mut blocks = Vec::new();
    for row in rows.drain(..leading) {
        blocks.extend(row.cells.into_iter().flat_map(|cell| cell.contents));
    }
    let mut hidden = Vec::new();
    let laid = lay(&mut hidden, rows, columns);
    blocks.extend(finish(laid, styled));
    Ok(Laid { blocks, hidden })
}

/// Lays rows out in columns. Of cells that are merged downwards Word shows the first only.
fn lay(hidden: &mut Vec<String>, rows: Vec<Row>, columns: usize) -> Vec<LaidRow> {
    let mut open = vec![false; columns];
    let mut laid = Vec::new();
    for row in rows {
        let written: Vec<&Cell> = row
            .cells
            .iter()
            .filter(|cell| !cell.contents.is_empty())
            .collect();
        let bold = !written.is_empty() && written.iter().all(|cell| is_bold(&cell.contents));
        let shaded = !row.cells.is_empty() && row.cells.iter().all(|cell| cell.shaded);
        let mut cells = vec![String::new(); row.before];
        for cell in row.cells {
            let was_open = open.get(cells.len()).copied().unwrap_or(false);
            let covered = cell.merge == Merge::GoesOn && was_open;
            if let Some(open) = open.get_mut(cells.len()) {
                *open = cell.merge == Merge::Begins || covered;
            }
            let text = flat(&cell.contents).0;
            if covered && !text.is_empty() {
                hidden.push(text.clone());
            }
            cells.push(if covered { String::new() } else { text });
            cells.extend(std::iter::repeat_n(String::new(), cell.span - 1));
        }
        cells.resize(columns, String::new());
        laid.push(LaidRow {
            cells,
            marked: row.marked,
            bold,
            shaded,
        });
    }
    laid
}

fn finish(mut rows: Vec<LaidRow>, styled: bool) -> Option<Content> {
    let heads = heads(&rows, styled);
    let body = rows.split_off(heads);
    let head = rows.into_iter().map(|row| row.cells).reduce(|above, below| {
        let join = |(a, b): (String, String)| join(&[a, b]);
        above.into_iter().zip(below).map(join).collect()
    });
    let rows: Vec<Vec<String>> = body
        .into_iter()
        .map(|row| row.cells)
        .filter(|cells| has_text(cells))
        .collect();
    (!rows.is_empty()).then_some(Content::Table { head, rows })
}

/// How many rows are the head.
fn heads(rows: &[LaidRow], styled: bool) -> usize {
    let fits = |row: &LaidRow, most: usize| row.cells.iter().all(|cell| cell.chars().count() <= most);
    let marked = rows
        .iter()
        .take_while(|row| row.marked && fits(row, LONGEST_MARKED_HEAD))
        .count();
    // A head over nothing is no head.
    let below = |heads: usize| rows.iter().skip(heads).any(|row| has_text(&row.cells));
    if marked > 0 && below(marked) {
        return marked;
    }
    let [first, second, ..] = rows else { return 0 };
    let written = first.cells.iter().filter(|cell| !cell.is_empty()).count();
    let apart = styled || (first.bold && !second.bold) || (first.shaded && !second.shaded);
    usize::from(apart && below(1) && written >= 2 && fits(first, LONGEST_HEAD))
}

fn has_text(cells: &[String]) -> bool {
    cells.iter().any(|cell| !cell.is_empty())
}

fn is_bold(contents: &[Content]) -> bool {
    contents.iter().all(|content| match content {
        Content::Heading { .. } => true,
        Content::Paragraph { text, bold } | Content::ListItem { text, bold, .. } => {
            bold.first() == Some(&(0, text.len()))
        }
        Content::Table { .. } => false,
    })
}

fn join(pieces: &[String]) -> String {
    let written: Vec<&str> = pieces
        .iter()
        .map(String::as_str)
        .filter(|piece| !piece.is_empty())
        .collect();
    written.join(" ")
}

/// Blocks on one line, joined by spaces.
pub(crate) fn flat(contents: &[Content]) -> Finished {
    let mut line = Line::default();
    for content in contents {
        line.push(" ", false);
        match content {
            Content::Heading { text, .. } => line.push(text, true),
            Content::Paragraph { text, bold } | Content::ListItem { text, bold, .. } => {
                push_marked(&mut line, text, bold);
            }
            Content::Table { head, rows } => {
                let cells = head.iter().flatten().chain(rows.iter().flatten());
                line.push(&join(&cells.cloned().collect::<Vec<_>>()), false);
            }
        }
    }
    line.finish()
}

fn push_marked(line: &mut Line, text: &str, bold: &[(usize, usize)]) {
    let mut done = 0;
    let mut push = |from: usize, to: usize, bold| line.push(text.get(from..to).unwrap_or(""), bold);
    for &(from, to) in bold {
        push(done, from, false);
        push(from, to, true);
        done = to;
    }
    push(done, text.len(), false);
}
