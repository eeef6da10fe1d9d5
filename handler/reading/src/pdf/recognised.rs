//! Recognised words as letters in their places, so that a scan gets its tables, columns, lists and headings by the same
//! reading of the layout as any page.

use std::collections::BTreeMap;

use super::ink::{Letter, Paint, Read};
use super::plane::Area;
use crate::scan::{Page, Role, Word};

/// Marks that recognition makes of bullets.
const BULLETS: &str = "\u{a2}\u{ab}\u{bb}*\u{b0}\u{2022}\u{b7}\u{a9}\u{ae}\u{25cf}\u{25aa}\u{25ab}\u{25a0}";
/// Letters that recognition makes of bullets when it is not sure.
const ROUND_LETTERS: &str = "eoOcC";
/// Less sure marks without a letter or digit are dirt or the rest of a line.
const SURE_OF_MARK: u8 = 60;
/// Lines differ no more than this from the body's size when they are of it.
const BODY: std::ops::Range<f64> = 0.85..1.13;
/// A short line by itself that is this much larger is a heading; what is measured of one line differs by a few in a hundred.
const HEADING: f64 = 1.03;
/// The size that such a heading is given.
const HEADING_SIZE: f64 = 1.15;
/// Words of a heading, at most.
const HEADING_WORDS: usize = 8;
/// A heading stands this far below what is above it, in sizes of the body.
const HEADING_GAP: f64 = 1.7;
/// Larger lines of one style differ no more than this.
const ONE_STYLE: f64 = 1.09;
/// The letters of a word whose height says something.
const LEAST_LETTERS: usize = 4;

/// What is seen of a recognised page.
pub(super) struct Seen {
    pub(super) area: Area,
    pub(super) letters: Vec<Letter>,
    pub(super) rules: Vec<Area>,
}

/// A line of recognised words, in points.
struct Line<'w> {
    page: u32,
    words: Vec<(&'w Word, Area)>,
    size: f64,
    y: f64,
    role: Option<Role>,
}

/// The pages by their numbers.
pub(super) fn pages(pages: &[Page]) -> BTreeMap<u32, Seen> {
    let kept: Vec<(u32, Vec<(&Word, Area)>)> = pages.iter().flat_map(kept).collect();
    let usual = Usual::of(&kept);
    let mut lines: Vec<Line<'_>> = kept
        .into_iter()
        .filter_map(|(page, words)| Line::of(page, words, &usual))
        .collect();
    settle(&mut lines, usual.size);
    let mut seen: BTreeMap<u32, Seen> = pages
        .iter()
        .map(|page| (page.picture.page, sheet(page)))
        .collect();
    for line in &lines {
        if let Some(seen) = seen.get_mut(&line.page) {
            line.letters(&mut seen.letters);
        }
    }
    seen
}

/// Dots to points.
fn points(page: &Page) -> f64 {
    72.0 / page.picture.dpi.max(1.0)
}

fn area(of: [f64; 4], scale: f64) -> Area {
    let [x0, y0, x1, y1] = of.map(|side| if side.is_finite() { side * scale } else { 0.0 });
    Area::around([(x0, y0), (x1, y1)])
}

fn sheet(page: &Page) -> Seen {
    let (width, height) = (f64::from(page.picture.width), f64::from(page.picture.height));
    let scale = points(page);
    // A rule is as thick as a pen; what was measured is a dot more on each side.
    let rule = |of: &[f64; 4]| {
        let box_ = area(*of, scale);
        if box_.width() > box_.height() {
            let y = f64::midpoint(box_.y0, box_.y1);
            Area {
                y0: y - 0.4,
                y1: y + 0.4,
                ..box_
            }
        } else {
            let x = f64::midpoint(box_.x0, box_.x1);
            Area {
                x0: x - 0.4,
                x1: x + 0.4,
                ..box_
            }
        }
    };
    Seen {
        area: area([0.0, 0.0, width, height], scale),
        letters: Vec::new(),
        rules: page.picture.rules.iter().map(rule).collect(),
    }
}

/// The words of each line, without marks that are dirt.
fn kept(page: &Page) -> Vec<(u32, Vec<(&Word, Area)>)> {
    let scale = points(page);
    let groups = page.words.chunk_by(|a, b| a.line == b.line);
    let line = |words: &'_ [Word]| -> Vec<usize> {
        let is_kept = |(at, word): (usize, &Word)| {
            let rule = word
                .text
                .chars()
                .all(|c| c == '|' || c == '_' || c.is_whitespace());
            let sure = has_sign(word) || word.confidence >= SURE_OF_MARK || (at == 0 && is_bullet(word));
            (!rule && sure).then_some(at)
        };
        words.iter().enumerate().filter_map(is_kept).collect()
    };
    groups
        .map(|words| {
            let places = line(words);
            let kept = places.into_iter().filter_map(|at| words.get(at));
            (
                page.picture.page,
                kept.map(|word| (word, area(word.area, scale))).collect(),
            )
        })
        .collect()
}

fn has_sign(word: &Word) -> bool {
    word.text.chars().any(char::is_alphanumeric)
}

/// What is usual in the words of a document: the size of its letters, and how high words are that have letters above, below,
/// both or neither of the small ones.
struct Usual {
    size: f64,
    heights: [Option<f64>; 4],
}

impl Usual {
    fn of(lines: &[(u32, Vec<(&Word, Area)>)]) -> Self {
        let words = || lines.iter().flat_map(|(_, words)| words);
        let class = |wanted: usize| {
            let own = words().filter(|(word, _)| shape(&word.text) == Some(wanted));
            median(own.map(|(word, area)| (area.height(), weight(word))))
        };
        let heights = [class(0), class(1), class(2), class(3)];
        let sizes = words().filter_map(|(word, area)| {
            let share = SHARES.get(shape(&word.text)?)?;
            Some((area.height() / share, weight(word)))
        });
        Self {
            size: median(sizes).unwrap_or(11.0).clamp(1.0, 1_000.0),
            heights,
        }
    }

    /// How much larger a word is than is usual.
    fn ratio(&self, word: &Word, area: Area) -> Option<f64> {
        let shape = shape(&word.text)?;
        let usual = self.heights.get(shape).copied().flatten()?;
        (usual > 0.0).then(|| (area.height() / usual).clamp(0.1, 20.0))
    }
}

/// The heights of words in sizes of their letters: small letters alone, with ascenders, with descenders, with both.
const SHARES: [f64; 4] = [0.47, 0.69, 0.68, 0.9];

/// Which of these a word is; none for one that is too short to say.
fn shape(text: &str) -> Option<usize> {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    // The letter t rises half-way.
    let high = |c: char| c.is_uppercase() || c.is_ascii_digit() || "bdfhklij()/|".contains(c);
    let low = |c: char| "gjpqyQ,;()/|".contains(c);
    let (rises, half, hangs) = (text.contains(high), text.contains('t'), text.contains(low));
    (letters >= LEAST_LETTERS && (rises || !half)).then_some(usize::from(rises) + 2 * usize::from(hangs))
}

impl<'w> Line<'w> {
    fn of(page: u32, words: Vec<(&'w Word, Area)>, usual: &Usual) -> Option<Self> {
        let signs = || words.iter().filter(|(word, _)| has_sign(word));
        let ratios = signs().filter_map(|(word, area)| Some((usual.ratio(word, *area)?, weight(word))));
        let size = median(ratios).unwrap_or(1.0) * usual.size;
        let drop = |word: &Word| {
            if word.text.contains(HANGING) {
                0.21 * size
            } else {
                0.0
            }
        };
        let y = median(signs().map(|(word, area)| (area.y1 - drop(word), weight(word))))?;
        let role = words.iter().find_map(|(word, _)| word.role);
        Some(Self {
            page,
            words,
            size,
            y,
            role,
        })
    }

    fn x0(&self) -> f64 {
        self.words.first().map_or(0.0, |(_, area)| area.x0)
    }

    /// Whether its words could be a heading.
    fn is_titular(&self) -> bool {
        let text = |at: Option<&(&'w Word, Area)>| at.map_or("", |(word, _)| word.text.as_str());
        let (first, last) = (text(self.words.first()), text(self.words.last()));
        self.words.len() <= HEADING_WORDS
            && first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && last.ends_with(|c: char| c.is_alphanumeric() || "?)".contains(c))
            && self
                .words
                .iter()
                .any(|(word, _)| word.text.contains(char::is_alphabetic))
    }

    fn letters(&self, out: &mut Vec<Letter>) {
        let items = self.words.len() > 1;
        for (at, (word, area)) in self.words.iter().enumerate() {
            let text = if at == 0 && items && is_bullet(word) {
                "\u{2022}"
            } else {
                word.text.trim()
            };
            let count = text.chars().count().max(1);
            let read = Read {
                confidence: word.confidence.min(100),
                handwritten: word.handwritten,
                recognised: true,
            };
            #[expect(clippy::cast_precision_loss, reason = "words are short")]
            let step = area.width() / count as f64;
            let mut x0 = area.x0;
            for c in text.chars() {
                out.push(self.letter(c, x0, x0 + step, read));
                x0 += step;
            }
            out.push(self.letter(' ', x0, x0, read));
        }
    }

    fn letter(&self, c: char, x0: f64, x1: f64, read: Read) -> Letter {
        Letter {
            c,
            x0,
            x1,
            y: self.y,
            size: self.size,
            bold: self.role.is_some(),
            filled_in: false,
            paint: Paint::Shown(Some(0.0)),
            turn: 0,
            read,
        }
    }
}

/// Whether a word at the beginning of a line is a bullet that was not read as one.
fn is_bullet(word: &Word) -> bool {
    let mut signs = word.text.trim().chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else {
        return false;
    };
    BULLETS.contains(sign)
        || (word.confidence < SURE_OF_MARK && (ROUND_LETTERS.contains(sign) || !sign.is_alphanumeric()))
}

/// What goes below the base line.
const HANGING: [char; 12] = ['g', 'j', 'p', 'q', 'y', 'Q', ',', ';', '(', ')', '/', '|'];

fn weight(word: &Word) -> usize {
    word.text.chars().count()
}

/// The middle of some weighted numbers.
fn median(numbers: impl Iterator<Item = (f64, usize)>) -> Option<f64> {
    let mut all: Vec<(f64, usize)> = numbers.collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = all.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
    let mut seen = 0;
    let middle = all.iter().find(|(_, weight)| {
        seen += weight;
        seen > half
    });
    middle.or(all.last()).map(|(number, _)| *number)
}

/// Gives lines of one style one size: what is measured differs by a dot or two, and sizes tell headings from text.
fn settle(lines: &mut [Line<'_>], body: f64) {
    let told = lines.iter().any(|line| line.role.is_some());
    let alone = alone(lines, body);
    let mut larger: Vec<f64> = lines
        .iter()
        .map(|line| line.size)
        .filter(|size| *size >= body * BODY.end)
        .collect();
    larger.sort_by(f64::total_cmp);
    let mut styles: Vec<f64> = Vec::new();
    for size in larger {
        if styles.last().is_none_or(|style| size > style * ONE_STYLE) {
            styles.push(size);
        }
    }
    for (line, alone) in lines.iter_mut().zip(alone) {
        let style = styles.iter().rev().find(|style| line.size >= **style);
        line.size = match (line.role, style) {
            (Some(Role::Title), _) => 1.6 * body,
            (Some(Role::Heading), _) => 1.3 * body,
            (None, Some(style)) if !told => style.max(HEADING_SIZE * body),
            (None, _) if !told && alone && line.size >= HEADING * body && line.is_titular() => {
                HEADING_SIZE * body
            }
            (None, _) if line.words.len() > 1 && line.size < body * BODY.start => 0.8 * body,
            (None, _) => body,
        };
    }
}

/// Of each line whether nothing stands close above it or beside it.
fn alone(lines: &[Line<'_>], body: f64) -> Vec<bool> {
    let near = |line: &Line<'_>, other: &Line<'_>| {
        let above = line.y - other.y;
        let under = (line.x0() - other.x0()).abs() < 20.0 * body;
        line.page == other.page && under && (-0.5 * body..HEADING_GAP * body).contains(&above)
    };
    let others = |at: usize| lines.iter().enumerate().filter(move |(other, _)| *other != at);
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| !others(at).any(|(_, other)| near(line, other)))
        .collect()
}
