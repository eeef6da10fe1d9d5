//! Frequencies that a text makes of two parts: "four absence seizures a week", "at the start and end of each day".

use super::number::THOUSAND;
use super::quantity::{Bound, Found, Quantity, Unit};
use super::words::Token;

/// Of "four absence seizures a week" and "six nights of respite annually" the frequency: so many in a period.
pub(super) fn of(tokens: &[Token], found: &[Found]) -> Vec<Found> {
    let near = |a: &Found, b: &Found| {
        let between = tokens.get(a.end..b.start).unwrap_or_default();
        b.start >= a.end && between.len() <= 6 && !between.iter().any(Token::is_mark)
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
        // "Daily: 2 x 15 minutes".
        let several = found.iter().find(|a| {
            tokens.get(a.end).is_some_and(|token| token.low == "x")
                && found.iter().any(|long| {
                    long.start == a.end + 1 && matches!(long.quantity, Quantity::Span(_, Unit::Second))
                })
        });
        if let Some(a) = several
            && let Quantity::Count(n, _) = a.quantity
        {
            all.push(Found {
                quantity: Quantity::Rate(n, every, period),
                bound: a.bound,
                about: a.about,
                start: a.start.min(b.start),
                end: a.end.max(b.end),
            });
        }
        // "on every day at college three or more times".
        let after = found
            .iter()
            .filter(|a| a.start >= b.end && told_times(tokens, b.end, a));
        if let Some(a) = after.take(1).next()
            && let Quantity::Count(n, _) = a.quantity
        {
            all.push(Found {
                quantity: Quantity::Rate(n, every, period),
                bound: a.bound,
                about: a.about,
                start: b.start,
                end: a.end,
            });
        }
        for a in found.iter().filter(|a| near(a, b)) {
            // "a full day every year" of "half a day yearly" is no yearly time of another length.
            let several = match a.quantity {
                Quantity::Count(n, _) => Some(n),
                Quantity::Span(n, Unit::Day) => Some(n).filter(|n| *n > THOUSAND),
                _ => None,
            };
            if let Some(n) = several {
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

/// Whether a count behind `from` in its sentence says how many times.
fn told_times(tokens: &[Token], from: usize, count: &Found) -> bool {
    let between = tokens.get(from..count.start).unwrap_or_default();
    let behind = tokens
        .get(count.end..(count.end + 4).min(tokens.len()))
        .unwrap_or_default();
    !between
        .iter()
        .any(|token| matches!(token.low.as_str(), "." | ";"))
        && behind
            .iter()
            .take_while(|token| !token.is_mark())
            .any(|token| matches!(token.low.as_str(), "times" | "occasions"))
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
