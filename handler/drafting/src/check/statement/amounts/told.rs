//! Amounts that the evidence gives without the number: told one by one, in a column, as a multiple.

use super::super::Cited;
use super::super::number::THOUSAND;
use super::super::quantity::{Found, Quantity};
use super::super::words::Token;
use super::given::Given;

/// The most that is counted one by one.
const MOST: i64 = 6 * THOUSAND;

/// Whether what the statement counts or compares is so by the evidence, which does not say the number.
pub(super) fn otherwise(found: &Found, cited: &Cited, given: &Given) -> bool {
    match &found.quantity {
        Quantity::Label(name, n) => given.numbers.contains(n) && cited.evidence_holds(&[name]),
        Quantity::Count(n, _) if *n <= MOST => {
            let own = cited
                .text
                .tokens
                .get(found.start)
                .map_or("", |token| token.low.as_str());
            let multiple =
                matches!(own, "twice" | "double" | "doubled" | "triple" | "thrice") && given.times(*n);
            multiple || doses(*n, found, cited, given) || listed(*n, found, cited)
        }
        _ => false,
    }
}

/// "two 100 mg doses" of "100 mg on waking and 100 mg at noon".
fn doses(n: i64, found: &Found, cited: &Cited, given: &Given) -> bool {
    let behind = cited.text.tokens.get(found.end..).unwrap_or_default();
    let dose = |token: &Token| matches!(token.low.as_str(), "dose" | "doses");
    behind.iter().take(4).any(dose) && given.repeats(n)
}

/// "two languages, English and Urdu": what is counted stands behind, and in the evidence.
fn listed(n: i64, found: &Found, cited: &Cited) -> bool {
    let behind = cited.text.tokens.get(found.end..).unwrap_or_default();
    let opens = |token: &Token| matches!(token.low.as_str(), "," | ":" | "(" | "\u{2013}");
    let Some(at) = behind.iter().take(4).position(opens) else {
        return false;
    };
    let list = behind.get(at + 1..).unwrap_or_default();
    let ends = |token: &&Token| !matches!(token.low.as_str(), "." | ";" | ")" | "\u{2013}");
    let list: Vec<&Token> = list.iter().take_while(ends).collect();
    let items = list
        .split(|token| matches!(token.low.as_str(), "," | "and" | "&"))
        .filter(|item| !item.is_empty());
    let given = |item: &&[&Token]| {
        item.len() < 4
            && item
                .iter()
                .all(|token| cited.evidence_holds(&[token.low.as_str()]))
    };
    let items: Vec<&[&Token]> = items.take_while(given).collect();
    i64::try_from(items.len()).is_ok_and(|count| count * THOUSAND == n)
}
