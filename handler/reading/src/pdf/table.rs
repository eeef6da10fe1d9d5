//! Tables: parts on several pages joined, the head found.

use std::ops::Deref;

use drafting::recognised::WordRead;
use drafting::source::{Block, Content, PageBreak};

use super::blocks::Told;

use super::flow::Table;
use super::grid::TableRow;
use super::ink::Letter;
use super::words::Words;

/// Columns of one table differ no more than this between pages, in points.
const SAME: f64 = 4.0;

/// A row in words.
#[derive(Clone, Debug)]
struct Written {
    cells: Vec<Cell>,
    bold: bool,
    first_bold: bool,
    shade: Option<f64>,
    spans: bool,
    head: Option<bool>,
    page: u32,
}

/// The words of a cell.
#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    /// Which of them were recognised on a picture.
    read: Vec<WordRead>,
}

impl Deref for Cell {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Cell {
    /// Adds what another says, behind a space.
    fn append(&mut self, more: &Self) {
        if more.is_empty() {
            return;
        }
        if !self.is_empty() {
            self.text.push(' ');
        }
        let base = self.text.len();
        self.text.push_str(more);
        self.read.extend(more.read.iter().map(|word| WordRead {
            start: base + word.start,
            end: base + word.end,
            ..*word
        }));
    }
}

/// Whether a table goes on with the next.
pub(super) fn goes_on(table: &Table, next: &Table) -> bool {
    !table.rows.is_empty()
        && next.page > table.page
        && table.edges.len() == next.edges.len()
        && table
            .edges
            .iter()
            .zip(&next.edges)
            .all(|(a, b)| (a - b).abs() <= SAME)
}

/// The blocks of a table that may go over several pages.
pub(super) fn blocks(parts: &[Table], words: &Words) -> Vec<Told> {
    let mut rows: Vec<Written> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let mut fresh = part
            .rows
            .iter()
            .map(|row| written(row, part.page, words))
            .peekable();
        if at > 0
            && let Some(first) = rows.first()
            && fresh.peek().is_some_and(|row| row.cells == first.cells)
        {
            fresh.next();
        }
        for (n, row) in fresh.enumerate() {
            match rows.last_mut() {
                Some(last) if at > 0 && n == 0 && is_rest(last, &row) => last.append(&row),
                _ => rows.push(row),
            }
        }
    }
    let mut blocks = titles(&mut rows);
    drop_empty_columns(&mut rows);
    blocks.extend(block(rows));
    blocks
}

fn written(row: &TableRow, page: u32, words: &Words) -> Written {
    let text = |cell: &Vec<super::rows::Row>| {
        let lines: Vec<Vec<Letter>> = cell.iter().map(super::rows::Row::letters).collect();
        let running = words.join(lines.iter().map(|line| (page, line.as_slice())));
        Cell {
            text: running.text,
            read: running.read,
        }
    };
    let is_bold = |cell: &Vec<super::rows::Row>| {
        let mut letters = cell
            .iter()
            .flat_map(super::rows::Row::letters)
            .filter(|letter| letter.c.is_alphanumeric())
            .peekable();
        letters.peek().is_some() && letters.all(|letter| letter.bold)
    };
    let filled: Vec<_> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
    Written {
        cells: row.cells.iter().map(text).collect(),
        bold: filled.iter().all(|cell| is_bold(cell)),
        first_bold: row.cells.first().is_some_and(is_bold),
        shade: row.shade,
        spans: row.spans,
        head: row.head,
        page,
    }
}

/// Whether a row at the top of a page is the rest of the row that the page break cut.
fn is_rest(last: &Written, row: &Written) -> bool {
    let open = |cell: &Cell| !cell.is_empty() && !cell.ends_with(['.', '!', '?', ':', ';']);
    let goes_on = |(before, after): (&Cell, &Cell)| {
        after.is_empty() || (open(before) && after.starts_with(char::is_lowercase))
    };
    row.cells.iter().any(|cell| !cell.is_empty()) && last.cells.iter().zip(&row.cells).all(goes_on)
}

impl Written {
    fn append(&mut self, rest: &Self) {
        for (cell, more) in self.cells.iter_mut().zip(&rest.cells) {
            cell.append(more);
        }
    }

    /// All its cells as one.
    fn joined(&self) -> Cell {
        let mut all = Cell::default();
        for cell in &self.cells {
            all.append(cell);
        }
        all
    }
}

/// Takes rows off the top that are one cell over the whole width: what stands in them is said of the table.
fn titles(rows: &mut Vec<Written>) -> Vec<Told> {
    let count = rows.iter().take_while(|row| row.spans).count();
    rows.drain(..count).map(|row| paragraph(&row)).collect()
}

fn paragraph(row: &Written) -> Told {
    let Cell { text, read } = row.joined();
    let bold = if row.bold {
        vec![(0, text.len())]
    } else {
        Vec::new()
    };
    Told {
        block: Block {
            page: Some(row.page),
            breaks: Vec::new(),
            content: Content::Paragraph { text, bold },
        },
        read: vec![read],
    }
}

fn drop_empty_columns(rows: &mut [Written]) {
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let filled: Vec<bool> = (0..columns)
        .map(|c| {
            rows.iter()
                .any(|row| row.cells.get(c).is_some_and(|cell| !cell.is_empty()))
        })
        .collect();
    for row in rows {
        let mut keep = filled.iter();
        row.cells.retain(|_| keep.next().is_some_and(|keep| *keep));
    }
}

fn block(mut rows: Vec<Written>) -> Option<Told> {
    let first = rows.first()?;
    let page = first.page;
    if first.cells.len() < 2 {
        let mut all = Cell::default();
        for row in &rows {
            all.append(&row.joined());
        }
        let content = Content::Paragraph {
            text: all.text,
            bold: Vec::new(),
        };
        let block = Block {
            page: Some(page),
            breaks: Vec::new(),
            content,
        };
        return Some(Told {
            block,
            read: vec![all.read],
        });
    }
    let head = first.head.unwrap_or_else(|| has_head(&rows));
    let texts = |row: &Written| row.cells.iter().map(|cell| cell.text.clone()).collect();
    let head: Option<Vec<String>> = head.then(|| texts(&rows.remove(0)));
    let turns = rows
        .iter()
        .zip(rows.iter().skip(1))
        .enumerate()
        .filter(|(_, (a, b))| a.page != b.page);
    let mut breaks: Vec<PageBreak> = turns
        .map(|(at, (_, b))| PageBreak {
            at: at + 1,
            page: b.page,
        })
        .collect();
    if let Some(row) = rows.first().filter(|row| row.page != page) {
        breaks.insert(
            0,
            PageBreak {
                at: 0,
                page: row.page,
            },
        );
    }
    let content = Content::Table {
        head,
        rows: rows.iter().map(texts).collect(),
    };
    Some(Told {
        block: Block {
            page: Some(page),
            breaks,
            content,
        },
        read: rows
            .into_iter()
            .flat_map(|row| row.cells)
            .map(|cell| cell.read)
            .collect(),
    })
}

/// Whether the first row names the columns.
fn has_head(rows: &[Written]) -> bool {
    let (Some(first), Some(second)) = (rows.first(), rows.get(1)) else {
        return false;
    };
    if first.cells.iter().filter(|cell| !cell.is_empty()).count() < first.cells.len().min(2) {
        return false;
    }
    let shaded = first.shade.is_some() && first.shade != second.shade;
    let set_off = shaded || (first.bold && !second.bold);
    if set_off || (first.first_bold && rows.iter().all(|row| row.first_bold)) {
        return set_off;
    }
    let name = |cell: &Cell| {
        (1..=5).contains(&cell.split_whitespace().count())
            && !cell.contains(|c: char| c.is_ascii_digit())
            && !cell.ends_with(['.', ':', ';', ','])
    };
    let named = first.cells.iter().all(name);
    // With two columns a plain first row is as likely a line of a form.
    named && (first.cells.len() > 2 || is_generic(&first.cells))
}

/// Whether two heads say no more than what stands below them.
fn is_generic(cells: &[Cell]) -> bool {
    const HEADS: [&str; 12] = [
        "item",
        "detail",
        "details",
        "question",
        "answer",
        "response",
        "field",
        "value",
        "name",
        "description",
        "area",
        "information",
    ];
    cells
        .iter()
        .all(|cell| HEADS.contains(&cell.to_lowercase().as_str()))
}
