//! What the child or young person can do, beside what is hard.

use std::collections::BTreeMap;

use super::{Found, Scope};
use crate::claim::Claim;
use crate::finding::Subject;

/// Fields of strengths that are empty beside difficulties, although a source tells of a strength in their area.
pub(super) fn beside(scope: &Scope, pairs: &BTreeMap<String, String>) -> Result<Found, String> {
    let is_filled = |key: &str| {
        let mut fields = scope.draft.sections.iter().flat_map(|section| &section.fields);
        fields.any(|field| field.key == key && !field.content.statements().is_empty())
    };
    let mut difficult = pairs.iter().filter(|(needs, _)| is_filled(needs)).peekable();
    if difficult.peek().is_none() {
        return Err("the draft tells of nothing that is hard".into());
    }
    let lacking = difficult.filter(|(_, strengths)| !is_filled(strengths));
    Ok(lacking
        .filter(|(_, strengths)| {
            scope
                .view
                .claims
                .values()
                .any(|claim| could_stand(scope, claim, strengths))
        })
        .map(|(_, strengths)| {
            let message = "a source tells of a strength in this area, and none stands beside what is hard";
            (Subject::Field(strengths.clone()), message.to_owned())
        })
        .collect())
}

/// Whether a claim is of a kind and area that a field takes, whoever says it.
fn could_stand(scope: &Scope, claim: &Claim, key: &str) -> bool {
    let select = scope.view.recipe.field(key).and_then(|field| field.form.select());
    select.is_some_and(|select| {
        select.kinds.contains(&claim.kind)
            && select.area.is_some()
            && select.area == claim.area
            && !claim.negated
    })
}
