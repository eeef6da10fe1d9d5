//! The golden thread: need, provision, outcome.

use std::collections::BTreeSet;

use super::{Findings, View, rules, support};
use crate::claim::Claim;
use crate::draft::{Draft, Statement};
use crate::finding::Subject;
use crate::recipe::{Form, Role};

pub(super) fn check(view: &View, draft: &Draft, findings: &mut Findings) {
    let of = |role| statements(view, draft, role);
    let (needs, measures, outcomes) = (of(Role::Need), of(Role::Measure), of(Role::Outcome));
    let ids: BTreeSet<&str> = needs.iter().map(|(_, need)| need.id.as_str()).collect();
    let served: BTreeSet<&str> = measures
        .iter()
        .flat_map(|(_, measure)| measure.serves.iter().map(String::as_str))
        .collect();
    // A recipe without measures has no thread to check.
    if has_role(view, Role::Measure) {
        for (title, need) in &needs {
            if !served.contains(need.id.as_str()) && !stands_alone(view, need) {
                findings.add(
                    &rules::NEED_ALONE,
                    Subject::Statement(need.id.clone()),
                    format!("no provision in the sources serves this {title}"),
                    Some("ask the author of the advice (see the queries)".into()),
                );
            }
        }
    }
    if has_role(view, Role::Measure) && has_role(view, Role::Outcome) {
        beyond(view, &needs, &served, &outcomes, findings);
    }
    for (rule, list) in [
        (&rules::MEASURE_ALONE, &measures),
        (&rules::OUTCOME_ALONE, &outcomes),
    ] {
        for (title, statement) in list {
            if !statement.serves.iter().any(|id| ids.contains(id.as_str())) && !ids.is_empty() {
                findings.add(
                    rule,
                    Subject::Statement(statement.id.clone()),
                    format!("the sources do not say which need this {title} serves"),
                    Some("link it by hand, or ask its author".into()),
                );
            }
        }
    }
}

/// The thread to its end: needs that lead to no outcome, and outcomes whose needs nothing serves.
fn beyond(
    view: &View,
    needs: &[(&str, &Statement)],
    served: &BTreeSet<&str>,
    outcomes: &[(&str, &Statement)],
    findings: &mut Findings,
) {
    let aims = || outcomes.iter().flat_map(|(_, outcome)| &outcome.serves);
    let aimed: BTreeSet<&str> = aims().map(String::as_str).collect();
    for (title, need) in needs {
        if !aimed.contains(need.id.as_str()) && !stands_alone(view, need) {
            findings.add(
                &rules::NEED_AIMLESS,
                Subject::Statement(need.id.clone()),
                format!("no outcome in the sources belongs to this {title}"),
                Some("ask the author of the advice (see the queries)".into()),
            );
        }
    }
    for (title, outcome) in outcomes {
        let mut belongs = outcome.serves.iter().peekable();
        if belongs.peek().is_some() && !belongs.any(|id| served.contains(id.as_str())) {
            findings.add(
                &rules::OUTCOME_UNSERVED,
                Subject::Statement(outcome.id.clone()),
                format!("no provision in the sources serves a need of this {title}"),
                Some("ask the author of the advice by what provision it is to be reached".into()),
            );
        }
    }
}

/// Whether any need stands in a list of the draft.
pub(super) fn has_need(view: &View, draft: &Draft) -> bool {
    !statements(view, draft, Role::Need).is_empty()
}

fn has_role(view: &View, role: Role) -> bool {
    view.recipe.kinds.iter().any(|kind| kind.role == role)
}

/// Whether nothing need answer it: it says only what a kind says that stands alone, a diagnosis for example.
fn stands_alone(view: &View, need: &Statement) -> bool {
    let mut kinds = claims(view, need).filter_map(|claim| view.recipe.kind(&claim.kind));
    kinds.all(|kind| kind.stands_alone)
}

fn claims<'a>(view: &'a View, statement: &'a Statement) -> impl Iterator<Item = &'a Claim> {
    support(statement)
        .iter()
        .filter_map(|id| view.claims.get(id).copied())
}

/// The statements of list fields that say what a role says, with the title of their kind. The officer's own are of
/// the first kind that the list takes.
fn statements<'a>(view: &'a View<'a>, draft: &'a Draft, role: Role) -> Vec<(&'a str, &'a Statement)> {
    draft
        .statements()
        .filter_map(|(_, field, statement)| {
            let Form::List(select) = &view.recipe.field(&field.key)?.form else {
                return None;
            };
            let said = claims(view, statement).next().map(|claim| claim.kind.as_str());
            let kind = view
                .recipe
                .kind(said.or_else(|| select.kinds.first().map(String::as_str))?)?;
            (kind.role == role).then_some((kind.title.as_str(), statement))
        })
        .collect()
}
