//! Which field takes which claim, and which claims a field of limited length shows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::case::Case;
use crate::claim::{About, Claim, ClaimId, Speaker, Time};
use crate::recipe::lexicon::fold;
use crate::recipe::{Form, Recipe, Role, Select};
use crate::reconcile::Reconciled;

use super::wording::wording;
use crate::extract::{sense, topics};

/// The claims that each field takes, by its key.
pub(super) fn assigned<'r>(
    recipe: &Recipe,
    case: &Case,
    all: &'r Reconciled,
) -> BTreeMap<String, Vec<&'r Claim>> {
    let merged: BTreeSet<ClaimId> = all
        .merges
        .iter()
        .flat_map(|merge| merge.same.iter().copied())
        .collect();
    let age = age(recipe, case, &all.claims);
    let mut fields: BTreeMap<String, Vec<&Claim>> = BTreeMap::new();
    for claim in &all.claims {
        let usable = claim.time == Time::Current && claim.about != About::Other && claim.fact.is_none();
        if !usable || merged.contains(&claim.id) {
            continue;
        }
        let placement = placement(recipe, case, claim, age).map(|(section, _)| section);
        if let Some(key) = field_for(recipe, claim, placement) {
            fields.entry(key.to_owned()).or_default().push(claim);
        }
    }
    fields
}

/// The field that names the claim's area and takes it, else the first that takes it.
fn field_for<'r>(recipe: &'r Recipe, claim: &Claim, placement: Option<&str>) -> Option<&'r str> {
    let taking = || {
        recipe.fields().filter_map(|(_, field)| match &field.form {
            Form::Passage(select) | Form::List(select) => Some((field, select)),
            Form::Fact { .. } | Form::Facts { .. } | Form::Officer | Form::Index => None,
        })
    };
    let named = taking().find(|(_, select)| select.area.is_some() && takes(select, claim, placement));
    let any = || taking().find(|(_, select)| takes(select, claim, placement));
    named.or_else(any).map(|(field, _)| field.key.as_str())
}

fn takes(select: &Select, claim: &Claim, placement: Option<&str>) -> bool {
    select.kinds.contains(&claim.kind)
        && (select.area.is_none() || select.area == claim.area)
        && (select.speakers.is_empty() || select.speakers.contains(&claim.speaker))
        && (select.status.is_empty() || claim.status.is_none_or(|status| select.status.contains(&status)))
        && (select.placement.is_none() || select.placement.as_deref() == placement)
}

/// Why a measure stands in its section, where measures of its area may stand in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// Its source names the section.
    BySource,
    /// It holds these words of those that the recipe gives for the section.
    ByWords(String),
    /// Nothing in it is of another section, or the subject is too old for that.
    Otherwise,
}

/// Why a claim stands where it does; none where there was nothing to choose.
#[must_use]
pub fn placed(recipe: &Recipe, case: &Case, claims: &[Claim], claim: &Claim) -> Option<Placed> {
    placement(recipe, case, claim, age(recipe, case, claims)).map(|(_, why)| why)
}

/// The section of a measure: the one that its source names, else the first of the lexicon whose words it holds.
fn placement<'r>(
    recipe: &'r Recipe,
    case: &Case,
    claim: &'r Claim,
    age: Option<i16>,
) -> Option<(&'r str, Placed)> {
    if let Some(section) = &claim.placement {
        return Some((section, Placed::BySource));
    }
    let measure = recipe
        .kind(&claim.kind)
        .is_some_and(|kind| kind.role == Role::Measure);
    let area = claim.area.as_deref()?;
    let folded = fold(&wording(case, claim));
    let fits = |rule: &&crate::recipe::lexicon::Placement| {
        rule.area == area
            && rule.words.as_ref().is_none_or(|words| words.found(&folded))
            && !rule.except.found(&folded)
            && rule.under_age.zip(age).is_none_or(|(limit, age)| age < limit)
    };
    recipe
        .lexicon
        .placements
        .iter()
        .filter(|_| measure)
        .find(fits)
        .map(|rule| {
            let words = rule.words.as_ref().and_then(|words| words.first(&folded));
            let words = words.and_then(|(begin, end)| folded.get(begin..end));
            let why = words.map_or(Placed::Otherwise, |words| Placed::ByWords(words.to_owned()));
            (rule.section.as_str(), why)
        })
}

/// The age of the subject on the day of drafting, in years.
fn age(recipe: &Recipe, case: &Case, claims: &[Claim]) -> Option<i16> {
    let manifest = case.manifest.child.as_ref().and_then(|child| child.date_of_birth);
    let key = recipe.lexicon.subject.date_of_birth.as_deref();
    let stated = || {
        let facts = claims.iter().filter_map(|claim| claim.fact.as_ref());
        facts
            .filter(|fact| Some(fact.key.as_str()) == key)
            .find_map(|fact| crate::identity::date(&fact.value))
    };
    let born = manifest.or_else(stated)?;
    let had = (case.today.month(), case.today.day()) >= (born.month(), born.day());
    Some(case.today.year() - born.year() - i16::from(!had))
}

/// Claims in the order of a list: what the thread may leave alone first (a diagnosis), then by topic, the topics in
/// the order in which they come up.
pub(super) fn by_topic<'r>(recipe: &Recipe, case: &Case, claims: &[&'r Claim]) -> Vec<&'r Claim> {
    let mut order: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let mut keyed: Vec<(bool, usize, &Claim)> = Vec::new();
    for claim in claims {
        let counts = topics::topics_of(&recipe.lexicon, &fold(&wording(case, claim)));
        let main = counts
            .iter()
            .rev()
            .max_by_key(|(_, count)| **count)
            .map(|(topic, _)| *topic);
        let next = order.len();
        let alone = recipe.kind(&claim.kind).is_some_and(|kind| kind.stands_alone);
        keyed.push((!alone, *order.entry(main).or_insert(next), claim));
    }
    keyed.sort_by_key(|(alone, topic, claim)| (*alone, *topic, claim.id));
    keyed.into_iter().map(|(_, _, claim)| claim).collect()
}

/// The share of what there is that a passage of limited length takes: it is a selection even of little.
const SHARE: (usize, usize) = (9, 20);
/// The words from which on there is something to select from.
const LITTLE: usize = 100;

/// The claims of a passage, at most `most` words of them: the subject's before the family's before professionals', and
/// of each the most telling claim of every source in turn, so that no source is crowded out.
pub(super) fn within<'r>(
    recipe: &Recipe,
    case: &Case,
    claims: &[&'r Claim],
    most: Option<usize>,
) -> Vec<&'r Claim> {
    let length = |claim: &Claim| wording(case, claim).split_whitespace().count();
    let mut left = most.map_or(usize::MAX, |most| {
        let all: usize = claims.iter().map(|claim| length(claim)).sum();
        most.min(LITTLE.max(all * SHARE.0 / SHARE.1))
    });
    let mut chosen: Vec<&Claim> = Vec::new();
    for claim in in_turn(recipe, case, claims) {
        let words = length(claim);
        if words <= left {
            left -= words;
            chosen.push(claim);
        }
    }
    chosen.sort_by_key(|claim| (rank(claim.speaker), claim.id));
    chosen
}

fn in_turn<'r>(recipe: &Recipe, case: &Case, claims: &[&'r Claim]) -> Vec<&'r Claim> {
    let mut told: Vec<(usize, &Claim)> = claims
        .iter()
        .map(|claim| (telling(recipe, case, claim), *claim))
        .collect();
    told.sort_by_key(|(weight, claim)| (Reverse(*weight), claim.id));
    let mut seen: BTreeMap<(u8, u16), usize> = BTreeMap::new();
    let mut keyed: Vec<((u8, usize, ClaimId), &Claim)> = Vec::new();
    for (_, claim) in told {
        let source = claim.sentences.first().map_or(0, |id| id.source);
        let turn = seen.entry((rank(claim.speaker), source)).or_default();
        keyed.push(((rank(claim.speaker), *turn, claim.id), claim));
        *turn += 1;
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, claim)| claim).collect()
}

/// How strongly a claim's words speak for its kind. More than two strong cues tell no more.
fn telling(recipe: &Recipe, case: &Case, claim: &Claim) -> usize {
    let senses = sense::senses(&recipe.lexicon, &fold(&wording(case, claim)), |kind| {
        kind == claim.kind
    });
    senses
        .iter()
        .map(|sense| sense.weight.min(MOST_TELLING))
        .max()
        .unwrap_or(0)
}

/// The weight from which on claims are equally telling.
const MOST_TELLING: usize = 6;

fn rank(speaker: Speaker) -> u8 {
    match speaker {
        Speaker::Subject => 0,
        Speaker::Family => 1,
        Speaker::Professional => 2,
    }
}
