//! Different values of the same thing in different sources.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Case, Manifest};
use crate::claim::{Claim, Time};
use crate::draft::{Conflict, ConflictValue};
use crate::identity;
use crate::recipe::lexicon::Attribute;
use crate::recipe::{Form, Recipe, ValueKind};

use super::Told;
use super::same::Differing;

/// The values of a fact that sources give, those that agree together; the most complete first in each.
pub(crate) fn values<'c>(
    recipe: &Recipe,
    case: &Case,
    claims: &'c [Claim],
    key: &str,
) -> Vec<Vec<(&'c str, &'c Claim)>> {
    let kind = recipe
        .field(key)
        .map(crate::recipe::Field::value_kind)
        .unwrap_or_default();
    let aliases = aliases(&case.manifest);
    let mut given: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        if let Some(fact) = claim.fact.as_ref().filter(|fact| fact.key == key) {
            given.entry(&fact.value).or_default().push(claim);
        }
    }
    let mut distinct: Vec<Vec<&str>> = Vec::new();
    for value in given.keys() {
        match distinct
            .iter_mut()
            .find(|group| group.iter().any(|other| agree(kind, other, value, &aliases)))
        {
            Some(group) => group.push(value),
            None => distinct.push(vec![value]),
        }
    }
    let claims_of = |value: &'c str| {
        given
            .get(value)
            .into_iter()
            .flatten()
            .map(move |claim| (value, *claim))
    };
    let mut groups: Vec<Vec<(&str, &Claim)>> = distinct
        .into_iter()
        .map(|group| group.into_iter().flat_map(claims_of).collect())
        .collect();
    groups.sort_by_key(|group| group.iter().map(|(_, claim)| claim.id).min());
    for group in &mut groups {
        group.sort_by_key(|(value, claim)| (std::cmp::Reverse(value.split_whitespace().count()), claim.id));
    }
    groups
}

fn aliases(manifest: &Manifest) -> BTreeSet<String> {
    let preferred = manifest
        .child
        .iter()
        .filter_map(|child| child.preferred_name.as_deref());
    preferred
        .flat_map(str::split_whitespace)
        .map(str::to_lowercase)
        .collect()
}

/// Values agree as the recipe compares them; of two texts, the shorter may also be the beginning of the longer.
fn agree(kind: ValueKind, a: &str, b: &str, aliases: &BTreeSet<String>) -> bool {
    identity::agrees(kind, a, b, aliases) || (kind == ValueKind::Text && begins(a, b))
}

fn begins(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && long.starts_with(&short)
}

/// Facts on which sources differ and the officer has not chosen; then quantities; then measures and outcomes that
/// differ in nothing but their numbers.
pub(super) fn conflicts(
    recipe: &Recipe,
    case: &Case,
    told: &[Told],
    differing: &[Differing],
) -> Vec<Conflict> {
    let claims: Vec<Claim> = told.iter().map(|told| told.claim.clone()).collect();
    let facts = recipe
        .fields()
        .filter(|(_, field)| matches!(field.form, Form::Fact { .. }));
    let mut all: Vec<Conflict> = facts
        .filter_map(|(_, field)| fact(recipe, case, &claims, &field.key))
        .collect();
    all.extend(recipe.lexicon.attributes.iter().filter_map(|attribute| {
        let mut values: BTreeMap<String, (String, Vec<_>)> = BTreeMap::new();
        for told in told.iter().filter(|told| counts(attribute, &told.claim)) {
            for value in attribute.says.all(&told.text) {
                let entry = values
                    .entry(figure(recipe, value))
                    .or_insert_with(|| (value.to_owned(), Vec::new()));
                entry.1.extend(told.claim.sentences.iter().copied());
            }
        }
        let values: Vec<_> = values
            .into_values()
            .map(|(value, sentences)| ConflictValue { value, sentences })
            .collect();
        several(&attribute.name, values)
    }));
    all.extend(differing.iter().filter_map(|Differing(a, b)| {
        let values = [told.get(*a)?, told.get(*b)?].map(|told| ConflictValue {
            value: told.text.clone(),
            sentences: told.claim.sentences.clone(),
        });
        several(&told.get(*a)?.claim.kind, values.into())
    }));
    all
}

fn counts(attribute: &Attribute, claim: &Claim) -> bool {
    let area = attribute.areas.is_empty()
        || claim
            .area
            .as_ref()
            .is_none_or(|area| attribute.areas.contains(area));
    area && claim.fact.is_none() && claim.time == Time::Current
}

fn figure(recipe: &Recipe, value: &str) -> String {
    let lower = value.to_lowercase();
    recipe
        .lexicon
        .language
        .numbers
        .get(&lower)
        .cloned()
        .unwrap_or(lower)
}

fn fact(recipe: &Recipe, case: &Case, claims: &[Claim], key: &str) -> Option<Conflict> {
    let officers = case
        .manifest
        .values
        .get(key)
        .or_else(|| case.manifest.choices.get(key));
    let values = values(recipe, case, claims, key).into_iter().filter_map(|group| {
        let (value, _) = group.first()?;
        let sentences = group
            .iter()
            .flat_map(|(_, claim)| claim.sentences.iter().copied())
            .collect();
        Some(ConflictValue {
            value: (*value).to_owned(),
            sentences,
        })
    });
    let values: Vec<ConflictValue> = values.collect();
    let Some(decided) = officers else {
        return several(key, values);
    };
    // What the officer says stands; what the sources say otherwise stays to be seen.
    let kind = recipe
        .field(key)
        .map(crate::recipe::Field::value_kind)
        .unwrap_or_default();
    let aliases = aliases(&case.manifest);
    let otherwise = values
        .iter()
        .any(|value| !agree(kind, &value.value, decided, &aliases));
    otherwise.then(|| Conflict {
        attribute: key.to_owned(),
        values,
        decided: Some(decided.clone()),
    })
}

/// A conflict, where the values are of more than one source.
fn several(attribute: &str, values: Vec<ConflictValue>) -> Option<Conflict> {
    let sources: BTreeSet<u16> = values
        .iter()
        .flat_map(|value| value.sentences.iter().map(|id| id.source))
        .collect();
    (values.len() > 1 && sources.len() > 1).then(|| Conflict {
        attribute: attribute.to_owned(),
        values,
        decided: None,
    })
}
