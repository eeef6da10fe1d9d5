//! Letters to pieces (letters that stand together on one base line) and pieces to rows.

use super::ink::Letter;
use super::plane::{Area, mode};

/// A wider gap inside a run, in parts of the letter size, begins a new piece.
const PIECE_GAP: f64 = 0.9;
/// A wider gap is a space even where none is written.
const SPACE_GAP: f64 = 0.17;

/// Letters on one base line without a wide gap, from left to right, spaces between words included.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) letters: Vec<Letter>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y: f64,
    pub(super) size: f64,
}

/// A line of text: pieces on one base line from left to right.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) pieces: Vec<Piece>,
    pub(super) y: f64,
    pub(super) size: f64,
}

impl Piece {
    fn new(letter: Letter) -> Self {
        Self {
            letters: vec![letter],
            x0: letter.x0,
            x1: letter.x1,
            y: letter.y,
            size: letter.size,
        }
    }

    /// Where its letters' bodies are.
    pub(super) fn area(&self) -> Area {
        Area {
            x0: self.x0,
            y0: self.y - 0.75 * self.size,
            x1: self.x1,
            y1: self.y + 0.2 * self.size,
        }
    }

    fn accepts(&self, letter: &Letter) -> bool {
        let gap = letter.x0 - self.x1;
        (letter.y - self.y).abs() <= 0.2 * self.size
            && (letter.size - self.size).abs() <= 0.4 * self.size
            && gap > -0.4 * self.size
            && gap < PIECE_GAP * self.size
    }

    fn push(&mut self, letter: Letter, spaced: bool) {
        if spaced || letter.x0 - self.x1 > SPACE_GAP * self.size.min(letter.size) {
            self.letters.push(Letter {
                c: ' ',
                x0: self.x1,
                x1: letter.x0,
                ..letter
            });
        }
        self.x1 = self.x1.max(letter.x1);
        self.letters.push(letter);
    }

    /// Joins a piece that stands to the right.
    fn join(&mut self, other: Self) {
        let gap = other.x0 - self.x1;
        let small = self.size.min(other.size);
        if gap > SPACE_GAP * small
            && let Some(first) = other.letters.first()
        {
            self.letters.push(Letter {
                c: ' ',
                x0: self.x1,
                x1: other.x0,
                ..*first
            });
        }
        self.x1 = self.x1.max(other.x1);
        self.letters.extend(other.letters);
    }

    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.c).collect()
    }
}

/// The pieces of some letters, in the order of the letters.
pub(super) fn pieces(letters: &[Letter]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut spaced = false;
    for letter in letters {
        if letter.c.is_whitespace() {
            spaced = true;
            continue;
        }
        match pieces.last_mut() {
            Some(piece) if is_repeated(piece, letter) => {}
            Some(piece) if piece.accepts(letter) => piece.push(*letter, spaced),
            _ => pieces.push(Piece::new(*letter)),
        }
        spaced = false;
    }
    for piece in &mut pieces {
        piece.size = mode(piece.letters.iter().map(|letter| (letter.size, 1)), 0.25).unwrap_or(piece.size);
    }
    without_doubles(pieces)
}

/// Pieces of letters that are not set upright, in the order of the letters: they stand aside of the text.
pub(super) fn turned(letters: &[Letter]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for letter in letters {
        match pieces.last_mut() {
            Some(piece) if near_end(piece, letter) => piece.letters.push(*letter),
            _ if letter.c.is_whitespace() => {}
            _ => pieces.push(Piece::new(*letter)),
        }
    }
    for piece in &mut pieces {
        piece
            .letters
            .iter_mut()
            .filter(|letter| letter.c.is_whitespace())
            .for_each(|letter| letter.c = ' ');
    }
    pieces
}

fn near_end(piece: &Piece, letter: &Letter) -> bool {
    let reach = 1.2 * letter.size;
    piece.letters.last().is_some_and(|last| {
        last.turn == letter.turn && (last.x1 - letter.x0).abs() < reach && (last.y - letter.y).abs() < reach
    })
}

/// Whether a letter was painted twice, a little aside, to look bold.
fn is_repeated(piece: &Piece, letter: &Letter) -> bool {
    piece.letters.last().is_some_and(|last| {
        last.c == letter.c
            && (last.x0 - letter.x0).abs() < 0.1 * letter.size
            && (last.y - letter.y).abs() < 0.1 * letter.size
    })
}

/// Leaves out pieces that repeat the one before in the same place.
fn without_doubles(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let double = kept.iter().rev().take(4).any(|other| {
            (other.x0 - piece.x0).abs() < 0.1 * piece.size
                && (other.y - piece.y).abs() < 0.1 * piece.size
                && other.letters.len() == piece.letters.len()
                && other.text() == piece.text()
        });
        if !double {
            kept.push(piece);
        }
    }
    kept
}

/// The rows of some pieces, from top to bottom; in a row pieces without a wide gap between them are joined.
pub(super) fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for piece in pieces {
        let found = rows.iter_mut().rev().take(4).find(|row| row.accepts(&piece));
        match found {
            Some(row) => row.push(piece),
            None => rows.push(Row {
                y: piece.y,
                size: piece.size,
                pieces: vec![piece],
            }),
        }
    }
    rows.iter_mut().for_each(Row::settle);
    rows.sort_by(|a, b| a.y.total_cmp(&b.y));
    rows
}

impl Row {
    /// Whether the bodies of the letters are side by side, as with a raised "2nd".
    fn accepts(&self, piece: &Piece) -> bool {
        let small = self.size.min(piece.size);
        let overlap = self.y.min(piece.y) - (self.y - 0.7 * self.size).max(piece.y - 0.7 * piece.size);
        let beside = self
            .pieces
            .iter()
            .all(|own| piece.x0 > own.x1 - 0.35 * small || piece.x1 < own.x0 + 0.35 * small);
        overlap >= 0.5 * 0.7 * small && beside
    }

    fn push(&mut self, piece: Piece) {
        let width = |piece: &Piece| piece.x1 - piece.x0;
        if self.pieces.iter().all(|own| width(own) < width(&piece)) {
            (self.y, self.size) = (piece.y, piece.size);
        }
        self.pieces.push(piece);
    }

    fn settle(&mut self) {
        self.pieces.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let mut joined: Vec<Piece> = Vec::new();
        for piece in std::mem::take(&mut self.pieces) {
            match joined.last_mut() {
                Some(last) if piece.x0 - last.x1 < PIECE_GAP * last.size.max(piece.size) => last.join(piece),
                _ => joined.push(piece),
            }
        }
        self.pieces = joined;
    }

    /// Whether every letter is bold.
    pub(super) fn is_bold(&self) -> bool {
        let letters = self.pieces.iter().flat_map(|piece| &piece.letters);
        let mut words = letters.filter(|letter| letter.c.is_alphanumeric()).peekable();
        words.peek().is_some() && words.all(|letter| letter.bold)
    }

    pub(super) fn x0(&self) -> f64 {
        self.pieces.first().map_or(0.0, |piece| piece.x0)
    }

    pub(super) fn x1(&self) -> f64 {
        self.pieces.iter().map(|piece| piece.x1).fold(f64::MIN, f64::max)
    }

    /// All letters, with a space between pieces.
    pub(super) fn letters(&self) -> Vec<Letter> {
        let mut letters: Vec<Letter> = Vec::new();
        for piece in &self.pieces {
            if let (Some(last), Some(first)) = (letters.last().copied(), piece.letters.first()) {
                letters.push(Letter {
                    c: ' ',
                    x0: last.x1,
                    x1: first.x0,
                    bold: last.bold && first.bold,
                    ..last
                });
            }
            letters.extend(&piece.letters);
        }
        letters
    }

    pub(super) fn text(&self) -> String {
        self.letters().iter().map(|letter| letter.c).collect()
    }
}
