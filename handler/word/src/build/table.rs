//! Tables: a header row that repeats, fixed columns, rows that do not break.

use super::TEXT_WIDTH;
use super::block::Paragraph;
use super::style::{HEAD_GROUND, LINE, Style, edge};
use crate::xml::{append, escaped};

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it holds, for those who hear it read.
    summary: String,
    /// Shares of the width.
    shares: Vec<usize>,
    head: Vec<String>,
    rows: Vec<Row>,
    label_column: bool,
    roomy: bool,
    ruled: bool,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub enum Row {
    /// Cells.
    Cells(Vec<Cell>),
    /// A statement in the place of a row: `for need in needs`.
    Statement(String),
}

impl Row {
    fn keep_with_next(&mut self) {
        if let Self::Cells(cells) = self {
            let paragraphs = cells.iter_mut().flat_map(|cell| &mut cell.0);
            paragraphs.for_each(|paragraph| *paragraph = paragraph.clone().with_next());
        }
    }
}

/// A cell: its paragraphs.
#[derive(Clone, Debug)]
pub struct Cell(Vec<Paragraph>);

impl From<&str> for Cell {
    fn from(words: &str) -> Self {
        Self(vec![Paragraph::new(Style::TableText, words)])
    }
}

impl From<Vec<Paragraph>> for Cell {
    fn from(paragraphs: Vec<Paragraph>) -> Self {
        Self(paragraphs)
    }
}

impl Table {
    /// A table with a header row. Shares are the columns' parts of the width.
    #[must_use]
    pub fn new(summary: &str, shares: &[usize], head: &[&str]) -> Self {
        Self {
            summary: summary.to_owned(),
            shares: shares.to_vec(),
            head: head.iter().map(|&words| words.to_owned()).collect(),
            rows: Vec::new(),
            label_column: false,
            roomy: false,
            ruled: false,
        }
    }

    /// The same with a first column of labels.
    #[must_use]
    pub fn labelled(mut self) -> Self {
        self.label_column = true;
        self
    }

    /// The same, with the rows that follow high enough to write in by hand, and all on one page.
    #[must_use]
    pub fn roomy(mut self) -> Self {
        self.roomy = true;
        self
    }

    /// The same with lines around every cell.
    #[must_use]
    pub fn ruled(mut self) -> Self {
        self.ruled = true;
        self
    }

    /// The same with a further row.
    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        if self.roomy {
            self.rows.iter_mut().for_each(Row::keep_with_next);
        }
        self.rows.push(Row::Cells(cells.into_iter().collect()));
        self
    }

    /// The same with a row for each entry of a list: `need in needs`.
    #[must_use]
    pub fn each(mut self, entries: &str, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.rows.push(Row::Statement(format!("for {entries}")));
        let mut table = self.row(cells);
        table.rows.push(Row::Statement("endfor".to_owned()));
        table
    }

    fn widths(&self) -> Vec<usize> {
        let whole: usize = self.shares.iter().sum::<usize>().max(1);
        self.shares
            .iter()
            .map(|share| TEXT_WIDTH * share / whole)
            .collect()
    }

    pub(super) fn write(&self, out: &mut String, bookmarks: &mut usize) {
        let widths = self.widths();
        append(
            out,
            format_args!(
                "<w:tbl><w:tblPr><w:tblStyle w:val=\"PlanTable\"/><w:tblW w:w=\"{}\" w:type=\"dxa\"/>{}\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"{}\" w:firstRow=\"1\" w:lastRow=\"0\" \
             w:firstColumn=\"{}\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>\
             <w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>",
                widths.iter().sum::<usize>(),
                if self.roomy || self.ruled {
                    grid()
                } else {
                    String::new()
                },
                if self.label_column { "06A0" } else { "0620" },
                u8::from(self.label_column),
                escaped(&self.summary)
            ),
        );
        for width in &widths {
            append(out, format_args!("<w:gridCol w:w=\"{width}\"/>"));
        }
        out.push_str("</w:tblGrid>");
        self.write_head(out, &widths, bookmarks);
        for row in &self.rows {
            self.write_row(out, row, &widths, bookmarks);
        }
        out.push_str("</w:tbl>");
    }

    fn write_head(&self, out: &mut String, widths: &[usize], bookmarks: &mut usize) {
        out.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (words, width) in self.head.iter().zip(widths) {
            let words = Paragraph::new(Style::TableHead, words);
            write_cell(out, &[words], *width, true, bookmarks);
        }
        out.push_str("</w:tr>");
    }

    fn write_row(&self, out: &mut String, row: &Row, widths: &[usize], bookmarks: &mut usize) {
        let height = if self.roomy {
            "<w:trHeight w:val=\"680\"/>"
        } else {
            ""
        };
        append(out, format_args!("<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>"));
        match row {
            Row::Cells(cells) => {
                for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
                    write_cell(out, &cell.0, *width, self.label_column && at == 0, bookmarks);
                }
            }
            Row::Statement(code) => {
                let mut words = format!("{{%tr {code} %}}");
                for width in widths {
                    let paragraph = Paragraph::new(Style::TableText, &std::mem::take(&mut words));
                    write_cell(out, &[paragraph], *width, false, bookmarks);
                }
            }
        }
        out.push_str("</w:tr>");
    }
}

/// Lines around every cell, for those who write in them by hand.
fn grid() -> String {
    let edges = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .map(|side| edge(side, LINE, 4, 0))
        .concat();
    format!("<w:tblBorders>{edges}</w:tblBorders>")
}

fn write_cell(out: &mut String, paragraphs: &[Paragraph], width: usize, shaded: bool, bookmarks: &mut usize) {
    let ground = if shaded {
        format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{HEAD_GROUND}\"/>")
    } else {
        String::new()
    };
    append(
        out,
        format_args!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{ground}</w:tcPr>"),
    );
    for paragraph in paragraphs {
        paragraph.write(out, bookmarks);
    }
    out.push_str("</w:tc>");
}
