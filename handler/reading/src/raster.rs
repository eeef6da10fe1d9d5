//! Pictures of pages made fit for text recognition: an even white ground, no specks, no ruled lines, upright, at the
//! size that recognition was trained for.
//!
//! A scan of 150 dots an inch, a degree aslant and with specks, gives a third of its words wrong as it is; made so, it
//! gives nearly all of them right.

mod clean;
mod lines;
mod png;
mod skew;

/// Dots an inch that recognition wants.
pub(crate) const WANTED_DPI: f64 = 300.0;
/// Pictures this fine are not enlarged.
const FINE_DPI: f64 = 240.0;
/// Dots of a picture, at most: A3 at 450 dots an inch.
pub(crate) const MOST_DOTS: usize = 40_000_000;

/// A grey picture: 0 is black, 255 white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) dots: Vec<u8>,
}

/// A picture made fit.
pub(crate) struct Fit {
    /// As a PNG file.
    pub(crate) png: Vec<u8>,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) dpi: f64,
    /// The ruled lines that were taken out, as boxes in dots: left, top, right, bottom.
    pub(crate) rules: Vec<[f64; 4]>,
}

impl Grey {
    /// A white picture; `None` when it would be too large.
    pub(crate) fn white(width: usize, height: usize) -> Option<Self> {
        let dots = width.checked_mul(height).filter(|dots| *dots <= MOST_DOTS)?;
        Some(Self {
            width,
            height,
            dots: vec![255; dots],
        })
    }

    pub(crate) fn dot(&self, x: usize, y: usize) -> u8 {
        if x < self.width {
            self.dots.get(y * self.width + x).copied().unwrap_or(255)
        } else {
            255
        }
    }

    pub(crate) fn set(&mut self, x: usize, y: usize, value: u8) {
        if x < self.width
            && let Some(dot) = self.dots.get_mut(y * self.width + x)
        {
            *dot = value;
        }
    }

    /// The same, a quarter turned clockwise so many times.
    pub(crate) fn turned(self, quarters: u8) -> Self {
        (0..quarters % 4).fold(self, |grey, _| grey.quarter())
    }

    fn quarter(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut dots = Vec::with_capacity(self.dots.len());
        for y in 0..height {
            dots.extend((0..width).map(|x| self.dot(y, self.height - 1 - x)));
        }
        Self { width, height, dots }
    }

    /// Whether nothing is on it.
    pub(crate) fn is_blank(&self) -> bool {
        let dark = self.dots.iter().filter(|dot| **dot < 128).count();
        dark < 20
    }
}

/// Makes a picture of `dpi` dots an inch fit for recognition; `None` for one on which there is nothing.
pub(crate) fn fit(grey: &Grey, dpi: f64) -> Option<Fit> {
    let cleaned = clean::clean(grey);
    if cleaned.is_blank() {
        return None;
    }
    let scale = if dpi < FINE_DPI { WANTED_DPI / dpi } else { 1.0 };
    let mut upright = skew::straightened(&cleaned, skew::slant(&cleaned), scale)?;
    let dpi = dpi * scale;
    let rules = lines::take_out(&mut upright, dpi);
    Some(Fit {
        png: png::file(&upright),
        width: upright.width,
        height: upright.height,
        dpi,
        rules,
    })
}

/// A number of dots as a coordinate.
#[expect(
    clippy::cast_precision_loss,
    reason = "pictures are far smaller than 2^52 dots"
)]
pub(crate) fn at(dots: usize) -> f64 {
    dots as f64
}

/// A coordinate as a number of dots; nothing below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and what is outside is not on the picture"
)]
pub(crate) fn dots(at: f64) -> usize {
    at as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_moves_the_corner() {
        let mut grey = Grey::white(3, 2).unwrap();
        grey.set(0, 0, 0);
        let turned = grey.clone().turned(1);
        assert_eq!((turned.width, turned.height, turned.dot(1, 0)), (2, 3, 0));
        assert_eq!(grey.clone().turned(4), grey);
    }

    #[test]
    fn a_bomb_is_no_picture() {
        assert!(Grey::white(60_000, 60_000).is_none());
        assert!(Grey::white(usize::MAX, 2).is_none());
    }
}
