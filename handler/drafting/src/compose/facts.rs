//! Fields that hold values.

use crate::case::Case;
use crate::claim::{Claim, ClaimId};
use crate::draft::{FieldContent, Statement, Support};
use crate::identity;
use crate::recipe::{Field, Recipe};
use crate::reconcile::{Reconciled, conflict};

use super::Numbering;

/// One value: the officer's, else the one that the sources agree on; open when they do not.
pub(super) fn one(
    recipe: &Recipe,
    case: &Case,
    all: &Reconciled,
    field: &Field,
    ids: &mut Numbering,
) -> FieldContent {
    if let Some(value) = case.manifest.values.get(&field.key) {
        return FieldContent::Value(officer(ids, value));
    }
    let groups = conflict::values(recipe, case, &all.claims, &field.key);
    if let Some(choice) = case.manifest.choices.get(&field.key) {
        return FieldContent::Value(chosen(field, &groups, choice, ids));
    }
    let mut statements: Vec<Statement> = groups.iter().filter_map(|group| stated(group, ids)).collect();
    match statements.len() {
        0 => known(recipe, case, field).map_or(FieldContent::Empty, |value| {
            FieldContent::Value(officer(ids, &value))
        }),
        1 => statements.pop().map_or(FieldContent::Empty, FieldContent::Value),
        _ => FieldContent::Open(statements),
    }
}

/// Every distinct value.
pub(super) fn several(
    recipe: &Recipe,
    case: &Case,
    all: &Reconciled,
    field: &Field,
    ids: &mut Numbering,
) -> FieldContent {
    let officers: Vec<Statement> = case
        .manifest
        .values
        .get(&field.key)
        .map(|value| officer(ids, value))
        .into_iter()
        .collect();
    let groups = conflict::values(recipe, case, &all.claims, &field.key);
    let statements: Vec<Statement> = officers
        .into_iter()
        .chain(groups.iter().filter_map(|group| stated(group, ids)))
        .collect();
    if statements.is_empty() {
        FieldContent::Empty
    } else {
        FieldContent::Statements(statements)
    }
}

/// What the officer entered.
pub(super) fn officer(ids: &mut Numbering, value: &str) -> Statement {
    Statement {
        id: ids.next(None),
        text: value.to_owned(),
        support: Support::Officer,
        serves: Vec::new(),
        marks: Vec::new(),
    }
}

fn stated(group: &[(&str, &Claim)], ids: &mut Numbering) -> Option<Statement> {
    let (value, _) = group.first()?;
    let claims: Vec<ClaimId> = group.iter().map(|(_, claim)| claim.id).collect();
    Some(Statement {
        id: ids.next(None),
        text: (*value).to_owned(),
        support: Support::Claims(supporting(group, value, &claims)),
        serves: Vec::new(),
        marks: Vec::new(),
    })
}

/// The claims of a group, those that give the very value first.
fn supporting(group: &[(&str, &Claim)], value: &str, claims: &[ClaimId]) -> Vec<ClaimId> {
    let exact = group
        .iter()
        .filter(|(own, _)| *own == value)
        .map(|(_, claim)| claim.id);
    let mut ordered: Vec<ClaimId> = exact.collect();
    let others: Vec<ClaimId> = claims
        .iter()
        .filter(|id| !ordered.contains(id))
        .copied()
        .collect();
    ordered.extend(others);
    ordered
}

/// The value that the officer chose among those in conflict; a choice that no source gives is the officer's own.
fn chosen(field: &Field, groups: &[Vec<(&str, &Claim)>], choice: &str, ids: &mut Numbering) -> Statement {
    let kind = field.value_kind();
    let none = std::collections::BTreeSet::new();
    let group = groups.iter().find(|group| {
        group
            .iter()
            .any(|(value, _)| identity::agrees(kind, value, choice, &none))
    });
    group
        .and_then(|group| stated(group, ids))
        .unwrap_or_else(|| officer(ids, choice))
}

/// What the manifest says of the subject.
fn known(recipe: &Recipe, case: &Case, field: &Field) -> Option<String> {
    let child = case.manifest.child.as_ref()?;
    let keys = &recipe.lexicon.subject;
    let is = |key: &Option<String>| key.as_deref() == Some(field.key.as_str());
    if is(&keys.name) {
        child.name.clone()
    } else if is(&keys.preferred_name) {
        child.preferred_name.clone()
    } else if is(&keys.date_of_birth) {
        child
            .date_of_birth
            .map(|date| format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year()))
    } else if is(&keys.nhs_number) {
        child.nhs_number.clone()
    } else {
        None
    }
}
