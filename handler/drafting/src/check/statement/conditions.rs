//! Conditions: "if she agrees" is not dropped, and never becomes "whether or not she agrees" (rule G09).

use std::collections::BTreeSet;

use super::words::{Token, akin, any, place_of, senses};
use super::{Cited, Remarks};
use crate::check::rules;

/// What opens a condition.
const OPENS: &[&str] = &[
    "if",
    "unless",
    "provided",
    "providing",
    "subject to",
    "as long as",
    "so long as",
    "on condition",
    "apart from",
    "except",
    "other than",
    "with the exception",
    "once the",
    "once she",
    "once he",
    "once they",
];

/// What a statement that keeps a condition may say instead.
const KEPT: &[&str] = &[
    "if",
    "unless",
    "provid*",
    "subject",
    "long as",
    "condition*",
    "when",
    "whenever",
    "where",
    "should",
    "once",
    "depend*",
    "agree*",
    "consent*",
    "permi*",
    "allow*",
    "willing*",
    "case",
    "event",
    "while",
    "until",
    "whether",
    "needed",
    "necessary",
    "required",
    "appropriate",
    "possible",
    "may",
    "might",
    "risk",
    "requires",
    "needs",
    "at times",
    "prompt*",
    "due to",
    "only",
    "apart",
    "except*",
    "exclu*",
    "other than",
    "but",
    "not",
    "whatever",
];

/// What says that a condition does not matter.
const WHATEVER: &[&str] = &[
    "whether or not",
    "regardless",
    "irrespective",
    "in any case",
    "even if",
    "no matter",
];

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    for evidence in &cited.evidence {
        let all = &evidence.part().tokens;
        for part in all.split(|token| matches!(token.low.as_str(), ";" | "." | "\u{2022}")) {
            let Some((main, condition)) = parts(part) else {
                continue;
            };
            let fault = match () {
                () if overridden(cited, all) => "the statement says that it does not matter",
                () if dropped(cited, &main, &condition) => "the statement says nothing of it",
                () => continue,
            };
            remarks.add(
                &rules::STRENGTHENED,
                format!("the evidence has a condition, and {fault}"),
            );
        }
    }
}

/// What is conditional and the condition, by their senses, where a part of a sentence has both.
fn parts(part: &[Token]) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    // "as if", "what if", "even if", "asks if" are no conditions.
    let opens = any(part, OPENS)?;
    let at = place_of(part, opens)?;
    let before = at
        .checked_sub(1)
        .and_then(|at| part.get(at))
        .map_or("", |token| token.low.as_str());
    if opens == "provided"
        && at > 0
        && before != ","
        && part.get(at + 1).is_none_or(|next| next.low != "that")
        || matches!(
            before,
            "as" | "what" | "even" | "see" | "ask" | "asks" | "asked" | "check" | "know"
        )
    {
        return None;
    }
    let set = |tokens: &[Token]| -> BTreeSet<String> { senses(tokens).into_iter().collect() };
    let behind = part.get(at + opens.split(' ').count()..)?;
    let subject = |(at, token): (usize, &Token)| {
        token.low == ","
            || at > 2
                && matches!(
                    token.low.as_str(),
                    "i" | "we" | "then" | "they" | "he" | "she" | "it" | "please"
                )
    };
    let end = behind
        .iter()
        .enumerate()
        .position(subject)
        .unwrap_or(behind.len());
    let rest = behind.get(end..).unwrap_or_default();
    let main = if at == 0 { set(rest) } else { set(part.get(..at)?) };
    Some((main, set(behind.get(..end)?)))
}

/// Whether the statement tells what is conditional, and neither the condition nor any other.
fn dropped(cited: &Cited, main: &BTreeSet<String>, condition: &BTreeSet<String>) -> bool {
    let own: BTreeSet<&String> = cited.text.senses.iter().collect();
    // The cells of a row tell one measure.
    let others = || cited.evidence.iter().flat_map(|evidence| &evidence.part().senses);
    let main: BTreeSet<&String> = if main.len() < 3 {
        main.iter()
            .chain(others())
            .filter(|sense| !condition.contains(*sense))
            .collect()
    } else {
        main.iter().collect()
    };
    let told = main.iter().filter(|sense| own.contains(*sense)).count();
    let kept = |sense: &String| own.iter().any(|own| *own == sense || akin(own, sense));
    let held = condition
        .iter()
        .filter(|sense| !main.contains(sense))
        .filter(|sense| kept(sense))
        .count();
    told >= 2
        && told * 2 >= main.len()
        && held * 3 <= condition.len().max(1)
        && held < 2
        && any(&cited.text.tokens, KEPT).is_none()
}

/// Whether the statement says "whether or not", and the evidence has nothing of the kind.
fn overridden(cited: &Cited, given: &[Token]) -> bool {
    cited.holds(WHATEVER) && any(given, WHATEVER).is_none()
}
