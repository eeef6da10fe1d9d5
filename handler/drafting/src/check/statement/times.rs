//! What is over is told as over.

use std::collections::BTreeSet;

use super::english::{OVER, PAST};
use super::number::THOUSAND;
use super::quantity::Quantity;
use super::words::{Token, any, place_of, tokens};
use super::{Cited, Evidence, Remarks};
use crate::check::rules;
use crate::claim::Time;

/// What the other cells of a row say of a measure that is over.
const ENDED: &[&str] = &[
    "ended",
    "stopped",
    "discontinued",
    "ceased",
    "no longer",
    "withdrawn",
    "has finished",
];

pub(super) fn check(cited: &Cited, remarks: &mut Remarks) {
    let past = [PAST, OVER]
        .iter()
        .any(|list| any(&cited.text.tokens, list).is_some());
    if past || told_as_past(cited) && cited.evidence.iter().all(|evidence| evidence.row.is_empty()) {
        return;
    }
    if ended_among(cited) {
        remarks.add(
            &rules::HISTORIC,
            "part of what it tells is over, by its evidence".into(),
        );
        return;
    }
    // A sentence of which the statement says nothing but a name is not what it tells.
    let most = cited
        .evidence
        .iter()
        .map(|evidence| evidence.shared)
        .max()
        .unwrap_or(0);
    let mut meant = cited
        .evidence
        .iter()
        .enumerate()
        .filter(|(_, evidence)| evidence.shared > 0 && evidence.shared * 2 >= most)
        .peekable();
    let told_over = |at: usize, evidence: &Evidence| {
        is_over(evidence) || dated(cited, evidence) || cited.evidence.get(at + 1).is_some_and(continues)
    };
    if meant.peek().is_some() && meant.all(|(at, evidence)| told_over(at, evidence)) {
        remarks.add(
            &rules::HISTORIC,
            "the evidence is about what is over, the statement about now".into(),
        );
    }
}

/// Whether the statement takes words from a sentence about what is over that no other sentence gives: "uses a powerchair
/// and walks with a frame" of a frame that was used until 2019.
fn ended_among(cited: &Cited) -> bool {
    const LEAST: usize = 3;
    /// Of so plain an end fewer words tell.
    const GONE: &[&str] = &["no longer", "discontinued", "previously", "used to"];
    cited.evidence.len() > 1
        && cited.evidence.iter().any(|evidence| {
            let elsewhere = |sense: &&String| {
                cited.evidence.iter().any(|other| {
                    !std::ptr::eq(other, evidence) && other.texts().any(|text| text.senses.contains(sense))
                })
            };
            let own: BTreeSet<&String> = cited.text.senses.iter().collect();
            let part = evidence.part();
            let over = any(&part.tokens, OVER).is_some() || lasted(&part.tokens);
            let alone: BTreeSet<&String> = part
                .senses
                .iter()
                .filter(|sense| own.contains(sense))
                .filter(|sense| !elsewhere(sense))
                .collect();
            over && (alone.len() >= LEAST || alone.len() + 1 == LEAST && any(&part.tokens, GONE).is_some())
        })
}

/// "A worker visited": the statement keeps a past verb of its evidence. "is supported" is no past.
fn told_as_past(cited: &Cited) -> bool {
    /// Pasts that no participle or present has.
    const PASTS: &[&str] = &[
        "left", "ran", "became", "began", "saw", "fell", "spoke", "knew", "found", "felt", "made", "said",
    ];
    // "In Year 2 he left the room at a run": the time is the evidence's own.
    let timed = cited.text.quantities.iter().any(|found| {
        matches!(found.quantity, Quantity::Label("year", _) | Quantity::Date(_))
            && cited.evidence.iter().flat_map(Evidence::texts).any(|text| {
                text.quantities
                    .iter()
                    .any(|given| given.quantity == found.quantity)
            })
    });
    if timed && any(&cited.text.tokens, PASTS).is_some() {
        return true;
    }
    cited.text.tokens.windows(2).any(|pair| {
        let [before, verb] = pair else { return false };
        let is_past = verb.low.len() > 4
            && verb.low.ends_with("ed")
            && !matches!(
                before.low.as_str(),
                "is" | "are" | "be" | "been" | "a" | "an" | "the"
            );
        is_past && cited.evidence_holds(&[&verb.low])
    })
}

/// Heads and leads over what is past.
const FORMER: &[&str] = &["previous", "former", "past", "historic*", "ended"];

fn is_over(evidence: &Evidence) -> bool {
    let row = evidence.row.iter().any(|cell| {
        let all = tokens(super::shortened(&cell.text));
        let no = all.first().is_some_and(|token| token.low == "no") && all.get(1).is_none_or(Token::is_mark);
        no || any(&all, ENDED).is_some()
    });
    let claims = !evidence.claims.is_empty()
        && evidence
            .claims
            .iter()
            .all(|claim| matches!(claim.time, Time::Past | Time::Superseded));
    let framed = evidence
        .frame
        .iter()
        .any(|head| any(&head.tokens, FORMER).is_some());
    row || claims || framed || any(&evidence.part().tokens, OVER).is_some() || lasted(&evidence.part().tokens)
}

/// "It has not been repeated", "this ended in May": said of the sentence before.
fn continues(next: &Evidence) -> bool {
    let first = next.part().tokens.first().map_or("", |token| token.low.as_str());
    matches!(
        first,
        "it" | "this"
            | "these"
            | "they"
            | "that"
            | "stopped"
            | "ended"
            | "discontinued"
            | "ceased"
            | "discharged"
    ) && any(&next.part().tokens, OVER).is_some()
}

/// "She had counselling in 2024": a year that is over, in the past tense only, and the statement leaves the year out.
fn dated(cited: &Cited, evidence: &Evidence) -> bool {
    let all = &evidence.part().tokens;
    let gone = evidence
        .part()
        .quantities
        .iter()
        .any(|found| match &found.quantity {
            Quantity::Date(date) => date.year.zip(evidence.year).is_some_and(|(year, now)| year < now),
            _ => false,
        });
    let past = any(all, &["had", "was", "were", "did", "attended", "received"]).is_some();
    let now = any(
        all,
        &[
            "is",
            "has",
            "are",
            "have",
            "since",
            "will",
            "does",
            "can",
            "continues",
        ],
    )
    .is_some();
    gone && past
        && !now
        && !cited
            .text
            .quantities
            .iter()
            .any(|found| matches!(found.quantity, Quantity::Date(_)))
}

/// "Until July she was seen": it lasted until then. "Until July 2027" of what is to be done is no end yet.
fn lasted(all: &[Token]) -> bool {
    // "up to nine words" is no end.
    let up_to = || {
        let next = place_of(all, "up to").map(|at| at + 2);
        next.is_some_and(|at| super::number::read(all, at).is_none_or(|(n, _)| n >= 1900 * THOUSAND))
    };
    (any(all, &["until"]).is_some() || up_to())
        && any(all, &["was", "were", "had", "received", "attended", "did"]).is_some()
}
