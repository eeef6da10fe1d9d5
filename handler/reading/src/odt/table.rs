//! Tables of OpenDocument: rows, cells, and the cells that merged ones cover.

use drafting::source::Rejection;

use super::walk::{Place, Walk};
use crate::look::WHITE;
use crate::story::CellShape;
use crate::table::{MOST_COLUMNS, Merge};
use crate::xml::{Element, Space};

impl Walk<'_> {
    /// Reads a table.
    pub(crate) fn table(&mut self, table: &Element, place: Place) -> Result<(), Rejection> {
        let lists = self.lists.set_aside();
        self.story.open_table()?;
        let place = place.on(self.styles.get("table", table).ground);
        self.rows(table, place, false)?;
        self.story.close_table(false)?;
        self.lists.restore(lists);
        Ok(())
    }

    fn rows(&mut self, parent: &Element, place: Place, head: bool) -> Result<(), Rejection> {
        for element in parent.elements().filter(|e| e.space == Space::OdfTable) {
            match &*element.name {
                "table-row" => self.row(element, place, head)?,
                "table-header-rows" => self.rows(element, place, true)?,
                "table-rows" | "table-row-group" => self.rows(element, place, head)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Element, place: Place, head: bool) -> Result<(), Rejection> {
        let place = place.on(self.styles.get("table-row", row).ground);
        let place = Place {
            hidden: place.hidden || matches!(row.any("visibility"), Some("collapse" | "filter")),
            ..place
        };
        self.story.open_row(head)?;
        // Columns that the cell at hand covers, which are written out as cells of their own.
        let mut covered = 0;
        for cell in row.elements().filter(|e| e.space == Space::OdfTable) {
            let times = number(cell, "number-columns-repeated");
            for _ in 0..times {
                if &*cell.name == "table-cell" {
                    covered = number(cell, "number-columns-spanned") - 1;
                    self.cell(cell, place)?;
                } else if covered > 0 {
                    covered -= 1;
                    self.covered(cell, place)?;
                } else {
                    self.below(cell, place)?;
                }
            }
        }
        self.story.close_row();
        Ok(())
    }

    fn cell(&mut self, cell: &Element, place: Place) -> Result<(), Rejection> {
        let ground = self.styles.get("table-cell", cell).ground;
        let down = number(cell, "number-rows-spanned");
        self.story.open_cell(CellShape {
            span: number(cell, "number-columns-spanned"),
            merge: if down > 1 { Merge::Begins } else { Merge::None },
            shaded: ground.is_some_and(|ground| ground != WHITE),
        })?;
        self.blocks(cell, place.on(ground))?;
        self.story.close_cell()
    }

    /// A cell that one to its left covers: what it holds is not shown.
    fn covered(&mut self, cell: &Element, place: Place) -> Result<(), Rejection> {
        self.blocks(
            cell,
            Place {
                hidden: true,
                ..place
            },
        )
    }

    /// A cell that one above it covers.
    fn below(&mut self, cell: &Element, place: Place) -> Result<(), Rejection> {
        self.story.open_cell(CellShape {
            merge: Merge::GoesOn,
            ..CellShape::default()
        })?;
        self.covered(cell, place)?;
        self.story.close_cell()
    }
}

fn number(cell: &Element, name: &str) -> usize {
    let number = cell.any(name).and_then(|number| number.parse::<usize>().ok());
    number.unwrap_or(1).clamp(1, MOST_COLUMNS)
}
