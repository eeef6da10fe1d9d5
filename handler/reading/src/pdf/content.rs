//! Runs a page's content and notes what it paints.
//!
//! Only what a reader of words needs: text with its place, lines and filled boxes, where pictures lie. Pictures are
//! never decoded.

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::fonts::Fonts;
use super::ink::Ink;
use super::layers::Layers;
use super::outline::Outline;
use super::pictures::Placed;
use super::plane::{Area, Matrix};
use super::state::State;
use super::strings;

mod annotations;
mod colours;
mod field;
mod letters;
mod paths;

/// Forms inside forms, at most.
const DEEPEST: usize = 12;
/// Pictures of one page that are kept, at most: one more than are ever drawn, so that it shows that there are too many.
const MOST_PICTURES: usize = 257;
/// States saved and not brought back, at most.
const MOST_SAVED: usize = 512;

/// What all pages of a file share.
pub(super) struct Shared<'a> {
    pub(super) fonts: Fonts<'a>,
    pub(super) layers: Layers,
    /// Instructions left for the whole file.
    pub(super) instructions: usize,
    /// Letters left for the whole file.
    pub(super) letters: usize,
    /// Whether the viewer draws form fields anew from their values.
    pub(super) redraws: bool,
}

/// More was drawn than the limits allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMuch;

/// What one page shows.
pub(super) fn ink<'a>(page: &Page<'a>, shared: &mut Shared<'a>) -> Result<Ink, TooMuch> {
    Ok(painted(page, shared)?.ink)
}

/// The pictures that one page paints, in order, without those in layers that are switched off.
pub(super) fn placed<'a>(page: &Page<'a>, shared: &mut Shared<'a>) -> Result<Vec<Placed<'a>>, TooMuch> {
    Ok(painted(page, shared)?.placed)
}

fn painted<'a, 's>(page: &Page<'a>, shared: &'s mut Shared<'a>) -> Result<Painter<'a, 's>, TooMuch> {
    let state = State::new(Matrix(page.initial_transform(true).as_coeffs()), sheet(page));
    let outline = Outline::default();
    let mut painter = Painter {
        shared,
        ink: Ink::default(),
        state,
        saved: Vec::new(),
        marks: Vec::new(),
        outline,
        filling: false,
        placed: Vec::new(),
    };
    painter.run(page.typed_operations(), page.resources(), 0)?;
    painter.annotations(page)?;
    Ok(painter)
}

/// The visible part of a page, in points.
pub(super) fn sheet(page: &Page<'_>) -> Area {
    let (width, height) = page.render_dimensions();
    Area {
        x0: 0.0,
        y0: 0.0,
        x1: f64::from(width),
        y1: f64::from(height),
    }
}

/// A marked part of the content.
#[derive(Default)]
struct Mark {
    off: bool,
    /// Where its letters begin, and the text that is to be read in their stead.
    stands_for: Option<(usize, String)>,
}

struct Painter<'a, 's> {
    shared: &'s mut Shared<'a>,
    ink: Ink,
    state: State<'a>,
    saved: Vec<State<'a>>,
    marks: Vec<Mark>,
    outline: Outline,
    /// Whether what is drawn was entered in a form.
    filling: bool,
    placed: Vec<Placed<'a>>,
}

impl<'a> Painter<'a, '_> {
    fn run(
        &mut self,
        mut ops: TypedIter<'_>,
        resources: &Resources<'a>,
        depth: usize,
    ) -> Result<(), TooMuch> {
        let (saved, marks) = (self.saved.len(), self.marks.len());
        while let Some(op) = ops.next() {
            self.shared.instructions = self.shared.instructions.checked_sub(1).ok_or(TooMuch)?;
            match op {
                Op::SaveState(_) if self.saved.len() < MOST_SAVED => self.saved.push(self.state.clone()),
                Op::RestoreState(_) if self.saved.len() > saved => self.restore(),
                Op::XObject(name) => self.object(name.0, resources, depth)?,
                Op::InlineImage(_) => self.picture(None),
                Op::BeginMarkedContent(_) => self.marks.push(Mark::default()),
                Op::BeginMarkedContentWithProperties(begin) => self.mark(begin.0, begin.1, resources),
                Op::EndMarkedContent(_) if self.marks.len() > marks => self.end_mark(),
                other => {
                    if !self.text(&other, resources)? && !self.colour(&other, resources) {
                        self.path(&other);
                    }
                }
            }
        }
        self.saved.truncate(saved);
        self.marks.truncate(marks);
        Ok(())
    }

    fn restore(&mut self) {
        if let Some(state) = self.saved.pop() {
            self.state = state;
        }
    }

    fn mark(&mut self, tag: &Name<'_>, properties: &Object<'_>, resources: &Resources<'a>) {
        let off = match (tag.as_ref(), properties) {
            (b"OC", Object::Name(name)) => self.shared.layers.hide(&resources.properties, name.as_ref()),
            _ => false,
        };
        let text = match properties {
            Object::Dict(dict) => actual_text(dict),
            Object::Name(name) => resources
                .properties
                .get::<Dict<'_>>(name.as_ref())
                .and_then(|dict| actual_text(&dict)),
            _ => None,
        };
        self.marks.push(Mark {
            off,
            stands_for: text.map(|text| (self.ink.letters.len(), text)),
        });
    }

    /// A replacement text may say anything. It is believed only where it says "no hyphen here", and told of where it
    /// says something else than the letters that a person sees.
    fn end_mark(&mut self) {
        let Some((start, text)) = self.marks.pop().and_then(|mark| mark.stands_for) else {
            return;
        };
        if text == "\u{ad}" {
            let letters = self.ink.letters.get_mut(start..).into_iter().flatten();
            letters.for_each(|letter| letter.c = '\u{ad}');
        } else if differs(&text, &self.ink.words_since(start)) {
            self.ink.keep_out(&text);
        }
    }

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>, depth: usize) -> Result<(), TooMuch> {
        let Some(stream) = resources.get_x_object(name) else {
            return Ok(());
        };
        match stream.dict().get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => {
                self.picture(Some(stream));
                Ok(())
            }
            Some(b"Form") => self.form(&stream, resources, depth),
            _ => Ok(()),
        }
    }

    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, depth: usize) -> Result<(), TooMuch> {
        if depth >= DEEPEST {
            return Ok(());
        }
        // A form costs its bytes, so that a small file cannot unpack one a million times.
        let Ok(content) = stream.decoded_data() else {
            return Ok(());
        };
        self.shared.instructions = self
            .shared
            .instructions
            .checked_sub(content.len() / 16 + 16)
            .ok_or(TooMuch)?;
        let dict = stream.dict();
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let before = self.state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            self.state.to_page = self.state.to_page.after(Matrix(matrix));
        }
        if let Some([x0, y0, x1, y1]) = dict.get::<[f64; 4]>("BBox") {
            self.clip(
                Area::around([(x0, y0), (x1, y1)]),
                self.state.to_page.is_upright(),
            );
        }
        let off = self.shared.layers.hide(dict, b"OC");
        self.marks.push(Mark {
            off,
            stands_for: None,
        });
        let done = self.run(
            TypedIter::new(&content),
            own.as_ref().unwrap_or(resources),
            depth + 1,
        );
        self.marks.pop();
        self.state = before;
        done
    }

    fn picture(&mut self, stream: Option<Stream<'a>>) {
        if self.placed.len() < MOST_PICTURES && !self.marks.iter().any(|mark| mark.off) {
            self.placed.push(Placed {
                stream,
                to_page: self.state.to_page,
                clip: self.state.clip,
                fill: self.state.fill,
            });
        }
        let unit = Area {
            x0: 0.0,
            y0: 0.0,
            x1: 1.0,
            y1: 1.0,
        };
        self.ink
            .pictures
            .push(self.state.to_page.cover(unit).meet(self.state.clip));
    }

    fn clip(&mut self, area: Area, exact: bool) {
        self.state.clip = self.state.clip.meet(self.state.to_page.cover(area));
        self.state.clip_exact &= exact;
    }
}

/// The replacement text of a marked part; a soft hyphen is kept as it is.
fn actual_text(properties: &Dict<'_>) -> Option<String> {
    let text = properties.get::<hayro_syntax::object::String<'_>>("ActualText")?;
    Some(match text.as_bytes() {
        [0xfe, 0xff, 0, 0xad] | [0xad] => "\u{ad}".to_owned(),
        bytes => strings::decoded(bytes),
    })
}

/// Whether a replacement text says something that the letters do not. Letters of one sign that the font does not name
/// may be a ligature, which the text spells out.
fn differs(text: &str, shown: &str) -> bool {
    const LONGEST_SIGN: usize = 8;
    let (text, shown) = (strings::core(text), strings::core(shown));
    let unnamed = shown.contains('\u{fffd}') && text.chars().count() <= LONGEST_SIGN;
    !text.is_empty() && text != shown && !unnamed
}
