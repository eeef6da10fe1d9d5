//! From the written groups to a draft with what is to be known about it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Omitted, Outcome, Why};
use crate::case::Case;
use crate::check::rules;
use crate::claim::{Claim, ClaimId};
use crate::compose::{WrittenFields, compose_written};
use crate::document::SentenceId;
use crate::draft::{Draft, NotUsed, SentenceUse, Support, TakenOut};
use crate::finding::{Finding, Subject};
use crate::recipe::Recipe;
use crate::reconcile::Reconciled;

/// A draft that a model wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The draft.
    pub draft: Draft,
    /// What went wrong in the writing and judging.
    pub findings: Vec<Finding>,
    /// Whether a judge read every written statement.
    pub judged: bool,
}

/// Puts the groups together. A group that failed stands in its sources' words.
#[must_use]
pub fn finish(recipe: &Recipe, case: &Case, all: &Reconciled, groups: Vec<(Group, Outcome)>) -> Finished {
    let mut fields = WrittenFields::new();
    let mut findings = Vec::new();
    let mut unjudged = Vec::new();
    let mut omitted = Vec::new();
    // A judge that was asked nothing has read nothing.
    let mut judged = !groups.is_empty();
    for (group, outcome) in groups {
        match outcome {
            Outcome::Failed { reason } => {
                judged = false;
                findings.extend(failed(&group, &reason));
            }
            Outcome::Written(drafted) => {
                fields.extend(drafted.fields);
                unjudged.extend(drafted.unjudged);
                omitted.extend(drafted.omitted);
            }
        }
    }
    judged &= unjudged.is_empty();
    let mut draft = compose_written(recipe, case, all, &fields);
    findings.extend(unjudged.iter().map(|(field, place, reason)| {
        let subject = statement_at(&draft, field, *place)
            .map_or_else(|| Subject::Field(field.clone()), Subject::Statement);
        rules::UNJUDGED.finding(
            subject,
            format!("no judge has read it beside its evidence: {reason}"),
            Some("read it beside its evidence yourself, or ask for the draft again".into()),
        )
    }));
    findings.extend(omitted.iter().map(|one| omission(case, all, one)));
    account(&mut draft, all, &omitted);
    draft.taken_out.extend(omitted.into_iter().filter_map(taken_out));
    Finished {
        draft,
        findings,
        judged,
    }
}

fn failed(group: &Group, reason: &str) -> impl Iterator<Item = Finding> {
    group.sections.iter().map(move |section| {
        rules::UNWRITTEN.finding(
            Subject::Section(section.clone()),
            format!(
                "the part \u{201c}{}\u{201d} could not be written by the model: {reason}; it stands in its sources' words",
                group.title
            ),
            Some("ask for the draft again, or write this part yourself".into()),
        )
    })
}

/// The id of the statement that was written for a place of a field; what the officer gave stands before it.
fn statement_at(draft: &Draft, field: &str, place: usize) -> Option<String> {
    draft
        .statements()
        .filter(|(_, own, statement)| own.key == field && statement.support != Support::Officer)
        .nth(place)
        .map(|(_, _, statement)| statement.id.clone())
}

/// The words of a statement that was taken out, and what was said against them.
fn taken_out(omitted: Omitted) -> Option<TakenOut> {
    let Why::Failed(why) = omitted.why else {
        return None;
    };
    Some(TakenOut {
        field: omitted.field,
        statement: None,
        text: omitted.text?,
        claims: omitted.claims,
        why,
    })
}

fn omission(case: &Case, all: &Reconciled, omitted: &Omitted) -> Finding {
    let subject = Subject::Field(omitted.field.clone());
    let at = places(case, all, &omitted.claims);
    match &omitted.why {
        Why::Failed(complaints) => rules::TAKEN_OUT.finding(
            subject,
            format!(
                "a statement was taken out ({}); its evidence is in {at}",
                complaints.join("; ")
            ),
            Some("write it from its evidence, or leave it out knowingly".into()),
        ),
        Why::LeftOut(reason) => rules::LEFT_OUT.finding(
            subject,
            format!("the writer left out what {at} says: {reason}"),
            Some("add it if it belongs in the document".into()),
        ),
        Why::Unused => rules::LEFT_OUT.finding(
            subject,
            format!("no statement takes up what {at} says"),
            Some("add it if it belongs in the document".into()),
        ),
    }
}

/// Where the sentences of claims stand, for a person: "`report.pdf`, page 3".
fn places(case: &Case, all: &Reconciled, claims: &[ClaimId]) -> String {
    let mut places: Vec<String> = Vec::new();
    for id in sentences(all, claims) {
        let source = case.sources.iter().find(|source| source.number == id.source);
        let place = source.and_then(|source| {
            let sentence = source.content.as_ref().ok()?.sentence(id)?;
            Some(format!("`{}`, {}", source.name, sentence.whereabouts()))
        });
        places.extend(place.filter(|place| !places.contains(place)));
    }
    places.join(" and ")
}

fn sentences(all: &Reconciled, claims: &[ClaimId]) -> BTreeSet<SentenceId> {
    let claims = all
        .claims
        .iter()
        .filter(|claim: &&Claim| claims.contains(&claim.id));
    claims.flat_map(|claim| claim.sentences.iter().copied()).collect()
}

/// Says of sentences that no statement uses any more why that is.
fn account(draft: &mut Draft, all: &Reconciled, omitted: &[Omitted]) {
    let mut reasons: BTreeMap<SentenceId, NotUsed> = BTreeMap::new();
    for one in omitted {
        let reason = match one.why {
            Why::Failed(_) => NotUsed::TakenOut,
            Why::LeftOut(_) => NotUsed::Detail,
            Why::Unused => NotUsed::Unclaimed,
        };
        for id in sentences(all, &one.claims) {
            reasons.insert(id, reason);
        }
    }
    for coverage in &mut draft.coverage {
        if let (SentenceUse::NotUsed(why), Some(reason)) =
            (&mut coverage.fate, reasons.get(&coverage.sentence))
        {
            *why = *reason;
        }
    }
}
