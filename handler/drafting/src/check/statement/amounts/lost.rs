//! Specifics of a measure that the evidence gives and the statement leaves out.

use super::super::number;
use super::super::number::THOUSAND;
use super::super::quantity::{Found, Period, Quantity, Unit};
use super::super::{Cited, Remarks, Text};
use super::company::BY_HERSELF;
use super::given::Given;
use super::same::{same_rate, same_span};
use super::unsupported;
use crate::check::rules;
use crate::recipe::Role;

/// The specifics that a measure is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Specific {
    Ratio,
    Duration,
    Frequency,
    /// For how long it runs: "ten weeks", "two terms".
    Course,
    Share,
}

impl Specific {
    const ALL: [Self; 5] = [
        Self::Ratio,
        Self::Duration,
        Self::Frequency,
        Self::Course,
        Self::Share,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Ratio => "ratio or group size",
            Self::Duration => "duration",
            Self::Frequency => "frequency",
            Self::Course => "length of time",
            Self::Share => "percentage",
        }
    }
}

fn specific(quantity: &Quantity) -> Option<Specific> {
    match quantity {
        Quantity::Ratio(..) => Some(Specific::Ratio),
        Quantity::Span(_, Unit::Second) => Some(Specific::Duration),
        Quantity::Span(_, Unit::Week | Unit::Term | Unit::HalfTerm) => Some(Specific::Course),
        Quantity::Rate(..) | Quantity::Sessions(..) => Some(Specific::Frequency),
        Quantity::Share(_) => Some(Specific::Share),
        _ => None,
    }
}

/// A ratio, duration or frequency that a cited sentence gives and the statement leaves out altogether, in a section
/// of measures.
pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    if cited.purpose != Some(Role::Measure) {
        return;
    }
    for evidence in &cited.evidence {
        if evidence.shared == 0 {
            continue;
        }
        for kind in Specific::ALL {
            let of_kind = |found: &&Found| specific(&found.quantity) == Some(kind);
            let has = |text: &Text| text.quantities.iter().any(|found| of_kind(&found));
            let group = |found: &Found| matches!(found.quantity, Quantity::Ratio(_, n) if n > THOUSAND);
            let individual = kind == Specific::Ratio
                && !evidence.part().quantities.iter().any(group)
                && cited
                    .text
                    .tokens
                    .iter()
                    .any(|token| matches!(token.low.as_str(), "individual" | "individually"));
            if !has(evidence.part()) || individual {
                continue;
            }
            let composed = evidence.part().composed.iter();
            let kept = evidence.part().quantities.iter().chain(composed).filter(of_kind).any(|given| {
                if told_in_words(cited, &given.quantity) {
                    return true;
                }
                let own = Given::alone(given);
                cited.text.quantities.iter().chain(&cited.text.composed).any(|found| {
                    let each = matches!(
                        found.quantity,
                        Quantity::Sessions(_, every, period) if same_rate((THOUSAND, every, period), &given.quantity)
                    );
                    // "a full day" of "24 hours".
                    let of_kind = specific(&found.quantity) == Some(kind)
                        || kind == Specific::Duration && matches!(found.quantity, Quantity::Span(..));
                    // "sixteen weekly sessions" of "weekly for 16 weeks".
                    let lasts = matches!(given.quantity, Quantity::Span(amount, unit)
                        if kind == Specific::Course && same_span(amount, unit, &found.quantity));
                    lasts || of_kind && (each || unsupported(found, &own).is_none())
                })
            });
            if !kept {
                let what = kind.name();
                remarks.add(
                    &rules::LOST_SPECIFIC,
                    format!("the evidence gives a {what} that the statement leaves out"),
                );
            }
        }
    }
}

/// Two children, in thousandths.
const PAIR: i64 = 2 * THOUSAND;

/// "a group (one to three)", "a quarter extra time": the amount stands there as a bare number.
fn told_in_words(cited: &Cited, given: &Quantity) -> bool {
    let mut numbers = (0..cited.text.tokens.len()).filter_map(|at| number::read(&cited.text.tokens, at));
    match given {
        Quantity::Ratio(_, children) if *children > THOUSAND && cited.holds(&["group*"]) => {
            cited.holds(&["group*"])
                && !cited.holds(&["least", "more", "minimum"])
                && numbers.any(|(n, _)| n == *children)
        }
        Quantity::Ratio(0, PAIR) => cited.holds(&[
            "and a peer",
            "with a peer",
            "another pupil",
            "another child",
            "another student",
            "one other",
            "partner",
            "and a classmate",
            "with a classmate",
        ]),
        // "an adult to himself", "an adult of her own".
        Quantity::Ratio(_, THOUSAND) => {
            cited.holds(BY_HERSELF)
                || cited.holds(&[
                    "to himself",
                    "to herself",
                    "to themselves",
                    "of his own",
                    "of her own",
                    "of their own",
                    "dedicated",
                    "alone",
                    "sole",
                    "individual*",
                    "solely",
                ])
        }
        Quantity::Rate(THOUSAND, 1, Period::Lesson) => cited.holds(&["all lessons", "all of the lessons"]),
        Quantity::Share(share) => numbers.any(|(n, _)| 100 * n == *share),
        _ => false,
    }
}
