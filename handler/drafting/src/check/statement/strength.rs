//! How firmly something is said, how far it goes, and in which direction (rule G09).

use super::english::{ADVISES, DEGREES, DEMANDS, HEDGES, OPPOSITES, SOFTENERS, UNSETTLED};
use super::words::{any, holds, place_of};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    strengthened(cited, remarks);
    certain(cited, remarks);
    weakened(cited, remarks);
    degrees(cited, remarks);
    absolutes(cited, remarks);
    opposites(cited, remarks);
}

/// The cited sentence that the statement says most of.
fn main<'c>(cited: &'c Cited) -> Option<&'c Evidence<'c>> {
    let share = |evidence: &Evidence| 1000 * evidence.shared / evidence.part().senses.len().max(4);
    cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared > 0)
        .max_by_key(|evidence| share(evidence))
}

/// What is queried, "?ARFID", or probable is not told as certain.
fn certain(cited: &Cited, remarks: &mut Remarks) {
    const CERTAIN: &[&str] = &[
        "definitely",
        "certainly",
        "undoubtedly",
        "clearly shows",
        "without doubt",
        "proves",
        "proven",
    ];
    const PROBABLE: &[&str] = &[
        "probabl*", "likely", "possib*", "may", "might", "perhaps", "appear*", "seem*",
    ];
    let open =
        any(&cited.text.tokens, SOFTENERS).is_some() || cited.holds(UNSETTLED) || cited.raw.contains('?');
    let queried = cited.evidence.iter().flat_map(|evidence| queried(evidence.raw));
    for word in queried {
        if !open && cited.text.tokens.iter().any(|token| token.raw == word) {
            remarks.add(
                &rules::STRENGTHENED,
                format!("the evidence queries \u{201c}{word}\u{201d}, the statement does not"),
            );
        }
    }
    if let Some(word) = any(&cited.text.tokens, CERTAIN)
        && cited.evidence_holds(PROBABLE)
        && !cited.evidence_holds(CERTAIN)
    {
        remarks.add(
            &rules::STRENGTHENED,
            format!("the evidence is tentative, the statement says \u{201c}{word}\u{201d}"),
        );
    }
}

/// The words that a question mark goes before.
fn queried(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .filter_map(|word| word.trim_start_matches(['(', '"']).strip_prefix('?'))
        .map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.len() > 2)
}

/// What opens the purpose of something that was done.
const PURPOSE: &[&str] = &[
    "so that she",
    "so that he",
    "so that they",
    "so she",
    "so he",
    "so they",
    "in order that",
];

/// What the evidence only thinks possible is no certainty, and what it advises no demand.
fn strengthened(cited: &Cited, remarks: &mut Remarks) {
    let Some(evidence) = main(cited) else { return };
    let tokens = &evidence.part().tokens;
    // "so that she could have study time" tells what for.
    let purpose = any(tokens, PURPOSE).is_some();
    if let Some(hedge) = any(tokens, HEDGES)
        .filter(|hedge| !(purpose && (matches!(*hedge, "may" | "might") || hedge.starts_with("could"))))
    {
        let after = place_of(tokens, hedge)
            .and_then(|at| tokens.get(at..))
            .unwrap_or_default();
        let claimed = after
            .iter()
            .filter(|token| token.is_word() && cited.text.tokens.iter().any(|own| own.low == token.low))
            .count();
        let demands = cited.holds(DEMANDS) && !cited.evidence_holds(DEMANDS);
        let taken = demands || claimed >= 1 && evidence.shared * 3 >= evidence.part().senses.len().min(9);
        // A condition that the evidence has too softens nothing.
        let about = matches!(hedge, "perhaps" | "possibly")
            && cited.holds(&["about", "around", "roughly", "approximately"]);
        let kept = about
            || SOFTENERS.iter().any(|word| {
                cited.holds(&[word]) && !(matches!(*word, "if" | "whether") && cited.evidence_holds(&[word]))
            });
        if !kept && taken {
            remarks.add(
                &rules::STRENGTHENED,
                format!(
                    "the evidence is tentative (\u{201c}{}\u{201d}), the statement is not",
                    hedge.trim_end_matches('*')
                ),
            );
        }
        return;
    }
    let Some(advises) = any(tokens, ADVISES) else {
        return;
    };
    if let Some(demand) = any(&cited.text.tokens, DEMANDS) {
        let kept = cited.holds(&[
            "recommend*",
            "suggest*",
            "advis*",
            "should",
            "would",
            "could",
            "may",
            "might",
            "hope*",
            "ideally",
            "propos*",
        ]);
        if !kept && !cited.evidence_holds(DEMANDS) {
            remarks.add(
                &rules::STRENGTHENED,
                format!("the evidence advises (\u{201c}{}\u{201d}), the statement demands (\u{201c}{demand}\u{201d})", advises.trim_end_matches('*')),
            );
        }
    }
}

/// What the evidence says firmly is not made a mere possibility.
fn weakened(cited: &Cited, remarks: &mut Remarks) {
    let weak = [
        "may benefit",
        "might",
        "could benefit",
        "possibly",
        "perhaps",
        "may need",
        "may be given",
        "may receive",
        "where possible",
        "if needed",
        "as needed",
        "as required",
        "when available",
        "if possible",
        "where appropriate",
        "as appropriate",
    ];
    let Some(word) = any(&cited.text.tokens, &weak) else {
        return;
    };
    if !cited.evidence_holds(&weak)
        && !cited.evidence_holds(SOFTENERS)
        && !cited.evidence_holds(&["should", "would", "as requir*", "as necess*"])
    {
        remarks.add(
            &rules::WEAKENED,
            format!("the statement is tentative (\u{201c}{word}\u{201d}), the evidence is not"),
        );
    }
}

fn degrees(cited: &Cited, remarks: &mut Remarks) {
    for (some, all) in DEGREES {
        let Some(evidence) = main(cited) else { return };
        let Some(degree) = any(&evidence.part().tokens, some) else {
            continue;
        };
        let absolute = all.iter().find(|word| {
            matches!(
                **word,
                "always"
                    | "never"
                    | "constantly"
                    | "invariably"
                    | "completely"
                    | "totally"
                    | "entirely"
                    | "continually"
                    | "all"
            ) && holds(&cited.text.tokens, word)
        });
        if let Some(word) = absolute {
            let kept = cited.holds(some)
                || cited.evidence_holds(&[
                    word,
                    "each",
                    "every",
                    "throughout",
                    "whole",
                    "all",
                    "both",
                    "no",
                    "not",
                    "none",
                ]);
            if !kept {
                remarks.add(
                    &rules::STRENGTHENED,
                    format!(
                        "the evidence says \u{201c}{degree}\u{201d}, the statement \u{201c}{word}\u{201d}"
                    ),
                );
            }
        }
    }
}

/// "always" where the evidence says nothing of the kind.
fn absolutes(cited: &Cited, remarks: &mut Remarks) {
    const ABSOLUTE: &[&str] = &[
        "always",
        "constantly",
        "invariably",
        "completely",
        "totally",
        "entirely",
    ];
    let given = cited.evidence_holds(ABSOLUTE)
        || cited.evidence_holds(&["altogether"])
        || cited.evidence_holds(&[
            "each",
            "every",
            "throughout",
            "whole",
            "all",
            "any",
            "never",
            "none",
            "continu*",
            "fully",
            "whenever",
            "without",
            "daily",
            "only",
            "must",
            "still",
            "everything",
            "everyone",
            "everywhere",
            "full",
        ]);
    let denied = |word: &&str| {
        place_of(&cited.text.tokens, word)
            .and_then(|at| cited.text.tokens.get(at.checked_sub(1)?))
            .is_some_and(|before| matches!(before.low.as_str(), "not" | "almost" | "nearly"))
    };
    if let Some(word) = any(&cited.text.tokens, ABSOLUTE).filter(|word| !given && !denied(word)) {
        remarks.add(
            &rules::STRENGTHENED,
            format!("the statement says \u{201c}{word}\u{201d}, the evidence does not"),
        );
    }
}

/// Words whose contrary no denial makes right.
const SIDES: &[&str] = &[
    "left",
    "paternal",
    "maternal",
    "expressive",
    "receptive",
    "fine",
    "morning*",
    "mornings",
    "morning",
    "upper",
    "spring",
    "summer",
    "mild",
    "moderate",
    "severe",
    "one ear",
];

/// The contrary of a word of the evidence in its place.
fn opposites(cited: &Cited, remarks: &mut Remarks) {
    let own_words = &cited.text.tokens;
    let denies = any(
        own_words,
        &["not", "no", "never", "without", "than", "neither", "nor"],
    )
    .is_some();
    for (a, b) in OPPOSITES {
        for (own, other) in [(a, b), (b, a)] {
            if matches!((*own, *other), ("first" | "end" | "below average", _)) {
                continue;
            }
            let swapped =
                || holds(own_words, own) && !holds(own_words, other) && !cited.evidence_holds(&[own]);
            let main = || {
                cited
                    .evidence
                    .iter()
                    .any(|evidence| evidence.shared > 0 && holds(&evidence.part().tokens, other))
            };
            let anyway =
                || SIDES.contains(a) || !denies && !cited.evidence_holds(&["not", "no", "never", "without"]);
            if swapped() && main() && anyway() && same_place(cited, own, other) {
                remarks.add(
                    &rules::DIRECTION,
                    format!(
                        "the evidence says \u{201c}{}\u{201d}, the statement \u{201c}{}\u{201d}",
                        other.trim_end_matches('*'),
                        own.trim_end_matches('*')
                    ),
                );
            }
        }
    }
}

/// Whether the two words stand beside the same neighbour.
fn same_place(cited: &Cited, own: &str, other: &str) -> bool {
    let near = |tokens: &[super::Token], phrase: &str| -> Vec<String> {
        let Some(at) = place_of(tokens, phrase) else {
            return Vec::new();
        };
        tokens
            .get(at.saturating_sub(6)..(at + 7).min(tokens.len()))
            .unwrap_or_default()
            .iter()
            .filter(|token| token.is_word() && !super::words::is_stop(&token.low))
            .map(|token| super::words::sense(&token.low))
            .collect()
    };
    // What follows "before" and what follows "after" change places in a paraphrase.
    if matches!(
        own,
        "before" | "after" | "above" | "below" | "more" | "less" | "earlier" | "later"
    ) {
        let next = |tokens: &[super::Token], phrase: &str| {
            let at = place_of(tokens, phrase)?;
            let mut behind = tokens.get(at + 1..)?.iter();
            let telling = behind.find(|token| !token.is_mark() && !super::words::is_stop(&token.low))?;
            Some(super::words::sense(&telling.low))
        };
        let here = next(&cited.text.tokens, own);
        return here.is_some()
            && cited
                .evidence
                .iter()
                .any(|evidence| next(&evidence.part().tokens, other) == here);
    }
    let here = near(&cited.text.tokens, own);
    cited.evidence.iter().any(|evidence| {
        near(&evidence.part().tokens, other)
            .iter()
            .any(|sense| here.contains(sense))
    })
}
