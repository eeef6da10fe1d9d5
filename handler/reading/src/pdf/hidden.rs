//! Parts the letters that a person sees from those that only a machine would read.
//!
//! Not seen through: a picture or an uneven shape that is painted over letters, letters on a picture of their own
//! colour, a font whose outlines differ from the letters that it names, and replacement texts in the structure tree
//! (which are never read).

use super::ink::{Fill, Ink, Letter, Paint};
use super::plane::Area;
use crate::unseen;

/// Smaller letters cannot be read, in points.
const SMALLEST: f64 = 3.0;
/// Less difference of lightness between letter and ground cannot be seen.
const CONTRAST: f64 = 0.08;
/// A picture of this share of the sheet may be a scan, whose unpainted text is what was recognised on it.
const SCAN: f64 = 0.5;

/// The letters of a page in the order of its content, by what a person sees.
pub(super) struct Parted {
    pub(super) seen: Vec<Letter>,
    pub(super) hidden: Vec<Letter>,
    /// Whether the text was recognised on a scan that covers the sheet.
    pub(super) recognised: bool,
}

/// Parts the letters of a sheet.
pub(super) fn part(ink: &Ink, sheet: Area) -> Parted {
    let recognised = is_scan(ink, sheet);
    let (mut seen, mut hidden) = (Vec::with_capacity(ink.letters.len()), Vec::new());
    for (at, letter) in ink.letters.iter().enumerate() {
        let visible = !unseen::is_word(letter.c)
            && match letter.paint {
                Paint::LayerOff | Paint::Unreadable => false,
                Paint::Unpainted => recognised && letter.size >= SMALLEST,
                Paint::Shown(light) => {
                    letter.size >= SMALLEST
                        && is_on(letter, sheet)
                        && stands_out(at, letter, light, &ink.fills)
                }
            };
        if visible {
            seen.push(*letter);
        } else {
            hidden.push(*letter);
        }
    }
    Parted {
        seen,
        hidden,
        recognised,
    }
}

/// Whether the page is a picture with the recognised text laid under it.
fn is_scan(ink: &Ink, sheet: Area) -> bool {
    let covered: f64 = ink
        .pictures
        .iter()
        .map(|picture| picture.meet(sheet).size())
        .sum();
    let words = |wanted: fn(&Paint) -> bool| {
        ink.letters
            .iter()
            .filter(|letter| !letter.c.is_whitespace() && wanted(&letter.paint))
            .count()
    };
    let unpainted = words(|paint| *paint == Paint::Unpainted);
    let shown = words(|paint| matches!(paint, Paint::Shown(_)));
    unpainted > 0 && (shown == 0 || (covered >= SCAN * sheet.size() && shown < unpainted))
}

fn middle(letter: &Letter) -> (f64, f64) {
    let up = if letter.turn == 0 { 0.3 * letter.size } else { 0.0 };
    (f64::midpoint(letter.x0, letter.x1), letter.y - up)
}

fn is_on(letter: &Letter, sheet: Area) -> bool {
    let (x, y) = middle(letter);
    sheet.holds(x, y)
}

/// Whether the letter differs from its ground and nothing was painted over it.
fn stands_out(at: usize, letter: &Letter, light: Option<f64>, fills: &[Fill]) -> bool {
    let (x, y) = middle(letter);
    let over = |fill: &&Fill| fill.area.holds(x, y);
    let later = fills.iter().rev().take_while(|fill| fill.after > at);
    if later.filter(|fill| fill.covers).any(|fill| over(&fill)) {
        return false;
    }
    let Some(light) = light else { return true };
    let ground = fills.iter().rev().skip_while(|fill| fill.after > at).find(over);
    match ground.map_or(Some(1.0), |fill| fill.light) {
        Some(ground) => (light - ground).abs() >= CONTRAST,
        None => true,
    }
}

/// The words of some letters, one line, at most `most` characters.
pub(super) fn words(letters: &[Letter], most: usize) -> String {
    let mut text = String::new();
    let mut last: Option<&Letter> = None;
    for letter in letters {
        if last
            .is_some_and(|last| (letter.y - last.y).abs() > 1.0 || letter.x0 - last.x1 > 0.17 * letter.size)
        {
            text.push(' ');
        }
        text.push(letter.c);
        last = Some(letter);
    }
    let (seen, spelt) = unseen::part(&text);
    let text = [seen.as_ref(), spelt.as_deref().unwrap_or("")].join(" ");
    crate::normal::line(&text).chars().take(most).collect()
}
