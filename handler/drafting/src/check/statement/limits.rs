//! "at least" and "up to" are kept, and neither becomes a bare amount.

use super::amounts::words;
use super::quantity::{Bound, Found, Quantity, Unit};
use super::words::Token;
use super::{Cited, Evidence, Remarks};
use crate::check::rules;

/// "at least" never becomes "up to", nor "up to 60" 60.
pub(super) fn check(cited: &Cited, given: &[&Found], remarks: &mut Remarks) {
    for found in &cited.text.quantities {
        let same: Vec<&&Found> = given
            .iter()
            .filter(|other| other.quantity == found.quantity)
            .collect();
        if same.is_empty() || same.iter().any(|other| other.bound == found.bound) {
            continue;
        }
        let turned = same
            .iter()
            .all(|other| other.bound != Bound::Exact && found.bound != Bound::Exact);
        let limit = same.iter().all(|other| other.bound == Bound::AtMost)
            && found.bound == Bound::Exact
            && same.iter().any(|other| stands_bare(cited, found, other));
        let words = words(&cited.text.tokens, found);
        if turned {
            remarks.add(
                &rules::DIRECTION,
                format!("\u{201c}{words}\u{201d} is a least where the evidence gives a most, or the reverse"),
            );
        } else if limit
            && !matches!(
                found.quantity,
                Quantity::Span(_, Unit::Month | Unit::Week | Unit::Term)
            )
        {
            remarks.add(
                &rules::STRENGTHENED,
                format!("the evidence gives \u{201c}{words}\u{201d} as the most, the statement as certain"),
            );
        }
    }
}

/// Whether only the limit was taken away: the same word stands before it in the evidence as before the bare amount in the
/// statement. What else may say a limit ("is over within", "the longest is") no list holds.
fn stands_bare(cited: &Cited, found: &Found, other: &Found) -> bool {
    const LIMITS: &[&str] = &[
        "up", "to", "at", "most", "no", "not", "more", "less", "fewer", "than", "under", "below", "maximum",
        "of", "a", "as", "long", "much", "many", "within", "longer", "for", "lower", "shorter", "greater",
        "over",
    ];
    let before = |all: &[Token], start: usize| -> Option<String> {
        let mut words = all.get(..start)?.iter().rev().map(|token| token.low.as_str());
        words.find(|word| !LIMITS.contains(word)).map(super::words::stem)
    };
    if cited.holds(&[
        "most", "maximum", "limit*", "exceed*", "within", "longest", "largest", "biggest", "longer",
        "larger", "bigger",
    ]) {
        return false;
    }
    let own = before(&cited.text.tokens, found.start);
    cited.evidence.iter().flat_map(Evidence::texts).any(|text| {
        text.quantities
            .iter()
            .any(|quantity| std::ptr::eq(quantity, other))
            && before(&text.tokens, other.start) == own
    })
}
