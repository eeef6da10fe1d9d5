//! Text instructions: which letters stand where, and how they are painted.

use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Object};
use hayro_syntax::page::Resources;

use super::{Painter, TooMuch};
use crate::pdf::ink::{Letter, Paint, Read};
use crate::pdf::plane::Matrix;

/// A sign stands for so many letters at most: "ffi", and some to spare.
const LONGEST_SIGN: usize = 4;
/// Letters of a longer sign are wider than this, in parts of their size, where they can be seen.
const NARROWEST: f64 = 0.1;

impl<'a> Painter<'a, '_> {
    /// Text instructions; whether this is one.
    pub(super) fn text(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> Result<bool, TooMuch> {
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
        let crammed = count > LONGEST_SIGN && step.abs() < NARROWEST * state.size.abs();
        let (paint, turn) = (self.paint(), quarter_turns(a, b));
        let raised = if turn == 0 { 0.3 * size } else { 0.0 };
        for (n, c) in (1_u32..).zip(text.chars()) {
            let to = to_page.apply(step * f64::from(n), state.rise);
            let letter = Letter {
                c,
                x0: from.0,
                x1: to.0,
                y: from.1,
                size,
                bold,
                filled_in: self.filling,
                paint: match paint {
                    Paint::LayerOff => paint,
                    _ if crammed || self.is_cut_off(from, to, raised) => Paint::Unreadable,
                    paint => paint,
                },
                turn,
                read: Read::WRITTEN,
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

    /// Whether the middle of a letter lies outside of the clip.
    fn is_cut_off(&self, from: (f64, f64), to: (f64, f64), raised: f64) -> bool {
        let (x, y) = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1) - raised);
        !super::paths::grown(self.state.clip).holds(x, y)
    }

    fn paint(&self) -> Paint {
        if self.marks.iter().any(|mark| mark.off) {
            return Paint::LayerOff;
        }
        match self.state.text.mode {
            3 | 7 => Paint::Unpainted,
            _ if self.state.faint => Paint::Unpainted,
            1 | 5 => Paint::Shown(self.state.stroke),
            _ => Paint::Shown(self.state.fill),
        }
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
