//! Tables as rows of cells.

use crate::document::{Document, Place, Sentence, SentenceId};

/// One cell with its sentences.
#[derive(Clone, Debug)]
pub(crate) struct Cell<'a> {
    /// Its column, from 0.
    pub column: u32,
    /// The head of its column.
    pub head: Option<&'a str>,
    /// What stands in it.
    pub sentences: Vec<&'a Sentence>,
}

impl Cell<'_> {
    /// Its words on one line.
    pub fn text(&self) -> String {
        self.sentences
            .iter()
            .map(|sentence| sentence.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The ids of its sentences.
    pub fn ids(&self) -> impl Iterator<Item = SentenceId> {
        self.sentences.iter().map(|sentence| sentence.id)
    }
}

/// One row of a table; cells without words are not in it.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// The table's block.
    pub block: u32,
    /// Its row, from 0.
    pub number: u32,
    /// Its cells from left to right.
    pub cells: Vec<Cell<'a>>,
}

/// The rows of all tables, in reading order.
pub(crate) fn rows(document: &Document) -> Vec<Row<'_>> {
    let mut rows: Vec<Row> = Vec::new();
    for sentence in &document.sentences {
        let Place::Cell {
            row,
            column,
            column_head,
            ..
        } = &sentence.place
        else {
            continue;
        };
        if rows
            .last()
            .is_none_or(|last| (last.block, last.number) != (sentence.block, *row))
        {
            rows.push(Row {
                block: sentence.block,
                number: *row,
                cells: Vec::new(),
            });
        }
        let Some(last) = rows.last_mut() else { continue };
        match last.cells.last_mut() {
            Some(cell) if cell.column == *column => cell.sentences.push(sentence),
            _ => last.cells.push(Cell {
                column: *column,
                head: column_head.as_deref(),
                sentences: vec![sentence],
            }),
        }
    }
    rows
}
