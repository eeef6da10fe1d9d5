//! Dates in all notations, whole or in part. The day comes first, as in Britain.

use super::quantity::{Quantity, Scanner};
use super::words::Token;
use crate::identity::MONTHS;

/// A date or the parts of it that are given; never empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) struct Date {
    pub year: Option<i64>,
    pub month: Option<i64>,
    pub day: Option<i64>,
}

impl Date {
    /// "Sept 25" read as a month of 2025, which it may be as well as a day.
    pub fn of_short_year(self) -> Option<Self> {
        let year = self
            .day
            .filter(|day| self.year.is_none() && SHORT_YEARS.contains(day))?;
        Some(Self {
            year: Some(2000 + year),
            day: None,
            ..self
        })
    }

    /// Whether every part that this gives is given so by `other`.
    pub fn is_part_of(self, other: Self) -> bool {
        let agrees = |own: Option<i64>, other: Option<i64>| own.is_none() || own == other;
        agrees(self.year, other.year) && agrees(self.month, other.month) && agrees(self.day, other.day)
    }
}

/// The month that a token names. "may" and "march" are words too: they need a capital.
fn month(token: &Token) -> Option<i64> {
    let word = token.low.as_str();
    let found = MONTHS.iter().position(|name| {
        *name == word
            || word.len() >= 3 && word.len() <= 4 && name.starts_with(word)
            || word == "sept" && *name == "september"
    })?;
    let plain = matches!(word, "may" | "mar" | "march" | "jan" | "dec" | "sep");
    (!plain || token.is_capital())
        .then(|| i64::try_from(found + 1).ok())
        .flatten()
}

fn year(token: Option<&Token>) -> Option<i64> {
    let raw = token?.raw.as_str();
    let n: i64 = (raw.len() == 4).then(|| raw.parse().ok())??;
    (1900..2100).contains(&n).then_some(n)
}

/// The dates that begin here.
pub(super) fn read(scanner: &Scanner) -> Option<(Vec<Quantity>, usize)> {
    let tokens = scanner.tokens;
    let at = scanner.at;
    let token = tokens.get(at)?;
    if let Some(date) = compact(&token.raw) {
        return Some((vec![Quantity::Date(date)], at + 1));
    }
    if let Some(month) = month(token) {
        return named_month(tokens, at, month);
    }
    if let Some(year) = year(Some(token)) {
        let date = Date {
            year: Some(year),
            ..Date::default()
        };
        return Some((vec![Quantity::Date(date)], at + 1));
    }
    if let Some(short) = month_and_year(tokens, at) {
        return Some(short);
    }
    let (days, month, end) = days(tokens, at)?;
    let year = year(tokens.get(end)).map(|year| (year, end + 1));
    let dates = days.into_iter().map(|day| {
        Quantity::Date(Date {
            year: year.map(|(year, _)| year),
            month: Some(month),
            day: Some(day),
        })
    });
    Some((dates.collect(), year.map_or(end, |(_, end)| end)))
}

/// "11/25" for November 2025, which may be 11 out of 25 as well.
fn month_and_year(tokens: &[Token], at: usize) -> Option<(Vec<Quantity>, usize)> {
    let figures = |at: usize| -> Option<i64> {
        let raw = tokens.get(at)?.raw.as_str();
        (raw.len() <= 2).then(|| raw.parse().ok())?
    };
    if tokens.get(at + 1).is_none_or(|token| token.low != "/") {
        return None;
    }
    let (month, year) = (figures(at)?, figures(at + 2)?);
    ((1..=12).contains(&month) && SHORT_YEARS.contains(&year)).then(|| {
        let date = Date {
            year: Some(2000 + year),
            month: Some(month),
            day: None,
        };
        let share = Quantity::Of(1000 * month, 1000 * year);
        (vec![Quantity::Date(date), share], at + 3)
    })
}

/// Years of two figures that reports of this century have.
const SHORT_YEARS: std::ops::RangeInclusive<i64> = 20..=39;

/// "September", "September 2026", "Sept 14, 2026". "May" at the head of a sentence is taken for the month only before
/// a year or a day.
fn named_month(tokens: &[Token], at: usize, month: i64) -> Option<(Vec<Quantity>, usize)> {
    let whole = |date, end| Some((vec![Quantity::Date(date)], end));
    if let Some(year) = year(tokens.get(at + 1)) {
        let date = Date {
            year: Some(year),
            month: Some(month),
            day: None,
        };
        return whole(date, at + 2);
    }
    if let Some((day, end)) = day(tokens, at + 1) {
        let comma = tokens.get(end).is_some_and(|token| token.low == ",");
        let year = year(tokens.get(if comma { end + 1 } else { end }));
        let last = if year.is_some() {
            end + 1 + usize::from(comma)
        } else {
            end
        };
        return whole(
            Date {
                year,
                month: Some(month),
                day: Some(day),
            },
            last,
        );
    }
    let word = tokens.get(at).map_or("", |token| token.low.as_str());
    if matches!(word, "may" | "march") && at == 0 {
        return None;
    }
    whole(
        Date {
            year: None,
            month: Some(month),
            day: None,
        },
        at + 1,
    )
}

/// "14", "14th", "the 14th of" before a month, or several of them.
fn days(tokens: &[Token], at: usize) -> Option<(Vec<i64>, i64, usize)> {
    let (first, mut end) = day(tokens, at)?;
    let mut all = vec![first];
    while tokens.get(end).is_some_and(|token| {
        matches!(
            token.low.as_str(),
            "and" | "," | "to" | "\u{2013}" | "-" | "&" | "or"
        )
    }) {
        let (next, after) = day(tokens, end + 1)?;
        all.push(next);
        end = after;
    }
    if tokens.get(end).is_some_and(|token| token.low == "of") {
        end += 1;
    }
    let month = month(tokens.get(end)?)?;
    Some((all, month, end + 1))
}

fn day(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let figures =
        tokens.get(at)?.raw.len() <= 2 && tokens.get(at)?.raw.starts_with(|c: char| c.is_ascii_digit());
    let word = tokens.get(at)?.low.ends_with("th") || tokens.get(at)?.low.ends_with("ty");
    let ordinal = match tokens.get(at)?.low.as_str() {
        "first" => Some((1, at + 1)),
        "second" => Some((2, at + 1)),
        "third" => Some((3, at + 1)),
        _ => None,
    };
    let (n, end) = ordinal.or_else(|| {
        (figures || word)
            .then(|| super::number::read(tokens, at).map(|(n, end)| (n / 1000, end)))
            .flatten()
    })?;
    (1..=31).contains(&n).then_some((n, end))
}

/// "14/03/2017", "14.3.17", "2017-03-14".
fn compact(raw: &str) -> Option<Date> {
    let parts: Vec<&str> = raw.split(['/', '.', '-']).collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, month, day) = if first.len() == 4 {
        (first, second, third)
    } else {
        (third, second, first)
    };
    let year = match (year.len(), number(year)?) {
        (4, year) => year,
        (2, year) => 2000 + year,
        _ => return None,
    };
    let (month, day) = (number(month)?, number(day)?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Date {
        year: Some(year),
        month: Some(month),
        day: Some(day),
    })
}
