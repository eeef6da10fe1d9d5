//! What a statement says besides its evidence: conditions, roles, equipment, whole clauses.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::english::{ORDINARY, ROLES, SENSITIVE, THINGS};
use super::words::{Token, any, clauses, is_stop, sense, stem};
use super::{Cited, Remarks};
use crate::check::rules;

static PLAIN: LazyLock<BTreeSet<String>> = LazyLock::new(|| ORDINARY.split_whitespace().map(sense).collect());

/// Whether the word belongs to every plan.
pub(super) fn is_ordinary(word: &str) -> bool {
    is_stop(word) || PLAIN.contains(&sense(word))
}

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    families(cited, remarks);
    clauses_of_their_own(cited, remarks);
}

fn families(cited: &Cited, remarks: &mut Remarks) {
    let given = |family: &[&str]| {
        cited.evidence.iter().any(|evidence| {
            evidence
                .texts()
                .chain(&evidence.headings)
                .chain(&evidence.role)
                .any(|text| any(&text.tokens, family).is_some())
        })
    };
    for family in SENSITIVE {
        if let Some(word) = any(&cited.text.tokens, family)
            && !given(family)
        {
            remarks.add(
                &rules::SENSITIVE,
                format!(
                    "\u{201c}{}\u{201d} does not stand in the evidence",
                    word.trim_end_matches('*')
                ),
            );
        }
    }
    for (families, what) in [(ROLES, "role"), (THINGS, "thing")] {
        for family in families {
            if let Some(word) = any(&cited.text.tokens, family)
                && !given(family)
            {
                remarks.add(
                    &rules::UNSUPPORTED,
                    format!(
                        "the {what} \u{201c}{}\u{201d} does not stand in the evidence",
                        word.trim_end_matches('*')
                    ),
                );
            }
        }
    }
}

/// The fewest words of its own for which a clause is called unsupported.
const OWN_WORDS: usize = 3;

/// A clause most of whose telling words stand nowhere in the evidence was not taken from it.
fn clauses_of_their_own(cited: &Cited, remarks: &mut Remarks) {
    let stems: BTreeSet<String> = cited
        .evidence
        .iter()
        .flat_map(|evidence| evidence.texts().chain(&evidence.headings))
        .flat_map(|text| text.tokens.iter().map(|token| stem(&token.low)))
        .collect();
    let spoken = super::people::quoted(&cited.text.tokens);
    if !spoken.is_empty() {
        return;
    }
    let parts = wide(&cited.text.tokens);
    let least = if parts.len() > 1 && close(cited) {
        OWN_WORDS - 1
    } else {
        OWN_WORDS
    };
    for clause in parts {
        let telling: Vec<&Token> = clause
            .iter()
            .filter(|token| token.is_word() && !is_ordinary(&token.low) && !cited.who.is_subject(&token.low))
            .filter(|token| super::number::read(std::slice::from_ref(token), 0).is_none())
            .collect();
        let held = |token: &&&Token| {
            let sense = sense(&token.low);
            cited.senses.contains(&sense) || near(&stem(&token.low), &stems)
        };
        let own = telling.iter().filter(|token| !held(token)).count();
        if own >= least && own * 5 >= telling.len() * 4 {
            let words: Vec<&str> = telling
                .iter()
                .filter(|token| !held(token))
                .map(|token| token.raw.as_str())
                .collect();
            remarks.add(
                &rules::UNSUPPORTED,
                format!(
                    "the evidence says nothing of \u{201c}{}\u{201d}",
                    words.join(", ")
                ),
            );
        }
    }
}

/// Whether the statement is nearly in the words of its evidence, so that a foreign clause stands out.
fn close(cited: &Cited) -> bool {
    let telling = cited.text.senses.len();
    let held = cited
        .text
        .senses
        .iter()
        .filter(|sense| cited.senses.contains(*sense))
        .count();
    telling >= 6 && held * 4 >= telling * 3
}

/// Clauses, those of one or two words joined with what goes before.
fn wide(all: &[Token]) -> Vec<Vec<Token>> {
    let mut parts: Vec<Vec<Token>> = Vec::new();
    for clause in clauses(all) {
        match parts.last_mut() {
            Some(last) if clause.iter().filter(|token| token.is_word()).count() < 4 => {
                last.extend(clause.iter().cloned());
            }
            _ => parts.push(clause.to_vec()),
        }
    }
    parts
}

/// Whether a word of the evidence begins as this one does.
fn near(word: &str, stems: &BTreeSet<String>) -> bool {
    let head: String = word.chars().take(5).collect();
    head.chars().count() == 5 && stems.iter().any(|other| other.starts_with(&head))
}
