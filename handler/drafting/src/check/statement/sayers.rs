//! Whose words a statement gives (rules G05, L01): the child's are not the parents', nor theirs the child's.

use super::english::{FAMILY, SAYS};
use super::words::{Token, any};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::claim::Speaker;

/// Verbs that are followed by what was said.
const TELLS: &[&str] = &[
    "said",
    "told",
    "says",
    "tells",
    "explained",
    "explains",
    "wrote",
    "writes",
    "reported",
    "reports",
    "described",
    "describes",
    "stated",
    "states",
];

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let (child, family) = (child_tells(cited), family_tells(cited));
    let meant: Vec<&Evidence> = cited
        .evidence
        .iter()
        .filter(|evidence| evidence.shared > 0)
        .collect();
    if meant.is_empty() {
        return;
    }
    let wrong = match (child, family) {
        (false, true) => meant.iter().all(|evidence| of_child(evidence)),
        (true, false) => meant
            .iter()
            .all(|evidence| !of_child(evidence) && not_said(cited, evidence)),
        _ => false,
    };
    if wrong {
        remarks.add(
            &rules::ATTRIBUTION,
            "the words are somebody else's in the evidence".into(),
        );
    }
}

/// Whether the evidence gives the child's own words.
fn of_child(evidence: &Evidence) -> bool {
    evidence.speaker == Speaker::Subject
        || !evidence.claims.is_empty()
            && evidence
                .claims
                .iter()
                .all(|claim| claim.speaker == Speaker::Subject)
}

/// Whether the evidence is neither a quotation nor a report of what the child said.
fn not_said(cited: &Cited, evidence: &Evidence) -> bool {
    let all = &evidence.whole.tokens;
    let quoted = all.iter().any(|token| matches!(token.low.as_str(), "\"" | "'"));
    let heard = evidence.texts().chain(&evidence.headings).any(|text| {
        text.tokens.iter().enumerate().any(|(at, token)| {
            let behind = text
                .tokens
                .get(at + 1..(at + 6).min(text.tokens.len()))
                .unwrap_or_default();
            (cited.who.may_be_subject(&token.low)
                || matches!(token.low.as_str(), "child" | "pupil" | "student" | "my" | "views"))
                && (any(behind, SAYS).is_some() || token.low == "views")
        })
    });
    let child = evidence
        .claims
        .iter()
        .any(|claim| claim.speaker == Speaker::Subject);
    let first_person = evidence.speaker == Speaker::Family && any(all, &["i", "we", "my", "our"]).is_some();
    !quoted && !heard && !child && (first_person || evidence.speaker == Speaker::Professional)
}

/// "Rowan said that", "she told her teacher": the child is the sayer.
fn child_tells(cited: &Cited) -> bool {
    cited.text.tokens.iter().enumerate().any(|(at, token)| {
        let next = cited
            .text
            .tokens
            .get(at + 1)
            .map_or("", |token| token.low.as_str());
        let named = cited.who.may_be_subject(&token.low)
            && !matches!(
                token.low.as_str(),
                "him" | "her" | "his" | "them" | "their" | "himself" | "herself"
            )
            && !titled(&cited.text.tokens, at);
        let behind = cited
            .text
            .tokens
            .get(at + 2)
            .map_or("", |token| token.low.as_str());
        // "says ten words", "what he writes": no report of what was said.
        let habit = matches!(
            next,
            "says" | "writes" | "describes" | "explains" | "tells" | "wrote" | "states"
        ) && !matches!(
            behind,
            "that" | ":" | "," | "\"" | "he" | "she" | "how" | "us" | "his" | "her"
        );
        named && TELLS.contains(&next) && !habit
    })
}

/// "His mother said that", "Mr Penhallow told": a parent is the sayer.
fn family_tells(cited: &Cited) -> bool {
    let all = &cited.text.tokens;
    all.iter().enumerate().any(|(at, token)| {
        let behind = all.get(at + 1..(at + 3).min(all.len())).unwrap_or_default();
        let person = is_family(cited, all, at) && token.low != "home";
        person && any(behind, TELLS).is_some()
    })
}

/// Whether the token names a parent or carer: by kinship, or by a title and the child's surname.
pub(super) fn is_family(cited: &Cited, all: &[Token], at: usize) -> bool {
    let Some(token) = all.get(at) else { return false };
    let kin = FAMILY.iter().any(|person| match person.strip_suffix('*') {
        Some(head) => token.low.starts_with(head),
        None => token.low == *person,
    });
    kin || cited.who.is_subject(&token.low) && titled(all, at)
}

/// Whether a title stands before.
pub(super) fn titled(all: &[Token], at: usize) -> bool {
    let before = at
        .checked_sub(1)
        .and_then(|at| all.get(at))
        .map_or("", |token| token.low.as_str());
    matches!(before, "mr" | "mrs" | "ms" | "miss" | "mx" | "dr")
}
