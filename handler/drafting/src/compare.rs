//! Two texts side by side: which words they share, what was taken out and what was put in.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Texts with more words than this are not compared word by word.
const MOST_TOKENS: usize = 4_000;

/// A stretch of words that both texts have, or one alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Which text has it.
    pub kind: PieceKind,
    /// Its words, with the white space after them.
    pub text: String,
}

/// Which of two texts a piece stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// Both.
    Same,
    /// The earlier one alone.
    Gone,
    /// The later one alone.
    New,
}

/// A word, number or sign with the white space after it; words are compared without that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'t> {
    pub text: &'t str,
    /// Where it begins in the text.
    pub start: usize,
}

impl<'t> Token<'t> {
    /// What is compared.
    pub fn key(&self) -> &'t str {
        self.text.trim_end()
    }
}

/// The words, numbers and signs of a text in order; together they are the text, less white space at its start.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = text.len() - text.trim_start().len();
    let mut rest = text.get(start..).unwrap_or_default();
    while let Some(first) = rest.chars().next() {
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
        let word = if first.is_alphanumeric() {
            rest.find(|c| !in_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let after = rest.get(word..).unwrap_or_default();
        let length = word + (after.len() - after.trim_start().len());
        let (token, next) = rest.split_at(length);
        found.push(Token { text: token, start });
        start += length;
        rest = next;
    }
    found
}

/// The longest run of elements that both have in the same order, as pairs of places.
pub(crate) fn shared<T: Eq + Hash + Clone>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    // What the other side does not have at all cannot be shared; without it the search is short.
    let only = |own: &[T], other: &[T]| -> Vec<(usize, T)> {
        let other: HashSet<&T> = other.iter().collect();
        let kept = own.iter().enumerate().filter(|(_, one)| other.contains(one));
        kept.map(|(at, one)| (at, one.clone())).collect()
    };
    let (olds, news) = (only(old, new), only(new, old));
    let values = |all: &[(usize, T)]| -> Vec<T> { all.iter().map(|(_, one)| one.clone()).collect() };
    let mut pairs = Vec::new();
    for step in capture_diff_slices(Algorithm::Patience, &values(&olds), &values(&news)) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = step
        {
            let places = olds.iter().skip(old_index).zip(news.iter().skip(new_index));
            pairs.extend(places.take(len).map(|((a, _), (b, _))| (*a, *b)));
        }
    }
    pairs
}

/// The words that two texts share in order, as pairs of places among their tokens; none of texts too long to compare.
pub(crate) fn shared_tokens(old: &[Token<'_>], new: &[Token<'_>]) -> Vec<(usize, usize)> {
    if old.len() > MOST_TOKENS || new.len() > MOST_TOKENS {
        return Vec::new();
    }
    let keys = |all: &[Token<'_>]| all.iter().map(|token| token.key().to_owned()).collect::<Vec<_>>();
    shared(&keys(old), &keys(new))
}

/// What became of `old` in `new`, in order.
#[must_use]
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (olds, news) = (tokens(old), tokens(new));
    let mut found: Vec<Piece> = Vec::new();
    let mut add = |kind, tokens: &[Token<'_>]| {
        let text: String = tokens.iter().map(|token| token.text).collect();
        match found.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(&text),
            _ => found.push(Piece { kind, text }),
        }
    };
    let (mut a, mut b) = (0, 0);
    let ends = (olds.len(), news.len());
    for (at_old, at_new) in shared_tokens(&olds, &news).into_iter().chain([ends]) {
        add(PieceKind::Gone, olds.get(a..at_old).unwrap_or_default());
        add(PieceKind::New, news.get(b..at_new).unwrap_or_default());
        add(PieceKind::Same, news.get(at_new..=at_new).unwrap_or_default());
        (a, b) = (at_old + 1, at_new + 1);
    }
    found
}

/// A text with single spaces and one kind of quotation mark and dash, as texts are compared that went through another
/// program.
#[must_use]
pub fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .filter(|c| *c != '\u{ad}')
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
            other => other,
        })
        .collect()
}

/// The words of a text with how often each stands in it: what two texts are likened by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    words: HashMap<String, usize>,
    pub count: usize,
}

impl Bag {
    pub fn of(text: &str) -> Self {
        let mut bag = Self::default();
        let lower = text.to_lowercase();
        for word in lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            *bag.words.entry(word.to_owned()).or_default() += 1;
            bag.count += 1;
        }
        bag
    }

    fn in_common(&self, other: &Self) -> usize {
        let (few, many) = if self.words.len() <= other.words.len() {
            (self, other)
        } else {
            (other, self)
        };
        let least = |(word, count): (&String, &usize)| many.words.get(word).map_or(0, |own| *own.min(count));
        few.words.iter().map(least).sum()
    }

    /// How alike two texts are, in a hundred: words in common among the words of both.
    pub fn likeness(&self, other: &Self) -> usize {
        let all = self.count + other.count;
        (200 * self.in_common(other)).checked_div(all).unwrap_or(0)
    }

    /// How much of the shorter text stands in the other, in a hundred.
    pub fn containment(&self, other: &Self) -> usize {
        let least = self.count.min(other.count);
        (100 * self.in_common(other)).checked_div(least).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &str) {
        let shown: String = pieces(old, new)
            .iter()
            .map(|piece| match piece.kind {
                PieceKind::Same => piece.text.clone(),
                PieceKind::Gone => format!("[-{}-]", piece.text),
                PieceKind::New => format!("[+{}+]", piece.text),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_that_changed() {
        check("twice weekly", "twice weekly", "twice weekly");
        check("for 20 minutes", "for 30 minutes", "for [-20 -][+30 +]minutes");
        check("He reads.", "He reads well.", "He reads [+well+].");
        check("", "new", "[+new+]");
        check("old", "", "[-old-]");
        check("Größe x", "Größe y", "Größe [-x-][+y+]");
    }

    #[test]
    fn likeness() {
        let check = |a: &str, b: &str, alike: usize, contained: usize| {
            let (a, b) = (Bag::of(a), Bag::of(b));
            assert_eq!((a.likeness(&b), a.containment(&b)), (alike, contained));
        };
        check("He reads well.", "he READS well", 100, 100);
        check("one two three four", "one two", 66, 100);
        check("one", "two", 0, 0);
        check("", "", 0, 0);
    }

    proptest::proptest! {
        #[test]
        fn pieces_hold_both_texts(old in ".{0,60}", new in ".{0,60}") {
            let all = pieces(&old, &new);
            let of = |kind| all.iter().filter(|p| p.kind == kind || p.kind == PieceKind::Same)
                .flat_map(|p| p.text.split_whitespace()).collect::<String>();
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(of(PieceKind::Gone), squeezed(&old));
            proptest::prop_assert_eq!(of(PieceKind::New), squeezed(&new));
        }
    }
}
