//! Verdicts, as told.

use serde_json::{Value, json};

use super::prompt::{Request, Statement};

/// How the model judges. What is said of "each n-th" statement holds for those whose number in the request is a multiple.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdicts {
    /// Everything follows.
    #[default]
    Entailed,
    /// Each n-th has an issue of this verdict; only at the first look, unless stubborn.
    Issues {
        /// `partly`, `not` or `contradicts`.
        verdict: &'static str,
        /// Which.
        each: u32,
        /// At every look.
        stubborn: bool,
    },
    /// Each n-th is left out; only when asked for the first time, unless stubborn.
    Silent {
        /// Which.
        each: u32,
        /// When asked again too.
        stubborn: bool,
    },
    /// Numbers of statements that are not there, and none of those that are.
    Nonsense,
}

/// The verdicts of a request.
pub(super) fn answer(request: &Request, verdicts: Verdicts) -> Value {
    let is_later = request.user.contains("This is look");
    let is_again = request.user.contains("No verdict could be read");
    let statements = request.statements();
    match verdicts {
        Verdicts::Issues {
            verdict,
            each,
            stubborn,
        } if stubborn || !is_later => {
            let (wrong, right) = parted(statements, each);
            json!({"entailed": numbers(&right), "issues": wrong.iter().map(|one| issue(one, verdict)).collect::<Vec<_>>()})
        }
        Verdicts::Silent { each, stubborn } if stubborn || !is_again => {
            let (_, right) = parted(statements, each);
            json!({"entailed": numbers(&right), "issues": []})
        }
        Verdicts::Nonsense => json!({"entailed": [9_001, 9_002], "issues": []}),
        Verdicts::Entailed | Verdicts::Issues { .. } | Verdicts::Silent { .. } => {
            json!({"entailed": numbers(&statements), "issues": []})
        }
    }
}

/// Each n-th statement, and the others.
fn parted(statements: Vec<Statement>, each: u32) -> (Vec<Statement>, Vec<Statement>) {
    statements
        .into_iter()
        .partition(|one| one.number.is_multiple_of(each.max(1)))
}

fn numbers(statements: &[Statement]) -> Vec<u32> {
    statements.iter().map(|one| one.number).collect()
}

fn issue(statement: &Statement, verdict: &str) -> Value {
    let words: Vec<&str> = statement.text.split_whitespace().rev().take(3).collect();
    let words: Vec<&str> = words.into_iter().rev().collect();
    json!({
        "statement": statement.number, "verdict": verdict, "words": words.join(" "), "evidence": "",
        "problem": "these words do not follow from the evidence",
    })
}
