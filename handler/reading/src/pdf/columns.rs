//! Reading order: text columns one after the other, everything else from top to bottom.

use super::aligned::Aligned;
use super::grid::Grid;
use super::plane::{Area, median};
use super::rows::{Piece, Row, rows};

/// Columns inside columns, at most.
const DEEPEST: usize = 3;
/// Text columns have at least so many lines each.
const FEWEST_LINES: usize = 4;
/// Most lines of a text column are at least this full; labels of a form are not.
const FULL: f64 = 0.6;

/// Something with a place on the page.
#[derive(Debug)]
pub(super) enum Item {
    Piece(Piece),
    Grid(Grid),
    Aligned(Aligned),
}

/// Part of a page that is read from top to bottom.
#[derive(Debug)]
pub(super) enum Region {
    Rows(Vec<Row>),
    Grid(Grid),
    Aligned(Aligned),
}

impl Item {
    fn area(&self) -> Area {
        match self {
            Self::Piece(piece) => piece.area(),
            Self::Grid(grid) => grid.area,
            Self::Aligned(table) => table.area,
        }
    }
}

/// The regions of a page in reading order.
pub(super) fn regions(items: Vec<Item>) -> Vec<Region> {
    let mut regions = Vec::new();
    arrange(items, 0, &mut regions);
    regions
}

fn arrange(mut items: Vec<Item>, depth: usize, regions: &mut Vec<Region>) {
    items.sort_by(|a, b| middle(a.area()).total_cmp(&middle(b.area())));
    let gutter = if depth < DEEPEST { gutter(&items) } else { None };
    let Some(gutter) = gutter else {
        return stack(items, regions);
    };
    let mut stacked = Vec::new();
    for (items, parted) in zones(items, gutter) {
        if !parted {
            stacked.extend(items);
            continue;
        }
        stack(std::mem::take(&mut stacked), regions);
        let (left, right) = items.into_iter().partition(|item| item.area().x1 <= gutter + 1.0);
        arrange(left, depth + 1, regions);
        arrange(right, depth + 1, regions);
    }
    stack(stacked, regions);
}

fn middle(area: Area) -> f64 {
    f64::midpoint(area.y0, area.y1)
}

/// One column: rows, cut where tables stand.
fn stack(items: Vec<Item>, regions: &mut Vec<Region>) {
    let (mut tables, mut pieces) = (Vec::new(), Vec::new());
    for item in items {
        let at = middle(item.area());
        match item {
            Item::Piece(piece) => pieces.push(piece),
            Item::Grid(grid) => tables.push((at, grid.area.y0, Region::Grid(grid))),
            Item::Aligned(table) => tables.push((at, table.area.y0, Region::Aligned(table))),
        }
    }
    tables.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut rest = rows(pieces);
    for (at, _, table) in tables {
        let below = rest.partition_point(|row| row.y < at);
        let mut above = std::mem::take(&mut rest);
        rest = above.split_off(below);
        if !above.is_empty() {
            regions.push(Region::Rows(above));
        }
        regions.push(table);
    }
    if !rest.is_empty() {
        regions.push(Region::Rows(rest));
    }
}

fn crosses(area: Area, gutter: f64) -> bool {
    area.x0 < gutter - 1.0 && area.x1 > gutter + 1.0
}

/// The items from top to bottom in groups: those that cross the gutter, and those that it parts into columns.
fn zones(items: Vec<Item>, gutter: f64) -> Vec<(Vec<Item>, bool)> {
    let mut groups: Vec<(Vec<Item>, bool)> = Vec::new();
    for item in items {
        let apart = !crosses(item.area(), gutter);
        match groups.last_mut() {
            Some((group, kind)) if *kind == apart => group.push(item),
            _ => groups.push((vec![item], apart)),
        }
    }
    for (group, apart) in &mut groups {
        let areas: Vec<Area> = group.iter().map(Item::area).collect();
        *apart = *apart && columns(&areas, gutter).is_some();
    }
    groups
}

/// The place that parts most text into columns.
fn gutter(items: &[Item]) -> Option<f64> {
    let areas: Vec<Area> = items.iter().map(Item::area).collect();
    let all = areas.iter().copied().reduce(Area::union)?;
    if all.width() < 200.0 || areas.len() < 2 * FEWEST_LINES {
        return None;
    }
    let candidates = (0..=50).map(|n| all.x0 + all.width() * (0.25 + 0.01 * f64::from(n)));
    let scored = candidates.map(|x| (x, parted(&areas, x)));
    let (best, score) = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    // All places of a corridor score the same; a page is set in columns when much of it is.
    (score > 0.25 * areas.iter().map(|area| area.width()).sum::<f64>()).then_some(best)
}

/// How much text, in width of lines, a gutter at `x` parts into columns.
fn parted(areas: &[Area], x: f64) -> f64 {
    areas
        .chunk_by(|a, b| crosses(*a, x) == crosses(*b, x))
        .filter_map(|zone| columns(zone, x))
        .sum()
}

/// The width of all lines if these are two text columns.
fn columns(zone: &[Area], x: f64) -> Option<f64> {
    if zone.iter().any(|area| crosses(*area, x)) {
        return None;
    }
    let (left, right): (Vec<Area>, Vec<Area>) = zone.iter().partition(|area| area.x1 <= x + 1.0);
    let edge = |areas: &[Area]| areas.iter().copied().reduce(Area::union);
    let (bounds_left, bounds_right) = (edge(&left)?, edge(&right)?);
    let apart = bounds_right.x0 - bounds_left.x1 >= 7.0;
    (apart && is_column(&left, bounds_left) && is_column(&right, bounds_right))
        .then(|| zone.iter().map(|area| area.width()).sum())
}

fn is_column(areas: &[Area], bounds: Area) -> bool {
    let mut lines: Vec<Area> = Vec::new();
    for area in areas {
        match lines.last_mut() {
            Some(line) if (middle(*line) - middle(*area)).abs() < 0.4 * area.height() => {
                *line = line.union(*area);
            }
            _ => lines.push(*area),
        }
    }
    let widths = lines
        .iter()
        .map(|line| line.width() / bounds.width().max(1.0))
        .collect();
    lines.len() >= FEWEST_LINES && bounds.width() > 70.0 && median(widths).is_some_and(|width| width >= FULL)
}
