//! On which side of its number a quantity lies: "at least", "up to", "no more than".

use super::quantity::Bound;
use super::words::Token;

/// The bound of the quantity that stands from `start` to `end`.
pub(super) fn of(tokens: &[Token], start: usize, end: usize) -> Bound {
    inner_bound(tokens, start, end).unwrap_or_else(|| bound(tokens, start, end))
}

/// Whether the words around say that it is not exact: "almost two years", "about half", "ten minutes or so".
pub(super) fn is_about(tokens: &[Token], start: usize, end: usize) -> bool {
    const ABOUT: &[&str] = &[
        "about",
        "almost",
        "nearly",
        "around",
        "approximately",
        "approx",
        "roughly",
        "some",
        "circa",
        "just",
        "close",
        "barely",
        "over",
        "under",
    ];
    let before = tokens.get(start.saturating_sub(2)..start).unwrap_or_default();
    let behind = tokens.get(end..end + 2).unwrap_or_default();
    before.iter().any(|token| ABOUT.contains(&token.low.as_str()))
        || matches!(behind, [or, so] if or.low == "or" && so.low == "so")
}

/// "group of no more than eight": the bound stands inside.
fn inner_bound(tokens: &[Token], start: usize, end: usize) -> Option<Bound> {
    let inside = tokens.get(start..end).unwrap_or_default();
    let has = |word: &str| inside.iter().any(|token| token.low == word);
    match () {
        () if has("more") && !has("no") || has("least") || has("minimum") => Some(Bound::AtLeast),
        () if has("fewer") && has("no") => Some(Bound::AtLeast),
        () if ["more", "fewer", "up", "most", "maximum"]
            .iter()
            .any(|word| has(word)) =>
        {
            Some(Bound::AtMost)
        }
        () => None,
    }
}

/// What the words around say of a number.
fn bound(tokens: &[Token], start: usize, end: usize) -> Bound {
    let before: Vec<&str> = tokens
        .get(start.saturating_sub(4)..start)
        .unwrap_or_default()
        .iter()
        .map(|token| token.low.as_str())
        .collect();
    let behind: Vec<&str> = tokens
        .get(end..(end + 5).min(tokens.len()))
        .unwrap_or_default()
        .iter()
        .take_while(|token| !token.is_mark())
        .map(|token| token.low.as_str())
        .collect();
    let negates = |token: &Token| matches!(token.low.as_str(), "no" | "not" | "never");
    let denied = before.iter().any(|word| matches!(*word, "no" | "not" | "never"));
    // "is not left in the house for longer than", "cannot complete one of more than": what is bounded is not certain.
    let further = tokens.get(start.saturating_sub(12)..start).unwrap_or_default();
    if !denied
        && matches!(before.as_slice(), [.., "than"])
        && further
            .iter()
            .rev()
            .take_while(|token| !token.is_mark())
            .any(negates)
    {
        return Bound::Exact;
    }
    match before.as_slice() {
        [.., "at", "least"] | [.., "minimum"] | [.., "minimum", "of"] => Bound::AtLeast,
        [.., "fewer" | "less" | "under" | "below", "than"] | [.., "under" | "below"] if denied => {
            Bound::AtLeast
        }
        [.., "more" | "longer" | "greater" | "over" | "higher", "than"] if denied => Bound::AtMost,
        [.., "up", "to"]
        | [.., "at", "most"]
        | [.., "as", "long" | "much" | "many", "as"]
        | [.., "maximum", "of"]
        | [.., "within" | "inside" | "maximum" | "under" | "below"]
        | [.., "fewer" | "less" | "lower" | "shorter", "than"] => Bound::AtMost,
        [.., "more" | "longer" | "greater" | "higher", "than"] | [.., "over" | "above" | "exceeding"] => {
            Bound::AtLeast
        }
        _ => match behind.as_slice() {
            // "five words or more", "eight students at most"; "at least twice" bounds what follows.
            [
                "or",
                "more" | "above" | "longer" | "over" | "higher" | "greater",
                ..,
            ]
            | [_, "or", "more", ..]
            | [_, "at", "least"]
            | ["as", "a", "minimum", ..]
            | ["minimum", ..] => Bound::AtLeast,
            ["or", "less" | "fewer" | "below" | "under" | "lower", ..]
            | [_, "at", "most", ..]
            | ["at", "most", ..]
            | ["as", "a", "maximum", ..]
            | ["maximum", ..]
            | [_, "or", "fewer" | "less", ..] => Bound::AtMost,
            _ => Bound::Exact,
        },
    }
}
