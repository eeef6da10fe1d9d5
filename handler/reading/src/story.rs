//! The blocks of a file whose format is read in one pass: HTML, OpenDocument, RTF.
//!
//! A format's own reader says what it meets, in reading order; what becomes a source and what is only told of is
//! decided here, by the same rules as for Word files.

use drafting::source::{Content, Notice, NoticeKind, Rejection};

use crate::block::{content, typed};
use crate::kind::hostile;
use crate::label::Item;
use crate::normal::Line;
use crate::table::{self, Cell, MOST_COLUMNS, Merge, Row, flat};
use crate::{NOTICE_CHARS, unseen};

/// Tables in tables, notes in tables and the like that are open at once.
const DEEPEST: usize = 200;

/// Whether text stands in a tracked change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Track {
    #[default]
    Kept,
    Inserted,
    Deleted,
}

/// How a piece of text stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) bold: bool,
    /// Nobody sees it.
    pub(crate) hidden: bool,
    pub(crate) track: Track,
}

/// What a paragraph is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// The level of a heading, from 1.
    pub(crate) level: Option<u8>,
    pub(crate) item: Option<Item>,
    /// A line of a table of contents.
    pub(crate) contents: bool,
}

/// Which kind of text stands beside the running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// A text box: follows its paragraph.
    Box,
    Footnote,
    Endnote,
    /// A reviewer's comment: told of.
    Comment,
}

/// How a cell stands in its table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellShape {
    pub(crate) span: usize,
    pub(crate) merge: Merge,
    /// On a ground other than white.
    pub(crate) shaded: bool,
}

impl Default for CellShape {
    fn default() -> Self {
        Self {
            span: 1,
            merge: Merge::None,
            shaded: false,
        }
    }
}

/// The paragraph at hand.
#[derive(Default)]
struct Gathered {
    line: Line,
    hidden: Line,
    inserted: Line,
    deleted: Line,
    boxes: Vec<Content>,
}

/// Something that holds blocks or rows and is still open.
enum Open {
    Table(Vec<Row>),
    Row(Row),
    Cell(CellShape, Vec<Content>),
    /// With the paragraph that it interrupts.
    Aside(Aside, Vec<Content>, Box<Gathered>),
}

/// A file's blocks as far as it was read.
#[derive(Default)]
pub(crate) struct Story {
    at_hand: Gathered,
    blocks: Vec<Content>,
    open: Vec<Open>,
    /// Notes that stand after the block that refers to them.
    waiting: Vec<Content>,
    footnotes: usize,
    endnotes: usize,
    cells: usize,
    notices: Vec<Notice>,
}

impl Story {
    /// Puts text where it belongs. White space is always kept, so that hidden blanks do not join two words.
    pub(crate) fn say(&mut self, text: &str, manner: Manner) {
        let out = &mut self.at_hand;
        if manner.track == Track::Deleted {
            out.deleted.push(text, false);
            return;
        }
        let (text, spelt) = unseen::part(text);
        if let Some(spelt) = spelt {
            out.hidden.push(&spelt, false);
        }
        if manner.hidden && !text.trim().is_empty() {
            out.hidden.push(&text, false);
            return;
        }
        out.line.push(&text, manner.bold);
        // What stands apart in the text stands apart in what is told of it.
        out.hidden.push(" ", false);
        out.deleted.push(" ", false);
        if manner.track == Track::Inserted {
            out.inserted.push(&text, false);
        }
    }

    /// Whether the paragraph at hand shows no words yet.
    pub(crate) fn is_blank(&self) -> bool {
        self.at_hand.line.text().is_empty()
    }

    /// Whether the paragraph at hand holds words, shown or not.
    pub(crate) fn has_words(&self) -> bool {
        let out = &self.at_hand;
        [&out.line, &out.hidden, &out.deleted]
            .iter()
            .any(|line| !line.text().is_empty())
    }

    /// Ends the paragraph at hand.
    pub(crate) fn end_paragraph(&mut self, shape: Shape) {
        let Gathered {
            line,
            hidden,
            inserted,
            deleted,
            boxes,
        } = std::mem::take(&mut self.at_hand);
        let mut blocks = Vec::new();
        if !(shape.contents && line.text().ends_with(|c: char| c.is_ascii_digit())) {
            content(line, shape.level, shape.item, &mut blocks);
        }
        blocks.extend(boxes);
        self.put(blocks);
        for (kind, line) in [
            (NoticeKind::HiddenText, hidden),
            (NoticeKind::TrackedInsertion, inserted),
            (NoticeKind::TrackedDeletion, deleted),
        ] {
            if !line.text().is_empty() {
                self.tell(kind, line.text());
            }
        }
        self.release();
    }

    /// Tells of something; `text` may be empty.
    pub(crate) fn tell(&mut self, kind: NoticeKind, text: &str) {
        let text: String = text.chars().take(NOTICE_CHARS).collect();
        self.notices.push(Notice {
            kind,
            page: None,
            text: (!text.is_empty()).then_some(text),
        });
    }

    fn put(&mut self, blocks: Vec<Content>) {
        let holds = |open: &&mut Open| matches!(open, Open::Cell(..) | Open::Aside(..));
        match self.open.iter_mut().rev().find(holds) {
            Some(Open::Cell(_, inside) | Open::Aside(_, inside, _)) => inside.extend(blocks),
            _ => self.blocks.extend(blocks),
        }
    }

    /// Lets waiting notes follow, once no table or note is open.
    fn release(&mut self) {
        if self.open.is_empty() {
            self.blocks.append(&mut self.waiting);
        }
    }

    fn push(&mut self, open: Open) -> Result<(), Rejection> {
        if self.open.len() >= DEEPEST {
            return Err(hostile("the depth of its nesting"));
        }
        self.open.push(open);
        Ok(())
    }

    /// Begins a table.
    pub(crate) fn open_table(&mut self) -> Result<(), Rejection> {
        self.end_paragraph(Shape::default());
        self.push(Open::Table(Vec::new()))
    }

    /// Begins a row of the innermost table; `marked` as part of its head.
    pub(crate) fn open_row(&mut self, marked: bool) -> Result<(), Rejection> {
        self.push(Open::Row(Row {
            before: 0,
            cells: Vec::new(),
            marked,
        }))
    }

    /// Begins a cell of the innermost row.
    pub(crate) fn open_cell(&mut self, shape: CellShape) -> Result<(), Rejection> {
        let span = shape.span.clamp(1, MOST_COLUMNS);
        self.push(Open::Cell(CellShape { span, ..shape }, Vec::new()))
    }

    /// Ends the innermost cell; what is at hand belongs to it.
    pub(crate) fn close_cell(&mut self) -> Result<(), Rejection> {
        self.end_paragraph(Shape::default());
        if !matches!(self.open.last(), Some(Open::Cell(..))) {
            return Ok(());
        }
        if let (Some(Open::Cell(shape, contents)), Some(Open::Row(row))) =
            (self.open.pop(), self.open.last_mut())
        {
            if row.width() >= MOST_COLUMNS {
                return Err(hostile("the number of columns of a table"));
            }
            row.cells.push(Cell {
                span: shape.span,
                merge: shape.merge,
                shaded: shape.shaded,
                contents,
            });
        }
        Ok(())
    }

    /// The rows of the innermost table, if that is what is open.
    pub(crate) fn rows(&mut self) -> Option<&mut Vec<Row>> {
        match self.open.last_mut() {
            Some(Open::Table(rows)) => Some(rows),
            _ => None,
        }
    }

    /// Ends the innermost row.
    pub(crate) fn close_row(&mut self) {
        if !matches!(self.open.last(), Some(Open::Row(_))) {
            return;
        }
        if let (Some(Open::Row(row)), Some(Open::Table(rows))) = (self.open.pop(), self.open.last_mut()) {
            rows.push(row);
        }
    }

    /// Ends the innermost table. `styled`: something sets its first row apart.
    pub(crate) fn close_table(&mut self, styled: bool) -> Result<(), Rejection> {
        if !matches!(self.open.last(), Some(Open::Table(_))) {
            return Ok(());
        }
        if let Some(Open::Table(rows)) = self.open.pop() {
            let laid = table::blocks(rows, styled, &mut self.cells)?;
            for text in laid.hidden {
                self.tell(NoticeKind::HiddenText, &text);
            }
            self.put(laid.blocks);
            self.release();
        }
        Ok(())
    }

    /// Begins text beside the running text; the paragraph at hand goes on after it.
    pub(crate) fn open_aside(&mut self, aside: Aside) -> Result<(), Rejection> {
        let interrupted = std::mem::take(&mut self.at_hand);
        self.push(Open::Aside(aside, Vec::new(), Box::new(interrupted)))
    }

    /// Says that the innermost footnote stands at the end of the document.
    pub(crate) fn become_endnote(&mut self) {
        let aside = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Aside(aside @ Aside::Footnote, ..) => Some(aside),
            _ => None,
        });
        if let Some(aside) = aside {
            *aside = Aside::Endnote;
        }
    }

    /// Ends the innermost text beside the running text.
    pub(crate) fn close_aside(&mut self) {
        self.end_paragraph(Shape::default());
        if !matches!(self.open.last(), Some(Open::Aside(..))) {
            return;
        }
        let Some(Open::Aside(aside, blocks, interrupted)) = self.open.pop() else {
            return;
        };
        self.at_hand = *interrupted;
        let (text, bold) = flat(&blocks);
        let label = match aside {
            Aside::Box => return self.at_hand.boxes.extend(blocks),
            Aside::Comment => return self.tell(NoticeKind::Comment, &text),
            _ if text.is_empty() => return,
            Aside::Footnote => next("footnote", &mut self.footnotes),
            Aside::Endnote => next("endnote", &mut self.endnotes),
        };
        self.waiting.push(Content::ListItem {
            label: Some(label),
            depth: 0,
            text,
            bold,
        });
    }

    /// Ends whatever is open; the blocks and the notices.
    pub(crate) fn finish(mut self) -> Result<(Vec<Content>, Vec<Notice>), Rejection> {
        self.end_paragraph(Shape::default());
        while let Some(open) = self.open.last() {
            match open {
                Open::Table(_) => self.close_table(false)?,
                Open::Row(_) => self.close_row(),
                Open::Cell(..) => self.close_cell()?,
                Open::Aside(..) => self.close_aside(),
            }
        }
        self.end_paragraph(Shape::default());
        self.release();
        Ok((self.blocks.into_iter().map(typed).collect(), self.notices))
    }
}

fn next(name: &str, count: &mut usize) -> String {
    *count += 1;
    format!("{name} {count}")
}
