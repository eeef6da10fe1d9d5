//! Tables: what Word says of their rows and cells.

use drafting::source::{Content, NoticeKind, Rejection};

use super::format::shading;
use super::styles::Style;
use super::walk::{Place, Track, Walk, inner};
use crate::kind::hostile;
use crate::look::{Colour, WHITE};
use crate::table::{self, Cell, MOST_COLUMNS, Merge, Row};
use crate::xml::Element;

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
        let look = properties.is_some_and(marks_first_row);
        let styled = look && style.is_some_and(|style| style.first_row);
        let laid = table::blocks(rows, styled, &mut self.cells)?;
        for text in laid.hidden {
            self.notice(NoticeKind::HiddenText, &text);
        }
        out.extend(laid.blocks);
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
