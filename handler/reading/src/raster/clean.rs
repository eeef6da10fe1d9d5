//! An even white ground, and no specks.

use super::Grey;

/// The ground is measured on squares of so many dots.
const TILE: usize = 32;
/// A darker ground than this is ink over a whole square, not paper.
const DARKEST_GROUND: u32 = 120;
/// After the ground is made white: what is darker becomes black, what is lighter white.
const BLACK: u32 = 60;
const WHITE: u32 = 200;
/// Darker dots are ink.
const INK: u8 = 150;
/// Dots around a speck that are lighter than this do not belong to it.
const HALF_INK: u8 = 210;

/// The picture with its ground white and without specks.
pub(super) fn clean(grey: &Grey) -> Grey {
    without_specks(&evened(grey))
}

fn evened(grey: &Grey) -> Grey {
    let columns = grey.width.div_ceil(TILE);
    let grounds: Vec<u32> = (0..grey.height.div_ceil(TILE))
        .flat_map(|row| (0..columns).map(move |column| (column, row)))
        .map(|(column, row)| ground(grey, column * TILE, row * TILE))
        .collect();
    let mut dots = Vec::with_capacity(grey.dots.len());
    for (y, line) in grey.dots.chunks(grey.width.max(1)).enumerate() {
        let row = grounds.get(y / TILE * columns..).unwrap_or(&[]);
        for (tile, ground) in line.chunks(TILE).zip(row) {
            dots.extend(tile.iter().map(|dot| lifted(*dot, *ground)));
        }
    }
    Grey { dots, ..*grey }
}

/// The middle value of a square: paper, wherever less than half of it is ink.
fn ground(grey: &Grey, x0: usize, y0: usize) -> u32 {
    let mut counts = [0_u32; 256];
    let mut total = 0;
    for y in (y0..(y0 + TILE).min(grey.height)).step_by(2) {
        for x in (x0..(x0 + TILE).min(grey.width)).step_by(2) {
            if let Some(count) = counts.get_mut(usize::from(grey.dot(x, y))) {
                *count += 1;
                total += 1;
            }
        }
    }
    let mut seen = 0;
    for (value, count) in (0_u32..).zip(counts) {
        seen += count;
        if seen * 2 > total {
            return value.max(DARKEST_GROUND);
        }
    }
    255
}

fn lifted(dot: u8, ground: u32) -> u8 {
    let value = u32::from(dot) * 255 / ground;
    let value = value.saturating_sub(BLACK) * 255 / (WHITE - BLACK);
    u8::try_from(value).unwrap_or(255)
}

/// Dark dots with at most one dark neighbour are dirt.
fn without_specks(grey: &Grey) -> Grey {
    let mut clean = grey.clone();
    for y in 0..grey.height {
        for x in 0..grey.width {
            if grey.dot(x, y) < INK && is_speck(grey, x, y) {
                clean.set(x, y, 255);
            }
        }
    }
    clean
}

fn is_speck(grey: &Grey, x: usize, y: usize) -> bool {
    let mut neighbours = 0;
    for ny in y.saturating_sub(1)..=y + 1 {
        for nx in x.saturating_sub(1)..=x + 1 {
            if (nx, ny) != (x, y) && grey.dot(nx, ny) < HALF_INK {
                neighbours += 1;
            }
        }
    }
    neighbours < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_becomes_white_and_specks_go_and_ink_stays() {
        let mut grey = Grey::white(64, 64).unwrap();
        grey.dots.fill(205);
        grey.set(5, 5, 20);
        for x in 20..40 {
            for y in 30..33 {
                grey.set(x, y, 40);
            }
        }
        let clean = clean(&grey);
        assert_eq!(
            (clean.dot(0, 0), clean.dot(5, 5), clean.dot(30, 31)),
            (255, 255, 0)
        );
    }
}
