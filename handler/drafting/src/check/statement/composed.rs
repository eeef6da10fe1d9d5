//! Frequencies that a text makes of two parts: "four absence seizures a week", "at the start and end of each day".

use super::number::THOUSAND;
use super::quantity::{Bound, Found, Quantity, Unit};
use super::words::Token;

/// Of "four absence seizures a week" and "six nights of respite annually" the frequency: so many in a period.
pub(super) fn of(tokens: &[Token], found: &[Found]) -> Vec<Found> {
    let near = |a: &Found, b: &Found| {
        let between = tokens.get(a.end..b.start).unwrap_or_default();
        b.start >= a.end && between.len() <= 5 && !between.iter().any(Token::is_mark)
    };
    let mut all = Vec::new();
    for b in found {
        let Quantity::Rate(THOUSAND, every, period) = b.quantity else {
            continue;
        };
        let (from, times) = moments(tokens, b);
        if times > 1 {
            all.push(Found {
                quantity: Quantity::Rate(times * THOUSAND, every, period),
                bound: Bound::Exact,
                about: b.about,
                start: from,
                end: b.end,
            });
        }
        for a in found.iter().filter(|a| near(a, b)) {
            if let Quantity::Count(n, _) | Quantity::Span(n, Unit::Day) = a.quantity {
                all.push(Found {
                    quantity: Quantity::Rate(n, every, period),
                    bound: a.bound,
                    about: a.about,
                    start: a.start,
                    end: b.end,
                });
            }
        }
    }
    all
}

/// How many moments are named before a period, and where: two in "at the start and end of each day".
fn moments(tokens: &[Token], period: &Found) -> (usize, i64) {
    const MOMENTS: &[&str] = &[
        "start",
        "end",
        "beginning",
        "middle",
        "morning",
        "afternoon",
        "lunch",
        "lunchtime",
        "break",
        "breaktime",
        "arrival",
        "departure",
        "before",
        "after",
    ];
    let from = period.start.saturating_sub(7);
    let before = tokens.get(from..period.start).unwrap_or_default();
    let joined = before.iter().any(|token| token.low == "and");
    let named = before
        .iter()
        .filter(|token| MOMENTS.contains(&token.low.as_str()))
        .count();
    (
        from,
        if joined {
            i64::try_from(named).unwrap_or(0)
        } else {
            0
        },
    )
}
