//! The graphics state that decides where and how text appears.

use std::rc::Rc;

use super::colour::Space;
use super::fonts::Face;
use super::plane::{Area, Matrix};

/// What `q` saves and `Q` brings back, with the text state.
#[derive(Clone)]
pub(super) struct State<'a> {
    pub(super) to_page: Matrix,
    pub(super) clip: Area,
    /// Whether `clip` is the clip itself and not only a box around it.
    pub(super) clip_exact: bool,
    pub(super) fill_space: Space,
    pub(super) fill: Option<f64>,
    pub(super) stroke_space: Space,
    pub(super) stroke: Option<f64>,
    /// Painted so thinly that nobody sees it.
    pub(super) faint: bool,
    /// Painted without transparency or blending.
    pub(super) opaque: bool,
    pub(super) text: Text<'a>,
}

/// The text state.
#[derive(Clone)]
pub(super) struct Text<'a> {
    pub(super) face: Option<Rc<Face<'a>>>,
    pub(super) size: f64,
    pub(super) letter_space: f64,
    pub(super) word_space: f64,
    /// Horizontal scale, 1 for none.
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: i64,
    pub(super) matrix: Matrix,
    pub(super) line: Matrix,
}

impl State<'_> {
    pub(super) fn new(to_page: Matrix, clip: Area) -> Self {
        Self {
            to_page,
            clip,
            clip_exact: true,
            fill_space: Space::ByCount,
            fill: Some(0.0),
            stroke_space: Space::ByCount,
            stroke: Some(0.0),
            faint: false,
            opaque: true,
            text: Text {
                face: None,
                size: 0.0,
                letter_space: 0.0,
                word_space: 0.0,
                stretch: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
                matrix: Matrix::IDENTITY,
                line: Matrix::IDENTITY,
            },
        }
    }
}

impl Text<'_> {
    pub(super) fn place(&mut self, matrix: Matrix) {
        self.matrix = matrix;
        self.line = matrix;
    }

    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.place(self.line.after(Matrix::shift(x, y)));
    }

    /// Moves on by `width` in unscaled text space.
    pub(super) fn advance(&mut self, width: f64) {
        self.matrix = self.matrix.after(Matrix::shift(width * self.stretch, 0.0));
    }

    /// Moves on by an adjustment of a `TJ` array.
    pub(super) fn adjust(&mut self, thousandths: f64) {
        self.advance(-thousandths / 1000.0 * self.size);
    }
}
