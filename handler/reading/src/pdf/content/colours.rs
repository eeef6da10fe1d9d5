//! Colour instructions: how light what follows is painted.

use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Dict, Name, Number};
use hayro_syntax::page::Resources;

use super::Painter;
use crate::pdf::colour::{self, Space};

/// Less cover of the ground than this cannot be seen.
const LEAST_ALPHA: f64 = 0.1;

impl<'a> Painter<'a, '_> {
    /// Colour instructions; whether this is one.
    pub(super) fn colour(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> bool {
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
                    let alpha = dict.get::<f64>("ca");
                    state.faint = alpha.map_or(state.faint, |alpha| alpha < LEAST_ALPHA);
                }
            }
            _ => return false,
        }
        true
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
