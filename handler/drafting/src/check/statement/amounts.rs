//! Numbers, dates, ratios, durations and frequencies: each stands, with its type, in the statement's own evidence.

use super::number::THOUSAND;
use super::quantity::{Found, Quantity, Unit};
use super::words::Token;
use super::{Cited, Remarks};
use crate::check::rules;

mod company;
mod given;
mod lost;
mod same;
mod told;

use given::Given;
use same::{age_of, count, has_date, of_parts, rate, same_rate, same_ratio, same_span, share};

/// Checks that every quantity of the statement is given, and that none that a measure is made of is lost.
pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let given = Given::of(cited);
    for found in &cited.text.quantities {
        let Some(kind) = unsupported(found, &given) else {
            continue;
        };
        if covering(found, &cited.text.composed).any(|whole| unsupported(whole, &given).is_none()) {
            continue;
        }
        if told::otherwise(found, cited, &given) {
            continue;
        }
        // "two years and two months" of 26 months; "11/25" is a month or a share.
        let whole = |other: &&Found| {
            (other.start, other.end) == (found.start, found.end)
                && (exceeds(other, found) || reads_otherwise(other, found))
        };
        if cited
            .text
            .quantities
            .iter()
            .find(whole)
            .is_some_and(|whole| unsupported(whole, &given).is_none())
        {
            continue;
        }
        remarks.add(
            &rules::NUMBER,
            format!(
                "the {kind} \u{201c}{}\u{201d} is not in the evidence",
                words(&cited.text.tokens, found)
            ),
        );
    }
    company::check(cited, &given, remarks);
    company::fewer(cited, &given, remarks);
    company::all_of(cited, &given, remarks);
    super::limits::check(cited, &given.all, remarks);
    lost::check(cited, remarks);
    company::untrained(cited, remarks);
}

/// Whether one is read as a date and the other as a share.
fn reads_otherwise(one: &Found, other: &Found) -> bool {
    matches!(
        (&one.quantity, &other.quantity),
        (Quantity::Date(_), Quantity::Of(..)) | (Quantity::Of(..), Quantity::Date(_))
    )
}

/// Whether one length of time is another and some months.
fn exceeds(whole: &Found, part: &Found) -> bool {
    match (&whole.quantity, &part.quantity) {
        (Quantity::Span(more, Unit::Month), Quantity::Span(years, Unit::Month)) => {
            years % (12 * THOUSAND) == 0 && (1..12 * THOUSAND).contains(&(more - years))
        }
        _ => false,
    }
}

/// The quantities that are made of a quantity and one beside it: "four seizures a week".
fn covering<'f>(found: &Found, composed: &'f [Found]) -> impl Iterator<Item = &'f Found> {
    let (start, end) = (found.start, found.end);
    composed
        .iter()
        .filter(move |whole| whole.start <= start && end <= whole.end)
}

pub(super) fn words(tokens: &[Token], found: &Found) -> String {
    let part = tokens.get(found.start..found.end).unwrap_or_default();
    part.iter()
        .map(|token| token.raw.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What kind of quantity it is, when the evidence does not give it.
fn unsupported(found: &Found, given: &Given) -> Option<&'static str> {
    let own = &found.quantity;
    let (kind, stands) = match own {
        Quantity::Ratio(adults, children) => (
            "ratio",
            given.quantities().any(|q| same_ratio(*adults, *children, q))
                || given.alone && *children == THOUSAND && *adults <= THOUSAND,
        ),
        Quantity::Span(amount, unit) => (
            "duration or age",
            given.quantities().any(|q| same_span(*amount, *unit, q))
                || age_of(*amount, *unit, given)
                || given.bare_span(*amount, *unit)
                || found.about && given.nearly(*amount, *unit)
                || *unit == Unit::Month && given.between_dates(*amount)
                || *unit == Unit::Day && given.rises_to(*amount)
                || *unit == Unit::Day
                    && given
                        .quantities()
                        .any(|q| matches!(q, Quantity::Rate(n, ..) | Quantity::Of(n, _) if n == amount && *n > THOUSAND)),
        ),
        Quantity::Rate(n, every, period) => ("frequency", rate((*n, *every, *period), given)),
        Quantity::Sessions(n, every, period) => (
            "frequency",
            given.quantities().any(|q| same_rate((*n, *every, *period), q))
                || given.numbers.contains(n)
                    && given
                        .quantities()
                        .any(|q| same_rate((THOUSAND, *every, *period), q)),
        ),
        Quantity::Share(n) => (
            "percentage",
            given.shares.contains(n) || given.quantities().any(|q| share(q) == Some(*n)),
        ),
        Quantity::Of(n, of) => (
            "count",
            given.quantities().any(|q| {
                matches!(q, Quantity::Of(a, b) if a == n && b == of)
                    || share(q) == share(own) && matches!(q, Quantity::Share(_))
            }) || of_parts(*n, *of, given)
                || given.tells_both(*n, *of)
                // "half of the eight units" of "4 of 8 complete".
                || *n < THOUSAND
                    && given
                        .quantities()
                        .any(|q| matches!(q, Quantity::Of(a, b) if b == of && *a * THOUSAND == n * of)),
        ),
        Quantity::Date(date) => ("date", has_date(*date, given)),
        Quantity::Clock(minutes) => (
            "time of day",
            given
                .quantities()
                .any(|q| matches!(q, Quantity::Clock(other) if other == minutes))
                || minutes % 60 == 0 && given.numbers.contains(&(minutes / 60 * THOUSAND)),
        ),
        Quantity::Count(n, nouns) => (
            "number",
            count(*n, nouns, given)
                // "a quarter extra time" of "25 per cent extra time".
                || *n < THOUSAND && given.quantities().any(|q| share(q) == Some(100 * n))
                || *n < THOUSAND && (given.exactly(*n) || found.about && given.about(*n)),
        ),
        Quantity::Money(_) | Quantity::Label(..) | Quantity::Named(_) => {
            ("figure", given.quantities().any(|q| q == own))
        }
    };
    (!stands).then_some(kind)
}
