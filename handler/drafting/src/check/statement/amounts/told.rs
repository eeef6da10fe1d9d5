//! Amounts that the evidence gives without the number: told one by one, in a column, as a multiple.

use super::super::Cited;
use super::super::english::LANGUAGES;
use super::super::number::THOUSAND;
use super::super::quantity::{Found, Period, Quantity};
use super::super::words::Token;
use super::given::Given;

/// The most that is counted one by one.
const MOST: i64 = 6 * THOUSAND;

/// Whether what the statement counts or compares is so by the evidence, which does not say the number.
pub(super) fn otherwise(found: &Found, cited: &Cited, given: &Given) -> bool {
    match &found.quantity {
        Quantity::Label(name, n) => {
            given.numbers.contains(n) && cited.evidence_holds(&[name]) || ends_stage(name, *n, given)
        }
        // "50 mg each night" of "50 mg at night".
        Quantity::Rate(THOUSAND, 1, period @ (Period::Night | Period::Morning | Period::Evening)) => {
            given.parts.contains(period)
                && cited.evidence_holds(&["mg", "ml", "tablet*", "dose*", "spray*", "drops"])
        }
        // "four occasions during the year" of "four times this year".
        Quantity::Rate(n, 12, Period::Month) => {
            given.numbers.contains(n) && cited.evidence_holds(&["this year", "that year", "last year"])
        }
        Quantity::Count(n, _) if *n <= MOST => {
            let own = cited
                .text
                .tokens
                .get(found.start)
                .map_or("", |token| token.low.as_str());
            let multiple =
                matches!(own, "twice" | "double" | "doubled" | "triple" | "thrice") && given.times(*n);
            multiple
                || doses(*n, found, cited, given)
                || listed(*n, found, cited)
                || languages(*n, found, cited)
        }
        _ => false,
    }
}

/// "the end of Year 6" of the end of Key Stage 2: the last years of the key stages (Education Act 2002, section 82).
fn ends_stage(name: &str, n: i64, given: &Given) -> bool {
    const LAST: &[(i64, i64)] = &[(1, 2), (2, 6), (3, 9), (4, 11)];
    let stage = |wanted: i64| {
        given
            .quantities()
            .any(|q| matches!(q, Quantity::Label("stage", own) if *own == wanted * THOUSAND))
    };
    name == "year"
        && LAST
            .iter()
            .any(|(number, year)| n == year * THOUSAND && stage(*number))
}

/// "two languages" of "Welsh to his grandfather and English to me".
fn languages(n: i64, found: &Found, cited: &Cited) -> bool {
    let next = cited.text.tokens.get(found.end);
    next.is_some_and(|token| token.low == "languages") && {
        let spoken = LANGUAGES
            .iter()
            .filter(|language| cited.evidence_holds(&[language]));
        i64::try_from(spoken.count()).is_ok_and(|count| count * THOUSAND == n)
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
