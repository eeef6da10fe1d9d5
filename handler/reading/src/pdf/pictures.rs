//! A page as the picture that its pictures make: what is looked at where a page has no text.

use hayro_syntax::object::Stream;

use super::plane::{Area, Matrix};
use super::samples::{Samples, samples};
use crate::raster::{Grey, MOST_DOTS, at, dots};
use crate::scan::NoPicture;

/// A picture that a page paints.
pub(super) struct Placed<'a> {
    /// `None` for one that stands in the page's own content; it is not read, as scanners do not write so.
    pub(super) stream: Option<Stream<'a>>,
    /// From the unit square to the page.
    pub(super) to_page: Matrix,
    pub(super) clip: Area,
    /// How light a stencil is painted.
    pub(super) fill: Option<f64>,
}

/// A smaller share of the sheet holds no words.
const LEAST: f64 = 0.0005;
/// Pictures that are looked at on one page, at most: scanners that cut a page into strips make some dozen.
const MOST_PICTURES: usize = 256;
/// Dots that may be painted for one page, in all its pictures.
const MOST_PAINTED: usize = 8 * MOST_DOTS;
/// A page is drawn as fine as its pictures, within these, in dots an inch.
const COARSEST: f64 = 72.0;
const FINEST: f64 = 300.0;

/// A page in dots.
pub(super) struct Drawn {
    pub(super) grey: Grey,
    pub(super) dpi: f64,
}

/// Draws the pictures of a page over one another. A page of which one cannot be read is not drawn: half a page would
/// look like a whole one.
pub(super) fn drawn(placed: &[Placed<'_>], sheet: Area) -> Result<Drawn, NoPicture> {
    let seen: Vec<&Placed<'_>> = placed
        .iter()
        .filter(|one| one.area(sheet).size() > LEAST * sheet.size())
        .collect();
    if seen.len() > MOST_PICTURES {
        return Err(NoPicture::Unread);
    }
    let largest = |one: &&&Placed<'_>| one.area(sheet).size();
    let main = seen
        .iter()
        .max_by(|a, b| largest(a).total_cmp(&largest(b)))
        .ok_or(NoPicture::Blank)?;
    let dpi = main.fineness().clamp(COARSEST, FINEST);
    let side = |points: f64| dots((points * dpi / 72.0).ceil());
    let mut grey = Grey::white(side(sheet.width()), side(sheet.height())).ok_or(NoPicture::Unread)?;
    let mut left = MOST_PAINTED;
    for one in seen {
        let dots = one.stream.as_ref().and_then(|stream| samples(stream, one.fill));
        let dots = dots.ok_or(NoPicture::Unread)?;
        left = paint(&mut grey, &dots, one, sheet, dpi)
            .and_then(|painted| left.checked_sub(painted))
            .ok_or(NoPicture::Unread)?;
    }
    Ok(Drawn { grey, dpi })
}

impl Placed<'_> {
    fn area(&self, sheet: Area) -> Area {
        let unit = Area {
            x0: 0.0,
            y0: 0.0,
            x1: 1.0,
            y1: 1.0,
        };
        self.to_page.cover(unit).meet(self.clip).meet(sheet)
    }

    /// Its dots to the inch.
    fn fineness(&self) -> f64 {
        let [a, b, ..] = self.to_page.0;
        let width = self
            .stream
            .as_ref()
            .and_then(|stream| stream.dict().get::<u32>("Width"));
        f64::from(width.unwrap_or(0)) * 72.0 / a.hypot(b).max(1.0)
    }
}

/// Paints a picture; gives how many dots were looked at. `None` for one that has no extent.
fn paint(grey: &mut Grey, samples: &Samples, placed: &Placed<'_>, sheet: Area, dpi: f64) -> Option<usize> {
    let back = placed.to_page.inverse()?;
    let area = placed.area(sheet);
    let scale = dpi / 72.0;
    let (x0, y0) = (dots(area.x0 * scale), dots(area.y0 * scale));
    let (x1, y1) = (
        dots((area.x1 * scale).ceil()).min(grey.width),
        dots((area.y1 * scale).ceil()).min(grey.height),
    );
    // A picture finer than the page is seen by several of its dots at once.
    let fine = dots((placed.fineness() / dpi).ceil()).clamp(1, 4);
    for y in y0..y1 {
        for x in x0..x1 {
            let (mut light, mut seen) = (0.0, 0.0);
            for part in 0..fine * fine {
                let inside = |n: usize| (at(n) + 0.5) / at(fine);
                let (px, py) = (at(x) + inside(part % fine), at(y) + inside(part / fine));
                let (u, v) = back.apply(px / scale, py / scale);
                if let Some((shade, share)) = samples.seen(u, 1.0 - v) {
                    light += shade * share;
                    seen += share;
                }
            }
            let all = at(fine * fine);
            let under = f64::from(grey.dot(x, y));
            let value = light / all + under * (1.0 - seen / all);
            grey.set(x, y, u8::try_from(dots(value + 0.5)).unwrap_or(255));
        }
    }
    Some((x1.saturating_sub(x0)) * (y1.saturating_sub(y0)) * fine * fine)
}

impl Samples {
    /// How light a place is, 0 to 255, and what share of what is under it it covers; `None` outside.
    fn seen(&self, u: f64, v: f64) -> Option<(f64, f64)> {
        let inside = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        let place = |width: usize, height: usize| dots(v * at(height)) * width + dots(u * at(width));
        let light = inside.then(|| self.light.get(place(self.width, self.height)))??;
        let share = self.cover.as_ref().map_or(255, |cover| {
            let share = cover.share.get(place(cover.width, cover.height));
            share.copied().unwrap_or(0)
        });
        Some((f64::from(*light), f64::from(share) / 255.0))
    }
}
