//! What a group of RTF inherits, and what its tables of fonts, colours and styles say.

use std::collections::HashMap;

use encoding_rs::Encoding;

use crate::look::{Colour, Face};
use crate::story::Track;

/// What the text of a group is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// It is shown.
    Body,
    /// It is not for people, or stands elsewhere too.
    Skip,
    Fonts,
    Colours,
    Styles,
    /// What is printed before an item.
    Label,
    /// The code of a field, which may stand for a tick box.
    Code,
    /// Text twice, for old and new programs; the new one is read.
    Twice,
}

/// The characters of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) bold: bool,
    pub(crate) vanish: bool,
    pub(crate) strike: bool,
    pub(crate) track: Track,
    pub(crate) colour: usize,
    pub(crate) ground: usize,
    /// In half-points.
    pub(crate) size: u32,
    /// In per cent of the letters' own width.
    pub(crate) width: u32,
    pub(crate) font: i32,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            bold: false,
            vanish: false,
            strike: false,
            track: Track::Kept,
            colour: 0,
            ground: 0,
            size: 24,
            width: 100,
            font: -1,
        }
    }
}

/// The properties of a paragraph.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paragraph {
    pub(crate) style: i32,
    pub(crate) outline: Option<u8>,
    /// Tables that it stands in.
    pub(crate) tables: usize,
    /// In a list, on this level from 0.
    pub(crate) list: bool,
    pub(crate) level: u8,
    pub(crate) ground: usize,
    /// Its ground is a pattern.
    pub(crate) pattern: bool,
}

/// What a group inherits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) destination: Destination,
    pub(crate) run: Run,
    pub(crate) paragraph: Paragraph,
    /// Characters that stand for a `\u` in programs that do not know it.
    pub(crate) fallback: usize,
    /// Text beside the running text begins with this group.
    pub(crate) aside: bool,
    /// Under `\deleted` or hidden when the note began.
    pub(crate) unseen: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            destination: Destination::Body,
            run: Run::default(),
            paragraph: Paragraph::default(),
            fallback: 1,
            aside: false,
            unseen: false,
        }
    }
}

/// A style of paragraphs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    pub(crate) level: Option<u8>,
    pub(crate) contents: bool,
}

/// A font.
#[derive(Clone, Debug, Default)]
pub(crate) struct Font {
    pub(crate) name: String,
    pub(crate) encoding: Option<&'static Encoding>,
    /// Its places are no characters.
    pub(crate) symbols: bool,
}

/// The tables at the head of a file.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) fonts: HashMap<i32, Font>,
    pub(crate) colours: Vec<Colour>,
    pub(crate) styles: HashMap<i32, Style>,
}

impl Tables {
    /// A colour by its number; 0 is the program's choice.
    pub(crate) fn colour(&self, number: usize) -> Colour {
        self.colours.get(number).copied().unwrap_or(Colour::Auto)
    }

    /// The ground that a number gives, `None` when it leaves the ground as it is.
    pub(crate) fn ground(&self, number: usize) -> Option<Colour> {
        Some(self.colour(number)).filter(|colour| *colour != Colour::Auto)
    }

    /// How a run looks.
    pub(crate) fn face(&self, run: &Run) -> Face {
        Face {
            bold: Some(run.bold),
            vanish: Some(run.vanish),
            strike: Some(run.strike),
            colour: Some(self.colour(run.colour)),
            ground: self.ground(run.ground),
            size: Some(run.size),
            width: Some(run.width),
        }
    }
}
