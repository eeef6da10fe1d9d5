//! Control words inside text: looks of runs, properties of paragraphs, rows of tables, signs by name.

use drafting::source::Rejection;

use super::state::{Destination, Paragraph, Run};
use super::table::Definition;
use super::{Reader, charset};
use crate::story::Track;
use crate::table::Merge;

impl Reader {
    pub(super) fn word(&mut self, name: &str, number: Option<i32>) -> Result<(), Rejection> {
        if let Some(sign) = sign(name) {
            return self.say(sign);
        }
        if self.state.destination == Destination::Body && self.structure(name)? {
            return Ok(());
        }
        match (name, number) {
            ("u", Some(number)) => return self.unit(number),
            ("uc", _) => self.state.fallback = size(number).min(100),
            ("ansicpg", Some(page)) => self.page(page),
            ("mac", _) => self.page(10000),
            ("pc", _) => self.page(437),
            ("pca", _) => self.page(850),
            ("deff", Some(font)) => self.state.run.font = font,
            ("fftype", _) => self.tick.is_box = number == Some(1),
            ("ffres", _) => self.tick.result = number,
            ("ffdefres", _) => self.tick.default = number,
            ("ftnalt", _) => self.story.become_endnote(),
            _ if self.run_word(name, number) || self.paragraph_word(name, number) => {}
            _ => self.row_word(name, number)?,
        }
        Ok(())
    }

    fn page(&mut self, page: i32) {
        match charset::of_page(page) {
            Some(encoding) => self.encoding = encoding,
            None => self.unknown_page = page != 0,
        }
    }

    /// Words that end something.
    fn structure(&mut self, name: &str) -> Result<bool, Rejection> {
        match name {
            "par" | "sect" => {
                if !self.story.has_words() {
                    self.stack.enter(self.state.paragraph.tables, &mut self.story)?;
                }
                self.end_paragraph();
            }
            "cell" => self.end_cell(1)?,
            "nestcell" => self.end_cell(self.state.paragraph.tables.max(2))?,
            "row" => {
                let definition = self.definition.clone();
                self.end_row(1, &definition)?;
            }
            "nestrow" => {
                let definition = self.nested.clone();
                self.end_row(self.stack.depth().max(2), &definition)?;
                self.is_nested = false;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn end_cell(&mut self, depth: usize) -> Result<(), Rejection> {
        if self.stack.depth() == depth || !self.story.has_words() {
            self.stack.enter(depth, &mut self.story)?;
        }
        self.end_paragraph();
        self.stack.end_cell(&mut self.story)
    }

    fn end_row(&mut self, depth: usize, definition: &Definition) -> Result<(), Rejection> {
        while self.stack.depth() > depth {
            self.stack.enter(self.stack.depth() - 1, &mut self.story)?;
        }
        self.stack.end_row(definition, &mut self.story)
    }

    /// The definition of the row at hand.
    pub(super) fn row_definition(&self) -> &Definition {
        if self.stack.depth() > 1 {
            &self.nested
        } else {
            &self.definition
        }
    }

    fn run_word(&mut self, name: &str, number: Option<i32>) -> bool {
        let run = &mut self.state.run;
        let on = number != Some(0);
        match name {
            "plain" => {
                *run = Run {
                    font: run.font,
                    ..Run::default()
                }
            }
            "b" => run.bold = on,
            "v" => run.vanish = on,
            "strike" | "striked" => run.strike = on,
            "revised" => run.track = if on { Track::Inserted } else { Track::Kept },
            "deleted" => run.track = if on { Track::Deleted } else { Track::Kept },
            "cf" => run.colour = size(number),
            "highlight" | "cb" | "chcbpat" => run.ground = size(number),
            "fs" => run.size = number.map_or(24, |size| u32::try_from(size).unwrap_or(0)),
            "charscalex" => run.width = number.map_or(100, |width| u32::try_from(width).unwrap_or(0)),
            "f" => run.font = number.unwrap_or(0),
            _ => return false,
        }
        true
    }

    fn paragraph_word(&mut self, name: &str, number: Option<i32>) -> bool {
        const MOST_TABLES: usize = 150;
        let paragraph = &mut self.state.paragraph;
        match name {
            "pard" => *paragraph = Paragraph::default(),
            "s" => paragraph.style = number.unwrap_or(0),
            "outlinelevel" => {
                let level = number.and_then(|level| u8::try_from(level).ok());
                paragraph.outline = level.filter(|level| *level < 9).map(|level| level + 1);
            }
            "intbl" => paragraph.tables = paragraph.tables.max(1),
            "itap" => paragraph.tables = size(number).min(MOST_TABLES),
            "ls" => paragraph.list = number.is_some_and(|list| list > 0),
            "ilvl" => paragraph.level = u8::try_from(size(number).min(8)).unwrap_or(0),
            "cbpat" => paragraph.ground = size(number),
            "shading" => paragraph.pattern = number.is_some_and(|shading| shading > 0),
            _ => return false,
        }
        true
    }

    fn row_word(&mut self, name: &str, number: Option<i32>) -> Result<(), Rejection> {
        let definition = if self.is_nested {
            &mut self.nested
        } else {
            &mut self.definition
        };
        match name {
            "trowd" => *definition = Definition::default(),
            "trhdr" => definition.head = true,
            "trleft" => definition.left = number.unwrap_or(0),
            "clvmgf" => definition.next().merge = Merge::Begins,
            "clvmrg" => definition.next().merge = Merge::GoesOn,
            "clmrg" => definition.next().joined = true,
            "clcbpat" => definition.next().ground = size(number),
            "cellx" => definition.end_cell(number.unwrap_or(0))?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn sign(&mut self, sign: u8) -> Result<(), Rejection> {
        match sign {
            b'*' if self.begun.is_some() => {
                self.begun = Some(true);
                Ok(())
            }
            _ if self.skip > 0 => {
                self.skip -= 1;
                Ok(())
            }
            b'~' => self.say("\u{a0}"),
            b'_' => self.say("-"),
            b'\\' | b'{' | b'}' => self.say(char::from(sign).to_string().as_str()),
            b'\t' => self.say("\t"),
            b'\r' | b'\n' if self.state.destination == Destination::Body => {
                self.structure("par")?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn size(number: Option<i32>) -> usize {
    usize::try_from(number.unwrap_or(0)).unwrap_or(0)
}

/// The sign that a word stands for.
fn sign(name: &str) -> Option<&'static str> {
    Some(match name {
        "tab" => "\t",
        "line" | "lbr" | "page" | "column" => "\n",
        "emdash" => "\u{2014}",
        "endash" => "\u{2013}",
        "lquote" => "\u{2018}",
        "rquote" => "\u{2019}",
        "ldblquote" => "\u{201c}",
        "rdblquote" => "\u{201d}",
        "bullet" => "\u{2022}",
        "emspace" | "enspace" | "qmspace" => " ",
        "zwj" => "\u{200d}",
        "zwnj" => "\u{200c}",
        _ => return None,
    })
}
