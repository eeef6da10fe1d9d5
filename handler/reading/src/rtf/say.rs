//! Characters of RTF: bytes of a code page, `\u`, and signs by name.

use drafting::source::Rejection;

use super::Reader;
use super::state::Destination;
use crate::label::Item;
use crate::look::WHITE;
use crate::story::{Manner, Shape, Track};
use crate::symbol;

impl Reader {
    pub(super) fn text(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let is_sign = |b: &&u8| !matches!(**b, b'\r' | b'\n' | 0);
        let skipped = self.skip.min(bytes.iter().filter(is_sign).count());
        self.skip -= skipped;
        let kept = bytes.iter().filter(is_sign).skip(skipped);
        let before = self.bytes.len();
        self.bytes.extend(kept);
        if self.bytes.len() > before {
            self.begun = None;
        }
        self.spend(self.bytes.len() - before)
    }

    pub(super) fn byte(&mut self, byte: u8) -> Result<(), Rejection> {
        self.begun = None;
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        self.bytes.push(byte);
        self.spend(1)
    }

    fn spend(&mut self, count: usize) -> Result<(), Rejection> {
        if matches!(self.state.destination, Destination::Skip | Destination::Twice) {
            return Ok(());
        }
        self.left = self.left.checked_sub(count).ok_or_else(|| Rejection::TooLarge {
            what: "too many characters of text".into(),
        })?;
        Ok(())
    }

    /// Decodes and says the bytes that are waiting.
    pub(super) fn flush(&mut self) -> Result<(), Rejection> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.bytes);
        if matches!(self.state.destination, Destination::Skip | Destination::Twice) {
            return Ok(());
        }
        let font = self.tables.fonts.get(&self.state.run.font);
        if let Some(font) = font.filter(|font| font.symbols) {
            let unknown = match self.state.destination {
                Destination::Label => '\u{2022}',
                _ => ' ',
            };
            let text: String = bytes
                .iter()
                .map(|byte| symbol::named(&font.name, 0xf000 + u32::from(*byte)).unwrap_or(unknown))
                .collect();
            return self.say(&text);
        }
        let encoding = font.and_then(|font| font.encoding).unwrap_or(self.encoding);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.say(&text)
    }

    /// A character by its number in UTF-16.
    pub(super) fn unit(&mut self, number: i32) -> Result<(), Rejection> {
        self.skip = self.state.fallback;
        let Ok(unit) = u16::try_from(number.rem_euclid(0x1_0000)) else {
            return Ok(());
        };
        let units = [self.half.take().unwrap_or(0), unit];
        if (0xd800..0xdc00).contains(&unit) {
            self.half = Some(unit);
            return Ok(());
        }
        let from = usize::from(units.first() == Some(&0));
        let text = String::from_utf16_lossy(units.get(from..).unwrap_or(&[]));
        self.spend(text.len())?;
        let private = (0xf000..=0xf0ff).contains(&unit);
        match self.tables.fonts.get(&self.state.run.font) {
            Some(font) if private && font.symbols && self.state.destination == Destination::Body => {
                let named = symbol::named(&font.name, u32::from(unit));
                self.say(&named.map_or_else(|| " ".to_owned(), String::from))
            }
            _ => self.say(&text),
        }
    }

    /// Puts text where the group wants it.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Rejection> {
        match self.state.destination {
            Destination::Skip | Destination::Twice | Destination::Code => {}
            Destination::Fonts | Destination::Colours | Destination::Styles => self.head_text(text),
            Destination::Label => {
                if let Some(label) = self.label.as_mut().filter(|label| label.len() < 60) {
                    label.push_str(text);
                }
            }
            Destination::Body => {
                if !self.story.has_words() {
                    self.stack.enter(self.state.paragraph.tables, &mut self.story)?;
                }
                let manner = self.manner(text);
                self.story.say(text, manner);
            }
        }
        Ok(())
    }

    fn manner(&self, text: &str) -> Manner {
        let run = &self.state.run;
        let mut ground = WHITE;
        let cell = self.row_definition().cells.get(self.stack.column());
        let in_table = self.state.paragraph.tables > 0;
        if let Some(of_cell) = cell
            .filter(|_| in_table)
            .and_then(|cell| self.tables.ground(cell.ground))
        {
            ground = of_cell;
        }
        if let Some(of_paragraph) = self.tables.ground(self.state.paragraph.ground) {
            ground = of_paragraph;
        }
        if self.state.paragraph.pattern {
            ground = crate::look::Colour::Unknown;
        }
        let face = self.tables.face(run);
        let struck = run.strike && !text.trim().is_empty();
        Manner {
            bold: run.bold,
            hidden: face.is_unseen(ground) || self.state.unseen,
            track: if struck { Track::Deleted } else { run.track },
        }
    }

    /// Ends the paragraph at hand.
    pub(super) fn end_paragraph(&mut self) {
        let style = self.tables.styles.get(&self.state.paragraph.style);
        let level = self
            .state
            .paragraph
            .outline
            .or_else(|| style.and_then(|style| style.level));
        let contents = style.is_some_and(|style| style.contents);
        let label = self.label.take().map(|label| crate::normal::line(&label));
        let depth = self.state.paragraph.level;
        let numbered = |label: &String| label.contains(char::is_alphanumeric) && label != "o";
        let item = match label {
            // A level that prints nothing makes no item.
            Some(label) if label.is_empty() => None,
            None if !self.state.paragraph.list => None,
            label => Some(Item {
                label: label.filter(numbered),
                depth,
            }),
        };
        self.story.end_paragraph(Shape {
            level,
            item,
            contents,
        });
    }
}
