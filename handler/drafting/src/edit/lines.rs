//! A document as lines: its headings, paragraphs, items and cells in reading order.

use crate::compare::plain;
use crate::recipe::Recipe;
use crate::record::Record;
use crate::source::{Content, Reading};

/// A heading, paragraph, item or cell.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its words as they are compared.
    pub text: String,
    /// The headings that it stands under, outermost first.
    pub path: Vec<String>,
    /// Where it stands in its table.
    pub cell: Option<Cell>,
    pub is_heading: bool,
}

/// The place of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// The first cell of its row.
    pub row_head: String,
    /// Its column, from 0.
    pub column: usize,
}

/// The lines of a reading, without empty ones.
pub(super) fn of(reading: &Reading) -> Vec<Line> {
    let mut path: Vec<(u8, String)> = Vec::new();
    let mut found: Vec<Line> = Vec::new();
    for block in &reading.blocks {
        if let Content::Heading { level, text } = &block.content {
            path.retain(|(above, _)| above < level);
            path.push((*level, plain(text)));
        }
        let here: Vec<String> = path.iter().map(|(_, heading)| heading.clone()).collect();
        let line = |text: &str, cell: Option<Cell>, is_heading: bool| Line {
            text: plain(text),
            path: here.clone(),
            cell,
            is_heading,
        };
        match &block.content {
            Content::Heading { text, .. } => found.push(line(text, None, true)),
            Content::Paragraph { text, .. } | Content::ListItem { text, .. } => {
                found.push(line(text, None, false));
            }
            Content::Table { head, rows } => {
                for row in head.iter().chain(rows) {
                    let row_head = row.first().map_or_else(String::new, |first| plain(first));
                    for (column, text) in row.iter().enumerate() {
                        let row_head = row_head.clone();
                        found.push(line(text, Some(Cell { row_head, column }), false));
                    }
                }
            }
        }
    }
    found.retain(|line| !line.text.is_empty());
    found
}

/// What stands for the lines of a draft of which only the record is at hand: its headings, labels and statements.
pub(super) fn of_record(recipe: &Recipe, record: &Record) -> Vec<Line> {
    let mut found = Vec::new();
    for section in &record.sections {
        let title = recipe
            .section(&section.id)
            .map_or("", |section| section.title.as_str());
        let path = vec![plain(&format!("Section {}: {title}", section.id))];
        let line = |text: &str, cell: Option<Cell>, is_heading: bool| Line {
            text: plain(text),
            path: path.clone(),
            cell,
            is_heading,
        };
        found.push(line(&format!("Section {}: {title}", section.id), None, true));
        for field in &section.fields {
            let label = recipe
                .field(&field.key)
                .map_or(field.key.as_str(), |field| field.label.as_str());
            for statement in field.content.statements() {
                let cell = Cell {
                    row_head: plain(label),
                    column: 1,
                };
                found.push(line(&statement.text, Some(cell), false));
            }
        }
    }
    found.retain(|line| !line.text.is_empty());
    found
}
