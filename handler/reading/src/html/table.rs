//! Tables of a page: cells that reach over columns and rows.

use drafting::source::Rejection;

use super::tree::{Element, Id, Tree};
use crate::story::{CellShape, Story};
use crate::table::{MOST_COLUMNS, Merge};

/// A table that is open.
#[derive(Default)]
pub(crate) struct Table {
    /// It only places blocks on the page, and its cells are read as such.
    pub(crate) layout: bool,
    /// For each column, how many more rows the cell above reaches down.
    down: Vec<usize>,
    column: usize,
}

impl Table {
    pub(crate) fn of(tree: &Tree, id: Id, element: &Element) -> Self {
        Self {
            layout: is_layout(tree, id, element),
            ..Self::default()
        }
    }

    /// Begins a group of rows, over whose end no cell reaches.
    pub(crate) fn group(&mut self) {
        self.down.clear();
    }

    pub(crate) fn row(&mut self) {
        self.column = 0;
    }

    /// Begins a cell, behind the columns that cells from above take.
    pub(crate) fn cell(
        &mut self,
        element: &Element,
        shaded: bool,
        story: &mut Story,
    ) -> Result<(), Rejection> {
        self.skip_taken(story)?;
        let number = |name| {
            element
                .number(name)
                .and_then(|number| usize::try_from(number).ok())
        };
        let room = MOST_COLUMNS.saturating_sub(self.column).max(1);
        let span = number("colspan").unwrap_or(1).clamp(1, room);
        let rows = match number("rowspan") {
            Some(0) => usize::MAX,
            rows => rows.unwrap_or(1),
        };
        story.open_cell(CellShape {
            span,
            merge: if rows > 1 { Merge::Begins } else { Merge::None },
            shaded,
        })?;
        for _ in 0..span {
            self.take(rows - 1);
        }
        Ok(())
    }

    fn take(&mut self, rows: usize) {
        if self.down.len() <= self.column {
            self.down.resize(self.column + 1, 0);
        }
        if let Some(down) = self.down.get_mut(self.column) {
            *down = rows;
        }
        self.column += 1;
    }

    /// Steps over the columns that cells from above take.
    fn skip_taken(&mut self, story: &mut Story) -> Result<(), Rejection> {
        while let Some(rows) = self.down.get(self.column).copied().filter(|rows| *rows > 0) {
            story.open_cell(CellShape {
                merge: Merge::GoesOn,
                ..CellShape::default()
            })?;
            story.close_cell()?;
            self.take(rows - 1);
        }
        Ok(())
    }

    /// Ends a row.
    pub(crate) fn end_row(&mut self, story: &mut Story) -> Result<(), Rejection> {
        while self.down.iter().skip(self.column).any(|rows| *rows > 0) {
            self.skip_taken(story)?;
            if self.down.get(self.column) == Some(&0) {
                story.open_cell(CellShape::default())?;
                story.close_cell()?;
                self.take(0);
            }
        }
        Ok(())
    }
}

/// A table that says so only places things on the page, and so does one around tables and headings.
fn is_layout(tree: &Tree, id: Id, element: &Element) -> bool {
    if matches!(element.attribute("role"), Some("presentation" | "none")) {
        return true;
    }
    let names = || {
        tree.below(id)
            .filter_map(|id| tree.element(id))
            .map(Element::name)
    };
    let heading = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4");
    names().any(|name| name == "table") && names().any(heading)
}

/// Whether all cells of a row are heads.
pub(crate) fn is_head(tree: &Tree, row: Id) -> bool {
    let mut cells = tree
        .elements(row)
        .filter(|(_, cell)| matches!(cell.name(), "td" | "th"))
        .peekable();
    cells.peek().is_some() && cells.all(|(_, cell)| cell.name() == "th")
}

/// The children of a table as they are shown: captions before it are read apart, heads come first, feet last.
pub(crate) fn in_order(tree: &Tree, table: Id) -> Vec<Id> {
    let rank = |name: &str| match name {
        "caption" | "colgroup" | "col" => None,
        "thead" => Some(0),
        "tfoot" => Some(2),
        _ => Some(1),
    };
    let mut parts: Vec<(usize, Id)> = tree
        .children(table)
        .iter()
        .filter_map(|id| {
            let element = tree.element(*id);
            element.map_or(Some((1, *id)), |element| Some((rank(element.name())?, *id)))
        })
        .collect();
    parts.sort_by_key(|(rank, _)| *rank);
    parts.into_iter().map(|(_, id)| id).collect()
}
