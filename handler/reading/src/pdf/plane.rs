//! Points, boxes and matrices in points of 1/72 inch; y grows downwards.

/// An affine map, in the order of a PDF's `cm` operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// The map that applies `inner` first.
    #[expect(
        clippy::many_single_char_names,
        reason = "the numbers of a matrix have no other names"
    )]
    pub(super) fn after(self, inner: Self) -> Self {
        let ([a, b, c, d, e, f], [k, l, m, n, o, p]) = (self.0, inner.0);
        Self([
            a * k + c * l,
            b * k + d * l,
            a * m + c * n,
            b * m + d * n,
            a * o + c * p + e,
            b * o + d * p + f,
        ])
    }

    #[expect(
        clippy::many_single_char_names,
        reason = "the numbers of a matrix have no other names"
    )]
    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The map back; `None` where a whole line falls on one point.
    #[expect(
        clippy::many_single_char_names,
        reason = "the numbers of a matrix have no other names"
    )]
    pub(super) fn inverse(self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0;
        let size = a * d - b * c;
        (size.abs() > 1e-9 && size.is_finite()).then(|| {
            let back = [d, -b, -c, a, c * f - d * e, b * e - a * f];
            Self(back.map(|number| number / size))
        })
    }

    /// The smallest upright box around the image of a box.
    pub(super) fn cover(self, area: Area) -> Area {
        let corners = [
            (area.x0, area.y0),
            (area.x1, area.y0),
            (area.x0, area.y1),
            (area.x1, area.y1),
        ];
        Area::around(corners.map(|(x, y)| self.apply(x, y)))
    }

    /// Whether upright boxes stay upright.
    pub(super) fn is_upright(self) -> bool {
        let [a, b, c, d, ..] = self.0.map(f64::abs);
        let small = 1e-3 * (a + b + c + d);
        (b <= small && c <= small) || (a <= small && d <= small)
    }
}

/// An upright box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
}

impl Area {
    const NOWHERE: Self = Self {
        x0: 1e9,
        y0: 1e9,
        x1: -1e9,
        y1: -1e9,
    };

    pub(super) fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        points.into_iter().fold(Self::NOWHERE, |area, (x, y)| Self {
            x0: area.x0.min(x),
            y0: area.y0.min(y),
            x1: area.x1.max(x),
            y1: area.y1.max(y),
        })
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    pub(super) fn meet(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    pub(super) fn width(self) -> f64 {
        self.x1 - self.x0
    }

    pub(super) fn height(self) -> f64 {
        self.y1 - self.y0
    }

    /// Its size; nothing for an empty box.
    pub(super) fn size(self) -> f64 {
        self.width().max(0.0) * self.height().max(0.0)
    }

    pub(super) fn holds(self, x: f64, y: f64) -> bool {
        self.x0 <= x && x <= self.x1 && self.y0 <= y && y <= self.y1
    }

    /// Whether the two boxes touch when each side is moved out by `slack`.
    pub(super) fn touches(self, other: Self, slack: f64) -> bool {
        self.x0 - slack <= other.x1
            && other.x0 - slack <= self.x1
            && self.y0 - slack <= other.y1
            && other.y0 - slack <= self.y1
    }
}

/// The middle one of some numbers.
pub(super) fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}

/// The most frequent of some weighted numbers, counted in steps of `step`.
pub(super) fn mode(numbers: impl IntoIterator<Item = (f64, usize)>, step: f64) -> Option<f64> {
    let mut counts = std::collections::BTreeMap::<i64, usize>::new();
    for (number, weight) in numbers {
        #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
        let bin = (number / step).round() as i64;
        *counts.entry(bin).or_default() += weight;
    }
    let (bin, _) = counts.into_iter().rev().max_by_key(|&(_, weight)| weight)?;
    #[expect(clippy::cast_precision_loss, reason = "bins of sizes on a page are small")]
    Some(bin as f64 * step)
}
