//! What a page shows: letters with their places, ruled lines, filled boxes, pictures.

use super::plane::Area;
use super::recognised::Seen;

/// A letter in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// The letter; white space where words part, U+FFFD where the font does not say.
    pub(super) c: char,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The base line.
    pub(super) y: f64,
    /// Height of the font on the page, in points.
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Whether it was entered in a form.
    pub(super) filled_in: bool,
    /// How it was painted.
    pub(super) paint: Paint,
    /// Quarter turns clockwise in which it is set; 4 for any other slant.
    pub(super) turn: u8,
    /// How it came to be known.
    pub(super) read: Read,
}

/// How a letter came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// In a hundred.
    pub(super) confidence: u8,
    pub(super) handwritten: bool,
    /// Whether it was recognised on a picture.
    pub(super) recognised: bool,
}

impl Read {
    /// As the file says it.
    pub(super) const WRITTEN: Self = Self {
        confidence: 100,
        handwritten: false,
        recognised: false,
    };
}

/// How a letter was painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Paint {
    /// With a colour of this luminance, 0 black to 1 white; `None` for a pattern.
    Shown(Option<f64>),
    /// Not at all (text render mode 3 or 7, or wholly transparent).
    Unpainted,
    /// Where or how a person cannot read it: cut off by the clip, or many letters for one narrow sign.
    Unreadable,
    /// In a layer that is switched off.
    LayerOff,
}

/// A filled upright box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fill {
    pub(super) area: Area,
    /// Luminance, 0 black to 1 white; `None` for a pattern.
    pub(super) light: Option<f64>,
    /// How many letters were painted before it.
    pub(super) after: usize,
    /// Whether it hides what it lies over: exact in shape and not translucent.
    pub(super) covers: bool,
}

/// Everything that was painted on a page, in points, y downwards.
#[derive(Debug, Default)]
pub(super) struct Ink {
    pub(super) letters: Vec<Letter>,
    /// Thin boxes: the lines of tables and frames.
    pub(super) rules: Vec<Area>,
    pub(super) fills: Vec<Fill>,
    pub(super) pictures: Vec<Area>,
    /// Notes that a reviewer pinned to the page.
    pub(super) comments: Vec<String>,
    /// Files pinned to the page.
    pub(super) attachments: usize,
    /// Words beside the letters that a person does not see: replacement texts, values of hidden fields.
    pub(super) kept_out: Vec<String>,
}

/// More words than this beside the letters of a page say no more.
const MOST_KEPT_OUT: usize = 100;
/// A rule is no thicker than this, in points.
const RULE: f64 = 2.6;
/// More boxes than this on a page are a drawing, whose further parts do not matter for the text.
const MOST_BOXES: usize = 20_000;

impl Ink {
    /// Notes words that a person does not see.
    pub(super) fn keep_out(&mut self, words: &str) {
        if self.kept_out.len() < MOST_KEPT_OUT {
            self.kept_out.push(words.to_owned());
        }
    }

    /// Shows what was recognised in the place of the pictures on which it stood.
    pub(super) fn show(&mut self, seen: Seen) {
        let unseen = std::mem::take(&mut self.letters);
        let words: String = unseen.iter().map(|letter| letter.c).collect();
        if words.contains(char::is_alphanumeric) {
            self.keep_out(words.trim());
        }
        *self = Self {
            letters: seen.letters,
            rules: seen.rules,
            fills: Vec::new(),
            pictures: Vec::new(),
            ..std::mem::take(self)
        };
    }

    /// The letters from one on, in the order in which they were painted.
    pub(super) fn words_since(&self, letter: usize) -> String {
        let letters = self.letters.get(letter..).unwrap_or(&[]);
        letters.iter().map(|letter| letter.c).collect()
    }

    /// Notes a filled box: a rule when thin, else a shade.
    pub(super) fn fill(&mut self, area: Area, light: Option<f64>, covers: bool) {
        if area.width() <= RULE || area.height() <= RULE {
            self.rule(area, light);
        } else if self.fills.len() < MOST_BOXES {
            self.fills.push(Fill {
                area,
                light,
                after: self.letters.len(),
                covers,
            });
        }
    }

    /// Notes a thin box, unless it is white or a mere dot.
    pub(super) fn rule(&mut self, area: Area, light: Option<f64>) {
        let seen = light.is_none_or(|light| light < 0.97);
        let long = area.width().max(area.height()) > 3.0;
        if seen && long && self.rules.len() < MOST_BOXES {
            self.rules.push(area);
        }
    }
}
