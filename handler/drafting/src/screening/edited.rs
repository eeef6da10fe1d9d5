//! The officer's own edit, screened: what a person put in is rated like what was drafted, and told. Nothing of it is taken
//! away, because the file is the officer's.

use std::collections::BTreeMap;

use super::{Assessment, Policy, Weighed};
use crate::check::rules;
use crate::compare::PieceKind;
use crate::edit::{Changed, Edit};
use crate::finding::{Finding, Subject};

/// The texts that a person put into a draft or changed in it, each once, in the edit's order.
#[must_use]
pub fn edited_texts(edit: &Edit) -> Vec<String> {
    let changed = edit.changed.iter().map(now);
    let added = edit.added.iter().map(|one| one.text.clone());
    let around = edit.around.iter().map(|one| one.new.clone());
    let mut texts: Vec<String> = Vec::new();
    for text in changed.chain(added).chain(around) {
        if !text.trim().is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// The words that a statement has now.
fn now(changed: &Changed) -> String {
    let kept = changed.words.iter().filter(|piece| piece.kind != PieceKind::Gone);
    kept.map(|piece| piece.text.as_str()).collect()
}

/// Adds to an edit what the ratings of its texts call for. `assessments` are those of `texts`, in their order; one that is
/// missing counts as not assessed.
#[must_use]
pub fn screened_edit(policy: &Policy, mut edit: Edit, texts: &[String], assessments: &[Assessment]) -> Edit {
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rated: BTreeMap<&str, Vec<Weighed>> = BTreeMap::new();
    for (place, text) in texts.iter().enumerate() {
        match assessments.get(place) {
            Some(Assessment::Rated(ratings)) => {
                rated.insert(text, policy.weigh(ratings));
            }
            Some(Assessment::NotAssessed(reason)) => *missing.entry(reason).or_default() += 1,
            None => *missing.entry("it was not asked for").or_default() += 1,
        }
    }
    for one in &mut edit.changed {
        let id = Subject::Statement(one.id.clone());
        one.findings.extend(finding(id, rated.get(now(one).as_str())));
    }
    for one in &mut edit.added {
        let id = Subject::Statement(one.id.clone());
        one.findings.extend(finding(id, rated.get(one.text.as_str())));
    }
    for one in &edit.around {
        let found = finding(Subject::Case, rated.get(one.new.as_str()));
        edit.findings.new.extend(found);
    }
    edit.findings
        .new
        .extend(missing.into_iter().map(|(reason, texts)| {
            rules::UNSCREENED.finding(
                Subject::Case,
                format!("{texts} texts that were put in by hand were not screened: {reason}"),
                Some("send the edit again once the service answers, or read them for harm yourself".into()),
            )
        }));
    edit
}

/// What the ratings of a text call for: nothing, to be read with it in mind, or a decision before it is sent on.
fn finding(subject: Subject, why: Option<&Vec<Weighed>>) -> Option<Finding> {
    let why = why.filter(|why| !why.is_empty())?;
    let told: Vec<String> = why.iter().map(ToString::to_string).collect();
    let message = format!("screening rated it {}", told.join(", "));
    Some(if why.iter().any(|one| one.action.blocks()) {
        let hint =
            "a person put it in, so that it was not held back: decide whether it belongs in the document";
        rules::HELD_BACK.finding(subject, message, Some(hint.into()))
    } else {
        let hint = "read it with that in mind before it is sent on";
        rules::NOTED.finding(subject, message, Some(hint.into()))
    })
}
