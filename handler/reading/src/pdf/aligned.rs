//! Tables without ruled lines: rows of short cells whose places agree.
//!
//! Prose must never be taken for a table, so a first row has to look like the heads of columns, no line may cross from
//! one column into another, and cells must be short and begin like cells. What does not pass stays lines of text.

use super::bands::Bands;
use super::grid::TableRow;
use super::ink::Fill;
use super::plane::Area;
use super::rows::{Piece, Row, rows};

const MOST_COLUMNS: usize = 12;
/// More rules than this on a page are a drawing.
const MOST_RULES: usize = 3_000;
/// A wider step between lines ends a table, in parts of the letters' size.
const LONGEST_STEP: f64 = 3.0;
/// Words of a head, at most.
const HEAD_WORDS: usize = 6;
/// Lines of a head, at most.
const HEAD_LINES: usize = 3;
/// Words of a cell, on average: more are prose set in columns.
const CELL_WORDS: usize = 16;

/// A table and where it stands.
#[derive(Debug)]
pub(super) struct Aligned {
    pub(super) area: Area,
    /// Where its columns begin.
    pub(super) edges: Vec<f64>,
    pub(super) rows: Vec<TableRow>,
}

/// What is drawn on a page beside its words.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'d> {
    pub(super) rules: &'d [Area],
    pub(super) fills: &'d [Fill],
    /// The ruled tables, which part what stands above and below.
    pub(super) grids: &'d [Area],
}

/// Takes the tables out of a page's pieces. `open` gives the columns of a table at the end of the page before.
pub(super) fn tables(
    pieces: Vec<Piece>,
    drawn: Drawn<'_>,
    open: Option<&[f64]>,
) -> (Vec<Piece>, Vec<Aligned>) {
    let lines = rows(pieces);
    let drawn = Drawn {
        rules: if drawn.rules.len() > MOST_RULES {
            &[]
        } else {
            drawn.rules
        },
        ..drawn
    };
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    let mut left = lines.as_slice();
    while let Some((first, others)) = left.split_first() {
        let is_top = found.is_empty() && rest.is_empty();
        let resumed = open
            .filter(|_| is_top)
            .and_then(|edges| resume(left, edges, drawn));
        if let Some((table, used)) = resumed.or_else(|| table(left, drawn)) {
            found.push(table);
            left = left.get(used..).unwrap_or(&[]);
        } else {
            rest.extend(first.pieces.iter().cloned());
            left = others;
        }
    }
    (rest, found)
}

/// The table that begins with the first of these lines, and how many it takes.
fn table(lines: &[Row], drawn: Drawn<'_>) -> Option<(Aligned, usize)> {
    let first = lines.first()?;
    let columns = first.pieces.len();
    if !(2..=MOST_COLUMNS).contains(&columns) || !first.pieces.iter().all(is_head) {
        return None;
    }
    let heads = 1 + if first.is_bold() { more_heads(lines) } else { 0 };
    let (head, below) = lines.split_at_checked(heads)?;
    let (bands, used) = Bands::of(head, below, |above, line| goes_on(above, line, drawn));
    let body = bands.trimmed(below.get(..used)?);
    if bands.count() != columns || !bands.fits(first) {
        return None;
    }
    let cells = bands.cells(body, drawn.rules);
    let ruled = bands.ruled_steps(body, drawn.rules) + 1 >= cells.len();
    let apart = is_apart(head, body, drawn, ruled);
    let head_row = bands.row(head);
    let has_head = apart || (columns > 2 && contrasts(&head_row, &cells));
    let enough = match (columns, has_head) {
        (2, _) => (apart || ruled) && cells.len() >= 2 && !is_form(&cells),
        (_, true) => cells.len() >= 2,
        (_, false) => cells.len() >= 3 && !is_contents(&cells),
    };
    if !enough || !are_cells(&cells) {
        return None;
    }
    let all = head_row_and(head_row, has_head, cells, head.first(), drawn.fills);
    let used = heads + body.len();
    Some((aligned(lines.get(..used)?, &bands, all)?, used))
}

/// The rest of a table whose columns are known, at the top of a page.
fn resume(lines: &[Row], edges: &[f64], drawn: Drawn<'_>) -> Option<(Aligned, usize)> {
    let on_edges = |row: &&Row| {
        row.pieces
            .iter()
            .all(|piece| edges.iter().any(|edge| (edge - piece.x0).abs() <= 3.0))
    };
    let near = |pair: &&[Row]| matches!(pair, [above, line] if goes_on(above, line, drawn));
    let close = 1 + lines.windows(2).take_while(near).count();
    let used = lines.iter().take(close).take_while(on_edges).count();
    let body = lines.get(..used)?;
    let bands = Bands::at(edges, body);
    let body = bands.trimmed(body);
    let wide = body.iter().filter(|row| row.pieces.len() == edges.len()).count();
    let cells = bands.cells(body, drawn.rules);
    if wide == 0 || bands.count() != edges.len() || !are_cells(&cells) {
        return None;
    }
    let rows = cells.into_iter().map(|cells| row(cells, None, false)).collect();
    Some((aligned(body, &bands, rows)?, body.len()))
}

fn aligned(lines: &[Row], bands: &Bands, rows: Vec<TableRow>) -> Option<Aligned> {
    let pieces = lines.iter().flat_map(|line| &line.pieces);
    Some(Aligned {
        area: pieces.map(Piece::area).reduce(Area::union)?,
        edges: bands.edges(),
        rows,
    })
}

fn row(cells: Vec<Vec<Row>>, shade: Option<f64>, head: bool) -> TableRow {
    TableRow {
        cells,
        spans: false,
        shade,
        head: Some(head),
    }
}

fn head_row_and(
    head: Vec<Vec<Row>>,
    has_head: bool,
    cells: Vec<Vec<Vec<Row>>>,
    line: Option<&Row>,
    fills: &[Fill],
) -> Vec<TableRow> {
    let shade = line.and_then(|line| ground(line, fills));
    let body = cells.into_iter().map(|cells| row(cells, None, false));
    std::iter::once(row(head, shade, has_head)).chain(body).collect()
}

/// Whether a line may belong to the same table as the one above it.
fn goes_on(above: &Row, line: &Row, drawn: Drawn<'_>) -> bool {
    let size = above.size.max(line.size);
    let parted = |grid: &Area| above.y < grid.y0 && grid.y0 < line.y;
    line.y - above.y <= LONGEST_STEP * size
        && (line.size - above.size).abs() <= 0.2 * size
        && !drawn.grids.iter().any(parted)
}

/// Whether a piece may name a column.
fn is_head(piece: &Piece) -> bool {
    let text = piece.text();
    text.chars().any(char::is_alphabetic)
        && !text.starts_with(char::is_lowercase)
        && text.split_whitespace().count() <= HEAD_WORDS
        && !text.contains(':')
        && !text.trim_end().ends_with(['.', ';', ','])
}

/// Further lines of a bold head.
fn more_heads(lines: &[Row]) -> usize {
    let below = lines.iter().skip(1).take(HEAD_LINES - 1);
    below.take_while(|line| line.is_bold()).count()
}

/// Whether a head is set apart: bold, shaded, or ruled off where not every row is.
fn is_apart(head: &[Row], body: &[Row], drawn: Drawn<'_>, all_ruled: bool) -> bool {
    let (Some(first), Some(last), Some(next)) = (head.first(), head.last(), body.first()) else {
        return false;
    };
    let bold = head.iter().all(Row::is_bold) && !body.iter().all(Row::is_bold);
    let shaded = ground(first, drawn.fills).is_some() && ground(next, drawn.fills).is_none();
    let reach = |line: &Row| line.x1() - line.x0();
    let ruled = drawn.rules.iter().any(|rule| {
        rule.width() >= 0.8 * reach(first)
            && last.y - 0.1 * last.size < rule.y0
            && rule.y1 < next.y - 0.5 * next.size
    });
    bold || shaded || (ruled && !all_ruled)
}

/// How light the ground of a line is, where it is filled.
fn ground(line: &Row, fills: &[Fill]) -> Option<f64> {
    let (x, y) = (line.x0() + 1.0, line.y - 0.3 * line.size);
    let fill = fills.iter().rev().find(|fill| fill.area.holds(x, y))?;
    fill.light.filter(|light| *light < 0.985)
}

fn words(cell: &[Row]) -> String {
    cell.iter().map(Row::text).collect::<Vec<_>>().join(" ")
}

/// Whether plain heads differ in kind from what stands below: some column holds numbers or longer words, as people's
/// names below people's names do not.
fn contrasts(head: &[Vec<Row>], body: &[Vec<Vec<Row>>]) -> bool {
    let number = |cell: &[Row]| words(cell).contains(|c: char| c.is_ascii_digit());
    let length = |cell: &[Row]| words(cell).split_whitespace().count();
    let differs = |(column, head): (usize, &Vec<Row>)| {
        let cells: Vec<&[Row]> = body
            .iter()
            .filter_map(|row| row.get(column).map(Vec::as_slice))
            .filter(|cell| !cell.is_empty())
            .collect();
        let numbers = cells.iter().filter(|cell| number(cell)).count();
        let all: usize = cells.iter().map(|cell| length(cell)).sum();
        numbers * 2 > cells.len() || all > (length(head) + 2) * cells.len()
    };
    !head.iter().any(|cell| number(cell)) && head.iter().enumerate().any(differs)
}

/// Labels and answers of a form, which are lines of their own.
fn is_form(body: &[Vec<Vec<Row>>]) -> bool {
    let label = |row: &&Vec<Vec<Row>>| {
        row.first()
            .is_some_and(|cell| words(cell).trim_end().ends_with(':'))
    };
    body.iter().filter(label).count() * 2 >= body.len()
}

/// A list of contents: its last column numbers pages.
fn is_contents(body: &[Vec<Vec<Row>>]) -> bool {
    let number = |row: &Vec<Vec<Row>>| row.last().is_some_and(|cell| words(cell).parse::<u16>().is_ok());
    body.iter().all(number)
}

/// Whether these are cells: most places filled, short, and begun like cells and not in the middle of a sentence.
fn are_cells(body: &[Vec<Vec<Row>>]) -> bool {
    let columns = body.first().map_or(0, Vec::len);
    let texts: Vec<String> = body.iter().flatten().map(|cell| words(cell)).collect();
    let filled: Vec<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
    let count = |text: &&String| text.split_whitespace().count();
    let all: usize = filled.iter().map(count).sum();
    let midway = filled
        .iter()
        .filter(|text| text.starts_with(char::is_lowercase) && count(text) > 3)
        .count();
    let every_column = (0..columns).all(|column| {
        body.iter()
            .any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
    });
    every_column
        && filled.len() * 10 >= texts.len() * 6
        && all <= CELL_WORDS * filled.len()
        && midway * 5 <= filled.len()
}
