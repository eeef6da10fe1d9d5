//! The path under construction, as far as it is made of upright lines and boxes.

use super::plane::Area;

type Point = (f64, f64);

/// More lines than this in one path are a drawing.
const MOST_SEGMENTS: usize = 5_000;

/// A path.
#[derive(Debug, Default)]
pub(super) struct Outline {
    rectangles: Vec<Area>,
    lines: Vec<Vec<Point>>,
    curved: bool,
    segments: usize,
    /// Whether it becomes the clip when it is painted.
    pub(super) clips: bool,
}

impl Outline {
    fn counts(&mut self) -> bool {
        self.segments += 1;
        self.segments <= MOST_SEGMENTS
    }

    pub(super) fn start(&mut self, x: f64, y: f64) {
        if self.counts() {
            self.lines.push(vec![(x, y)]);
        }
    }

    pub(super) fn line(&mut self, x: f64, y: f64) {
        if self.counts()
            && let Some(line) = self.lines.last_mut()
        {
            line.push((x, y));
        }
    }

    pub(super) fn curve(&mut self, x: f64, y: f64) {
        self.curved = true;
        self.start(x, y);
    }

    pub(super) fn close(&mut self) {
        if let Some(line) = self.lines.last_mut()
            && let Some(&first) = line.first()
        {
            line.push(first);
        }
    }

    pub(super) fn rectangle(&mut self, x: f64, y: f64, width: f64, height: f64) {
        if self.counts() {
            self.rectangles
                .push(Area::around([(x, y), (x + width, y + height)]));
        }
    }

    /// Whether it consists of boxes only.
    pub(super) fn is_plain(&self) -> bool {
        !self.curved
            && self
                .lines
                .iter()
                .all(|line| line.len() < 2 || boxed(line).is_some())
    }

    /// Whether it is one box.
    pub(super) fn is_one_box(&self) -> bool {
        self.is_plain() && self.boxes().count() == 1
    }

    /// Its boxes.
    pub(super) fn boxes(&self) -> impl Iterator<Item = Area> {
        self.rectangles
            .iter()
            .copied()
            .chain(self.lines.iter().filter_map(|line| boxed(line)))
    }

    /// Its straight lines, those of its boxes included.
    pub(super) fn segments(&self) -> impl Iterator<Item = (Point, Point)> {
        let sides = self.rectangles.iter().flat_map(|area| {
            let corners = [
                (area.x0, area.y0),
                (area.x1, area.y0),
                (area.x1, area.y1),
                (area.x0, area.y1),
            ];
            let [a, b, c, d] = corners;
            [(a, b), (b, c), (c, d), (d, a)]
        });
        let lines = self
            .lines
            .iter()
            .flat_map(|line| line.iter().copied().zip(line.iter().copied().skip(1)));
        sides.chain(lines)
    }

    /// The box around all of it.
    pub(super) fn bounds(&self) -> Option<Area> {
        let corners = self
            .rectangles
            .iter()
            .flat_map(|area| [(area.x0, area.y0), (area.x1, area.y1)]);
        let mut points = corners.chain(self.lines.iter().flatten().copied()).peekable();
        points.peek()?;
        Some(Area::around(points))
    }
}

/// The box that a closed line of four upright sides is.
fn boxed(line: &[Point]) -> Option<Area> {
    let upright = |(a, b): (&Point, &Point)| (a.0 - b.0).abs() < 1e-2 || (a.1 - b.1).abs() < 1e-2;
    let sides = line.iter().zip(line.iter().skip(1));
    let four = (4..=6).contains(&line.len()) && sides.clone().all(upright);
    let area = Area::around(line.iter().copied());
    let corners = line.iter().all(|&(x, y)| {
        ((x - area.x0).abs() < 1e-2 || (x - area.x1).abs() < 1e-2)
            && ((y - area.y0).abs() < 1e-2 || (y - area.y1).abs() < 1e-2)
    });
    (four && corners).then_some(area)
}
