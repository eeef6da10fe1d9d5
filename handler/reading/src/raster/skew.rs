//! How far a scan is aslant, and the same picture upright.

use super::{Grey, at, dots};

/// Scans lie aslant by no more than this, in degrees; more is a way of setting text.
const MOST: f64 = 4.0;
/// Dots of ink that are looked at.
const MOST_POINTS: usize = 40_000;
/// Darker dots are ink.
const INK: u8 = 128;
/// A smaller slant is not worth the blur of turning, in degrees.
const LEAST: f64 = 0.05;

/// The slant in degrees: the one at which the rows of ink are set off most clearly from the rows between them.
pub(super) fn slant(grey: &Grey) -> f64 {
    let points = points(grey);
    if points.len() < 200 {
        return 0.0;
    }
    let best = |angles: &mut dyn Iterator<Item = f64>| {
        angles
            .map(|angle| (clearness(&points, grey.height, angle), angle))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.abs().total_cmp(&a.1.abs())))
            .map_or(0.0, |(_, angle)| angle)
    };
    let rough = best(&mut (-16..=16).map(|step| f64::from(step) * MOST / 16.0));
    let fine = best(&mut (-5..=5).map(|step| rough + f64::from(step) * 0.05));
    if fine.abs() < LEAST { 0.0 } else { fine }
}

fn points(grey: &Grey) -> Vec<(f64, f64)> {
    let ink = grey.dots.iter().filter(|dot| **dot < INK).count();
    let every = (ink / MOST_POINTS).max(1);
    let width = grey.width.max(1);
    let dark = grey.dots.iter().enumerate().filter(|(_, dot)| **dot < INK);
    dark.step_by(every)
        .map(|(place, _)| (at(place % width), at(place / width)))
        .collect()
}

/// How much neighbouring rows differ in ink when the picture is seen at an angle.
fn clearness(points: &[(f64, f64)], height: usize, angle: f64) -> f64 {
    let rise = angle.to_radians().tan();
    let margin = at(height);
    // Rows of two dots, so that a thin line does not outweigh the text.
    let mut rows = vec![0_i64; height * 3 / 2 + 2];
    for (x, y) in points {
        if let Some(row) = rows.get_mut(dots(f64::midpoint(y - x * rise, margin))) {
            *row += 1;
        }
    }
    let steps = rows.iter().zip(rows.iter().skip(1));
    #[expect(clippy::cast_precision_loss, reason = "sums of some thousand points")]
    let sum = steps.map(|(a, b)| (a - b) * (a - b)).sum::<i64>() as f64;
    sum
}

/// The picture turned back by `slant` degrees and enlarged; `None` when it would be too large.
pub(super) fn straightened(grey: &Grey, slant: f64, scale: f64) -> Option<Grey> {
    if slant == 0.0 && (scale - 1.0).abs() < 0.01 {
        return Some(grey.clone());
    }
    let mut out = Grey::white(dots(at(grey.width) * scale), dots(at(grey.height) * scale))?;
    let (sin, cos) = slant.to_radians().sin_cos();
    let (cx, cy) = (at(grey.width) / 2.0, at(grey.height) / 2.0);
    let width = out.width.max(1);
    for (row, line) in out.dots.chunks_mut(width).enumerate() {
        let y = (at(row) + 0.5) / scale - cy;
        for (column, dot) in line.iter_mut().enumerate() {
            let x = (at(column) + 0.5) / scale - cx;
            *dot = between(grey, x * cos - y * sin + cx - 0.5, x * sin + y * cos + cy - 0.5);
        }
    }
    Some(out)
}

/// The value between four dots.
fn between(grey: &Grey, x: f64, y: f64) -> u8 {
    if x < 0.0 || y < 0.0 {
        return 255;
    }
    let (left, top) = (dots(x), dots(y));
    let (fx, fy) = (x - at(left), y - at(top));
    let dot = |x, y| f64::from(grey.dot(x, y));
    let upper = dot(left, top) * (1.0 - fx) + dot(left + 1, top) * fx;
    let lower = dot(left, top + 1) * (1.0 - fx) + dot(left + 1, top + 1) * fx;
    u8::try_from(dots(upper * (1.0 - fy) + lower * fy + 0.5)).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(angle: f64) -> Grey {
        let mut grey = Grey::white(600, 400).unwrap();
        let rise = angle.to_radians().tan();
        for line in 0..14 {
            for x in 40..560 {
                // Words with gaps between them.
                if x % 40 < 30 {
                    for thick in 0..8 {
                        let y = 40.0 + f64::from(line) * 24.0 + f64::from(thick) + f64::from(x) * rise;
                        grey.set(usize::try_from(x).unwrap(), dots(y), 0);
                    }
                }
            }
        }
        grey
    }

    #[test]
    fn the_slant_of_lines_is_found_and_taken_back() {
        for angle in [-2.0, -0.7, 0.0, 1.1] {
            let grey = lines(angle);
            let found = slant(&grey);
            assert!((found - angle).abs() < 0.15, "{angle}: {found}");
            let upright = straightened(&grey, found, 2.0).unwrap();
            assert!(slant(&upright).abs() < 0.3, "{angle}");
        }
    }
}
