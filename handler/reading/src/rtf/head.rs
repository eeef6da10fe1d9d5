//! The tables at the head of a file: fonts, colours, styles.

use super::state::{Destination, Font, Style};
use super::{Reader, charset};
use crate::block::named_heading;
use crate::look::Colour;

/// Characters of a name in a table; longer ones are cut.
const LONGEST_NAME: usize = 100;
/// Entries of a table that are kept; Word's own files have some hundreds.
const MOST_ENTRIES: usize = 20_000;

/// An entry that is being read.
#[derive(Default)]
pub(crate) struct Entry {
    text: String,
    number: Option<i32>,
    level: Option<u8>,
    font: Font,
    colour: Option<[u8; 3]>,
}

impl Reader {
    pub(super) fn head_word(&mut self, name: &str, number: Option<i32>) {
        let destination = self.state.destination;
        let entry = &mut self.head;
        let part = u8::try_from(number.unwrap_or(0).clamp(0, 255)).unwrap_or(0);
        match (name, number) {
            ("f", Some(number)) if destination == Destination::Fonts => entry.number = Some(number),
            ("s", Some(number)) if destination == Destination::Styles => entry.number = Some(number),
            ("cs" | "ds" | "ts", _) => entry.number = Some(-1),
            ("fcharset", Some(2)) => entry.font.symbols = true,
            ("fcharset", Some(number)) => entry.font.encoding = charset::of_font(number),
            ("cpg", Some(number)) => entry.font.encoding = charset::of_page(number),
            ("outlinelevel", _) => entry.level = Some(part.saturating_add(1)).filter(|level| *level <= 9),
            ("red", _) => entry.colour.get_or_insert([0; 3])[0] = part,
            ("green", _) => entry.colour.get_or_insert([0; 3])[1] = part,
            ("blue", _) => entry.colour.get_or_insert([0; 3])[2] = part,
            _ => {}
        }
    }

    /// Text of a table; a semicolon ends an entry.
    pub(super) fn head_text(&mut self, text: &str) {
        for c in text.chars() {
            if c == ';' {
                let entry = std::mem::take(&mut self.head);
                self.end_entry(&entry);
            } else if self.head.text.len() < LONGEST_NAME {
                self.head.text.push(c);
            }
        }
    }

    fn end_entry(&mut self, entry: &Entry) {
        let tables = &mut self.tables;
        match self.state.destination {
            Destination::Colours if tables.colours.len() < MOST_ENTRIES => {
                let rgb = |[red, green, blue]: [u8; 3]| Colour::Rgb(red, green, blue);
                tables.colours.push(entry.colour.map_or(Colour::Auto, rgb));
            }
            Destination::Fonts if tables.fonts.len() < MOST_ENTRIES => {
                let name = entry.text.trim().to_owned();
                tables.fonts.insert(
                    entry.number.unwrap_or(0),
                    Font {
                        name,
                        ..entry.font.clone()
                    },
                );
            }
            Destination::Styles if tables.styles.len() < MOST_ENTRIES && entry.number != Some(-1) => {
                let name = entry.text.trim().to_lowercase();
                let style = Style {
                    level: named_heading(&name).or(entry.level),
                    contents: name.starts_with("toc ") || name.starts_with("contents "),
                };
                tables.styles.insert(entry.number.unwrap_or(0), style);
            }
            _ => {}
        }
    }
}
