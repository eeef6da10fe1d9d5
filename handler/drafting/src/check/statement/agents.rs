//! Who does what: a programme that a therapist writes and an assistant delivers is not told the other way round.

use std::collections::BTreeSet;

use super::english::ROLES;
use super::words::{Token, any, is_stop, sense};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;

/// What professionals do in plans, as words begin.
const ACTS: &[&str] = &[
    "writ",
    "deliver",
    "provid",
    "lead",
    "led",
    "run",
    "review",
    "train",
    "teach",
    "taught",
    "monitor",
    "assess",
    "update",
    "supervis",
    "visit",
    "model",
    "coach",
    "design",
    "prepar",
    "overse",
    "set",
    "demonstrat",
    "plan",
    "carr",
    "give",
    "given",
    "offer",
    "advis",
];
/// The most words of a phrase that names who does it.
const PHRASE: usize = 7;

/// An act by its sense, and which families of roles do it.
type Act = (String, BTreeSet<usize>);

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let given: Vec<Act> = cited
        .evidence
        .iter()
        .flat_map(Evidence::texts)
        .flat_map(|text| acts(&text.tokens))
        .collect();
    for (act, roles) in acts(&cited.text.tokens) {
        let mut doers = given.iter().filter(|(other, _)| *other == act).peekable();
        if doers.peek().is_some() && doers.all(|(_, others)| others.is_disjoint(&roles)) {
            remarks.add(
                &rules::UNSUPPORTED,
                "in the evidence somebody else does it than in the statement".into(),
            );
        }
    }
}

/// The acts of a text of which the doer's role is named.
pub(super) fn acts(all: &[Token]) -> Vec<Act> {
    let mut found = Vec::new();
    for (at, token) in all.iter().enumerate() {
        let act = match token.low.as_str() {
            "by" => passive(all, at),
            "will" | "to" | "should" | "would" | "must" | "who" => active(all, at),
            _ => None,
        };
        found.extend(act);
    }
    found
}

/// "delivered 1:1 by a teaching assistant".
fn passive(all: &[Token], by: usize) -> Option<Act> {
    let before = all.get(by.saturating_sub(5)..by)?;
    let verb = before.iter().rev().find(|token| is_act(token))?;
    let behind = all.get(by + 1..(by + 1 + PHRASE).min(all.len()))?;
    let end = behind
        .iter()
        .position(|token| ends_phrase(token) || is_act(token) && token.low != "trained")
        .unwrap_or(behind.len());
    act(verb, behind.get(..end)?)
}

/// "A teaching assistant will deliver", "a therapist to write".
fn active(all: &[Token], modal: usize) -> Option<Act> {
    let verb = all
        .get(modal + 1..(modal + 3).min(all.len()))?
        .iter()
        .find(|token| is_act(token) && !token.low.ends_with("ed"))
        .or_else(|| {
            all.get(modal + 1)
                .filter(|token| token.is_word() && !is_stop(&token.low))
        })?;
    let before = all.get(modal.saturating_sub(PHRASE)..modal)?;
    let start = before
        .iter()
        .rposition(|token| {
            ends_phrase(token) || matches!(token.low.as_str(), "for" | "with" | "from" | "each")
        })
        .map_or(0, |at| at + 1);
    let phrase = before.get(start..)?;
    // "an assistant trained by the therapist will": whom the act belongs to is said before.
    if phrase.iter().any(|token| token.low == "by") {
        return None;
    }
    act(verb, phrase)
}

fn act(verb: &Token, phrase: &[Token]) -> Option<Act> {
    let roles: BTreeSet<usize> = ROLES
        .iter()
        .enumerate()
        .filter(|(_, family)| any(phrase, family).is_some())
        .map(|(at, _)| at)
        .collect();
    (!roles.is_empty()).then(|| (sense(&verb.low), roles))
}

fn ends_phrase(token: &Token) -> bool {
    matches!(
        token.low.as_str(),
        "." | "," | ";" | ":" | "(" | ")" | "who" | "which" | "that" | "will" | "should"
    )
}

fn is_act(token: &Token) -> bool {
    ACTS.iter().any(|head| token.low.starts_with(head))
        && !["ing", "er", "ers", "or", "ors"]
            .iter()
            .any(|ending| token.low.ends_with(ending))
}
