//! Tables: rows of equal length, merged cells once, the head when there is one.

use drafting::source::{Content, NoticeKind, Rejection};

use super::format::{Colour, WHITE, shading};
use super::hostile;
use super::styles::Style;
use super::walk::{Place, Track, Walk, inner};
use super::xml::Element;
use crate::normal::{Finished, Line};

/// Columns that are counted; Word allows 63.
const MOST_COLUMNS: usize = 256;
/// Cells of all tables of a file, padding included. The largest timetable has some thousands.
const MOST_CELLS: usize = 1_000_000;
/// Characters of a cell in a head that no row property marks as one.
const LONGEST_HEAD: usize = 80;
/// Characters of a cell in a head that a row property does mark. Heads are context and no source.
const LONGEST_MARKED_HEAD: usize = 150;

/// How a cell goes on from the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Merge {
    None,
    Begins,
    GoesOn,
}

struct Cell {
    span: usize,
    merge: Merge,
    shaded: bool,
    contents: Vec<Content>,
}

struct Row {
    before: usize,
    cells: Vec<Cell>,
    marked: bool,
}

impl Row {
    fn width(&self) -> usize {
        self.before + self.cells.iter().map(|cell| cell.span).sum::<usize>()
    }
}

/// A row laid out in columns.
struct Laid {
    cells: Vec<String>,
    marked: bool,
    bold: bool,
    shaded: bool,
}

impl Walk<'_> {
    /// Reads a table. One of a single column is a frame around text and gives the blocks in it; so do the rows
    /// above the columns that go all the way across.
    pub(crate) fn table(
        &mut self,
        table: &Element,
        place: Place,
        out: &mut Vec<Content>,
    ) -> Result<(), Rejection> {
        let properties = table.child("tblPr");
        let style = properties.and_then(|p| self.styles.get(p.value("tblStyle")?));
        let place = place.on(ground(properties, style));
        let mut rows = Vec::new();
        self.rows(table, place, &mut rows)?;
        let columns = rows.iter().map(Row::width).max().unwrap_or(0);
        self.cells += columns * rows.len();
        if self.cells > MOST_CELLS {
            return Err(hostile("memory"));
        }
        let across = |row: &Row| row.before == 0 && row.cells.len() == 1 && row.width() == columns;
        let leading = rows.iter().take_while(|row| across(row)).count();
        for row in rows.drain(..leading) {
            out.extend(row.cells.into_iter().flat_map(|cell| cell.contents));
        }
        let laid = self.lay(rows, columns);
        let look = properties.is_some_and(marks_first_row);
        out.extend(finish(laid, look && style.is_some_and(|style| style.first_row)));
        Ok(())
    }

    fn rows(&mut self, parent: &Element, place: Place, out: &mut Vec<Row>) -> Result<(), Rejection> {
        for element in parent.elements() {
            if element.is("tr") {
                self.row(element, place, out)?;
            } else if let Some(inner) = inner(element) {
                self.rows(inner, place.inside(element), out)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, element: &Element, place: Place, out: &mut Vec<Row>) -> Result<(), Rejection> {
        let properties = element.child("trPr");
        let has = |name: &str| properties.and_then(|p| p.switch(name)) == Some(true);
        let number = |name: &str| properties.and_then(|p| p.value(name)?.parse().ok()).unwrap_or(0);
        let tracked = ["del", "ins"]
            .iter()
            .find_map(|name| properties.and_then(|p| p.child(name)));
        let place = Place {
            hidden: place.hidden || has("hidden"),
            ..tracked.map_or(place, |e| place.inside(e))
        };
        let before: usize = number("gridBefore");
        let mut row = Row {
            before: before.min(MOST_COLUMNS),
            cells: Vec::new(),
            marked: has("tblHeader"),
        };
        self.row_cells(element, place, &mut row)?;
        if place.track != Track::Deleted {
            out.push(row);
        }
        Ok(())
    }

    fn row_cells(&mut self, parent: &Element, place: Place, row: &mut Row) -> Result<(), Rejection> {
        for element in parent.elements() {
            if element.is("tc") && row.width() < MOST_COLUMNS {
                let cell = self.cell(element, place)?;
                row.cells.push(cell);
            } else if element.is("tc") {
                return Err(hostile("the number of columns of a table"));
            } else if let Some(inner) = inner(element) {
                self.row_cells(inner, place.inside(element), row)?;
            }
        }
        Ok(())
    }

    fn cell(&mut self, element: &Element, place: Place) -> Result<Cell, Rejection> {
        let properties = element.child("tcPr");
        let ground = properties.and_then(|p| p.child("shd")).and_then(shading);
        let tracked = ["cellDel", "cellIns"]
            .iter()
            .find_map(|name| properties.and_then(|p| p.child(name)));
        let track = match tracked.map(|e| &*e.name) {
            Some("cellDel") => Track::Deleted,
            _ => place.track,
        };
        let span: usize = properties
            .and_then(|p| p.value("gridSpan")?.parse().ok())
            .unwrap_or(1);
        let merge = properties
            .and_then(|p| p.child("vMerge"))
            .map_or(Merge::None, |merge| {
                if merge.attribute("val") == Some("restart") {
                    Merge::Begins
                } else {
                    Merge::GoesOn
                }
            });
        Ok(Cell {
            span: span.clamp(1, MOST_COLUMNS),
            merge,
            shaded: ground.is_some_and(|ground| ground != WHITE),
            contents: self.blocks(
                element,
                Place {
                    track,
                    ..place.on(ground)
                },
            )?,
        })
    }

    /// Lays rows out in columns. Of cells that are merged downwards Word shows the first only.
    fn lay(&mut self, rows: Vec<Row>, columns: usize) -> Vec<Laid> {
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
                    self.notice(NoticeKind::HiddenText, &text);
                }
                cells.push(if covered { String::new() } else { text });
                cells.extend(std::iter::repeat_n(String::new(), cell.span - 1));
            }
            cells.resize(columns, String::new());
            laid.push(Laid {
                cells,
                marked: row.marked,
                bold,
                shaded,
            });
        }
        laid
    }
}

/// The ground that a table gives its cells. A style may colour some cells, and which ones is not worked out.
fn ground(properties: Option<&Element>, style: Option<&Style>) -> Option<Colour> {
    let own = properties.and_then(|p| p.child("shd")).and_then(shading);
    own.or_else(|| style.filter(|style| style.shades).map(|_| Colour::Unknown))
}

/// Whether a table lets its style set the first row apart: an attribute, or a bit of the older mask.
fn marks_first_row(properties: &Element) -> bool {
    let Some(look) = properties.child("tblLook") else {
        return false;
    };
    match look.attribute("firstRow") {
        Some(value) => matches!(value, "1" | "true" | "on"),
        None => look
            .attribute("val")
            .and_then(|mask| u32::from_str_radix(mask, 16).ok())
            .is_some_and(|mask| mask & 0x20 != 0),
    }
}

fn finish(mut rows: Vec<Laid>, styled: bool) -> Option<Content> {
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
fn heads(rows: &[Laid], styled: bool) -> usize {
    let fits = |row: &Laid, most: usize| row.cells.iter().all(|cell| cell.chars().count() <= most);
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
