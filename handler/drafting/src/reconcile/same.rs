//! Claims that say the same: one is kept, the others stand behind it.

use std::collections::BTreeMap;

use crate::claim::{Claim, ClaimId, Time};
use crate::recipe::{Recipe, Role};

use super::Told;
use super::likeness::{Gist, Vocabulary};

/// Claims that say what another says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The claim that is kept: the one with the most specifics, then the longest.
    pub kept: ClaimId,
    /// Those that say the same, in order.
    pub same: Vec<ClaimId>,
}

/// Two claims that are alike in words and differ in numbers.
pub(super) struct Differing(pub usize, pub usize);

/// A word that more texts than this hold finds no candidates: it tells nothing, and looking at all of them would
/// cost the square of the texts.
const COMMON: u32 = 40;
/// The overlap from which two claims say the same.
const ALIKE: f64 = 0.62;
/// The share of a shorter claim's words in a longer one from which the longer says it too.
const CONTAINED: f64 = 0.82;
/// Likewise for measures, of which every particular counts.
const CONTAINED_MEASURE: f64 = 0.92;
/// The fewest words of a claim that another can contain.
const FEWEST: usize = 4;

/// What merging gives.
pub(super) struct Same {
    pub merges: Vec<Merge>,
    pub differing: Vec<Differing>,
}

/// Finds claims that say the same, and those that nearly do but for their numbers.
pub(super) fn same(recipe: &Recipe, told: &[Told], vocabulary: &Vocabulary) -> Same {
    let mut groups = Groups {
        parent: (0..told.len()).collect(),
    };
    let mut differing = Vec::new();
    let mut holders: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, claim) in told.iter().enumerate() {
        if !is_mergeable(recipe, &claim.claim) {
            continue;
        }
        for earlier in candidates(&holders, &claim.gist, vocabulary) {
            let Some(other) = told
                .get(earlier)
                .filter(|other| comparable(&other.claim, &claim.claim))
            else {
                continue;
            };
            match compare(recipe, other, claim) {
                Likeness::Same => groups.join(earlier, index),
                Likeness::ButForNumbers => differing.push(Differing(earlier, index)),
                Likeness::None => {}
            }
        }
        for word in claim
            .gist
            .words
            .iter()
            .filter(|word| vocabulary.frequency(**word) <= COMMON)
        {
            holders.entry(*word).or_default().push(index);
        }
    }
    Same {
        merges: groups.merges(told),
        differing,
    }
}

fn is_mergeable(recipe: &Recipe, claim: &Claim) -> bool {
    claim.fact.is_none()
        && claim.time == Time::Current
        && recipe
            .kind(&claim.kind)
            .is_some_and(|kind| kind.role != Role::Fact)
}

/// Claims of one kind, voice and standing, and of the same mind, can say the same.
fn comparable(a: &Claim, b: &Claim) -> bool {
    a.kind == b.kind
        && a.speaker == b.speaker
        && a.status == b.status
        && a.negated == b.negated
        && (a.placement == b.placement || a.placement.is_none() || b.placement.is_none())
}

/// Earlier claims that share two rare words or more.
fn candidates(holders: &BTreeMap<u32, Vec<usize>>, gist: &Gist, vocabulary: &Vocabulary) -> Vec<usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for word in gist
        .words
        .iter()
        .filter(|word| vocabulary.frequency(**word) <= COMMON)
    {
        for index in holders.get(word).into_iter().flatten() {
            *shared.entry(*index).or_default() += 1;
        }
    }
    shared
        .into_iter()
        .filter(|(_, count)| *count >= 2)
        .map(|(index, _)| index)
        .collect()
}

enum Likeness {
    Same,
    ButForNumbers,
    None,
}

fn compare(recipe: &Recipe, a: &Told, b: &Told) -> Likeness {
    let measure = recipe
        .kind(&a.claim.kind)
        .is_some_and(|kind| kind.role == Role::Measure);
    let share = if measure { CONTAINED_MEASURE } else { CONTAINED };
    let (x, y) = (&a.gist, &b.gist);
    let smaller = if x.words.len() <= y.words.len() { x } else { y };
    let larger = if std::ptr::eq(smaller, x) { y } else { x };
    let contained = smaller.words.len() >= FEWEST && x.containment(y) >= share;
    let alike = x.overlap(y) >= ALIKE;
    if x.same_numbers(y) && (alike || contained) || contained && smaller.numbers.is_subset(&larger.numbers) {
        Likeness::Same
    } else if alike
        && a.claim.sentences.first().map(|id| id.source) != b.claim.sentences.first().map(|id| id.source)
    {
        Likeness::ButForNumbers
    } else {
        Likeness::None
    }
}

/// Sets of claims, joined one by one.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn root(&self, mut index: usize) -> usize {
        while let Some(parent) = self.parent.get(index).copied().filter(|parent| *parent != index) {
            index = parent;
        }
        index
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (first, last) = (a.min(b), a.max(b));
        if let Some(parent) = self.parent.get_mut(last) {
            *parent = first;
        }
    }

    fn merges(&self, told: &[Told]) -> Vec<Merge> {
        let mut sets: BTreeMap<usize, Vec<&Told>> = BTreeMap::new();
        for (index, claim) in told.iter().enumerate() {
            sets.entry(self.root(index)).or_default().push(claim);
        }
        sets.into_values()
            .filter(|set| set.len() > 1)
            .filter_map(|set| merge(&set))
            .collect()
    }
}

fn merge(set: &[&Told]) -> Option<Merge> {
    // Of equals the first: `max_by_key` gives the last, so they are looked at backwards.
    let kept = set
        .iter()
        .rev()
        .max_by_key(|told| (specifics(&told.claim), told.gist.words.len()))?
        .claim
        .id;
    Some(Merge {
        kept,
        same: set
            .iter()
            .map(|told| told.claim.id)
            .filter(|id| *id != kept)
            .collect(),
    })
}

fn specifics(claim: &Claim) -> usize {
    let slots = &claim.slots;
    [
        &slots.who,
        &slots.ratio,
        &slots.duration,
        &slots.frequency,
        &slots.until,
    ]
    .iter()
    .filter(|slot| slot.is_some())
    .count()
}
