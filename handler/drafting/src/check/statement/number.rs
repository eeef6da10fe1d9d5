//! Numbers in figures and in words.

use super::words::Token;
use crate::numerals::{TENS, UNITS};

/// Numbers are counted in thousandths, so that "12.5 hours" is whole.
pub(super) const THOUSAND: i64 = 1000;

const ORDINALS: &[&str] = &[
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const ORDINAL_TENS: &[&str] = &[
    "twentieth",
    "thirtieth",
    "fortieth",
    "fiftieth",
    "sixtieth",
    "seventieth",
    "eightieth",
    "ninetieth",
];

fn position(list: &[&str], word: &str) -> Option<i64> {
    // Every word is asked about, and few begin as numbers do.
    if !word.starts_with(['o', 't', 'f', 's', 'e', 'n', 'z']) {
        return None;
    }
    list.iter()
        .position(|own| *own == word)
        .and_then(|at| i64::try_from(at).ok())
}

fn tens(word: &str) -> Option<i64> {
    position(TENS, word).map(|at| 10 * (at + 2))
}

/// The number that begins at token `at`, in thousandths, and where it ends.
pub(super) fn read(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let low = |at: usize| tokens.get(at).map_or("", |token| token.low.as_str());
    let (n, end) = figures(tokens, at).or_else(|| words(tokens, at))?;
    // "two and a half"; "three quarters"; "a third".
    match (low(end), low(end + 1), low(end + 2)) {
        ("and", "a", "half") => Some((n + 500, end + 3)),
        ("quarters" | "quarter", "of", _) => Some((
            n / 4,
            end + if matches!(low(end + 2), "an" | "a") { 3 } else { 1 },
        )),
        ("thirds", _, _) => Some((n / 3, end + 1)),
        _ => Some((n, end)),
    }
}

fn figures(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let token = tokens.get(at)?;
    if !token.raw.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = token.raw.replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    if part.len() > 3 || whole.len() > 9 {
        return None;
    }
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    let n = whole.parse::<i64>().ok()? * THOUSAND + part;
    let ending = tokens
        .get(at + 1)
        .is_some_and(|next| matches!(next.low.as_str(), "st" | "nd" | "rd" | "th"));
    Some((n, at + 1 + usize::from(ending)))
}

fn words(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let low = |at: usize| tokens.get(at).map_or("", |token| token.low.as_str());
    if low(at) == "half" && low(at + 1) == "a" && low(at + 2) == "dozen" {
        return Some((6 * THOUSAND, at + 3));
    }
    if low(at) == "half" && !matches!(low(at + 1), "term" | "terms" | "termly" | "way") {
        let end = if matches!(low(at + 1), "an" | "a") {
            at + 2
        } else {
            at + 1
        };
        return Some((500, end));
    }
    if matches!(low(at), "a" | "one") && matches!(low(at + 1), "quarter" | "third") {
        let n = if low(at + 1) == "third" { 333 } else { 250 };
        return (low(at + 2) == "of" || low(at + 1) == "quarter")
            .then(|| (n, at + if matches!(low(at + 3), "an" | "a") { 4 } else { 2 }));
    }
    // "to the nearest quarter of an hour", "to the quarter hour".
    if low(at) == "quarter"
        && low(at + 1) == "of"
        && matches!(low(at + 2), "an" | "the")
        && low(at + 3) == "hour"
    {
        return Some((250, at + 3));
    }
    if low(at) == "quarter" && low(at + 1) == "hour" {
        return Some((250, at + 1));
    }
    if low(at) == "a" && matches!(low(at + 1), "hundred" | "dozen" | "thousand" | "couple") {
        return words(tokens, at + 1);
    }
    let (mut n, mut end) = below_hundred(tokens, at).or(match low(at) {
        "hundred" => Some((100, at + 1)),
        "thousand" => Some((1000, at + 1)),
        "dozen" => Some((12, at + 1)),
        "couple" => Some((2, at + 1)),
        _ => None,
    })?;
    if matches!(low(end), "hundred" | "thousand") && n < 100 {
        n *= if low(end) == "hundred" { 100 } else { 1000 };
        end += 1;
        let next = if low(end) == "and" { end + 1 } else { end };
        if let Some((rest, after)) = below_hundred(tokens, next) {
            n += rest;
            end = after;
        }
    }
    Some((n * THOUSAND, end))
}

fn below_hundred(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let word = tokens.get(at)?.low.as_str();
    if let Some(ten) = tens(word) {
        let next = tokens.get(at + 1).map_or("", |token| token.low.as_str());
        let rest = position(UNITS, next)
            .or_else(|| position(ORDINALS, next))
            .filter(|n| (1..10).contains(n));
        return Some(rest.map_or((ten, at + 1), |rest| (ten + rest, at + 2)));
    }
    // "first" and "second" order a story far more often than they count.
    let ordinal = position(ORDINALS, word)
        .filter(|n| *n > 2)
        .or_else(|| position(ORDINAL_TENS, word).map(|at| 10 * (at + 2)));
    position(UNITS, word).or(ordinal).map(|n| (n, at + 1))
}
