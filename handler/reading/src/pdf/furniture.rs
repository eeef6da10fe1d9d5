//! Running headers, footers and page numbers.

use std::collections::HashMap;

use super::plane::Area;
use super::rows::{Piece, rows};

/// The share of the sheet, at its head and at its foot, in which headers and footers stand.
const MARGIN: f64 = 0.14;
/// At most so many lines at either end are looked at.
const MOST_LINES: usize = 5;

/// A line at the head or foot of a page.
struct Edge {
    /// Its words with all digits alike, and its place in steps of 4 points.
    key: (String, i64),
    area: Area,
    is_page_number: bool,
    /// Whether it was recognised on a picture, so that a letter of it may be wrong.
    recognised: bool,
}

/// Takes running lines out of the pages' pieces.
pub(super) fn remove(pages: &mut [(Area, Vec<Piece>)]) {
    let edges: Vec<[Vec<Edge>; 2]> = pages
        .iter()
        .map(|(sheet, pieces)| edges(*sheet, pieces))
        .collect();
    let mut counts: HashMap<(String, i64), usize> = HashMap::new();
    for edge in edges.iter().flatten().flatten() {
        // A line near the border of two steps counts in both.
        for step in -1..=1 {
            *counts
                .entry((edge.key.0.clone(), edge.key.1.saturating_add(step)))
                .or_default() += 1;
        }
    }
    let total = pages.len();
    let runs = |edge: &Edge| {
        let count = if edge.recognised {
            alike(edge, &edges)
        } else {
            counts.get(&edge.key).copied().unwrap_or(0)
        };
        edge.is_page_number || (count >= 2 && count * 2 + 1 >= total)
    };
    for ((_, pieces), ends) in pages.iter_mut().zip(&edges) {
        let running = ends
            .iter()
            .flat_map(|end| end.iter().take_while(|edge| runs(edge)));
        let areas: Vec<Area> = running.map(|edge| edge.area).collect();
        pieces.retain(|piece| {
            !areas
                .iter()
                .any(|area| area.holds(f64::midpoint(piece.x0, piece.x1), piece.y))
        });
    }
}

/// The outermost lines at the head, from the top, and at the foot, from the bottom.
fn edges(sheet: Area, pieces: &[Piece]) -> [Vec<Edge>; 2] {
    let band = MARGIN * sheet.height();
    let near = |piece: &&Piece| piece.y < sheet.y0 + band || piece.y > sheet.y1 - band;
    let lines = rows(pieces.iter().filter(near).cloned().collect());
    let edge = |row: &super::rows::Row| {
        let text = row.text();
        let recognised = row
            .pieces
            .iter()
            .flat_map(|piece| &piece.letters)
            .any(|letter| letter.read.recognised);
        #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
        let step = (row.y / 4.0).round() as i64;
        let area = Area {
            x0: row.x0(),
            y0: row.y - row.size,
            x1: row.x1(),
            y1: row.y + 0.5 * row.size,
        };
        Edge {
            is_page_number: is_page_number(&text) || (recognised && ends_with_page_number(&text)),
            recognised,
            key: (masked(&text), step),
            area,
        }
    };
    let (head, foot): (Vec<_>, Vec<_>) = lines.iter().partition(|row| row.y < sheet.y0 + band);
    [
        head.into_iter().take(MOST_LINES).map(edge).collect(),
        foot.into_iter().rev().take(MOST_LINES).map(edge).collect(),
    ]
}

/// Pages that have a line like this one in its place: the same but for a few letters that were misread.
fn alike(edge: &Edge, pages: &[[Vec<Edge>; 2]]) -> usize {
    let is_like =
        |other: &Edge| edge.key.1.abs_diff(other.key.1) <= 2 && same_but_for_some(&edge.key.0, &other.key.0);
    pages
        .iter()
        .filter(|ends| ends.iter().flatten().any(is_like))
        .count()
}

/// Whether two texts begin and end alike, so that four fifths of the longer are the same.
fn same_but_for_some(one: &str, other: &str) -> bool {
    let most = one.chars().count().max(other.chars().count());
    let least = one.chars().count().min(other.chars().count());
    let begin = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let end = one
        .chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    most > 0 && (begin + end).min(least) * 5 >= most * 4
}

/// A short line such as "Clinic letter Page 2", whose other words may have been missed on other pages.
fn ends_with_page_number(text: &str) -> bool {
    let masked = masked(text);
    text.split_whitespace().count() <= 6 && (masked.ends_with("page0") || masked.ends_with("page0of0"))
}

/// The words with every number alike.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '|') {
        match c {
            '0'..='9' if masked.ends_with('0') => {}
            '0'..='9' => masked.push('0'),
            c => masked.extend(c.to_lowercase()),
        }
    }
    masked
}

/// "Page 2", "Page 2 of 7", "2 of 7", "2/7", "- 2 -", "2".
fn is_page_number(text: &str) -> bool {
    let masked = masked(text);
    let bare = masked.trim_matches(['-', '\u{2013}', '\u{2014}', '.', ':']);
    matches!(
        bare,
        "page0" | "page0of0" | "0of0" | "0/0" | "page0/0" | "0" | "p0" | "p.0" | "pg0"
    )
}

#[cfg(test)]
mod tests {
    use super::is_page_number;

    #[test]
    fn page_numbers() {
        for text in [
            "Page 2",
            "Page 12 of 17",
            "3 of 7",
            "- 4 -",
            "5",
            "PAGE 3/4",
            "Page | 3",
        ] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["Year 5", "2 adults", "Page 2 of the report", "14/03/2017 ok", ""] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
