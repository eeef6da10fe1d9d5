//! Runs a page's content and notes what it paints.
//!
//! Only what a reader of words needs: text with its place, lines and filled boxes, where pictures lie. Pictures are
//! never decoded.

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::colour::{self, Space};
use super::fonts::Fonts;
use super::ink::{Ink, Letter, Paint};
use super::layers::Layers;
use super::outline::Outline;
use super::plane::{Area, Matrix};
use super::state::State;

/// Forms inside forms, at most.
const DEEPEST: usize = 12;
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
}

/// More was drawn than the limits allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMuch;

/// What one page shows.
pub(super) fn ink<'a>(page: &Page<'a>, shared: &mut Shared<'a>) -> Result<Ink, TooMuch> {
    let (width, height) = page.render_dimensions();
    let sheet = Area {
        x0: 0.0,
        y0: 0.0,
        x1: f64::from(width),
        y1: f64::from(height),
    };
    let state = State::new(Matrix(page.initial_transform(true).as_coeffs()), sheet);
    let outline = Outline::default();
    let mut painter = Painter {
        shared,
        ink: Ink::default(),
        state,
        saved: Vec::new(),
        marks: Vec::new(),
        outline,
    };
    painter.run(page.typed_operations(), page.resources(), 0)?;
    painter.annotations(page)?;
    Ok(painter.ink)
}

/// A marked part of the content.
struct Mark {
    off: bool,
    /// Where its letters begin, and whether they stand for a hyphen that is no part of the word.
    soft_hyphen: Option<usize>,
}

struct Painter<'a, 's> {
    shared: &'s mut Shared<'a>,
    ink: Ink,
    state: State<'a>,
    saved: Vec<State<'a>>,
    marks: Vec<Mark>,
    outline: Outline,
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
                Op::InlineImage(_) => self.picture(),
                Op::BeginMarkedContent(_) => self.marks.push(Mark {
                    off: false,
                    soft_hyphen: None,
                }),
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
        let soft = match properties {
            Object::Dict(dict) => dict.get::<hayro_syntax::object::String<'_>>("ActualText"),
            _ => None,
        };
        // A replacement text may say anything; it is believed only where it says "no hyphen here".
        let soft = soft.is_some_and(|text| matches!(text.as_bytes(), [0xfe, 0xff, 0, 0xad] | [0xad]));
        self.marks.push(Mark {
            off,
            soft_hyphen: soft.then_some(self.ink.letters.len()),
        });
    }

    fn end_mark(&mut self) {
        let start = self.marks.pop().and_then(|mark| mark.soft_hyphen);
        for letter in start
            .and_then(|start| self.ink.letters.get_mut(start..))
            .into_iter()
            .flatten()
        {
            letter.c = '\u{ad}';
        }
    }

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>, depth: usize) -> Result<(), TooMuch> {
        let Some(stream) = resources.get_x_object(name) else {
            return Ok(());
        };
        match stream.dict().get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => {
                self.picture();
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
            soft_hyphen: None,
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

    fn picture(&mut self) {
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

    /// The appearances of form fields and notes, which a person sees on the page.
    fn annotations(&mut self, page: &Page<'a>) -> Result<(), TooMuch> {
        const HIDDEN: u32 = 0b10_0010;
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
            return Ok(());
        };
        for annotation in annotations.iter::<Dict<'a>>() {
            let hidden = annotation
                .get::<u32>("F")
                .is_some_and(|flags| flags & HIDDEN != 0);
            match annotation.get::<Name<'_>>("Subtype").as_deref() {
                Some(b"Widget" | b"FreeText" | b"Stamp") if !hidden => self.appearance(&annotation, page)?,
                Some(b"FileAttachment") => self.ink.attachments += 1,
                Some(b"Text" | b"Highlight" | b"Underline" | b"StrikeOut" | b"Squiggly" | b"Caret") => {
                    self.ink
                        .comments
                        .extend(super::strings::text(&annotation, "Contents"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn appearance(&mut self, annotation: &Dict<'a>, page: &Page<'a>) -> Result<(), TooMuch> {
        let Some(stream) = shown(annotation) else {
            return Ok(());
        };
        let (Some(place), Some(inner)) = (
            annotation.get::<[f64; 4]>("Rect"),
            stream.dict().get::<[f64; 4]>("BBox"),
        ) else {
            return Ok(());
        };
        let matrix = Matrix(
            stream
                .dict()
                .get::<[f64; 6]>("Matrix")
                .unwrap_or(Matrix::IDENTITY.0),
        );
        let corners = |[x0, y0, x1, y1]: [f64; 4]| Area::around([(x0, y0), (x1, y1)]);
        let (place, inner) = (corners(place), matrix.cover(corners(inner)));
        if inner.size() <= 0.0 {
            return Ok(());
        }
        let (sx, sy) = (place.width() / inner.width(), place.height() / inner.height());
        let fit = Matrix([
            sx,
            0.0,
            0.0,
            sy,
            place.x0 - sx * inner.x0,
            place.y0 - sy * inner.y0,
        ]);
        let (width, height) = page.render_dimensions();
        let sheet = Area {
            x0: 0.0,
            y0: 0.0,
            x1: f64::from(width),
            y1: f64::from(height),
        };
        self.state = State::new(Matrix(page.initial_transform(true).as_coeffs()).after(fit), sheet);
        self.form(&stream, page.resources(), 0)
    }

    /// Text instructions; whether this is one.
    fn text(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> Result<bool, TooMuch> {
        let text = &mut self.state.text;
        match op {
            Op::BeginText(_) => text.place(Matrix::IDENTITY),
            Op::SetTextMatrix(m) => text.place(Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|n| n.as_f64()))),
            Op::NextLine(by) => text.next_line(by.0.as_f64(), by.1.as_f64()),
            Op::NextLineAndSetLeading(by) => {
                text.leading = -by.1.as_f64();
                text.next_line(by.0.as_f64(), by.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => text.next_line(0.0, -text.leading),
            Op::CharacterSpacing(space) => text.letter_space = space.0.as_f64(),
            Op::WordSpacing(space) => text.word_space = space.0.as_f64(),
            Op::HorizontalScaling(scale) => text.stretch = scale.0.as_f64() / 100.0,
            Op::TextLeading(leading) => text.leading = leading.0.as_f64(),
            Op::TextRise(rise) => text.rise = rise.0.as_f64(),
            Op::TextRenderingMode(mode) => text.mode = mode.0.as_i64(),
            Op::TextFont(font) => {
                text.size = font.1.as_f64();
                text.face = resources
                    .get_font(font.0)
                    .and_then(|dict| self.shared.fonts.face(&dict));
            }
            Op::ShowText(shown) => self.show(shown.0.as_bytes())?,
            Op::NextLineAndShowText(shown) => {
                text.next_line(0.0, -text.leading);
                self.show(shown.0.as_bytes())?;
            }
            Op::ShowTextWithParameters(shown) => {
                text.word_space = shown.0.as_f64();
                text.letter_space = shown.1.as_f64();
                text.next_line(0.0, -text.leading);
                self.show(shown.2.as_bytes())?;
            }
            Op::ShowTexts(parts) => self.show_parts(parts.0)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn show_parts(&mut self, parts: &Array<'_>) -> Result<(), TooMuch> {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::Number(by) => self.state.text.adjust(by.as_f64()),
                Object::String(shown) => self.show(shown.as_bytes())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn show(&mut self, bytes: &[u8]) -> Result<(), TooMuch> {
        let Some(face) = self.state.text.face.clone() else {
            return Ok(());
        };
        let mut at = 0;
        while at < bytes.len() {
            let code = face.code(bytes, at);
            at += code.length;
            let text = &self.state.text;
            let space = text.letter_space + if code.is_space { text.word_space } else { 0.0 };
            let width = code.advance * text.size;
            self.letters(&code.text, width, face.bold)?;
            self.state.text.advance(width + space);
        }
        Ok(())
    }

    fn letters(&mut self, text: &str, width: f64, bold: bool) -> Result<(), TooMuch> {
        let count = text.chars().count().max(1);
        self.shared.letters = self.shared.letters.checked_sub(count).ok_or(TooMuch)?;
        let state = &self.state.text;
        let to_page = self.state.to_page.after(state.matrix);
        let [a, b, c, d, ..] = to_page.0;
        #[expect(clippy::cast_precision_loss, reason = "a code reads as a few letters")]
        let step = width * state.stretch / count as f64;
        let (mut from, bold) = (to_page.apply(0.0, state.rise), bold || state.mode == 2);
        let size = state.size.abs() * c.hypot(d);
        let paint = self.paint();
        for (n, c) in (1_u32..).zip(text.chars()) {
            let to = to_page.apply(step * f64::from(n), state.rise);
            let turn = quarter_turns(a, b);
            let letter = Letter {
                c,
                x0: from.0,
                x1: to.0,
                y: from.1,
                size,
                bold,
                paint,
                turn,
            };
            if [letter.x0, letter.x1, letter.y, letter.size]
                .iter()
                .all(|n| n.is_finite())
            {
                self.ink.letters.push(letter);
            }
            from = to;
        }
        Ok(())
    }

    fn paint(&self) -> Paint {
        if self.marks.iter().any(|mark| mark.off) {
            return Paint::LayerOff;
        }
        match self.state.text.mode {
            3 | 7 => Paint::Unpainted,
            1 | 5 => Paint::Shown(self.state.stroke),
            _ => Paint::Shown(self.state.fill),
        }
    }

    /// Colour instructions; whether this is one.
    fn colour(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> bool {
        let numbers = |numbers: &[Number]| numbers.iter().map(Number::as_f64).collect::<Vec<_>>();
        let device = |numbers: &[f64]| (Space::ByCount, colour::light(Space::ByCount, numbers));
        let state = &mut self.state;
        match op {
            Op::NonStrokeColorDeviceGray(c) => (state.fill_space, state.fill) = device(&[c.0.as_f64()]),
            Op::NonStrokeColorDeviceRgb(c) => {
                (state.fill_space, state.fill) = device(&numbers(&[c.0, c.1, c.2]));
            }
            Op::NonStrokeColorCmyk(c) => {
                (state.fill_space, state.fill) = device(&numbers(&[c.0, c.1, c.2, c.3]));
            }
            Op::StrokeColorDeviceGray(c) => (state.stroke_space, state.stroke) = device(&[c.0.as_f64()]),
            Op::StrokeColorDeviceRgb(c) => {
                (state.stroke_space, state.stroke) = device(&numbers(&[c.0, c.1, c.2]));
            }
            Op::StrokeColorCmyk(c) => {
                (state.stroke_space, state.stroke) = device(&numbers(&[c.0, c.1, c.2, c.3]));
            }
            Op::ColorSpaceNonStroke(name) => {
                state.fill_space = colour::space(name.0, resources);
                state.fill = Some(0.0);
            }
            Op::ColorSpaceStroke(name) => {
                state.stroke_space = colour::space(name.0, resources);
                state.stroke = Some(0.0);
            }
            Op::NonStrokeColor(c) => state.fill = colour::light(state.fill_space, &numbers(&c.0)),
            Op::NonStrokeColorNamed(c) => {
                state.fill = if c.1.is_some() {
                    None
                } else {
                    colour::light(state.fill_space, &numbers(&c.0))
                };
            }
            Op::StrokeColor(c) => state.stroke = colour::light(state.stroke_space, &numbers(&c.0)),
            Op::StrokeColorNamed(c) => {
                state.stroke = if c.1.is_some() {
                    None
                } else {
                    colour::light(state.stroke_space, &numbers(&c.0))
                };
            }
            Op::SetGraphicsState(name) => {
                if let Some(dict) = resources.get_ext_g_state(name.0) {
                    state.opaque = is_opaque(&dict).unwrap_or(state.opaque);
                }
            }
            _ => return false,
        }
        true
    }

    fn path(&mut self, op: &Op<'_, '_>) {
        match op {
            Op::Transform(m) => {
                let inner = Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|n| n.as_f64()));
                self.state.to_page = self.state.to_page.after(inner);
            }
            Op::MoveTo(to) => self.outline.start(to.0.as_f64(), to.1.as_f64()),
            Op::LineTo(to) => self.outline.line(to.0.as_f64(), to.1.as_f64()),
            Op::CubicTo(c) => self.outline.curve(c.4.as_f64(), c.5.as_f64()),
            Op::CubicStartTo(c) => self.outline.curve(c.2.as_f64(), c.3.as_f64()),
            Op::CubicEndTo(c) => self.outline.curve(c.2.as_f64(), c.3.as_f64()),
            Op::ClosePath(_) => self.outline.close(),
            Op::RectPath(r) => {
                self.outline
                    .rectangle(r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
            }
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.outline.clips = true,
            Op::EndPath(_) => self.paint_path(false, false),
            Op::StrokePath(_) | Op::CloseAndStrokePath(_) => self.paint_path(false, true),
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => {
                self.paint_path(true, false);
            }
            Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.paint_path(true, true),
            _ => {}
        }
    }

    fn paint_path(&mut self, fill: bool, stroke: bool) {
        let outline = std::mem::take(&mut self.outline);
        let state = &self.state;
        let upright = state.to_page.is_upright();
        let off = self.marks.iter().any(|mark| mark.off);
        if fill && upright && !off {
            let covers = state.opaque && state.clip_exact && outline.is_plain();
            for area in outline.boxes() {
                let area = state.to_page.cover(area).meet(state.clip);
                if area.width() >= 0.0 && area.height() >= 0.0 {
                    self.ink.fill(area, state.fill, covers);
                }
            }
        }
        if stroke && upright && !off {
            for (from, to) in outline.segments() {
                let area = Area::around([
                    state.to_page.apply(from.0, from.1),
                    state.to_page.apply(to.0, to.1),
                ]);
                if area.width().min(area.height()) < 0.5 && area.touches(state.clip, 1.0) {
                    self.ink.rule(area.meet(grown(state.clip)), state.stroke);
                }
            }
        }
        if outline.clips
            && let Some(area) = outline.bounds()
        {
            self.clip(area, upright && outline.is_one_box());
        }
    }
}

fn grown(area: Area) -> Area {
    Area {
        x0: area.x0 - 1.0,
        y0: area.y0 - 1.0,
        x1: area.x1 + 1.0,
        y1: area.y1 + 1.0,
    }
}

/// The appearance of an annotation in its present state.
fn shown<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream<'a>>(annotation.get::<Name<'_>>("AS")?),
        _ => None,
    }
}

/// Whether a graphics state paints plainly; `None` when it does not say.
fn is_opaque(dict: &Dict<'_>) -> Option<bool> {
    let alpha = dict.get::<f64>("ca").map(|alpha| alpha > 0.95);
    let blend = dict
        .get::<Name<'_>>("BM")
        .map(|mode| matches!(mode.as_ref(), b"Normal" | b"Compatible"));
    match (alpha, blend) {
        (None, None) => None,
        (alpha, blend) => Some(alpha.unwrap_or(true) && blend.unwrap_or(true)),
    }
}

/// Quarter turns clockwise of a direction on the page; 4 for a slant.
fn quarter_turns(x: f64, y: f64) -> u8 {
    let most = x.abs().max(y.abs());
    if y.abs() <= 0.05 * most {
        if x >= 0.0 { 0 } else { 2 }
    } else if x.abs() <= 0.05 * most {
        if y >= 0.0 { 1 } else { 3 }
    } else {
        4
    }
}
